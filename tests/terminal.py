"""A program in a real pseudo-terminal, and the screen that a person would see."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
from collections.abc import Callable
from time import monotonic

import pyte

KEYS = {
    "space": " ", "enter": "\r", "escape": "\x1b", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B",
    "right": "\x1b[C", "left": "\x1b[D", "ctrl+p": "\x10", "ctrl+s": "\x13", "ctrl+c": "\x03",
}  # fmt: skip
UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$[a-z]|\x1bP.*?\x1b\\", re.S
)
SYNCHRONISED_OUTPUT = b"\x1b[?2026$p"
LEAVE_ALTERNATE_SCREEN = b"\x1b[?1049l"


class Terminal:
    """Runs `command` and keeps its screen. Use as a context manager: the program ends with it."""

    def __init__(
        self,
        command: list[str],
        *,
        columns: int = 120,
        rows: int = 40,
        env: dict[str, str] | None = None,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.written = bytearray()
        """All that the program wrote."""
        self.exit_code: int | None = None
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            os.environ.update({**terminal, **(env or {})})
            os.execvp(command[0], command)
        self.resize(columns, rows)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.exit_code is None:
            os.kill(self._pid, signal.SIGKILL)
            self._reap(os.waitpid(self._pid, 0)[1])
        os.close(self._fd)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def press(self, *keys: str) -> None:
        for key in keys:
            os.write(self._fd, KEYS.get(key, key).encode())

    def click(self, text: str) -> None:
        """Click on the first cell of a text that the screen shows."""
        row = next(y for y, line in enumerate(self.screen.display) if text in line)
        column = self.screen.display[row].index(text)
        place = f"0;{column + 1};{row + 1}"
        os.write(self._fd, f"\x1b[<{place}M\x1b[<{place}m".encode())

    def send(self, signal_number: int) -> None:
        os.kill(self._pid, signal_number)

    def read(self, seconds: float) -> bytes:
        """What the program writes next; empty where it is silent that long, or has ended."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # the other side is closed: the program has ended
            data = b""
        if not data:
            if self.exit_code is None:
                self._reap(os.waitpid(self._pid, 0)[1])
            return b""
        self.written += data
        if SYNCHRONISED_OUTPUT in data:
            os.write(self._fd, b"\x1b[?2026;2$y")
        self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", data))
        return data

    def _reap(self, status: int) -> None:
        self.exit_code = os.waitstatus_to_exitcode(status)

    def until(self, condition: Callable[[Terminal], object], seconds: float = 30.0) -> None:
        """Read until the condition holds; AssertionError with the screen where it never does."""
        end = monotonic() + seconds
        while not condition(self):
            left = end - monotonic()
            if left <= 0 or self.exit_code is not None:
                raise AssertionError(f"it never came (exit {self.exit_code}):\n{self.text}")
            self.read(min(left, 0.1))

    def expect(self, text: str, seconds: float = 30.0) -> None:
        """Wait until the screen shows a text."""
        self.until(lambda terminal: text in terminal.text, seconds)

    def expect_exit(self, seconds: float = 30.0) -> int:
        """Wait for the end of the program; its exit code (negative: the signal that ended it)."""
        end = monotonic() + seconds
        while self.exit_code is None:
            if monotonic() > end:
                raise AssertionError(f"it still runs:\n{self.text}")
            self.read(0.1)
        return self.exit_code

    @property
    def restored(self) -> bool:
        """The program left the alternate screen, and echo and line mode are as they were."""
        modes = termios.tcgetattr(self._fd)[3]
        cooked = bool(modes & termios.ECHO) and bool(modes & termios.ICANON)
        return cooked and LEAVE_ALTERNATE_SCREEN in self.written
