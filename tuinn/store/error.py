"""What goes wrong with the store, in one sentence that says what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Kind = Literal["newer", "damaged", "readonly", "full", "busy", "missing", "other"]

_KINDS: dict[int, Kind] = {
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CORRUPT: "damaged",
    # what we write fits the tables; what is there does not fit them any more
    sqlite3.SQLITE_CONSTRAINT: "damaged",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_PERM: "readonly",
    sqlite3.SQLITE_CANTOPEN: "readonly",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
}
_NO_ROOM = (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
"""What SQLite says where a limit to the size of files, or a quota, is reached."""
_ERRNOS: dict[int, Kind] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.EACCES: "readonly",
    errno.EPERM: "readonly",
    errno.EROFS: "readonly",
    errno.ENOTDIR: "readonly",
    errno.EEXIST: "readonly",
}
_SENTENCES: dict[Kind, str] = {
    # the log of the database and the checkpoints belong to it
    "damaged": "is damaged ({why}); it was left as it is: move the folder {folder} away to begin a "
    "new one",
    "full": "cannot be written: there is no room on the disk ({why}); make room, or train without "
    "keeping runs",
    "readonly": "cannot be written ({why}); TUINN_HOME names another folder",
    "busy": "is held by another program ({why}); end it, or try again",
    "other": "cannot be used: {why}",
}


class StoreError(Exception):
    """A store that cannot be used as asked; the message names the file and what to do."""

    def __init__(self, message: str, kind: Kind = "other") -> None:
        super().__init__(message)
        self.kind: Kind = kind


def missing(run: int) -> StoreError:
    return StoreError(f"there is no run {run}; `tuinn runs` lists them", "missing")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say of ``path`` into a `StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise of_sqlite(path, error) from error
    except OSError as error:
        raise of_system(Path(error.filename or path), error) from error


def of_sqlite(path: Path, error: sqlite3.Error) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0)
    if code in _NO_ROOM:
        return _told(path, "full", str(error))
    # the lower byte is the class of an extended code
    code &= 0xFF
    return _told(path, _KINDS.get(code, "other"), str(error))


def of_system(path: Path, error: OSError) -> StoreError:
    return _told(path, _ERRNOS.get(error.errno or 0, "other"), error.strerror or str(error))


def _told(path: Path, kind: Kind, why: str) -> StoreError:
    sentence = _SENTENCES[kind].format(why=why, folder=path.parent)
    return StoreError(f"{path}: the store of runs {sentence}", kind)
