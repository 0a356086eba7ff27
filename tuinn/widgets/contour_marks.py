"""What is drawn on the ground of a map: trails, clouds, heads, minima, the start and arrows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tuinn.widgets import look, raster
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.contour_ground import Ground
from tuinn.widgets.contour_ink import BARE, MARK, WALK, pair
from tuinn.widgets.contour_trails import along, line_dots
from tuinn.widgets.raster import DOTS, Floats, Glyphs
from tuinn.widgets.walk_look import LETTERS

Point = tuple[float, float]

_ARROW_CELLS = 9
"""Length of an arrow, in columns, or less on a small map."""
_HEADS = "→↗↑↖←↙↓↘"
_ASCII_HEADS = ">/^\\</v\\"
_SIGNS = {"head": "●", "cloud": "•", "minimum": "✕", "start": "◇", "cursor": "┼"}
_ASCII_SIGNS = {"head": "o", "cloud": "*", "minimum": "x", "start": "@", "cursor": "+"}
_NAMED_EVERY = 14
"""Cells between the letters on a trail that has no colour of its own."""
_NEAR = 0.5
"""Cells from a minimum within which a walk is drawn on it."""


@dataclass(frozen=True, slots=True, eq=False)
class Walker:
    """One walk as it is drawn."""

    name: str
    """Of its optimiser."""
    path: Floats
    """Where it has been, (n, 2)."""
    position: Point
    cloud: Floats | None = None
    """The points of its population, (k, 2)."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A direction at a place; it is as long whatever the slope."""

    at: Point
    angle: float
    """Radians, counterclockwise from the x axis."""
    mark: str
    """Its colour: "down" (−∇C) or "direction" (v)."""
    name: str
    """Written at its point."""


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """The cells of the map, and how things are put on them."""

    cells: Cells
    ground: Ground
    glyphs: Glyphs
    coloured: bool
    shaded: bool
    """The ground has colours of its own."""

    def sign(self, name: str) -> int:
        return ord((_ASCII_SIGNS if self.glyphs == "ascii" else _SIGNS)[name])

    def head(self, angle: float) -> int:
        """The point of an arrow in a direction (radians)."""
        octant = round(angle / (np.pi / 4)) % 8
        return ord((_ASCII_HEADS if self.glyphs == "ascii" else _HEADS)[octant])

    def put(
        self,
        row: NDArray[np.intp] | int,
        column: NDArray[np.intp] | int,
        codes: NDArray[np.uint32] | int,
        colour: int,
        *,
        bold: bool = False,
    ) -> None:
        """Characters at cells, in a colour on what the ground is there."""
        place = row, column
        self.cells.codes[place] = codes
        if self.coloured:
            under = self.ground.middle[place] if self.shaded else BARE
            self.cells.inks[place] = pair(colour, under, bold=bold)
        else:
            self.cells.inks[place] = INK["text"]


def draw_marks(
    canvas: Canvas,
    walkers: Sequence[Walker],
    minima: Sequence[Point],
    start: Point,
    arrows: Sequence[Arrow],
    cursor: Point | None,
) -> None:
    """Draw all of it: what matters most last, over the rest."""
    for walker in walkers:
        if walker.cloud is not None:
            _draw_cloud(canvas, walker.name, walker.cloud)
    _draw_trails(canvas, walkers)
    _draw_points(canvas, minima, "minimum")
    _draw_points(canvas, [start], "start")
    for arrow in arrows:
        _draw_arrow(canvas, arrow)
    _draw_heads(canvas, walkers, minima)
    if cursor is not None:
        _draw_points(canvas, [cursor], "cursor")


def _draw_cloud(canvas: Canvas, name: str, cloud: Floats) -> None:
    row, column, inside = canvas.ground.view.cells(cloud)
    named = not canvas.coloured
    sign = ord(LETTERS[name].lower()) if named else canvas.sign("cloud")
    canvas.put(row[inside], column[inside], sign, WALK[name])


def _draw_trails(canvas: Canvas, walkers: Sequence[Walker]) -> None:
    view, glyphs = canvas.ground.view, canvas.glyphs
    across, down = DOTS[glyphs]
    together = np.zeros((view.rows, view.columns), np.uint8)
    for walker in walkers:
        mask = raster.pack(line_dots(walker.path, view, across, down), glyphs)
        row, column = np.nonzero(mask)
        if glyphs == "ascii":
            canvas.put(row, column, ord(LETTERS[walker.name].lower()), WALK[walker.name])
            continue
        if glyphs == "block" and canvas.shaded:
            _draw_halves(canvas, mask, row, column, WALK[walker.name])
            continue
        together |= mask
        canvas.put(row, column, raster.codes(together[row, column], glyphs), WALK[walker.name])
        if not canvas.coloured:
            named = along(walker.path, view, _NAMED_EVERY)[1:]
            canvas.put(named[:, 0], named[:, 1], ord(LETTERS[walker.name].lower()), 0)


def _draw_halves(
    canvas: Canvas,
    mask: NDArray[np.uint8],
    row: NDArray[np.intp],
    column: NDArray[np.intp],
    colour: int,
) -> None:
    """A trail in half blocks, with the ground in the other half of a cell."""
    ground, lit = canvas.ground, mask[row, column]
    upper = np.where(lit & 1, colour, ground.upper[row, column])
    lower = np.where(lit & 2, colour, ground.lower[row, column])
    canvas.cells.codes[row, column] = ord("▀")
    canvas.cells.inks[row, column] = pair(upper, lower)


def _draw_points(canvas: Canvas, points: Iterable[Point], sign: str) -> None:
    row, column, inside = canvas.ground.view.cells(np.array(list(points), np.float64))
    canvas.put(row[inside], column[inside], canvas.sign(sign), MARK[sign], bold=True)


def _draw_arrow(canvas: Canvas, arrow: Arrow) -> None:
    """A line with a point and a name; both axes have one scale, so that its angle is true."""
    view = canvas.ground.view
    unit = (view.x[1] - view.x[0]) / max(view.columns - 1, 1)
    length = unit * min(_ARROW_CELLS, view.columns // 5)
    direction = np.array([np.cos(arrow.angle), np.sin(arrow.angle)])
    at = np.array(arrow.at)
    if not np.isfinite(at).all():
        return
    tip = at + length * direction
    across, down = DOTS[canvas.glyphs]
    shaft = np.stack([at + 0.15 * length * direction, tip - 0.1 * length * direction])
    mask = raster.pack(line_dots(shaft, view, across, down), canvas.glyphs)
    row, column = np.nonzero(mask)
    ascii_only = canvas.glyphs == "ascii"
    drawn = ord(".") if ascii_only else raster.codes(mask[row, column], canvas.glyphs)
    canvas.put(row, column, drawn, MARK[arrow.mark], bold=True)
    row, column, inside = view.cells(tip[None])
    if inside[0]:
        mark, left = MARK[arrow.mark], bool(np.cos(arrow.angle) < -0.4)
        canvas.put(int(row[0]), int(column[0]), canvas.head(arrow.angle), mark, bold=True)
        _write(canvas, int(row[0]), int(column[0]), arrow.name, mark, left)


def _write(canvas: Canvas, row: int, column: int, text: str, colour: int, left: bool) -> None:
    """A text beside a cell: to its right, or to its left where that is asked for or has room."""
    text = look.plain(text).replace("∇", "d") if canvas.glyphs == "ascii" else text
    columns = canvas.ground.view.columns
    if left and column - len(text) < 0:
        left = False
    elif not left and column + len(text) >= columns:
        left = True
    start = column - len(text) if left else column + 1
    for shift, character in enumerate(text):
        if 0 <= start + shift < columns:
            canvas.put(row, start + shift, ord(character), colour, bold=True)


def _draw_heads(canvas: Canvas, walkers: Sequence[Walker], minima: Sequence[Point]) -> None:
    """A sign where each walk is, its letter beside it; letters of one cell stand in a row.

    A walk that has left the map is shown at the edge that it left by; one within half a cell of a
    minimum on that, which may be at the border of two cells.
    """
    view = canvas.ground.view
    goals = view.dots(np.array(list(minima), np.float64).reshape(-1, 2), 1, 1)
    together: dict[tuple[int, int], list[str]] = {}
    signs: dict[tuple[int, int], int] = {}
    for walker in walkers:
        at = np.array([walker.position], np.float64)
        if not np.isfinite(at).all():
            continue
        away = np.abs(goals - view.dots(at, 1, 1)).max(axis=1, initial=0)
        if len(goals) and away.min() <= _NEAR:
            at = np.array([minima[int(away.argmin())]], np.float64)
        row, column, inside = view.cells(at)
        cell = int(row[0]), int(column[0])
        if not inside[0]:
            # where the line to it from the middle of the map meets the edge
            middle = np.array([view.columns - 1, view.rows - 1]) / 2
            x, y = outside = view.dots(at, 1, 1)[0] - middle
            edge = middle + outside / max(np.max(np.abs(outside) / np.maximum(middle, 0.5)), 1)
            cell = (
                min(max(int(np.floor(edge[1] + 0.5)), 0), view.rows - 1),
                min(max(int(np.floor(edge[0] + 0.5)), 0), view.columns - 1),
            )
            # cells are twice as high as wide
            outward = np.arctan2(-2 * y, x)
            signs[cell] = canvas.head(float(outward))
        together.setdefault(cell, []).append(walker.name)
    for cell, names in together.items():
        at_row, at_column = cell
        sign = signs.get(cell, canvas.sign("head"))
        canvas.put(at_row, at_column, sign, WALK[names[-1]], bold=True)
        # the one drawn last is the one that has the focus: its letter comes first
        letters = list(reversed(names))
        right = at_column + len(letters) < view.columns
        for shift, name in enumerate(letters, start=1):
            beside = at_column + (shift if right else -shift)
            if 0 <= beside < view.columns:
                canvas.put(at_row, beside, ord(LETTERS[name]), WALK[name], bold=True)
