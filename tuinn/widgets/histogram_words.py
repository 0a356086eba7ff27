"""The numbers above the histogram of a layer: the fullest wording that fits."""

from __future__ import annotations

import math

from engine.inside.histogram import Spread
from tuinn.numbers import count, percent, significant
from tuinn.widgets.legend import Run
from tuinn.widgets.look import layer_ink

Line = list[Run]

_VALUE = 9
"""Room for a number, so that what stands beside it stays where it is."""


def heading(spread: Spread, width: int, most: int) -> list[Line]:
    """One line, or two where ``most`` is 2 and one does not hold all."""
    name = f"l={spread.layer}".ljust(4)
    numbers = {
        "min": spread.least,
        "5 %": spread.low,
        "median": spread.median,
        "95 %": spread.high,
        "max": spread.greatest,
    }
    tail = _tail(spread)
    full = _named(numbers, *numbers)
    short = _named(numbers, "min", "median", "max")
    of = f"{count(spread.units)} {spread.activation}".ljust(13)
    wordings: list[list[Line]] = [
        [[(of, "dim"), *full, (tail, "mark")]],
        [[*full, (tail, "mark")]],
        [[*short, (tail, "mark")], [("    ", "dim"), *_named(numbers, "5 %", "95 %")]],
        [[*short, (tail, "mark")]],
        [[(_bare(numbers), "text"), (tail, "mark")]],
        [[*_named(numbers, "median"), (tail, "mark")]],
        [[(tail.strip(), "mark")]] if tail else [[(significant(spread.median), "text")]],
        [[]],
    ]
    for lines in wordings:
        lines[0].insert(0, (name, layer_ink(spread.layer)))
        if len(lines) <= most and all(_length(line) <= width for line in lines):
            return lines
    return [[]]


def _named(numbers: dict[str, float], *names: str) -> Line:
    line: Line = []
    for name in names:
        line += [(f"{name} ", "dim"), (f"{significant(numbers[name]):<{_VALUE + 1}}", "text")]
    return line


def _bare(numbers: dict[str, float]) -> str:
    texts = [significant(numbers[name]) for name in ("min", "median", "max")]
    return " … ".join(texts) + " "


def _tail(spread: Spread) -> str:
    """What is out of order: units that are off, values that are no numbers."""
    notes = []
    if not math.isnan(spread.dead):
        notes.append(f"dead {percent(spread.dead)}")
    if spread.not_finite:
        notes.append(f"{count(spread.not_finite)} not finite")
    return " ".join(notes)


def _length(line: Line) -> int:
    return len("".join(text for text, _ in line).rstrip())
