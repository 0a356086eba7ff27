"""Where everything of the table of a race stands: lines of cells, from its size and its rows."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tuinn.comparison import Difference, Result, notes, part_of, time_notes
from tuinn.comparison_rows import STATE, Cell, Row, difference_rows, result_rows
from tuinn.short_names import short_names
from tuinn.widgets.walk_table import figure, whole

LEAST = 8
"""Cells of a column: a blank, six of a figure, a star."""
FIGURE = 6
"""Cells of a figure in a narrow column."""
COUNTED = ("evaluations", "update")
"""The figures that are whole numbers."""
LABEL = 12
"""Cells of the labels, with the sign before them, that they have at least; more are a quarter."""
MOST = 22
WITH_SPREAD = 18
"""Cells of a column in which "0.0813 ± 0.0021" stands on one line; else it takes two."""
WITH_LABELS = 14
"""Cells of a column beside which long labels may stand."""

_SHORT = {"finished": "done", "training": "trains", "diverged": "diverg.", "interrupted": "cut off"}
"""States where there is little room."""

DIFFER = "what differs"
"""Above the settings, below the results."""

Kind = Literal["names", "row", "spread", "rule", "note"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    kind: Kind
    label: str
    texts: tuple[str, ...] = ()
    """As wide as a column each; of the columns of its block."""
    stars: tuple[bool, ...] = ()
    key: str = ""
    """Of its row; empty where there is none."""
    places: tuple[int, ...] = ()
    """The runs of its block, from left to right."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of the whole table, which may be more than there is room for."""

    lines: tuple[Line, ...]
    left: int
    """Cells before the first column."""
    column: int
    """Cells of a column."""


def lay_out(
    names: Sequence[str],
    differences: Sequence[Difference],
    results: Sequence[Result],
    places: Sequence[int],
    width: int,
) -> Layout:
    """The table in ``width`` cells, the runs in the order of ``places``: how they fare, then what
    differs.

    Where not all columns fit beside each other the others follow below.
    """
    number = max(len(places), 1)
    differing, short = difference_rows(differences), True
    faring = result_rows(results, short=False)
    if width - _left([*differing, *faring]) >= number * WITH_LABELS:
        short = False
    else:
        faring = result_rows(results, short=True)
    left = _left([*differing, *faring])
    if short:
        # all runs beside each other come before whole labels
        most = max(LABEL, min(width // 4, width - number * LEAST))
        left = min(max(left, len(_part(results)) + 1), most, max(width - LEAST, 1))
    beside = max(1, min(number, (width - left) // LEAST))
    column = max(1, min((width - left) // beside, MOST))
    shown = short_names(names, max(column - 3, 1))
    lines: list[Line] = []
    for start in range(0, len(places), beside):
        block = tuple(places[start : start + beside])
        heads = tuple(shown[place] for place in block)
        part = _part(results) if short else ""
        lines.append(Line("names", part, heads, places=block))
        lines += _lines(faring, block, column, left)
        if differing:
            lines.append(Line("rule", DIFFER, places=block))
            lines += _lines(differing, block, column, left)
    for note in [*notes(results), *time_notes(results)]:
        lines += [Line("note", text) for text in textwrap.wrap(note, max(width - 1, 1))]
    return Layout(tuple(lines), left, column)


def _left(rows: Sequence[Row]) -> int:
    """Cells of the labels, with the sign before them."""
    return 1 + max(len(row.label) for row in rows)


def _part(results: Sequence[Result]) -> str:
    """What the figures are had on, where short labels do not say it."""
    parts = {part_of(result.basis) for result in results}
    return parts.pop() if len(parts) == 1 else ""


def _lines(rows: Sequence[Row], block: tuple[int, ...], column: int, left: int) -> list[Line]:
    lines = []
    for row in rows:
        label = row.label if len(row.label) < left else f"{row.label[: left - 2]}…"
        cells = [row.cells[place] for place in block]
        beside = column >= WITH_SPREAD
        texts = tuple(_fitted(_written(row, cell, beside), column, cell.star) for cell in cells)
        stars = tuple(cell.star for cell in cells)
        lines.append(Line("row", label, texts, stars, row.key, block))
        if not beside and any(cell.spread.strip("± 0") for cell in cells):
            # where all seeds are alike there is nothing to be told
            tight = [cell.spread.replace(" ", "", 1) for cell in cells]
            spreads = tuple(_fitted(text, column, False) for text in tight)
            lines.append(Line("spread", "", spreads, key=row.key, places=block))
    return lines


def _written(row: Row, cell: Cell, beside: bool) -> str:
    if row.key == STATE and not beside:
        # "3 of 5 finished, 1 diverged"
        return _SHORT.get(cell.text, cell.text.partition(" finished")[0])
    if beside:
        return f"{cell.text} {cell.spread}" if cell.spread else cell.text
    if cell.value is None or len(cell.text) <= FIGURE:
        return cell.text
    if row.key in COUNTED and math.isfinite(cell.value):
        return whole(round(cell.value), FIGURE)
    return figure(cell.value, FIGURE)


def _fitted(text: str, column: int, star: bool) -> str:
    """At the right of its column, before the star; what is too long is cut."""
    room = column - (2 if column <= LEAST else 3)
    if len(text) > room and not star:
        # there is nothing in the way
        room = column - 1
    if len(text) > room:
        text = f"{text[: max(room - 1, 0)]}…"
    return f" {text:>{room}}"
