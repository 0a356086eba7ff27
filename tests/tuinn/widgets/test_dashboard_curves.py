"""From a history to curves: the costs of a search, its figures, marks on every axis."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from engine_examples import make

from engine import Snapshot, Trainer
from engine.optimizers import OPTIMIZERS, optimizer
from tuinn.history import AXES, History
from tuinn.mark import Mark
from tuinn.widgets.dashboard_curves import (
    axis_label,
    by_layer,
    marks,
    search_costs,
    search_figure,
    train_and_validation,
)
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


def trained(updates: int, history: History, trainer: Trainer) -> None:
    for _ in range(updates):
        trainer.run(1)
        history.append(trainer.snapshot())


def forked_run(validation: bool = False) -> History:
    """A run of thirty updates that goes on from its tenth with a smaller η."""
    history = History()
    trainer = make(
        validation=validation, sizes=(2, 4, 3, 1), activations=("tanh",) * 2 + ("sigmoid",)
    )
    history.append(trainer.snapshot())
    trained(10, history, trainer)
    arrays = trainer.dump()
    trained(20, history, trainer)
    trainer.change(eta=0.01)
    trainer.branch(arrays)
    history.fork(Mark(10, trainer.epoch, 10, trainer.seconds, "fork: η 0.5 → 0.01"))
    history.append(trainer.snapshot())
    trained(3, history, trainer)
    return history


@pytest.mark.parametrize("axis", AXES)
def test_the_parent_of_a_fork_is_a_ghost_that_leaves_the_curve_there(axis: str) -> None:
    history = forked_run(validation=True)
    loss, valid, ghost, ghost_valid = train_and_validation(history, "loss", axis)
    assert [one.ghost for one in (loss, valid, ghost, ghost_valid)] == [False, False, True, True]
    assert {one.ink for one in (ghost, ghost_valid)} == {"ghost"}
    assert ghost.style != ghost_valid.style
    assert [ghost.name, ghost_valid.name] == ["parent", ""]
    at = 10
    assert (ghost.x[0], ghost.y[0]) == (loss.x[at], loss.y[at])
    assert (ghost_valid.x[0], ghost_valid.y[0]) == (valid.x[at], valid.y[at])
    assert (len(loss.y), len(ghost.y)) == (14, 21)
    assert ghost.y[1] != loss.y[at + 1]
    (noted,) = marks(history, axis)
    assert (noted.x, noted.text) == (loss.x[at], "fork: η 0.5 → 0.01")


def test_without_validation_there_is_no_ghost_of_it() -> None:
    names = [one.name for one in train_and_validation(forked_run(), "accuracy", "update")]
    assert names == ["train", "parent"]


@pytest.mark.parametrize("figure", ["delta", "weight_norm"])
def test_layers_have_the_ghosts_of_the_last_branch(figure: str) -> None:
    history = forked_run()
    series = by_layer(history, figure, "update")
    assert [one.name for one in series] == ["l=1", "l=2", "l=3", "parent", "", ""]
    for own, ghost in zip(series[:3], series[3:], strict=True):
        assert (ghost.ghost, ghost.ink, ghost.marker) == (True, "ghost", "")
        assert ghost.y[0] == own.y[10]
    history.fork(Mark(12, 2.0, 12, 0.0, "fork"))
    again = by_layer(history, figure, "update")
    assert [one.x[-1] for one in again] == [12] * 3 + [13] * 3
    assert len(train_and_validation(history, "loss", "update")) == 3


def test_the_ghost_of_a_method_without_layers_is_none() -> None:
    history = forked_run()
    history.fork(Mark(5, 1.0, 5, 0.0, "fork"))
    searched, _ = run_of("genetic", 3)
    assert searched.last is not None
    history.append(replace(searched.last, update=6, epoch=9.0, seconds=1e6))
    assert by_layer(history, "delta", "update") == []
    assert len(train_and_validation(history, "loss", "update")) == 3
