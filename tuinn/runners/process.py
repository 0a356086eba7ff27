"""A trainer in a process of its own, at lower priority: for runs side by side.

The worker is started as a program, not forked: it takes over no thread, no terminal and no lock of
an app that is running, and whatever it writes goes to a file that tells why it died. Messages go
through a pair of sockets, of which the worker's is its standard input; when this process is gone,
however it ended, the worker finds that closed, keeps its run and ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from tuinn.__main__ import THREAD_VARIABLES
from tuinn.config import Config
from tuinn.runners.channel import Channel
from tuinn.runners.facts import RunFacts
from tuinn.runners.keep import KeepElsewhere
from tuinn.runners.messages import Answer, Begin, Command, End, Poll
from tuinn.runners.report import Report
from tuinn.runners.runner import Ending

GRACE = 10.0
"""Seconds that a worker has to keep its run and to end, before it is killed."""
_CODE = """\
import sys
sys.path[:] = sys.argv[1].split("\\n")
from tuinn.runners.worker import main
main()"""
_NOTHING_YET = Report("loading", (), (), False, 0.0, 0, 0.0, 0.0, "")


class ProcessRunner:
    """Trains in a process of its own what a `ThreadRunner` would train in a thread.

    Nothing here waits: commands are sent, and `poll` takes the answer that has come to the poll
    before. A worker that dies is told by a report with the status "failed" and the cause; `reset`
    then begins in another one. Snapshots come without θ.

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
    """

    def __init__(
        self,
        config: Config,
        folder: Path | None = None,
        *,
        interval: float = 0.1,
        keep: KeepElsewhere | None = None,
        resume_id: int | None = None,
    ) -> None:
        self.config = config
        self.facts: RunFacts | None = None
        """What the run is, once it is built; replaced before the report of a reset is given."""
        self.run_id: int | None = None
        """Its number in the store, once it is there."""
        self.problem = ""
        """Why the run cannot be kept now; empty while all is well."""
        self._folder, self._interval, self._keep = folder, interval, keep
        self._pace: float | None = None
        self._closed = False
        self._spawn(resume_id)

    @property
    def pid(self) -> int | None:
        """Of the worker; None where none could be started."""
        return self._worker.pid if self._worker else None

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
        if self._closed:
            return
        if self._told_end or self._worker is None or self._worker.poll() is not None:
            self._drop()
            self._spawn(None)
            if self._pace is not None:
                self._do("set_pace", self._pace)
        else:
            self._do("reset", self.config)

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
        report: Report | None = None
        if not self._told_end and not self._closed:
            # before the messages are taken: what a dead worker had sent is there then
            ended = self._worker is None or self._worker.poll() is not None
            for answer in self._channel.receive():
                report = self._taken(answer)
            if report is None and ended:
                self._told_end = True
                report = self._last = self._death()
            elif not ended and not self._asked:
                self._asked = True
                self._channel.send(Poll())
            else:
                self._channel.flush()
        if report is None:
            return replace(self._last, snapshots=(), marks=(), forks=(), reset=False)
        return report

    def close(self, status: Ending = "stopped", reason: str = "") -> None:
        """Let the worker leave the run with that status in the store, and end; see `wait`."""
        if self._closed:
            return
        self._closed = True
        self._channel.send(End(status, reason))
        self._drop()

    def wait(self, seconds: float = GRACE) -> bool:
        """After `close`: wait until the worker has ended; whether it has."""
        if self._reaper is not None:
            self._reaper.join(seconds)
            return not self._reaper.is_alive()
        return True

    def _spawn(self, resume_id: int | None) -> None:
        ours, theirs = socket.socketpair()
        self._channel = Channel(ours)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115: open as long as the worker lives
        self._asked = self._told_end = False
        self._last = _NOTHING_YET
        self._refused = ""
        self._reaper: threading.Thread | None = None
        path = "\n".join(os.path.abspath(place) for place in sys.path)
        # one BLAS thread each, unless another number was asked for
        environment = {**dict.fromkeys(THREAD_VARIABLES, "1"), **os.environ}
        self._worker: subprocess.Popen[bytes] | None = None
        try:
            self._worker = subprocess.Popen(
                [sys.executable, "-P", "-c", _CODE, path],
                stdin=theirs,
                stdout=self._errors,
                stderr=self._errors,
                env=environment,
            )
        except OSError as error:
            self._refused = f"no process can be started for it: {error.strerror or error}"
        finally:
            theirs.close()
        self._channel.send(Begin(self.config, self._folder, self._interval, self._keep, resume_id))

    def _do(self, name: str, *arguments: Any, **values: Any) -> None:
        if not self._closed:
            self._channel.send(Command(name, arguments, values))

    def _taken(self, answer: Answer) -> Report:
        self._asked = False
        self.facts = answer.facts or self.facts
        self.run_id, self.problem = answer.run_id, answer.problem
        self._last = answer.report
        return answer.report

    def _death(self) -> Report:
        if self._last.status == "failed":
            # it has told why
            return replace(self._last, snapshots=(), marks=(), forks=(), reset=False)
        if self._worker is None:
            message = self._refused
        else:
            message = cause_of_death(self._worker.returncode, _last_line(self._errors))
        return replace(
            self._last,
            status="failed",
            snapshots=(),
            marks=(),
            forks=(),
            reset=False,
            updates_per_second=0.0,
            message=message,
        )

    def _drop(self) -> None:
        """Leave the worker, and all that belongs to it, to a thread that waits for its end."""
        self._channel.end()
        everything = self._worker, self._channel, self._errors
        self._reaper = threading.Thread(target=_reap, args=everything, name="reaper", daemon=True)
        self._reaper.start()


def _reap(worker: subprocess.Popen[bytes] | None, channel: Channel, errors: IO[bytes]) -> None:
    if worker is not None:
        try:
            worker.wait(GRACE)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
    channel.close()
    errors.close()


def cause_of_death(returncode: int, last_words: str) -> str:
    """Why a worker has ended that should not have: "its process was killed (SIGKILL): …"."""
    said = f": {last_words}" if last_words else ""
    if returncode == -signal.SIGKILL:
        return "its process was killed (SIGKILL): out of memory?"
    if returncode < 0:
        return f"its process was ended by {_signal_name(-returncode)}{said}"
    if returncode > 128:
        return f"its process was told to end ({_signal_name(returncode - 128)}){said}"
    return f"its process ended with exit status {returncode}{said}"


def _signal_name(number: int) -> str:
    with contextlib.suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"


def _last_line(errors: IO[bytes]) -> str:
    """The last of what a worker has written that is not empty."""
    errors.seek(0)
    lines = errors.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
