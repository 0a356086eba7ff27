"""What the views of the inside show: computed where they are seen, no oftener than is of use."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from textual.geometry import Size

from engine.backprop import backprop
from engine.costs import Cost
from engine.costs import cost as cost_named
from engine.data import Examples, Split
from engine.inside.maps import Maps, plane_maps, weight_maps
from engine.inside.reading import reading
from engine.inside.units import units
from engine.inside.walkthrough import walkthrough
from engine.snapshot import Snapshot
from tuinn.experiment import Experiment, make_optimizer
from tuinn.histogram_strip import HistogramStrip
from tuinn.runners.thread import ThreadRunner
from tuinn.runners.timeline import Timeline
from tuinn.screens.session import Session
from tuinn.screens.surface import draw_surface, extents, inputs_at
from tuinn.widgets.dashboard import Dashboard
from tuinn.widgets.dashboard_curves import axis_label
from tuinn.widgets.ledger import DecayLedger
from tuinn.widgets.paging import (
    DECAY,
    EQUATIONS,
    EXAMPLES,
    HISTOGRAMS,
    NETWORK,
    SATURATION,
    SURFACE,
)
from tuinn.widgets.saturation import SaturationMap

Array = NDArray[Any]

PER_SECOND = {
    SATURATION: 5.0,
    SURFACE: 5.0,
    HISTOGRAMS: 3.0,
    NETWORK: 4.0,
    EQUATIONS: 1.0,
    EXAMPLES: 1.0,
}
"""How often a view is drawn anew at most while the run goes on: as often as a person gains by it.
"""
LARGE = 2_000
"""Cells from which the map of the plane is drawn less often, so that what is written does not grow
with it."""
GRID = 20
"""Points of the input plane along either axis for the small pictures of units."""


class Inside:
    """Draws the views that are computed from one moment of a run."""

    def __init__(self, dashboard: Dashboard, fps: float) -> None:
        self._dashboard, self._fps = dashboard, fps
        self._drawn: dict[int, tuple[Snapshot, Size, object]] = {}
        """What each view shows: the moment, its size, and what else it depends on."""
        self._experiment: Experiment | None = None
        self._strip: HistogramStrip | None = None
        self._trained_on = True
        """The equations are those of a training example, else of one of those that are read."""
        self._grid: Array | None = None
        """X of the points of the plane, where there is one."""

    def look_at(self, example: int, *, trained_on: bool) -> None:
        """Walk through another example, of the training set or of those that are read."""
        self._trained_on = trained_on
        self._dashboard.equations.example = example

    def draw(self, session: Session, moment: Snapshot | None, frame: int) -> None:
        """Draw the views that are on the screen and show another moment than this one."""
        experiment = session.experiment
        if experiment is None or moment is None or moment.theta is None:
            return
        if not _fits(experiment, moment):
            # the thread has built another run, which is not told of yet
            return
        if experiment is not self._experiment:
            self._begin(experiment, session.runner.timeline)
        ledger = self._dashboard.panels[DECAY]
        if isinstance(ledger, DecayLedger):
            ledger.examples = experiment.trainer.probe[0].shape[1]
        for number in self._dashboard.shown:
            if number not in PER_SECOND:
                continue
            size = self._dashboard.panels[number].size
            rate = PER_SECOND[number]
            if number == SURFACE:
                rate *= min(1.0, LARGE / max(size.area, 1))
            every = max(1, round(self._fps / rate))
            # not all in one frame
            due = (frame + number) % every == 0
            last = self._drawn.get(number)
            wish = self._wish(number, session, moment)
            # what is seen over time goes on while one looks back at a moment of it
            grows = number == HISTOGRAMS and session.status == "training"
            if last is not None and last[0] is moment and last[1:] == (size, wish) and not grows:
                continue
            # what a person has asked for comes at once
            if due or session.status != "training" or last is None or last[1:] != (size, wish):
                self._drawn[number] = moment, size, wish
                self._draw(number, session, experiment, moment, moment.theta)

    def _begin(self, experiment: Experiment, timeline: Timeline) -> None:
        """Another run: nothing that was computed is of use any more."""
        self._experiment = experiment
        self._drawn.clear()
        trainer = experiment.trainer
        self._strip = HistogramStrip(
            trainer.network, lambda update: _cost_at(timeline, update), trainer.probe
        )
        self._grid = None
        if experiment.dataset.raw is not None:
            (low1, high1), (low2, high2) = extents(experiment.dataset.raw, GRID, GRID)
            x1, x2 = np.linspace(low1, high1, GRID), np.linspace(low2, high2, GRID)
            self._grid = inputs_at(experiment, *np.meshgrid(x1, x2))
        equations = self._dashboard.equations
        if equations.example >= self._walked(experiment).n:
            equations.example = 0

    def _wish(self, number: int, session: Session, moment: Snapshot) -> object:
        """What a view depends on beside the moment and its size."""
        dashboard = self._dashboard
        match number:
            case n if n == EQUATIONS:
                return dashboard.equations.example, self._trained_on
            case n if n == HISTOGRAMS:
                return dashboard.axis
            case n if n == NETWORK:
                return _editable(session, moment)
        return None

    def _draw(
        self,
        number: int,
        session: Session,
        experiment: Experiment,
        moment: Snapshot,
        theta: Array,
    ) -> None:
        dashboard = self._dashboard
        match number:
            case n if n == SURFACE:
                draw_surface(dashboard.surface, experiment, theta)
            case n if n == SATURATION:
                self._draw_saturation(experiment, moment, theta)
            case n if n == HISTOGRAMS:
                moments = session.runner.rewind.moments
                dashboard.histograms.show(
                    self._strip,
                    moments,
                    shown=moment,
                    axis=dashboard.axis,
                    x_label=axis_label(dashboard.axis, dashboard.method),
                    x_range=dashboard.x_range,
                )
            case n if n == NETWORK:
                dashboard.network.editable = _editable(session, moment)
                cost = _cost_at(session.runner.timeline, moment.update)
                self._draw_network(experiment, theta, cost)
            case n if n == EQUATIONS:
                self._draw_equations(session.runner, experiment, moment, theta)
            case n if n == EXAMPLES:
                self._draw_examples(experiment, theta)

    def _draw_saturation(self, experiment: Experiment, moment: Snapshot, theta: Array) -> None:
        panel = self._dashboard.panels[SATURATION]
        if isinstance(panel, SaturationMap):
            trainer = experiment.trainer
            # a fork may go on from a search, of whose layers nothing is known
            wanted = bool(moment.layers) and panel.wants_units(trainer.network.L)
            panel.show(moment, units(trainer.network, theta, *trainer.probe) if wanted else None)

    def _draw_network(self, experiment: Experiment, theta: Array, cost: Cost) -> None:
        trainer, dataset = experiment.trainer, experiment.dataset
        gradient = None
        if trainer.optimizer.needs_gradient:
            with np.errstate(all="ignore"):
                gradient = backprop(trainer.network, theta, *trainer.probe, cost).gradient
        self._dashboard.network.show(
            trainer.network,
            theta,
            self._maps(experiment, theta),
            gradient=gradient,
            inputs=dataset.feature_names,
            outputs=dataset.classes,
        )

    def _maps(self, experiment: Experiment, theta: Array) -> Maps:
        network = experiment.trainer.network
        if self._grid is not None:
            return plane_maps(network, theta, self._grid, GRID, GRID)
        return weight_maps(network, theta, experiment.dataset.image_shape)

    def _draw_equations(
        self, runner: ThreadRunner, experiment: Experiment, moment: Snapshot, theta: Array
    ) -> None:
        trainer, panel = experiment.trainer, self._dashboard.equations
        walked, example = self._walked(experiment), panel.example
        # before a fork there may have been another cost, and a method that remembers other things
        settings = runner.timeline.at(moment.update)
        method = make_optimizer(settings.optimizer)
        kept = runner.rewind.nearest("update", moment.update)
        memory = kept.arrays if kept is not None and kept.snapshot is moment else None
        if not method.needs_gradient:
            # a search makes no step of an example: it is shown as this method begins
            method, memory = make_optimizer(experiment.config.optimizer), None
        record = walkthrough(
            trainer.network,
            theta,
            walked.X[example],
            walked.Y[example],
            _cost_at(runner.timeline, moment.update),
            eta=moment.eta,
            alpha=moment.alpha,
            m=trainer.m,
            method=method,
            memory=memory,
        )
        classes = experiment.dataset.classes
        label = "" if walked.labels is None else classes[walked.labels[example]]
        aside = walked is not experiment.split.train
        panel.show(
            record,
            example=example,
            examples=walked.n,
            update=moment.update,
            label=f"{label} (validation: not trained on)" if aside else label,
            image=experiment.dataset.image_shape,
        )

    def _draw_examples(self, experiment: Experiment, theta: Array) -> None:
        dataset, examples = experiment.dataset, _read(experiment.split)
        part = "training" if examples is experiment.split.train else "validation"
        read = reading(experiment.trainer.network, theta, examples, len(dataset.classes))
        self._dashboard.examples.show(read, examples, dataset, part)

    def _walked(self, experiment: Experiment) -> Examples:
        return experiment.split.train if self._trained_on else _read(experiment.split)


def _cost_at(timeline: Timeline, update: int) -> Cost:
    """The cost that was followed after that update: before a fork there may have been another."""
    return cost_named(timeline.at(update).training.cost)


def _editable(session: Session, moment: Snapshot) -> bool:
    """Whether a weight may be changed: not of the past (but of a fork from it), nor of a search."""
    is_now = moment is session.last and session.status != "diverged"
    return is_now and not session.facts.searches


def _fits(experiment: Experiment, moment: Snapshot) -> bool:
    """Whether the moment can be one of this experiment."""
    network = experiment.trainer.network
    same_layers = len(moment.layers) in (0, network.L)
    return same_layers and moment.theta is not None and moment.theta.size == network.parameters


def _read(split: Split) -> Examples:
    """The examples that the network is asked to read: where there are some, unknown ones."""
    return split.validation if split.validation.n else split.train
