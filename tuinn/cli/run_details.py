"""One run of the store in full, as text and as JSON."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import tomlkit

from tuinn.cli.run_list import one_line
from tuinn.config import tree
from tuinn.environment import NAMES
from tuinn.export.reported import state_of
from tuinn.numbers import count, significant
from tuinn.run_string import encode, of_stored
from tuinn.widgets.run_columns import accuracy, seconds

if TYPE_CHECKING:
    from tuinn.mark import Mark
    from tuinn.store import StoredRun

_PLAIN = (
    "name", "title", "status", "reason", "seed", "started", "ended", "dataset", "data_hash",
    "curve_hash", "changed", "parent", "parent_update", "race", "epoch", "update", "evaluations",
    "seconds", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy",
    "best_loss", "best_accuracy", "regression", "rows", "note", "resumable",
)  # fmt: skip


def as_json(run: StoredRun, marks: Sequence[Mark] | None = None) -> dict[str, Any]:
    """All that is known of it as plain values; ``marks``: what was changed in mid-run."""
    record: dict[str, Any] = {"run": run.id}
    record |= {name: getattr(run, name) for name in _PLAIN}
    record |= {
        "tags": list(run.tags),
        "environment": asdict(run.environment),
        "config": run.tree,
    }
    if marks is not None:
        record["changes"] = [asdict(mark) for mark in marks]
        record["run_string"] = encode(of_stored(run))
    return record


def as_text(run: StoredRun, marks: Sequence[Mark]) -> str:
    """As it is printed: facts, changes, note, configuration, run string."""
    title = f": {run.title}" if run.title else ""
    lines = [one_line(f"run {run.id}  {run.name}{title}")]
    facts = list(_facts(run))
    width = max(len(name) for name, _ in facts)
    lines += [f"  {name:<{width}}  {one_line(text)}" for name, text in facts]
    if marks:
        lines.append("changed while it trained")
        lines += [
            one_line(f"  epoch {significant(mark.epoch)}, update {count(mark.update)}: {mark.text}")
            for mark in marks
        ]
    if run.note:
        lines.append("note")
        lines += [f"  {one_line(line)}" for line in run.note.splitlines()]
    lines.append("configuration")
    written = tomlkit.dumps(tree(run.config)).strip()
    lines.append(textwrap.indent(written, "  ", lambda line: bool(line.strip())))
    only = " (what it began with; it was changed later)" if run.changed else ""
    return "\n".join([*lines, f"repeat it{only}", f"  tuinn train {encode(of_stored(run))}"])


def _facts(run: StoredRun) -> Iterator[tuple[str, str]]:
    yield "state", state_of(run.status, run.reason)
    yield "started", time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.started))
    done = f"{significant(run.epoch)} epochs, {count(run.update)} updates"
    yield "trained", f"{done}, {count(run.evaluations)} evaluations in {seconds(run.seconds)} s"
    yield "training", _pair(run, run.train_loss, run.train_accuracy)
    if run.validation_loss is not None and run.validation_accuracy is not None:
        yield "validation", _pair(run, run.validation_loss, run.validation_accuracy)
    yield "best", _pair(run, run.best_loss, run.best_accuracy)
    if run.tags:
        yield "tags", " ".join(run.tags)
    if run.parent is not None and run.parent_update is not None:
        yield "leads away from", f"run {run.parent} at update {count(run.parent_update)}"
    yield "seed", str(run.seed)
    yield "data", f"{run.dataset}, checksum {run.data_hash or 'not known'}"
    if run.curve_hash:
        yield "curve hash", run.curve_hash
    made = run.environment
    yield (
        "made with",
        ", ".join(f"{NAMES.get(f.name, f.name)} {getattr(made, f.name)}" for f in fields(made)),
    )
    if run.resumable:
        yield "goes on with", f"tuinn train --resume {run.id}"


def _pair(run: StoredRun, loss: float, share: float) -> str:
    quality = "R²" if run.regression else "accuracy"
    return f"loss {significant(loss)}, {quality} {accuracy(share)}"
