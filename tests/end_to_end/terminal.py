"""A terminal for a program under test: a pty, and a screen that shows what a person would see."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping

import pyte

KEYS = {"enter": "\r", "escape": "\x1b", "tab": "\t", "space": " ", "ctrl+s": "\x13"}
QUERIES = {
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
}
"""What a program asks of its terminal, and what a terminal answers."""
FOREIGN = re.compile(
    rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\??[0-9;]*\$[a-z]|\x1b[P_].*?\x1b\\", re.DOTALL
)
"""Sequences of newer terminals, which pyte would print as text."""
PATIENCE = 30.0
"""Seconds after which what does not come will not come: a limit for hanging, not for speed."""


class Terminal:
    """Runs a program; use it as a context, which ends it in any case."""

    def __init__(self, command: list[str], columns: int, rows: int, env: Mapping[str, str]) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.written = bytearray()
        """All that the program wrote."""
        self._stream = pyte.Stream(self.screen)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._rest = b""
        self._status: int | None = None
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe(command[0], command, dict(env))
            finally:
                os._exit(127)
        self.resize(columns, rows)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *error: object) -> None:
        if self._ended() is None:
            os.kill(self.pid, signal.SIGKILL)
            self.until(lambda: self._ended() is not None, "its end")
        os.close(self._fd)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def press(self, *keys: str) -> None:
        for key in keys:
            os.write(self._fd, KEYS.get(key, key).encode())

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def shows(self, pattern: str) -> re.Match[str]:
        """Wait until the screen shows what the regular expression says; give what was found."""
        self.until(lambda: re.search(pattern, self.text), f"{pattern!r} on the screen")
        found = re.search(pattern, self.text)
        assert found
        return found

    def status(self) -> int:
        """Wait for the program's end; its exit status, or minus the signal that ended it."""
        self.until(lambda: self._ended() is not None, "the program's end")
        assert self._status is not None
        return self._status

    def modes(self) -> list[int]:
        """The terminal's line settings, as `termios` has them (input, output, control, local)."""
        return list(termios.tcgetattr(self._fd)[:4])

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Read what the program writes until ``holds()`` is true."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, f"never came: {what}; the screen:\n{self.text}"
            self.read(0.05)

    def read(self, seconds: float) -> None:
        """Take what the program writes within ``seconds``, if anything, onto the screen."""
        self.show(self.take(seconds))

    def take(self, seconds: float) -> bytes:
        """What the program writes within ``seconds``; `show` brings it onto the screen."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            # Linux says so where no program has the other side open any more
            time.sleep(0.01)
            return b""
        self.written += data
        for query, answer in QUERIES.items():
            if query in data:
                os.write(self._fd, answer)
        return data

    def show(self, data: bytes) -> None:
        data = self._rest + data
        cut = data.rfind(b"\x1b")
        unfinished = cut >= 0 and not re.search(rb"[a-zA-Z~\\]", data[cut + 2 :])
        data, self._rest = (data[:cut], data[cut:]) if unfinished else (data, b"")
        self._stream.feed(self._decode(FOREIGN.sub(b"", data)))

    def _ended(self) -> int | None:
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status
