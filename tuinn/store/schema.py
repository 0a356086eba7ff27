"""The tables, and how a connection to them is opened."""

from __future__ import annotations

import sqlite3
import struct
import threading
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from engine.curve import is_judged
from tuinn.store import presence
from tuinn.store.error import StoreError, told
from tuinn.store.folder import CHECKPOINTS, DATABASE, LOCKS

APPLICATION = 0x7475696E
"""Of our files, in the header of the database: "tuin"."""
FORMAT = 1
BUSY_SECONDS = 10.0
"""How long a connection waits for the writer of another process."""

TABLES = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    config TEXT NOT NULL,
    now TEXT NOT NULL,
    folder TEXT NOT NULL,
    seed INTEGER NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    started REAL NOT NULL,
    ended REAL,
    dataset TEXT NOT NULL,
    data_hash TEXT NOT NULL,
    environment TEXT NOT NULL,
    curve_hash TEXT NOT NULL DEFAULT '',
    curve_update INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    parent INTEGER,
    parent_update INTEGER,
    race TEXT NOT NULL DEFAULT '',
    epoch REAL NOT NULL DEFAULT 0,
    updates INTEGER NOT NULL DEFAULT 0,
    evaluations INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,
    train_loss REAL,
    train_accuracy REAL,
    validation_loss REAL,
    validation_accuracy REAL,
    best_loss REAL,
    best_accuracy REAL,
    rows INTEGER NOT NULL DEFAULT 0,
    tags TEXT NOT NULL DEFAULT '[]',
    note TEXT NOT NULL DEFAULT '',
    session TEXT NOT NULL,
    held INTEGER NOT NULL DEFAULT 1,
    checkpoint TEXT NOT NULL DEFAULT '',
    validated INTEGER NOT NULL DEFAULT 0,
    regression INTEGER NOT NULL,
    asked INTEGER NOT NULL DEFAULT 0,
    -- the session that deletes it; '' while it is to be seen
    hidden TEXT NOT NULL DEFAULT '',
    -- a number that grows with every change of any run
    revision INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX run_by_revision ON run (revision);

CREATE TABLE revision (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    last INTEGER NOT NULL
) STRICT;
INSERT INTO revision VALUES (1, 0);

-- what the numbers in the BLOB of a row are, as JSON
CREATE TABLE layout (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE metric (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    -- counts the rows of a run from 0, without gaps
    row INTEGER NOT NULL,
    epoch REAL NOT NULL,
    updates INTEGER NOT NULL,
    evaluations INTEGER NOT NULL,
    seconds REAL NOT NULL,
    eta REAL NOT NULL,
    alpha REAL NOT NULL,
    batch_size INTEGER NOT NULL,
    train_loss REAL,
    train_accuracy REAL,
    validation_loss REAL,
    validation_accuracy REAL,
    layout INTEGER NOT NULL REFERENCES layout (id),
    -- float64, little-endian
    figures BLOB NOT NULL,
    PRIMARY KEY (run, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE mark (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    updates INTEGER NOT NULL,
    epoch REAL NOT NULL,
    evaluations INTEGER NOT NULL,
    seconds REAL NOT NULL,
    text TEXT NOT NULL,
    written INTEGER NOT NULL,
    PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID;
"""


_OPEN: Counter[str] = Counter()
"""Connections of this process by the path of their file."""
_OPENING = threading.RLock()


class Connection(sqlite3.Connection):
    """One that is counted while it is open."""

    path = ""

    def close(self) -> None:
        super().close()
        with _OPENING:
            if self.path:
                _OPEN[self.path] -= 1
                self.path = ""


def connect(folder: Path, *, read_only: bool = False) -> Connection:
    """A connection to the database in ``folder``, which is made where it does not exist.

    Its transactions are begun by hand. Raises `StoreError`, and nothing was touched then, where
    the file is from a newer tuinn, is damaged or of another program, or cannot be written.
    """
    path = folder / DATABASE
    with _OPENING, told(path):
        if read_only:
            if not path.is_file():
                raise _nothing_yet(path)
        else:
            for name in (CHECKPOINTS, LOCKS):
                (folder / name).mkdir(parents=True, exist_ok=True)
        # the system lets go of all the locks that this process has on a file when any descriptor of
        # it is closed: behind the back of an open connection that would lose what others write
        if _OPEN[_key(path)] == 0:
            _check_file(path)
        if read_only:
            return _open_to_read(path)
        # two that turn an empty file into a database at once do not wait for each other
        with presence.alone(folder / LOCKS / "opening"):
            connection = _open(path, "rwc")
            try:
                _prepare(path, connection)
            except BaseException:
                connection.close()
                raise
        return connection


def _key(path: Path) -> str:
    return str(path.resolve())


def _open(path: Path, mode: str) -> Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        # each is guarded by a lock, or used by one thread after it was opened by another
        check_same_thread=False,
        factory=Connection,
    )
    connection.path = _key(path)
    _OPEN[connection.path] += 1
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.create_function("is_judged", 1, _is_judged, deterministic=True)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_judged(epoch: object) -> bool:
    """`is_judged` of what stands in a row, which in a damaged file may be anything."""
    return isinstance(epoch, int | float) and is_judged(epoch)


def _open_to_read(path: Path) -> Connection:
    wal = path.with_name(f"{path.name}-wal")
    connection = None
    try:
        connection = _open(path, "ro")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        if connection is not None:
            connection.close()
        if wal.exists() and wal.stat().st_size:
            raise
        # in a folder that cannot be written there is no place for the index of the log, but then
        # nobody writes: the file is all there is
        connection = _open(path, "ro&immutable=1")
    try:
        if _is_empty(connection):
            # whoever was about to make it was killed, or had no room on the disk
            raise _nothing_yet(path)
        _check(path, connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_empty(connection: sqlite3.Connection) -> bool:
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return bool(tables == 0)


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    """Make the tables where there are none yet; check them where there are."""
    if _is_empty(connection):
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(
            f"BEGIN IMMEDIATE; {TABLES}"
            f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT}; COMMIT;"
        )
        # the numbers of the header are looked at in the file itself
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _check(path, connection)
    # creates the files of the log now, so that what cannot be written is told at once
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE revision SET last = last")
    connection.execute("COMMIT")


def _check(path: Path, connection: sqlite3.Connection) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    _check_numbers(path, application, version)


def _check_file(path: Path) -> None:
    """Look at the header without SQLite, which would already write beside the file."""
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise _damaged(path, "it does not begin like a database")
    page, pages = struct.unpack(">H", header[16:18])[0], struct.unpack(">I", header[28:32])[0]
    changes, counted = struct.unpack(">I", header[24:28]), struct.unpack(">I", header[92:96])
    (version,), (application,) = (
        struct.unpack(">I", header[start : start + 4]) for start in (60, 68)
    )
    if application or version:
        # else it was being made when its maker was killed
        _check_numbers(path, application, version)
    page = 65536 if page == 1 else page
    wal = path.with_name(f"{path.name}-wal")
    logged = wal.exists() and wal.stat().st_size > 0
    # last of all: without a log the file is at least as long as it was when the header was read
    size = path.stat().st_size
    if changes == counted and not logged and size < page * pages:
        raise _damaged(path, f"{page * pages} bytes are expected, {size} are there")


def _check_numbers(path: Path, application: int, version: int) -> None:
    if application != APPLICATION:
        raise StoreError(
            f"{path}: is a database of another program; it was left as it is: move it away, or "
            "let TUINN_HOME name another folder"
        )
    if version > FORMAT:
        raise StoreError(
            f"{path}: the store of runs is from a newer tuinn (format {version}; this one knows "
            f"{FORMAT}); it was left as it is: update tuinn, or let TUINN_HOME name another folder",
            "newer",
        )


def _damaged(path: Path, why: str) -> StoreError:
    return StoreError(
        f"{path}: the store of runs is damaged ({why}); it was left as it is: move the folder "
        f"{path.parent} away to begin a new one",
        "damaged",
    )


def _nothing_yet(path: Path) -> StoreError:
    return StoreError(f"{path}: there are no runs yet", "missing")
