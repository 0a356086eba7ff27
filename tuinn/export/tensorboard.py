"""The figures of a run as TensorBoard's event files (the `tensorboard` extra)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomlkit

from engine import Snapshot
from tuinn.allowed import ConfigError
from tuinn.config import tree
from tuinn.store import Store, StoredRun

MISSING = (
    "TensorBoard event files need the package tensorboardX, which is not installed; "
    "`pip install 'tuinn[tensorboard]'` installs it"
)
_PARTS = ("train", "validation")


def write(store: Store, run: StoredRun, folder: Path) -> Path:
    """Event files in a folder of the run within ``folder``, "circle-12": that is returned.

    Steps are updates, and wall clock is the start of the run with its seconds of training. Each
    figure is a scalar, those of a layer "delta/l1", "delta/l2", …; TensorBoard keeps them with 32
    bits; what is not finite is left out. Configuration and note are texts. `ConfigError` where
    tensorboardX is missing.
    """
    try:
        from tensorboardX import SummaryWriter
    except ImportError:
        raise ConfigError(MISSING) from None
    name = re.sub(r"[^\w.+-]+", "-", run.name).strip("-.") or "run"
    place = folder / f"{name}-{run.id}"
    # what was exported before would be drawn beside it
    for old in place.glob("events.out.tfevents.*"):
        old.unlink()
    place.mkdir(parents=True, exist_ok=True)
    with SummaryWriter(str(place)) as writer:
        writer.add_text("configuration", _indented(tomlkit.dumps(tree(run.config))), walltime=0)
        if run.note:
            writer.add_text("note", _indented(run.note), walltime=0)
        for snapshot in store.snapshots(run.id):
            wall = run.started + snapshot.seconds
            for tag, value in scalars(snapshot):
                if math.isfinite(value):
                    writer.add_scalar(tag, value, snapshot.update, walltime=wall)
    return place


def scalars(snapshot: Snapshot) -> Iterator[tuple[str, float]]:
    """Every figure that the snapshot has, with its tag."""
    record: dict[str, Any] = snapshot.record()
    for layer in record.pop("layers"):
        place = layer.pop("layer")
        del layer["units"], layer["activation"]
        yield from ((f"{name}/l{place}", value) for name, value in layer.items())
    for group in ("output", "search"):
        figures = record.pop(group, {})
        yield from ((f"{group}/{name}", value) for name, value in figures.items())
    del record["update"]
    for name, value in record.items():
        part, _, figure = name.partition("_")
        tag = f"{figure}/{part}" if part in _PARTS else f"run/{name}"
        if value is not None:
            yield tag, value


def _indented(text: str) -> str:
    """TensorBoard reads texts as Markdown, in which indented lines stay as they are."""
    return "\n".join(f"    {line}" for line in text.splitlines())
