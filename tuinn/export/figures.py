"""Which charts a report has, and what is drawn in each."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tuinn.band import band
from tuinn.export.reported import Reported
from tuinn.history import LAYER_FIGURES, History
from tuinn.widgets import race_look
from tuinn.widgets.dashboard_curves import (
    axis_label,
    by_layer,
    marks,
    search_costs,
    search_figure,
    train_and_validation,
)
from tuinn.widgets.plot import Curves, curves
from tuinn.widgets.raster import Floats
from tuinn.widgets.scale import Limits
from tuinn.widgets.series import Mark, Series

STRETCHED = 20.0
"""A curve whose greatest value is so many times its least is drawn on a logarithmic axis."""
SHARE: Limits = (0.0, 1.0)
FROM_0: Limits = (0.0, 0.0)
AXES = {
    "epoch": "epochs",
    "update": "updates",
    "evaluations": "evaluations (one gradient is one)",
    "seconds": "seconds of training",
}
"""What each x axis is called where runs are compared."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """One chart."""

    title: str
    x_label: str
    series: tuple[Series, ...]
    marks: tuple[Mark, ...] = ()
    log: bool = False
    x_limits: Limits = SHARE
    y_limits: Limits = SHARE
    """In log10 on a logarithmic axis."""

    @property
    def shown(self) -> Curves:
        """The values that are drawn: a logarithmic axis leaves some out."""
        return curves(self.series, self.x_limits, 0.0, log=self.log)


@dataclass(frozen=True, slots=True)
class Group:
    """Charts that belong together."""

    title: str
    """Empty: none."""
    figures: tuple[Figure, ...]
    small: bool = False
    """They are small ones, on the same axes."""


def groups(runs: Sequence[Reported]) -> list[Group]:
    """All the charts of a report: those of one run, or of several beside each other."""
    if len(runs) == 1 and len(runs[0].histories) == 1:
        return [Group("", tuple(_of_one(runs[0])))]
    found = [Group("", tuple(_compared(runs)))]
    for title, layers in (("‖δ‖ by layer", "delta"), ("‖W‖ by layer", "weight_norm")):
        figures = [_layers(run, layers, run.name) for run in runs if run.history.layers]
        if figures:
            found.append(Group(title, tuple(_aligned(figures, FROM_0)), small=True))
    return found


def _of_one(run: Reported) -> list[Figure]:
    """The charts of the lab."""
    history, method, axis = run.history, run.method, run.method.axis
    label, placed = axis_label(axis, method), tuple(marks(history, axis))

    def parts(figure: str, title: str, always: Limits) -> Figure:
        series = train_and_validation(history, figure, axis)
        return _figure(title, label, series, placed, always)

    found = [parts("loss", "loss", FROM_0), parts("accuracy", run.quality, SHARE)]
    if method.searches:
        costs = search_costs(history, method, axis)
        found.append(_figure("cost of the search", label, costs, placed, FROM_0))
        for place, figure in enumerate(method.figures):
            series = search_figure(history, method, place, axis)
            found.append(_figure(figure.label, label, series, placed, FROM_0))
    if history.layers:
        found.append(_layers(run, "delta", "‖δ‖ by layer"))
        found.append(_layers(run, "weight_norm", "‖W‖ by layer"))
    return [figure for figure in found if _has_values(figure)]


def _layers(run: Reported, figure: str, title: str) -> Figure:
    # a search that was forked from a run with gradients has its layers, but no epochs of them
    axis = run.method.axis
    placed = tuple(marks(run.history, axis))
    series = by_layer(run.history, figure, axis)
    return _figure(title, axis_label(axis, run.method), series, placed, FROM_0)


def _compared(runs: Sequence[Reported]) -> list[Figure]:
    """Loss and accuracy of all runs: by epochs, or by evaluations where a search is among them."""
    axis = "evaluations" if any(run.method.searches for run in runs) else "epoch"
    validated = [run.validated for run in runs]
    part = "validation" if all(validated) else "" if any(validated) else "training"
    found = []
    for cost in dict.fromkeys(run.config.training.cost for run in runs):
        those = [run for run in runs if run.config.training.cost == cost]
        # the losses of different costs cannot be compared
        words = f"{part} loss" if len(those) == len(runs) else f"{part} loss, {cost} cost"
        found += [overlay(those, "loss", by, words.strip()) for by in (axis, "seconds")]
        if part != "training":
            words = words.replace(part, "training", 1) if part else f"training {words.strip()}"
            found.append(overlay(those, "train_loss", axis, words))
    for quality in dict.fromkeys(run.quality for run in runs):
        those = [run for run in runs if run.quality == quality]
        found.append(overlay(those, "accuracy", axis, f"{part} {quality}".strip(), SHARE))
    return [figure for figure in found if _has_values(figure)]


def overlay(
    runs: Sequence[Reported], figure: str, axis: str, title: str, always: Limits = FROM_0
) -> Figure:
    """One figure of all runs in one chart: a column of `History` or "l1_delta", …; "loss" and
    "accuracy" are those of validation where there is one, else of training."""
    series = [one for run in runs for one in _run_series(run, figure, axis)]
    placed: tuple[Mark, ...] = ()
    if axis == "seconds":
        title = f"{title} by time"
    return _figure(title, AXES[axis], series, placed, always)


def _run_series(run: Reported, figure: str, axis: str) -> list[Series]:
    """The curve of a run; of several seeds the median in the band from the least to the most."""
    name = figure
    if figure in ("loss", "accuracy"):
        name = f"{'validation' if run.validated else 'train'}_{figure}"
    lanes = [(np.array(one.x(axis)), _column(one, name)) for one in run.histories if len(one)]
    if not lanes:
        return []
    place = run.place
    look = {
        "ink": race_look.ink(place),
        "style": race_look.style(place),
        "marker": race_look.marker(place),
    }
    if len(lanes) == 1:
        return [Series(run.name, *lanes[0], **look)]  # type: ignore[arg-type]
    found = band(lanes)
    return [Series(run.name, found.x, found.median, low=found.low, high=found.high, **look)]  # type: ignore[arg-type]


def _column(history: History, name: str) -> Floats:
    """A column of the history; NaN where the run has no such layer. ValueError: there is none."""
    layer = re.fullmatch(r"l([1-9]\d*)_(\w+)", name)
    if layer is None:
        return np.array(history.column(name))
    if layer[2] not in LAYER_FIGURES:
        raise ValueError(f"the figure must be one of {', '.join(LAYER_FIGURES)}, got {layer[2]!r}")
    if int(layer[1]) > history.layers:
        return np.full(len(history), np.nan)
    return np.array(history.layer_column(int(layer[1]), layer[2]))


def _figure(
    title: str, x_label: str, series: Sequence[Series], placed: tuple[Mark, ...], always: Limits
) -> Figure:
    figure = Figure(title, x_label, tuple(series), placed)
    return _aligned([figure], always)[0]


def _aligned(figures: Sequence[Figure], always: Limits) -> list[Figure]:
    """The figures on the same axes: as wide and as high as all of them need.

    Logarithmic where the values are positive and far apart, unless they are shares.
    """
    series = [one for figure in figures for one in figure.series]
    ends = [(float(one.x[0]), float(one.x[-1])) for one in series if one.x.size]
    start = min((end[0] for end in ends), default=0.0)
    end = max((end[1] for end in ends), default=1.0)
    x_limits = (start, end if end > start else start + 1.0)
    linear = curves(series, x_limits, 0.0, log=False)
    log = always != SHARE and _stretched(linear.series, linear.values)
    shown = curves(series, x_limits, 0.0, log=True) if log else linear
    if log:
        y_limits = _decades(shown.low, shown.high)
    else:
        y_limits = shown.limits(None, always if always == SHARE else None)
    return [replace(one, log=log, x_limits=x_limits, y_limits=y_limits) for one in figures]


def _decades(low: float, high: float) -> Limits:
    """log10 of 1, 2 or 5 times a power of ten below and above: whole decades would leave much of
    a chart empty."""
    return math.log10(_step_down(low)), -math.log10(_step_down(1 / high))


def _step_down(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value) + 1e-9)
    return max(factor * power for factor in (1, 2, 5) if factor * power <= value * (1 + 1e-9))


def _stretched(series: Sequence[Series], values: Sequence[Floats]) -> bool:
    """Whether most of what is drawn would lie on the ground of a linear axis."""
    drawn = [y[np.isfinite(y)] for one, y in zip(series, values, strict=True) if not one.ghost]
    together = np.concatenate(drawn) if drawn else np.empty(0)
    positive = together[together > 0]
    if positive.size < together.size / 2 or not positive.size or (together < 0).any():
        return False
    return float(positive.max()) > STRETCHED * float(positive.min())


def _has_values(figure: Figure) -> bool:
    return any(np.isfinite(one.y).any() for one in figure.series)
