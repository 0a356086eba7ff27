"""The list of runs, of which only what was changed is read again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tuinn.store.presence import alive
from tuinn.store.run import GOES_ON, RUN_COLUMNS, StoredRun, stored

KILLED = "its process ended without a word"


class Listing:
    """The runs that are not deleted, as `connection` finds them; ``locks``: who is alive."""

    def __init__(self, connection: sqlite3.Connection, locks: Path) -> None:
        self._connection, self._locks = connection, locks
        self._found: dict[int, StoredRun] = {}
        """As they stand in the table."""
        self._shown: list[StoredRun] | None = None
        self._holders: frozenset[str] = frozenset()
        """Sessions that hold a run, and of these those whose process is dead."""
        self._dead: frozenset[str] = frozenset()
        self._revision = -1
        self._seen = -1
        """What SQLite counts of changes by others."""
        self._version = 0

    def touch(self) -> None:
        """The connection was used to change something."""
        self._seen = -1

    def version(self) -> int:
        """Another number whenever something was changed, or a process died."""
        self._refresh()
        return self._version

    def runs(self) -> list[StoredRun]:
        """The newest first."""
        self._refresh()
        if self._shown is None:
            newest = sorted(self._found.items(), reverse=True)
            self._shown = [self._told(run) for _, run in newest]
        return list(self._shown)

    def run(self, id: int) -> StoredRun | None:
        self._refresh()
        found = self._found.get(id)
        return None if found is None else self._told(found)

    def _refresh(self) -> None:
        (seen,) = self._connection.execute("PRAGMA data_version").fetchone()
        if seen != self._seen:
            # before the rows: what is written in between is read once more
            self._seen = seen
            self._read()
        dead = frozenset(session for session in self._holders if not alive(self._locks, session))
        if dead != self._dead:
            self._dead, self._shown = dead, None
            self._version += 1

    def _read(self) -> None:
        query = f"SELECT {RUN_COLUMNS}, hidden, revision FROM run"
        changed = self._connection.execute(f"{query} WHERE revision > ?", (self._revision,))
        for *row, hidden, revision in changed.fetchall():
            self._revision = max(self._revision, revision)
            if hidden:
                self._found.pop(row[0], None)
            else:
                self._found[row[0]] = stored(row)
            self._shown = None
        (count,) = self._connection.execute("SELECT count(*) FROM run WHERE hidden = ''").fetchone()
        if count != len(self._found):
            there = set(self._connection.execute("SELECT id FROM run WHERE hidden = ''"))
            self._found = {run.id: run for run in self._found.values() if (run.id,) in there}
            self._shown = None
        if self._shown is None:
            self._holders = frozenset(run.session for run in self._found.values() if run.held)
            self._version += 1

    def _told(self, run: StoredRun) -> StoredRun:
        """A run that a dead process holds is told as cut off."""
        if not (run.held and run.session in self._dead):
            return run
        if run.status not in GOES_ON:
            return run._replace(held=False)
        return run._replace(held=False, status="interrupted", reason=KILLED)
