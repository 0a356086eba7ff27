"""Curves, marks, legend and cursor put together on a frame: one picture, as characters.

Nothing here knows of widgets or of the screen; `Chart` decides what is shown and when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from tuinn.widgets import look, raster
from tuinn.widgets.frame import SPACE, Frame
from tuinn.widgets.grid import INK, Cells
from tuinn.widgets.raster import Axis, Floats, Glyphs
from tuinn.widgets.scale import Limits, linear_limits, log_limits
from tuinn.widgets.series import Mark, Series

_MARKER_EVERY = 12
_MARKER_EVERY_UNCOLOURED = 6
"""Cells from marker to marker where nothing else tells lines of one style apart."""
_LARGEST = 1e150
"""Values beyond this are not drawn: sums of them could overflow."""
_MARK_LINE = ord("┊")
_NOTHING: Limits = (np.inf, -np.inf)


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """What is to be drawn of some series."""

    series: tuple[Series, ...]
    values: tuple[Floats, ...]
    """y of each series, smoothed; NaN where nothing can be drawn."""
    log: bool
    low: float
    high: float
    """Extent of the values in view; ∞ and −∞ if there are none."""
    dropped: int
    """Values in view that a logarithmic axis cannot show."""

    def limits(self, previous: Limits | None, always: Limits | None) -> Limits:
        """Round limits for these values, in log10 on a log axis; ``always`` is included."""
        low, high = self.low, self.high
        if always is not None and not self.log:
            low, high = min(low, always[0]), max(high, always[1])
        if low > high:
            return previous or (0.0, 1.0)
        if self.log:
            return log_limits(float(np.log10(low)), float(np.log10(high)), previous)
        return linear_limits(low, high, previous)


def curves(series: Sequence[Series], view: Limits, smoothing: float, *, log: bool) -> Curves:
    """The values to draw for x in ``view``; the edges of bands come before their curves."""
    series = [part for one in series for part in (*one.edges, one)]
    values, dropped = [], 0
    own, ghosts = _NOTHING, _NOTHING
    for one in series:
        y = one.y
        least, greatest = _extent(y)
        if least < -_LARGEST or greatest > _LARGEST:
            y = np.where(np.abs(y) < _LARGEST, y, np.nan)
        y = raster.smoothed(y, smoothing)
        if log and least <= 0:
            here = slice(np.searchsorted(one.x, view[0]), np.searchsorted(one.x, view[1], "right"))
            dropped += 0 if one.ghost or one.edge else int(np.count_nonzero(y[here] <= 0))
            y = np.where(y > 0, y, np.nan)
        values.append(y)
        extent = _extent(_seen(one.x, y, view))
        if one.ghost:
            ghosts = _both(ghosts, extent)
        else:
            own = _both(own, extent)
    low, high = _widened(own, ghosts, log=log)
    return Curves(tuple(series), tuple(values), log, low, high, dropped)


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """A picture without its cursor, and where its canvas is."""

    cells: Cells
    top: int
    left: int
    rows: int
    x_axis: Axis

    def x_at(self, column: int) -> float | None:
        """The x in the middle of a column of the picture; None beside the canvas."""
        column -= self.left
        if not 0 <= column < self.x_axis.cells:
            return None
        dots = self.x_axis.dots_per_cell
        return self.x_axis.value(column * dots + (dots - 1) / 2)

    def draw_cursor(self, cells: Cells, x: float, glyphs: Glyphs) -> None:
        """A vertical line at x, behind the curves."""
        column = _cell(self.x_axis, x)
        if column is None:
            return
        place = slice(self.top, self.top + self.rows), self.left + column
        free = (cells.codes[place] == SPACE) | (cells.codes[place] == _MARK_LINE)
        cells.codes[place][free] = ord("|" if glyphs == "ascii" else "│")
        cells.inks[place][free] = INK["cursor"]


def plot(
    shown: Curves,
    marks: Sequence[Mark],
    framed: Frame,
    x_limits: Limits,
    y_limits: Limits,
    glyphs: Glyphs,
    top: int,
    *,
    coloured: bool = True,
) -> Plot:
    """The picture: ``top`` empty rows (for the legend), below them the frame with the curves.

    Where it is not ``coloured`` the curves carry more markers.
    """
    height, width = framed.codes.shape
    cells = Cells.blank(width, top + height)
    cells.codes[top:] = framed.codes
    cells.inks[top:] = INK["axis"]
    cells.inks[top:, : max(framed.left - 1, 0)] = INK["dim"]
    cells.inks[top + framed.rows + 1 :] = INK["dim"]
    place = slice(top, top + framed.rows), slice(framed.left, framed.left + framed.columns)
    canvas = Cells(cells.codes[place], cells.inks[place])
    across, down = raster.DOTS[glyphs]
    x_axis = Axis(*x_limits, framed.columns, across)
    every = _MARKER_EVERY if coloured else _MARKER_EVERY_UNCOLOURED
    _draw_curves(canvas, shown, x_axis, Axis(*y_limits, framed.rows, down), glyphs, every)
    _draw_marks(canvas, marks, x_axis, glyphs)
    return Plot(cells, top, framed.left, framed.rows, x_axis)


def _draw_curves(
    canvas: Cells, shown: Curves, x_axis: Axis, y_axis: Axis, glyphs: Glyphs, every: int
) -> None:
    together = np.zeros(canvas.codes.shape, np.uint8)
    taken = np.zeros(canvas.codes.shape, np.bool_)
    columns = np.arange(canvas.codes.shape[1])
    markers: list[tuple[Series, int, NDArray[np.intp], NDArray[np.intp]]] = []
    numbers = accumulate(not one.edge for one in shown.series)
    drawn = zip(numbers, shown.series, shown.values, strict=True)
    for number, one, y in sorted(drawn, key=lambda each: not (each[1].ghost or each[1].edge)):
        curve = raster.envelope(one.x, y, x_axis)
        if shown.log:
            curve = raster.in_log10(curve)
        low, high = raster.trace(curve, x_axis, y_axis)
        mask = raster.pack(raster.dots(low, high, y_axis.dots, one.style, glyphs), glyphs)
        lit = mask > 0
        if glyphs == "ascii":
            # characters cannot lie on each other: curves that coincide take turns
            drawn_before = len(markers)
            lit &= ~taken | (columns % (drawn_before + 1) == drawn_before)
            taken |= lit & (not one.ghost)
            canvas.codes[lit] = ord(ascii_mark(one))
        else:
            together |= mask
            canvas.codes[lit] = raster.codes(together[lit], glyphs, one.style)
        canvas.inks[lit] = INK[one.ink]
        if not one.ghost and not one.edge:
            markers.append((one, number, low, high))
    for marker in markers:
        _draw_markers(canvas, *marker, glyphs, every)


def ascii_mark(one: Series) -> str:
    """The character that a curve is drawn with where there is nothing but ASCII: of curves that
    differ by their markers alone, that."""
    if one.marker and one.style == "solid":
        return look.plain(one.marker)
    return raster.sample(one.style, "ascii", 1)


def _draw_markers(
    canvas: Cells,
    one: Series,
    number: int,
    low: NDArray[np.intp],
    high: NDArray[np.intp],
    glyphs: Glyphs,
    every: int,
) -> None:
    """Characters on the curve; a curve that is one point is always marked, to be seen."""
    across, down = raster.DOTS[glyphs]
    rows, columns = canvas.codes.shape
    drawn = np.flatnonzero((low <= high) & (high >= 0) & (low < rows * down))
    marker = one.marker or ("●" if drawn.size == 1 else "")
    if not marker or not drawn.size:
        return
    # the curves take turns, so that markers of curves that coincide stand side by side
    spots = np.arange(5 * (number - 1) % every, columns, every) * across
    spots = spots[np.isin(spots, drawn)]
    if not spots.size:
        spots = drawn[-1:]
    middle = np.clip((low[spots] + high[spots]) // 2, 0, rows * down - 1)
    place = rows - 1 - middle // down, spots // across
    canvas.codes[place] = ord(look.plain(marker) if glyphs == "ascii" else marker)
    canvas.inks[place] = INK[one.ink]


def _draw_marks(canvas: Cells, marks: Sequence[Mark], x_axis: Axis, glyphs: Glyphs) -> None:
    line = ord("|") if glyphs == "ascii" else _MARK_LINE
    placed = [
        (column, mark.text) for mark in marks if (column := _cell(x_axis, mark.x)) is not None
    ]
    for column, _ in placed:
        free = canvas.codes[:, column] == SPACE
        canvas.codes[free, column] = line
        canvas.inks[free, column] = INK["mark"]
    for column, text in placed:
        # "fork", where there is no room for what differs
        for words in (text, text.partition(":")[0]):
            if _write_beside(canvas, column, look.plain(words) if glyphs == "ascii" else words):
                break


def _write_beside(canvas: Cells, column: int, text: str) -> bool:
    """Write it beside a column where that is free: at the top, below that, or at the bottom."""
    rows = canvas.codes.shape[0]
    for row in sorted({0, min(1, rows - 1), rows - 1}):
        start = _room(canvas.codes[row], column, len(text))
        if start is not None:
            canvas.write(row, start, text, INK["dim"])
            return True
    return False


def _seen(x: Floats, y: Floats, view: Limits) -> Floats:
    """The values within the view, and those of the line where it enters and leaves the view."""
    start, end = np.searchsorted(x, view[0]), np.searchsorted(x, view[1], side="right")
    if start == 0 and end == x.size:
        return y
    edges = [
        y[k - 1] + (edge - x[k - 1]) / (x[k] - x[k - 1]) * (y[k] - y[k - 1])
        for edge, k in zip(view, (start, end), strict=True)
        if 0 < k < x.size
    ]
    return np.concatenate([edges, y[start:end]])


def _extent(y: Floats) -> tuple[float, float]:
    """Least and greatest value but NaN; (∞, −∞) where there is none."""
    if y.size == 0:
        return np.inf, -np.inf
    low, high = float(y.min()), float(y.max())
    if np.isnan(low):
        return _extent(y[~np.isnan(y)])
    return low, high


def _both(one: Limits, other: Limits) -> Limits:
    return min(one[0], other[0]), max(one[1], other[1])


def _widened(own: Limits, ghosts: Limits, *, log: bool) -> Limits:
    """The extent of the curves with that of the ghosts, but at most three times their own: one
    that has diverged must not press the others flat."""
    low, high = own
    if not low < high:
        return _both(own, ghosts)
    if log:
        least, most = low * (low / high), high * (high / low)
    else:
        least, most = low - (high - low), high + (high - low)
    return _both(own, (max(ghosts[0], least), min(ghosts[1], most)))


def _cell(axis: Axis, x: float) -> int | None:
    """The cell of the canvas that x falls into; None outside."""
    dot = int(min(max(axis.place(x), -9), axis.dots + 9) + 0.5 + 9) - 9
    column = dot // axis.dots_per_cell
    return column if 0 <= column < axis.cells else None


def _room(codes: NDArray[np.uint32], column: int, length: int) -> int | None:
    """Where ``length`` free cells begin to the right or the left of a column."""
    for start in (column + 1, column - length):
        free = start >= 0 and start + length <= codes.size
        if free and (codes[start : start + length] == SPACE).all():
            return start
    return None
