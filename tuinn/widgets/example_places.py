"""Where the parts of the examples stand: beside each other, above each other, or one of them."""

from __future__ import annotations

from dataclasses import dataclass

from tuinn.widgets.confusion import Matrix, matrix
from tuinn.widgets.example_words import Subject
from tuinn.widgets.pictures import size

BARS = 20
"""Cells beside a picture that its outputs want."""
_LEAST_SIDE = 34
"""Cells beside the matrix that the examples want."""
_LEAST_DETAIL = 7
_LARGEST_PICTURE = 14


@dataclass(frozen=True, slots=True)
class Area:
    top: int
    left: int
    height: int
    width: int

    def holds(self, row: int, column: int) -> bool:
        below, beside = row - self.top, column - self.left
        return 0 <= below < self.height and 0 <= beside < self.width


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts stand; None where there is no room for one."""

    written: Matrix | None
    """How the matrix is written; None where a list has its place, and for regression."""

    matrix: Area | None
    detail: Area | None
    grid: Area | None


NOWHERE = Places(None, None, None, None)


def arrange(subject: Subject, width: int, height: int, in_matrix: bool) -> Places:
    """The places in a panel of this size, below a row that says how well it reads.

    Where there is room for one part only, ``in_matrix`` tells which.
    """
    body = Area(1, 0, height - 1, width)
    confusion = subject.reading.confusion
    if body.height < 1:
        return NOWHERE
    if confusion is None:
        return _parted(None, None, body, subject)
    how = matrix(confusion, subject.classes, width)
    if how is not None and how.height <= body.height:
        below = body.height - how.height - 1
        aside = matrix(confusion, subject.classes, width - _LEAST_SIDE - 2)
        if aside is not None and (aside.whole_names or below < _LEAST_DETAIL):
            area = Area(1, 0, aside.height, aside.width)
            right = aside.width + 2
            rest = Area(1, right, body.height, width - right)
            if below >= 2 * _LEAST_DETAIL and aside.width >= 2 * BARS:
                detail = Area(2 + aside.height, 0, below, aside.width)
                return Places(aside, area, detail, rest)
            return _parted(aside, area, rest, subject)
        if below >= _LEAST_DETAIL:
            area = Area(1, 0, how.height, how.width)
            return _parted(how, area, Area(2 + how.height, 0, below, width), subject)
    else:
        how = None
    return Places(how, body, None, None) if in_matrix else _parted(None, None, body, subject)


def _parted(how: Matrix | None, upper: Area | None, rest: Area, subject: Subject) -> Places:
    """The selected example above, the others below it."""
    wanted = max(_LEAST_DETAIL, min(subject.reading.outputs.shape[1], 10) + 2)
    shape = subject.dataset.image_shape
    if shape is None:
        wanted += min(2 if subject.dataset.raw is not None else subject.dataset.d, 8)
    else:
        tall = size(shape, max(rest.width - BARS, 1), rest.height)[1]
        wanted = max(wanted, min(tall, _LARGEST_PICTURE))
    others = rest.height - wanted - 1
    if others < (4 if shape is None else 5):
        return Places(how, upper, rest, None)
    detail = Area(rest.top, rest.left, wanted, rest.width)
    grid = Area(rest.top + wanted + 1, rest.left, others, rest.width)
    return Places(how, upper, detail, grid)
