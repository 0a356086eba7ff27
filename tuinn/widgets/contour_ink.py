"""The inks of a map: a colour on a shade of the ground, as one number.

Textual draws a cell in one colour on another. Both are numbers of a short list (the shades, the
contour lines on each, the optimisers, a few marks), so a pair of them is a number, too, and grids
of inks can be compared and computed with numpy.
"""

from __future__ import annotations

from typing import Any, Literal, get_args, overload

import numpy as np
from numpy.typing import NDArray
from textual.color import Color

from tuinn.widgets.contour_ground import SHADES
from tuinn.widgets.look import INKS
from tuinn.widgets.walk_look import LETTERS

Numbers = NDArray[np.integer[Any]]
Palette = Literal["blue to red", "blue to yellow"]
PALETTES: tuple[Palette, ...] = get_args(Palette)

_STOPS: dict[Palette, tuple[str, ...]] = {
    "blue to red": ("#153e75", "#25406f", "#3b3a62", "#553352", "#702d3f", "#8a2a2e"),
    # the hues and the evenly rising lightness of cividis, which all colour vision can order
    "blue to yellow": ("#00214f", "#213a66", "#424c66", "#62605f", "#83764f", "#a08d3c"),
}
_FEW: dict[Palette, tuple[str, ...]] = {
    "blue to red": ("#000087", "#00005f", "#5f005f", "#5f0000", "#870000"),
    "blue to yellow": ("#00005f", "#303030", "#4e4e4e", "#6c6c6c", "#87875f"),
}
"""For terminals of 256 colours, exactly as these have them: shades between would be any colour."""
_FEW_LINES = "#9e9e9e"

MARKS = ("number", "minimum", "start", "cursor", "down", "direction", "low", "high")
"""Component classes of the map for what is drawn on it."""

LINE = SHADES
"""From here on: the contour lines on each shade."""
WALK = {name: 2 * SHADES + number for number, name in enumerate(LETTERS)}
"""The colour of each optimiser."""
MARK = {name: 2 * SHADES + len(LETTERS) + number for number, name in enumerate(MARKS)}
BARE = 2 * SHADES + len(LETTERS) + len(MARKS)
"""No colour of the ground: the background of the widget."""
COLOURS = BARE + 1

_FIRST = 1000
"""Pairs are numbered from here on, beyond the plain inks of all widgets."""
assert len(INKS) < _FIRST


@overload
def pair(colour: int, ground: int, *, bold: bool = False) -> int: ...
@overload
def pair(colour: Numbers | int, ground: Numbers | int, *, bold: bool = False) -> Any: ...
def pair(colour: Any, ground: Any, *, bold: bool = False) -> Any:
    """The ink of ``colour`` on ``ground``; arrays will do for both."""
    return _FIRST + (COLOURS * bold + colour) * COLOURS + ground


def parts(ink: int) -> tuple[int, int, bool] | None:
    """What `pair` was made of; None for the plain inks."""
    if ink < _FIRST:
        return None
    rest, ground = divmod(ink - _FIRST, COLOURS)
    bold, colour = divmod(rest, COLOURS)
    return colour, ground, bool(bold)


def shade(palette: Palette, number: int, *, few: bool = False) -> Color:
    """A colour of the ground; ``few``: one of those of a terminal with 256."""
    if few:
        stops = _FEW[palette]
        return Color.parse(stops[number * len(stops) // SHADES])
    places = [Color.parse(stop) for stop in _STOPS[palette]]
    place = number / (SHADES - 1) * (len(places) - 1)
    below = min(int(place), len(places) - 2)
    return places[below].blend(places[below + 1], place - below)


def line(palette: Palette, number: int, *, few: bool = False) -> Color:
    """A contour line on that shade."""
    if few:
        return Color.parse(_FEW_LINES)
    return shade(palette, number).blend(Color.parse("#ffffff"), 0.24)
