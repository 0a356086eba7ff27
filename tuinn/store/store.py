"""The runs that were kept: reading them, and what a person does with them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from engine import Snapshot
from tuinn.history import CAPACITY, History
from tuinn.mark import Mark
from tuinn.store import checkpoints, rows
from tuinn.store.error import StoreError, missing, told
from tuinn.store.folder import DATABASE, LOCKS, store_folder
from tuinn.store.listing import Listing
from tuinn.store.presence import Presence, alive, sweep
from tuinn.store.run import StoredRun
from tuinn.store.schema import connect
from tuinn.store.transaction import revise, transaction

Array = NDArray[Any]

PART = 500
"""Rows that are read at once: nobody has to wait for a reader of a long run."""
PURGED = 20_000
"""Rows that are deleted at once."""
_METRICS = f"SELECT row, layout, figures, {rows.COLUMNS} FROM metric"


class Store:
    """The runs in ``folder``, by default the user's; made where it does not exist.

    May be used by several threads. Everything here raises `StoreError` where the store cannot be
    used; with ``read_only`` nothing is written, not even where the folder allows it.
    """

    def __init__(self, folder: Path | None = None, *, read_only: bool = False) -> None:
        self.folder = folder if folder is not None else store_folder()
        self.path = self.folder / DATABASE
        self.read_only = read_only
        self._lock = threading.RLock()
        self._connection = connect(self.folder, read_only=read_only)
        self._listing = Listing(self._connection, self.folder / LOCKS)
        self._decoders: dict[int, rows.Decoder] = {}
        self._presence: Presence | None = None
        """While this object has something to delete."""
        if not read_only:
            try:
                with told(self.path):
                    sweep(self.folder / LOCKS)
                    self._purge_left()
            except BaseException:
                self._connection.close()
                raise

    def runs(self) -> list[StoredRun]:
        """All of them, the newest first; those whose process is dead are "interrupted"."""
        with self._used():
            return self._listing.runs()

    def version(self) -> int:
        """Another number whenever anybody changed anything; cheap enough to poll."""
        with self._used():
            return self._listing.version()

    def run(self, id: int) -> StoredRun:
        """`StoreError` of the kind "missing" where there is none."""
        with self._used():
            found = self._listing.run(id)
        if found is None:
            raise missing(id)
        return found

    def snapshots(self, id: int, after_update: int = -1) -> Iterator[Snapshot]:
        """All that were taken, without θ, in their order; those of later updates only."""
        self.run(id)
        last = -1
        while True:
            part = self._read(
                f"{_METRICS} WHERE run = ? AND row > ? AND updates > ? ORDER BY row LIMIT ?",
                (id, last, after_update, PART),
            )
            yield from (self._snapshot(id, row) for row in part)
            if len(part) < PART:
                return
            last = part[-1][0]

    def marks(self, id: int) -> list[Mark]:
        """What was changed in mid-run, in its order."""
        self.run(id)
        found = self._read(
            "SELECT updates, epoch, evaluations, seconds, text, written FROM mark "
            "WHERE run = ? ORDER BY place",
            (id,),
        )
        return [
            Mark(update, epoch, evaluations, seconds, text, bool(written))
            for update, epoch, evaluations, seconds, text, written in found
        ]

    def history(self, id: int) -> History:
        """The curves and marks, decimated to what a `History` holds; first and last are there."""
        count = self.run(id).rows
        stride = max(1, -(-count // (CAPACITY - 1)))
        places = list(range(0, count, stride))
        if count and places[-1] != count - 1:
            places.append(count - 1)
        history = History()
        for start in range(0, len(places), PART):
            part = self._read(
                f"{_METRICS} WHERE run = ? AND row IN (SELECT value FROM json_each(?)) "
                "ORDER BY row",
                (id, json.dumps(places[start : start + PART])),
            )
            for row in part:
                history.append(self._snapshot(id, row))
        history.marks.extend(self.marks(id))
        return history

    def checkpoint(self, id: int) -> dict[str, Array] | None:
        """What `Trainer.load` takes; None: there is none. `StoreError` where it is damaged."""
        for attempt in range(5):
            name = self.run(id).checkpoint
            if not name:
                return None
            try:
                return checkpoints.read(self.folder, id, name)
            except StoreError:
                # its process may have replaced it in between
                if attempt == 4 or self.run(id).checkpoint == name:
                    raise
        return None

    def tag(self, ids: Iterable[int], add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Add and remove tags; one that is there is not added again."""
        gone, new = set(remove), list(dict.fromkeys(add))

        def tagged(old: str) -> str:
            tags = [tag for tag in json.loads(old) if tag not in gone]
            return json.dumps(
                tags + [tag for tag in new if tag not in tags and tag not in gone],
                ensure_ascii=False,
            )

        self._edit(ids, "tags", tagged)

    def note(self, id: int, text: str) -> None:
        """Write a note in place of the one before; "" removes it."""
        self._edit([id], "note", lambda _: text)

    def delete(self, ids: Iterable[int]) -> None:
        """Hide them at once; they are gone for good when this object is closed."""
        with self._used(write=True):
            if self._presence is None:
                self._presence = Presence(self.folder / LOCKS)
            session = self._presence.session
        self._edit(ids, "hidden", lambda _: session)

    def restore(self, ids: Iterable[int]) -> None:
        """Take back what `delete` did."""
        self._edit(ids, "hidden", lambda _: "")

    def purge(self) -> None:
        """Delete for good what this object was told to delete, and nobody trains any more."""
        if self._presence is not None:
            self._purge([self._presence.session])

    def interrupted_last(self) -> list[StoredRun]:
        """Those cut off last, together, that can go on and that nobody was asked about yet; none
        that was begun anew in their race, or by the same program, since."""
        newest: dict[tuple[Any, ...], StoredRun] = {}
        for run in self.runs():
            newest.setdefault(_place(run), run)
        cut = [
            run
            for run in newest.values()
            if run.status == "interrupted" and run.resumable and not run.asked
        ]
        if not cut:
            return []
        last = max(cut, key=lambda run: (run.ended or run.started, run.id))
        return [
            run
            for run in cut
            if run.session == last.session or (run.race and run.race == last.race)
        ]

    def asked(self, ids: Iterable[int]) -> None:
        """A person was asked whether they shall go on."""
        self._edit(ids, "asked", lambda _: 1)

    def close(self) -> None:
        """Delete for good what was deleted, and close the file."""
        # what cannot be deleted now stays hidden, and is when a store is opened next
        with suppress(StoreError):
            self.purge()
        with self._lock:
            self._connection.close()
            if self._presence is not None:
                self._presence.close()
                self._presence = None

    @contextmanager
    def _used(self, *, write: bool = False) -> Iterator[None]:
        if write and self.read_only:
            raise StoreError(f"{self.path}: the store of runs is open for reading only", "readonly")
        with self._lock, told(self.path):
            yield

    def _read(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with self._used(), closing(self._connection.execute(query, values)) as cursor:
            return cursor.fetchall()

    def _snapshot(self, id: int, row: tuple[Any, ...]) -> Snapshot:
        place, layout, figures, *scalars = row
        try:
            if layout not in self._decoders:
                ((text,),) = self._read("SELECT text FROM layout WHERE id = ?", (layout,))
                self._decoders[layout] = rows.Decoder(text)
            return self._decoders[layout].snapshot(tuple(scalars), figures)
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"{self.path}: row {place} of run {id} is damaged ({error}); it was left as it is",
                "damaged",
            ) from error

    def _edit(self, ids: Iterable[int], column: str, new: Callable[[Any], Any]) -> None:
        """Set a column of some runs to what ``new`` makes of its value; all of them or none."""
        with self._used(write=True):
            with transaction(self._connection):
                for run in ids:
                    found = self._connection.execute(
                        f"SELECT {column} FROM run WHERE id = ?", (run,)
                    ).fetchone()
                    if found is None:
                        raise missing(run)
                    self._connection.execute(
                        f"UPDATE run SET {column} = ?, revision = ? WHERE id = ?",
                        (new(found[0]), revise(self._connection), run),
                    )
            self._listing.touch()

    def _purge_left(self) -> None:
        """Delete what was to be deleted by those who were killed before they did it."""
        hidden = self._read("SELECT DISTINCT hidden FROM run WHERE hidden != ''", ())
        self._purge([session for (session,) in hidden if not alive(self._locks, session)])
        # before what is named is read: the dead name nothing any more
        files = checkpoints.of_the_dead(self.folder)
        named = self._read("SELECT checkpoint FROM run WHERE checkpoint != ''", ())
        checkpoints.remove(self.folder, files - {name for (name,) in named})

    @property
    def _locks(self) -> Path:
        return self.folder / LOCKS

    def _purge(self, sessions: list[str]) -> None:
        for session in sessions:
            found = self._read(
                "SELECT id, session, held, checkpoint FROM run WHERE hidden = ?", (session,)
            )
            for run, by, held, checkpoint in found:
                if not (held and alive(self._locks, by)):
                    self._purge_run(run)
                    checkpoints.remove(self.folder, [checkpoint])

    def _purge_run(self, run: int) -> None:
        """Delete a run in parts, between which others can write."""
        left = True
        while left:
            with self._used(write=True), transaction(self._connection):
                (last,) = self._connection.execute(
                    "SELECT max(row) FROM metric WHERE run = ?", (run,)
                ).fetchone()
                left = last is not None and last >= PURGED
                if left:
                    self._connection.execute(
                        "DELETE FROM metric WHERE run = ? AND row > ?", (run, last - PURGED)
                    )
                else:
                    self._connection.execute("DELETE FROM run WHERE id = ?", (run,))
        self._listing.touch()


def _place(run: StoredRun) -> tuple[Any, ...]:
    """What a run that is begun anew has in common with the one before."""
    if run.race:
        # there may be several of a name
        return run.race, run.name, run.seed, run.config_json
    return run.session, run.name, run.seed
