"""A headless run in the store: what is handed over when, and how it ends there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

from engine.curve import is_judged
from tuinn.config import ConfigError
from tuinn.store import Keeper, KeptRun, Status, StoredRun, StoreError

if TYPE_CHECKING:
    from engine import Snapshot, Trainer
    from tuinn.experiment import Experiment
    from tuinn.mark import Mark

INTERVAL = 0.2
"""Seconds between two rows at the ends of epochs; the bar wants snapshots as often."""
LONG_EPOCH = 0.5
"""Seconds after which a row is taken within an epoch, so that somebody who follows it sees it."""
COST = 50
"""Times what a snapshot takes that pass before the next one: keeping takes at most 2 %, and what
rows at the places by which runs are judged take beyond."""


UNSAVED = "; `--unsaved` trains without keeping the run"


@contextlib.contextmanager
def refused_clearly(advice: str = UNSAVED) -> Iterator[None]:
    """Turn a `StoreError` into bad input with some advice."""
    try:
        yield
    except StoreError as error:
        raise ConfigError(f"{error}{advice}") from error


class Kept:
    """The run of `tuinn train` in the user's store; to be entered before it is trained.

    `ConfigError` where the store cannot be used.
    """

    def __init__(self) -> None:
        with refused_clearly():
            self._keeper = Keeper()
        self._run: KeptRun | None = None
        self._trainer: Trainer | None = None
        self._told = ""
        self._next = self._next_within = 0.0

    @property
    def id(self) -> int | None:
        """Of the run; None before its first update was written."""
        return None if self._run is None else self._run.id

    def begin(
        self, experiment: Experiment, name: str, folder: str, resume: StoredRun | None = None
    ) -> None:
        """Keep this run from now on; ``resume``: under the id of that one."""
        with refused_clearly():
            self._run = self._keeper.keep(experiment, name=name, folder=folder, resume=resume)
        self._trainer = experiment.trainer
        self._next_within = monotonic() + LONG_EPOCH

    def changed(self, experiment: Experiment, mark: Mark | None) -> None:
        """What is followed from here on, and what the mark says was changed to that end."""
        if self._run is not None:
            self._run.now(experiment.config)
            if mark is not None:
                self._run.mark(mark)

    def due(self, now: float, at_end: bool) -> bool:
        """Whether a row is wanted now, in seconds of the monotonic clock; ``at_end`` of an epoch.

        One that is taken for another purpose is welcome at these times only, too: a run of a
        million epochs is told in rows that a person can look at.
        """
        if not at_end:
            return now >= self._next_within
        judged = self._trainer is not None and is_judged(self._trainer.epoch)
        return judged or now >= self._next

    def take(self, snapshot: Snapshot, cost: float) -> None:
        """Hand over a snapshot of now, which took ``cost`` seconds."""
        if self._run is None or self._trainer is None:
            return
        self._run.snapshot(self._trainer, snapshot)
        now = monotonic()
        self._next = now + max(INTERVAL, COST * cost)
        self._next_within = now + max(LONG_EPOCH, COST * cost)

    def checkpoint(self) -> None:
        """Hand over the state of now, without a row, where it is time to keep that."""
        if self._run is not None and self._trainer is not None:
            self._run.checkpoint(self._trainer)

    def leave(self) -> None:
        """Hand over the state of now: what comes next may take longer than there is time for."""
        if self._run is not None and self._trainer is not None:
            self._run.leave(self._trainer, "training")

    def news(self) -> str:
        """What went wrong with the store since this was asked last; "" where nothing did."""
        problem, before = self._keeper.problem, self._told
        self._told = problem
        return problem if problem != before else ""

    def end(self, status: Status, reason: str, last: Snapshot | None = None) -> str:
        """Write all of it, the end too; returns what could not be written, and why.

        ``last``: what it is at its end, where that was looked at.
        """
        run, trainer = self._run, self._trainer
        if run is not None and trainer is not None:
            if last is not None and last.update == trainer.update:
                run.snapshot(trainer, last)
            run.status(trainer, status, reason)
        self._trainer = None
        self._keeper.close()
        return self._keeper.problem

    def __enter__(self) -> Kept:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Where an error ends the run the store is told so; what was handed over is written."""
        if error is None:
            self._keeper.close()
        else:
            left = isinstance(error, KeyboardInterrupt)
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            self.end("stopped" if left else "interrupted", reason)


def folder_of(experiment: Experiment) -> str:
    """Where relative paths of its data begin, for whoever resumes it elsewhere: "" where the data
    are a set with a name."""
    from engine.data import catalogue

    named = {entry.name for entry in catalogue()}
    return "" if experiment.config.data.set in named else str(Path.cwd())
