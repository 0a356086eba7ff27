"""The table of a comparison in plain text, for a terminal, a file or a mail."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TextIO

from tuinn.comparison import Difference, Result, notes, part_of
from tuinn.comparison_rows import STAR, Cell, Row, difference_rows, result_rows
from tuinn.numbers import NONE
from tuinn.short_names import short_names

GAP = 2
"""Columns between two runs."""
LEAST = 8
"""Columns that a name has at least, before it is cut."""
_ASCII = str.maketrans(
    {
        STAR: "*",
        "±": "+-",
        "η": "eta",
        "α": "alpha",
        "β": "beta",
        "ε": "epsilon",
        "μ": "mu",
        "ρ": "rho",
        "σ": "sigma",
        "ξ": "xi",
        "²": "^2",
        "–": "-",
        "−": "-",
        "∞": "inf",
        "…": "...",
        "→": "->",
        "≤": "<=",
        "×": "x",
        "·": ".",
    }
)


def to_ascii(text: str) -> str:
    """The text in ASCII: "η" is "eta", and what has no name there is "?"."""
    return text.translate(_ASCII).encode("ascii", "replace").decode()


def only_ascii(stream: TextIO) -> bool:
    """Whether the stream cannot take what the table is written with."""
    try:
        "".join(map(chr, _ASCII)).encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def text_table(
    names: Sequence[str],
    differences: Sequence[Difference],
    results: Sequence[Result],
    *,
    numbers: Sequence[str] = (),
    width: int = 80,
    ascii_only: bool = False,
) -> str:
    """What differs, then the results; a column per run, as many beside each other as fit.

    Where they do not all fit, the others follow below. ``numbers``: in the store, as the last row;
    none where it is empty. ``width``: of the terminal, in columns.
    ``ascii_only``: for a stream that knows nothing else. Ends without a newline.
    """
    written = to_ascii if ascii_only else str
    heads = [written(name) for name in names]
    for short in (False, True):
        parts = [difference_rows(differences), result_rows(results, short=short)]
        if numbers:
            cells_of = tuple(Cell(number or NONE) for number in numbers)
            parts[1].append(Row("run", "run", cells_of))
        labels = [[written(row.label) for row in rows] for rows in parts]
        cells = [[[written(_text(cell)) for cell in row.cells] for row in rows] for rows in parts]
        left = max(len(label) for part in labels for label in part)
        widths, groups = _columns(heads, cells, width - left - GAP)
        if len(groups) == 1:
            break
    blocks = [_block(places, heads, widths, labels, cells, left) for places in groups]
    told = [line for note in notes(results) for line in textwrap.wrap(written(note), width)]
    if short:
        told = [written(text) for text in _judged_on(results)] + told
    return "\n\n".join([*blocks, *(["\n".join(told)] if told else [])])


def _judged_on(results: Sequence[Result]) -> list[str]:
    """What short labels do not say."""
    parts = {part_of(result.basis) for result in results}
    return [f"loss and accuracy on the {parts.pop()} set"] if len(parts) == 1 else []


def _text(cell: Cell) -> str:
    return cell.whole.rstrip() if cell.star else cell.whole.removesuffix("  ")


def _columns(
    heads: Sequence[str], cells: list[list[list[str]]], room: int
) -> tuple[list[int], list[list[int]]]:
    """The widths of the columns, and the places of those that stand beside each other.

    Figures are never cut; names are where more columns fit then.
    """
    rows = [row for part in cells for row in part]
    figures = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    share = max((room + GAP) // len(heads) - GAP, LEAST)
    found = []
    for longest in (room, share):
        widths = [max(min(len(head), longest), f) for head, f in zip(heads, figures)]
        found.append((widths, list(_fitting(widths, room))))
    return min(found, key=lambda each: len(each[1]))


def _fitting(widths: Sequence[int], room: int) -> Iterator[list[int]]:
    """The places of the columns that stand beside each other; at least one."""
    places: list[int] = []
    for place, width in enumerate(widths):
        if places and sum(widths[p] + GAP for p in places) + width > room:
            yield places
            places = []
        places.append(place)
    yield places


def _block(
    places: Sequence[int],
    heads: Sequence[str],
    widths: Sequence[int],
    labels: list[list[str]],
    cells: list[list[list[str]]],
    left: int,
) -> str:
    """The lines of the columns at these places."""
    narrowest = min(widths[p] for p in places)
    shown = list(heads)
    if any(len(heads[p]) > widths[p] for p in places):
        shown = [
            head if len(head) <= widths[p] else short
            for p, (head, short) in enumerate(zip(heads, short_names(heads, narrowest)))
        ]
    between = " " * GAP
    rows = [("", shown), *zip(labels[0], cells[0]), ("", None), *zip(labels[1], cells[1])]
    if not labels[0]:
        rows.pop(1)
    lines = []
    for label, texts in rows:
        if texts is None:
            lines.append("")
            continue
        columns = between.join(texts[p].ljust(widths[p]) for p in places)
        lines.append(f"{label:<{left}}{between}{columns}".rstrip())
    return "\n".join(lines)
