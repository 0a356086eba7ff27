"""A confusion matrix in characters: rows are the true classes, columns what they are read as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.heat import HeatWidget

Counts = NDArray[Any]
Cell = tuple[int, int]
"""(true class, class it is read as)."""

MOST_NAME = 12
"""Cells of the name of a class, at most, before a row."""
_NAME_ABOVE = 6
"""The same above a column."""
WORST = 3
"""So many of the confusions carry a mark."""
RIGHT_MARK, WRONG_MARK, CHOSEN_MARK = "=", "!", ">"
"""Before the counts of the diagonal, of the worst confusions and of the cell that is chosen."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """How the matrix is written: with its counts, or in per cent of the row where they need less
    room."""

    texts: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    before: int
    """Cells for the names of the rows, with the gap behind them."""
    cell: int
    """Cells of a column, with the mark."""
    in_percent: bool

    @property
    def width(self) -> int:
        return self.before + self.cell * len(self.names)

    @property
    def height(self) -> int:
        return len(self.names) + 1

    @property
    def whole_names(self) -> bool:
        """The names of the columns are as long as they may be."""
        return min(max(map(len, self.names)), _NAME_ABOVE) < self.cell

    def cell_at(self, row: int, column: int) -> Cell | None:
        """The cell of the matrix at a place within its picture."""
        if not (1 <= row < self.height and self.before <= column < self.width):
            return None
        return row - 1, (column - self.before) // self.cell


def matrix(confusion: Counts, names: tuple[str, ...], width: int) -> Matrix | None:
    """The fullest way to write it in ``width`` cells; None where there is none."""
    before = min(max(map(len, names)), MOST_NAME) + 1
    wanted = min(max(map(len, names)), _NAME_ABOVE)
    counts = [[str(count) if count else "·" for count in row] for row in confusion.tolist()]
    whole = np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    shares = [
        [_percent(share) if share else "·" for share in row] for row in (confusion / whole).tolist()
    ]
    for texts, in_percent in ((counts, False), (shares, True)):
        longest = max(len(text) for row in texts for text in row)
        for cell in (max(longest, wanted) + 2, longest + 1):
            if before + cell * len(names) <= width:
                lines = tuple(tuple(row) for row in texts)
                return Matrix(lines, names, before, cell, in_percent)
    return None


def _percent(share: float) -> str:
    """Whole per cents; what is something is not 0, and what is not all is not 100."""
    if share < 0.005:
        return "<1"
    whole = int(100 * share + 0.5)
    return ">99" if whole == 100 and share < 1 else str(whole)


def readings(how: Matrix) -> tuple[str, ...]:
    """How the matrix is to be read, from the longest to the shortest wording."""
    if how.in_percent:
        return "% of each row, true ↓ read →", "% of each row", "% of row"
    return "examples, true ↓ read →", "true ↓ read →"


def draw(
    widget: HeatWidget,
    cells: Cells,
    top: int,
    left: int,
    how: Matrix,
    confusion: Counts,
    chosen: Cell | None,
) -> None:
    """Write the matrix; the worst confusions are marked, all of them coloured by their share."""
    beside = confusion.astype(np.float64)
    beside /= np.maximum(beside.sum(axis=1, keepdims=True), 1)
    flat = confusion.copy()
    np.fill_diagonal(flat, 0)
    order = np.argsort(-flat, axis=None, kind="stable")[:WORST]
    worst = {divmod(int(at), len(how.names)) for at in order if flat.flat[at]}
    if how.before > len("true"):
        cells.write(top, left, "true", INK["dim"])
    for number, name in enumerate(how.names):
        column = left + how.before + number * how.cell
        cells.write(top, column, shortened(name, how.cell - 1).rjust(how.cell), INK["dim"])
        cells.write(top + 1 + number, left, shortened(name, how.before - 1), INK["dim"])
    for true, row in enumerate(how.texts):
        for read, text in enumerate(row):
            place = true, read
            mark = " "
            if place == chosen:
                mark = CHOSEN_MARK
            elif true == read and text != "·":
                mark = RIGHT_MARK
            elif place in worst:
                mark = WRONG_MARK
            words = (mark + text).rjust(how.cell)
            y, x = top + 1 + true, left + how.before + read * how.cell
            if place == chosen:
                cells.write(y, x, words, INK["series-5"])
            elif text == "·":
                cells.write(y, x, words, INK["axis"])
            elif true == read:
                cells.write(y, x, words, INK["series-3"])
            else:
                share = 0.15 + 0.85 * float(np.sqrt(beside[place]))
                widget.write_on(cells, y, x, words, share, "rising", bold=place in worst)


def shortened(name: str, width: int) -> str:
    """A name, with … where it is cut."""
    return name if len(name) <= width else name[: max(width - 1, 0)] + "…"[:width]
