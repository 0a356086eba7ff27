"""A report that people read: one HTML file with everything in it; no script, no network."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import fields

import tomlkit

import tuinn
from tuinn.comparison import differing, notes
from tuinn.comparison_rows import STAR, STATE, Cell, Row, difference_rows, result_rows
from tuinn.config import tree
from tuinn.environment import NAMES
from tuinn.export import style
from tuinn.export.figures import Group, groups
from tuinn.export.markup import escaped
from tuinn.export.reported import Reported, state_of
from tuinn.export.svg import title
from tuinn.export.svg_chart import DASHES, LARGE, SMALL, chart, marker
from tuinn.numbers import significant
from tuinn.runners.marks import spaced
from tuinn.widgets import race_look

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may load for the page: nothing but its own style."""
_OVER_SEEDS = (
    "Of several seeds the median is told, ± half the distance of the quartiles, and drawn in a "
    "band from the least to the greatest; layers are those of the first seed."
)


def page(runs: Sequence[Reported]) -> str:
    """The report of one run, or of several that are compared."""
    head = escaped(title(runs))
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{head} – tuinn</title>",
        f"<style>\n{style.colours()}{style.chart()}{style.PAGE}</style></head><body>",
        f'<header><h1>{head}</h1><p class="under">{escaped(_under(runs))}</p></header>',
        *_comparison(runs),
        *(part for group in groups(runs) for part in _charts(group)),
        *(part for run in runs for part in _run(run, alone=len(runs) == 1)),
        f"<footer>Written by tuinn {escaped(tuinn.__version__)}, {_day(time.time())}.</footer>",
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _under(runs: Sequence[Reported]) -> str:
    """The line below the title."""
    if len(runs) == 1 and len(runs[0].seeds) == 1:
        (run,) = runs
        number = f"run {run.number}" if run.number is not None else "a run"
        return f"{number} of {run.name}, {_state(run)}"
    seeds = {run.seeds for run in runs}
    same = ""
    if len(seeds) == 1:
        (those,) = seeds
        same = f", {_seeds(those)}"
    word = "run" if all(len(run.seeds) == 1 for run in runs) else "preset"
    return f"{len(runs)} {word}{'' if len(runs) == 1 else 's'}{same}"


def _state(run: Reported) -> str:
    """ "finished: 30 epochs done"."""
    return state_of(run.result.status, run.reason)


def _seeds(seeds: Sequence[int]) -> str:
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    return f"{len(seeds)} seeds, {seeds[0]} … {seeds[-1]}"


def _day(moment: float) -> str:
    """In the time of the place where the report is written, with its distance from UTC."""
    return time.strftime("%Y-%m-%d %H:%M:%S %z", time.localtime(moment))


# tables


def _comparison(runs: Sequence[Reported]) -> Iterator[str]:
    results = [run.result for run in runs]
    differences = difference_rows(differing([run.config for run in runs]))
    several = len(runs) > 1
    yield f"<h2>{'What differs, and what came out' if several else 'Results'}</h2>"
    kind = "compared" if several else "alone"
    yield f'<div class="wide"><table class="{kind}">'
    if several:
        heads = "".join(f'<th scope="col">{_key(run)}{escaped(run.name)}</th>' for run in runs)
        yield f"<thead><tr><td></td>{heads}</tr></thead>"
    if differences:
        yield f"<tbody>{''.join(map(_row, differences))}</tbody>"
    yield f"<tbody{' class=results' if differences else ''}>"
    rows = [row for row in result_rows(results) if row.key != STATE]
    states = Row(STATE, STATE, tuple(Cell(_state(run)) for run in runs))
    yield "".join([*map(_row, rows), _row(states, " class=text")])
    yield "</tbody></table></div>"
    if several:
        yield f'<p class="under">{STAR} best of all that are compared.</p>'
    if any(len(run.seeds) > 1 for run in runs):
        yield f'<p class="under">{_OVER_SEEDS}</p>'
    yield from (f'<p class="under">{escaped(note)}</p>' for note in notes(results))


def _row(row: Row, kind: str = "") -> str:
    cells = "".join(_cell(cell, kind) for cell in row.cells)
    return f'<tr><th scope="row">{escaped(row.label)}</th>{cells}</tr>'


def _cell(cell: Cell, kind: str) -> str:
    return f"<td{' class=best' if cell.star else kind}>{escaped(cell.whole.rstrip())}</td>"


def _key(run: Reported) -> str:
    """The line of a run, as in the charts."""
    ink, dashes = race_look.ink(run.place), DASHES[race_look.style(run.place)]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        '<svg class="chart key" viewBox="0 0 44 14" aria-hidden="true">'
        f'<path class="line {ink}"{dashed} d="M1 7h42"/>'
        f"{marker(race_look.marker(run.place), ink, 22, 7)}</svg>"
    )


# charts


def _charts(group: Group) -> Iterator[str]:
    if group.title:
        yield f"<h2>{escaped(group.title)}</h2>"
    yield f'<div class="charts{" small" if group.small else ""}">'
    for figure in group.figures:
        dropped = figure.shown.dropped
        words = (
            "logarithmic" if figure.log else "",
            f"{dropped} values ≤ 0 not drawn" if dropped else "",
        )
        note = f"<small>{', '.join(filter(None, words))}</small>"
        caption = f"<figcaption>{escaped(figure.title)}{note}</figcaption>"
        yield f"<figure>{caption}{chart(figure, SMALL if group.small else LARGE)}</figure>"
    yield "</div>"


# one run in full


def _run(run: Reported, *, alone: bool) -> Iterator[str]:
    """What it is, what was changed in it, where it was made, how it is repeated."""
    if alone:
        yield "<h2>The run</h2>"
    else:
        yield f"<h2>{_key(run)}{escaped(run.name)}</h2>"
    if run.config.title and not alone:
        yield f"<p>{escaped(run.config.title)}</p>"
    if run.tags:
        yield f"<p>{''.join(f'<span class=tag>{escaped(tag)}</span>' for tag in run.tags)}</p>"
    if run.note:
        yield f'<p class="note">{escaped(run.note)}</p>'
    yield '<div class="wide"><table><tbody>'
    yield from (
        f'<tr><th scope="row">{escaped(name)}</th><td class="text">{escaped(value)}</td></tr>'
        for name, value in _facts(run)
    )
    yield "</tbody></table></div>"
    yield from _changes(run)
    yield from _strings(run)
    text = escaped(tomlkit.dumps(tree(run.config)))
    yield f"<details><summary>The whole configuration</summary><pre>{text}</pre></details>"


def _facts(run: Reported) -> Iterator[tuple[str, str]]:
    if run.number is not None:
        yield "run", str(run.number)
    yield "seed", ", ".join(map(str, run.seeds))
    if run.started is not None:
        yield "started", _day(run.started)
    if run.parent is not None:
        number, update = run.parent
        yield "leads away from", f"run {number} at update {spaced(update)}"
    yield "data", f"{run.config.data.set}, checksum {run.data_hash or 'not known'}"
    for field in fields(run.environment):
        yield NAMES.get(field.name, field.name), str(getattr(run.environment, field.name))


def _changes(run: Reported) -> Iterator[str]:
    marks = run.history.marks
    if not marks:
        return
    word = run.method.epoch
    yield "<h3>Changed while it trained</h3><ol>"
    for mark in marks:
        where = f"{word} {significant(mark.epoch)}, update {spaced(mark.update)}"
        yield f"<li>{escaped(mark.text)} <small>({escaped(where)})</small></li>"
    yield "</ol>"


def _strings(run: Reported) -> Iterator[str]:
    yield "<h3>Repeat it</h3>"
    if run.changed:
        yield (
            "<p>It was changed while it trained, or leads away from another run: the line repeats "
            "only what it began with.</p>"
        )
    for string in run.run_strings:
        yield f'<code class="string">tuinn train {escaped(string)}</code>'
