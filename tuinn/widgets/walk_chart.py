"""The cost of every walk by the evaluations that it took."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

import numpy as np
from rich.style import Style

from tuinn.numbers import count, significant
from tuinn.widgets import raster, walk_look
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.chart import Chart, Series
from tuinn.widgets.legend import Run
from tuinn.widgets.look import INKS
from tuinn.widgets.plot import Plot
from tuinn.widgets.raster import Axis, Floats, Glyphs
from tuinn.widgets.scale import log_labels
from tuinn.widgets.walk_look import LETTERS

MOST = 8
"""Walks that are drawn: as many as a chart has inks for."""
DEEP = 1e-4
"""Of the cost of the start: what is lower is drawn there, unless it is the only walk; one that
goes to the rounding errors would flatten all the others."""
HIGH = 1e3
"""Times the cost of the start: what is higher is drawn there, unless it is the only walk."""


class WalkChart(Chart, can_focus=False):
    """Curves in the colours of the optimisers, with their letters as marks.

    Where curves are held at an edge of the chart, its label says so with ≤ or ≥; a walk that
    diverged ends in ✗. The legend reads the costs as they are.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = walk_look.component_classes("chart")
    DEFAULT_CSS = walk_look.css("WalkChart", "chart")

    def __init__(self, glyphs: Glyphs = "braille", **names: Any) -> None:
        super().__init__(
            "cost by evaluations",
            x_label="evaluations",
            empty="the cost of every walk appears here: press space",
            glyphs=glyphs,
            **names,
        )
        self._names: tuple[str, ...] = ()
        self._diverged: frozenset[str] = frozenset()
        self._held: tuple[float | None, float | None] = None, None
        """The powers of ten at which curves are held, below and above; None where none is."""
        self.log_y = True

    def show_costs(
        self, costs: Mapping[str, Floats], current: str, diverged: Collection[str] = ()
    ) -> None:
        """Draw (n, 2) evaluations and costs of each walk, ``current`` in any case."""
        names = [name for name in LETTERS if name in costs]
        if len(names) > MOST:
            kept = [name for name in names if name != current][: MOST - 1]
            names = [name for name in names if name in kept or name == current]
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._forget_styles()
        self._diverged = frozenset(diverged)
        drawn = self._hold({name: costs[name][:, 1] for name in names})
        self.show(
            [
                Series(
                    name,
                    costs[name][:, 0],
                    drawn[name],
                    ink=f"series-{number}",
                    marker=LETTERS[name],
                    reads=costs[name][:, 1],
                )
                for number, name in enumerate(names, start=1)
            ]
        )

    def _hold(self, costs: dict[str, Floats]) -> dict[str, Floats]:
        """The costs within what the chart shows, and note where that is not all."""
        begin = max((abs(float(y[0])) for y in costs.values() if y.size), default=0.0)
        if not 0 < begin < np.inf:
            return costs
        low = float(np.floor(np.log10(DEEP * begin)))
        high = float(np.ceil(np.log10(HIGH * begin)))
        several = len(costs) > 1
        below = several and any((y < 10**low).any() for y in costs.values())
        above = several and any((y > 10**high).any() for y in costs.values())
        held = low if below else None, high if above else None
        if held != self._held:
            self._held, self._y_limits = held, None
        least, most = 10**low if below else -np.inf, 10**high if above else np.inf
        return {name: np.clip(y, least, most) for name, y in costs.items()}

    # drawing

    def _draw(self, width: int, height: int) -> Plot:
        edges = [
            (self._plain(sign + log_labels([power])[0]), upper)
            for power, sign, upper in zip(self._held, "≤≥", (False, True), strict=True)
            if power is not None
        ]
        self._label_width = max(self._label_width, *(len(text) for text, _ in edges), 0)
        drawn = super()._draw(width, height)
        limits = self._y_limits
        for (text, upper), power in zip(edges, (p for p in self._held if p is not None)):
            if limits and drawn.left and abs(limits[upper] - power) < 1e-6:
                row = drawn.top if upper else drawn.top + drawn.rows - 1
                drawn.cells.write(row, 0, text.rjust(drawn.left - 1), INK["dim"])
        for one in self._series:
            if one.name in self._diverged:
                self._draw_end(drawn, one)
        return drawn

    def _draw_end(self, drawn: Plot, one: Series) -> None:
        """✗ at the last place of a curve."""
        shown = np.flatnonzero(np.isfinite(one.y) & (one.y > 0))
        if not shown.size or self._y_limits is None:
            return
        axis = Axis(*self._y_limits, drawn.rows, 1)
        up = int(np.floor(axis.place(float(np.log10(one.y[shown[-1]]))) + 0.5))
        dots = drawn.x_axis.dots_per_cell
        column = int(np.floor(drawn.x_axis.place(float(one.x[shown[-1]])) + 0.5)) // dots
        if 0 <= column < drawn.x_axis.cells:
            row = drawn.top + drawn.rows - 1 - min(max(up, 0), drawn.rows - 1)
            drawn.cells.write(row, drawn.left + column, self._plain("✗"), INK[one.ink])

    def _plain(self, text: str) -> str:
        return super()._plain(text).translate(_PLAIN) if self.glyphs == "ascii" else text

    def _write_legend(self, cells: Cells, left: int) -> None:
        """Letters with names and costs: the fullest wording that fits, whole."""
        width = cells.codes.shape[1]
        for runs in self._wordings():
            room = sum(len(text) for text, _ in runs)
            if room <= width:
                break
        else:
            return
        left = max(min(left, width - room), 0)
        for text, ink in runs:
            left = cells.write(0, left, self._plain(text), INK[ink])

    def _wordings(self) -> list[list[Run]]:
        """Of the legend, from the fullest to the shortest."""
        found = []
        for line, named, digits, gap in _WORDINGS:
            runs: list[Run] = []
            if self.cursor is not None:
                runs.append((f"{count(self.cursor)}  ", "text"))
            for number, (name, value) in enumerate(self.readings().items()):
                sample = LETTERS[name]
                if line:
                    stroke = raster.sample("solid", self.glyphs, 3)
                    sample = stroke[0] + sample + stroke[2]
                runs.append((" " * (gap if number else 0) + sample, self._series[number].ink))
                if named:
                    runs.append((f" {name}", "dim"))
                if digits:
                    runs.append((f" {significant(value, digits)}", "text"))
                    if name in self._diverged:
                        runs.append((" ✗", "text"))
            found.append(runs)
        return found

    def ink_style(self, ink: int) -> Style:
        name = INKS[ink - 1] if ink else ""
        number = int(name.removeprefix("series-")) if name.startswith("series-") else 0
        if not 0 < number <= len(self._names):
            return super().ink_style(ink)
        colour = self.get_component_styles(f"chart--{walk_look.ink(self._names[number - 1])}").color
        return self.rich_style + Style.from_color((self.background_colors[1] + colour).rich_color)


_WORDINGS = (
    (True, True, 3, 3),
    (False, True, 3, 2),
    (False, True, 2, 2),
    (False, False, 3, 2),
    (False, False, 2, 2),
    (False, False, 1, 1),
    (False, True, 0, 2),
    (False, False, 0, 1),
)
"""Whether there is a piece of line and the name, the digits of the cost, the gap between walks."""
_PLAIN = str.maketrans("≤≥✗", "<>!")
