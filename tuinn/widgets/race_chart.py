"""The large chart of a race: one curve for every run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from textual.markup import escape

from tuinn.numbers import count, significant
from tuinn.short_names import short_names
from tuinn.widgets import look, raster
from tuinn.widgets.chart import Chart
from tuinn.widgets.grid import INK, Cells
from tuinn.widgets.legend import Run, room_of
from tuinn.widgets.plot import ascii_mark
from tuinn.widgets.scale import Limits
from tuinn.widgets.series import Series


class RaceChart(Chart, can_focus=False):
    """Keys are the screen's; the legend keeps the readings of all runs as long as it can, and the
    curves behind them are told of at the bottom."""

    COMPONENT_CLASSES: ClassVar[set[str]] = look.component_classes("chart")

    numbers: Mapping[str, int] = {}
    """The number of each run, which stands for its name where there is no room for that."""

    def set_range(self, y_range: Limits | None) -> None:
        """What is always on the (linear) y axis."""
        self._y_range = y_range

    def forget_limits(self) -> None:
        """The y axis begins anew."""
        self._y_limits = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return False

    def _write_legend(self, cells: Cells, left: int) -> None:
        width = cells.codes.shape[1]
        for sample, name, digits, gap in _WORDINGS:
            runs = self._wording(sample, name, digits, gap)
            if room_of(runs) <= width:
                break
        left = max(min(left, width - room_of(runs)), 0)
        for text, ink in runs:
            left = cells.write(0, left, text, INK[ink])

    def _wording(self, sample: int, name: int, digits: int, gap: int) -> list[Run]:
        """The row, with so many cells of each line and name, and digits of each reading."""
        runs: list[Run] = []
        if self.cursor is not None:
            at = self.cursor
            where = count(at) if at.is_integer() else significant(at)
            named = name > _SHORT
            runs.append(
                (self._plain(f"{self.x_label} {where}   " if named else f"{where}  "), "text")
            )
        readings = self.readings()
        shown = self._own
        names = short_names([one.name for one in shown], name) if name and shown else []
        for place, one in enumerate(shown):
            runs.append((" " * (gap if place else 0) + self._line(one, sample), one.ink))
            text = f" {names[place]}" if names else str(self.numbers.get(one.name, ""))
            runs.append((self._plain(text), "dim"))
            if digits:
                runs.append((self._plain(f" {significant(readings[one.name], digits)}"), "text"))
        return runs

    def _own_notes(self) -> list[str]:
        """The curves behind, with what they read: above them is no room beside six runs."""
        notes = []
        for one in self._series:
            if one.ghost and one.name and one.x.size:
                # its points may be far apart: it is read where its line is
                at = float(one.x[-1]) if self.cursor is None else self.cursor
                value = float(np.interp(at, one.x, one.y, left=np.nan, right=np.nan))
                line = raster.sample(one.style, self.glyphs, 2)
                if self.glyphs == "ascii":
                    line = 2 * ascii_mark(one)
                notes.append(f"{line} {escape(one.name)} {significant(value)}")
        return notes

    def watch_cursor(self) -> None:
        super().watch_cursor()
        self._name_border()

    def _line(self, one: Series, cells: int) -> str:
        """A piece of its line with its marker, or the marker alone."""
        line = raster.sample(one.style, self.glyphs, 3)
        if self.glyphs == "ascii":
            return cells * ascii_mark(one)
        if cells < 3:
            return one.marker or (line.strip() or " ")[0]
        return line[0] + one.marker + line[0] if one.marker else line


_SHORT = 10
_WORDINGS = (
    (3, 60, 3, 3),
    (1, 60, 3, 3),
    (1, 60, 3, 2),
    (3, _SHORT, 3, 2),
    (1, _SHORT, 3, 2),
    (1, 6, 3, 2),
    (3, 0, 3, 2),
    (1, 0, 3, 2),
    (1, 0, 2, 2),
    (1, 0, 2, 1),
    (1, 0, 0, 1),
)
"""Cells of the line and of the name (0: the number of the run), digits of the reading, the gap
between runs."""
