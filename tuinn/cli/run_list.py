"""The list of `tuinn runs`: runs that match a filter, as a table or as JSON."""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tuinn.cli.say import say
from tuinn.cli.stored import opened
from tuinn.config import ConfigError
from tuinn.widgets.numbers import significant

if TYPE_CHECKING:
    from tuinn.store import StoredRun

HEADS = ("run", "started", "name", "state", "epoch", "loss", "accuracy", "measured on", "tags")
_RIGHT = ("run", "epoch")
_GAP = "  "


def show(options: argparse.Namespace) -> int:
    """Print the runs that match."""
    from tuinn.store import filter as filters
    from tuinn.store import store_folder
    from tuinn.store.folder import DATABASE

    wanted = filters.parse(" ".join(options.words))
    key = _sort_key(options.sort) if options.sort else None
    runs: list[StoredRun] = []
    if (store_folder() / DATABASE).exists():
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
    """A line for each run, below a line of heads; ``width``: of the terminal, None where lines may
    be as long as they need."""
    rows = [HEADS, *map(_row, runs)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    places = list(range(len(HEADS)))
    if width is not None:
        # names and tags may be cut, and what is least needed goes first
        widths[HEADS.index("name")] = min(widths[HEADS.index("name")], max(width // 3, 12))
        for name in ("tags", "measured on", "started", "epoch"):
            if _taken(widths, places) <= width:
                break
            place = HEADS.index(name)
            rest = width - _taken(widths, places) + widths[place]
            if name == "tags" and rest >= 8:
                widths[place] = rest
            else:
                places.remove(place)
    return [
        _GAP.join(_cell(row, place, widths[place]) for place in places).rstrip() for row in rows
    ]


def _taken(widths: Sequence[int], places: Sequence[int]) -> int:
    return sum(widths[place] for place in places) + len(_GAP) * (len(places) - 1)


def _cell(row: Sequence[str], place: int, width: int) -> str:
    text = row[place] if len(row[place]) <= width else f"{row[place][: width - 1]}…"
    return text.rjust(width) if HEADS[place] in _RIGHT else text.ljust(width)


def _row(run: StoredRun) -> tuple[str, ...]:
    validated = run.validation_loss is not None
    loss = run.train_loss if run.validation_loss is None else run.validation_loss
    accuracy = run.validation_accuracy
    if accuracy is None:
        accuracy = run.train_accuracy
    return (
        str(run.id),
        time.strftime("%Y-%m-%d %H:%M", time.localtime(run.started)),
        one_line(run.name),
        run.status,
        significant(run.epoch),
        significant(loss),
        significant(accuracy),
        "validation" if validated else "training",
        one_line(" ".join(run.tags)),
    )


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
