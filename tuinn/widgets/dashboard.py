"""The panels of the lab: as many as there is room for, in pages; one may be enlarged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import DescendantFocus, Resize
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from tuinn.history import History
from tuinn.widgets.bars import LayerPanel
from tuinn.widgets.chart import Chart
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.panels import Panel, Panels
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.scale import Limits
from tuinn.widgets.surface import SurfaceMap

SURFACE = 7
SIDE_WIDTH = 126
"""Cells from which the surface has a column of its own."""
PANEL_WIDTH, PANEL_HEIGHT = 42, 8
"""Cells a panel wants at least; with less room fewer are shown at a time."""


@dataclass(frozen=True)
class Shape:
    """How many panels stand beside and above each other."""

    columns: int
    rows: int

    @property
    def panels(self) -> int:
        return self.columns * self.rows

    @classmethod
    def of(cls, width: int, height: int) -> Shape:
        """What fits: one panel alone, 1 × 2, 2 × 1, … up to 2 × 3."""
        rows = max(1, min(3, height // PANEL_HEIGHT))
        columns = 2 if width >= 2 * PANEL_WIDTH else 1
        if height < 2 * PANEL_HEIGHT + 8:
            # a low terminal shows one panel at a time, and that one well
            return cls(1, 1)
        return cls(columns, rows)


class Dashboard(Widget):
    """Panels 1…7. `current` has the keys; `enlarged` is shown alone."""

    DEFAULT_CSS = """
    Dashboard { width: 1fr; height: 1fr; layout: horizontal; }
    Dashboard > #panels { layout: grid; width: 1fr; height: 1fr; }
    Dashboard SurfaceMap { width: 1fr; height: 1fr; }
    Dashboard SurfaceMap:focus { border: round $accent; border-title-color: $foreground; }
    """

    current = var(1)
    enlarged: var[int | None] = var(None)
    planar = var(False)
    """The data have two coordinates, so there is a surface."""

    class Moved(Message):
        """Another panel has the keys, or the arrangement is another."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="dashboard")
        self._panels = Panels(glyphs)
        self._history = History()
        self._axis = "epoch"
        self._x_range: Limits | None = None
        self._before = 1
        """The panel that had the keys before one was enlarged."""
        self._layers = 0
        """L of the run for which the rows were made."""

    def compose(self) -> ComposeResult:
        with Container(id="panels"):
            yield from self._panels.all[:-1]
        yield self.surface

    def on_mount(self) -> None:
        # nothing is placed before the size is known
        for part in (self.query_one("#panels"), self.surface):
            part.display = False

    # the panels

    @property
    def method(self) -> MethodFacts:
        """Of the run that is shown: it decides what the panels are."""
        return self._panels.method

    @property
    def panels(self) -> tuple[Panel, ...]:
        """Panels 1…7 of the method."""
        return self._panels.now

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Those of the panels 1…7 that are charts."""
        return self._panels.charts

    @property
    def surface(self) -> SurfaceMap:
        return self._panels.surface

    def use(self, method: MethodFacts) -> None:
        """Show the panels of another method; that of the same number has the keys then."""
        if method == self.method:
            return
        had_keys = self.has_focus_within
        self._panels.use(method)
        if self.is_mounted:
            self.place_panels()
            if had_keys:
                self.take_focus()

    # arrangement

    @property
    def count(self) -> int:
        """How many panels there are for these data."""
        return SURFACE if self.planar else SURFACE - 1

    @property
    def aside(self) -> bool:
        """The surface stands in a column of its own."""
        return self.planar and self.enlarged is None and self.size.width >= SIDE_WIDTH

    @property
    def shown(self) -> list[int]:
        """The numbers of the panels that are on the screen."""
        if self.enlarged is not None:
            return [self.enlarged]
        shape = self._shape
        side = [SURFACE] if self.aside else []
        if self.current == SURFACE and not self.aside:
            return [SURFACE]
        at = self.current if self.current != SURFACE else 1
        first = (at - 1) // shape.panels * shape.panels + 1
        return [*range(first, min(first + shape.panels, SURFACE)), *side]

    def place_panels(self) -> None:
        """Give every panel that is to be shown its place."""
        shown = self.shown
        grid = self.query_one("#panels")
        within = [number for number in shown if number != SURFACE]
        grid.display = bool(within)
        self.surface.styles.width = self._side or "1fr"
        seen = [self.panels[number - 1] for number in shown]
        for panel in self._panels.all:
            panel.display = panel in seen
        columns = min(self._shape.columns, max(len(within), 1))
        rows = -(-len(within) // columns) or 1
        grid.styles.grid_size_columns, grid.styles.grid_size_rows = columns, rows
        grid.styles.grid_rows = self._heights(within, columns, rows)
        self.refresh_panels()
        self.post_message(self.Moved())

    @property
    def _side(self) -> int:
        """Cells of the surface's column, which wants to be square; 0: it has none."""
        if not self.aside:
            return 0
        return min(2 * self.size.height - 2, self.size.width - 2 * PANEL_WIDTH, 90)

    @property
    def _shape(self) -> Shape:
        return Shape.of(self.size.width - self._side, self.size.height)

    def _heights(self, within: list[int], columns: int, rows: int) -> str:
        """Heights of the rows of panels: a row of bars takes no more than its layers need."""
        heights = []
        for row in range(rows):
            panels = [self.panels[number - 1] for number in within[row * columns :][:columns]]
            bars = all(isinstance(panel, LayerPanel) for panel in panels)
            needed = 2 * max(self._history.layers, 2) + 3
            low = bars and rows > 1 and needed < self.size.height // rows
            heights.append(str(needed) if low else "1fr")
        return " ".join(heights)

    def on_resize(self, event: Resize) -> None:
        self.place_panels()

    def watch_enlarged(self) -> None:
        if self.is_mounted:
            self.place_panels()

    def watch_planar(self) -> None:
        if self.is_mounted:
            if self.current == SURFACE and not self.planar:
                self.go(1)
            if self.enlarged == SURFACE and not self.planar:
                self.enlarged = None
            self.place_panels()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        number = self.number_of(event.widget)
        if number is not None and number != self.current:
            self.current = number
            self.post_message(self.Moved())

    def number_of(self, widget: Widget) -> int | None:
        """The number of the panel that ``widget`` is, or is in."""
        for ancestor in widget.ancestors_with_self:
            if ancestor in self.panels:
                return self.panels.index(ancestor) + 1
        return None

    def go(self, number: int) -> None:
        """Give the keys to a panel, on whatever page it is."""
        number = (number - 1) % self.count + 1
        self.current = number
        if self.enlarged is not None:
            self.enlarged = number
        self.place_panels()
        self.panels[number - 1].focus(scroll_visible=False)

    def enlarge(self, number: int) -> None:
        """Show a panel alone."""
        if self.enlarged is None:
            self._before = self.current
        self.enlarged = number
        self.go(number)

    def give_back(self) -> None:
        """Show the others again, on the page of before where the panel has a page to itself."""
        if self.enlarged is None:
            return
        self.enlarged = None
        if self.current == SURFACE and not self.aside:
            self.go(self._before)

    def take_focus(self) -> None:
        self.panels[self.current - 1].focus(scroll_visible=False)

    # what the panels show

    @property
    def chart(self) -> Chart:
        """The chart that has the keys, or the first that is shown, or the first of all."""
        focused = self.panels[self.current - 1]
        if isinstance(focused, Chart):
            return focused
        return next((chart for chart in self.charts if chart.display), self.charts[0])

    def show(self, history: History, axis: str, x_range: Limits | None, regression: bool) -> None:
        """Draw the history, on the panels that can be seen."""
        self._history, self._axis, self._x_range = history, axis, x_range
        if self._layers != history.layers:
            self._layers = history.layers
            self.place_panels()
        self._panels.accuracy.title = "2 R²" if regression else "2 accuracy"
        self.refresh_panels()

    def say_empty(self, text: str) -> None:
        """What the panels say where there is nothing to draw."""
        if text != self._panels.loss.empty:
            self._panels.say_empty(text)

    def refresh_panels(self) -> None:
        self._panels.draw(self._history, self._axis, self._x_range, self.shown)

    def on_chart_cursor_moved(self, event: Chart.CursorMoved) -> None:
        event.stop()
        for chart in self._panels.all_charts:
            chart.cursor = event.x

    def on_chart_view_changed(self, event: Chart.ViewChanged) -> None:
        event.stop()
        for chart in self._panels.all_charts:
            chart.view = event.view

    def set_charts(self, **values: Any) -> None:
        """Set an attribute on all charts: ``set_charts(smoothing=0.6)``."""
        for chart in self._panels.all_charts:
            for name, value in values.items():
                setattr(chart, name, value)
