"""Round numbers for axes: limits that stay put while data arrive, ticks in steps of 1, 2 and 5."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, pairwise

from tuinn.numbers import MINUS

Limits = tuple[float, float]

_FILL = 0.4
"""Limits are kept while the data fill at least this share of them."""


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least ``least`` > 0."""
    power = 10.0 ** math.floor(math.log10(least))
    for factor in (1, 2, 5, 10):
        if factor * power >= least * (1 - 1e-9):
            return factor * power
    return 10 * power


def linear_limits(low: float, high: float, previous: Limits | None = None) -> Limits:
    """Round limits around data in [low, high]; ``previous`` ones where they still serve.

    Data that are all positive and reach down to less than half their maximum get 0 as lower limit
    (and the mirror image of this), as lengths from 0 are easier to compare.
    """
    if 0 < low < high / 2:
        low = 0.0
    elif low / 2 < high < 0:
        high = 0.0
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        margin = abs(high) / 4 or 1.0
        low, high = (0.0, 2 * high) if high > 0 else (low - margin, high + margin)
    if previous is not None and _serve(previous, low, high):
        return previous
    step = nice_step((high - low) / 4)
    return (
        _multiple(math.floor(low / step + 1e-9), step),
        _multiple(math.ceil(high / step - 1e-9), step),
    )


def log_limits(low: float, high: float, previous: Limits | None = None) -> Limits:
    """The same for log10 of the data: whole decades, or 1, 2, 5 within less than one decade."""
    if previous is not None and _serve(previous, low, high):
        return previous
    if high - low > 1:
        return math.floor(low + 1e-9), math.ceil(high - 1e-9)
    marks = _marks_125(low - 1, high + 1)
    below = max(mark for mark in marks if mark <= low + 1e-9)
    above = min(mark for mark in marks if mark >= high - 1e-9)
    if above - below < 0.2:
        above = marks[marks.index(above) + 1]
    return below, above


def grown(reached: float) -> float:
    """The end of an axis that has to hold ``reached`` > 0 and some more: it grows in steps."""
    power = 10.0 ** math.floor(math.log10(reached))
    for factor in (1, 1.5, 2, 3, 4, 5, 6, 8, 10):
        if factor * power >= reached * (1 - 1e-9):
            return factor * power
    return 10 * power


def whole_axis(low: float, high: float, planned: Limits | None) -> Limits:
    """A whole x axis for data in [low, high]: the ``planned`` one while they stay in it, or what
    they reached and some more."""
    if planned is not None:
        low, end = planned
        if high <= end and low < end:
            return low, end
    elif 0 < low < high / 2:
        low = 0.0
    return (low, low + grown(high - low)) if high > low else (low, low + 1)


def linear_ticks(low: float, high: float, most: int) -> list[float]:
    """2 to ``most`` evenly spaced round numbers in [low, high], both ends among them if it can be.

    Steps are 1, 2, 5 times a power of ten, or another short number that divides the range evenly.
    """
    most = max(most, 2)
    for number in range(most, most // 2, -1):
        step = (high - low) / max(number - 1, 1)
        if number > 1 and _is_short(step) and _is_whole(low / step):
            first = round(low / step)
            return [_multiple(first + k, step) for k in range(number)]
    step = nice_step((high - low) / most)
    ticks = _multiples(low, high, step)
    while len(ticks) > most:
        step = nice_step(1.5 * step)
        ticks = _multiples(low, high, step)
    # where too few round numbers lie within, the ends themselves are better than nothing
    return ticks if len(ticks) >= 2 else [low, high]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """log10 of 2 to ``most`` round numbers: decades, or 1, 2, 5 where decades are too few."""
    most = max(most, 2)
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    decades = last - first
    if high - low < 2 - 1e-9:
        return _few_decades(low, high, most)
    if decades >= 1:
        for number in range(min(most, decades + 1), most // 2, -1):
            if number > 1 and decades % (number - 1) == 0:
                return [float(power) for power in range(first, last + 1, decades // (number - 1))]
        every = -(-(decades + 1) // most)
        ticks = [float(power) for power in range(first, last + 1) if power % every == 0]
        return ticks if len(ticks) >= 2 else [float(first), float(last)]
    return [low, high]


def _few_decades(low: float, high: float, most: int) -> list[float]:
    """log10 of 2 to ``most`` of the numbers 1, 2, 5, 10, …, about evenly from end to end.

    With as many powers of ten as can be, and then with as many others.
    """
    marks = _marks_125(low, high)
    if len(marks) < 2:
        return [low, high]
    choices = (
        [marks[0], *between, marks[-1]]
        for number in range(most - 1)
        for between in combinations(marks[1:-1], number)
    )
    even = (ticks for ticks in choices if _about_even(ticks))
    return max(even, key=lambda ticks: (sum(map(_is_whole, ticks)), len(ticks)))


def _about_even(ticks: Sequence[float]) -> bool:
    gaps = [after - before for before, after in pairwise(ticks)]
    return max(gaps) <= 2 * min(gaps)


def linear_labels(ticks: list[float]) -> list[str]:
    """Labels with as many decimals as tell the ticks apart: "0.5", "2.5 k", "−10", "2e−4"."""
    if not ticks:
        return []
    step = min((b - a for a, b in pairwise(ticks)), default=abs(ticks[0]) or 1.0)
    size = max(abs(ticks[0]), abs(ticks[-1]))
    if size < 1e-3 or size >= 1e12:
        return [_exponential(tick, step) for tick in ticks]
    unit, prefix = 1.0, ""
    for unit_, prefix_ in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if size >= 10 * unit_ or (size >= unit_ > 1e3):
            unit, prefix = unit_, prefix_
            break
    decimals = _decimals(step / unit)
    if not _is_whole(ticks[0] / unit * 10**decimals):
        # even steps from an odd start, as in −2.5, −1.5
        decimals += 1
    texts = [f"{tick / unit:.{decimals}f}" for tick in ticks]
    return [
        text.lstrip("-")
        if float(text) == 0 and not prefix
        else "0"
        if float(text) == 0
        else text.replace("-", MINUS) + prefix
        for text in texts
    ]


def log_labels(ticks: list[float]) -> list[str]:
    """Labels of ticks given as log10: "0.01", "1", "1000", "1e−5"."""
    labels = []
    for tick in ticks:
        value = 10.0**tick
        if 1e-2 * (1 - 1e-9) <= value < 1e4:
            text = f"{value:.3g}"
            labels.append(f"{float(text):.0f}" if float(text) >= 1 and "e" in text else text)
        else:
            mantissa, exponent = f"{value:.0e}".split("e")
            labels.append(f"{mantissa}e{int(exponent)}".replace("-", MINUS))
    return labels


def _serve(limits: Limits, low: float, high: float) -> bool:
    """Whether [low, high] lies within the limits and fills enough of them."""
    inside = limits[0] <= low and high <= limits[1]
    return inside and high - low >= _FILL * (limits[1] - limits[0])


def _multiple(k: int, step: float) -> float:
    """k · step without the noise of binary fractions: 3 · 0.1 is 0.3."""
    return float(f"{k * step:.12g}")


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-6


def _is_short(step: float) -> bool:
    """Whether a step is easily added up: 1, 1.5, 2, 2.5, 3, 4, 5 times a power of ten."""
    mantissa = step / 10.0 ** math.floor(math.log10(step) + 1e-12)
    return any(abs(mantissa - short) < 1e-6 for short in (1, 1.5, 2, 2.5, 3, 4, 5))


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [_multiple(k, step) for k in range(first, last + 1)]


def _marks_125(low: float, high: float) -> list[float]:
    return [
        power + math.log10(factor)
        for power in range(math.floor(low) - 1, math.ceil(high) + 1)
        for factor in (1, 2, 5)
        if low - 1e-9 <= power + math.log10(factor) <= high + 1e-9
    ]


def _decimals(step: float) -> int:
    """Decimals that tell apart multiples of ``step``: 0.5 needs 1, 0.25 needs 2, 10 none."""
    two_digits = max(0, 1 - math.floor(math.log10(step)))
    for decimals in range(two_digits):
        scaled = step * 10**decimals
        if scaled >= 0.999 and abs(scaled - round(scaled)) < 1e-6 * scaled:
            return decimals
    return two_digits


def _exponential(tick: float, step: float) -> str:
    if tick == 0:
        return "0"
    power = 10.0 ** math.floor(math.log10(abs(tick)) + 1e-12)
    mantissa, exponent = f"{tick:.{min(_decimals(step / power), 3)}e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
