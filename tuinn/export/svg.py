"""The charts of a report alone, as one SVG picture."""

from __future__ import annotations

from collections.abc import Sequence

from tuinn.export import style
from tuinn.export.figures import groups
from tuinn.export.markup import escaped
from tuinn.export.reported import Reported
from tuinn.export.svg_chart import LARGE, chart

_ACROSS = 2
_GAP, _EDGE, _HEAD = 24, 20, 44
_WIDTH, _HEIGHT = LARGE


def picture(runs: Sequence[Reported]) -> str:
    """All charts, two beside each other, each with its title; it follows the reader's theme."""
    whole = 2 * _EDGE + _ACROSS * _WIDTH + (_ACROSS - 1) * _GAP
    y = _EDGE + 30
    parts = [f'<text class="head" x="{_EDGE}" y="{_EDGE + 10}">{escaped(title(runs))}</text>']
    for group in groups(runs):
        if group.title:
            parts.append(f'<text class="group" x="{_EDGE}" y="{y + 22}">{group.title}</text>')
            y += _HEAD
        for number, figure in enumerate(group.figures):
            column = number % _ACROSS
            if number and not column:
                y += _HEIGHT + _GAP
            x = _EDGE + column * (_WIDTH + _GAP)
            place = f' x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}"'
            parts.append(chart(figure, titled=True, place=place))
        y += _HEIGHT + _GAP
    rules = style.colours("svg") + style.chart()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {y}" '
        f'width="{whole}" height="{y}">\n<style>\n{rules}'
        ".head,.group{font:600 18px system-ui,sans-serif;fill:var(--ink)}.group{font-size:15px}\n"
        "</style>\n"
        f'<rect width="100%" height="100%" fill="var(--paper)"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def title(runs: Sequence[Reported]) -> str:
    """What a report is of."""
    if len(runs) == 1:
        return runs[0].title
    return " · ".join(run.name for run in runs)
