"""The median of several curves, and the band from their least to their greatest value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

POINTS = 512
"""Of the grid at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Curves over a common grid, (n,) each; NaN where too few curves are there."""

    x: Array
    median: Array
    low: Array
    high: Array
    there: NDArray[np.int64]
    """How many curves have a value."""


def band(
    curves: Sequence[tuple[Array, Array]], *, least: int | None = None, points: int = POINTS
) -> Band:
    """Median, least and greatest of curves y(x), which may have different x, not decreasing.

    Between its points a curve is a straight line; before its first, after its last, and beside
    a value that is no number it is not there. The grid is the curves' own x, thinned to at most
    ``points``.

    ``least``: NaN where fewer curves are there; by default at least half of them are needed.
    """
    needed = max(1, (len(curves) + 1) // 2 if least is None else least)
    x = _grid([x for x, _ in curves], points)
    values = np.full((max(len(curves), 1), len(x)), np.nan)
    for row, (own, y) in zip(values, curves, strict=False):
        row[:] = _on(x, np.asarray(own, np.float64), np.asarray(y, np.float64))
    # NaN come last
    values.sort(axis=0)
    there = np.isfinite(values).sum(axis=0)
    upper, columns = np.maximum(there - 1, 0), np.arange(len(x))
    middle = values[upper // 2, columns] / 2 + values[(upper + 1) // 2, columns] / 2
    few = there < needed
    median, low, high = (
        np.where(few, np.nan, curve) for curve in (middle, values[0], values[upper, columns])
    )
    return Band(x, median, low, high, there)


def _grid(all_x: Sequence[Array], points: int) -> Array:
    """Where there is any point, at most ``points`` of them, the first and the last among them."""
    x: Array = np.unique(np.concatenate([np.empty(0), *all_x]))
    if len(x) > points:
        x = x[np.unique(np.linspace(0, len(x) - 1, points).round().astype(int))]
    return x


def _on(grid: Array, x: Array, y: Array) -> Array:
    """The curve at the places of the grid; NaN where it is not there."""
    if not x.size:
        return np.full(len(grid), np.nan)
    finite = np.where(np.isfinite(y), y, np.nan)
    # of several values at one x the last is meant, as after a change of the cost
    last = np.append(x[1:] != x[:-1], True)
    on: Array = np.interp(grid, x[last], finite[last], left=np.nan, right=np.nan)
    return on
