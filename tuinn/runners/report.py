"""What a runner tells a screen that polls it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.snapshot import Snapshot
from tuinn.mark import Mark

Status = Literal["loading", "ready", "training", "paused", "finished", "diverged", "failed"]


@dataclass(frozen=True, slots=True)
class Fork:
    """The run goes on from a moment that was passed: what came after it belongs to its parent."""

    mark: Mark
    """Where it leaves its parent, and in short what differs: "fork: η 0.5 → 0.1"."""
    text: str
    """In full: "fork at update 1 200: η 0.5 → 0.1"."""
    snapshots: tuple[Snapshot, ...]
    marks: tuple[Mark, ...]
    """What was new of the parent until then."""


@dataclass(frozen=True, slots=True)
class Report:
    """The state of a run, with what is new since the last poll."""

    status: Status
    snapshots: tuple[Snapshot, ...]
    marks: tuple[Mark, ...]
    reset: bool
    """The run began anew since the last poll: earlier snapshots belong to another run."""
    epoch: float
    update: int
    seconds: float
    updates_per_second: float
    message: str
    """Why the run ended, or what went wrong and what to try; empty while all is well."""
    evaluations: int = 0
    """Costs and gradients evaluated so far."""
    forks: tuple[Fork, ...] = ()
    """The run was led back to a moment of its past; snapshots and marks are those since the last
    of them. See `History.take`."""
