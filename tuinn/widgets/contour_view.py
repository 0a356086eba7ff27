"""The part of the plane that a map shows, in cells and in dots, with one scale for both axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tuinn.widgets.frame import Frame, frame
from tuinn.widgets.raster import Axis, Floats
from tuinn.widgets.scale import Limits

Integers = NDArray[np.intp]

HALVES_UP = 1e-9
_FAR = 1e6
"""Dots beyond which a place is only known to be far away."""


@dataclass(frozen=True, slots=True)
class View:
    """``columns`` × ``rows`` cells over the plane; dots are counted from the upper left corner."""

    x: Limits
    y: Limits
    columns: int
    rows: int

    def axes(self, across: int, down: int) -> tuple[Axis, Axis]:
        """Of x and of y, with so many dots to a cell."""
        return Axis(*self.x, self.columns, across), Axis(*self.y, self.rows, down)

    def dots(self, points: Floats, across: int, down: int) -> Floats:
        """Column and row (n, 2) of points (n, 2), in dots, not rounded; NaN stays NaN."""
        x_axis, y_axis = self.axes(across, down)
        column = x_axis.place(points[:, 0])
        # halves go to the upper row, as the ticks of the frame do
        row = y_axis.dots - 1 - y_axis.place(points[:, 1]) - HALVES_UP
        return np.clip(np.stack([column, row], axis=1), -_FAR, _FAR)

    def cells(self, points: Floats) -> tuple[Integers, Integers, NDArray[np.bool_]]:
        """Row and column of the cell of each point (n, 2), and whether it is in view."""
        with np.errstate(invalid="ignore"):
            column, row = np.floor(self.dots(points, 1, 1) + 0.5).T
            inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        column, row = np.where(inside, column, 0), np.where(inside, row, 0)
        return row.astype(np.intp), column.astype(np.intp), inside

    def point(self, row: int, column: int) -> tuple[float, float]:
        """The middle of a cell, as round as its size allows."""
        x_axis, y_axis = self.axes(1, 1)
        return (
            _rounded(x_axis.value(float(column)), x_axis),
            _rounded(y_axis.value(float(self.rows - 1 - row)), y_axis),
        )

    def grid(self, across: int, down: int) -> Floats:
        """The points of all dots, (down · rows · across · columns, 2), row by row from the top."""
        x_axis, y_axis = self.axes(across, down)
        x = x_axis.value(np.arange(x_axis.dots, dtype=np.float64))
        y = y_axis.value(np.arange(y_axis.dots, dtype=np.float64)[::-1])
        grid_x, grid_y = np.meshgrid(x, y)
        return np.column_stack([grid_x.ravel(), grid_y.ravel()])


def fitted(
    width: int, height: int, domain: tuple[Limits, Limits], *, ascii_only: bool
) -> tuple[Frame, View]:
    """Axes around a map of ``width`` × ``height`` cells that shows the domain, and what it shows.

    A cell is twice as high as wide; where the domain has another shape than the room, more is
    shown of one coordinate, so that a length is the same in every direction.
    """
    framed = frame(width, height, *domain, ascii_only=ascii_only)
    view = _square(domain, framed)
    # the labels of the wider range may take more room, or less
    framed = frame(width, height, view.x, view.y, ascii_only=ascii_only)
    view = _square(domain, framed)
    return framed, view


def _square(domain: tuple[Limits, Limits], framed: Frame) -> View:
    (left, right), (bottom, top) = domain
    columns, rows = framed.columns, framed.rows
    across, down = max(columns - 1, 1), 2 * max(rows - 1, 1)
    unit = max((right - left) / across, (top - bottom) / down)
    x, y = (left + right) / 2, (bottom + top) / 2
    half_x, half_y = unit * across / 2, unit * down / 2
    return View((x - half_x, x + half_x), (y - half_y, y + half_y), columns, rows)


def _rounded(value: float, axis: Axis) -> float:
    """As few decimals as will do to stay in the cell."""
    cell = axis.value(1.0) - axis.value(0.0)
    decimals = max(0, int(np.ceil(-np.log10(cell / 4))))
    return float(round(value, decimals)) + 0.0
