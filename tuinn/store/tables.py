"""What is written of a run, in the tables."""

from __future__ import annotations

import math
import sqlite3
from copy import copy
from dataclasses import asdict, dataclass, replace

import msgspec

from tuinn.config import Config, tree
from tuinn.environment import environment
from tuinn.fingerprint import fingerprint
from tuinn.mark import Mark
from tuinn.outcome import Tally
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
    tally: Tally
    """Never changed: that of another state is another one."""
    checkpoint: str
    """Name of its file; "": none."""
    going_on: bool
    """It is training or paused."""

    @property
    def best(self) -> tuple[float, float]:
        """Loss and accuracy, where it is now taken with them: see `tuinn.outcome.Outcome`."""
        if self.last is None or not self.last.update:
            return self.tally.loss, self.tally.accuracy
        return self.tally.with_now(*self.last.result)


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
        return State(
            id=run,
            rows=count,
            marks=marks,
            last=last,
            tally=self._tally(run, last),
            checkpoint=checkpoint,
            going_on=going_on,
        )

    def _tally(self, run: int, last: Row | None) -> Tally:
        """As it is after all the rows of a run, of which that is the last."""
        tally = Tally()
        if last is not None:
            part = "validation" if last.validated else "train"
            loss, accuracy = self._connection.execute(
                f"SELECT min({part}_loss) FILTER (WHERE row > (SELECT ifnull(max(row), -1) "
                "FROM metric WHERE run = :run AND alpha != :alpha)), "
                f"max({part}_accuracy) FROM metric WHERE run = :run AND is_judged(epoch)",
                {"run": run, "alpha": last.alpha},
            ).fetchone()
            # NaN is NULL in a table
            best = [math.nan if value is None else value for value in (loss, accuracy)]
            tally.go_on(best[0], best[1], last.alpha)
        return tally

    def put_row(self, state: State, row: Row) -> State:
        layout = self._layout(row.layout)
        self._connection.execute(
            _PUT_ROW, (state.id, state.rows, *row.scalars, layout, row.figures)
        )
        tally = copy(state.tally)
        tally.add(row.epoch, row.alpha, *row.result)
        return replace(state, rows=state.rows + 1, last=row, tally=tally)

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
