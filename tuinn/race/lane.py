"""One run of a race: a preset with one seed, in a process of its own, or a run of the store."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from numpy.typing import NDArray

from engine.snapshot import Snapshot
from tuinn.config import Config
from tuinn.history import History
from tuinn.outcome import Outcome, Tally, is_regression, outcome
from tuinn.runners.report import Report, Status
from tuinn.runners.runner import Runner

if TYPE_CHECKING:
    from tuinn.runners.facts import RunFacts
    from tuinn.runners.runner import Ending
    from tuinn.store import StoredRun

ENDED = ("finished", "diverged", "failed")


class RacingRunner(Runner, Protocol):
    """What a race needs of a runner; a `ProcessRunner` unless it is told otherwise."""

    @property
    def facts(self) -> RunFacts | None:
        """What is known of the run once it is built."""

    @property
    def run_id(self) -> int | None:
        """Its number in the store, once it is there."""

    @property
    def problem(self) -> str:
        """Why the run cannot be kept now; empty while all is well."""

    def request_state(self) -> None:
        """Ask for its state as it is now."""

    def take_state(self) -> dict[str, NDArray[Any]] | None:
        """What `Trainer.dump` gives, once it has come."""

    def wait(self, seconds: float) -> bool:
        """After `close`: wait until it has ended, and its run is in the store; whether it has."""


def nothing_yet(message: str = "") -> Report:
    """Of a run that is not there yet."""
    return Report("loading", (), (), False, 0.0, 0, 0.0, 0.0, message)


class Lane:
    """A run and all that is known of it.

    Parameters
    ----------
    config
        With the seed of this lane.
    stored
        The run of the store that it is; None: it is trained here.
    """

    def __init__(self, config: Config, stored: StoredRun | None = None) -> None:
        self.config = config
        self.seed = config.seed
        self.history = History()
        self.report: Report = nothing_yet()
        """The last one; its snapshots and marks are in the history."""
        self.runner: RacingRunner | None = None
        """None before its turn, after it where there are several seeds, and of a stored run."""
        self.facts: RunFacts | None = None
        """None until it is built, and of a stored run."""
        self.stored = stored
        self.run_id = None if stored is None else stored.id
        """Its number in the store; None while it is not there."""
        self.problem = ""
        """Why it cannot be kept, or followed, now; empty while all is well."""
        self.going = False
        """It was told to train, and has not ended."""
        self._tally = Tally()
        self._awaited = True
        """Its first snapshot has not come: what still comes is of the run before."""
        self._resumed = False
        """What it has so far is from the store, and its runner goes on from there."""

    @property
    def status(self) -> str:
        """That of its report; "waiting" before its turn, and of a stored run that of the store."""
        if self.stored is not None:
            return self.stored.status
        if self.runner is None and self.report.status == "loading":
            return "waiting"
        return self.report.status

    @property
    def ended(self) -> bool:
        """There is nothing more to train."""
        return self.stored is not None or self.report.status in ENDED

    @property
    def regression(self) -> bool:
        """Its accuracies are R²."""
        if self.facts is not None:
            return self.facts.regression
        if self.stored is not None:
            return self.stored.regression
        return is_regression(self.config)

    @property
    def validated(self) -> bool:
        """There is a validation set, and it is judged on that."""
        if self.facts is not None:
            return self.facts.validates
        if self.history.last is not None:
            return self.history.last.validation_loss is not None
        return self.config.data.validation > 0

    @property
    def outcome(self) -> Outcome:
        """Its figures as they are now."""
        return outcome(
            self.history,
            self.config,
            self.status,
            validated=self.validated,
            regression=self.regression,
            tally=self._tally,
        )

    def begin(self, runner: RacingRunner) -> None:
        """Its turn has come: this runner builds it."""
        self.runner = runner
        self._forget()

    def go_on(self, runner: RacingRunner) -> None:
        """This runner goes on with the run of the store."""
        self.runner, self.stored = runner, None
        self._awaited = self._resumed = True
        self.report = replace(self.report, status="loading")

    def start(self) -> None:
        self.going = True
        if self.runner is not None:
            self.runner.start()

    def pause(self) -> None:
        self.going = False
        if self.runner is not None:
            self.runner.pause()

    def reset(self) -> None:
        """Begin anew; one that has no runner waits for its turn again."""
        if self.stored is None:
            self.going = False
            if self.runner is not None:
                self.runner.reset()
            self._forget()

    def close(self, status: Ending = "stopped", reason: str = "") -> None:
        """Give the runner up; what is known of the run stays."""
        self.going = False
        if self.runner is not None:
            self.runner.close(status, reason)
            self.runner = None

    def poll(self) -> bool:
        """Take what the runner has to tell; whether there was anything new."""
        if self.runner is None:
            return False
        report = self.runner.poll()
        if self._awaited and not report.reset and report.status != "failed":
            return False
        self._awaited = self._awaited and not report.reset
        if self._resumed:
            report = self._joined(report)
        elif report.reset:
            self._tally.clear()
        self.facts = self.runner.facts or self.facts
        self.run_id, self.problem = self.runner.run_id, self.runner.problem
        self.history.take(report)
        self._tally.take(report.snapshots)
        before, self.report = self.report, replace(report, snapshots=(), marks=(), forks=())
        if self.ended:
            self.going = False
        return bool(report.snapshots or report.marks) or before != self.report

    def _joined(self, report: Report) -> Report:
        """What is new to a run that goes on: its checkpoint may be older than its last row."""
        last = self.history.last
        known = -1 if last is None else last.update
        new = [one for one in report.snapshots if one.update >= known]
        return replace(report, reset=False, snapshots=tuple(new))

    def take_stored(self, run: StoredRun, snapshots: Sequence[Snapshot]) -> None:
        """The run of the store as it is now, with what is new of it."""
        self.stored = run
        for snapshot in snapshots:
            self.history.append(snapshot)
        alpha = self.history.column("alpha")[-1] if len(self.history) else math.nan
        self._tally.go_on(run.best_loss, run.best_accuracy, float(alpha))
        self.report = replace(
            nothing_yet(run.reason),
            status=_REPORTED[run.status],
            epoch=run.epoch,
            update=run.update,
            seconds=run.seconds,
            evaluations=run.evaluations,
        )

    def _forget(self) -> None:
        """Another run begins."""
        self.history.clear()
        self._tally.clear()
        self.report, self._awaited, self.run_id = nothing_yet(), True, None
        self._resumed = False


_REPORTED: dict[str, Status] = {
    "training": "training",
    "paused": "paused",
    "finished": "finished",
    "diverged": "diverged",
    "stopped": "paused",
    "interrupted": "paused",
}
"""The status of a report for each of the store."""
