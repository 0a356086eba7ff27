"""Curves as dots in character cells, by numpy alone and without a loop over points.

A curve is first reduced to what a column of dots can show (`envelope`: the least and greatest value
per column), then to a vertical run of dots per column (`trace`), then to dots (`dots`) and to
characters (`pack`, `codes`). Columns count from the left, rows of a trace from the bottom.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

Glyphs = Literal["braille", "block", "ascii"]
LineStyle = Literal["solid", "dashed", "dotted", "dashdot", "sparse"]
LINE_STYLES: tuple[LineStyle, ...] = get_args(LineStyle)

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Real = TypeVar("Real", float, Floats)

DOTS: dict[Glyphs, tuple[int, int]] = {"braille": (2, 4), "block": (1, 2), "ascii": (1, 1)}
"""Dots per cell: across and down."""

_PATTERNS: dict[Glyphs, dict[LineStyle, list[int]]] = {
    "braille": {
        "solid": [1],
        "dashed": [1, 1, 1, 1, 0, 0],
        "dotted": [1, 0],
        "dashdot": [1, 1, 1, 1, 0, 0, 1, 0],
        "sparse": [1, 0, 0, 0],
    },
    "block": {
        "solid": [1],
        "dashed": [1, 1, 1, 0],
        "dotted": [1, 0],
        "dashdot": [1, 1, 1, 0, 1, 0],
        "sparse": [1, 0, 0],
    },
    # a character of its own tells each style apart
    "ascii": {style: [1] for style in LINE_STYLES},
}
_BRAILLE_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BRAILLE_CODES = np.where(np.arange(256) > 0, 0x2800 + np.arange(256), ord(" ")).astype(np.uint32)
_BLOCK_CODES = np.array([ord(c) for c in " ▀▄█"], np.uint32)
_ASCII_CODES = {
    style: np.array([ord(" "), ord(mark)], np.uint32)
    for style, mark in zip(LINE_STYLES, "*+.x~", strict=True)
}
_STEEP = 2
"""A run of more dots than this is broken up by rows, as dashes along it."""
_FAR = 10**6


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps [low, high] to dots, so that a value falls into the cell whose tick it is.

    ``low`` is at the middle of the first cell and ``high`` at the middle of the last, as plotext
    places its ticks; the dot at place p covers [p − ½, p + ½).
    """

    low: float
    high: float
    cells: int
    dots_per_cell: int

    @property
    def dots(self) -> int:
        return self.cells * self.dots_per_cell

    @property
    def _scale(self) -> float:
        return max(self.dots - self.dots_per_cell, 1) / (self.high - self.low)

    def place(self, values: Real) -> Real:
        """Values in dots from the start of the axis."""
        return (values - self.low) * self._scale + (self.dots_per_cell - 1) / 2

    def value(self, places: Real) -> Real:
        """The inverse of `place`."""
        return (places - (self.dots_per_cell - 1) / 2) / self._scale + self.low


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """What a curve looks like in the columns it has points in, (c,) each, columns ascending.

    Columns −1 and ``dots`` hold at most one point: the neighbour outside to which a line leads.
    """

    column: Integers
    low: Floats
    high: Floats
    x_first: Floats
    first: Floats
    x_last: Floats
    last: Floats
    broken: NDArray[np.bool_]
    """No line joins this column to the one before: values are missing in between."""


def envelope(x: Floats, y: Floats, axis: Axis) -> Envelope:
    """Least, greatest, first and last finite value of the curve in every column of ``axis``.

    x (n,) must be finite and not decrease; values of y (n,) that are not finite break the line.
    """
    finite = np.isfinite(y)
    gaps = None
    if not finite.all():
        kept = np.flatnonzero(finite)
        x, y = x[kept], y[kept]
        gaps = np.diff(kept, prepend=-1) > 1
    edges = axis.value(np.arange(-0.5, axis.dots + 0.5))
    inside = np.searchsorted(x, edges)
    bounds = np.empty(axis.dots + 3, np.intp)
    bounds[1:-1] = inside
    bounds[0] = max(inside[0] - 1, 0)
    bounds[-1] = min(inside[-1] + 1, x.size)
    occupied = np.flatnonzero(bounds[1:] > bounds[:-1])
    starts, ends = bounds[occupied], bounds[occupied + 1]
    broken = np.zeros(occupied.size, np.bool_) if gaps is None else gaps[starts]
    if occupied.size:
        shown = y[: ends[-1]]
        low, high = np.minimum.reduceat(shown, starts), np.maximum.reduceat(shown, starts)
    else:
        low = high = np.empty(0)
    return Envelope(
        column=occupied - 1,
        low=low,
        high=high,
        x_first=x[starts],
        first=y[starts],
        x_last=x[ends - 1],
        last=y[ends - 1],
        broken=broken,
    )


def in_log10(curve: Envelope) -> Envelope:
    """The same curve with the decimal logarithm of its values, which must be positive.

    Taken of the few values that are drawn rather than of all: log10 keeps their order.
    """
    return replace(
        curve,
        low=np.log10(curve.low),
        high=np.log10(curve.high),
        first=np.log10(curve.first),
        last=np.log10(curve.last),
    )


def trace(curve: Envelope, x_axis: Axis, y_axis: Axis) -> tuple[Integers, Integers]:
    """The lowest and the highest dot of the line in every column, (dots,) each.

    An empty column has low > high. Between columns with points the line is straight; where two
    neighbouring runs do not touch, each grows half of the way towards the other.
    """
    columns = x_axis.dots
    low = np.full(columns + 2, _FAR, np.intp)
    high = np.full(columns + 2, -_FAR, np.intp)
    if curve.column.size == 0:
        return low[1:-1], high[1:-1]
    at = curve.column + 1
    low[at], high[at] = _rows(y_axis.place(curve.low)), _rows(y_axis.place(curve.high))
    broken = np.zeros(columns + 2, np.bool_)
    broken[at] = curve.broken

    between = np.arange(at[0], at[-1])
    empty = between[high[between] == -_FAR]
    empty = empty[~curve.broken[np.searchsorted(at, empty)]]
    if empty.size:
        places = np.empty(2 * at.size)
        places[0::2], places[1::2] = x_axis.place(curve.x_first), x_axis.place(curve.x_last)
        values = np.empty(2 * at.size)
        values[0::2], values[1::2] = y_axis.place(curve.first), y_axis.place(curve.last)
        low[empty] = high[empty] = _rows(np.interp(empty - 1.0, places, values))

    here = high > -_FAR
    joined = here[1:] & here[:-1] & ~broken[1:]
    rising = joined & (low[1:] > high[:-1] + 1)
    falling = joined & (high[1:] < low[:-1] - 1)
    middle_up, middle_down = (high[:-1] + low[1:]) // 2, (high[1:] + low[:-1]) // 2
    new_low, new_high = low.copy(), high.copy()
    new_high[:-1][rising] = middle_up[rising]
    new_low[:-1][falling] = middle_down[falling] + 1
    new_low[1:][rising] = np.minimum(new_low[1:], middle_up + 1)[rising]
    new_high[1:][falling] = np.maximum(new_high[1:], middle_down)[falling]
    return new_low[1:-1], new_high[1:-1]


def dots(
    low: Integers, high: Integers, rows: int, style: LineStyle = "solid", glyphs: Glyphs = "braille"
) -> NDArray[np.bool_]:
    """The dots of a trace, (rows, columns), top row first.

    Dashes are anchored to the grid, not to the curve: a line that grows at its end leaves the
    dashes behind it where they are.
    """
    row = np.arange(rows - 1, -1, -1)[:, None]
    lit = (row >= low) & (row <= high)
    pattern = np.array(_PATTERNS[glyphs][style], np.bool_)
    if pattern.size > 1:
        across = pattern[np.arange(low.size) % pattern.size]
        steep = high - low >= _STEEP
        lit &= np.where(steep, pattern[row % pattern.size], across)
    return lit


def pack(lit: NDArray[np.bool_], glyphs: Glyphs) -> NDArray[np.uint8]:
    """Dots (rows · down, columns · across) as one mask per cell, (rows, columns)."""
    bits = lit.view(np.uint8)
    if glyphs == "ascii":
        return bits
    if glyphs == "block":
        return bits[0::2] | bits[1::2] * np.uint8(2)
    mask = np.zeros((bits.shape[0] // 4, bits.shape[1] // 2), np.uint8)
    for down, pair in enumerate(_BRAILLE_BITS):
        for across, bit in enumerate(pair):
            mask |= bits[down::4, across::2] * np.uint8(bit)
    return mask


def codes(
    mask: NDArray[np.uint8], glyphs: Glyphs, style: LineStyle = "solid"
) -> NDArray[np.uint32]:
    """The characters of masks, as code points; a space where a cell is empty."""
    if glyphs == "braille":
        return _BRAILLE_CODES[mask]
    if glyphs == "block":
        return _BLOCK_CODES[mask]
    return _ASCII_CODES[style][mask]


@lru_cache(maxsize=64)
def sample(style: LineStyle, glyphs: Glyphs, cells: int) -> str:
    """A short level line in a style, for a legend."""
    across, down = DOTS[glyphs]
    level = np.full(cells * across, down // 2, np.intp)
    mask = pack(dots(level, level, down, style, glyphs), glyphs)
    return "".join(map(chr, codes(mask, glyphs, style)[0]))


def smoothed(y: Floats, beta: float) -> Floats:
    """The exponential moving average of y (n,), with its bias corrected; 0 ≤ ``beta`` < 1.

        s_t = (1 − β) Σ_i β^i y_(t−i) / (1 − β^t)

    Values that are not finite are left out of the sums and stay as they are.
    """
    if not 0 <= beta < 1:
        raise ValueError(f"the smoothing factor must be at least 0 and below 1, got {beta}")
    if beta == 0 or y.size == 0:
        return y
    finite = np.isfinite(y)
    sums = _decaying_sum(np.where(finite, y, 0.0), beta)
    weights = _decaying_sum(finite.astype(np.float64), beta)
    return np.where(finite, sums / np.where(weights > 0, weights, 1.0), y)


def _decaying_sum(values: Floats, beta: float) -> Floats:
    """Σ_i β^i v_(t−i), in blocks short enough for β^−i to stay finite."""
    length = max(1, min(values.size, int(-300 / np.log(beta))))
    blocks = -(-values.size // length)
    padded = np.zeros(blocks * length)
    padded[: values.size] = values
    powers: Floats = np.float64(beta) ** np.arange(length)
    # β^i Σ_(j ≤ i) v_j β^−j: the recurrence as a plain cumulative sum
    within: Floats = np.cumsum(padded.reshape(blocks, length) / powers, axis=1) * powers
    carry = 0.0
    for block in within:
        block += carry * beta * powers
        carry = float(block[-1])
    return within.reshape(-1)[: values.size]


def _rows(places: Floats) -> Integers:
    return np.floor(np.clip(places, -_FAR / 2, _FAR / 2) + 0.5).astype(np.intp)
