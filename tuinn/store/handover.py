"""What a trainer's thread hands over to the one that writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from engine import Snapshot
from tuinn.config import Config
from tuinn.experiment import Experiment
from tuinn.mark import Mark
from tuinn.store.rows import Row, encode
from tuinn.store.run import Status

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is to be known of a run that is not in the store yet."""

    experiment: Experiment
    name: str
    folder: str
    race: str
    started: float
    """Unix seconds."""
    parent: tuple[Any, int] | None
    """The run from which it is forked, a `KeptRun` or its id, and the update there."""


@dataclass(slots=True)
class Handover:
    """Something of a run; all of it is written at once, or nothing."""

    run: Any
    """Its `KeptRun`."""
    snapshot: Snapshot | None = None
    row: Row | None = None
    """What is written of the snapshot, in its place."""
    marks: tuple[Mark, ...] = ()
    now: Config | None = None
    status: tuple[Status, str] | None = None
    """With its reason."""
    arrays: dict[str, Array] | None = None
    """A checkpoint of this moment."""
    curve: tuple[str, int] = "", 0
    """Hash of the curve up to the same moment, and its update."""
    beginning: Beginning | None = None
    """With the first one of a new run."""

    @property
    def plain(self) -> bool:
        """It is but one of many rows."""
        others = self.marks, self.now, self.status, self.arrays, self.beginning
        return not any(others)

    def encode(self) -> None:
        """Put the row in place of the snapshot, whose θ may be large."""
        if self.snapshot is not None:
            self.row, self.snapshot = encode(self.snapshot), None
