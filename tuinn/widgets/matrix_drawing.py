"""Draws a matrix in brackets, with the entries that a result is made of told from the others."""

from __future__ import annotations

from collections.abc import Mapping

from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.equation_text import entry
from tuinn.widgets.matrix_layout import Block, Spell

BOLD, REVERSE = 100_000, 200_000
"""Added to an ink."""
_MORE = "⋯"


def draw(
    cells: Cells,
    block: Block,
    at: tuple[int, int],
    selected: Mapping[str, int],
    result: set[str],
    spell: Spell,
) -> None:
    """Draw a block whose upper left corner is at this row and column.

    ``selected`` is the entry that is selected along each axis, and ``result`` has the axes of the
    result: an entry takes part in the selected one if it is the same along all the axes that both
    have.
    """
    operand = block.operand
    ink = INK["series-1"] + BOLD if operand.result else INK["dim"]
    _frame(cells, block, at, ink, spell)
    values = operand.read(block.rows, block.columns)
    width = block.density.entry
    for n, row in enumerate(block.rows):
        y = at[0] + block.top + n
        _row_name(cells, block, y, at[1], row, spell)
        for place, column in enumerate(block.columns):
            takes_part = all(
                entry_there == selected.get(axis, 0)
                for axis, entry_there in ((operand.rows, row), (operand.columns, column))
                if axis in result
            )
            text = spell(entry(float(values[n, place]), width)).rjust(width)
            x = at[1] + block.entries + place * (width + 1) + 1
            if not operand.result:
                cells.write(y, x, text, INK["text" if takes_part else "dim"])
                continue
            number = text.lstrip()
            x += width - len(number)
            if takes_part:
                # told by a sign as well, where reversed colours cannot be seen
                cells.write(y, x - 1, spell("▸"), INK["text"])
            cells.write(y, x, number, ink + (REVERSE if takes_part else 0))


def _frame(cells: Cells, block: Block, at: tuple[int, int], ink: int, spell: Spell) -> None:
    """The symbol above, what stands before, the brackets, the numbers of the columns."""
    operand = block.operand
    row, column = at
    cells.write(row + block.middle, column + block.column, block.before, INK["text"])
    left, right = column + block.bracket, column + block.closing
    if block.caption is not None:
        name = spell(operand.symbol)
        sized = f"{name} {spell(f'{operand.shape[0]}×{operand.shape[1]}')}"
        partly = block.cut or len(block.rows) < operand.shape[0]
        room = right - left + 1
        cells.write(
            row + block.caption, left, sized if partly and len(sized) <= room else name, ink
        )
    if block.numbered:
        width = block.density.entry
        for place, number in enumerate(block.columns):
            text = str(number + 1).rjust(width)
            x = column + block.entries + place * (width + 1) + 1
            cells.write(row + block.top - 1, x, text, INK["axis"])
    rows = len(block.rows)
    above = block.first_row > 0
    below = block.first_row + rows < operand.shape[0]
    for n, (opening, closing) in enumerate(_brackets(rows, above, below)):
        y = row + block.top + n
        cells.write(y, left, spell(opening), INK["text"])
        cells.write(y, right, spell(closing), INK["text"])
        if block.cut:
            if block.first_column > 0:
                cells.write(y, left + 1, spell(_MORE).rjust(2), INK["dim"])
            if block.first_column + len(block.columns) < operand.shape[1]:
                cells.write(y, right - 2, spell(_MORE).rjust(2), INK["dim"])


def _brackets(rows: int, above: bool, below: bool) -> list[tuple[str, str]]:
    """The two brackets of each row; dots where rows are left out above or below."""
    if rows == 1 and not above and not below:
        return [("[", "]")]
    brackets = [("⎡", "⎤"), *[("⎢", "⎥")] * (rows - 2), ("⎣", "⎦")][:rows]
    if above:
        brackets[0] = "⋮", "⋮"
    if below:
        brackets[-1] = "⋮", "⋮"
    return brackets


def _row_name(cells: Cells, block: Block, y: int, x: int, row: int, spell: Spell) -> None:
    if not block.labels:
        return
    names = block.operand.names
    text = spell(names[row]).ljust(block.labels) if names else f"{row + 1:>{block.labels - 1}}"
    cells.write(y, x + block.column + len(block.before), text, INK["axis"])
