"""The boxes of the units of a layer: their pictures, numbers, names and the signs of biases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.inside.maps import LayerMaps
from tuinn.widgets import look
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.frame import SPACE
from tuinn.widgets.heat import HeatWidget, Ramp
from tuinn.widgets.network_layout import Column
from tuinn.widgets.network_links import NEGATIVE, POSITIVE

Array = NDArray[Any]

_SMALL = 0.02
"""A bias below this share of the largest of its layer has no sign worth a mark."""
_RAMPS: dict[str, Ramp] = {"output": "diverging", "incoming": "diverging", "outgoing": "rising"}


def draw_pictures(view: HeatWidget, cells: Cells, column: Column, maps: LayerMaps | None) -> None:
    """What each unit of a layer answers, or the weights that lead to it."""
    rows = column.height * 2
    extent = (column.shown - 1) * column.pitch + column.height
    shares = np.full((2 * extent, column.width), np.nan)
    if maps is None:
        pictures, ramp = np.full((column.shown, rows, column.width), 0.5), _RAMPS["output"]
    else:
        units = slice(column.first, column.first + column.shown)
        low, high = (end[units, None, None] for end in (maps.low, maps.high))
        size = rows - (column.pitch == column.height and view.pixels_per_cell() == 2)
        pictures = resampled((maps.values[units] - low) / (high - low), size, column.width)
        ramp = _RAMPS[maps.shows]
    for place, picture in enumerate(pictures):
        start = 2 * place * column.pitch
        shares[start : start + len(picture)] = picture
    view.paint(cells, column.top, column.left, shares, ramp, pixels=2)
    if not view.coloured:
        _ground(view, cells, column)


def _ground(view: HeatWidget, cells: Cells, column: Column) -> None:
    """Let it be seen how far the boxes go where the lowest values are spaces."""
    dot = ord("." if view.glyphs == "ascii" else "·")
    for unit in column.units:
        row = column.row(unit)
        box = cells.codes[row : row + column.height, column.left : column.right]
        box[box == SPACE] = dot


def draw_labels(
    view: HeatWidget,
    cells: Cells,
    column: Column,
    left: Sequence[str],
    right: Sequence[str],
    *,
    selected: int | None,
    source: int | None,
) -> None:
    """Numbers or names before the boxes, names after them.

    ``selected`` is the unit that is selected, ``source`` the one that its selected weight comes
    from.
    """
    ascii_only = view.glyphs == "ascii"
    for place, unit in enumerate(column.units):
        row = column.middle(unit)
        chosen = unit == selected
        mark = ">" if chosen else "<" if unit == source else " "
        if not ascii_only:
            mark = {">": "▶", "<": "◁"}.get(mark, mark)
        width = column.shape.label - 1
        if width >= 0:
            text = f"{left[place]:>{width}}{mark}"
            if chosen:
                view.write_on(cells, row, column.start, text, 1.0, "grey", bold=True)
            else:
                cells.write(row, column.start, text, INK["text" if unit == source else "dim"])
        if right:
            cells.write(row, column.right + 1, right[place], INK["dim"])


def draw_biases(
    view: HeatWidget, cells: Cells, column: Column, b: Array, *, selected: int | None
) -> None:
    """A mark after each box at its lower edge: the sign of b (n_l,); ``selected``: whose is."""
    with np.errstate(all="ignore"):
        largest = np.abs(b).max()
    up, down = ("^", "v") if view.glyphs == "ascii" else ("▲", "▽")
    for unit in column.units:
        value = float(b[unit])
        row = bias_row(column, unit)
        if unit == selected:
            text = up if value > 0 else down if value < 0 else "0"
            view.write_on(cells, row, column.right, text, 1.0, "grey", bold=True)
        elif abs(value) > _SMALL * largest:
            ink = POSITIVE if value > 0 else NEGATIVE
            cells.write(row, column.right, up if value > 0 else down, ink)
        else:
            dot = look.plain("·") if view.glyphs == "ascii" else "·"
            cells.write(row, column.right, dot, INK["axis"])


def bias_row(column: Column, unit: int) -> int:
    return column.row(unit) + column.height - 1


def mark_value(
    view: HeatWidget, cells: Cells, column: Column, maps: LayerMaps, unit: int, place: int
) -> None:
    """Show which value of a picture is meant, the ``place``-th row by row."""
    _, rows, columns = maps.values.shape
    r, c = divmod(place, columns)
    if r >= rows or unit not in column.units:
        return
    row = column.row(unit) + (2 * r + 1) * column.height // (2 * rows)
    at = column.left + (2 * c + 1) * column.width // (2 * columns)
    share = float(np.nan_to_num(maps.shares(unit)[r, c], nan=0.5))
    mark = "x" if view.glyphs == "ascii" else "◇"
    view.write_on(cells, row, at, mark, share, _RAMPS[maps.shows], bold=True)


def resampled(pictures: Array, rows: int, columns: int) -> Array:
    """(n, r, c) → (n, rows, columns): means of what falls together, or values repeated."""
    return _along(_along(pictures, rows, 1), columns, 2)


def _along(pictures: Array, size: int, axis: int) -> Array:
    have = pictures.shape[axis]
    if have == size:
        return pictures
    if have < size:
        return np.asarray(pictures.take(np.arange(size) * have // size, axis))
    starts = np.arange(size) * have // size
    sums = np.add.reduceat(pictures, starts, axis)
    lengths = np.diff(starts, append=have)
    return np.asarray(sums / (lengths[:, None] if axis == 1 else lengths))
