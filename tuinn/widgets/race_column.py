"""One run of a race: its small charts one below the other, on axes shared with the other runs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from textual import events
from textual.message import Message

from tuinn.widgets import look, raster
from tuinn.widgets.frame import frame, y_axis
from tuinn.widgets.grid import INK, Cells
from tuinn.widgets.legend import Run
from tuinn.widgets.plot import Curves, Plot, ascii_mark, curves, plot
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.scale import Limits
from tuinn.widgets.series import Series
from tuinn.widgets.walk_table import figure
from tuinn.widgets.zoomable import Zoomable

LEAST_CANVAS = 3
"""Rows of dots that a small chart has at least, where there are several."""
_X_AXIS = 2
"""Rows of the x axis and its labels, below the last of them."""


_ANY: Limits = (0.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Small:
    """What one of the small charts shows."""

    title: str
    series: tuple[Series, ...]
    log: bool = False
    y_range: Limits | None = None
    """Always on the (linear) axis."""
    short: str = ""
    """The title where there is little room, if it is another one."""

    @property
    def brief(self) -> str:
        return self.short or self.title

    @property
    def drawable(self) -> bool:
        return any(np.isfinite(one.y).any() for one in self.series)


_WORDINGS = (
    (True, True, 6, 3),
    (True, True, 6, 2),
    (True, False, 6, 3),
    (True, False, 6, 2),
    (False, False, 6, 2),
    (False, False, 6, 1),
    (False, False, 5, 1),
    (False, False, 4, 1),
)
"""Of the line above a small chart, from the fullest on: whether the title is written out and the
curves are named, the cells of what each reads, the gap before it. Which of them is taken does not
depend on what is read: nothing jumps."""


def fitting(height: int, wanted: int) -> int:
    """How many of the ``wanted`` small charts there is room for in so many rows, at least one."""
    return max(1, min(wanted, (height - _X_AXIS) // (1 + LEAST_CANVAS)))


def needed(charts: int) -> int:
    """Rows in which there is room for so many small charts."""
    return _X_AXIS + charts * (1 + LEAST_CANVAS)


def canvases(height: int, charts: int) -> list[int]:
    """Rows of the canvas of each chart; above each is a line that says what it is."""
    each, more = divmod(max(height - _X_AXIS - charts, charts), charts)
    return [each + (place < more) for place in range(charts)]


class RaceColumn(Zoomable, can_focus=False):
    """The small charts of the run at ``place`` 0…5; what they share is set by `RaceColumns`."""

    prefix = "column"
    COMPONENT_CLASSES: ClassVar[set[str]] = look.component_classes("column")
    DEFAULT_CSS = """
    RaceColumn {
        width: 1fr; height: 1fr; min-height: 3;
        border: round $foreground 25%;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
    }
    RaceColumn.-current { border: round $accent; border-title-color: $foreground; }
    """ + look.css("RaceColumn", "column")

    class Chosen(Message):
        """A click: this run is to have the focus."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, place: int, glyphs: Glyphs = "braille", **names: Any) -> None:
        super().__init__(**names)
        self.place = place
        self.glyphs: Glyphs = glyphs
        self.smalls: tuple[Small, ...] = ()
        self.limits: tuple[Limits, ...] = ()
        """Of y, for each small chart; log10 of the values where it is logarithmic."""
        self.x_limits: Limits = (0.0, 1.0)
        """The whole x axis, of all runs."""
        self.first = 0
        """The first of the small charts that is shown."""
        self.empty = ""
        self.smoothing = 0.0
        self.x_label = ""
        self._note = ""
        self._found: dict[int, Curves] = {}
        """Curves by the number of the chart, for what is in view now."""
        self._plots: list[tuple[int, int, int, Plot]] = []
        """Number of the chart, its first row, its rows, and its picture."""

    # what it shows

    def take(self, smalls: Sequence[Small], note: str = "") -> None:
        """Show these from the next `draw` on; ``note``: why the run is no more, "" while well."""
        self.smalls, self._note = tuple(smalls), note
        self._found.clear()

    def forget(self) -> None:
        """The view or the smoothing is another: nothing that was found holds."""
        self._found.clear()

    def curves(self, number: int) -> Curves:
        """What of a small chart is to be drawn in the view of now."""
        if number not in self._found:
            one = self.smalls[number]
            self._found[number] = curves(one.series, self._x, self.smoothing, log=one.log)
        return self._found[number]

    @property
    def shown(self) -> range:
        """The numbers of the charts that there is room for."""
        height = self.size.height
        fit = fitting(height, len(self.smalls) - min(self.first, len(self.smalls) - 1))
        first = max(0, min(self.first, len(self.smalls) - fit))
        return range(first, first + fit)

    def draw(self) -> None:
        """Draw what was taken, within the limits."""
        self._plots = []
        self.redraw()

    @property
    def _x(self) -> Limits:
        return self.view or self.x_limits

    # the x axis

    @property
    def full_view(self) -> Limits:
        return self.x_limits

    @property
    def columns(self) -> int:
        return max(self._plots[0][3].x_axis.cells - 1, 1) if self._plots else 1

    def x_at(self, column: int) -> float | None:
        return self._plots[0][3].x_at(column) if self._plots else None

    def nearest(self, x: float, after: float | None = None) -> float | None:
        points = [
            point
            for small in self.smalls[:1]
            for one in small.series
            if (point := one.nearest(x, after)) is not None
        ]
        return min(points, key=lambda point: abs(point - x), default=None)

    # drawing

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        if not any(small.drawable for small in self.smalls):
            self._plots = []
            self._write_words(cells, self._note or self.empty)
            return cells
        if not self._plots:
            self._plots = self._draw(width, height)
        for number, top, rows, drawn in self._plots:
            picture = drawn.cells.copy()
            self._write_reading(picture, number)
            if self.cursor is not None:
                drawn.draw_cursor(picture, self.cursor, self.glyphs)
            rows = min(rows, height - top)
            cells.codes[top : top + rows] = picture.codes[:rows]
            cells.inks[top : top + rows] = picture.inks[:rows]
        self._write_note(cells)
        return cells

    def _write_note(self, cells: Cells) -> None:
        """Why the run is no more, in place of the last chart: the axes stay where they are."""
        if not self._note or not self._plots:
            return
        width = cells.codes.shape[1]
        _, top, taken, _ = self._plots[-1]
        rows = max(taken - _X_AXIS, 1)
        lines = textwrap.wrap(self._note, width, max_lines=rows, placeholder=" …")
        cells.codes[top : top + rows], cells.inks[top : top + rows] = ord(" "), 0
        for place, line in enumerate(lines):
            cells.write(top + place, 0, self.plain(line), INK["text"])

    def _write_words(self, cells: Cells, text: str) -> None:
        height, width = cells.codes.shape
        lines = textwrap.wrap(text, max(width - 2, 1)) if width > 2 else []
        top = max((height - len(lines)) // 2, 0)
        ink = INK["text" if self._note else "dim"]
        for place, line in enumerate(lines[:height]):
            cells.write(top + place, max((width - len(line)) // 2, 0), self.plain(line), ink)

    def _draw(self, width: int, height: int) -> list[tuple[int, int, int, Plot]]:
        shown = [number for number in self.shown if number < len(self.limits)]
        if not shown:
            return []
        tall = canvases(height, len(shown))
        label_width = max(
            len(label)
            for number, rows in zip(shown, tall, strict=True)
            for label in y_axis(self.limits[number], rows, log=self.smalls[number].log)[1]
        )
        found, top = [], 0
        for number, rows in zip(shown, tall, strict=True):
            framed = frame(
                width,
                rows + _X_AXIS,
                # an x axis that is cut need not be another one with every view
                self._x if number == shown[-1] else _ANY,
                self.limits[number],
                log=self.smalls[number].log,
                label_width=label_width,
                ascii_only=self.glyphs == "ascii",
            )
            drawn = plot(
                self.curves(number),
                (),
                framed,
                self._x,
                self.limits[number],
                self.glyphs,
                1,
                coloured=not self.app.no_color,
            )
            # the x axis is below the last one alone: that of the others is cut
            taken = 1 + rows + (_X_AXIS if number == shown[-1] else 0)
            found.append((number, top, taken, drawn))
            top += taken
        return found

    def _write_reading(self, cells: Cells, number: int) -> None:
        """What the chart is, and what its curves read: the fullest wording that fits."""
        small, width = self.smalls[number], cells.codes.shape[1]
        values = [
            (one, one.last if self.cursor is None else one.at(self.cursor))
            for one in small.series
            if one.name and not one.ghost
        ]
        for wording in _WORDINGS:
            runs = self._reading(small, values, *wording)
            if sum(len(text) for text, _ in runs) <= width:
                break
        start = 0
        for text, ink in runs:
            start = cells.write(0, start, text, INK[ink])

    def _reading(
        self,
        small: Small,
        values: Sequence[tuple[Series, float]],
        titled: bool,
        named: bool,
        room: int,
        gap: int,
    ) -> list[Run]:
        runs: list[Run] = [(self.plain(small.title if titled else small.brief), "text")]
        for one, value in values:
            runs.append((" " * gap + self._sample(one), one.ink))
            if named:
                runs.append((f" {self.plain(one.name)}", "dim"))
            apart = " " if gap > 1 else ""
            runs.append((self.plain(f"{apart}{figure(value, room):<{room}}"), "text"))
        return runs

    def _sample(self, one: Series) -> str:
        if self.glyphs == "ascii":
            return ascii_mark(one)
        return one.marker or raster.sample(one.style, self.glyphs, 3).strip()[:1]

    def plain(self, text: str) -> str:
        return look.plain(text) if self.glyphs == "ascii" else text

    # what a change of state asks for

    def watch_cursor(self) -> None:
        self.redraw()

    def watch_view(self) -> None:
        self.forget()

    def on_resize(self) -> None:
        self._plots = []
        super().on_resize()

    # keys and mouse

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return False

    def action_maximise(self) -> None:
        """A double click is two clicks."""

    def on_click(self, event: events.Click) -> None:
        event.stop()
        # neither the end of a drag nor the second of two clicks chooses
        if event.chain == 1 and not self._dragged:
            self.post_message(self.Chosen(self.place))
