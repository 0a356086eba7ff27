"""Ink, marker and line of every run of a race: the same on the chart, its column, the table."""

from __future__ import annotations

from tuinn.widgets.look import MARKERS
from tuinn.widgets.raster import LineStyle

_STYLES: tuple[LineStyle, ...] = ("solid", "dashed", "dotted", "dashdot", "solid", "dashed")


def ink(place: int) -> str:
    """The ink of the run at ``place`` 0…5."""
    return f"series-{place % 8 + 1}"


def marker(place: int) -> str:
    """The character on its curve, which tells it apart without a colour."""
    return MARKERS[place % len(MARKERS)]


def style(place: int) -> LineStyle:
    """The line of its curve."""
    return _STYLES[place % len(_STYLES)]
