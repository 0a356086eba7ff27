"""What the thread of a runner does: it builds a run, trains it by chunks, and changes it."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from threading import Condition
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from engine import Trainer
from engine.curve import is_judged, next_judged
from engine.data import DataError
from engine.rewind import Rewind
from tuinn.config import Config, ConfigError
from tuinn.experiment import Experiment, build
from tuinn.fingerprint import fingerprint
from tuinn.runners.goals import Goals
from tuinn.runners.keep import Keep
from tuinn.runners.keeping import Keeping
from tuinn.runners.live_run import LiveRun
from tuinn.runners.news import News
from tuinn.runners.pace import Pace
from tuinn.runners.report import Status
from tuinn.runners.runner import Ending
from tuinn.runners.timeline import Timeline

Array = NDArray[Any]

PACE_WAIT = 0.02
"""Seconds between two looks at the commands while a paced run waits."""


class Training:
    """One run after the other, in one thread; ``news``, ``told`` and ``state`` are for others too.

    Parameters
    ----------
    config, folder, interval, rewind_bytes
        As of the runner.
    wake
        Its lock is held where something is told; whoever gives a command notifies it.
    called
        Whether there is a command.
    """

    def __init__(
        self,
        config: Config,
        folder: Path | None,
        *,
        interval: float,
        rewind_bytes: int,
        wake: Condition,
        called: Callable[[], bool],
    ) -> None:
        self.config = config
        """Of the run that is there, or is being built first."""
        self.news = News()
        self.told: LiveRun | None = None
        """The run of which the news are."""
        self.state: dict[str, Array] | None = None
        """What `Trainer.dump` gave, where that was asked for."""
        self.keeping = Keeping()
        self._folder, self._interval = folder, interval
        self._rewind_bytes = rewind_bytes
        self._run: LiveRun | None = None
        """That of now."""
        self._wake, self._called = wake, called
        self._goals, self._pace = Goals(), Pace()

    def fail(self, error: Exception) -> None:
        """There is no run any more, until the next is built; its cause is told."""
        # not at the top: the store is of no concern to who keeps nothing
        from tuinn.store.error import StoreError

        frame = traceback.extract_tb(error.__traceback__)[-1]
        expected = isinstance(error, ConfigError | DataError | StoreError | OSError)
        place = "" if expected else f" ({Path(frame.filename).name}, line {frame.lineno})"
        name = "" if expected else f"{type(error).__name__}: "
        message, before = f"{name}{error}{place}", self.status
        self._set("failed", message)
        if before in ("training", "paused") and self.keeping.goes_on:
            try:
                self.keeping.status(self._trainer, "interrupted", message)
            except Exception as second:  # it was lost together with the run
                self._set("failed", f"{message}; nor could it be kept: {second}")

    @property
    def status(self) -> Status:
        return self.news.status

    def _set(self, status: Status, message: str = "") -> None:
        before = self.status
        with self._wake:
            self.news.status, self.news.message = status, message
        if status != before:
            self._tell_keeper()

    def _tell_keeper(self) -> None:
        if self.status in ("training", "paused", "finished", "diverged"):
            self.keeping.status(self._trainer, self.status, self.news.message)

    def leave(self, status: Ending, reason: str = "") -> bool:
        """Keep the run as it is, unless it is at its end, has failed or is not kept."""
        if self.status not in ("training", "paused") or not self.keeping.goes_on:
            return False
        # to look at a large network takes longer than there may be time for
        self.keeping.leave(self._trainer, status, reason)
        self._take_snapshot()
        return True

    @property
    def _live(self) -> LiveRun:
        assert self._run is not None
        return self._run

    @property
    def _trainer(self) -> Trainer:
        return self._live.trainer

    def dump(self) -> None:
        """Have the state of now ready for who asked for it."""
        state = self._trainer.dump()
        with self._wake:
            self.state = state

    def build(
        self, config: Config, keep: Keep | None, resume: dict[str, Array] | None = None
    ) -> None:
        """Leave the run that is there, and begin another, or go on where ``resume`` says."""
        self.leave("stopped")
        self._set("loading")
        previous = self._run.experiment if self._run else None
        experiment = build(config, self._folder, previous=previous)
        if resume is not None:
            _go_on(experiment, resume, keep)
        # not the old one cleared: a screen may be drawing from it
        run = LiveRun(
            experiment,
            Rewind(self._rewind_bytes),
            Timeline(config),
            interval=self._interval,
            keeping=self.keeping,
        )
        self._begin(run)
        snapshot = run.begin(keep)
        # a poll sees the run before, or this one with its first snapshot
        with self._wake:
            self.told = run
            self.news.begin(run.trainer, snapshot)
            self.news.status, self.news.message = "paused" if resume else "ready", ""
            if run.trainer.finished is not None:
                self.news.status, self.news.message = self._end()
        if run.trainer.finished is not None:
            self._finish()

    def _begin(self, run: LiveRun) -> None:
        """Another run is there."""
        self._run, self.config = run, run.experiment.config
        self._goals.clear()

    def train_on(self) -> None:
        """Until told otherwise or finished."""
        if self._trainer.finished is not None:
            self._finish()
            return
        self._goals.clear()
        self._go()

    def train(self, updates: int | None) -> None:
        """So many updates, or with None the rest of the epoch, after what was asked for before."""
        if self._trainer.finished is not None:
            self._finish()
            return
        self._goals.add(updates)
        self._go()

    def _go(self) -> None:
        if self.status == "training":
            # its pace goes on from where it began: keys that follow each other hold nothing up
            return
        self.set_pace(self._pace.updates_per_second)
        self._live.speed.begin(perf_counter())
        self._set("training")

    def set_pace(self, pace: float | None) -> None:
        self._pace.updates_per_second = pace
        if self._run is not None:
            self._pace.begin(now=perf_counter(), update=self._trainer.update)

    def _wait_for_pace(self) -> int:
        """Updates that the pace allows now, after a wait where it allows none."""
        due = self._pace.due(
            now=perf_counter(), update=self._trainer.update, chunk=self._live.speed.chunk
        )
        if due < 1:
            with self._wake:
                if not self._called():
                    self._wake.wait(min(self._pace.wait(due), PACE_WAIT))
            return 0
        return int(due)

    def pause(self) -> None:
        if self.status == "training":
            self._goals.clear()
            self._take_snapshot()
            self._set("paused")

    def train_chunk(self) -> None:
        """About a millisecond of updates, and what is due after them."""
        trainer = self._trainer
        updates = self._wait_for_pace()
        if updates == 0:
            return
        updates = self._goals.at_most(updates)
        # not past a place by which runs are judged
        updates = min(updates, trainer.updates_until(next_judged(int(trainer.epoch))))
        epoch_before, started = int(trainer.epoch), perf_counter()
        # only the first of these ends with the epoch
        done = (trainer.advance if self._goals.within_epoch else trainer.run)(updates)
        with self._wake:
            self.news.progress(trainer)
        now = perf_counter()
        self._live.speed.measure(
            done,
            now - started,
            now=now,
            update=trainer.update,
            parameters=trainer.network.parameters,
        )
        epoch_ended = int(trainer.epoch) > epoch_before
        reached = self._goals.reached(done, epoch_ended=epoch_ended)
        ended = trainer.finished is not None or reached
        if ended or self._live.cadence.due(
            now=perf_counter(),
            update=trainer.update,
            seconds=trainer.seconds,
            epoch_ended=epoch_ended,
            judged=is_judged(trainer.epoch),
        ):
            self._take_snapshot()
        else:
            self.keeping.checkpoint(trainer)
        if trainer.finished is not None:
            self._finish()
        elif ended:
            self._set("paused")

    def _take_snapshot(self) -> None:
        snapshot = self._live.snapshot()
        with self._wake:
            self.news.snapshot(snapshot)

    def _finish(self) -> None:
        self._goals.clear()
        self._set(*self._end())

    def _end(self) -> tuple[Status, str]:
        """Status and message of a run that is at its end."""
        trainer = self._trainer
        return "diverged" if trainer.diverged else "finished", trainer.finished or ""

    def _refuse(self, error: ValueError) -> None:
        self._set(self.status, str(error))

    def change(self, values: dict[str, Any]) -> None:
        run = self._live
        changes_cost = run.changes_cost(values)
        if changes_cost:
            # the last of the cost that was followed until now
            self._take_snapshot()
        try:
            mark = run.change(values)
        except ValueError as error:
            self._refuse(error)
            return
        with self._wake:
            if mark is not None:
                self.news.mark(mark)
            # what was refused before is out of date
            self.news.message = run.trainer.finished or ""
        if changes_cost:
            # and the first of the other one, which belongs to the same weights
            self._take_snapshot()
        if self.status == "finished" and run.trainer.finished is None:
            self._set("paused")

    def edit(self, layer: int, row: int, column: int | None, value: float) -> None:
        try:
            mark = self._live.edit(layer, row, column, value)
        except ValueError as error:
            self._refuse(error)
            return
        with self._wake:
            self.news.mark(mark)
            self.news.message = ""
        self._take_snapshot()
        if self._trainer.finished is not None:
            self._finish()
        elif self.status == "finished":
            self._set("paused")

    def fork(self, update: int, config: Config) -> None:
        # now: where the fork goes on with the same trainer, the parent's place is lost
        left = self.leave("stopped")
        try:
            forked = self._live.fork(update, config)
        except ValueError as error:
            self._refuse(error)
            if left:
                self._tell_keeper()
            return
        self._begin(forked.run)
        # a poll sees the parent, or the fork with its first snapshot
        with self._wake:
            self.told = forked.run
            self.news.fork(forked.run.trainer, forked.snapshot, forked.mark, forked.text)
            self.news.status, self.news.message = "paused", ""
        self._tell_keeper()
        if self._trainer.finished is not None:
            self._finish()


def _go_on(experiment: Experiment, arrays: dict[str, Array], keep: Keep | None) -> None:
    run = keep.resume if keep is not None else None
    if run is not None and run.data_hash != (data := fingerprint(experiment)):
        raise ConfigError(
            f"run {run.id} cannot go on: the data of {experiment.dataset.name} are not what they "
            f"were (checksum {run.data_hash} then, {data} now)"
        )
    try:
        experiment.trainer.load(arrays)
    except ValueError as error:
        raise ConfigError(f"the run cannot go on from its checkpoint: {error}") from error
