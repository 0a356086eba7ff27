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

    Between its points a curve is a straight line; before its first and after its last it is not
    there. The grid are the curves' own x, thinned to at most ``points``.

    ``least``: NaN where fewer curves are there; by default more than half of them are needed.
    """
    empty = np.empty(0)
    return Band(empty, empty, empty, empty, np.empty(0, np.int64))
