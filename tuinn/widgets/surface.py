"""The decision surface of a 2-D data set: what the network answers, and the examples over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.style import Style
from textual.color import Color
from textual.reactive import reactive

from tuinn.widgets import look
from tuinn.widgets.cells import INK, Cells, CellWidget
from tuinn.widgets.frame import SPACE, Frame, frame
from tuinn.widgets.raster import Axis, Floats, Glyphs
from tuinn.widgets.scale import Limits

_SHADES = 24
"""Colours of the map: as many as can be told apart, so that few cells change at an update."""
_RAMPS = {"braille": " ░▒▓█", "block": " ░▒▓█", "ascii": " .:-=+*#%@"}
"""Shown for values without colour, from low to high."""
_TRAIN, _VALIDATION = "○●▲■◆✚★▼", "◇◆△□◊✕☆▽"
_TRAIN_ASCII, _VALIDATION_ASCII = "ox^#&+*v", "OXA@%-~V"
_HALF = ord("▀")
_MAP = 1000
"""Inks from here on are cells of the map: _MAP + (shade above · _SHADES + shade below)."""
_POINT = 100_000
"""Inks from here on are points: _POINT + (class · _SHADES + shade under it)."""


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    values: NDArray[Any]
    """(h, w) shade of each pixel, 0 … _SHADES − 1, or (h, w) class; the first row is the lowest."""
    classes: int
    """More than 2 where the values are classes."""
    x_range: Limits
    y_range: Limits
    points: tuple[tuple[Floats, NDArray[np.intp]], ...]
    """Training and validation points (n, 2) with their classes (n,)."""


class SurfaceMap(CellWidget):
    """A map in half blocks, two pixels to a cell; ask `pixels` how many values to compute."""

    prefix = "surface"
    COMPONENT_CLASSES: ClassVar[set[str]] = look.component_classes("surface") | {
        "surface--low-map",
        "surface--middle-map",
        "surface--high-map",
    }
    DEFAULT_CSS = """
    SurfaceMap {
        width: 1fr; height: 1fr; min-height: 3;
        border: round $foreground 25%;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
        & > .surface--low-map { color: #3f88c5; }
        & > .surface--middle-map { color: #f0efeb; }
        & > .surface--high-map { color: #e08e2b; }
    }
    """ + look.css("SurfaceMap", "surface")

    glyphs: reactive[Glyphs] = reactive[Glyphs]("braille", repaint=False, init=False)

    def __init__(
        self,
        title: str = "decision surface",
        *,
        empty: str = "the surface of a 2-D data set appears here: press space to train",
        glyphs: Glyphs = "braille",
        **names: Any,
    ) -> None:
        super().__init__(**names)
        self.empty = empty
        self.border_title = title
        self._shown: _Shown | None = None
        self._names: tuple[str, ...] = ()
        self.set_reactive(SurfaceMap.glyphs, glyphs)

    @property
    def pixels(self) -> tuple[int, int]:
        """(columns, rows) of values that fill the map at its present size; (0, 0) if hidden."""
        width, height = self.size
        if width < 1 or height < 1:
            return 0, 0
        ranges = (self._shown.x_range, self._shown.y_range) if self._shown else ((0.0, 1.0),) * 2
        framed = self._frame(width, height, *ranges)
        return framed.columns, framed.rows * self._pixels_per_cell

    def show(
        self,
        grid: ArrayLike,
        x_range: Limits,
        y_range: Limits,
        points: ArrayLike,
        labels: ArrayLike,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
        *,
        limits: Limits = (0.0, 1.0),
        names: tuple[str, ...] = (),
    ) -> None:
        """Draw the answers of a network and the examples.

        ``grid`` is (h, w), or (h, w, classes) of which the largest counts. Its first row belongs
        to the lower end of ``y_range``; it is evenly spaced over both ranges, ends included.
        Colours go from the low end (blue) of ``limits`` to the high one (orange). Any h and w will
        do; `pixels` is the sharpest.
        ``points`` is (n, 2) with classes ``labels`` (n,), whole numbers; ``validation`` is the
        same for the examples that are not trained on. ``names`` of the classes go to the legend.
        """
        values = np.asarray(grid, np.float64)
        if values.ndim not in (2, 3) or 0 in values.shape:
            raise ValueError(f"grid must be (h, w) or (h, w, classes), got {values.shape}")
        if not (x_range[0] < x_range[1] and y_range[0] < y_range[1] and limits[0] < limits[1]):
            raise ValueError(
                f"ranges must have a lower and a higher end, got {x_range}, {y_range}, {limits}"
            )
        if values.ndim == 3 and values.shape[2] > 2:
            classes, shades = values.shape[2], values.argmax(axis=2)
        else:
            values = values[..., -1] if values.ndim == 3 else values
            share = (np.nan_to_num(values, nan=sum(limits) / 2) - limits[0]) / (
                limits[1] - limits[0]
            )
            classes, shades = 2, (np.clip(share, 0, 1) * (_SHADES - 1) + 0.5).astype(np.intp)
        if self._shown is None or classes != self._shown.classes:
            # the same ink is another colour now
            self._forget_styles()
        groups = [(points, labels), *([validation] if validation is not None else [])]
        self._shown = _Shown(
            shades, classes, x_range, y_range, tuple(_group(*group) for group in groups)
        )
        self._names = names
        self._note()
        self.redraw()

    def clear(self) -> None:
        """Show what would fill the map."""
        self._shown = None
        self.border_subtitle = ""
        self.redraw()

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        shown = self._shown
        if shown is None:
            text = self.empty if len(self.empty) <= width else ""
            cells.write((height - 1) // 2, (width - len(text)) // 2, text, INK["dim"])
            return cells
        framed = self._frame(width, height, shown.x_range, shown.y_range)
        cells.codes[:] = framed.codes
        cells.inks[:] = INK["axis"]
        cells.inks[:, : max(framed.left - 1, 0)] = INK["dim"]
        cells.inks[framed.rows + 1 :] = INK["dim"]
        place = slice(0, framed.rows), slice(framed.left, framed.left + framed.columns)
        canvas = Cells(cells.codes[place], cells.inks[place])
        upper, lower = self._pixel_rows(shown, framed)
        if self._coloured:
            half = self._pixels_per_cell == 2
            canvas.codes[:] = np.where(upper == lower, SPACE, _HALF) if half else SPACE
            canvas.inks[:] = _MAP + upper * _SHADES + lower
        else:
            canvas.codes[:] = self._ramp(shown.classes)[upper]
            canvas.inks[:] = INK["dim"]
        self._draw_points(canvas, shown, upper)
        return cells

    def ink_style(self, ink: int) -> Style:
        if ink >= _POINT:
            of_class, shade = divmod(ink - _POINT, _SHADES)
            return Style.from_color(
                self._point_colour(of_class).rich_color, self._shade(shade).rich_color
            )
        if ink >= _MAP:
            upper, lower = divmod(ink - _MAP, _SHADES)
            return Style.from_color(self._shade(upper).rich_color, self._shade(lower).rich_color)
        return super().ink_style(ink)

    @property
    def _coloured(self) -> bool:
        return not self.app.no_color

    @property
    def _pixels_per_cell(self) -> int:
        return 1 if self.glyphs == "ascii" or not self._coloured else 2

    def _frame(self, width: int, height: int, x_range: Limits, y_range: Limits) -> Frame:
        return frame(width, height, x_range, y_range, ascii_only=self.glyphs == "ascii")

    def _pixel_rows(
        self, shown: _Shown, framed: Frame
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Shades of the upper and the lower pixel of every cell, (rows, columns) each."""
        values = shown.values
        rows = framed.rows * self._pixels_per_cell
        column = np.arange(framed.columns) * values.shape[1] // framed.columns
        row = np.arange(rows) * values.shape[0] // rows
        picture = values[row[::-1]][:, column]
        step = self._pixels_per_cell
        return picture[0::step], picture[step - 1 :: step]

    def _draw_points(self, canvas: Cells, shown: _Shown, shades: NDArray[np.intp]) -> None:
        ascii_only = self.glyphs == "ascii"
        glyph_sets = (_TRAIN_ASCII, _VALIDATION_ASCII) if ascii_only else (_TRAIN, _VALIDATION)
        rows, columns = canvas.codes.shape
        x_axis, y_axis = Axis(*shown.x_range, columns, 1), Axis(*shown.y_range, rows, 1)
        # validation first: where both fall into one cell, the training point is seen
        for (points, labels), glyphs in reversed(list(zip(shown.points, glyph_sets, strict=False))):
            column = np.floor(x_axis.place(points[:, 0]) + 0.5)
            row = rows - 1 - np.floor(y_axis.place(points[:, 1]) + 0.5)
            inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
            column, row = column[inside].astype(np.intp), row[inside].astype(np.intp)
            of_class = labels[inside] % len(glyphs)
            canvas.codes[row, column] = np.array([ord(c) for c in glyphs], np.uint32)[of_class]
            if self._coloured:
                canvas.inks[row, column] = _POINT + of_class * _SHADES + shades[row, column]
            else:
                canvas.inks[row, column] = INK["text"]

    def _ramp(self, classes: int) -> NDArray[np.uint32]:
        """The character of each shade, or of each class."""
        ramp = _RAMPS[self.glyphs]
        shades = classes if classes > 2 else _SHADES
        return np.array(
            [ord(ramp[k * len(ramp) // shades % len(ramp)]) for k in range(shades)], np.uint32
        )

    def _shade(self, shade: int) -> Color:
        if self._shown is not None and self._shown.classes > 2:
            return self._class_colour(shade).darken(0.12)
        share = shade / (_SHADES - 1)
        low, middle, high = (
            self.get_component_styles(f"surface--{part}-map").color
            for part in ("low", "middle", "high")
        )
        return low.blend(middle, 2 * share) if share < 0.5 else middle.blend(high, 2 * share - 1)

    def _class_colour(self, of_class: int) -> Color:
        return self.get_component_styles(f"surface--series-{of_class % 8 + 1}").color

    def _point_colour(self, of_class: int) -> Color:
        """Dark enough to be read on any part of the map, and of the hue of its class."""
        if self._shown is not None and self._shown.classes > 2:
            return self._class_colour(of_class).darken(0.45)
        return Color.parse("#5a2a00" if of_class else "#06264a")

    def _note(self) -> None:
        shown = self._shown
        ascii_only = self.glyphs == "ascii"
        train, validation = (
            (_TRAIN_ASCII, _VALIDATION_ASCII) if ascii_only else (_TRAIN, _VALIDATION)
        )
        names = self._names or tuple(str(k) for k in range(shown.classes if shown else 2))
        notes = [f"{train[k % 8]} {name}" for k, name in enumerate(names[:8])]
        if shown is not None and len(shown.points) > 1:
            notes.append(
                f"{''.join(validation[k % 8] for k in range(min(len(names), 8)))} validation"
            )
        text = "  ".join(notes)
        if str(self.border_subtitle or "") != text:
            self.border_subtitle = text

    def watch_glyphs(self) -> None:
        self._note()
        self.redraw()


def _group(points: ArrayLike, labels: ArrayLike) -> tuple[Floats, NDArray[np.intp]]:
    places = np.asarray(points, np.float64)
    classes = np.asarray(labels, np.intp)
    if places.ndim != 2 or places.shape[1] != 2 or classes.shape != places.shape[:1]:
        raise ValueError(f"points are {places.shape} and labels {classes.shape}: not (n, 2), (n,)")
    return places, classes
