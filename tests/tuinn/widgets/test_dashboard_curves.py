"""From a history to curves: the costs of a search, its figures, marks on every axis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Snapshot
from engine.optimizers import OPTIMIZERS, optimizer
from tuinn.history import AXES, History
from tuinn.runners.report import Mark
from tuinn.widgets.dashboard_curves import axis_label, marks, search_costs, search_figure
from tuinn.widgets.method_facts import MethodFacts


def sphere(points: np.ndarray) -> np.ndarray:
    return (points**2).sum(axis=1)


def run_of(name: str, updates: int = 30, **parameters: Any) -> tuple[History, MethodFacts]:
    """A search for the least x² + y² + z², seen after every update."""
    method = optimizer(name, **parameters)
    method.start(np.array([1.0, 2.0, 3.0]), np.ones(3), np.random.default_rng(5))
    history, evaluations = History(), 0
    for update in range(updates + 1):
        history.append(
            Snapshot(
                epoch=update / method.updates_per_epoch,
                update=update,
                evaluations=evaluations,
                seconds=update / 100,
                eta=0.0,
                alpha=0.0,
                batch_size=10,
                train_loss=1.0,
                train_accuracy=0.5,
                validation_loss=None,
                validation_accuracy=None,
                layers=(),
                search=method.search(),
            )
        )
        points = method.ask()
        evaluations += len(points)
        method.tell(sphere(points), None, 0.0, 0.0)
    return history, MethodFacts.of(method)


@pytest.mark.parametrize("name", ["genetic", "swarm", "ants"])
@pytest.mark.parametrize("axis", AXES)
def test_the_spread_lies_around_the_mean_and_no_edge_below_the_best(name: str, axis: str) -> None:
    history, facts = run_of(name)
    best, mean, upper, lower = search_costs(history, facts, axis)
    assert [one.name for one in (best, mean, upper, lower)] == ["best", "mean", "±", ""]
    known = slice(1, None)
    assert (np.diff(best.y[known]) <= 0).all()
    assert np.allclose(upper.y - mean.y, upper.reads, equal_nan=True)
    assert (upper.reads[known] > 0).all()
    shown = np.isfinite(lower.y)
    assert np.allclose((mean.y - lower.y)[shown], upper.reads[shown])
    assert (lower.y[shown] >= best.y[shown]).all()
    assert all(np.array_equal(one.x, history.x(axis)) for one in (best, mean, upper, lower))
    # told apart with colour and without
    for sign in ("ink", "style"):
        assert len({getattr(one, sign) for one in (best, mean, upper)}) == 3


def test_annealing_has_a_cost_now_that_is_never_below_the_best() -> None:
    history, facts = run_of("annealing", 200, chain=10)
    now, best = search_costs(history, facts, "evaluations")
    assert (now.name, best.name) == ("now", "best")
    assert (now.y[1:] >= best.y[1:]).all()
    # it goes uphill
    assert (np.diff(now.y[1:]) > 0).any()
    assert now.style != best.style


@pytest.mark.parametrize("name", ["genetic", "swarm", "annealing", "ants"])
def test_the_figures_are_called_as_the_method_calls_them(name: str) -> None:
    history, facts = run_of(name, 120)
    for place, figure in enumerate(OPTIMIZERS[name].figures):
        (curve,) = search_figure(history, facts, place, "evaluations")
        assert curve.name == figure.label
        assert curve.y[-1] == dict(history.last.search.figures)[figure.name]
        if figure.log:
            assert not (curve.y <= 0).any()
    assert search_figure(History(), MethodFacts(), 0, "epoch") == []


def test_axes_are_named_in_the_words_of_the_method() -> None:
    words = {name: axis_label("epoch", MethodFacts.named(name)) for name in OPTIMIZERS}
    assert words["sgd"] == words["adam"] == "epochs"
    assert words["genetic"] == "generations"
    assert words["swarm"] == words["ants"] == "iterations"
    assert words["annealing"] == "chains"
    assert "one gradient is one" in axis_label("evaluations", MethodFacts.named("adam"))
    assert axis_label("evaluations", MethodFacts.named("ants")) == "evaluations"


def test_a_change_in_flight_has_its_place_on_every_axis() -> None:
    history = History()
    history.marks.append(Mark(update=7, epoch=0.5, evaluations=210, seconds=3.0, text="α 0 → 1"))
    assert [marks(history, axis)[0].x for axis in AXES] == [0.5, 7, 210, 3.0]
    assert marks(history, "update")[0].text == "α 0 → 1"
