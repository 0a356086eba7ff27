"""What is found in searches: each state for the run that it is about, and none for a good one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import Snapshot
from engine.snapshot import SearchSnapshot
from tuinn.config import Config, parse
from tuinn.findings import finding
from tuinn.history import History
from tuinn.widgets.method_facts import MethodFacts


def config(name: str) -> Config:
    return parse({"optimizer": {"name": name}})


def told(config: Config, history: History) -> str:
    """What is found, with what to try; empty where it is nothing."""
    found = finding(config, history)
    return f"{found.text} {[each.what for each in found.tries]}" if found else ""


def run(
    name: str,
    first: list[float] | np.ndarray,
    second: list[float] | np.ndarray,
    best: list[float] | np.ndarray,
    accuracy: float = 0.8,
) -> History:
    """A snapshot an epoch: the method's two figures and the least cost."""
    history = History()
    names = [figure.name for figure in MethodFacts.named(name).figures]
    for k, (one, two, cost) in enumerate(zip(first, second, best, strict=True)):
        history.append(
            Snapshot(
                epoch=float(k),
                update=10 * k,
                evaluations=50 * k,
                seconds=1.0,
                eta=0.0,
                alpha=0.0,
                batch_size=10,
                train_loss=cost,
                train_accuracy=accuracy,
                validation_loss=None,
                validation_accuracy=None,
                layers=(),
                search=SearchSnapshot(cost, cost, 0.0, ((names[0], one), (names[1], two))),
            )
        )
    return history


GATHERS = np.geomspace(5.0, 1e-4, 40)
STILL = np.r_[np.geomspace(1.0, 0.4, 10), np.full(30, 0.4)]
FALLS = np.geomspace(1.0, 0.01, 40)


@pytest.mark.parametrize(
    ("name", "field"), [("genetic", "larger σ"), ("swarm", "inertia"), ("ants", "larger ξ")]
)
def test_a_population_in_one_place_while_the_cost_stands_still(name: str, field: str) -> None:
    text = told(config(name), run(name, GATHERS, GATHERS, STILL))
    assert text.startswith("Converged too early: the diversity is 2e−5 of what it was")
    assert field in text
    assert told(config(name), run(name, GATHERS, GATHERS, FALLS)) == ""
    assert told(config(name), run(name, np.geomspace(5, 0.006, 40), GATHERS, STILL)) == ""
    assert told(config(name), run(name, GATHERS, GATHERS, STILL, accuracy=1.0)) == ""


def test_annealing_that_is_frozen() -> None:
    T = 0.5 ** np.arange(20)
    frozen = np.r_[np.nan, np.linspace(0.5, 0.1, 13), np.zeros(6)]
    text = told(config("annealing"), run("annealing", T, frozen, np.full(20, 0.4)))
    assert text.startswith("Frozen at T = 1.91e−6")
    assert "slower cooling" in text
    once = frozen.copy()
    once[-3] = 0.02
    assert told(config("annealing"), run("annealing", T, once, np.full(20, 0.4))) == ""
    solved = run("annealing", T, frozen, np.full(20, 0.4), accuracy=1.0)
    assert told(config("annealing"), solved) == ""


def test_annealing_that_is_too_hot() -> None:
    T = np.full(20, 100.0)
    hot = np.r_[np.nan, np.full(19, 0.97)]
    text = told(config("annealing"), run("annealing", T, hot, np.full(20, 0.4)))
    assert text.startswith("Too hot: more than 90 %")
    cooler = hot.copy()
    cooler[7] = 0.85
    assert told(config("annealing"), run("annealing", T, cooler, np.full(20, 0.4))) == ""
    assert told(config("annealing"), run("annealing", T[:4], hot[:4], np.full(4, 0.4))) == ""


@pytest.mark.parametrize("name", ["genetic", "swarm", "annealing", "ants"])
def test_nothing_is_said_of_what_is_not_known(name: str) -> None:
    unknown = np.full(30, np.nan)
    assert told(config(name), run(name, unknown, unknown, unknown)) == ""
    assert told(config(name), run(name, unknown[:1], unknown[:1], unknown[:1])) == ""


def test_overfitting_is_told_by_evaluations() -> None:
    history = run("genetic", FALLS, FALLS, FALLS)
    risen = History()
    for k, row in enumerate(np.r_[FALLS[:10], np.linspace(0.35, 2.0, 30)]):
        one = replace(history.last, update=10 * k, evaluations=50 * k, train_loss=float(FALLS[k]))
        risen.append(replace(one, validation_loss=float(row)))
    text = told(config("genetic"), risen)
    assert text.startswith(
        "Overfitting since evaluation 475: validation loss rose 323 % on average"
    )
    assert "fork" not in text
    assert told(config("genetic"), history) == ""
