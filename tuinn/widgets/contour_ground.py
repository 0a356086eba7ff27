"""The ground of a map: how high the cost is at every place, and the lines of equal cost.

It depends on the surface and on what is in view alone, so it is computed once for both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tuinn.numbers import significant
from tuinn.widgets.contour_view import View
from tuinn.widgets.raster import DOTS, Floats, Glyphs, pack
from tuinn.widgets.scale import nice_step

SHADES = 40
"""Steps of the colour scale."""
_LEVELS = (11, 7, 4, 2)
"""Contour lines, at most about so many: fewer where they would lie too close."""
_DENSEST = 0.17
"""Share of the dots that contour lines may take."""
_FEWEST = 3
"""Levels that a map should have where it can."""
_NUMBERED = 5
"""Levels that are written, where it can be: marks come to cover some."""
_HOLLOWS = 0.1, 0.02, 0.25, 0.5, 0.75, 0.9
"""Of the map, the parts below the levels of one so rugged that even steps would fill it: first
those around its hollows.
"""
_LOWEST_SHARE = 0.004
"""Of the map, the part that may lie below the colour scale where it is logarithmic."""
_BESIDE = 2, 5
"""Rows and columns between a level's number and other things."""

Shades = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Scale:
    """What the colours mean: from ``low`` to ``high``, in log10 if ``log``."""

    low: float
    high: float
    log: bool
    levels: tuple[float, ...]
    """Costs at which contour lines are drawn, ascending."""

    def share(self, costs: Floats) -> Floats:
        """Place on the scale, from 0 to 1; what is not finite is at its upper end."""
        values = _transformed(costs, self.log)
        share = (values - self.low) / (self.high - self.low)
        return np.clip(np.nan_to_num(share, nan=1.0, posinf=1.0, neginf=0.0), 0, 1)

    @property
    def ends(self) -> tuple[float, float]:
        """The costs at both ends."""
        return (10**self.low, 10**self.high) if self.log else (self.low, self.high)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """One map without anything on it; arrays are (rows, columns) of its view."""

    view: View
    scale: Scale
    upper: Shades
    """Shade of the upper half of each cell, 0 … SHADES − 1."""
    lower: Shades
    middle: Shades
    lines: NDArray[np.uint8]
    """The dots of the contour lines, as `raster.pack` gives them."""
    numbers: tuple[tuple[int, int, str], ...]
    """Row, column and text of the levels that are written beside their lines."""


def ground(
    value: Callable[[Any], Any],
    view: View,
    glyphs: Glyphs,
    *,
    log: bool,
    kept_free: Floats,
) -> Ground:
    """The map of the costs ``value(points (k, 2)) -> (k,)``.

    ``kept_free`` (n, 2): points beside which no number is written.
    """
    # the picture needs twice the resolution of block dots whatever they are drawn with
    across, down = 2, 4
    shape = down * view.rows, across * view.columns
    with np.errstate(all="ignore"):
        costs = np.asarray(value(view.grid(across, down)), np.float64).reshape(shape)
    found, band = _lined(costs, log)
    share = found.share(costs).reshape(view.rows, down, view.columns, across).mean(axis=3)
    upper, lower = share[:, :2].mean(axis=1), share[:, 2:].mean(axis=1)
    numbers = _numbers(band, view, found.levels, kept_free)
    across, down = DOTS[glyphs]
    if glyphs == "braille":
        lines = pack(_edges(band), glyphs)
    else:
        lines = pack(_edges(band[:: 4 // down, :: 2 // across]), glyphs)
    return Ground(
        view, found, _shades(upper), _shades(lower), _shades((upper + lower) / 2), lines, numbers
    )


def _lined(costs: Floats, log: bool) -> tuple[Scale, NDArray[np.intp]]:
    """The scale with as many levels as can be told apart, and where each cost is among them."""
    for most in _LEVELS:
        found = scale(costs, log, most)
        band = _bands(costs, found.levels)
        if _edges(band).mean() <= _DENSEST:
            break
    if len(found.levels) < _FEWEST and not found.log:
        found = replace(found, levels=_hollows(costs))
        band = _bands(costs, found.levels)
    return found, band


def _bands(costs: Floats, levels: tuple[float, ...]) -> NDArray[np.intp]:
    """How many of the levels each cost lies above."""
    return np.searchsorted(np.array(levels), np.nan_to_num(costs, nan=np.inf))


def _hollows(costs: Floats) -> tuple[float, ...]:
    """Short numbers around the lowest places, as many as there is room for."""
    finite = costs[np.isfinite(costs)]
    levels: tuple[float, ...] = ()
    if finite.size == 0 or np.ptp(finite) <= 1e-9 * max(1.0, float(np.abs(finite).max())):
        return levels
    for share in _HOLLOWS:
        level = float(f"{np.quantile(finite, share):.1g}")
        tried = tuple(sorted({*levels, level}))
        if _edges(_bands(costs, tried)).mean() <= _DENSEST:
            levels = tried
    return levels


def scale(costs: Floats, log: bool, most: int = _LEVELS[0]) -> Scale:
    """Colours and about ``most`` levels for these costs; logarithmic only if they are positive."""
    finite = costs[np.isfinite(costs)]
    if finite.size == 0:
        return Scale(0.0, 1.0, False, ())
    log = log and bool((finite > 0).mean() > 1 - _LOWEST_SHARE)
    values = _transformed(finite, log)
    low, high = np.quantile(values, [_LOWEST_SHARE, 1]) if log else (values.min(), values.max())
    low, high = float(low), float(high)
    if high - low <= 1e-9 * max(1.0, abs(high)):
        low, high = low - 0.5, high + 0.5
    return Scale(low, high, log, (_log_levels if log else _levels)(low, high, most))


def _levels(low: float, high: float, most: int) -> tuple[float, ...]:
    step = nice_step((high - low) / most)
    first, last = int(np.floor(low / step)) + 1, int(np.ceil(high / step)) - 1
    return tuple(float(f"{k * step:.12g}") for k in range(first, last + 1))


def _log_levels(low: float, high: float, most: int) -> tuple[float, ...]:
    """1, 2, 5 times powers of ten, or fewer where that would be too many."""
    for factors, every in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 3), ((1,), 5)):
        powers = [p for p in range(int(np.floor(low)), int(np.ceil(high)) + 1) if p % every == 0]
        levels = [float(f"{factor}e{power}") for power in powers for factor in factors]
        levels = [level for level in levels if low < np.log10(level) < high]
        if len(levels) <= most + 1:
            break
    return tuple(levels)


def _transformed(costs: Floats, log: bool) -> Floats:
    if not log:
        return costs
    return np.log10(np.maximum(costs, np.finfo(np.float64).tiny))


def _shades(share: Floats) -> Shades:
    return np.minimum(share * SHADES, SHADES - 1).astype(np.int32)


def _edges(band: NDArray[np.intp]) -> NDArray[np.bool_]:
    """The dots on the upper side of a line of equal cost."""
    edges = np.zeros(band.shape, np.bool_)
    for here, there in (
        ((slice(None), slice(1, None)), (slice(None), slice(None, -1))),
        ((slice(1, None), slice(None)), (slice(None, -1), slice(None))),
    ):
        edges[here] |= band[here] > band[there]
        edges[there] |= band[there] > band[here]
    return edges


def _numbers(
    band: NDArray[np.intp], view: View, levels: tuple[float, ...], kept_free: Floats
) -> tuple[tuple[int, int, str], ...]:
    """Where the levels are written, far from each other: where their line runs level.

    Where these would be very few, others are written across their line, too.
    """
    row, column, inside = view.cells(kept_free)
    taken = list(zip(row[inside].tolist(), column[inside].tolist(), strict=True))
    placed: dict[float, tuple[int, int, str]] = {}
    for across in (False, True):
        for number, level in reversed(list(enumerate(levels))):
            if level in placed or (across and len(placed) >= _NUMBERED):
                continue
            text = f"{level:g}" if 1e-4 < abs(level) < 1e6 else significant(level, 1)
            half = len(text) // 2
            spots = np.argwhere(_run(band > number, view, half, across))
            spot = _freest(spots, taken, half)
            if spot is not None:
                placed[level] = spot[0], spot[1] - half, text
                taken.append(spot)
    return tuple(placed.values())


def _run(above: NDArray[np.bool_], view: View, half: int, across: bool) -> NDArray[np.bool_]:
    """The cells with a line beside which there are ``half`` more of it at both sides; or,
    ``across``, room for as many.
    """
    above = above.reshape(view.rows, 4, view.columns, 2)
    crossed = np.asarray(above.any(axis=(1, 3)) & ~above.all(axis=(1, 3)))
    found = crossed.copy()
    for shift in () if across else range(1, half + 2):
        found[:, shift:] &= crossed[:, :-shift]
        found[:, :-shift] &= crossed[:, shift:]
    found[:, : half + 1] = found[:, view.columns - half - 1 :] = False
    found[:1] = found[-1:] = False
    return found


def _freest(
    spots: NDArray[np.intp], taken: list[tuple[int, int]], half: int
) -> tuple[int, int] | None:
    """The spot farthest from what is taken; None where all are too near."""
    if not spots.size:
        return None
    if not taken:
        row, column = spots[len(spots) // 2]
        return int(row), int(column)
    away = np.abs(np.array(taken)[None] - spots[:, None])
    free = np.max(away / np.array([_BESIDE[0], _BESIDE[1] + half]), axis=2).min(axis=1)
    row, column = spots[int(free.argmax())]
    return (int(row), int(column)) if free.max() > 1 else None
