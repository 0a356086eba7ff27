"""Who is alive: every session holds a lock that the system lets go when its process ends."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Presence:
    """A session of this process: its name, and a lock on a file of that name in ``folder``.

    A process that is killed lets the lock go without doing anything.
    """

    def __init__(self, folder: Path) -> None:
        self.session = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._path = folder / self.session
        aside = folder / f".{self.session}"
        self._file = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        # whoever sees the name finds it locked
        os.rename(aside, self._path)

    def close(self) -> None:
        self._path.unlink(missing_ok=True)
        os.close(self._file)


def alive(folder: Path, session: str) -> bool:
    """Whether the process of that session lives and still holds it."""
    try:
        file = os.open(folder / session, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def sweep(folder: Path) -> None:
    """Remove what sessions left that are dead."""
    for path in folder.glob("[0-9]*-*"):
        if not alive(folder, path.name):
            path.unlink(missing_ok=True)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no other process is in here with the file at ``path``."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
