"""A trainer in a process of its own, at lower priority: for runs side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tuinn.config import Config
from tuinn.runners.facts import RunFacts
from tuinn.runners.keep import KeepElsewhere
from tuinn.runners.messages import Answer, Array, Begin, Command, End, Poll
from tuinn.runners.report import Report
from tuinn.runners.runner import Ending
from tuinn.runners.worker_process import GRACE, WorkerProcess

_NOTHING_YET = Report("loading", (), (), False, 0.0, 0, 0.0, 0.0, "")


class ProcessRunner:
    """Trains in a process of its own what a `ThreadRunner` would train in a thread.

    Nothing here waits: commands are sent, and `poll` takes the answer that has come to the poll
    before. A worker that dies is told by a report with the status "failed" and the cause; `reset`
    then begins in another one. Snapshots come without θ. It can be made while an app is running.

    Parameters
    ----------
    config, folder
        What to build; `folder` is where relative data paths start.
    interval
        Seconds between two snapshots by the clock.
    keep
        How the run is called in the store; None: it is not kept.
    resume_id
        Go on with this run of the store, as its checkpoint says; it is kept under its number.
    store_folder
        Where the store is; None: the usual place.
    """

    def __init__(
        self,
        config: Config,
        folder: Path | None = None,
        *,
        interval: float = 0.1,
        keep: KeepElsewhere | None = None,
        resume_id: int | None = None,
        store_folder: Path | None = None,
    ) -> None:
        self.config = config
        self.facts: RunFacts | None = None
        """What the run is, once it is built; that of the last report."""
        self.run_id: int | None = None
        """Its number in the store, once it is there."""
        self.problem = ""
        """Why the run cannot be kept now; empty while all is well."""
        self._folder, self._interval, self._keep = folder, interval, keep
        self._store_folder = store_folder
        self._state: dict[str, Array] | None = None
        self._pace: float | None = None
        self._asked = self._over = self._closed = False
        self._last = _NOTHING_YET
        self._worker = self._new_worker(resume_id)

    def _new_worker(self, resume_id: int | None = None) -> WorkerProcess:
        return WorkerProcess(
            Begin(
                self.config,
                self._folder,
                self._interval,
                self._keep,
                resume_id,
                self._store_folder,
            )
        )

    @property
    def pid(self) -> int | None:
        """Of the worker; None where none could be started."""
        return self._worker.pid

    def start(self) -> None:
        """Train until told otherwise or finished."""
        self._do("start")

    def pause(self) -> None:
        self._do("pause")

    def step(self, updates: int = 1) -> None:
        """Make some updates, at least one, then pause; what was asked for before is done first."""
        self._do("step", updates)

    def epoch(self) -> None:
        """Train to the end of the epoch, then pause; of the next one, where that was asked for."""
        self._do("epoch")

    def reset(self, config: Config | None = None) -> None:
        """Begin anew: from the same first weights, or as another configuration says."""
        self.config = config or self.config
        if self._closed or not self._worker.ended:
            self._do("reset", self.config)
            return
        self._worker.leave()
        self._asked = self._over = False
        self._last = _NOTHING_YET
        self._worker = self._new_worker()
        self._do("set_pace", self._pace)

    def change(self, **values: Any) -> None:
        """Change η (`eta`), α (`alpha`), `batch_size` or `stop` from the next update on."""
        self._do("change", **values)

    def set_pace(self, updates_per_second: float | None) -> None:
        """Train at most that fast, so that a person can follow; None: as fast as possible.

        ValueError unless the pace is above 0.
        """
        if updates_per_second is not None and not updates_per_second > 0:
            raise ValueError(f"the pace must be > 0 updates per second; got {updates_per_second}")
        self._pace = updates_per_second
        self._do("set_pace", updates_per_second)

    def poll(self) -> Report:
        """The state as it was at the last poll, and what was new then. Never waits."""
        if self._over or self._closed:
            return self._quiet()
        ended = self._worker.ended
        for answer in self._worker.channel.receive():
            # there is one at most: the next is asked for below
            return self._taken(answer, ask=not ended)
        if ended:
            self._over = True
            self._last = self._death()
        elif not self._asked:
            self._ask()
        else:
            self._worker.channel.flush()
        return self._quiet()

    def request_state(self) -> None:
        """Ask for what `Trainer.dump` gives of the run as it is then; see `take_state`."""
        self._do("request_state")

    def take_state(self) -> dict[str, Array] | None:
        """The state that was asked for last, once; None: no poll has brought it yet."""
        state, self._state = self._state, None
        return state

    def close(self, status: Ending = "stopped", reason: str = "") -> None:
        """Let the worker leave the run with that status in the store, and end. Never waits."""
        if not self._closed:
            self._closed = True
            self._worker.channel.send(End(status, reason))
            self._worker.leave()

    def wait(self, seconds: float = GRACE + 1) -> bool:
        """After `close`: wait until the worker has ended; whether it has."""
        return self._worker.wait(seconds)

    def _do(self, name: str, *arguments: Any, **values: Any) -> None:
        if not self._closed:
            self._worker.channel.send(Command(name, arguments, values))

    def _ask(self) -> None:
        self._asked = True
        self._worker.channel.send(Poll())

    def _taken(self, answer: Answer, *, ask: bool) -> Report:
        self.facts = answer.facts or self.facts
        self.run_id, self.problem = answer.run_id, answer.problem
        if answer.state is not None:
            self._state = answer.state
        self._last = answer.report
        if ask:
            self._ask()
        return answer.report

    def _quiet(self) -> Report:
        """Nothing is new."""
        return replace(self._last, snapshots=(), marks=(), forks=(), reset=False)

    def _death(self) -> Report:
        if self._last.status == "failed":
            # it has told why
            return self._last
        message = self._worker.cause()
        return replace(self._last, status="failed", message=message, updates_per_second=0.0)
