"""Trails over a map as dots, by numpy alone and without a loop over points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tuinn.widgets.contour_view import View
from tuinn.widgets.raster import DOTS, Floats, Glyphs, pack

_LONGEST = 3
"""A part of a trail that is longer than so many maps leads away, and is cut there."""


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
    with np.errstate(invalid="ignore"):
        places = view.dots(path, across, down)
        whole = np.asarray(np.isfinite(path).all(axis=1))
        # far outside only the direction can be seen
        reach = _LONGEST * max(width, height)
        places = np.clip(places, -reach, reach)
    if len(path) == 1:
        places, whole = np.repeat(places, 2, axis=0), np.repeat(whole, 2)
    ends = whole[1:] & whole[:-1]
    start, step = places[:-1][ends], np.diff(places, axis=0)[ends]
    if not len(start):
        return lit
    # a little closer than dots are, so that no rounding leaves one out
    number = np.ceil(1.01 * np.abs(step).max(axis=1)).astype(np.intp) + 1
    last = np.cumsum(number)
    along = np.arange(last[-1]) - np.repeat(last - number, number)
    share = along / np.repeat(np.maximum(number - 1, 1), number)
    dots = np.repeat(start, number, axis=0) + share[:, None] * np.repeat(step, number, axis=0)
    dots[last - 1] = places[1:][ends]
    column, row = np.floor(dots + 0.5).astype(np.intp).T
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    lit[row[inside], column[inside]] = True
    return lit


def along(path: Floats, view: View, every: int) -> NDArray[np.intp]:
    """Row and column (k, 2) of cells on the trail, about ``every`` cells from each other."""
    row, column, inside = view.cells(path)
    cells = np.stack([row, column], axis=1)[inside]
    chosen: list[NDArray[np.intp]] = []
    for cell in cells[:: max(1, len(cells) // 200)]:
        if all(abs(cell - other).max() >= every for other in chosen):
            chosen.append(cell)
    return np.array(chosen, np.intp).reshape(-1, 2)
