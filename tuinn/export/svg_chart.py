"""One chart as SVG: axes, curves, markers, changes in mid-run, legend. No script, no network."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tuinn.export.figures import Figure
from tuinn.export.markup import escaped
from tuinn.numbers import significant
from tuinn.widgets.look import MARKERS
from tuinn.widgets.raster import Axis, Floats, LineStyle, Real, envelope
from tuinn.widgets.scale import linear_labels, linear_ticks, log_labels, log_ticks
from tuinn.widgets.series import Series

Size = tuple[int, int]
"""Width and height of a chart in its own units: pixels where it is shown as it is drawn."""
LARGE: Size = (580, 320)
SMALL: Size = (390, 250)
_RIGHT, _BELOW, _ABOVE = 16, 44, 12
_DIGIT = 6.7
"""Width of a character of a label, a little more than it takes."""
_LETTER = 6.9
_LEGEND_ROW = 18
_SAMPLE = 30
_TITLE = 22
_NUMBERS = 8
"""Room above the curves for a title, and for the numbers of changes."""
_Entry = tuple[Series, str, str, float]
"""A curve in the legend, its name, what it reads, and where it begins."""
_MARKERS = 9
"""Markers on a curve that goes over the whole chart."""
DASHES: dict[LineStyle, str] = {
    "solid": "",
    "dashed": "7 4",
    "dotted": "1.5 3.5",
    "dashdot": "8 3.5 1.5 3.5",
    "sparse": "2 6",
}


@dataclass(frozen=True, slots=True)
class _Canvas:
    """Where the curves are, in units of the chart."""

    left: float
    top: float
    right: float
    bottom: float
    figure: Figure

    @property
    def columns(self) -> Axis:
        """x in columns of one unit, counted from the left."""
        return Axis(*self.figure.x_limits, max(int(self.right - self.left), 2), 1)

    def x(self, values: Real) -> Real:
        low, high = self.figure.x_limits
        return self.left + (values - low) * ((self.right - self.left) / (high - low))

    def y(self, values: Real) -> Real:
        """Of values as they are drawn: on a logarithmic axis their log10."""
        low, high = self.figure.y_limits
        return self.bottom - (values - low) * ((self.bottom - self.top) / (high - low))


def chart(figure: Figure, size: Size = LARGE, *, titled: bool = False, place: str = "") -> str:
    """An <svg> element; colours are those of the style of the page.

    ``titled``: with its title within. ``place``: further attributes, as x and y.
    """
    width, height = size
    rows = list(_legend_rows(figure, width))
    head = _ABOVE + (_TITLE if titled else 0)
    top = head + _LEGEND_ROW * len(rows) + (_NUMBERS if figure.marks else 0)
    ticks, labels = _y_axis(figure)
    left = 12 + _DIGIT * max(map(len, labels))
    canvas = _Canvas(left, top, width - _RIGHT, height - _BELOW, figure)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{escaped(_spoken(figure))}"{place}>'
    ]
    if titled:
        text = escaped(figure.title) + (" (log)" if figure.log else "")
        parts.append(f'<text class="title" x="{left:.1f}" y="18">{text}</text>')
    parts += _drawn_legend(rows, left, head)
    parts += _axes(canvas, ticks, labels)
    parts += _changes(canvas)
    parts += _curves(canvas)
    return "".join([*parts, "</svg>"])


def _spoken(figure: Figure) -> str:
    """The chart in words."""
    ends = ", ".join(f"{one.name} {significant(one.last)}" for one in figure.series if one.name)
    return f"{figure.title} by {figure.x_label}; at the end: {ends}"


def _y_axis(figure: Figure) -> tuple[list[float], list[str]]:
    if figure.log:
        low, high = figure.y_limits
        ticks = log_ticks(low, high, most=6)
        if len(ticks) < 3:
            # powers of ten alone would be too few
            powers = range(math.floor(low), math.ceil(high) + 1)
            marks = (power + math.log10(factor) for power in powers for factor in (1, 2, 5))
            ticks = [mark for mark in marks if low - 1e-9 <= mark <= high + 1e-9]
        return ticks, log_labels(ticks)
    ticks = linear_ticks(*figure.y_limits, most=6)
    return ticks, linear_labels(ticks)


def _axes(canvas: _Canvas, ticks: list[float], labels: list[str]) -> Iterator[str]:
    left, right, bottom = canvas.left, canvas.right, canvas.bottom
    places = canvas.y(np.array(ticks))
    lines = "".join(f"M{left:.1f} {y:.1f}H{right:.1f}" for y in places)
    yield f'<path class="grid" d="{lines}"/>'
    yield f'<path class="axis" d="M{left:.1f} {canvas.top:.1f}V{bottom:.1f}H{right:.1f}"/>'
    for y, label in zip(places, labels, strict=True):
        yield f'<text class="tick end" x="{left - 6:.1f}" y="{y + 4:.1f}">{escaped(label)}</text>'
    ticks = linear_ticks(*canvas.figure.x_limits, most=7 if right - left > 400 else 5)
    places = canvas.x(np.array(ticks))
    lines = "".join(f"M{x:.1f} {bottom:.1f}v4" for x in places)
    yield f'<path class="axis" d="{lines}"/>'
    for x, label in zip(places, linear_labels(ticks), strict=True):
        yield (
            f'<text class="tick middle" x="{x:.1f}" y="{bottom + 17:.1f}">{escaped(label)}</text>'
        )
    middle = (left + right) / 2
    text = escaped(canvas.figure.x_label)
    yield f'<text class="label middle" x="{middle:.1f}" y="{bottom + 36:.1f}">{text}</text>'


def _changes(canvas: _Canvas) -> Iterator[str]:
    """What was changed in mid-run: numbered lines; the page says what each number is."""
    low, high = canvas.figure.x_limits
    last = -math.inf
    for number, mark in enumerate(canvas.figure.marks, start=1):
        if not low <= mark.x <= high:
            continue
        x = canvas.x(mark.x)
        yield (
            f'<g class="change"><title>{number}: {escaped(mark.text)}</title>'
            f'<path d="M{x:.1f} {canvas.top:.1f}V{canvas.bottom:.1f}"/>'
        )
        if x - last > 14:
            last = x
            yield f'<text class="tick" x="{x - 3:.1f}" y="{canvas.top - 4:.1f}">{number}</text>'
        yield "</g>"


def _curves(canvas: _Canvas) -> Iterator[str]:
    shown = canvas.figure.shown
    values = [np.log10(y) for y in shown.values] if shown.log else list(shown.values)
    drawn = list(zip(shown.series, values, strict=True))
    for one, _ in drawn:
        if one.low is not None and one.high is not None:
            yield from _filled(canvas, one)
    # ghosts and edges of bands lie behind
    for one, y in sorted(drawn, key=lambda each: not (each[0].ghost or each[0].edge)):
        path = _path(canvas, one.x, y)
        if path:
            weight = "thin" if one.ghost or one.edge else "line"
            yield f'<path class="{weight} {one.ink}"{_dashed(one.style)} d="{path}"/>'
    place = 0
    for one, y in drawn:
        if not (one.ghost or one.edge):
            yield from _markers(canvas, one, y, place)
            place += 1


def _filled(canvas: _Canvas, one: Series) -> Iterator[str]:
    """The area of a band, piece by piece: a gap in the curve is one in its band."""
    low, high = np.asarray(one.low, np.float64), np.asarray(one.high, np.float64)
    if canvas.figure.log:
        with np.errstate(invalid="ignore", divide="ignore"):
            low, high = np.log10(low), np.log10(high)
    there = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    for piece in np.split(there, np.flatnonzero(np.diff(there) > 1) + 1):
        if piece.size > 1:
            above = [_point(canvas, float(one.x[n]), float(high[n])) for n in piece]
            below = [_point(canvas, float(one.x[n]), float(low[n])) for n in piece[::-1]]
            corners = "L".join(above + below)
            yield f'<path class="band {one.ink}" d="M{corners}z"/>'


def _dashed(style: LineStyle) -> str:
    return f' stroke-dasharray="{DASHES[style]}"' if DASHES[style] else ""


def _path(canvas: _Canvas, x: Floats, y: Floats) -> str:
    """The curve, with at most four points in each column of one unit: first, least, greatest and
    last; no peak is lost."""
    seen = envelope(x, y, canvas.columns)
    parts: list[str] = []
    for n in range(seen.column.size):
        x_first, first = float(seen.x_first[n]), float(seen.first[n])
        x_last, last = float(seen.x_last[n]), float(seen.last[n])
        between = [float(value[n]) for value in (seen.low, seen.high)]
        points = [(x_first, first)]
        points += [(x_first, value) for value in between if value not in (first, last)]
        if (x_last, last) != points[-1]:
            points.append((x_last, last))
        for number, point in enumerate(points):
            move = number == 0 and (n == 0 or bool(seen.broken[n]))
            parts.append(f"{'M' if move else 'L'}{_point(canvas, *point)}")
    return "".join(parts)


def _point(canvas: _Canvas, x: float, y: float) -> str:
    # what lies beyond, as the curve of a run that was left, must not run through other parts
    down = min(max(canvas.y(y), canvas.top - 2), canvas.bottom + 2)
    return f"{canvas.x(x):.1f} {down:.1f}"


def _markers(canvas: _Canvas, one: Series, y: Floats, place: int) -> Iterator[str]:
    """Markers at points of the curve, evenly across the chart, which read the point's value.

    The curves take turns, so that the markers of curves that coincide stand side by side.
    """
    there = np.flatnonzero(np.isfinite(y))
    if not there.size:
        return
    if not one.marker and there.size > 1:
        return
    low, high = canvas.figure.x_limits
    step = (high - low) / _MARKERS
    wanted = low + step * (np.arange(_MARKERS) + 0.5 + (place % 4) / 4)
    x = one.x[there]
    wanted = wanted[(wanted >= x[0]) & (wanted <= x[-1])]
    nearest = np.unique(np.clip(np.searchsorted(x, wanted), 0, x.size - 1))
    if not nearest.size:
        nearest = np.array([x.size - 1])
    for at in there[nearest]:
        across, down = canvas.x(float(one.x[at])), canvas.y(float(y[at]))
        if canvas.top <= down <= canvas.bottom:
            where, value = significant(float(one.x[at])), significant(float(one.y[at]))
            words = f"{one.name} at {where}: {value}"
            yield marker(one.marker or "●", one.ink, across, down, words)


def marker(character: str, ink: str, x: float, y: float, words: str = "") -> str:
    """One of `MARKERS` as a shape around a point; with words that a pointer over it shows."""
    number = MARKERS.index(character) if character in MARKERS else 0
    shape = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6"',
        f'<path d="M{x:.1f} {y - 4.6:.1f}l4.4 7.8h-8.8z"',
        f'<path d="M{x - 3.4:.1f} {y - 3.4:.1f}h6.8v6.8h-6.8z"',
        f'<path d="M{x:.1f} {y - 4.8:.1f}l4.8 4.8l-4.8 4.8l-4.8 -4.8z"',
    )[number % 4]
    kind = "hollow" if number >= 4 else "full"
    title = f"<title>{escaped(words)}</title>" if words else ""
    tag = shape.partition(" ")[0][1:]
    return f'{shape} class="{kind} {ink}">{title}</{tag}>'


def _legend_rows(figure: Figure, width: int) -> Iterator[list[_Entry]]:
    """The entries of the legend, row by row."""
    row: list[_Entry] = []
    x = 0.0
    room = width - _RIGHT - 50
    for one in figure.series:
        if not one.name:
            continue
        value = "" if one.ghost else significant(one.last)
        most = int((room - _SAMPLE - 12) / _LETTER) - len(value)
        name = one.name if len(one.name) <= most else f"{one.name[: most - 1]}…"
        taken = _SAMPLE + 6 + _LETTER * (len(name) + len(value)) + 24
        if row and x + taken > room:
            yield row
            row, x = [], 0.0
        row.append((one, name, value, x))
        x += taken
    if row:
        yield row


def _drawn_legend(rows: list[list[_Entry]], left: float, top: float) -> Iterator[str]:
    for number, row in enumerate(rows):
        y = top + _LEGEND_ROW * number
        for one, name, value, x in row:
            start = left + x
            weight = "thin" if one.ghost else "line"
            yield (
                f'<path class="{weight} {one.ink}"{_dashed(one.style)} '
                f'd="M{start:.1f} {y:.1f}h{_SAMPLE}"/>'
            )
            if one.marker:
                yield marker(one.marker, one.ink, start + _SAMPLE / 2, y)
            yield (
                f'<text class="legend" x="{start + _SAMPLE + 6:.1f}" y="{y + 4:.1f}">'
                f'{escaped(name)} <tspan class="value" dx="2">{escaped(value)}</tspan></text>'
            )
