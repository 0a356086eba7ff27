"""A live chart: curves over a frame, with a cursor, zoom and pan. Nothing is animated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np
from textual.reactive import reactive

from tuinn.numbers import count, significant
from tuinn.widgets import look, raster
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.frame import frame
from tuinn.widgets.legend import Entry, legend, room_of
from tuinn.widgets.plot import Curves, Plot, ascii_mark, curves, plot
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.scale import Limits, whole_axis
from tuinn.widgets.series import Mark, Series
from tuinn.widgets.zoomable import Zoomable

__all__ = ["Chart", "Mark", "Series"]

_LEGEND_FROM = 5
"""A legend takes a row of its own in charts of at least so many rows."""
_X_LABEL_FROM = 10
"""The name of the x axis takes one where there are so many, and no border to write it on."""
_LABEL_WIDTH = 4
"""Least room for the labels of the y axis, so that charts one above the other are aligned."""


class Chart(Zoomable):
    """Curves over a common x axis; feed it with `show`."""

    prefix = "chart"
    COMPONENT_CLASSES: ClassVar[set[str]] = look.component_classes("chart")
    DEFAULT_CSS = """
    Chart {
        width: 1fr; height: 1fr; min-height: 3;
        border: round $foreground 25%;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
        &:focus { border: round $accent; border-title-color: $foreground; }
    }
    """ + look.css("Chart", "chart")

    log_y: reactive[bool] = reactive(False, repaint=False, init=False)
    """y on a logarithmic axis; values ≤ 0 are left out, and the border says how many."""
    smoothing: reactive[float] = reactive(0.0, repaint=False, init=False)
    """β of the exponential moving average that is drawn, 0 ≤ β < 1; readings stay exact."""
    glyphs: reactive[Glyphs] = reactive[Glyphs]("braille", repaint=False, init=False)
    x_label: reactive[str] = reactive("", repaint=False, init=False)

    def __init__(
        self,
        title: str = "",
        *,
        unit: str = "",
        x_label: str = "",
        empty: str = "press space to train",
        y_range: Limits | None = None,
        y_format: Callable[[float], str] = significant,
        glyphs: Glyphs = "braille",
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """``title`` has the panel's number, as in "1 loss".

        ``y_range`` is always on the (linear) axis: (0, 1) for a share, (0, 0) to start at 0.
        """
        super().__init__(name=name, id=id, classes=classes)
        self.title = title
        self.unit = unit
        self.empty = empty
        self._y_range = y_range
        self._y_format = y_format
        self._series: tuple[Series, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._x_range: Limits | None = None
        self._y_limits: Limits | None = None
        self._label_width = _LABEL_WIDTH
        self._curves: Curves | None = None
        self._plot: Plot | None = None
        self.set_reactive(Chart.x_label, x_label)
        self.set_reactive(Chart.glyphs, glyphs)
        self._name_border()

    def show(
        self,
        series: Sequence[Series],
        x_range: Limits | None = None,
        marks: Sequence[Mark] = (),
    ) -> None:
        """Draw these curves. ``x_range`` is the planned extent of x; without one it grows."""
        if [one.name for one in series] != [one.name for one in self._series]:
            self._y_limits, self._label_width = None, _LABEL_WIDTH
        self._series, self._marks, self._x_range = tuple(series), tuple(marks), x_range
        self._changed()

    def readings(self) -> dict[str, float]:
        """The exact values of all curves at the cursor, or their last ones; NaN if there are none.

        Smoothing does not touch them. Ghosts have none.
        """
        if self.cursor is not None:
            return {one.name: one.at(self.cursor) for one in self._own}
        return {one.name: one.last for one in self._own}

    @property
    def _own(self) -> list[Series]:
        """The curves but for the ghosts."""
        return [one for one in self._series if not one.ghost]

    @property
    def full_view(self) -> Limits:
        """The whole x axis: the planned range, or what was reached and some more."""
        ends = [(one.x[0], one.x[-1]) for one in self._series if one.x.size]
        low = min((float(end[0]) for end in ends), default=0.0)
        high = max((float(end[1]) for end in ends), default=0.0)
        return whole_axis(low, high, self._x_range)

    @property
    def columns(self) -> int:
        return max(self._plot.x_axis.cells - 1, 1) if self._plot else 1

    def x_at(self, column: int) -> float | None:
        return self._plot.x_at(column) if self._plot else None

    def nearest(self, x: float, after: float | None = None) -> float | None:
        points = [one.nearest(x, after) for one in self._own]
        return min(
            (point for point in points if point is not None),
            key=lambda point: abs(point - x),
            default=None,
        )

    # drawing

    def compose_cells(self, width: int, height: int) -> Cells:
        if not any(np.isfinite(one.y).any() for one in self._series):
            self._plot = None
            return self._empty(width, height)
        drawn = self._plot
        if drawn is None or drawn.cells.codes.shape != (height, width):
            drawn = self._plot = self._draw(width, height)
        cells = drawn.cells.copy()
        if drawn.top:
            self._write_legend(cells, drawn.left)
        if self.cursor is not None:
            drawn.draw_cursor(cells, self.cursor, self.glyphs)
        return cells

    def _empty(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        text = self.empty if len(self.empty) <= width else ""
        cells.write((height - 1) // 2, (width - len(text)) // 2, self._plain(text), INK["dim"])
        return cells

    def _draw(self, width: int, height: int) -> Plot:
        x_limits = self.view or self.full_view
        shown = self._curves = curves(self._series, x_limits, self.smoothing, log=self.log_y)
        y_limits = self._y_limits = shown.limits(self._y_limits, self._y_range)
        top = 1 if height >= _LEGEND_FROM else 0
        bordered = self.styles.border_bottom[0] not in ("", "none", "hidden")
        framed = frame(
            width,
            height - top,
            x_limits,
            y_limits,
            log=self.log_y,
            x_label="" if bordered or height < _X_LABEL_FROM else self._plain(self.x_label),
            label_width=self._label_width,
            ascii_only=self.glyphs == "ascii",
        )
        self._label_width = max(self._label_width, framed.left - 1)
        self._name_border()
        return plot(
            shown,
            self._marks,
            framed,
            x_limits,
            y_limits,
            self.glyphs,
            top,
            coloured=not self.app.no_color,
        )

    def _write_legend(self, cells: Cells, left: int) -> None:
        entries = []
        readings = self.readings()
        for one in sorted(self._series, key=lambda one: one.ghost):
            # a ghost says nothing of where the cursor is
            if not one.name or (one.ghost and self.cursor is not None):
                continue
            line = raster.sample(one.style, self.glyphs, 3)
            if self.glyphs == "ascii":
                line = 3 * ascii_mark(one)
            if one.marker:
                line = line[0] + one.marker + line[2]
            name = self._plain(one.name)
            reading = "" if one.ghost else self._plain(self._y_format(readings[one.name]))
            entries.append(Entry(self._plain(line), name, reading, one.ink))
        lead: tuple[str, ...] = ("",)
        if self.cursor is not None:
            x = count(self.cursor) if self.cursor.is_integer() else significant(self.cursor)
            lead = (self._plain(f"{self.x_label} {x}   ".lstrip()), self._plain(f"{x}  "))
        width = cells.codes.shape[1]
        runs = legend(entries, width, lead)
        # it stands above the curves, and further to the left only where it needs the room
        left = max(min(left, width - room_of(runs)), 0)
        for text, ink in runs:
            left = cells.write(0, left, text, INK[ink])

    def _plain(self, text: str) -> str:
        return look.plain(text) if self.glyphs == "ascii" else text

    def _name_border(self) -> None:
        unit = f" ({self.unit})" if self.unit else ""
        title = self._plain(f"{self.title}{unit}{' (log)' if self.log_y else ''}")
        notes = self._own_notes()
        if self._curves is not None and self._curves.dropped:
            values = "value" if self._curves.dropped == 1 else "values"
            notes.append(f"{count(self._curves.dropped)} {values} ≤ 0 not drawn")
        if self.smoothing:
            notes.append(f"smoothed {self.smoothing:g}")
        if self.x_label:
            notes.append(self.x_label)
        subtitle = self._plain(" · ".join(notes))
        if str(self.border_title or "") != title:
            self.border_title = title
        if str(self.border_subtitle or "") != subtitle:
            self.border_subtitle = subtitle

    def _own_notes(self) -> list[str]:
        """What else stands at the bottom."""
        return []

    # what a change of state asks for

    def _changed(self) -> None:
        self._plot = None
        self.redraw()

    def watch_log_y(self) -> None:
        self._y_limits = None
        self._changed()

    def validate_smoothing(self, beta: float) -> float:
        if not 0 <= beta < 1:
            raise ValueError(f"smoothing must be at least 0 and below 1, got {beta}")
        return beta

    def watch_smoothing(self) -> None:
        self._changed()

    def watch_glyphs(self) -> None:
        self._changed()

    def watch_x_label(self) -> None:
        self._name_border()
        self._changed()

    def watch_cursor(self) -> None:
        self.redraw()

    def watch_view(self, old: Limits | None, new: Limits | None) -> None:
        old, new = old or self.full_view, new or self.full_view
        # panning keeps the y axis as it is while the curves allow it, zooming does not
        if not np.isclose(old[1] - old[0], new[1] - new[0]):
            self._y_limits = None
        self._changed()
