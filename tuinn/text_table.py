"""The table of a comparison in plain text, for a terminal, a file or a mail."""

from __future__ import annotations

from collections.abc import Sequence

from tuinn.comparison import FIGURES, STAR, Difference, Result, best, label_of, notes, text_of


def text_table(
    names: Sequence[str],
    differences: Sequence[Difference],
    results: Sequence[Result],
    *,
    width: int = 80,
    ascii_only: bool = False,
) -> str:
    """What differs, then the results; a column per run, as many beside each other as fit.

    ``width``: of the terminal, in columns. ``ascii_only``: for a stream that knows nothing else.
    Ends without a newline.
    """
    rows = [["", *names]]
    rows += [[one.label, *one.texts] for one in differences]
    for figure in FIGURES:
        winners = best(results, figure)
        texts = [text_of(figure, getattr(result, figure)) for result in results]
        marked = [f"{t} {STAR}" if n in winners else f"{t}  " for n, t in enumerate(texts)]
        rows.append([label_of(results, figure), *marked])
    rows.append(["state", *(result.status for result in results)])
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths)).rstrip() for row in rows]
    return "\n".join([*lines, *notes(results)])
