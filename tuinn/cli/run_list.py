"""The list of `tuinn runs`: runs that match a filter, as a table or as JSON."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tuinn.cli.say import say
from tuinn.cli.stored import none_yet, opened
from tuinn.config import ConfigError
from tuinn.widgets.run_columns import COLUMNS, ID, NAME, Column, cut

if TYPE_CHECKING:
    from tuinn.store import StoredRun

_GAP = "  "
_TAGS = 12
"""Columns that tags have at least, before they give way."""
_STATE_RANK = 2.5
"""On the screen there is a sign for the state, too: here its column is the third to be needed."""


def show(options: argparse.Namespace) -> int:
    """Print the runs that match."""
    from tuinn.store import filter as filters

    wanted = filters.parse(" ".join(options.words))
    key = _sort_key(options.sort) if options.sort else None
    runs: list[StoredRun] = []
    if not none_yet():
        with opened() as store:
            runs = store.runs()
    found = wanted.select(runs)
    if key is not None:
        found.sort(key=key, reverse=options.reverse)
        # what is not known is last either way
        found.sort(key=lambda run: key(run)[0])
    elif options.reverse:
        found.reverse()
    found = found[: options.limit]
    if options.json:
        from tuinn.cli.run_details import as_json
        from tuinn.records import json_line

        print(json_line([as_json(run) for run in found]))
        return 0
    if not found:
        say(
            f"no run matches {wanted.text!r}"
            if runs
            else "no runs are kept yet: `tuinn` and `tuinn train` keep those they train"
        )
        return 0
    print("\n".join(table(found, _width())))
    return 0


def table(runs: Sequence[StoredRun], width: int | None) -> list[str]:
    """A line for each run, below a line of heads: the columns of the Runs screen, and the tags.

    ``width``: of the terminal, in which columns give way as there; None: lines of any length.
    """
    texts = {
        column: [column.title, *(one_line(column.text(run)) for run in runs)]
        for column in (ID, NAME, *COLUMNS)
    }
    tags = ["tags", *(one_line(" ".join(f"#{tag}" for tag in run.tags)) for run in runs)]
    widths = {column: max(map(len, lines)) for column, lines in texts.items()}
    room = 10**9 if width is None else width
    widths[NAME] = min(widths[NAME], max(room // 3, 12))
    room -= widths[ID] + len(_GAP) + widths[NAME]
    tagged = min(max(map(len, tags)), _TAGS) + len(_GAP) if any(tags[1:]) else 0
    chosen = {ID, NAME}
    for column in sorted(COLUMNS, key=_rank):
        # tags come after what is most needed, and before all others
        left = room - (tagged if _rank(column) > _STATE_RANK else 0)
        if widths[column] + len(_GAP) <= left:
            chosen.add(column)
            room -= widths[column] + len(_GAP)
    shown = [column for column in texts if column in chosen]
    lines = [
        _GAP.join(_cell(texts[column][at], widths[column], column.left) for column in shown)
        for at in range(len(runs) + 1)
    ]
    if tagged and room >= tagged:
        lines = [
            f"{line}{_GAP}{cut(tag, room - len(_GAP))}"
            for line, tag in zip(lines, tags, strict=True)
        ]
    return [line.rstrip() for line in lines]


def _rank(column: Column) -> float:
    return _STATE_RANK if column.name == "status" else column.rank


def _cell(text: str, width: int, left: bool) -> str:
    text = cut(text, width)
    return text.ljust(width) if left else text.rjust(width)


def one_line(text: str) -> str:
    """Text of others on one line of a terminal: what is not printable could do anything there."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _sort_key(field: str) -> Callable[[StoredRun], tuple[int, Any]]:
    """(0, value), or (1, 0) where the run has none; `ConfigError` for an unknown field."""
    from tuinn.store.filter_fields import asked, unknown

    known = asked()
    if field not in known:
        raise ConfigError(f"--sort: {unknown(field)}")
    get = known[field].get

    def key(run: StoredRun) -> tuple[int, Any]:
        value = get(run)
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return 1, (0, 0.0, "")
        if isinstance(value, int | float):
            return 0, (0, float(value), "")
        return 0, (1, 0.0, str(value).casefold())

    return key


def _width() -> int | None:
    """Of the terminal; None where there is none: a file takes lines of any length."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns
