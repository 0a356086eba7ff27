"""A widget that shows values as colours, and as characters where there is no colour.

A pair of shades is a number, so that a grid of them can be compared and computed with numpy, as
the plain inks are.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.style import Style
from textual.color import Color
from textual.reactive import reactive

from tuinn.widgets import look
from tuinn.widgets.cells import INK, Cells, CellWidget
from tuinn.widgets.frame import SPACE
from tuinn.widgets.raster import Glyphs

Ramp = Literal["rising", "diverging", "grey"]
"""From small to large; from negative over nothing (at 0.5) to positive; from black to white."""
RAMPS: tuple[Ramp, ...] = get_args(Ramp)
STOPS: dict[Ramp, int] = {"rising": 5, "diverging": 3, "grey": 2}
"""How many colours a ramp leads through: each is a component class "heat--RAMP-1", "-2", …"""
SHADES = 24
"""As many as can be told apart, so that few cells change at an update."""
NOTHING = SHADES
"""The shade of a pixel without value: the background."""
CHARACTERS = {"braille": " ░▒▓█", "block": " ░▒▓█", "ascii": " .:-=+*#%@"}
"""What stands for the shades where there is no colour."""
_HALF = ord("▀")
_BLOCK = (SHADES + 1) ** 2
_PIXELS = 1000
"""Inks from here on are cells of two pixels, whose number is
_PIXELS + ramp · _BLOCK + above · (SHADES + 1) + below."""
_TEXT = 10_000
"""Inks from here on are text on a shade: _TEXT + (ramp · (SHADES + 1) + shade) · 2 + bold."""

Shades = NDArray[np.intp]


class HeatWidget(CellWidget):
    """The base of all views that are maps; `paint` and `write_on` are what they draw with."""

    prefix = "heat"
    COMPONENT_CLASSES: ClassVar[set[str]] = look.component_classes("heat") | {
        f"heat--{ramp}-{stop}" for ramp, stops in STOPS.items() for stop in range(1, stops + 1)
    }
    # rising has the hues and the evenly rising lightness of cividis, which all colour vision can
    # order; diverging is that of the decision surface
    DEFAULT_CSS = """
    HeatWidget {
        width: 1fr; height: 1fr; min-height: 3;
        border: round $foreground 25%;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
        &:focus { border: round $accent; border-title-color: $foreground; }
        & > .heat--rising-1 { color: #00224e; }
        & > .heat--rising-2 { color: #3b496c; }
        & > .heat--rising-3 { color: #7b7b78; }
        & > .heat--rising-4 { color: #bdae6d; }
        & > .heat--rising-5 { color: #fee838; }
        & > .heat--diverging-1 { color: #3f88c5; }
        & > .heat--diverging-2 { color: #f0efeb; }
        & > .heat--diverging-3 { color: #e08e2b; }
        & > .heat--grey-1 { color: #000000; }
        & > .heat--grey-2 { color: #ffffff; }
    }
    """ + look.css("HeatWidget", "heat")

    glyphs: reactive[Glyphs] = reactive[Glyphs]("braille", repaint=False, init=False)

    def __init__(self, *, glyphs: Glyphs = "braille", **names: Any) -> None:
        super().__init__(**names)
        self._shade_colours: dict[tuple[str, int], Color] = {}
        self.set_reactive(HeatWidget.glyphs, glyphs)

    @property
    def coloured(self) -> bool:
        """Values are told by colour; else by characters."""
        return not self.app.no_color

    def pixels_per_cell(self, pixels: int = 2) -> int:
        """How many values above each other a cell can show, of ``pixels`` that are wanted."""
        return pixels if self.coloured and self.glyphs != "ascii" else 1

    def paint(
        self, cells: Cells, row: int, column: int, shares: ArrayLike, ramp: Ramp, *, pixels: int = 1
    ) -> None:
        """Fill a rectangle of cells whose upper left corner is at ``row`` and ``column``.

        ``shares`` is (rows · pixels, columns), each value in [0, 1] along the ramp; NaN leaves its
        pixel empty. ``pixels`` is 1 or 2; with 2, where half cells cannot be drawn, a cell shows
        the mean of both. What lies beyond the edges is left out.
        """
        values = np.asarray(shares, np.float64)
        if values.ndim != 2 or values.shape[0] % pixels:
            raise ValueError(f"shares must be (rows · {pixels}, columns), got {values.shape}")
        upper, lower = values[0::pixels], values[pixels - 1 :: pixels]
        if pixels == 2 and self.pixels_per_cell() == 1:
            upper = lower = _mean(upper, lower)
        height, width = cells.codes.shape
        top, left = max(-row, 0), max(-column, 0)
        cut = slice(top, max(height - row, 0)), slice(left, max(width - column, 0))
        upper, lower = upper[cut], lower[cut]
        if not upper.size:
            return
        rows, columns = upper.shape
        place = (
            slice(row + top, row + top + rows),
            slice(column + left, column + left + columns),
        )
        above, below = _shades(upper), _shades(lower)
        if self.coloured:
            cells.codes[place] = np.where(above == below, SPACE, _HALF)
            cells.inks[place] = _PIXELS + RAMPS.index(ramp) * _BLOCK + above * (SHADES + 1) + below
        else:
            cells.codes[place] = self._characters[above]
            cells.inks[place] = INK["text"]

    def write_on(
        self,
        cells: Cells,
        row: int,
        column: int,
        text: str,
        share: float,
        ramp: Ramp,
        *,
        bold: bool = False,
    ) -> int:
        """Text on the shade of a value; returns the column after it. Without colour plain text."""
        if not self.coloured:
            return cells.write(row, column, text, INK["text"])
        shade = int(_shades(np.array([share]))[0])
        ink = _TEXT + (RAMPS.index(ramp) * (SHADES + 1) + shade) * 2 + bold
        return cells.write(row, column, text, ink)

    def ink_style(self, ink: int) -> Style:
        if ink >= _TEXT:
            rest, bold = divmod(ink - _TEXT, 2)
            ramp, shade = divmod(rest, SHADES + 1)
            ground = self._colour(RAMPS[ramp], shade)
            text = ground.get_contrast_text(1.0)
            return Style(color=text.rich_color, bgcolor=ground.rich_color, bold=bool(bold))
        if ink >= _PIXELS:
            ramp, pair = divmod(ink - _PIXELS, _BLOCK)
            above, below = divmod(pair, SHADES + 1)
            return Style.from_color(
                self._colour(RAMPS[ramp], above).rich_color,
                self._colour(RAMPS[ramp], below).rich_color,
            )
        return super().ink_style(ink)

    def _colour(self, ramp: Ramp, shade: int) -> Color:
        if (ramp, shade) not in self._shade_colours:
            self._shade_colours[ramp, shade] = self._blended(ramp, shade)
        return self._shade_colours[ramp, shade]

    def _blended(self, ramp: Ramp, shade: int) -> Color:
        if shade == NOTHING:
            return self.background_colors[1]
        stops = [
            self.get_component_styles(f"heat--{ramp}-{stop}").color
            for stop in range(1, STOPS[ramp] + 1)
        ]
        place = shade / (SHADES - 1) * (len(stops) - 1)
        below = min(int(place), len(stops) - 2)
        return stops[below].blend(stops[below + 1], place - below)

    @property
    def _characters(self) -> NDArray[np.uint32]:
        """The character of each shade, and of no value."""
        ramp = CHARACTERS[self.glyphs]
        marks = [ramp[shade * len(ramp) // SHADES] for shade in range(SHADES)]
        return np.array([ord(mark) for mark in [*marks, " "]], np.uint32)

    def notify_style_update(self) -> None:
        self._shade_colours.clear()
        super().notify_style_update()

    def note(self, text: str) -> None:
        """Write this into the lower border."""
        text = self._plain(text)
        if str(self.border_subtitle or "") != text:
            self.border_subtitle = text

    def _plain(self, text: str) -> str:
        return look.plain(text) if self.glyphs == "ascii" else text

    def watch_glyphs(self) -> None:
        self.redraw()


def _shades(shares: NDArray[Any]) -> Shades:
    """The shade of each share; values beyond the ends have the shade of that end."""
    nothing = np.isnan(shares)
    within = np.clip(np.where(nothing, 0.0, shares), 0, 1)
    shades: Shades = (within * (SHADES - 1) + 0.5).astype(np.intp)
    shades[nothing] = NOTHING
    return shades


def _mean(upper: NDArray[Any], lower: NDArray[Any]) -> NDArray[Any]:
    """The mean of both; of one where the other is NaN."""
    both = (upper + lower) / 2
    return np.where(np.isnan(upper), lower, np.where(np.isnan(lower), upper, both))
