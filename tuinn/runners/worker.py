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
from tuinn.runners.messages import Answer, Begin, Command, End, Poll
from tuinn.runners.report import Report
from tuinn.runners.thread import ThreadRunner

if TYPE_CHECKING:
    from tuinn.experiment import Experiment

NICENESS = 10
"""The screen, and whatever else the person does, goes first."""
PARENT_GONE = "the program that had started it is gone"


def main() -> None:
    """Serve the process at the other end of standard input until it says so, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signals = Signals()
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
            if hasattr(signal, name):
                # the byte that is written to the socket is all that is wanted
                signal.signal(getattr(signal, name), lambda number, frame: None)

    def number(self) -> int:
        """The first one; there must be one."""
        return self.arrived.recv(1)[0]


class Worker:
    """Answers what comes through a channel from a runner in a thread."""

    def __init__(self, channel: Channel, signals: Signals) -> None:
        self._channel, self._signals = channel, signals
        self._runner: ThreadRunner | None = None
        self._failure: Report | None = None
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
        if self._runner is not None:
            self._runner.close(self._ending.status, self._ending.reason)
        return status

    def _obey(self, message: Begin | Command | Poll | End) -> None:
        if isinstance(message, Begin):
            self._begin(message)
        elif isinstance(message, Poll):
            self._channel.send(self._answer())
        elif isinstance(message, End):
            self._ending = message
        elif self._runner is not None:
            getattr(self._runner, message.name)(*message.arguments, **message.values)

    def _begin(self, begin: Begin) -> None:
        self._runner = ThreadRunner(
            begin.config, begin.folder, interval=begin.interval, rewind_bytes=0
        )

    def _answer(self) -> Answer:
        assert self._runner is not None
        report = self._runner.poll()
        facts, experiment = None, self._runner.experiment
        if experiment is not None and experiment is not self._known:
            self._known, facts = experiment, RunFacts.of(experiment)
        bare = tuple(replace(snapshot, theta=None) for snapshot in report.snapshots)
        return Answer(replace(report, snapshots=bare), facts, None, "")
