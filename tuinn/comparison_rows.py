"""The rows of the table of a comparison, as they are written on a screen and in plain text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tuinn.comparison import FIGURES, Difference, Result, best, label_of

STAR = "★"
"""Marks the best."""
STATE = "state"
"""The key of the row that tells how the runs are."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, or a setting, of one run."""

    text: str
    spread: str = ""
    """ "± 0.0021" over several seeds."""
    star: bool = False
    """It is the best."""
    value: float | None = None
    """Of a figure: what the text tells."""

    @property
    def whole(self) -> str:
        """On one line, with room for the star."""
        text = f"{self.text} {self.spread}" if self.spread else self.text
        return f"{text} {STAR}" if self.star else f"{text}  "


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    key: str
    """The path of a field, the name of a figure, or `STATE`."""
    label: str
    cells: tuple[Cell, ...]


def difference_rows(differences: Sequence[Difference]) -> list[Row]:
    """What differs."""
    return [
        Row(one.path, one.label, tuple(Cell(text) for text in one.texts)) for one in differences
    ]


def result_rows(results: Sequence[Result], *, short: bool = False) -> list[Row]:
    """How the runs fare; ``short``: with short labels."""
    rows = []
    for figure in FIGURES:
        winners = best(results, figure)
        if len(winners) == len(results):
            # all alike: none is better
            winners = ()
        cells = [_cell(figure, result, place in winners) for place, result in enumerate(results)]
        rows.append(Row(figure, label_of(results, figure, short=short), tuple(cells)))
    rows.append(Row(STATE, STATE, tuple(Cell(result.status) for result in results)))
    return rows


def _cell(figure: str, result: Result, star: bool) -> Cell:
    spread = getattr(result, figure)
    text = FIGURES[figure].text(spread.median)
    if spread.half_iqr is None or math.isinf(spread.median):
        return Cell(text, star=star, value=spread.median)
    return Cell(text, f"± {FIGURES[figure].spread(spread.half_iqr)}", star, spread.median)
