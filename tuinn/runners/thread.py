"""A trainer in a thread of the app.

The thread never calls the screen: the screen polls. Between two chunks of about a millisecond
the thread takes commands and waits while the screen draws, so that keys are answered at once.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from engine.rewind import MOST_BYTES, Rewind
from tuinn.config import Config
from tuinn.experiment import Experiment
from tuinn.runners.keep import Keep
from tuinn.runners.report import Report
from tuinn.runners.runner import Ending
from tuinn.runners.timeline import Timeline
from tuinn.runners.training import Training

Array = NDArray[Any]

SWITCH_INTERVAL = 0.0005
"""Seconds after which the interpreter lock is given up on request: the screen waits at most this
long for a tight loop over a tiny network."""
HOLD_LIMIT = 0.2
"""Seconds the thread waits for a screen that holds it: a frame that failed cannot stop a run."""


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
        self.keep = keep
        self.experiment: Experiment | None = None
        """That of which the last poll told: another one may be there already."""
        self.rewind = Rewind(rewind_bytes)
        """The moments of that experiment; its `moments` may be read at any time."""
        self.timeline = Timeline(config)
        """What that experiment followed when."""
        self._wake = threading.Condition()
        self._commands: deque[Callable[[], None]] = deque()
        self._may_run = threading.Event()
        self._may_run.set()
        self._closed: tuple[Ending, str] | None = None
        """How to leave the run, once the runner is to end."""
        self._training = Training(
            config,
            folder,
            interval=interval,
            rewind_bytes=rewind_bytes,
            wake=self._wake,
            called=lambda: bool(self._commands or self._closed),
        )
        self._do(lambda: self._training.build(config, keep, resume))
        self._thread = threading.Thread(target=self._work, name="trainer", daemon=True)
        self._thread.start()

    @property
    def config(self) -> Config:
        """That of the run that is there, or is being built first."""
        return self._training.config

    def start(self) -> None:
        """Train until told otherwise or finished."""
        self._do_with_run(self._training.train_on)

    def pause(self) -> None:
        self._do_with_run(self._training.pause)

    def step(self, updates: int = 1) -> None:
        """Make some updates, at least one, then pause; what was asked for before is done first."""
        self._do_with_run(lambda: self._training.train(max(1, updates)))

    def epoch(self) -> None:
        """Train to the end of the epoch, then pause; of the next one, where that was asked for."""
        self._do_with_run(lambda: self._training.train(None))

    def reset(self, config: Config | None = None) -> None:
        """Begin anew: from the same first weights, or as another configuration says."""
        keep = None if self.keep is None else self.keep.anew
        self._do(lambda: self._training.build(config or self.config, keep))

    def change(self, **values: Any) -> None:
        """Change η (`eta`), α (`alpha`), `batch_size` or `stop` from the next update on."""
        self._do_with_run(lambda: self._training.change(values))

    def fork(self, update: int, config: Config) -> None:
        """Go on from the kept moment of that update, as another configuration says, then pause.

        Data, network and seed must be the same. Refused with a message, and the run is then as it
        was, where they differ or no moment of that update is kept.
        """
        self._do_with_run(lambda: self._training.fork(update, config))

    def edit(self, layer: int, row: int, column: int | None, value: float) -> None:
        """Set the weight W^layer[row, column], or with None the bias b^layer[row], in mid-run.

        Layers count from 1, rows and columns from 0 (from 1 in the mark that is left).
        """
        self._do_with_run(lambda: self._training.edit(layer, row, column, value))

    def set_pace(self, updates_per_second: float | None) -> None:
        """Train at most that fast, so that a person can follow; None: as fast as possible.

        ValueError unless the pace is above 0.
        """
        if updates_per_second is not None and not updates_per_second > 0:
            raise ValueError(f"the pace must be > 0 updates per second; got {updates_per_second}")
        self._do(lambda: self._training.set_pace(updates_per_second))

    def hold(self) -> None:
        """The screen begins a frame: no new chunk of updates until `release`, for a while."""
        self._may_run.clear()

    def release(self) -> None:
        self._may_run.set()

    def poll(self) -> Report:
        """The state now, and what is new since the last call. Never waits for the trainer."""
        with self._wake:
            run = self._training.told
            report = self._training.news.report(run.speed.per_second if run else 0.0)
            if run is not None:
                self.experiment, self.rewind = run.experiment, run.rewind
                self.timeline = run.timeline
        return report

    def request_state(self) -> None:
        """Ask for what `Trainer.dump` gives of the run as it is then; see `take_state`."""
        self._do_with_run(self._training.dump)

    def take_state(self) -> dict[str, Array] | None:
        """The state that was asked for last, once; None: it is not there yet."""
        with self._wake:
            state, self._training.state = self._training.state, None
        return state

    @property
    def run_id(self) -> int | None:
        """The number of the run in the store, once it is there."""
        return self._training.keeping.run_id

    @property
    def problem(self) -> str:
        """Why the run cannot be kept now; empty while all is well, or nothing is to be kept."""
        return self._training.keeping.problem

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
        self._do(lambda: None if self._training.status == "failed" else command())

    def _work(self) -> None:
        while True:
            with self._wake:
                while not (self._closed or self._commands or self._training.status == "training"):
                    self._wake.wait()
                closed = self._closed
                command = self._commands.popleft() if self._commands else None
            try:
                if closed:
                    self._training.leave(*closed)
                    return
                if command:
                    command()
                else:
                    self._may_run.wait(HOLD_LIMIT)
                    self._training.train_chunk()
            except Exception as error:  # shown on the screen with its cause; the app lives on
                self._training.fail(error)
                if closed:
                    return
