"""The panels of the lab: as many as there is room for, in pages; one may be enlarged."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import DescendantFocus, Resize
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from engine.snapshot import Snapshot
from tuinn.history import History
from tuinn.widgets.chart import Chart
from tuinn.widgets.equations import EquationInspector
from tuinn.widgets.examples import ExamplesPanel
from tuinn.widgets.histograms import Histograms
from tuinn.widgets.ledger import DecayLedger
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.network_view import NetworkView
from tuinn.widgets.paging import (
    EQUATIONS,
    EXAMPLES,
    NETWORK,
    PANEL_WIDTH,
    SURFACE,
    Page,
    Shape,
    pages,
)
from tuinn.widgets.panels import Panel, Panels
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.saturation import SaturationMap
from tuinn.widgets.scale import Limits
from tuinn.widgets.surface import SurfaceMap
from tuinn.widgets.zoomable import Zoomable

SIDE_WIDTH = 126
"""Cells from which one panel has a column of its own."""
EXAMPLES_WIDTH = 48
"""Cells of that column where it holds the examples."""


class Dashboard(Widget):
    """Panels 1…12. `current` has the keys; `enlarged` is shown alone."""

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
    images = var(False)
    """The examples are images, which are worth a look beside the curves."""

    class Moved(Message):
        """Another panel has the keys, or the arrangement is another."""

    class CursorMoved(Message):
        """The charts read another place, or the last one again."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="dashboard")
        self._panels = Panels(glyphs)
        self._history = History()
        self._moment: Snapshot | None = None
        self._axis = "epoch"
        self._x_range: Limits | None = None
        self._before = 1
        """The panel that had the keys before one was enlarged."""
        self._page: Page = ()
        """The page that is shown, or was before one was enlarged."""
        self._layers = 0
        """L of the run for which the rows were made."""

    def compose(self) -> ComposeResult:
        with Container(id="panels"):
            yield from (panel for panel in self._panels.all if panel not in self._panels.sides)
        yield from self._panels.sides

    def on_mount(self) -> None:
        # nothing is placed before the size is known
        for part in (self.query_one("#panels"), *self._panels.sides):
            part.display = False

    # the panels

    @property
    def method(self) -> MethodFacts:
        """Of the run that is shown: it decides what the panels are."""
        return self._panels.method

    @property
    def panels(self) -> dict[int, Panel]:
        """The panels of the method by number."""
        return self._panels.now

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Those of the panels that are charts."""
        return self._panels.charts

    @property
    def surface(self) -> SurfaceMap:
        return self._panels.surface

    @property
    def histograms(self) -> Histograms:
        return self._panels.histograms

    @property
    def network(self) -> NetworkView:
        return self._panels.network

    @property
    def equations(self) -> EquationInspector:
        return self._panels.equations

    @property
    def examples(self) -> ExamplesPanel:
        return self._panels.examples

    def use(self, method: MethodFacts) -> None:
        """Show the panels of another method; that of the same number has the keys then."""
        if method == self.method:
            return
        had_keys = self.has_focus_within
        self._panels.use(method)
        if self.is_mounted:
            self._leave_what_is_not_offered()
            self.place_panels()
            if had_keys:
                self.take_focus()

    # arrangement

    @property
    def offered(self) -> list[int]:
        """The numbers of the panels that there are for these data and this method."""
        return [number for number in self.panels if number != SURFACE or self.planar]

    @property
    def aside(self) -> int | None:
        """The panel that stands in a column of its own."""
        if self.enlarged is not None or self.size.width < SIDE_WIDTH:
            return None
        if self.planar:
            return SURFACE
        return EXAMPLES if self.images and EXAMPLES in self.panels else None

    @property
    def shown(self) -> list[int]:
        """The numbers of the panels that are on the screen."""
        if self.enlarged is not None:
            return [self.enlarged]
        aside = self._beside(self.page)
        return [*self.page, *([aside] if aside is not None else [])]

    @property
    def page(self) -> Page:
        """The page of the panel with the keys; where that one stands aside, the page of before."""
        found = pages(self.offered, self._shape, self.aside)
        for page in found:
            if self.current in page:
                return page
        return next((page for page in found if set(page) & set(self._page)), found[0])

    def _beside(self, page: Page) -> int | None:
        """What stands beside the page: nothing beside a panel that wants all the room."""
        return None if self._alone(page) else self.aside

    def _alone(self, page: Page) -> bool:
        return any(set(page) <= {number} for number in (SURFACE, NETWORK, EQUATIONS, EXAMPLES))

    def place_panels(self) -> None:
        """Give every panel that is to be shown its place."""
        if self.enlarged is None:
            self._page = self.page
        shown = self.shown
        grid = self.query_one("#panels")
        within = tuple(number for number in shown if self.panels[number] not in self._panels.sides)
        grid.display = bool(within)
        for panel in self._panels.sides:
            panel.styles.width = self._side if grid.display else "1fr"
        seen = [self.panels[number] for number in shown]
        for panel in self._panels.all:
            panel.display = panel in seen
        columns = self._shape.columns_for(within)
        rows = -(-len(within) // columns) or 1
        grid.styles.grid_size_columns, grid.styles.grid_size_rows = columns, rows
        grid.styles.grid_rows = self._heights(within, columns, rows)
        self.refresh_panels()
        self.post_message(self.Moved())

    @property
    def _side(self) -> int:
        """Cells of the column aside; 0: there is none. A surface wants to be square."""
        width, height = self.size
        match self.aside:
            case None:
                return 0
            case number if number == SURFACE:
                return min(2 * height - 2, width - 2 * PANEL_WIDTH, 90)
        return max(EXAMPLES_WIDTH, min(width // 3, width - 2 * PANEL_WIDTH))

    @property
    def _shape(self) -> Shape:
        return Shape.of(self.size.width - self._side, self.size.height)

    def _heights(self, within: Page, columns: int, rows: int) -> str:
        """Heights of the rows of panels: a row of bars takes no more than its layers need."""
        heights = []
        for row in range(rows):
            panels = [self.panels[number] for number in within[row * columns :][:columns]]
            bars = all(isinstance(panel, DecayLedger | SaturationMap) for panel in panels)
            needed = 2 * max(self._history.layers, 2) + 4
            low = bars and rows > 1 and needed < self.size.height // rows
            heights.append(str(needed) if low else "1fr")
        return " ".join(heights)

    def on_resize(self, event: Resize) -> None:
        self.place_panels()

    def watch_enlarged(self) -> None:
        if self.is_mounted:
            self.place_panels()

    def watch_planar(self) -> None:
        self._rearrange()

    def watch_images(self) -> None:
        self._rearrange()

    def _rearrange(self) -> None:
        if self.is_mounted:
            self._leave_what_is_not_offered()
            self.place_panels()

    def _leave_what_is_not_offered(self) -> None:
        """Neither the keys nor all the room belong to a panel that there is none of."""
        if self.enlarged is not None and self.enlarged not in self.offered:
            self.enlarged = None
        if self.current not in self.offered:
            self.go(1)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        number = self.number_of(event.widget)
        if number is not None and number != self.current:
            self.current = number
            self.post_message(self.Moved())

    def number_of(self, widget: Widget) -> int | None:
        """The number of the panel that ``widget`` is, or is in."""
        for ancestor in widget.ancestors_with_self:
            for number, panel in self.panels.items():
                if ancestor is panel:
                    return number
        return None

    def go(self, number: int) -> None:
        """Give the keys to a panel, on whatever page it is."""
        self.current = number
        if self.enlarged is not None:
            self.enlarged = number
        self.place_panels()
        self.panels[number].focus(scroll_visible=False)

    def turn(self, by: int) -> None:
        """Give the keys to the panel after this one, or before it."""
        offered = self.offered
        self.go(offered[(offered.index(self.current) + by) % len(offered)])

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
        if self._alone((self.current,)) and self.current != self.aside:
            self.go(self._before)

    def take_focus(self) -> None:
        self.panels[self.current].focus(scroll_visible=False)

    # what the panels show

    @property
    def chart(self) -> Chart:
        """The chart that has the keys, or the first that is shown, or the first of all."""
        focused = self.panels[self.current]
        if isinstance(focused, Chart):
            return focused
        return next((chart for chart in self.charts if chart.display), self.charts[0])

    def show(
        self,
        history: History,
        moment: Snapshot | None,
        axis: str,
        x_range: Limits | None,
        regression: bool,
    ) -> None:
        """Draw the history, and the run as it was at a moment, on the panels that can be seen."""
        self._history, self._moment, self._axis, self._x_range = history, moment, axis, x_range
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
        self._panels.draw(self._history, self._moment, self._axis, self._x_range, self.shown)

    def release_cursor(self) -> None:
        """Look at the last moment again."""
        self.set_charts(cursor=None, pinned=False)

    @property
    def x_range(self) -> Limits | None:
        """The planned extent of x."""
        return self._x_range

    @property
    def axis(self) -> str:
        """What x counts."""
        return self._axis

    @property
    def pinned(self) -> float | None:
        """The place on x that was chosen to be looked at; None: none but the last one."""
        loss = self._panels.loss
        return loss.cursor if loss.pinned else None

    def on_zoomable_cursor_moved(self, event: Zoomable.CursorMoved) -> None:
        event.stop()
        self.set_charts(cursor=event.x, pinned=event.pinned)

    def on_zoomable_view_changed(self, event: Zoomable.ViewChanged) -> None:
        event.stop()
        self.set_charts(view=event.view)

    def set_charts(self, **values: Any) -> None:
        """Set an attribute on all that has the x axis: ``set_charts(view=None)``."""
        for panel in self._panels.along_x:
            for name, value in values.items():
                setattr(panel, name, value)
        if "cursor" in values:
            self.post_message(self.CursorMoved())
