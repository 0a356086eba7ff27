"""Checkpoints of headless runs: what is written beside the trainer's state, and what must fit."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

import tuinn
from engine import checkpoint
from tuinn.allowed import shown
from tuinn.config import Config, ConfigError, parse, tree
from tuinn.experiment import Experiment
from tuinn.fingerprint import fingerprint

FREE = ("title", "look_for", "stop")
"""What may differ between a checkpoint and the run that goes on from it, without further ado."""
CHANGEABLE = {
    "optimizer.eta": "eta",
    "regularisation.alpha": "alpha",
    "training.batch_size": "batch_size",
}
"""What may differ because a trainer can change it in mid-run."""
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


def write(path: Path, experiment: Experiment) -> None:
    """Write the whole state of ``experiment``'s run to ``path``; `ConfigError` where it fails."""
    meta = {
        "tuinn": tuinn.__version__,
        "numpy": np.__version__,
        "threads": os.environ.get("OPENBLAS_NUM_THREADS", ""),
        "config": tree(experiment.config),
        "dataset": experiment.dataset.name,
        "data": fingerprint(experiment),
    }
    try:
        checkpoint.save(path, experiment.trainer.dump(), meta)
    except checkpoint.CheckpointError as error:
        raise ConfigError(str(error)) from error


class Resume:
    """A checkpoint to go on from."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._arrays, self._meta = checkpoint.load(path)
        except checkpoint.CheckpointError as error:
            raise ConfigError(str(error)) from error
        if not isinstance(self._meta.get("config"), dict):
            raise ConfigError(f"{path}: this is not a checkpoint of `tuinn train`")
        self.config = parse(self._meta["config"], str(path))

    def check(self, config: Config) -> None:
        """Raise `ConfigError` where ``config`` is of another network, data, seed, …"""
        there, here = _leaves(tree(self.config)), _leaves(tree(config))
        fields = [
            field
            for field in sorted(there | here)
            if there.get(field) != here.get(field)
            and field.partition(".")[0] not in FREE
            and field not in CHANGEABLE
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
                f"{self.path}: is a checkpoint of another run: {'; '.join(named + more)}"
            )

    def apply(self, experiment: Experiment) -> list[str]:
        """Put the run back where it was; returns warnings.

        Raises `ConfigError` where the data are no longer the same.
        """
        data = fingerprint(experiment)
        if self._meta.get("data") != data:
            raise ConfigError(
                f"{self.path}: is a checkpoint of other data: those of {experiment.dataset.name} "
                f"are not what they were (checksum {self._meta.get('data')} there, {data} here)"
            )
        try:
            experiment.trainer.load(self._arrays)
        except ValueError as error:
            raise ConfigError(f"{self.path}: {error}") from error
        there, here = _leaves(tree(self.config)), _leaves(tree(experiment.config))
        changes = {
            argument: here[field]
            for field, argument in CHANGEABLE.items()
            if there.get(field) != here.get(field)
        }
        experiment.trainer.change(**changes)
        now = {
            "numpy": np.__version__,
            "threads": os.environ.get("OPENBLAS_NUM_THREADS", ""),
        }
        return [
            f"{self.path}: written with {name} {self._meta.get(name)}, this is {value}: "
            "the last bits of the results may differ"
            for name, value in now.items()
            if self._meta.get(name) != value
        ]


def _leaves(branch: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """The fields of a tree by path."""
    found: dict[str, Any] = {}
    for name, value in branch.items():
        if isinstance(value, dict):
            found |= _leaves(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = value
    return found
