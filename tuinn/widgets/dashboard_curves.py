"""From the history of a run to the curves of the panels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tuinn.history import History
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.raster import Floats, LineStyle
from tuinn.widgets.series import Mark, Series, layer_series


def axis_label(axis: str, method: MethodFacts) -> str:
    """What the border of a chart calls its x axis."""
    match axis:
        case "epoch":
            return method.epochs
        case "update":
            return "updates"
        case "seconds":
            return "seconds of training"
    return "evaluations" if method.searches else "evaluations (one gradient is one)"


def train_and_validation(history: History, figure: str, axis: str) -> list[Series]:
    """ "loss" or "accuracy" on both parts, validation only where there is one; and its branches."""
    x = np.array(history.x(axis))
    series = [Series("train", x, np.array(history.column(f"train_{figure}")), ink="train")]
    validation = np.array(history.column(f"validation_{figure}"))
    if np.isfinite(validation).any():
        series.append(Series("valid.", x, validation, style="dashed", ink="validation", marker="◇"))
    for branch in history.branches:
        x = branch.x(axis)
        series.append(_ghost(x, branch.column(f"train_{figure}"), "dotted"))
        series.append(_ghost(x, branch.column(f"validation_{figure}"), "sparse"))
    return _with_parent(series)


def by_layer(history: History, figure: str, axis: str) -> list[Series]:
    """One curve for every layer l = 1…L, and those of the most recent branch: of more of them
    nothing could be told apart."""
    x, layers = np.array(history.x(axis)), range(1, history.layers + 1)
    series = [
        layer_series(layer, x, np.array(history.layer_column(layer, figure))) for layer in layers
    ]
    for branch in history.branches[-1:]:
        if branch.layers == history.layers:
            x = branch.x(axis)
            series += [_ghost(x, branch.layer_column(layer, figure), "dotted") for layer in layers]
    return _with_parent(series)


def _ghost(x: Floats, y: Floats, style: LineStyle) -> Series:
    """A curve of a run that was left."""
    return Series("", x, y, style=style, ink="ghost", ghost=True)


def _with_parent(series: list[Series]) -> list[Series]:
    """The curves that have something to show of; the first of the ghosts is in the legend."""
    seen = [one for one in series if not one.ghost or np.isfinite(one.y).any()]
    first = next((place for place, one in enumerate(seen) if one.ghost), None)
    if first is not None:
        seen[first] = replace(seen[first], name="parent")
    return seen


def search_costs(history: History, method: MethodFacts, axis: str) -> list[Series]:
    """The least cost so far and those of now: mean ± deviation, or that of the one point there is.

    The lower edge is left out where it is below the least cost: no point is there.
    """
    x = np.array(history.x(axis))
    best, mean = np.array(history.search_column("best")), np.array(history.search_column("mean"))
    least = Series("best", x, best, ink="series-1")
    now = Series(
        "mean" if method.crowd else "now", x, mean, style="dashed", ink="series-2", marker="◇"
    )
    if not method.crowd:
        return [now, least]
    spread = np.array(history.search_column("spread"))
    low = np.where(mean - spread >= best, mean - spread, np.nan)
    return [
        least,
        now,
        Series("±", x, mean + spread, style="sparse", ink="dim", reads=spread),
        Series("", x, low, style="sparse", ink="dim"),
    ]


def search_figure(history: History, method: MethodFacts, place: int, axis: str) -> list[Series]:
    """What a search shows of itself."""
    if not method.searches:
        return []
    figure, x = method.figures[place], np.array(history.x(axis))
    y = np.array(history.figure_column(place))
    # what is nothing before the first evaluation, as the speed of a swarm, has no logarithm
    y[(history.x("evaluations") == 0) & (y == 0)] = np.nan
    ink, marker = (("series-3", "■"), ("series-4", "△"))[place]
    return [Series(figure.label, x, y, ink=ink, marker=marker)]


def marks(history: History, axis: str) -> list[Mark]:
    """What was changed in flight, at its place on the axis."""
    return [Mark(float(getattr(mark, axis)), mark.text) for mark in history.marks]
