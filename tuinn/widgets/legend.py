"""The row above a chart: which line is which, and what it reads."""

from __future__ import annotations

from dataclasses import dataclass

VALUE_WIDTH = 6
"""Room for a value, so that what stands beside it stays where it is."""
Run = tuple[str, str]
"""Text and the ink it is written with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One curve in the legend."""

    sample: str
    """A piece of its line, three characters."""
    name: str
    value: str
    """Empty: nothing is read from it."""
    ink: str


def legend(entries: list[Entry], width: int, lead: tuple[str, ...] = ("",)) -> list[Run]:
    """The row, at most ``width`` cells: the fullest wording that fits.

    ``lead`` is what stands before the entries, from its longest to its shortest wording. Where the
    lead says where a reading was taken, the values outlive the names as room gets scarce; without
    one it is the other way round. Numbers are shown whole or not at all.
    """
    forms = _READING if lead[0] else _NAMING
    best: list[Run] = []
    for text in dict.fromkeys((lead[0], lead[-1])):
        for sample, named, valued, gap in forms:
            runs: list[Run] = [(text, "text")] if text else []
            for number, entry in enumerate(entries):
                runs += _runs(entry, sample, named, valued, gap if number else 0)
            if _width(runs) <= width:
                return runs
            best = runs
    return _shortened(best, width)


_NAMING = (
    (3, True, True, 3),
    (1, True, True, 2),
    (3, True, False, 3),
    (1, True, False, 2),
    (1, True, False, 1),
)
_READING = ((3, True, True, 3), (1, True, True, 2), (1, False, True, 2), (1, False, True, 1))
"""Cells of the sample line, whether the name and the value are shown, gap between entries."""


def _runs(entry: Entry, sample: int, named: bool, valued: bool, gap: int) -> list[Run]:
    middle = (len(entry.sample) - sample) // 2
    line = entry.sample[middle : middle + sample]
    # a thin line may have nothing in its middle
    line = line if line.strip() else entry.sample.strip()[:1].ljust(sample)
    runs = [(" " * gap + line, entry.ink)]
    if named:
        runs.append((f" {entry.name}", "dim"))
    if valued and entry.value:
        runs.append((f" {entry.value:<{VALUE_WIDTH}}", "text"))
    return runs


def room_of(runs: list[Run]) -> int:
    """Cells of the row with the room of its last value, so that it stays where it is."""
    return len("".join(text for text, _ in runs))


def _width(runs: list[Run]) -> int:
    return len("".join(text for text, _ in runs).rstrip())


def _shortened(runs: list[Run], width: int) -> list[Run]:
    """As many whole runs as fit, and an ellipsis for the others."""
    kept: list[Run] = []
    for run in runs:
        if len("".join(text for text, _ in [*kept, run])) > width - 2:
            break
        kept.append(run)
    return [*kept, (" …", "dim")] if width >= 2 else []
