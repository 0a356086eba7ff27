"""What a process and its worker say to each other. All of it can be pickled."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from tuinn.config import Config
from tuinn.runners.facts import RunFacts
from tuinn.runners.keep import KeepElsewhere
from tuinn.runners.report import Report
from tuinn.runners.runner import Ending

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Begin:
    """The first message: what to train. The others are commands, polls, and the end."""

    config: Config
    folder: Path | None
    interval: float
    keep: KeepElsewhere | None
    resume_id: int | None
    store_folder: Path | None
    """None: the usual one."""


@dataclass(frozen=True, slots=True)
class Command:
    """A method of the runner to call, with its arguments."""

    name: str
    arguments: tuple[Any, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Poll:
    """Answer with what is new."""


@dataclass(frozen=True, slots=True)
class End:
    """Leave the run so, and end."""

    status: Ending
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """To a poll."""

    report: Report
    """Its snapshots have no θ."""
    facts: RunFacts | None
    """Of the run that the report is about; None: as before, or there is none yet."""
    run_id: int | None
    """Its number in the store, once it is there."""
    problem: str
    """Why the run cannot be kept now; empty while all is well, or nothing is to be kept."""
    state: dict[str, Array] | None = None
    """What `Trainer.dump` gave, where that was asked for and is there now."""
