"""What is written of a run, in the tables."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import asdict, dataclass, replace
from typing import Any

import msgspec

from engine.curve import is_judged
from tuinn.config import Config, tree
from tuinn.environment import environment
from tuinn.fingerprint import fingerprint
from tuinn.runners.report import Mark
from tuinn.store import rows
from tuinn.store.handover import Beginning
from tuinn.store.rows import Row

_PLACES = ", ".join("?" * (4 + len(rows.SCALARS)))
_PUT_ROW = f"INSERT INTO metric (run, row, {rows.COLUMNS}, layout, figures) VALUES ({_PLACES})"
_COPIED = f"row, {rows.COLUMNS}, layout, figures"
_MARK = "updates, epoch, evaluations, seconds, text, written"


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a run that is written."""

    id: int
    rows: int
    marks: int
    last: Row | None
    best_loss: float
    best_accuracy: float
    """These two at the places by which runs are judged; NaN before the first of them."""
    checkpoint: str
    """Name of its file; "": none."""
    going_on: bool
    """It is training or paused."""

    @property
    def best(self) -> tuple[float, float]:
        """Loss and accuracy, where it is now taken with them: see `tuinn.outcome.Outcome`."""
        if self.last is None or not self.last.update:
            return self.best_loss, self.best_accuracy
        loss, accuracy = self.last.result
        return _better(min, self.best_loss, loss), _better(max, self.best_accuracy, accuracy)


class Tables:
    """Writes into the tables, in a transaction that is begun and ended elsewhere."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def begin(self, beginning: Beginning, parent: int | None, session: str) -> State:
        """A run that is new, with the rows and marks of its parent up to where it leaves that."""
        experiment = beginning.experiment
        config = as_json(experiment.config)
        parent_update = None if beginning.parent is None else beginning.parent[1]
        values = {
            "name": beginning.name,
            "title": experiment.config.title,
            "config": config,
            "now": config,
            # a path may hold bytes that are no text
            "folder": beginning.folder.encode(errors="replace").decode(),
            "seed": experiment.config.seed,
            "status": "training",
            "started": beginning.started,
            "dataset": experiment.dataset.name,
            "data_hash": fingerprint(experiment),
            "regression": experiment.dataset.kind == "regression",
            "environment": msgspec.json.encode(asdict(environment())).decode(),
            "changed": beginning.parent is not None,
            "parent": parent,
            "parent_update": parent_update,
            "race": beginning.race,
            "session": session,
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
                ("mark", f"place, {_MARK}"),
            ):
                self._connection.execute(
                    f"INSERT INTO {table} (run, {columns}) SELECT ?, {columns} FROM {table} "
                    "WHERE run = ? AND updates <= ?",
                    (run, parent, parent_update),
                )
        return self.known(run, "", going_on=True)

    def known(self, run: int, checkpoint: str, *, going_on: bool) -> State:
        """The state of a run as it stands in the tables."""
        (count,) = self._connection.execute(
            "SELECT count(*) FROM metric WHERE run = ?", (run,)
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
        best = self._best(run, None if last is None else last.alpha)
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

    def _best(self, run: int, alpha: float | None) -> tuple[float | None, ...]:
        """Least loss with this α and greatest accuracy, in training and in validation."""
        found = self._connection.execute(
            "SELECT min(train_loss) FILTER (WHERE alpha IS :alpha), max(train_accuracy), "
            "min(validation_loss) FILTER (WHERE alpha IS :alpha), max(validation_accuracy) "
            "FROM metric WHERE run = :run AND is_judged(epoch)",
            {"run": run, "alpha": alpha},
        ).fetchone()
        return tuple(found)

    def put_row(self, state: State, row: Row) -> State:
        if state.last is not None and row.alpha != state.last.alpha:
            # with another α the cost is another function
            state = replace(state, best_loss=math.nan)
        layout = self._layout(row.layout)
        self._connection.execute(
            _PUT_ROW, (state.id, state.rows, *row.scalars, layout, row.figures)
        )
        state = replace(state, rows=state.rows + 1, last=row)
        if not is_judged(row.epoch):
            return state
        loss, accuracy = row.result
        return replace(
            state,
            best_loss=_better(min, state.best_loss, loss),
            best_accuracy=_better(max, state.best_accuracy, accuracy),
        )

    def _layout(self, text: str) -> int:
        """The number of a layout, which it gets where it is new."""
        query = "SELECT id FROM layout WHERE text = ?"
        found = self._connection.execute(query, (text,)).fetchone()
        if found is None:
            self._connection.execute("INSERT INTO layout (text) VALUES (?)", (text,))
            found = self._connection.execute(query, (text,)).fetchone()
        return int(found[0])

    def put_marks(self, state: State, marks: tuple[Mark, ...]) -> State:
        """Marks; what was written of a later moment, before the run was resumed, is no more."""
        update = marks[0].update
        if state.last is not None and state.last.update > update:
            for table in ("metric", "mark"):
                self._connection.execute(
                    f"DELETE FROM {table} WHERE run = ? AND updates > ?", (state.id, update)
                )
            state = self.known(state.id, state.checkpoint, going_on=state.going_on)
        for place, mark in enumerate(marks, state.marks):
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
        return replace(state, marks=state.marks + len(marks))


def as_json(config: Config) -> str:
    """A configuration in full, as it stands in the table."""
    return msgspec.json.encode(tree(config)).decode()


def is_new(last: Row | None, row: Row) -> bool:
    """Whether it tells what is not written: a run that was resumed repeats its last rows."""
    if last is None or row.update > last.update:
        return True
    return row.update == last.update and not row.same(last)


def _better(choose: Any, best: float, value: float) -> float:
    if math.isnan(best) or math.isnan(value):
        return value if math.isnan(best) else best
    return float(choose(best, value))
