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

Array = NDArray[Any]


def draw_surface(surface: SurfaceMap, experiment: Experiment, theta: Array) -> None:
    """Ask the network with parameters θ all over the plane, and show it under the examples."""
    raw = experiment.dataset.raw
    columns, rows = surface.pixels
    if raw is None or columns < 1 or rows < 1:
        return
    share = min(1.0, (MOST_PIXELS / (columns * rows)) ** 0.5)
    columns, rows = max(2, int(columns * share)), max(2, int(rows * share))
    x_range, y_range = (extent(raw[:, axis]) for axis in (0, 1))
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
    points = np.column_stack([x1.ravel(), x2.ravel()])
    features = experiment.dataset.features
    X = experiment.split.scaling(points if features is None else features(points))
    network = experiment.trainer.network
    # a diverged network answers NaN, which the map shows as its middle
    with np.errstate(all="ignore"):
        a = network.forward(theta, X)
    outputs: int = a.shape[1]
    shape = (rows, columns) if outputs == 1 else (rows, columns, outputs)
    reshaped: Array = a.reshape(shape)
    return reshaped


def extent(x: Array) -> Limits:
    """The range of a coordinate with some room around it."""
    low, high = float(x.min()), float(x.max())
    room = MARGIN * (high - low) or 1.0
    return low - room, high + room


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
    return (y > (y.min() + y.max()) / 2).astype(int)
