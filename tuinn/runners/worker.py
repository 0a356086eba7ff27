"""The process in which one run of a race is trained. It is started by `ProcessRunner`.

A `ThreadRunner` trains; the main thread waits for messages and answers polls, so that an answer
comes at once, however long an update takes.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from tuinn.runners.channel import Channel
from tuinn.runners.facts import RunFacts
from tuinn.runners.keep import Keep
from tuinn.runners.messages import Answer, Array, Begin, Command, End, Poll
from tuinn.runners.report import Report
from tuinn.runners.thread import ThreadRunner

if TYPE_CHECKING:
    from tuinn.experiment import Experiment
    from tuinn.store import Keeper, StoredRun

NICENESS = 10
"""The screen, and whatever else the person does, goes first."""
PATIENCE = 4.0
"""Seconds for the last chunk of updates, and for the last rows: less than the worker is given."""
PARENT_GONE = "the program that had started it is gone"


def main() -> None:
    """Serve the process at the other end of standard input until it says so, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signals = Signals()
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(NICENESS)
    channel = Channel(socket.socket(fileno=os.dup(0)))
    sys.exit(Worker(channel, signals).serve())


class Signals:
    """SIGTERM and SIGHUP, as something that one can wait for together with messages."""

    def __init__(self) -> None:
        self.arrived, waker = socket.socketpair()
        self._waker = waker
        waker.setblocking(False)
        signal.set_wakeup_fd(waker.fileno())
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            # what was begun by nohup goes on when the terminal is gone
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                # the byte that is written to the socket is all that is wanted
                signal.signal(number, lambda number, frame: None)

    def number(self) -> int:
        """The first one; there must be one."""
        return self.arrived.recv(1)[0]


class Worker:
    """Answers what comes through a channel from a runner in a thread."""

    def __init__(self, channel: Channel, signals: Signals) -> None:
        self._channel, self._signals = channel, signals
        self._begun: Begin | None = None
        self._runner: ThreadRunner | None = None
        self._keeper: Keeper | None = None
        self._refusal = ""
        """Why there is no runner."""
        self._problem = self._told = ""
        """Why there is no keeper, and of what trouble with keeping was told."""
        self._known: Experiment | None = None
        self._ending: End | None = None

    def serve(self) -> int:
        """The exit status: 0, or 128 + the number of the signal that ended it."""
        status = 0
        while self._ending is None:
            writing = [self._channel.connection] if self._channel.waits_to_send else []
            reading = [self._channel.connection, self._signals.arrived]
            ready, _, _ = select.select(reading, writing, [])
            if self._signals.arrived in ready:
                number = self._signals.number()
                status = 128 + number
                self._ending = End("interrupted", f"ended by {signal.Signals(number).name}")
                break
            self._channel.flush()
            for message in self._channel.receive():
                self._obey(message)
            if self._channel.closed and self._ending is None:
                self._ending = End("interrupted", PARENT_GONE)
        self._leave(self._ending)
        return status

    def _leave(self, ending: End) -> None:
        if self._runner is not None:
            self._runner.close(ending.status, ending.reason)
            self._runner.wait(PATIENCE)
        if self._keeper is not None:
            # also where the last chunk of updates was too long to wait for its end
            self._keeper.close(PATIENCE, ending.status, ending.reason)

    def _obey(self, message: Begin | Command | Poll | End) -> None:
        if isinstance(message, Begin):
            self._begin(message)
        elif isinstance(message, Poll):
            self._channel.send(self._answer())
        elif isinstance(message, End):
            self._ending = message
        elif self._runner is not None:
            getattr(self._runner, message.name)(*message.arguments, **message.values)
        elif message.name == "reset" and self._begun is not None:
            config = message.arguments[0]
            self._begin(replace(self._begun, config=config, resume_id=None))

    def _begin(self, begin: Begin) -> None:
        """Make the runner, as far as the store lets it; the run itself is built in its thread."""
        self._begun, self._refusal = begin, ""
        keep, arrays = None, None
        if begin.keep is not None or begin.resume_id is not None:
            from tuinn.store import StoreError

            try:
                stored, arrays = _stored(begin)
            except StoreError as error:
                self._refusal = str(error)
                return
            keep = self._keep(begin, stored)
        self._runner = ThreadRunner(
            begin.config,
            begin.folder,
            interval=begin.interval,
            rewind_bytes=0,
            keep=keep,
            resume=arrays,
        )

    def _keep(self, begin: Begin, stored: StoredRun | None) -> Keep | None:
        """How to keep the run; None: the store cannot be used, and it is trained all the same."""
        from tuinn.store import Keeper, StoreError

        try:
            self._keeper = self._keeper or Keeper(begin.store_folder)
        except StoreError as error:
            self._problem = str(error)
            return None
        if begin.keep is not None:
            name, folder, race = begin.keep.name, begin.keep.folder, begin.keep.race
        else:
            assert stored is not None
            name, folder, race = stored.name, stored.folder, stored.race
        return Keep(self._keeper, name, folder, race, resume=stored)

    def _answer(self) -> Answer:
        if self._runner is None:
            return Answer(_failed(self._refusal), None, None, "")
        report = self._runner.poll()
        facts, experiment = None, self._runner.experiment
        if experiment is not None and experiment is not self._known:
            self._known, facts = experiment, RunFacts.of(experiment)
        problem = self._problem or self._runner.problem
        message = report.message
        if problem != self._told:
            self._told = problem
            message = message or (f"not kept: {problem}" if problem else "")
        bare = tuple(replace(snapshot, theta=None) for snapshot in report.snapshots)
        return Answer(
            replace(report, snapshots=bare, message=message),
            facts,
            self._runner.run_id,
            problem,
            self._runner.take_state(),
        )


def _stored(begin: Begin) -> tuple[StoredRun | None, dict[str, Array] | None]:
    """The run to go on with and its checkpoint; nothing where a new one is to be begun."""
    if begin.resume_id is None:
        return None, None
    from tuinn.store import Store, StoreError

    store = Store(begin.store_folder, read_only=True)
    try:
        run = store.run(begin.resume_id)
        arrays = store.checkpoint(begin.resume_id)
    finally:
        store.close()
    if arrays is None:
        raise StoreError(f"run {run.id} has no checkpoint from which it could go on", "missing")
    return run, arrays


def _failed(message: str) -> Report:
    return Report("failed", (), (), False, 0.0, 0, 0.0, 0.0, message)
