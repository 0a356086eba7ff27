"""The process of a worker, seen from the one that has started it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from typing import Any

from tuinn.__main__ import THREAD_VARIABLES
from tuinn.runners.channel import Channel

GRACE = 10.0
"""Seconds that a worker has to keep its run and to end, before it is killed."""
_CODE = """\
import sys
sys.path[:] = sys.argv[1].split("\\n")
from tuinn.runners.worker import main
main()"""


class WorkerProcess:
    """Starts a worker, and knows why it has ended.

    It is started as a program, not forked: it takes over no thread, no terminal and no lock of an
    app that is running, and whatever it writes goes to a file that tells why it died. Messages go
    through a pair of sockets, of which the worker's is its standard input; when this process is
    gone, however it ended, the worker finds that closed, keeps its run and ends.
    """

    def __init__(self, first_message: Any) -> None:
        ours, theirs = socket.socketpair()
        self.channel = Channel(ours)
        # open as long as the worker lives
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._process: subprocess.Popen[bytes] | None = None
        self._refused = ""
        self._reaper: threading.Thread | None = None
        path = "\n".join(os.path.abspath(place) for place in sys.path)
        # one BLAS thread each, unless another number was asked for
        environment = {**dict.fromkeys(THREAD_VARIABLES, "1"), **os.environ}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _CODE, path],
                stdin=theirs.fileno(),
                stdout=self._errors,
                stderr=self._errors,
                env=environment,
            )
        except OSError as error:
            self._refused = f"no process can be started for it: {error.strerror or error}"
        finally:
            theirs.close()
        self.channel.send(first_message)

    @property
    def pid(self) -> int | None:
        """None where it could not be started."""
        return self._process.pid if self._process else None

    @property
    def ended(self) -> bool:
        """Whatever it had sent before has arrived then."""
        return self._process is None or self._process.poll() is not None

    def cause(self) -> str:
        """Why it has ended that should not have."""
        if self._process is None:
            return self._refused
        return cause_of_death(self._process.returncode, self._last_line())

    def _last_line(self) -> str:
        """The last of what it has written that is not empty."""
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def leave(self) -> None:
        """Say nothing more to it; it ends by itself or is killed. Never waits."""
        if self._reaper is None:
            self.channel.end()
            self._reaper = threading.Thread(target=self._reap, name="reaper", daemon=True)
            self._reaper.start()

    def wait(self, seconds: float) -> bool:
        """Wait until one that was left has ended; whether it has."""
        assert self._reaper is not None
        self._reaper.join(seconds)
        return not self._reaper.is_alive()

    def _reap(self) -> None:
        if self._process is not None:
            try:
                self._process.wait(GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self.channel.close()
        self._errors.close()


def cause_of_death(returncode: int, last_words: str) -> str:
    """In words: "its process was killed (SIGKILL): out of memory?"."""
    said = f": {last_words}" if last_words else ""
    if returncode == -getattr(signal, "SIGKILL", 9):
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
