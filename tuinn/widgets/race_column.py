"""One run of a race: its small charts one below the other, on axes shared with the other runs."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from textual import events
from textual.message import Message

from tuinn.widgets import look, raster
from tuinn.widgets.frame import frame, y_axis
from tuinn.widgets.grid import INK, Cells
from tuinn.widgets.legend import Entry, Run, legend
from tuinn.widgets.numbers import significant
from tuinn.widgets.plot import Curves, Plot, ascii_mark, curves, plot
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.scale import Limits
from tuinn.widgets.series import Series
from tuinn.widgets.zoomable import Zoomable

LEAST_CANVAS = 2
"""Rows of dots that a small chart has at least."""
_BESIDE = 2
"""Rows of a small chart that are no canvas: what it is with what it reads, and the x axis."""


@dataclass(frozen=True, slots=True, eq=False)
class Small:
    """What one of the small charts shows."""

    title: str
    series: tuple[Series, ...]
    log: bool = False
    y_range: Limits | None = None
    """Always on the (linear) axis."""
    y_format: Callable[[float], str] = significant

    @property
    def drawable(self) -> bool:
        return any(np.isfinite(one.y).any() for one in self.series)


def fitting(height: int, wanted: int) -> int:
    """How many of the ``wanted`` small charts there is room for in so many rows, at least one."""
    return max(1, min(wanted, (height - 1) // (_BESIDE + LEAST_CANVAS)))


def heights(height: int, charts: int) -> list[int]:
    """Rows of each chart; the last one carries the labels of the x axis, too."""
    each, more = divmod(height - 1, charts)
    found = [each + (place < more) for place in range(charts)]
    found[-1] += 1
    return found


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
            self._plots = self._draw(width, height - self._note_lines(width))
        for number, top, rows, drawn in self._plots:
            picture = drawn.cells.copy()
            self._write_reading(picture, number)
            if self.cursor is not None:
                drawn.draw_cursor(picture, self.cursor, self.glyphs)
            rows = min(rows, height - top)
            cells.codes[top : top + rows] = picture.codes[:rows]
            cells.inks[top : top + rows] = picture.inks[:rows]
        for place, line in enumerate(self._noted(width)):
            cells.write(height - self._note_lines(width) + place, 0, self.plain(line), INK["text"])
        return cells

    def _noted(self, width: int) -> list[str]:
        return textwrap.wrap(self._note, width, max_lines=3, placeholder=" …") if self._note else []

    def _note_lines(self, width: int) -> int:
        return len(self._noted(width))

    def _write_words(self, cells: Cells, text: str) -> None:
        height, width = cells.codes.shape
        lines = textwrap.wrap(text, max(width - 2, 1)) if width > 2 else []
        top = max((height - len(lines)) // 2, 0)
        ink = INK["text" if self._note else "dim"]
        for place, line in enumerate(lines[:height]):
            cells.write(top + place, max((width - len(line)) // 2, 0), self.plain(line), ink)

    def _draw(self, width: int, height: int) -> list[tuple[int, int, int, Plot]]:
        shown = [number for number in self.shown if number < len(self.limits)]
        tall = heights(max(height, _BESIDE + 1), len(shown)) if shown else []
        label_width = max(
            (
                len(label)
                for number, rows in zip(shown, tall, strict=True)
                for label in y_axis(
                    self.limits[number], rows - _BESIDE, log=self.smalls[number].log
                )[1]
            ),
            default=0,
        )
        found, top = [], 0
        for number, rows in zip(shown, tall, strict=True):
            last = number == shown[-1]
            framed = frame(
                width,
                rows - last,
                self._x,
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
            # the labels of x are below the last one alone: the row of the others is cut
            found.append((number, top, rows, drawn))
            top += rows
        return found

    def _write_reading(self, cells: Cells, number: int) -> None:
        small = self.smalls[number]
        entries = []
        for one in small.series:
            if not one.name or one.ghost:
                continue
            line = raster.sample(one.style, self.glyphs, 3)
            if self.glyphs == "ascii":
                line = 3 * ascii_mark(one)
            if one.marker:
                line = line[0] + one.marker + line[2]
            value = one.last if self.cursor is None else one.at(self.cursor)
            reading = self.plain(small.y_format(value))
            entries.append(Entry(self.plain(line), self.plain(one.name), reading, one.ink))
        width = cells.codes.shape[1]
        title = self.plain(small.title)
        cells.write(0, 0, title, INK["text"])
        start = len(title) + 2
        runs = self._fitting(entries, width - start)
        for text, ink in runs:
            start = cells.write(0, start, text, INK[ink])

    def _fitting(self, entries: list[Entry], room: int) -> list[Run]:
        """Values outlive the names, whatever the room."""
        return legend(entries, room, (" ",)) if room > 3 else []

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
        self.post_message(self.Chosen(self.place))
