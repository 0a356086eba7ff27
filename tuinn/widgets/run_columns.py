"""The columns of the lists of runs: what stands in them, which come first, and how they sort."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from tuinn.comparison import FIGURES
from tuinn.numbers import NONE
from tuinn.store.filter_fields import last_accuracy, last_loss
from tuinn.widgets.walk_table import figure, whole

if TYPE_CHECKING:
    from tuinn.store import StoredRun

STATES = {
    "training": "●",
    "paused": "‖",
    "finished": "✓",
    "diverged": "✗",
    "stopped": "■",
    "interrupted": "!",
}
"""The sign of each status."""
ASCII = str.maketrans("▸✓✗‖■–↑↓…·→", ">*x|#-^v.->")
"""What stands for signs where only ASCII can be drawn, beside `look.plain`."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; the name of a run has the room that is left."""

    name: str
    """By which it is sorted."""
    title: str
    width: int
    """On the screen, with room for the title and the arrow of the order."""
    rank: int
    """In which order columns give way, highest first."""
    text: Callable[[StoredRun], str]
    key: Callable[[StoredRun], Any]
    """None and NaN stand last, whatever the order."""
    falls: bool = False
    """The greatest comes first, until the order is turned round."""
    left: bool = False


def method(run: StoredRun) -> str:
    """The optimiser."""
    return str(run.tree.get("optimizer", {}).get("name", NONE))


def moment(seconds: float, now: datetime) -> str:
    """A time in at most 11 columns: "14:30:12" today, "11-21 14:30" this year, "2025-11-21"."""
    then = datetime.fromtimestamp(seconds)
    if then.date() == now.date():
        return then.strftime("%H:%M:%S")
    return then.strftime("%m-%d %H:%M" if then.year == now.year else "%Y-%m-%d")


def _began(run: StoredRun) -> str:
    return moment(run.started, datetime.now())


def accuracy(value: float) -> str:
    """An accuracy, written as where runs are raced: "0.983", ">0.999"."""
    return FIGURES["best_accuracy"].text(value)


def seconds(value: float) -> str:
    """A time of training in seconds, written as where runs are raced: "0.525", "1 740"."""
    return FIGURES["seconds"].text(value)


COLUMNS = (
    Column("status", "state", 11, 7, lambda run: run.status, lambda run: run.status, left=True),
    Column("method", "method", 9, 4, method, method, left=True),
    Column("data", "data", 10, 6, lambda run: run.dataset, lambda run: run.dataset, left=True),
    Column("loss", "loss", 7, 5, lambda run: figure(last_loss(run), 7), last_loss),
    Column("accuracy", "acc.", 7, 9, lambda run: accuracy(last_accuracy(run)), last_accuracy, True),
    Column(
        "best_loss", "best loss", 10, 1,
        lambda run: figure(run.best_loss, 10), lambda run: run.best_loss,
    ),
    Column(
        "best_accuracy", "best acc.", 10, 2,
        lambda run: accuracy(run.best_accuracy), lambda run: run.best_accuracy, True,
    ),
    Column(
        "epoch", "epochs", 7, 8,
        lambda run: whole(math.floor(run.epoch + 1e-9), 7), lambda run: run.epoch, True,
    ),
    Column(
        "seconds", "time (s)", 9, 10,
        lambda run: seconds(run.seconds), lambda run: run.seconds, True,
    ),
    Column("started", "began", 11, 3, _began, lambda run: run.started, True),
)  # fmt: skip
ID = Column("id", "run", 5, 0, lambda run: str(run.id), lambda run: run.id, True)
NAME = Column(
    "name", "name", 16, 0, lambda run: run.name, lambda run: run.name.casefold(), left=True
)
BY_NAME = {column.name: column for column in (ID, NAME, *COLUMNS)}


def in_order(runs: Sequence[StoredRun], by: str, backward: bool) -> list[StoredRun]:
    """The runs sorted by a column; those that are equal in it, the newest first."""
    column = BY_NAME[by]
    newest = sorted(runs, key=ID.key, reverse=True)
    known = [run for run in newest if _is_known(column.key(run))]
    rest = [run for run in newest if not _is_known(column.key(run))]
    # a reversed sort keeps the order of what is equal, too
    return sorted(known, key=column.key, reverse=column.falls is not backward) + rest


def _is_known(value: Any) -> bool:
    return value is not None and value == value


def fitting(width: int) -> tuple[list[Column], int]:
    """The columns beside id and name that there is room for, in their order, and that of the name;
    ``width``: what there is for all but what stands before the id."""
    room = width - ID.width - 1 - NAME.width
    chosen: set[int] = set()
    for place in sorted(range(len(COLUMNS)), key=lambda place: COLUMNS[place].rank):
        need = COLUMNS[place].width + 1
        # a wide terminal shows longer names before it shows the least of the columns
        if need + (10 if COLUMNS[place].rank > 6 else 0) <= room:
            chosen.add(place)
            room -= need
    return [column for place, column in enumerate(COLUMNS) if place in chosen], NAME.width + room


def plain_text(text: str) -> str:
    """A text of which every character is one cell wide, as a grid of cells needs it."""
    text = " ".join(text.split())
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() and cell_len(c) == 1 else "?" for c in text)


def cut(text: str, width: int) -> str:
    """A text in at most so many columns, with … where something is left out."""
    if len(text) <= width:
        return text
    return text[: max(width - 1, 0)] + "…" if width else ""
