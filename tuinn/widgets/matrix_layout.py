"""Where the matrices of an equation stand: side by side where they fit, else in several lines,
and cut to a window of their entries where they do not fit at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tuinn.widgets.equation_steps import Operand, Step


class Density(NamedTuple):
    """How much room an entry takes."""

    entry: int
    """Cells of a number."""
    pad: int
    """Cells before the closing bracket."""


DENSITIES = (Density(7, 1), Density(7, 0), Density(6, 0))
_MORE = 2
"""Cells of the dots on one side of a matrix that is cut."""
_FEW = 3
"""With fewer columns than these side by side, matrices are better put below each other."""


@dataclass(slots=True)
class View:
    """What is looked at along each axis."""

    at: dict[str, int] = field(default_factory=dict)
    """The selected place, in the order shown."""
    first: dict[str, int] = field(default_factory=dict)
    """The first place that was shown last."""
    order: dict[str, Sequence[int]] = field(default_factory=dict)
    """The entries by place, where they are not in their own order."""

    def window(self, axis: str, size: int, room: int) -> tuple[int, list[int]]:
        """The first place shown, and the entries shown, where there is room for so many."""
        room = min(room, size)
        at = min(self.at.get(axis, 0), size - 1)
        first = min(max(self.first.get(axis, 0), at - room + 1), at)
        first = max(min(first, size - room), 0)
        order = self.order.get(axis)
        places = range(first, first + room)
        return first, [order[n] for n in places] if order is not None else list(places)

    def selected(self, axis: str) -> int:
        """The entry that is selected along an axis."""
        order, at = self.order.get(axis), self.at.get(axis, 0)
        return at if order is None else order[min(at, len(order) - 1)]


@dataclass(frozen=True, slots=True)
class Block:
    """One operand in its place; rows and columns of the cell grid."""

    operand: Operand
    density: Density
    column: int
    """Of what stands before it."""
    top: int
    """Of its first row of entries."""
    caption: int | None
    """The row of its symbol."""
    middle: int
    """The row of what stands before it."""
    before: str
    labels: int
    """Cells for the numbers of its rows, or their names."""
    numbered: bool
    """The numbers of its columns stand above its first row."""
    rows: list[int]
    columns: list[int]
    first_row: int
    first_column: int
    cut: bool
    """It has more columns than are shown, and room for the dots on both sides."""
    width: int

    @property
    def bracket(self) -> int:
        """The column of the opening bracket."""
        return self.column + len(self.before) + self.labels

    @property
    def entries(self) -> int:
        """The column before the first entry."""
        return self.bracket + 1 + (_MORE if self.cut else 0)

    @property
    def closing(self) -> int:
        """The column of the closing bracket."""
        inner = len(self.columns) * (self.density.entry + 1) + self.density.pad
        return self.entries + inner + (_MORE if self.cut else 0)

    def place(self, x: int, y: int) -> tuple[int, int] | None:
        """The place, along both axes, of the entry in this cell."""
        row, column = y - self.top, (x - self.entries) // (self.density.entry + 1)
        if 0 <= row < len(self.rows) and 0 <= column < len(self.columns) and x >= self.entries:
            return self.first_row + row, self.first_column + column
        return None


@dataclass(slots=True)
class _Box:
    """An operand with the room that it is given."""

    operand: Operand
    columns: int
    labels: int
    before: str

    def width(self, density: Density) -> int:
        cut = 2 * _MORE if self.columns < self.operand.shape[1] else 0
        entries = self.columns * (density.entry + 1) + density.pad
        block = max(2 + entries + cut, len(self.operand.symbol))
        return len(self.before) + self.labels + block


Spell = Callable[[str], str]


def arrange(step: Step, width: int, height: int, view: View, spell: Spell) -> list[Block]:
    """The blocks of a step in so many cells; none where there is no room for a single entry."""
    operands = list(step.operands)
    if not operands or height < 1:
        return []
    end = next(n for n, operand in enumerate(operands) if operand.result) + 1
    needed = [operand for operand in operands if not operand.spare]
    for several in (operands, needed, operands[:end]):
        for caption in (1, 0):
            for flow in (_side_by_side, _flowed):
                for density in DENSITIES:
                    lines = flow([_whole(operand, spell) for operand in several], width, density)
                    if _fits(lines, width, height, caption, density):
                        return _placed(lines, height, caption, density, view)
    for cut in (_cut_beside, _cut_below, _cut_narrow):
        for several in (operands, needed):
            blocks = cut(several, width, height, view, spell)
            if blocks:
                return blocks
    for several in (operands[:end], operands[end - 1 : end]):
        blocks = _cut_narrow(several, width, height, view, spell)
        if blocks:
            return blocks
    return []


def _whole(operand: Operand, spell: Spell) -> _Box:
    labels = max((len(spell(name)) for name in operand.names), default=-1) + 1
    return _Box(operand, operand.shape[1], labels, spell(operand.before))


def _side_by_side(boxes: list[_Box], width: int, density: Density) -> list[list[_Box]]:
    return [boxes]


def _flowed(boxes: list[_Box], width: int, density: Density) -> list[list[_Box]]:
    """As many boxes in each line as there is room for."""
    lines: list[list[_Box]] = []
    room = 0
    for box in boxes:
        if lines and box.width(density) <= room:
            lines[-1].append(box)
        else:
            box.before = box.before.lstrip()
            lines.append([box])
            room = width
        room -= box.width(density)
    return lines


def _fits(lines: list[list[_Box]], width: int, height: int, caption: int, density: Density) -> bool:
    rows = sum(_tall(line) + caption for line in lines)
    widest = max(sum(box.width(density) for box in line) for line in lines)
    return rows <= height and widest <= width


def _cut_beside(
    operands: list[Operand], width: int, height: int, view: View, spell: Spell, least: int = _FEW
) -> list[Block]:
    """Side by side, if so many columns of each matrix can be shown there."""
    caption = 1 if height >= 4 else 0
    for density in DENSITIES:
        line = [_whole(operand, spell) for operand in operands]
        line[0].before = line[0].before.lstrip()
        _label([line], height - caption)
        if _share(line, width, density, least):
            return _placed([line], height, caption, density, view)
    return []


def _cut_narrow(
    operands: list[Operand], width: int, height: int, view: View, spell: Spell
) -> list[Block]:
    """Side by side, be it with a single column of each matrix."""
    return _cut_beside(operands, width, height, view, spell, least=1)


def _cut_below(
    operands: list[Operand], width: int, height: int, view: View, spell: Spell
) -> list[Block]:
    """Each matrix in a line of its own, if some rows of each can be shown there."""
    density = DENSITIES[-1]
    lines = _flowed_cut([_whole(operand, spell) for operand in operands])
    # a line of captions and one of numbers above each
    room = height - 2 * len(lines)
    if len(lines) < 2 or room < sum(min(_FEW, _tall(line)) for line in lines):
        return []
    _label(lines, room // len(lines))
    _align([line[0] for line in lines if line[0].columns > 1])
    if all(_share(line, width, density, 1) for line in lines):
        return _placed(lines, height, 1, density, view)
    return []


def _align(boxes: list[_Box]) -> None:
    """Let matrices that stand below each other begin at the same column."""
    before = max((len(box.before) for box in boxes), default=0)
    for box in boxes:
        box.before = box.before.rjust(before)


def _tall(line: list[_Box]) -> int:
    """Rows of the tallest box in a line."""
    return max(box.operand.shape[0] for box in line)


def _flowed_cut(boxes: list[_Box]) -> list[list[_Box]]:
    """One matrix in each line, and the vectors beside it."""
    lines: list[list[_Box]] = []
    wide = True
    for box in boxes:
        matrix = box.columns > 1
        if not lines or (matrix and wide):
            box.before = box.before.lstrip()
            lines.append([box])
            wide = matrix
        else:
            lines[-1].append(box)
            wide = wide or matrix
    return lines


def _label(lines: list[list[_Box]], rows: int) -> None:
    """Give room for the numbers of rows, once an axis in each line, where not all are shown."""
    for line in lines:
        seen = {""}
        for box in line:
            size, axis = box.operand.shape[0], box.operand.rows
            if size > rows and axis not in seen and not box.labels:
                box.labels = len(str(size)) + 1
                seen.add(axis)


def _share(line: list[_Box], width: int, density: Density, least: int) -> bool:
    """Cut matrices to the columns that there is room for; whether each has at least so many."""
    wide = [box for box in line if box.operand.shape[1] > 1]
    for box in wide:
        box.columns = 0
    room = width - sum(box.width(density) for box in line)
    if room < 0:
        return False
    for n, box in enumerate(wide):
        columns = room // (len(wide) - n) // (density.entry + 1)
        box.columns = min(columns, box.operand.shape[1])
        room -= box.columns * (density.entry + 1)
        if box.columns < min(least, box.operand.shape[1]):
            return False
    return True


def _placed(
    lines: list[list[_Box]], height: int, caption: int, density: Density, view: View
) -> list[Block]:
    """Give every line its rows, and every block its place and its window."""
    numbered = [_numbered(line, view) for line in lines]
    needs = [_tall(line) for line in lines]
    rows = _heights(needs, height - sum(caption + n for n in numbered))
    if min(rows) < 1 and any(numbered):
        numbered = [False for _ in lines]
        rows = _heights(needs, height - caption * len(lines))
    if min(rows) < 1:
        return []
    blocks: list[Block] = []
    row = 0
    for line, tall, with_numbers in zip(lines, rows, numbered, strict=True):
        column, top = 0, row + caption + with_numbers
        for box in line:
            operand = box.operand
            shown = min(tall, operand.shape[0])
            first_row, own_rows = view.window(operand.rows, operand.shape[0], shown)
            first_column, own = view.window(operand.columns, operand.shape[1], box.columns)
            # short ones in the middle, but what is nearly as tall as the others level with them
            own_top = top + ((tall - shown) // 2 if 2 * shown <= tall else 0)
            own_numbers = with_numbers and bool(operand.columns)
            block = Block(
                operand=operand,
                density=density,
                column=column,
                top=own_top,
                caption=own_top - own_numbers - 1 if caption else None,
                middle=top + (tall - 1) // 2,
                before=box.before,
                labels=box.labels,
                numbered=own_numbers,
                rows=own_rows,
                columns=own,
                first_row=first_row,
                first_column=first_column,
                cut=box.columns < operand.shape[1],
                width=box.width(density),
            )
            blocks.append(block)
            column += block.width
        row = top + tall
    return blocks


def _numbered(line: list[_Box], view: View) -> bool:
    """Whether the columns of a line need their numbers: not all are shown, or in another order."""
    return any(
        box.operand.columns
        and (box.columns < box.operand.shape[1] or box.operand.columns in view.order)
        for box in line
    )


def _heights(needs: list[int], room: int) -> list[int]:
    """Rows of each line: those that need few have them, the others share what is left."""
    heights = [0] * len(needs)
    for left, n in enumerate(sorted(range(len(needs)), key=lambda n: needs[n])):
        heights[n] = min(needs[n], room // (len(needs) - left))
        room -= heights[n]
    return heights
