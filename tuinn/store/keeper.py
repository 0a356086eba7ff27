"""Keeping runs: a thread that writes what trainers hand over."""

from __future__ import annotations

from pathlib import Path

from engine import Snapshot, Trainer
from tuinn.config import Config
from tuinn.experiment import Experiment
from tuinn.runners.report import Mark
from tuinn.store.run import Status, StoredRun


class Keeper:
    """Writes runs into the store in ``folder``, by default the user's. One per process.

    Raises `StoreError` where it cannot be opened.
    """

    problem: str
    """Why nothing can be written now; "" while all is well."""

    def __init__(self, folder: Path | None = None) -> None:
        raise NotImplementedError

    def keep(
        self,
        experiment: Experiment,
        *,
        name: str,
        folder: str = "",
        race: str = "",
        parent: tuple[KeptRun | int, int] | None = None,
        resume: StoredRun | None = None,
    ) -> KeptRun:
        """Begin to keep a run; nothing is written before its first update.

        ``parent``: the run from which it is forked, and the update there.
        ``resume``: it goes on under that run's id.
        `StoreError` of the kind "busy" where another process goes on with it.
        """
        raise NotImplementedError

    def close(self, seconds: float = 5.0) -> None:
        """Write all that was handed over; runs that are not at their end are "stopped"."""
        raise NotImplementedError


class KeptRun:
    """What a trainer tells of one run; to be called in its thread."""

    id: int | None
    """Known once the first row is written."""

    def snapshot(self, trainer: Trainer, snapshot: Snapshot) -> None:
        """Hand over a row, and a checkpoint where one is due."""
        raise NotImplementedError

    def status(self, trainer: Trainer, status: Status, reason: str = "") -> None:
        """Hand over the status with a row and a checkpoint of now."""
        raise NotImplementedError

    def mark(self, mark: Mark) -> None:
        """Something was changed in mid-run; written with the next row."""
        raise NotImplementedError

    def now(self, config: Config) -> None:
        """What is followed from here on; written with the next row."""
        raise NotImplementedError
