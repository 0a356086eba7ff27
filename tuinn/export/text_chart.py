"""A chart in plain text, for a terminal, a file or a mail."""

from __future__ import annotations

from tuinn.export.figures import Figure
from tuinn.numbers import significant
from tuinn.short_names import short_names
from tuinn.text_table import to_ascii
from tuinn.widgets import look, raster
from tuinn.widgets.frame import frame
from tuinn.widgets.plot import ascii_mark, plot
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.series import Series

_SAMPLE = 5


def text_chart(figure: Figure, width: int, height: int, *, ascii_only: bool = False) -> str:
    """Title, chart and legend in lines of at most ``width`` characters; ends without a newline.

    ``height``: of the chart with its axes, without title and legend. Without colours the curves
    are told apart by their lines and markers, with ``ascii_only`` by their characters.
    """
    glyphs: Glyphs = "ascii" if ascii_only else "braille"
    written = to_ascii if ascii_only else str
    log = " (log)" if figure.log else ""
    framed = frame(
        width,
        height,
        figure.x_limits,
        figure.y_limits,
        log=figure.log,
        x_label=written(figure.x_label),
        ascii_only=ascii_only,
    )
    shown = figure.shown
    drawn = plot(shown, (), framed, figure.x_limits, figure.y_limits, glyphs, 0, coloured=False)
    lines = ["".join(map(chr, row)).rstrip() for row in drawn.cells.codes.tolist()]
    left = " " * framed.left
    named = [one for one in figure.series if one.name]
    values = [written(significant(one.last)) for one in named]
    names = [written(one.name) for one in named]
    room = width - framed.left - _SAMPLE - 4 - max(map(len, values), default=0)
    legend = [
        f"{left}{_sample(one, glyphs)}  {name}  {value}"
        for one, name, value in zip(named, short_names(names, max(room, 1)), values, strict=True)
    ]
    if shown.dropped:
        legend.append(f"{left}{written(f'{shown.dropped} values ≤ 0 are not drawn')}")
    return "\n".join([f"{left}{written(figure.title)}{log}", *lines, *legend])


def _sample(one: Series, glyphs: Glyphs) -> str:
    """A piece of the curve, with its marker in the middle."""
    if glyphs == "ascii":
        line = _SAMPLE * look.plain(ascii_mark(one))
    else:
        line = raster.sample(one.style, glyphs, _SAMPLE)
    middle = _SAMPLE // 2
    marker = look.plain(one.marker) if glyphs == "ascii" else one.marker
    return f"{line[:middle]}{marker or line[middle]}{line[middle + 1 :]}"
