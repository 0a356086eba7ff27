"""Checkpoints of headless runs: what is written beside the trainer's state, and what must fit."""

from __future__ import annotations

import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from numpy.typing import NDArray

from engine import checkpoint
from tuinn.allowed import shown
from tuinn.config import Config, ConfigError, parse, tree
from tuinn.environment import environment
from tuinn.experiment import Experiment
from tuinn.fingerprint import fingerprint
from tuinn.fork import LIVE, live_values
from tuinn.mark import Mark
from tuinn.runners import marks

if TYPE_CHECKING:
    from tuinn.store import StoredRun

Array = NDArray[Any]

TOLD = {"numpy": "numpy", "kernel": "CPU kernel", "threads": "BLAS threads"}
"""What must be the same for the same bits, and what it is called."""
FREE = ("title", "look_for", "stop")
"""What may differ between a checkpoint and the run that goes on from it, without further ado."""
NAMED = 3
"""How many differences are told of a checkpoint that does not fit."""


def check_writable(path: Path) -> None:
    """Raise `ConfigError` unless a file can be written at ``path``; whatever is there stays."""
    if path.exists() and not path.is_file():
        what = "a folder" if path.is_dir() else "no ordinary file"
        raise ConfigError(f"{path}: the checkpoint cannot be written: it is {what}")
    try:
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise ConfigError(
            f"{path}: the checkpoint cannot be written: {error.strerror or error}"
        ) from None
    os.close(descriptor)
    os.unlink(aside)


def write(path: Path, experiment: Experiment, name: str = "", changed: bool = False) -> None:
    """Write the whole state of ``experiment``'s run to ``path``; ``changed``: it did not follow one
    configuration all the time. `ConfigError` where it fails."""
    meta = {
        **asdict(environment()),
        "name": name,
        "changed": changed,
        "config": tree(experiment.config),
        "dataset": experiment.dataset.name,
        "data": fingerprint(experiment),
    }
    try:
        checkpoint.save(path, experiment.trainer.dump(), meta)
    except checkpoint.CheckpointError as error:
        raise ConfigError(str(error)) from error


@dataclass(frozen=True)
class Resume:
    """A state to go on from."""

    source: str
    """Where it is from, as messages say it: "run.npz", "run 12"."""
    name: str
    """Of the preset; "" where that is not known."""
    config: Config
    """What was followed last."""
    arrays: dict[str, Array]
    data: str
    """Fingerprint of the data."""
    environment: dict[str, str]
    """Those fields of an `Environment` that are known of its process."""
    changed: bool = False
    """It did not follow one configuration from its beginning to there."""
    run: StoredRun | None = None
    """The run of the store that goes on."""

    @classmethod
    def of_file(cls, path: Path) -> Resume:
        """That in a file of ``--checkpoint``; `ConfigError`."""
        try:
            arrays, meta = checkpoint.load(path)
        except checkpoint.CheckpointError as error:
            raise ConfigError(str(error)) from error
        if not isinstance(meta.get("config"), dict):
            raise ConfigError(f"{path}: this is not a checkpoint of `tuinn train`")
        config = parse(meta["config"], str(path))
        known = {name: str(meta[name]) for name in TOLD if name in meta}
        name = str(meta.get("name", path.stem))
        changed = bool(meta.get("changed", False))
        return cls(str(path), name, config, arrays, str(meta.get("data")), known, changed)

    @classmethod
    def of_run(cls, run: StoredRun, arrays: dict[str, Array]) -> Resume:
        """That of a run of the store."""
        known = {name: str(getattr(run.environment, name)) for name in TOLD}
        source = f"run {run.id}"
        return cls(
            source, run.name, run.now, arrays, run.data_hash, known, changed=run.changed, run=run
        )

    @property
    def folder(self) -> str:
        """Where relative paths of its data begin; "" where that is not known."""
        return self.run.folder if self.run is not None else ""

    def began(self, config: Config) -> Config:
        """What the run followed from its first update, if it ends as ``config`` says."""
        began = self.config if self.run is None else self.run.config
        return msgspec.structs.replace(began, stop=config.stop)

    def check(self, config: Config) -> None:
        """Raise `ConfigError` where ``config`` is of another network, data, seed, …"""
        there, here = _leaves(tree(self.config)), _leaves(tree(config))
        fields = [
            field
            for field in sorted(there | here)
            if there.get(field) != here.get(field)
            and field.partition(".")[0] not in FREE
            and field not in LIVE
        ]
        if "optimizer.name" in fields:
            # the fields of another optimiser are others
            fields = [
                field
                for field in fields
                if field == "optimizer.name" or not field.startswith("optimizer.")
            ]
        if "data.set" in fields:
            # what else differs in the data and the network follows from that
            fields = ["data.set"]
        if fields:
            named = [
                f"`{field}` is {shown(there.get(field))} there and {shown(here.get(field))} here"
                for field in fields[:NAMED]
            ]
            more = [f"{len(fields) - NAMED} more"] if len(fields) > NAMED else []
            raise ConfigError(
                f"{self.source}: is a checkpoint of another run: {'; '.join(named + more)}"
            )

    def apply(self, experiment: Experiment) -> tuple[list[str], Mark | None]:
        """Put the run back where it was; returns warnings, and what is not as it was from now on.

        Raises `ConfigError` where the data are no longer the same.
        """
        data, trainer = fingerprint(experiment), experiment.trainer
        if self.data != data:
            raise ConfigError(
                f"{self.source}: is a checkpoint of other data: those of {experiment.dataset.name} "
                f"are not what they were (checksum {self.data} there, {data} here)"
            )
        try:
            trainer.load(self.arrays)
        except ValueError as error:
            raise ConfigError(f"{self.source}: {error}") from error
        before = marks.settings(trainer)
        trainer.change(**live_values(experiment.config))
        text = marks.changed(before, marks.settings(trainer)) or self._another_end(experiment)
        mark = marks.marked(trainer, text) if text else None
        here = asdict(environment())
        warnings = [
            f"{self.source}: written with {TOLD[name]} {there}, this is {here[name]}: "
            "the last bits of the results may differ"
            for name, there in self.environment.items()
            if there != str(here[name])
        ]
        return warnings, mark

    def _another_end(self, experiment: Experiment) -> str:
        """ "epochs 30 → 60" where the learning rate goes by how many there are."""
        there, here = self.config.stop.epochs, experiment.config.stop.epochs
        goes_by = getattr(experiment.config.optimizer, "schedule", "") == "cosine"
        return f"epochs {there} → {here}" if goes_by and there != here else ""


def _leaves(branch: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """The fields of a tree by path."""
    found: dict[str, Any] = {}
    for name, value in branch.items():
        if isinstance(value, dict):
            found |= _leaves(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = value
    return found
