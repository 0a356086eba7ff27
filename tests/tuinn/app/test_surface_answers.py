"""What the decision surface is made of: the network's own answers, place by place."""

import numpy as np
import pytest

from tuinn.config import parse
from tuinn.experiment import build
from tuinn.screens.surface import answers, extents, limits

FEATURES = {
    "data": {"set": "spiral", "n": 80, "features": ["x1", "x2", "sin(x1)"], "scale": "standard"},
    "network": {"hidden": [5]},
}


def test_answers_are_those_of_the_network_at_each_point() -> None:
    experiment = build(parse(FEATURES))
    trainer = experiment.trainer
    grid = answers(experiment, trainer.theta, (-1.0, 3.0), (0.0, 2.0), columns=5, rows=3)
    assert grid.shape == (3, 5)
    point = np.array([[2.0, 1.0]])
    inputs = experiment.split.scaling(experiment.dataset.features(point))
    assert grid[1, 3] == pytest.approx(trainer.network.forward(trainer.theta, inputs)[0, 0])


def test_several_classes_have_an_answer_each() -> None:
    experiment = build(
        parse({"data": {"set": "circle", "n": 40}, "network": {"output": "softmax"}})
    )
    grid = answers(experiment, experiment.trainer.theta, (0, 1), (0, 1), columns=4, rows=3)
    assert grid.shape == (3, 4, 2)
    assert np.allclose(grid.sum(axis=2), 1)


def test_both_axes_have_one_scale_where_the_map_allows_it() -> None:
    points = np.array([[-1.0, -1.0], [1.0, 1.0]])
    (left, right), (low, high) = extents(points, columns=60, rows=50)
    assert (right - left) / 60 == pytest.approx((high - low) / 50)
    assert left < -1
    assert high > 1
    (left, right), (low, high) = extents(points, columns=500, rows=50)
    assert right - left == pytest.approx(2.0 * (high - low))


def test_the_colours_end_where_the_answers_do() -> None:
    assert limits(build(parse({"data": {"set": "circle"}}))) == (0.0, 1.0)
    tanh = {"network": {"output": "tanh"}, "training": {"cost": "quadratic"}}
    assert limits(build(parse({"data": {"set": "circle"}} | tanh))) == (-1.0, 1.0)
    plane = {"network": {"output": "identity"}, "training": {"cost": "quadratic"}}
    experiment = build(parse({"data": {"set": "plane"}} | plane))
    targets = experiment.dataset.targets
    assert limits(experiment) == (targets.min(), targets.max())
