"""Trails over a map as dots, by numpy alone and without a loop over points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tuinn.widgets.contour_view import HALVES_UP, View
from tuinn.widgets.raster import DOTS, Floats, Glyphs, pack

_BEYOND = 1.0
"""Dots past the edge up to which a line is followed, so that it is drawn to the very edge."""


def trail(path: Floats, view: View, glyphs: Glyphs) -> NDArray[np.uint8]:
    """The dots of the line through ``path`` (n, 2), one mask per cell, (rows, columns).

    Points that are not finite break the line.
    """
    across, down = DOTS[glyphs]
    return pack(line_dots(path, view, across, down), glyphs)


def line_dots(path: Floats, view: View, across: int, down: int) -> NDArray[np.bool_]:
    """The same as dots, (rows · down, columns · across), the top row first."""
    width, height = view.columns * across, view.rows * down
    lit = np.zeros((height, width), np.bool_)
    places = _places(path, view, across, down)
    if len(path) == 1:
        places = np.repeat(places, 2, axis=0)
    start, end = _within(places[:-1], places[1:], width, height)
    if not len(start):
        return lit
    step = end - start
    # a little closer than dots are, so that no rounding leaves one out
    number = np.ceil(1.01 * np.abs(step).max(axis=1)).astype(np.intp) + 1
    last = np.cumsum(number)
    along = np.arange(last[-1]) - np.repeat(last - number, number)
    share = along / np.repeat(np.maximum(number - 1, 1), number)
    dots = np.repeat(start, number, axis=0) + share[:, None] * np.repeat(step, number, axis=0)
    dots[last - 1] = end
    column, row = np.floor(dots + 0.5).astype(np.intp).T
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    lit[row[inside], column[inside]] = True
    return lit


def _places(path: Floats, view: View, across: int, down: int) -> Floats:
    """`View.dots` however far away; beyond the numbers there are, places are not finite."""
    x_axis, y_axis = view.axes(across, down)
    with np.errstate(over="ignore", invalid="ignore"):
        column = x_axis.place(path[:, 0])
        row = y_axis.dots - 1 - y_axis.place(path[:, 1]) - HALVES_UP
    return np.stack([column, row], axis=1)


def _within(start: Floats, end: Floats, width: int, height: int) -> tuple[Floats, Floats]:
    """The parts of the lines from ``start`` to ``end``, (n, 2), that are on the map, (k, 2) each.

    Liang and Barsky (1984): of the share t of the way, every edge bounds either where a line comes
    in or where it goes out. Each line keeps its direction, which cutting one coordinate at a time
    would change.
    """
    low = -0.5 - _BEYOND
    high = np.array([width, height]) - 0.5 + _BEYOND
    with np.errstate(all="ignore"):
        step = end - start
        finite = np.isfinite(start).all(axis=1) & np.isfinite(step).all(axis=1)
        to_low, to_high = (low - start) / step, (high - start) / step
        first = np.where(step == 0, -np.inf, np.minimum(to_low, to_high)).max(axis=1)
        last = np.where(step == 0, np.inf, np.maximum(to_low, to_high)).min(axis=1)
        beside = ((step == 0) & ((start < low) | (start > high))).any(axis=1)
    first, last = np.maximum(first, 0), np.minimum(last, 1)
    seen = finite & ~beside & (first <= last)
    start, end, step = start[seen], end[seen], step[seen]
    first, last = first[seen, None], last[seen, None]
    # of ends so far that their difference is coarser than the map, at least nothing leaves it
    return (
        np.where(first > 0, np.clip(start + first * step, low, high), start),
        np.where(last < 1, np.clip(start + last * step, low, high), end),
    )


def along(path: Floats, view: View, every: int) -> NDArray[np.intp]:
    """Row and column (k, 2) of cells on the trail, about ``every`` cells from each other."""
    row, column, inside = view.cells(path)
    cells = np.stack([row, column], axis=1)[inside]
    chosen: list[NDArray[np.intp]] = []
    for cell in cells[:: max(1, len(cells) // 200)]:
        if all(abs(cell - other).max() >= every for other in chosen):
            chosen.append(cell)
    return np.array(chosen, np.intp).reshape(-1, 2)
