"""A trainer in a thread of the app.

The thread never calls the screen: the screen polls. Between two chunks of about a millisecond
the thread takes commands and waits while the screen draws, so that keys are answered at once.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from engine import Trainer
from engine.data import DataError
from engine.rewind import MOST_BYTES, Rewind
from tuinn.config import Config, ConfigError
from tuinn.experiment import Experiment, build
from tuinn.runners.goals import Goals
from tuinn.runners.keep import Keep
from tuinn.runners.keeping import Keeping
from tuinn.runners.live_run import LiveRun
from tuinn.runners.news import News
from tuinn.runners.pace import Pace
from tuinn.runners.report import Report, Status
from tuinn.runners.runner import Ending
from tuinn.runners.timeline import Timeline

Array = NDArray[Any]

SWITCH_INTERVAL = 0.0005
"""Seconds after which the interpreter lock is given up on request: the screen waits at most this
long for a tight loop over a tiny network."""
HOLD_LIMIT = 0.2
"""Seconds the thread waits for a screen that holds it: a frame that failed cannot stop a run."""
PACE_WAIT = 0.02
"""Seconds between two looks at the commands while a paced run waits."""


class ThreadRunner:
    """Builds the experiment of a configuration and trains it, in a daemon thread.

    Parameters
    ----------
    config, folder
        What to build; `folder` is where relative data paths start.
    interval
        Seconds between two snapshots by the clock.
    rewind_bytes
        What the moments that can be gone back to may take of the memory.
    keep
        How the runs are kept in the store; None: they are not. It may be replaced, for the runs
        that begin with the next reset.
    resume
        What `Trainer.dump` gave: the first run goes on from there, and is paused at first.
    """

    def __init__(
        self,
        config: Config,
        folder: Path | None = None,
        *,
        interval: float = 0.1,
        rewind_bytes: int = MOST_BYTES,
        keep: Keep | None = None,
        resume: dict[str, Array] | None = None,
    ) -> None:
        sys.setswitchinterval(SWITCH_INTERVAL)
        self.config = config
        self.keep = keep
        self.experiment: Experiment | None = None
        """That of which the last poll told: another one may be there already."""
        self.rewind = Rewind(rewind_bytes)
        """The moments of that experiment; its `moments` may be read at any time."""
        self.timeline = Timeline(config)
        """What that experiment followed when."""
        self._folder, self._interval = folder, interval
        self._rewind_bytes = rewind_bytes
        self._run: LiveRun | None = None
        """That of now."""
        self._told: LiveRun | None = None
        """That of which the next poll tells."""
        self._keeping = Keeping()
        self._lock = threading.Lock()
        self._wake = threading.Condition(self._lock)
        self._commands: deque[Callable[[], None]] = deque()
        self._may_run = threading.Event()
        self._may_run.set()
        self._closed: tuple[Ending, str] | None = None
        """How to leave the run, once the runner is to end."""
        self._news, self._goals, self._pace = News(), Goals(), Pace()
        self._state: dict[str, Array] | None = None
        self._do(lambda: self._build(config, keep, resume))
        self._thread = threading.Thread(target=self._work, name="trainer", daemon=True)
        self._thread.start()

    def start(self) -> None:
        """Train until told otherwise or finished."""
        self._do_with_run(self._train_on)

    def pause(self) -> None:
        self._do_with_run(self._pause)

    def step(self, updates: int = 1) -> None:
        """Make some updates, at least one, then pause; what was asked for before is done first."""
        self._do_with_run(lambda: self._train(max(1, updates)))

    def epoch(self) -> None:
        """Train to the end of the epoch, then pause; of the next one, where that was asked for."""
        self._do_with_run(lambda: self._train(None))

    def reset(self, config: Config | None = None) -> None:
        """Begin anew: from the same first weights, or as another configuration says."""
        keep = self.keep
        self._do(lambda: self._build(config or self.config, keep))

    def change(self, **values: Any) -> None:
        """Change η (`eta`), α (`alpha`), `batch_size` or `stop` from the next update on."""
        self._do_with_run(lambda: self._change(values))

    def fork(self, update: int, config: Config) -> None:
        """Go on from the kept moment of that update, as another configuration says, then pause.

        Data, network and seed must be the same. Refused with a message, and the run is then as it
        was, where they differ or no moment of that update is kept.
        """
        self._do_with_run(lambda: self._fork(update, config))

    def edit(self, layer: int, row: int, column: int | None, value: float) -> None:
        """Set the weight W^layer[row, column], or with None the bias b^layer[row], in mid-run.

        Layers count from 1, rows and columns from 0 (from 1 in the mark that is left).
        """
        self._do_with_run(lambda: self._edit(layer, row, column, value))

    def set_pace(self, updates_per_second: float | None) -> None:
        """Train at most that fast, so that a person can follow; None: as fast as possible.

        ValueError unless the pace is above 0.
        """
        if updates_per_second is not None and not updates_per_second > 0:
            raise ValueError(f"the pace must be > 0 updates per second; got {updates_per_second}")
        self._do(lambda: self._set_pace(updates_per_second))

    def hold(self) -> None:
        """The screen begins a frame: no new chunk of updates until `release`, for a while."""
        self._may_run.clear()

    def release(self) -> None:
        self._may_run.set()

    def poll(self) -> Report:
        """The state now, and what is new since the last call. Never waits for the trainer."""
        with self._lock:
            run = self._told
            report = self._news.report(run.speed.per_second if run else 0.0)
            if run is not None:
                self.experiment, self.rewind = run.experiment, run.rewind
                self.timeline = run.timeline
        return report

    def request_state(self) -> None:
        """Ask for what `Trainer.dump` gives of the run as it is then; see `take_state`."""
        self._do_with_run(self._dump)

    def take_state(self) -> dict[str, Array] | None:
        """The state that was asked for last, once; None: it is not there yet."""
        with self._lock:
            state, self._state = self._state, None
        return state

    @property
    def run_id(self) -> int | None:
        """The number of the run in the store, once it is there."""
        return self._keeping.run_id

    @property
    def problem(self) -> str:
        """Why the run cannot be kept now; empty while all is well, or nothing is to be kept."""
        return self._keeping.problem

    def close(self, status: Ending = "stopped", reason: str = "") -> None:
        """End the thread at the end of its chunk; never waits.

        A run that is kept and not at its end is left in the store with that status.
        """
        with self._wake:
            if self._closed is None:
                self._closed = status, reason
            self._wake.notify()
        self.release()

    def wait(self, seconds: float) -> bool:
        """After `close`: wait until the last state was handed to the keeper; whether it was."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _do(self, command: Callable[[], None]) -> None:
        with self._wake:
            self._commands.append(command)
            self._wake.notify()

    def _do_with_run(self, command: Callable[[], None]) -> None:
        """Do it if there is a run then; after a failure there is none until the next reset."""
        self._do(lambda: None if self._status == "failed" else command())

    def _work(self) -> None:
        while True:
            with self._wake:
                while not (self._closed or self._commands or self._status == "training"):
                    self._wake.wait()
                closed = self._closed
                command = self._commands.popleft() if self._commands else None
            try:
                if closed:
                    self._leave(*closed)
                    return
                if command:
                    command()
                else:
                    self._may_run.wait(HOLD_LIMIT)
                    self._train_chunk()
            except Exception as error:  # shown on the screen with its cause; the app lives on
                self._fail(error)
                if closed:
                    return

    def _fail(self, error: Exception) -> None:
        # not at the top: the store is of no concern to who keeps nothing
        from tuinn.store.error import StoreError

        frame = traceback.extract_tb(error.__traceback__)[-1]
        expected = isinstance(error, ConfigError | DataError | StoreError | OSError)
        place = "" if expected else f" ({Path(frame.filename).name}, line {frame.lineno})"
        name = "" if expected else f"{type(error).__name__}: "
        message, before = f"{name}{error}{place}", self._status
        self._set("failed", message)
        if before in ("training", "paused") and self._keeping.goes_on:
            try:
                self._keeping.status(self._trainer, "interrupted", message)
            except Exception as second:  # it was lost together with the run
                self._set("failed", f"{message}; nor could it be kept: {second}")

    @property
    def _status(self) -> Status:
        return self._news.status

    def _set(self, status: Status, message: str = "") -> None:
        before = self._status
        with self._lock:
            self._news.status, self._news.message = status, message
        if status != before:
            self._tell_keeper()

    def _tell_keeper(self) -> None:
        if self._status in ("training", "paused", "finished", "diverged"):
            self._keeping.status(self._trainer, self._status, self._news.message)

    def _leave(self, status: Ending, reason: str = "") -> bool:
        """Keep the run as it is, unless it is at its end, has failed or is not kept."""
        if self._status not in ("training", "paused") or not self._keeping.goes_on:
            return False
        self._take_snapshot()
        self._keeping.status(self._trainer, status, reason)
        return True

    @property
    def _live(self) -> LiveRun:
        assert self._run is not None
        return self._run

    @property
    def _trainer(self) -> Trainer:
        return self._live.trainer

    def _dump(self) -> None:
        state = self._trainer.dump()
        with self._lock:
            self._state = state

    def _build(
        self, config: Config, keep: Keep | None, resume: dict[str, Array] | None = None
    ) -> None:
        self._leave("stopped")
        self._set("loading")
        previous = self._run.experiment if self._run else None
        experiment = build(config, self._folder, previous=previous)
        if resume is not None:
            _go_on(experiment.trainer, resume)
        # not the old one cleared: a screen may be drawing from it
        run = LiveRun(
            experiment,
            Rewind(self._rewind_bytes),
            Timeline(config),
            interval=self._interval,
            keeping=self._keeping,
        )
        self._begin(run)
        snapshot = run.begin(keep)
        # a poll sees the run before, or this one with its first snapshot
        with self._lock:
            self._told = run
            self._news.begin(run.trainer, snapshot)
            self._news.status, self._news.message = "paused" if resume else "ready", ""
        if run.trainer.finished is not None:
            self._finish()

    def _begin(self, run: LiveRun) -> None:
        """Another run is there."""
        self._run, self.config = run, run.experiment.config
        self._goals.clear()

    def _train_on(self) -> None:
        if self._trainer.finished is not None:
            self._finish()
            return
        self._goals.clear()
        self._go()

    def _train(self, updates: int | None) -> None:
        """So many updates, or with None the rest of the epoch, after what was asked for before."""
        if self._trainer.finished is not None:
            self._finish()
            return
        self._goals.add(updates)
        self._go()

    def _go(self) -> None:
        if self._status == "training":
            # its pace goes on from where it began: keys that follow each other hold nothing up
            return
        self._set_pace(self._pace.updates_per_second)
        self._live.speed.begin(perf_counter())
        self._set("training")

    def _set_pace(self, pace: float | None) -> None:
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
                if not (self._commands or self._closed):
                    self._wake.wait(min(self._pace.wait(due), PACE_WAIT))
            return 0
        return int(due)

    def _pause(self) -> None:
        if self._status == "training":
            self._goals.clear()
            self._take_snapshot()
            self._set("paused")

    def _train_chunk(self) -> None:
        trainer = self._trainer
        updates = self._wait_for_pace()
        if updates == 0:
            return
        updates = self._goals.at_most(updates)
        epoch_before, started = int(trainer.epoch), perf_counter()
        # only the first of these ends with the epoch
        done = (trainer.advance if self._goals.within_epoch else trainer.run)(updates)
        with self._lock:
            self._news.progress(trainer)
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
        ):
            self._take_snapshot()
        if trainer.finished is not None:
            self._finish()
        elif ended:
            self._set("paused")

    def _take_snapshot(self) -> None:
        snapshot = self._live.snapshot()
        with self._lock:
            self._news.snapshot(snapshot)

    def _finish(self) -> None:
        trainer = self._trainer
        self._goals.clear()
        self._set("diverged" if trainer.diverged else "finished", trainer.finished or "")

    def _refuse(self, error: ValueError) -> None:
        self._set(self._status, str(error))

    def _change(self, values: dict[str, Any]) -> None:
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
        with self._lock:
            if mark is not None:
                self._news.mark(mark)
            # what was refused before is out of date
            self._news.message = run.trainer.finished or ""
        if changes_cost:
            # and the first of the other one, which belongs to the same weights
            self._take_snapshot()
        if self._status == "finished" and run.trainer.finished is None:
            self._set("paused")

    def _edit(self, layer: int, row: int, column: int | None, value: float) -> None:
        try:
            mark = self._live.edit(layer, row, column, value)
        except ValueError as error:
            self._refuse(error)
            return
        with self._lock:
            self._news.mark(mark)
            self._news.message = ""
        self._take_snapshot()
        if self._trainer.finished is not None:
            self._finish()
        elif self._status == "finished":
            self._set("paused")

    def _fork(self, update: int, config: Config) -> None:
        # now: where the fork goes on with the same trainer, the parent's place is lost
        left = self._leave("stopped")
        try:
            forked = self._live.fork(update, config)
        except ValueError as error:
            self._refuse(error)
            if left:
                self._tell_keeper()
            return
        self._begin(forked.run)
        # a poll sees the parent, or the fork with its first snapshot
        with self._lock:
            self._told = forked.run
            self._news.fork(forked.run.trainer, forked.snapshot, forked.mark, forked.text)
            self._news.status, self._news.message = "paused", ""
        self._tell_keeper()
        if self._trainer.finished is not None:
            self._finish()


def _go_on(trainer: Trainer, arrays: dict[str, Array]) -> None:
    try:
        trainer.load(arrays)
    except ValueError as error:
        raise ConfigError(f"the run cannot go on from its checkpoint: {error}") from error
