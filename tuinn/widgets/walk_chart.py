"""The cost of every walk by the evaluations that it took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from rich.style import Style

from tuinn.widgets import walk_look
from tuinn.widgets.chart import Chart, Series
from tuinn.widgets.look import INKS
from tuinn.widgets.raster import Floats, Glyphs
from tuinn.widgets.walk_look import LETTERS

MOST = 8
"""Walks that are drawn: as many as a chart has inks for."""

TOO_HIGH = 100.0
"""Times the cost of the start, above which a walk leaves the chart."""


class WalkChart(Chart, can_focus=False):
    """Curves in the colours of the optimisers, with their letters as marks."""

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
        self.log_y = True

    def show_costs(self, costs: Mapping[str, Floats], current: str) -> None:
        """Draw (n, 2) evaluations and costs of each walk, ``current`` in any case.

        What has climbed far above the start is not drawn: it would flatten all the others.
        """
        names = list(costs)
        if len(names) > MOST:
            kept = [name for name in names if name != current][: MOST - 1]
            names = [name for name in names if name in kept or name == current]
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._forget_styles()
        first = [float(costs[name][0, 1]) for name in names if len(costs[name])]
        most = TOO_HIGH * max(map(abs, first), default=0.0)
        self.show(
            [
                Series(
                    name,
                    costs[name][:, 0],
                    np.where(np.abs(costs[name][:, 1]) <= most, costs[name][:, 1], np.nan),
                    ink=f"series-{number}",
                    marker=LETTERS[name],
                )
                for number, name in enumerate(names, start=1)
            ]
        )

    def ink_style(self, ink: int) -> Style:
        name = INKS[ink - 1] if ink else ""
        number = int(name.removeprefix("series-")) if name.startswith("series-") else 0
        if not 0 < number <= len(self._names):
            return super().ink_style(ink)
        colour = self.get_component_styles(f"chart--{walk_look.ink(self._names[number - 1])}").color
        return self.rich_style + Style.from_color((self.background_colors[1] + colour).rich_color)
