"""How steep the cost is in every direction: ∇C·v for a direction v that a person turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from textual import events
from textual.message import Message

from tuinn.numbers import MINUS, percent, signed, significant
from tuinn.widgets import look, raster
from tuinn.widgets.cells import INK, Cells, CellWidget
from tuinn.widgets.raster import Axis, Glyphs

_TEXT = 32
"""Columns of the text; the curve stands beside it where there is room."""
_LEAST_CURVE = 17
NOTHING = 1e-6
"""‖∇C‖ up to which it is as good as level: −∇C points wherever the rounding errors do."""


@dataclass(frozen=True, slots=True)
class Slope:
    """The gradient where an optimiser stands, and a direction v there."""

    who: str
    """Whose place it is, with its letter: "M momentum"."""
    gradient: tuple[float, float]
    angle: float
    """Of v, in whole degrees, −180 … 180."""
    ended: bool = False
    """It stands at a minimum or at rest, and goes nowhere any more."""

    @property
    def norm(self) -> float:
        """‖∇C‖."""
        return float(np.hypot(*self.gradient))

    @property
    def level(self) -> bool:
        """There is no direction to speak of."""
        return self.ended or self.norm <= NOTHING

    @property
    def downhill(self) -> float:
        """The angle of −∇C in degrees."""
        return float(np.degrees(np.arctan2(-self.gradient[1], -self.gradient[0])))

    def along(self, degrees: Any) -> Any:
        """∇C·v, the slope in the direction of these angles."""
        radians = np.radians(degrees)
        return self.gradient[0] * np.cos(radians) + self.gradient[1] * np.sin(radians)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said instead where there is no gradient to show."""

    lines: tuple[str, ...]


class SlopePanel(CellWidget):
    """The read-out of v at the left, ∇C·v over its angle at the right; a click there turns v."""

    prefix = "slope"
    COMPONENT_CLASSES: ClassVar[set[str]] = look.component_classes("slope")
    DEFAULT_CSS = """
    SlopePanel {
        width: 1fr; height: 7; min-height: 3;
        border: round $foreground 25%;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
    }
    """ + look.css("SlopePanel", "slope")

    class Turned(Message):
        """A person wants v to point there."""

        def __init__(self, degrees: float) -> None:
            super().__init__()
            self.degrees = degrees

    def __init__(self, glyphs: Glyphs = "braille", **names: Any) -> None:
        super().__init__(**names)
        self.glyphs: Glyphs = glyphs
        self._shown: Slope | Told = Told(())
        self._curve_at = 0, 0
        self.border_title = "slope in the direction v"

    def show(self, what: Slope | Told) -> None:
        self._shown = what
        turns = isinstance(what, Slope) and not what.level
        keys = "v V: turn v" if turns else ""
        if str(self.border_subtitle or "") != keys:
            self.border_subtitle = keys
        self.redraw()

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        shown = self._shown
        if isinstance(shown, Told):
            for row, text in enumerate(shown.lines[:height]):
                cells.write(row, 0, self._plain(text), INK["text" if row == 0 else "dim"])
            return cells
        for row, runs in enumerate(self._lines(shown, width, height)):
            column = 0
            for text, ink in runs:
                column = cells.write(row, column, self._plain(text), INK[ink])
        room = width - _TEXT
        self._curve_at = (_TEXT, room) if room >= _LEAST_CURVE and height >= 3 else (0, 0)
        if self._curve_at[1] and np.isfinite(shown.norm) and not shown.level:
            part = Cells(cells.codes[:, _TEXT:], cells.inks[:, _TEXT:])
            self._draw_curve(part, shown)
        return cells

    def _lines(self, shown: Slope, width: int, height: int) -> list[list[tuple[str, str]]]:
        along, norm = float(shown.along(shown.angle)), shown.norm
        if not np.isfinite(norm):
            return [[(shown.who, "text")], [("no slope: the cost is not finite here", "dim")]]
        if norm == 0:
            return [[(shown.who, "text")], [("∇C = 0: it is level in every direction", "dim")]]
        way = "uphill" if along > 0 else "downhill"
        if shown.level:
            return [
                [(shown.who, "text")],
                [("level: ‖∇C‖ is next to nothing", "dim")],
                [("‖∇C‖ ", "dim"), (significant(norm), "text")],
            ]
        if abs(along) < 1e-9 * norm:
            how = "level: v runs along a contour line"
        elif along < -(1 - 1e-4) * norm:
            how = "v is the steepest way down"
        else:
            how = f"{way}, {percent(abs(along) / norm)} of the steepest"
        lines = [
            [(shown.who, "text")],
            [
                ("−∇C ", "text"),
                (f"{_degrees(shown.downhill):>6}   ", "text"),
                ("‖∇C‖ ", "dim"),
                (significant(norm), "text"),
            ],
            [
                ("v   ", "mark-v"),
                (f"{_degrees(shown.angle):>6}   ", "text"),
                ("∇C·v ", "dim"),
                (signed(along), "text"),
            ],
            [(how, "dim")],
            [(f"least along −∇C: {MINUS}‖∇C‖", "dim")],
        ]
        if height < 3:
            lines = [lines[1], lines[2]]
            if sum(len(text) for text, _ in lines[1]) + len(way) + 2 <= width:
                lines[1] = [*lines[1], (f", {way}", "dim")]
        return [
            [(text, "series-2" if ink == "mark-v" else ink) for text, ink in runs]
            for runs in lines[:height]
        ]

    def _draw_curve(self, cells: Cells, shown: Slope) -> None:
        """∇C·v for all angles of v, from −180° to 180°; v, and −∇C at its lowest point."""
        height, width = cells.codes.shape
        rows = height - 1
        x_axis = Axis(-180.0, 180.0, width, raster.DOTS[self.glyphs][0])
        y_axis = Axis(-shown.norm, shown.norm, rows, raster.DOTS[self.glyphs][1])
        angle = x_axis.value(np.arange(x_axis.dots, dtype=np.float64))
        zero = y_axis.cells - 1 - int(np.floor(y_axis.place(0.0) + 0.5)) // y_axis.dots_per_cell
        cells.codes[zero] = ord(self._plain("─"))
        cells.inks[zero] = INK["ghost"]
        curve = raster.envelope(angle, shown.along(angle), x_axis)
        low, high = raster.trace(curve, x_axis, y_axis)
        mask = raster.pack(raster.dots(low, high, y_axis.dots, "solid", self.glyphs), self.glyphs)
        lit = mask > 0
        cells.codes[:rows][lit] = raster.codes(mask[lit], self.glyphs)
        cells.inks[:rows][lit] = INK["series-1"]
        for degrees, sign, ink in ((shown.downhill, "▼", "text"), (shown.angle, "●", "series-2")):
            column = int(x_axis.place(degrees) + 0.5) // x_axis.dots_per_cell
            place = int(y_axis.place(float(shown.along(degrees))) + 0.5) // y_axis.dots_per_cell
            row = min(max(rows - 1 - place, 0), rows - 1)
            cells.codes[row, min(column, width - 1)] = ord(self._plain(sign))
            cells.inks[row, min(column, width - 1)] = INK[ink]
        for text, start in ((f"{MINUS}180°", 0), ("0°", width // 2 - 1), ("180°", width - 4)):
            cells.write(rows, start, self._plain(text), INK["dim"])

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        start, width = self._curve_at
        if at is None or not width or at.x < start or isinstance(self._shown, Told):
            return
        degrees = Axis(-180.0, 180.0, width, 1).value(float(at.x - start))
        self.post_message(self.Turned(5 * round(degrees / 5)))

    def _plain(self, text: str) -> str:
        return look.plain(text.translate(_PLAIN)) if self.glyphs == "ascii" else text


_PLAIN = str.maketrans("∇‖▼°·", "d|v .")


def _degrees(angle: float) -> str:
    return f"{angle:.0f}°".replace("-", MINUS).replace(f"{MINUS}0°", "0°")
