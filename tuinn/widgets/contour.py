"""A contour map of a cost of two parameters, with the trails of those who walk over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual import events
from textual.color import Color
from textual.message import Message
from textual.reactive import reactive

from engine.surfaces import Surface
from tuinn.numbers import significant
from tuinn.widgets import contour_ink, look, raster, walk_look
from tuinn.widgets.cells import INK, Cells, CellWidget
from tuinn.widgets.contour_ground import SHADES, Ground, ground
from tuinn.widgets.contour_ink import BARE, MARK, MARKS, Palette, pair
from tuinn.widgets.contour_marks import Arrow, Canvas, Walker, draw_marks
from tuinn.widgets.contour_view import View, fitted
from tuinn.widgets.frame import SPACE, Frame
from tuinn.widgets.raster import Glyphs

_HALF = ord("▀")
_WITH_SCALE = 14
"""Rows from which on one of them is given to the colour scale."""
_KEPT = 8
"""Maps that are kept for when they are shown again."""

_PLAIN: dict[int, str] = str.maketrans(
    {"²": "^2", "³": "^3", "½": "1/2", "¼": "1/4", "π": "pi", "Σ": "sum", "…": "-"}
)

HERE = "  enter: start here"

Point = tuple[float, float]


class ContourMap(CellWidget, can_focus=True):
    """Keys move a cursor over it and enter sets the start there; so does a click."""

    prefix = "contour"
    COMPONENT_CLASSES: ClassVar[set[str]] = (
        look.component_classes("contour")
        | walk_look.component_classes("contour")
        | {f"contour--{mark}" for mark in MARKS}
    )
    DEFAULT_CSS = (
        """
    ContourMap {
        width: 1fr; height: 1fr; min-height: 3;
        border: round $foreground 25%;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
        &:focus { border: round $accent; border-title-color: $foreground; }
        & > .contour--number { color: #a9b4c6; }
        & > .contour--minimum { color: #ffffff; }
        & > .contour--start { color: #ffffff; }
        & > .contour--cursor { color: #ffffff; }
        & > .contour--down { color: #ffffff; }
        & > .contour--direction { color: #ffd75e; }
        & > .contour--low { color: #5c5cff; }
        & > .contour--high { color: #ff3030; }
    }
    """
        + look.css("ContourMap", "contour")
        + walk_look.css("ContourMap", "contour", on_map=True)
    )
    glyphs: reactive[Glyphs] = reactive[Glyphs]("braille", repaint=False, init=False)
    palette: reactive[Palette] = reactive[Palette]("blue to red", repaint=False, init=False)
    log_scale: reactive[bool] = reactive(False, repaint=False, init=False)
    cursor: reactive[Point | None] = reactive[Point | None](None, repaint=False, init=False)
    """Where the start would be set, and the cost is read."""

    class StartChosen(Message):
        """A person wants the walks to start here."""

        def __init__(self, x: float, y: float) -> None:
            super().__init__()
            self.x, self.y = x, y

    def __init__(self, surface: Surface, *, glyphs: Glyphs = "braille", **names: Any) -> None:
        super().__init__(**names)
        self._surface = surface
        self._walkers: tuple[Walker, ...] = ()
        self._arrows: tuple[Arrow, ...] = ()
        self._start: Point = surface.start
        self._grounds: dict[tuple[str, View, bool], Ground] = {}
        self._canvas_at = 0, 0
        self._view: View | None = None
        self.set_reactive(ContourMap.glyphs, glyphs)
        self.set_reactive(ContourMap.log_scale, surface.log)
        self._name_it()

    # what is shown

    @property
    def surface(self) -> Surface:
        return self._surface

    @surface.setter
    def surface(self, surface: Surface) -> None:
        if surface is not self._surface:
            self._surface = surface
            self._walkers = self._arrows = ()
            self.set_reactive(ContourMap.cursor, None)
            self.set_reactive(ContourMap.log_scale, surface.log)
            self._name_it()
            self.redraw()

    def show(self, walkers: Sequence[Walker], start: Point, arrows: Sequence[Arrow] = ()) -> None:
        """Draw these walks, the last on top, and the arrows over them."""
        self._walkers, self._start, self._arrows = tuple(walkers), start, tuple(arrows)
        self.redraw()

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        with_scale = height >= _WITH_SCALE
        framed, view = fitted(
            width, height - with_scale, self._surface.domain, ascii_only=self.glyphs == "ascii"
        )
        self._view, self._canvas_at = view, (framed.top, framed.left)
        shown = self._ground(view)
        _draw_frame(cells, framed)
        place = (
            slice(framed.top, framed.top + framed.rows),
            slice(framed.left, framed.left + framed.columns),
        )
        part = Cells(cells.codes[place], cells.inks[place])
        self._draw_ground(part, shown)
        bare = part.copy()
        canvas = Canvas(part, shown, self.glyphs, coloured=self._coloured, shaded=self._shaded)
        draw_marks(
            canvas, self._walkers, self._surface.minima, self._start, self._arrows, self.cursor
        )
        self._write_numbers(part, bare, shown)
        if with_scale:
            self._draw_scale(cells, framed, shown)
        return cells

    def _ground(self, view: View) -> Ground:
        asked = self._surface.name, view, self.log_scale
        found = self._grounds.get(asked)
        if found is None:
            if len(self._grounds) >= _KEPT:
                del self._grounds[next(iter(self._grounds))]
            free = np.array([*self._surface.minima, self._surface.start])
            found = self._grounds[asked] = ground(
                self._surface.value, view, self.glyphs, log=self.log_scale, kept_free=free
            )
        return found

    def _draw_ground(self, part: Cells, shown: Ground) -> None:
        ascii_only, lines = self.glyphs == "ascii", shown.lines
        lined = lines > 0
        if not self._shaded:
            part.codes[:] = np.where(lined, raster.codes(lines, self.glyphs, "dotted"), SPACE)
            if ascii_only:
                part.codes[lined] = ord(".")
            part.inks[:] = INK["ghost"]
            if self._coloured:
                third = 3 * shown.middle // SHADES
                part.inks[third == 0] = pair(MARK["low"], BARE)
                part.inks[third == 2] = pair(MARK["high"], BARE)
        elif self.glyphs == "block":
            upper = shown.upper + contour_ink.LINE * (lines & 1)
            lower = shown.lower + contour_ink.LINE * (lines >> 1)
            part.codes[:] = np.where(upper == lower, SPACE, _HALF)
            part.inks[:] = pair(upper, lower)
        else:
            even = (shown.upper == shown.lower) | ascii_only
            plain = np.where(even, SPACE, _HALF)
            drawn = ord(".") if ascii_only else raster.codes(lines, self.glyphs)
            part.codes[:] = np.where(lined, drawn, plain)
            flat = lined | ascii_only
            part.inks[:] = pair(
                np.where(lined, contour_ink.LINE + shown.middle, shown.upper),
                np.where(flat, shown.middle, shown.lower),
            )

    def _write_numbers(self, part: Cells, bare: Cells, shown: Ground) -> None:
        """The levels beside their lines; where a mark covers a digit, none: 10 is not 0."""
        for row, column, text in shown.numbers:
            place = row, slice(column, column + len(text))
            if (part.codes[place] != bare.codes[place]).any():
                continue
            text = look.plain(text) if self.glyphs == "ascii" else text
            part.codes[place] = [ord(character) for character in text]
            under = shown.middle[place] if self._shaded else BARE
            part.inks[place] = pair(MARK["number"], under) if self._coloured else INK["dim"]

    def _draw_scale(self, cells: Cells, framed: Frame, shown: Ground) -> None:
        """``C  0.05 ▐██████▌ 2 500``, the colours from low to high; without any, the ends alone."""
        row, width = cells.codes.shape[0] - 1, cells.codes.shape[1]
        low, high = (significant(end, 2) for end in shown.scale.ends)
        start = f"C {low} " if self._coloured else f"C {low} …"
        column = cells.write(row, framed.left, self._plain(start), INK["dim"])
        text = f" {high}{' log' if shown.scale.log else ''}"
        signs = "x minimum  @ start" if self.glyphs == "ascii" else "✕ minimum  ◇ start"
        room = min(width - column - len(text) - len(signs) - 2, 24)
        if room >= 6:
            cells.write(row, width - len(signs), signs, INK["dim"])
        else:
            room = min(width - column - len(text), 24)
        if not self._coloured:
            cells.write(row, column, text, INK["dim"])
            return
        if room < 4:
            return
        bar = np.arange(2 * room) * SHADES // (2 * room)
        place = row, slice(column, column + room)
        if self._shaded:
            cells.codes[place] = ord("▌") if self.glyphs != "ascii" else SPACE
            cells.inks[place] = pair(bar[0::2], bar[1::2])
        else:
            cells.codes[place] = ord("." if self.glyphs == "ascii" else "─")
            cells.inks[place] = INK["dim"]
            if self._coloured:
                cells.inks[place][: room // 3] = pair(MARK["low"], BARE)
                cells.inks[place][-(room // 3) :] = pair(MARK["high"], BARE)
        cells.write(row, column + room, text, INK["dim"])

    # colours

    @property
    def _coloured(self) -> bool:
        return not self.app.no_color

    @property
    def _depth(self) -> str | None:
        """How many colours there are; pictures that are taken without a terminal have all."""
        return "truecolor" if self.app.is_headless else self.app.console.color_system

    @property
    def _shaded(self) -> bool:
        """The ground has colours; with 16 there are none between blue and red."""
        return self._coloured and self._depth in ("truecolor", "256")

    def ink_style(self, ink: int) -> Style:
        found = contour_ink.parts(ink)
        if found is None:
            return super().ink_style(ink)
        colour, under, bold = found
        style = Style.from_color(self._colour(colour).rich_color)
        if under == BARE:
            style = self.rich_style + style
        else:
            style += Style.from_color(bgcolor=self._colour(under).rich_color)
        return style + Style(bold=True) if bold else style

    def _colour(self, number: int) -> Color:
        few = self._depth == "256"
        if number < contour_ink.LINE:
            return contour_ink.shade(self.palette, number, few=few)
        if number < 2 * SHADES:
            return contour_ink.line(self.palette, number - contour_ink.LINE, few=few)
        for names, of in ((contour_ink.WALK, walk_look.ink), (MARK, str)):
            for name, known in names.items():
                if known == number:
                    return self.get_component_styles(f"contour--{of(name)}").color
        raise ValueError(f"no colour has the number {number}")

    # the cursor, the mouse

    def move(self, columns: int, rows: int) -> None:
        """Move the cursor by so many cells; it begins at the start."""
        if self._view is None:
            return
        from_ = self.cursor or self._start
        row, column, _ = self._view.cells(np.array([from_]))
        here = int(row[0]), int(column[0])
        if self.cursor is None and self._view.cells(np.array([from_]))[2][0] == 0:
            here = self._view.rows // 2, self._view.columns // 2
        self.cursor = self._view.point(
            min(max(here[0] + rows, 0), self._view.rows - 1),
            min(max(here[1] + columns, 0), self._view.columns - 1),
        )

    def choose(self) -> None:
        """Ask for the start to be where the cursor is."""
        if self.cursor is not None:
            self.post_message(self.StartChosen(*self.cursor))

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None or self._view is None:
            return
        row, column = at.y - self._canvas_at[0], at.x - self._canvas_at[1]
        if 0 <= row < self._view.rows and 0 <= column < self._view.columns:
            self.cursor = None
            self.post_message(self.StartChosen(*self._view.point(row, column)))

    def on_resize(self) -> None:
        self._note()

    def watch_cursor(self) -> None:
        self._note()
        self.redraw()

    def watch_palette(self) -> None:
        self._forget_styles()

    def watch_log_scale(self) -> None:
        self.redraw()

    def watch_glyphs(self) -> None:
        self._grounds.clear()
        self._note()
        self.redraw()

    def _plain(self, text: str) -> str:
        """What is drawn, and how powers and fractions are written, in ASCII where that is asked."""
        return look.plain(text).translate(_PLAIN) if self.glyphs == "ascii" else text

    def _name_it(self) -> None:
        self.border_title = self._surface.title
        self._note()

    def _note(self) -> None:
        """The border says what the signs are, or what the cursor reads."""
        if self.cursor is not None:
            x, y = self.cursor
            cost = float(self._surface.value(np.array([self.cursor]))[0])
            x_name, y_name = self._surface.axes
            note = f"{x_name} {significant(x)}  {y_name} {significant(y)}  C {significant(cost)}"
            if len(note) + len(HERE) < self.size.width - 4:
                note += HERE
        else:
            note = self._plain(f"C = {self._surface.formula}")
            if 0 < self.size.width - 2 < len(note):
                note = self._plain(f"C = {self._surface.brief}")
        if str(self.border_subtitle or "") != note:
            self.border_subtitle = note


def _draw_frame(cells: Cells, framed: Frame) -> None:
    height = framed.codes.shape[0]
    codes: NDArray[np.uint32] = framed.codes
    cells.codes[:height] = codes
    cells.inks[:height] = INK["axis"]
    cells.inks[:height, : max(framed.left - 1, 0)] = INK["dim"]
    cells.inks[framed.rows + 1 : height] = INK["dim"]
