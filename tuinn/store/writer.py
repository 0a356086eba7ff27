"""Writing what was handed over into the database: all of it, or nothing."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING, Any

import msgspec

from tuinn.config import Config, tree
from tuinn.environment import environment
from tuinn.fingerprint import fingerprint
from tuinn.store import checkpoints, rows
from tuinn.store.error import StoreError, missing, told
from tuinn.store.folder import DATABASE, LOCKS
from tuinn.store.handover import Beginning, Handover
from tuinn.store.presence import Presence, alive
from tuinn.store.rows import Row
from tuinn.store.run import GOES_ON
from tuinn.store.schema import connect
from tuinn.store.transaction import revise, transaction

if TYPE_CHECKING:
    from tuinn.store.kept_run import KeptRun

_PLACES = ", ".join("?" * (4 + len(rows.SCALARS)))
_PUT_ROW = f"INSERT INTO metric (run, row, {rows.COLUMNS}, layout, figures) VALUES ({_PLACES})"
_COPIED = f"row, {rows.COLUMNS}, layout, figures"


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a run that is written."""

    id: int
    rows: int
    marks: int
    last: Row | None
    best_loss: float
    best_accuracy: float
    checkpoint: str
    """Name of its file; "": none."""
    going_on: bool
    """It is training or paused."""


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
        self._states: dict[KeptRun, State] = {}
        self._layouts: dict[str, int] = {}
        self._number = 0
        """Of the next checkpoint."""
        self.lost = ""
        """Why a run is not written any more; "" while all are."""

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
        states, layouts = dict(self._states), dict(self._layouts)
        lost = self.lost
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
            self._states, self._layouts, self.lost = states, layouts, lost
            checkpoints.remove(self._folder, [name for name, _ in files.values()])
            raise
        for run, state in self._states.items():
            run.id = state.id
        for handover in handovers:
            if handover.arrays is not None:
                handover.run.write_seconds = files[id(handover)][1]
                handover.run.writing = False
        checkpoints.remove(self._folder, replaced)

    def release(self) -> None:
        """What is not at its end is left by its person."""
        with told(self._path), transaction(self._connection):
            self._connection.execute(
                "UPDATE run SET status = 'stopped', held = 0, revision = ? "
                "WHERE session = ? AND held = 1",
                (revise(self._connection), self._session),
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
            return
        values: dict[str, Any] = {"ended": time.time(), "session": self._session, "asked": False}
        if handover.marks:
            state = self._put_marks(state, handover)
            values["changed"] = 1
        if handover.now is not None:
            values["now"] = as_json(handover.now)
        if handover.row is not None and _is_new(state.last, handover.row):
            state = self._put_row(state, handover.row)
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
        values |= {
            "rows": state.rows,
            "best_loss": state.best_loss,
            "best_accuracy": state.best_accuracy,
            "revision": revise(self._connection),
        }
        names = ", ".join(f"{name} = ?" for name in values)
        self._connection.execute(
            f"UPDATE run SET {names} WHERE id = ?", (*values.values(), state.id)
        )
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
        return self._known(number, checkpoint, going_on=status in GOES_ON)

    def _begin(self, beginning: Beginning) -> State:
        experiment = beginning.experiment
        config = as_json(experiment.config)
        parent, parent_update = None, None
        if beginning.parent is not None:
            source, parent_update = beginning.parent
            parent = source if isinstance(source, int) else self._id_of(source)
        values = {
            "name": beginning.name,
            "title": experiment.config.title,
            "config": config,
            "now": config,
            "folder": beginning.folder,
            "seed": experiment.config.seed,
            "status": "training",
            "started": beginning.started,
            "dataset": experiment.dataset.name,
            "data_hash": fingerprint(experiment),
            "environment": msgspec.json.encode(asdict(environment())).decode(),
            "changed": beginning.parent is not None,
            "parent": parent,
            "parent_update": parent_update,
            "race": beginning.race,
            "session": self._session,
        }
        marks = ", ".join("?" * len(values))
        found = self._connection.execute(
            f"INSERT INTO run ({', '.join(values)}) VALUES ({marks}) RETURNING id",
            tuple(values.values()),
        ).fetchall()
        run = int(found[0][0])
        if parent is not None:
            for table, columns in (
                ("metric", _COPIED),
                ("mark", "place, updates, epoch, evaluations, seconds, text, written"),
            ):
                self._connection.execute(
                    f"INSERT INTO {table} (run, {columns}) SELECT ?, {columns} FROM {table} "
                    "WHERE run = ? AND updates <= ?",
                    (run, parent, parent_update),
                )
        return self._known(run, "", going_on=True)

    def _id_of(self, run: KeptRun) -> int | None:
        """None for a run that was never written."""
        state = self._states.get(run)
        return run.id if state is None else state.id

    def _known(self, run: int, checkpoint: str, *, going_on: bool) -> State:
        """The state of a run as it stands in the tables."""
        count, *best = self._connection.execute(
            "SELECT count(*), min(train_loss), max(train_accuracy), min(validation_loss), "
            "max(validation_accuracy) FROM metric WHERE run = ?",
            (run,),
        ).fetchone()
        (marks,) = self._connection.execute(
            "SELECT count(*) FROM mark WHERE run = ?", (run,)
        ).fetchone()
        found = self._connection.execute(
            f"SELECT text, figures, {rows.COLUMNS} FROM metric JOIN layout ON layout.id = layout "
            "WHERE run = ? ORDER BY row DESC LIMIT 1",
            (run,),
        ).fetchone()
        last = None
        if found is not None:
            layout, figures, *scalars = found
            last = Row(tuple(scalars), layout, figures, rows.validated(layout))
        loss, accuracy = best[2:] if last is not None and last.validated else best[:2]
        return State(
            id=run,
            rows=count,
            marks=marks,
            last=last,
            best_loss=math.nan if loss is None else loss,
            best_accuracy=math.nan if accuracy is None else accuracy,
            checkpoint=checkpoint,
            going_on=going_on,
        )

    def _put_row(self, state: State, row: Row) -> State:
        if row.layout not in self._layouts:
            self._connection.execute(
                "INSERT INTO layout (text) VALUES (?) ON CONFLICT DO NOTHING", (row.layout,)
            )
            (self._layouts[row.layout],) = self._connection.execute(
                "SELECT id FROM layout WHERE text = ?", (row.layout,)
            ).fetchone()
        layout = self._layouts[row.layout]
        self._connection.execute(
            _PUT_ROW, (state.id, state.rows, *row.scalars, layout, row.figures)
        )
        loss, accuracy = row.result
        return replace(
            state,
            rows=state.rows + 1,
            last=row,
            best_loss=_better(min, state.best_loss, loss),
            best_accuracy=_better(max, state.best_accuracy, accuracy),
        )

    def _put_marks(self, state: State, handover: Handover) -> State:
        """Marks; what was written of a later moment, before the run was resumed, is no more."""
        update = handover.marks[0].update
        if state.last is not None and state.last.update > update:
            for table in ("metric", "mark"):
                self._connection.execute(
                    f"DELETE FROM {table} WHERE run = ? AND updates > ?", (state.id, update)
                )
            state = self._known(state.id, state.checkpoint, going_on=state.going_on)
        for place, mark in enumerate(handover.marks, state.marks):
            self._connection.execute(
                "INSERT INTO mark (run, place, updates, epoch, evaluations, seconds, text, "
                "written) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    state.id,
                    place,
                    mark.update,
                    mark.epoch,
                    mark.evaluations,
                    mark.seconds,
                    mark.text,
                    mark.written,
                ),
            )
        return replace(state, marks=state.marks + len(handover.marks))


def as_json(config: Config) -> str:
    """A configuration in full, as it stands in the table."""
    return msgspec.json.encode(tree(config)).decode()


def _is_new(last: Row | None, row: Row) -> bool:
    """Whether it tells what is not written: a run that was resumed repeats its last rows."""
    if last is None or row.update > last.update:
        return True
    return row.update == last.update and not row.same(last)


def _better(choose: Any, best: float, value: float) -> float:
    if math.isnan(best) or math.isnan(value):
        return value if math.isnan(best) else best
    return float(choose(best, value))
