"""Where the units of a network lie in a grid of cells: a column of boxes for each layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

HEAD = 1
"""Rows above the boxes, with the names of the layers."""
FOOT = 2
"""Rows below them, for what is read of the unit and of the weight that are selected."""
LEAST_WIDTH, LEAST_HEIGHT = 36, 10
LEAST_GAP = 6
"""Cells between two layers, so that lines can be told apart."""
_ROOMY_GAP = 12
_BLANK_GAP = LEAST_GAP
_MOST_GAP = 64
_MOST_SPREAD = 4
"""Free rows between two boxes, where there are more than enough."""
_COMPARED = ((16, 4), (1, 6), (0, 7))
"""Units of a layer that are worth comparing, by the least rows of pixels that each of them shows.
"""
_HEIGHTS = (8, 7, 6, 5, 4, 3, 2)
_BLOCKS = (14, *_HEIGHTS)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a layer l = 0…L needs."""

    layer: int
    units: int
    label: int
    """Cells to the left of a box, for the number or name of its unit."""
    tail: int
    """Cells to the right of it, for the mark of its bias and the name of its class."""
    aspect: float = 1.0
    """Width by height of what is shown in the box."""
    most: int = 8
    """Rows from which on a box is no better to read."""
    block: bool = False
    """All the units are shown in one box."""
    pixels: int = 0
    """Rows of the image in the box, if it is one: each is to be as high as the others."""

    @property
    def boxes(self) -> int:
        return 1 if self.block else self.units

    def even(self, height: int) -> bool:
        """A box of this height does not show some of the pixels larger than others."""
        return not self.pixels or 2 * height < self.pixels or 2 * height % self.pixels == 0

    def width(self, height: int) -> int:
        """Cells across a box of this height; a cell is half as wide as it is high."""
        return min(max(round(2 * height * self.aspect), 2), 28)


@dataclass(frozen=True, slots=True)
class Column:
    """The boxes of one layer. Units count from 0."""

    shape: Shape
    start: int
    """First cell of the labels."""
    top: int
    """Row of the first box shown."""
    width: int
    height: int
    pitch: int
    """Rows from one box to the next. Where it is the height, they touch."""
    first: int
    """The first unit shown."""
    shown: int

    @property
    def layer(self) -> int:
        return self.shape.layer

    @property
    def left(self) -> int:
        """First cell of the boxes."""
        return self.start + self.shape.label

    @property
    def right(self) -> int:
        """The cell after the boxes, where the marks of the biases are."""
        return self.left + self.width

    @property
    def end(self) -> int:
        """The cell after all of it."""
        return self.right + self.shape.tail

    @property
    def units(self) -> range:
        """Those whose boxes are shown."""
        return range(self.first, self.first + self.shown)

    @property
    def paged(self) -> bool:
        """Not all the boxes are shown."""
        return self.shown < self.shape.boxes

    def row(self, unit: int) -> int:
        """The uppermost row of a box."""
        return self.top + (unit - self.first) * self.pitch

    def middle(self, unit: int) -> int:
        """The row in the middle of a box."""
        return self.row(unit) + (self.height - 1) // 2

    def unit_at(self, row: int) -> int | None:
        """The unit in whose box this row is."""
        place, within = divmod(row - self.top, self.pitch)
        return self.first + place if 0 <= place < self.shown and within < self.height else None


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of neighbouring layers, from the left to the right."""

    columns: tuple[Column, ...]
    layers: int
    """How many there are, shown or not, with the inputs."""
    rows: int
    """Between the head and the foot."""

    @property
    def whole(self) -> bool:
        """Every box of every layer is shown."""
        all_layers = len(self.columns) == self.layers
        return all_layers and not any(column.paged for column in self.columns)

    def column(self, layer: int) -> Column | None:
        return next((column for column in self.columns if column.layer == layer), None)


def laid_out(
    shapes: Sequence[Shape],
    width: int,
    height: int,
    *,
    firsts: Mapping[int, int],
    focus: int = 0,
    halves: bool = True,
) -> Layout | None:
    """The largest boxes with which all units of all layers fit into ``width`` by ``height`` cells.

    Where they do not fit, a layer shows the units from ``firsts[layer]`` on, and as many layers
    are shown as fit beside each other, ``focus`` among them. ``halves``: half a row can be left
    free below a box, so boxes may touch. None where there is too little room for anything.
    """
    rows = height - HEAD - FOOT
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return None
    seen = shapes
    for size in _sizes(shapes, rows, halves):
        heights = _heights(seen, size, rows, halves)
        if _needed(seen, heights) <= width:
            break
    else:
        size = min(3, rows - 2)
        seen = _around(focus, shapes, size, width)
        heights = _heights(seen, size, rows, halves)
    if len(seen) < 2:
        return None
    heights = _enlarged(seen, heights, width, rows)
    columns = [
        _column(shape, start, box, rows, firsts.get(shape.layer, 0), halves)
        for shape, start, box in zip(seen, _starts(seen, heights, width), heights, strict=True)
    ]
    return Layout(tuple(columns), len(shapes), rows)


def _sizes(shapes: Sequence[Shape], rows: int, halves: bool) -> Iterator[int]:
    """Heights of boxes, the best first."""
    most = max(shape.boxes for shape in shapes)
    for height in _HEIGHTS:
        if _gap(most, height, rows, halves) is not None:
            yield height
    # some units of a layer at a time: as many as are worth comparing
    pixels = max(shape.pixels for shape in shapes)
    compared = next(units for least, units in _COMPARED if pixels >= least)
    for height in _HEIGHTS:
        if height == 3 or (height > 3 and _extent(compared, height, 1) <= rows - 2):
            yield height


def _heights(shapes: Sequence[Shape], size: int, rows: int, halves: bool) -> list[int]:
    """Of the boxes of every layer: ``size``, or less where a layer then fits."""
    heights = []
    for shape in shapes:
        even = [height for height in _HEIGHTS if height <= size and shape.even(height)]
        allowed = [height for height in even if height <= shape.most] or [shape.most]
        fitting = (
            height for height in allowed if _gap(shape.boxes, height, rows, halves) is not None
        )
        heights.append(next(fitting, allowed[0]))
    return heights


def _gap(boxes: int, height: int, rows: int, halves: bool) -> int | None:
    """Free rows between so many boxes, 1 or 0; None where they do not fit."""
    gaps = (1, 0) if halves and height < 4 else (1,)
    return next((gap for gap in gaps if _extent(boxes, height, gap) <= rows), None)


def _extent(boxes: int, height: int, gap: int) -> int:
    """Rows of so many boxes."""
    return boxes * (height + gap) - gap


def _needed(shapes: Sequence[Shape], heights: Sequence[int], gap: int = LEAST_GAP) -> int:
    """Cells across."""
    boxes = sum(
        shape.label + shape.width(height) + shape.tail
        for shape, height in zip(shapes, heights, strict=True)
    )
    return boxes + gap * (len(shapes) - 1)


def _around(focus: int, shapes: Sequence[Shape], size: int, width: int) -> Sequence[Shape]:
    """As many neighbouring layers as fit, ``focus`` in their middle where it can be."""
    for count in range(len(shapes), 1, -1):
        first = min(max(focus - count // 2, 0), len(shapes) - count)
        part = shapes[first : first + count]
        if _needed(part, [min(size, shape.most) for shape in part]) <= width:
            return part
    return ()


def _enlarged(shapes: Sequence[Shape], heights: Sequence[int], width: int, rows: int) -> list[int]:
    """Give the picture of all the inputs, and the outputs, what room is left."""
    grown = list(heights)
    for place, shape in enumerate(shapes):
        last = place == len(shapes) - 1
        if not (shape.block or last):
            continue
        for height in _BLOCKS if shape.block else _HEIGHTS:
            limit = 14 if shape.block else min(2 * heights[place], shape.most)
            tried = [*grown[:place], height, *grown[place + 1 :]]
            if (
                grown[place] < height <= limit
                and shape.even(height)
                and _extent(shape.boxes, height, 1) <= rows
                and _needed(shapes, tried, _ROOMY_GAP) <= width
            ):
                grown = tried
                break
    return grown


def _starts(shapes: Sequence[Shape], heights: Sequence[int], width: int) -> list[int]:
    """The first cell of every column, so that gaps with lines are equal."""
    free = width - _needed(shapes, heights, 0)
    # no lines are drawn from the picture of all the inputs
    blank = _BLANK_GAP if shapes[0].block and len(shapes) > 2 else 0
    lined = len(shapes) - (2 if blank else 1)
    gap = min((free - blank) / lined, _MOST_GAP)
    place = (free - blank - gap * lined) / 2
    starts = []
    for shape, height in zip(shapes, heights, strict=True):
        starts.append(int(place))
        place += shape.label + shape.width(height) + shape.tail
        place += blank if shape.block and blank else gap
    return starts


def _column(shape: Shape, start: int, height: int, rows: int, first: int, halves: bool) -> Column:
    boxes, width = shape.boxes, shape.width(height)
    gap = _gap(boxes, height, rows, halves)
    if gap is not None:
        pitch = height + gap
        if boxes > 1:
            pitch = max(pitch, min(height + _MOST_SPREAD, (rows - height) // (boxes - 1)))
        top = HEAD + (rows - height - (boxes - 1) * pitch) // 2
        return Column(shape, start, top, width, height, pitch, 0, boxes)
    # a row above and one below say how many more there are
    shown = max((rows - 2 + 1) // (height + 1), 1)
    pitch = height + 1
    if shown > 1:
        pitch = min(height + _MOST_SPREAD, (rows - 2 - height) // (shown - 1))
    first = min(max(first, 0), boxes - shown)
    return Column(shape, start, HEAD + 1, width, height, pitch, first, shown)
