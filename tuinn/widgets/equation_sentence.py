"""What is written of an entry, in as many lines as there are.

A sentence is made of pieces that are never broken, so that no number is cut at the end of a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tuinn.numbers import significant
from tuinn.widgets.equation_text import factor

IN_ORDER = 12
"""A sum of more terms is written with its largest first."""
WRITTEN = 40
"""No more terms than these are ever written."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is written of an entry: ``head``, then terms of which the last may be left out, then
    ``tail``. A term is its text and its value."""

    head: tuple[str, ...]
    terms: tuple[tuple[str, float], ...] = ()
    tail: tuple[str, ...] = ()
    total: float = 0.0
    """The sum of all the terms, those that are not in ``terms`` as well."""
    count: int = 0
    """How many terms there are."""

    @property
    def brief(self) -> str:
        """What it is of and what it comes to: "z²₃ = 0.21"."""
        name = re.split("[=←:]", " ".join(self.head))[0].strip()
        values = [piece for piece in (*self.head, *self.tail) if piece.startswith("= ")]
        return f"{name} {values[-1]}" if values else name

    def pieces(self, written: int) -> list[str]:
        """With so many of its terms; the others are given by their number and their sum."""
        shown = self.terms[:written]
        left = self.count - len(shown)
        pieces = [*self.head, *(f"+ {text}" if n else text for n, (text, _) in enumerate(shown))]
        if left:
            rest = significant(self.total - sum(value for _, value in shown))
            pieces.append(f"{'+ ' if shown else ''}… ({left} more: {rest})")
        return pieces + list(self.tail)


def wrapped(
    sentence: Sentence, width: int, rows: int, spell: Callable[[str], str] = str
) -> list[str]:
    """The sentence in at most ``rows`` lines, with as many of its terms as there is room for.

    ``spell`` is how the characters are written."""
    for written in range(len(sentence.terms), -1, -1):
        lines = _lines(map(spell, sentence.pieces(written)), width)
        if len(lines) <= rows and (rows > 1 or written == sentence.count):
            return lines
    brief = spell(sentence.brief)
    return [brief if len(brief) <= width else "…"]


def _lines(pieces: Iterable[str], width: int) -> list[str]:
    lines = [""]
    for piece in pieces:
        joined = f"{lines[-1]} {piece}" if lines[-1] else piece
        if len(joined) <= width:
            lines[-1] = joined
        elif len(piece) <= width:
            lines.append(piece) if lines[-1] else lines.__setitem__(0, piece)
        else:
            lines.append("…"[:width])
    return lines


def products(
    head: tuple[str, ...], pairs: list[tuple[float, float]], tail: tuple[str, ...]
) -> Sentence:
    """Σ of products."""
    values = [one * other for one, other in pairs]
    order = list(range(len(pairs)))
    if len(pairs) > IN_ORDER:
        order.sort(key=lambda n: -abs(values[n]))
    terms = tuple(
        (f"{factor(pairs[n][0])}·{factor(pairs[n][1])}", values[n]) for n in order[:WRITTEN]
    )
    return Sentence(head, terms, tail, sum(values), len(pairs))


def plain(*pieces: str) -> Sentence:
    return Sentence(pieces)
