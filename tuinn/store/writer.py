"""Writing what was handed over into the database: all of it, or nothing."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING, Any

from tuinn.store import checkpoints
from tuinn.store.error import StoreError, missing, told
from tuinn.store.folder import DATABASE, LOCKS
from tuinn.store.handover import Beginning, Handover
from tuinn.store.presence import Presence, alive
from tuinn.store.run import GOES_ON, Status
from tuinn.store.schema import connect
from tuinn.store.tables import State, Tables, as_json, is_new
from tuinn.store.transaction import revise, transaction

if TYPE_CHECKING:
    from tuinn.store.kept_run import KeptRun


class Writer:
    """The one connection of a process that writes runs. Used by one thread.

    Raises `StoreError`, and what was to be written is not, but may be given once more.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / DATABASE
        self._connection = connect(folder)
        try:
            with told(self._path):
                self._presence = Presence(folder / LOCKS)
        except BaseException:
            self._connection.close()
            raise
        self._tables = Tables(self._connection)
        self._states: dict[KeptRun, State] = {}
        self._number = 0
        """Of the next checkpoint."""
        self.lost = ""
        """Why a run is not written any more; "" while all are, and when another has begun."""

    def check_free(self, run: int) -> None:
        """Raise `StoreError` where another process has that run ("busy"), or it is gone.

        May be called in another thread.
        """
        connection = connect(self._folder)
        try:
            with told(self._path):
                found = connection.execute(
                    "SELECT session, held FROM run WHERE id = ?", (run,)
                ).fetchone()
        finally:
            connection.close()
        if found is None:
            raise missing(run)
        session, held = found
        if held and self._is_of_another(session):
            pid = session.partition("-")[0]
            raise StoreError(f"run {run} goes on in another process ({pid})", "busy")

    def _is_of_another(self, session: str) -> bool:
        return session != self._session and alive(self._folder / LOCKS, session)

    def write(self, handovers: list[Handover]) -> None:
        """Write them in their order."""
        files = self._write_files(handovers)
        states, lost = dict(self._states), self.lost
        replaced: list[str] = []
        try:
            with told(self._path):
                # the file of a checkpoint is deleted when the next one is named: that must hold
                # over a power cut as well
                level = "FULL" if files else "NORMAL"
                self._connection.execute(f"PRAGMA synchronous = {level}")
                with transaction(self._connection):
                    for handover in handovers:
                        self._write_one(handover, files, replaced)
        except BaseException:
            self._states, self.lost = states, lost
            checkpoints.remove(self._folder, [name for name, _ in files.values()])
            raise
        for run, state in self._states.items():
            run.id = state.id
        for handover in handovers:
            if handover.arrays is not None:
                handover.run.write_seconds = files[id(handover)][1]
                handover.run.writing = False
        checkpoints.remove(self._folder, replaced)

    def release(self, status: Status, reason: str) -> None:
        """What is not at its end is left so."""
        with told(self._path), transaction(self._connection):
            self._connection.execute(
                "UPDATE run SET status = ?, reason = ?, held = 0, revision = ? "
                "WHERE session = ? AND held = 1",
                (status, reason, revise(self._connection), self._session),
            )

    def close(self) -> None:
        self._connection.close()
        self._presence.close()

    @property
    def _session(self) -> str:
        return self._presence.session

    def _write_files(self, handovers: list[Handover]) -> dict[int, tuple[str, float]]:
        """Name of the checkpoint, and seconds of the processor for it, by the handover's id()."""
        files: dict[int, tuple[str, float]] = {}
        try:
            for handover in handovers:
                if handover.arrays is not None:
                    began = thread_time()
                    name = checkpoints.write(
                        self._folder, self._session, self._number, handover.arrays
                    )
                    self._number += 1
                    files[id(handover)] = name, thread_time() - began
        except StoreError:
            checkpoints.remove(self._folder, [name for name, _ in files.values()])
            raise
        return files

    def _write_one(
        self, handover: Handover, files: dict[int, tuple[str, float]], replaced: list[str]
    ) -> None:
        state = self._state(handover)
        if state is None:
            if handover.arrays is not None:
                replaced.append(files[id(handover)][0])
            return
        values: dict[str, Any] = {"ended": time.time(), "session": self._session, "asked": False}
        if handover.marks:
            state = self._tables.put_marks(state, handover.marks)
            values["changed"] = 1
        if handover.now is not None:
            values["now"] = as_json(handover.now)
        if handover.row is not None and is_new(state.last, handover.row):
            state = self._tables.put_row(state, handover.row)
        if handover.status is not None:
            status, reason = handover.status
            state = replace(state, going_on=status in GOES_ON)
            values |= {"status": status, "reason": reason}
        values["held"] = state.going_on
        if handover.arrays is not None:
            replaced.append(state.checkpoint)
            name, _ = files[id(handover)]
            state = replace(state, checkpoint=name)
            curve_hash, update = handover.curve
            values |= {"checkpoint": name, "curve_hash": curve_hash, "curve_update": update}
        if state.last is not None:
            values |= state.last.results
            values["validated"] = state.last.validated
        best_loss, best_accuracy = state.best
        values |= {
            "rows": state.rows,
            "best_loss": best_loss,
            "best_accuracy": best_accuracy,
            "revision": revise(self._connection),
        }
        names = ", ".join(f"{name} = ?" for name in values)
        self._connection.execute(
            f"UPDATE run SET {names} WHERE id = ?", (*values.values(), state.id)
        )
        if handover.run not in self._states:
            self.lost = ""
        self._states[handover.run] = state

    def _state(self, handover: Handover) -> State | None:
        """The run as it stands in the tables; None where it is no longer ours to write."""
        run = handover.run
        if handover.beginning is not None:
            return self._begin(handover.beginning)
        known = self._states.get(run)
        number = run.id if known is None else known.id
        found = self._connection.execute(
            "SELECT session, held, checkpoint, status FROM run WHERE id = ?", (number,)
        ).fetchone()
        if found is None:
            self.lost = f"run {number} is not kept any more: it was deleted by another process"
            return None
        session, held, checkpoint, status = found
        if session == self._session and known is not None:
            return known
        if held and self._is_of_another(session):
            self.lost = f"run {number} is not kept any more: it goes on in another process"
            return None
        if session != self._session:
            # it goes on here; what was told of its end is no longer so
            values = "status = 'training', reason = ''"
            self._connection.execute(f"UPDATE run SET {values} WHERE id = ?", (number,))
            status = "training"
        return self._tables.known(number, checkpoint, going_on=status in GOES_ON)

    def _begin(self, beginning: Beginning) -> State:
        parent: int | None = None
        if beginning.parent is not None:
            source, _ = beginning.parent
            parent = source if isinstance(source, int) else self._id_of(source)
        return self._tables.begin(beginning, parent, self._session)

    def _id_of(self, run: KeptRun) -> int | None:
        """None for a run that was never written."""
        state = self._states.get(run)
        return run.id if state is None else state.id
