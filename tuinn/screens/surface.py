"""The decision surface: what the network answers over the plane of a 2-D data set."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data import Examples
from tuinn.experiment import Experiment
from tuinn.widgets.scale import Limits
from tuinn.widgets.surface import SurfaceMap

MOST_PIXELS = 6000
"""Points at which the network is asked; a larger map shows each of them in several pixels."""
MARGIN = 0.06
"""Room around the points, as a share of their extent."""
MOST_WIDER = 2.0
"""How much a range may grow to have the scale of the other one."""

Array = NDArray[Any]


def draw_surface(surface: SurfaceMap, experiment: Experiment, theta: Array) -> None:
    """Ask the network with parameters θ all over the plane, and show it under the examples."""
    raw = experiment.dataset.raw
    columns, rows = surface.pixels
    if raw is None or columns < 1 or rows < 1:
        return
    width, height = surface.size
    x_range, y_range = extents(raw, width, 2 * height)
    share = min(1.0, (MOST_PIXELS / (columns * rows)) ** 0.5)
    columns, rows = max(2, int(columns * share)), max(2, int(rows * share))
    train, validation = experiment.split.train, experiment.split.validation
    surface.show(
        answers(experiment, theta, x_range, y_range, columns, rows),
        x_range,
        y_range,
        raw[_rows(train)],
        _classes(train),
        (raw[_rows(validation)], _classes(validation)) if validation.n else None,
        limits=limits(experiment),
        names=experiment.dataset.classes or ("low", "high"),
    )


def answers(
    experiment: Experiment, theta: Array, x_range: Limits, y_range: Limits, columns: int, rows: int
) -> Array:
    """a^L on a grid, (rows, columns), or (rows, columns, outputs) where there are several.

    The first row is the lower end of ``y_range``.
    """
    x1, x2 = np.meshgrid(np.linspace(*x_range, columns), np.linspace(*y_range, rows))
    X = inputs_at(experiment, x1, x2)
    network = experiment.trainer.network
    # a diverged network answers NaN, which the map shows as its middle
    with np.errstate(all="ignore"):
        a = network.forward(theta, X)
    outputs: int = a.shape[1]
    shape = (rows, columns) if outputs == 1 else (rows, columns, outputs)
    return a.reshape(shape)


def inputs_at(experiment: Experiment, x1: Array, x2: Array) -> Array:
    """X (points, n_0) of points of the plane: their features, scaled as those of the examples."""
    points = np.column_stack([x1.ravel(), x2.ravel()])
    features = experiment.dataset.features
    return experiment.split.scaling(points if features is None else features(points))


def extents(raw: Array, columns: int, rows: int) -> tuple[Limits, Limits]:
    """The ranges of both coordinates: room around the points, and one scale for both where the
    shape of the map allows it. ``columns`` and ``rows`` are its size in square pixels.
    """
    (low1, high1), (low2, high2) = (_roomy(raw[:, axis]) for axis in (0, 1))
    per_column, per_row = (high1 - low1) / columns, (high2 - low2) / rows
    widen1 = min(max(per_row / per_column, 1.0), MOST_WIDER)
    widen2 = min(max(per_column / per_row, 1.0), MOST_WIDER)
    return _widened(low1, high1, widen1), _widened(low2, high2, widen2)


def _roomy(x: Array) -> Limits:
    low, high = float(x.min()), float(x.max())
    room = MARGIN * (high - low) or 1.0
    return low - room, high + room


def _widened(low: float, high: float, factor: float) -> Limits:
    middle, half = (low + high) / 2, factor * (high - low) / 2
    return middle - half, middle + half


def limits(experiment: Experiment) -> Limits:
    """The answers that are the ends of the colour scale."""
    if experiment.dataset.targets is not None:
        targets = experiment.dataset.targets[:, 0]
        low, high = float(targets.min()), float(targets.max())
        return (low, high) if low < high else (low - 1, low + 1)
    output = experiment.trainer.network.activations[-1].name
    return (-1.0, 1.0) if output == "tanh" else (0.0, 1.0)


def _rows(examples: Examples) -> Array:
    assert examples.rows is not None, "a split knows the rows of its set"
    return examples.rows


def _classes(examples: Examples) -> Array:
    """Class numbers; for a regression 0 and 1 for targets below and above the middle."""
    if examples.labels is not None:
        return examples.labels
    y = examples.Y[:, 0]
    above: Array = y > (y.min() + y.max()) / 2
    return above.astype(int)
