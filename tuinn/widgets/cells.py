"""A widget that is a grid of characters: it repaints the cells that changed and no others.

Textual writes regions to the terminal, not cells that differ. Over a slow link the difference is
large: a chart that gains a point costs some hundred bytes instead of ten thousand.
"""

from __future__ import annotations

from abc import abstractmethod
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tuinn.widgets import narrow
from tuinn.widgets.grid import INK, Cells
from tuinn.widgets.look import INKS

__all__ = ["INK", "CellWidget", "Cells"]

_APART = 12
"""Over fewer unchanged cells than this, writing on is shorter than going to a new place."""

narrow.install()


def _spans(changed: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where a row changed, from and up to which column; close neighbours are taken together."""
    columns = np.flatnonzero(changed)
    apart = np.flatnonzero(np.diff(columns) > _APART)
    starts = columns[np.concatenate([[0], apart + 1])]
    ends = columns[np.concatenate([apart, [-1]])] + 1
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


class CellWidget(Widget):
    """Draws what `compose_cells` returns; call `redraw` when that may have changed."""

    prefix: str
    """Of the component classes of the inks."""

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._cells: Cells | None = None
        self._strips: list[Strip | None] = []
        self._styles_of_inks: dict[int, Style] = {}
        self._on_view = False

    @abstractmethod
    def compose_cells(self, width: int, height: int) -> Cells:
        """The whole picture for a content area of this size, both at least 1."""

    def redraw(self) -> None:
        """Draw again and repaint what changed; nothing is done while the widget is hidden."""
        width, height = self.size
        if not self._on_view or not self.display or width < 1 or height < 1:
            return
        old, new = self._cells, self.compose_cells(width, height)
        self._cells = new
        if old is None or old.codes.shape != new.codes.shape:
            self._strips = [None] * height
            self.refresh()
            return
        changed = (old.codes != new.codes) | (old.inks != new.inks)
        regions = []
        for row in np.flatnonzero(changed.any(axis=1)).tolist():
            self._strips[row] = None
            regions += [Region(start, row, end - start, 1) for start, end in _spans(changed[row])]
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        cells = self._cells
        width, height = self.size
        if cells is None or cells.codes.shape != (height, width) or not 0 <= y < height:
            return Strip.blank(width, self.rich_style)
        strip = self._strips[y]
        if strip is None:
            strip = self._strips[y] = self._strip(cells.codes[y], cells.inks[y])
        return strip

    def ink_style(self, ink: int) -> Style:
        """The style of an ink number, on the widget's background."""
        if ink == 0:
            return self.rich_style
        styles = self.get_component_styles(f"{self.prefix}--{INKS[ink - 1]}")
        _, background = self.background_colors
        colour = (background + styles.color).rich_color
        return self.rich_style + styles.text_style + Style.from_color(colour)

    def _strip(self, codes: NDArray[np.uint32], inks: NDArray[np.int32]) -> Strip:
        text = codes.astype("<u4").tobytes().decode("utf-32-le")
        cuts = [0, *(np.flatnonzero(inks[1:] != inks[:-1]) + 1).tolist(), len(text)]
        styles = self._styles_of_inks
        segments = []
        for start, end in pairwise(cuts):
            ink = int(inks[start])
            if ink not in styles:
                styles[ink] = self.ink_style(ink)
            segments.append(Segment(text[start:end], styles[ink]))
        return Strip(segments, len(text))

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._forget_styles()

    def _forget_styles(self) -> None:
        """Look up every ink again, and repaint all."""
        self._styles_of_inks.clear()
        self._cells = None
        self.redraw()

    def on_resize(self) -> None:
        self.redraw()

    def on_show(self, event: events.Show) -> None:
        self._on_view = True
        self.redraw()

    def on_hide(self, event: events.Hide) -> None:
        self._on_view = False
