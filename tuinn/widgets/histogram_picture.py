"""From histograms to what is drawn of them: which column where, and how bright."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.inside.histogram import BINS, Histogram
from tuinn.histogram_strip import Column, HistogramStrip
from tuinn.widgets.scale import Limits

Array = NDArray[Any]

_STEP = BINS // 16
"""Bins by which the limits of the values grow and shrink: an eighth of the largest."""
_LEAST_COLOUR, _LEAST_CHARACTER = 0.08, 0.25
"""How bright the least share is, so that it can be told from nothing."""


def columns_in_view(
    strip: HistogramStrip, axis: str, view: Limits, cells: int
) -> tuple[NDArray[np.intp], list[Column]]:
    """Which column each of ``cells`` cells shows, −1 for none, and these columns.

    The picture stays as it is until the next moment, and ends with the last one.
    """
    columns = list(strip.columns)
    if strip.now and columns and strip.now.update > columns[-1].update:
        columns.append(strip.now)
    if not columns:
        return np.full(cells, -1), []
    low, high = view
    xs = np.array([column.x(axis) for column in columns])
    ends = low + np.arange(cells + 1) / cells * (high - low)
    drawn = np.searchsorted(xs, ends[1:], side="right") - 1
    drawn[ends[:-1] > xs[-1]] = -1
    used = np.unique(drawn[drawn >= 0])
    renumbered = np.full(len(columns) + 1, -1)
    renumbered[used] = np.arange(len(used))
    return renumbered[drawn], [columns[at] for at in used.tolist()]


def brightness(shares: Array, coloured: bool) -> Array:
    """The share of the ramp for each share of the values; NaN where there are none.

    The root shows the tails. The brightest is had in steps, so that colours do not flicker.
    """
    top = float(shares.max(initial=0.0))
    if top <= 0:
        return np.full(shares.shape, np.nan)
    top = 2.0 ** (np.ceil(4 * np.log2(top)) / 4)
    least = _LEAST_COLOUR if coloured else _LEAST_CHARACTER
    light = least + (1 - least) * np.sqrt(shares / top)
    return np.where(shares > 0, light, np.nan)


def limits_of(found: list[Histogram]) -> tuple[int, int]:
    """The bins from and up to which there is anything, outwards to the next step."""
    filled = np.flatnonzero(np.sum([one.counts for one in found], axis=0))
    low, high = int(filled[0]), int(filled[-1]) + 1
    return low // _STEP * _STEP, -(-high // _STEP) * _STEP


def shares_of(found: list[Histogram], low: int, high: int, rows: int) -> Array:
    """The share of the values in each of ``rows`` parts of the bins low…high: (rows, histograms).

    A bin on the border of two parts goes to both, in proportion.
    """
    counts = np.array([one.counts for one in found], np.float64).T
    counts /= np.maximum(counts.sum(axis=0), 1)
    reached = np.zeros((BINS + 1, len(found)))
    np.cumsum(counts, axis=0, out=reached[1:])
    ends = low + np.arange(rows + 1) * (high - low) / rows
    below = np.minimum(ends.astype(np.intp), BINS - 1)
    at = reached[below] + (ends - below)[:, None] * counts[below]
    # the differences of sums leave a trace of rounding where there is nothing
    return np.where((shares := np.diff(at, axis=0)) > 1e-12, shares, 0.0)
