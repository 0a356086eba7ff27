"""The panels of the dashboard: which there are for a method, and what each of them shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.snapshot import Snapshot
from tuinn.history import History
from tuinn.widgets.chart import Chart
from tuinn.widgets.dashboard_curves import (
    axis_label,
    by_layer,
    marks,
    search_costs,
    search_figure,
    train_and_validation,
)
from tuinn.widgets.equations import EquationInspector
from tuinn.widgets.examples import ExamplesPanel
from tuinn.widgets.histograms import Histograms
from tuinn.widgets.ledger import DecayLedger
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.network_view import NetworkView
from tuinn.widgets.paging import (
    DECAY,
    EQUATIONS,
    EXAMPLES,
    HISTOGRAMS,
    NETWORK,
    SATURATION,
    SURFACE,
    WATERFALL,
)
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.saturation import SaturationMap
from tuinn.widgets.scale import Limits
from tuinn.widgets.search_panel import SearchPanel
from tuinn.widgets.series import Series
from tuinn.widgets.surface import SurfaceMap
from tuinn.widgets.waterfall import Waterfall
from tuinn.widgets.zoomable import Zoomable

Panel = (
    Chart
    | DecayLedger
    | EquationInspector
    | ExamplesPanel
    | Histograms
    | NetworkView
    | SaturationMap
    | SearchPanel
    | SurfaceMap
    | Waterfall
)


class Panels:
    """Panels 1…12. Loss, accuracy and the decision surface are there for every method.

    Panels 3…6 are of one of two kinds: what backpropagation computes, or what a search shows of
    itself. Those of the other kind stay hidden.
    """

    def __init__(self, glyphs: Glyphs) -> None:
        self.method = MethodFacts()
        self.loss = Chart("1 loss", glyphs=glyphs, id="panel-1")
        self.accuracy = Chart("2 accuracy", glyphs=glyphs, id="panel-2", y_range=(0.0, 1.0))
        deltas = Chart("3 ‖δ‖ by layer", glyphs=glyphs, id="panel-3")
        deltas.log_y = True
        weights = Chart("4 ‖W‖ by layer", glyphs=glyphs, id="panel-4")
        saturation = SaturationMap("5 saturated units", glyphs=glyphs, id="panel-5")
        self._ledger = DecayLedger("6 weight decay", glyphs=glyphs, id="panel-6")
        self._costs = Chart(glyphs=glyphs, id="search-3")
        self._costs.log_y = True
        self._figures = (
            Chart(glyphs=glyphs, id="search-4", y_range=(0.0, 0.0)),
            Chart(glyphs=glyphs, id="search-5", y_range=(0.0, 0.0)),
        )
        search = SearchPanel("6 search in numbers", glyphs=glyphs, id="search-6")
        self.surface = SurfaceMap("7 decision surface", glyphs=glyphs, id="panel-7")
        self.surface.can_focus = True
        waterfall = Waterfall("8 δ waterfall", glyphs=glyphs, id="panel-8")
        self.histograms = Histograms("9 histograms", glyphs=glyphs, id="panel-9")
        self.network = NetworkView("n network", glyphs=glyphs, id="panel-n")
        self.equations = EquationInspector("b equations", glyphs=glyphs, id="panel-b")
        self.examples = ExamplesPanel("v examples", glyphs=glyphs, id="panel-v")
        self._of_all: dict[int, Panel] = {
            1: self.loss,
            2: self.accuracy,
            SURFACE: self.surface,
            HISTOGRAMS: self.histograms,
            NETWORK: self.network,
            EXAMPLES: self.examples,
        }
        self._of_gradients: dict[int, Panel] = {
            3: deltas,
            4: weights,
            SATURATION: saturation,
            DECAY: self._ledger,
            WATERFALL: waterfall,
            EQUATIONS: self.equations,
        }
        self._of_search: dict[int, Panel] = dict(
            enumerate((self._costs, *self._figures, search), start=3)
        )
        self._curves: dict[Panel, Callable[[History, str], list[Series]]] = {
            self.loss: lambda run, axis: train_and_validation(run, "loss", axis),
            self.accuracy: lambda run, axis: train_and_validation(run, "accuracy", axis),
            deltas: lambda run, axis: by_layer(run, "delta", axis),
            weights: lambda run, axis: by_layer(run, "weight_norm", axis),
            self._costs: lambda run, axis: search_costs(run, self.method, axis),
            self._figures[0]: lambda run, axis: search_figure(run, self.method, 0, axis),
            self._figures[1]: lambda run, axis: search_figure(run, self.method, 1, axis),
        }

    @property
    def all(self) -> tuple[Panel, ...]:
        """The panels of either kind, in the order of their numbers: so they stand on a page."""
        kinds = (self._of_all, self._of_gradients, self._of_search)
        numbered = [one for kind in kinds for one in kind.items()]
        return tuple(panel for _, panel in sorted(numbered, key=lambda one: one[0]))

    @property
    def now(self) -> dict[int, Panel]:
        """The panels of the method by number, in the order of the numbers."""
        kind = self._of_search if self.method.searches else self._of_gradients
        return dict(sorted((self._of_all | kind).items()))

    @property
    def sides(self) -> tuple[Panel, ...]:
        """Those that may have a column of their own."""
        return (self.surface, self.examples)

    @property
    def along_x(self) -> tuple[Zoomable, ...]:
        """Those of either kind over the common x axis."""
        return tuple(panel for panel in self.all if isinstance(panel, Zoomable))

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts of the method."""
        return tuple(panel for panel in self.now.values() if isinstance(panel, Chart))

    def use(self, method: MethodFacts) -> None:
        """Be the panels of another method."""
        self.method = method
        self.histograms.slopes = not method.searches
        if not method.searches:
            self._ledger.method = method
            return
        self._costs.title = f"3 cost of the {method.crowd}" if method.crowd else "3 cost"
        for number, (chart, figure) in enumerate(
            zip(self._figures, method.figures, strict=True), start=4
        ):
            chart.title = f"{number} {figure.label}"
            chart.log_y = figure.log

    def draw(
        self,
        history: History,
        moment: Snapshot | None,
        axis: str,
        x_range: Limits | None,
        numbers: Iterable[int],
    ) -> None:
        """Draw the history, and the run as it was at a moment, on these panels."""
        label, noted = axis_label(axis, self.method), marks(history, axis)
        now = self.now
        for panel in (now[number] for number in numbers):
            match panel:
                case Chart():
                    panel.x_label = label
                    panel.show(self._curves[panel](history, axis), x_range, noted)
                case DecayLedger():
                    panel.show(moment, history, axis, label, x_range)
                case Waterfall():
                    panel.x_label = label
                    panel.show(history, axis, x_range, noted)
                case SearchPanel():
                    panel.show(moment, self.method)

    def say_empty(self, text: str) -> None:
        """What the panels say where there is nothing to draw."""
        for panel in self.all:
            panel.empty = text
            panel.redraw()
