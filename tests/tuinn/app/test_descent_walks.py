"""The walks of the Surface screen without the screen: their pace, and what may be set."""

from itertools import pairwise

import msgspec
import numpy as np
import pytest

from engine.surfaces import SURFACES
from engine.surfaces.settings import SETTINGS
from engine.walk import Walk
from tuinn.allowed import ConfigError
from tuinn.descent import Descent, find, make_optimizer, settings_for, surface_presets
from tuinn.screens.descent_help import PANELS
from tuinn.screens.descent_rules import RULES
from tuinn.screens.descent_walks import EVALUATIONS_PER_SECOND, UPDATES_PER_SECOND, Walks
from tuinn.widgets.walk_look import LETTERS

FOREVER = 60.0
"""Seconds that no slice takes: nothing is left out."""


def walks_of(*names: str, surface: str = "rosenbrock", budget: int | None = 10**6) -> Walks:
    optimizers = tuple(settings_for(surface, name) for name in names)
    return Walks(Descent(surface=surface, optimizers=optimizers, budget=budget))


@pytest.mark.parametrize("speed", [0.1, 1.0, 10.0])
def test_gradient_methods_keep_their_pace(speed: float) -> None:
    walks = walks_of("sgd", "adagrad")
    for _ in range(40):
        walks.advance(0.05, speed, FOREVER)
    wanted = 2 * UPDATES_PER_SECOND * speed
    for walk in walks.walks.values():
        assert abs(walk.update - wanted) <= 1


@pytest.mark.parametrize("name", ["genetic", "swarm", "annealing", "ants"])
def test_searches_keep_theirs_in_evaluations_and_whole_generations(name: str) -> None:
    walks = walks_of(name, surface="rastrigin")
    walk = walks.walks[name]
    for _ in range(40):
        walks.advance(0.05, 1.0, FOREVER)
    generation = len(walk.cloud)
    wanted = 2 * EVALUATIONS_PER_SECOND
    assert walk.finished or wanted - 1 <= walk.evaluations <= wanted + 2 * generation


def test_what_there_is_no_time_for_is_left_out_and_not_caught_up_with() -> None:
    walks = walks_of("sgd")
    walks.advance(1000.0, 10.0, allowance=0.0)
    assert walks.walks["sgd"].update == 0
    walks.advance(0.1, 1.0, FOREVER)
    assert walks.walks["sgd"].update <= 3


def test_all_take_part_in_a_long_slice() -> None:
    walks = walks_of(*LETTERS, budget=None)
    walks.advance(1e6, 1.0, FOREVER)
    assert not walks.running
    assert set(walks.walks) == set(LETTERS)
    for name, costs in walks.costs.items():
        assert costs[-1][0] == walks.walks[name].evaluations
        assert costs[-1][1] == walks.least[name] <= costs[0][1]


def test_the_least_cost_of_a_descent_is_of_any_of_its_updates() -> None:
    walks = walks_of("momentum", surface="ravine")
    alone = Walk(walks.surface, make_optimizer(walks.settings["momentum"]), walks.start)
    costs = [alone.cost]
    for _ in range(60):
        alone.advance()
        costs.append(alone.cost)
    for _ in range(6):
        # ten updates a frame, of which the screen sees the last alone
        walks.advance(0.5, 1.0, FOREVER)
        done = walks.walks["momentum"].update
        assert walks.lowest["momentum"] == min(costs[: done + 1])
    assert any(after > before for before, after in pairwise(costs))
    walks.set("momentum", "eta", 1.0)
    for _ in range(50):
        walks.step()
    assert walks.lowest["momentum"] < walks.least["momentum"]


def test_many_costs_are_thinned_and_the_first_and_the_last_are_kept() -> None:
    walks = walks_of("sgd", surface="rosenbrock")
    for _ in range(6000):
        walks.step()
    costs = walks.costs["sgd"]
    assert len(costs) <= 2001
    assert costs[0][0] == 0
    assert costs[-1][0] == walks.walks["sgd"].evaluations
    assert [evaluations for evaluations, _ in costs] == sorted({n for n, _ in costs})


def test_every_preset_is_loaded_as_it_is_written() -> None:
    for preset in surface_presets():
        walks = Walks(preset.descent)
        assert not walks.differ(preset.descent)
        for settings in preset.descent.optimizers:
            assert walks.settings[settings.name] == settings
        walks.sow(walks.seed + 1)
        assert walks.differ(preset.descent)


def test_a_surface_sets_all_to_suit_it() -> None:
    walks = Walks(find("rosenbrock-race").descent)
    walks.go_to("neuron")
    assert walks.start == SURFACES["neuron"].start
    for name, settings in walks.settings.items():
        stated = SETTINGS["neuron"][name]
        assert {k: getattr(settings, k) for k in stated.parameters} == dict(stated.parameters)
        assert walks.budget_of(name) == stated.budget


def test_the_curve_of_a_descent_may_rise_and_that_of_a_search_does_not() -> None:
    """As the help has it: the cost where it stands, or the best that was found."""
    walks = walks_of("momentum", "annealing")
    for _ in range(60):
        walks.step()
    climbed = {name: (np.diff([c for _, c in walks.costs[name]]) > 0).any() for name in walks.walks}
    assert climbed == {"momentum": True, "annealing": False}
    chart = next(about for title, _, about in PANELS if title == "cost by evaluations")
    assert "The cost where each walk stands, of a search that of the best point" in chart


def test_adamw_walks_as_adam_does_and_says_so() -> None:
    for name in SURFACES:
        walks = walks_of("adam", "adamw", surface=name)
        for _ in range(20):
            walks.step()
        np.testing.assert_array_equal(walks.walks["adam"].path, walks.walks["adamw"].path)
    assert "it walks as adam does" in RULES["adamw"][1]


def test_only_the_walk_that_is_set_begins_anew() -> None:
    walks = walks_of("sgd", "genetic")
    walks.step()
    walks.set("genetic", "population", 8)
    assert [walk.update for walk in walks.walks.values()] == [1, 0]
    with pytest.raises(ValueError, match=r"elite` must be .* < 2"):
        walks.set("genetic", "population", 2)
    assert walks.settings["genetic"].population == 8
    walks.set("adam", "eta", 0.5)
    assert "adam" not in walks.walks


def test_a_start_far_off_the_map_is_refused() -> None:
    walks = walks_of("sgd")
    walks.step()
    for start in ((100.0, 0.0), (0.0, float("nan")), (float("inf"), 0.0)):
        with pytest.raises(ConfigError, match="`start` must have"):
            walks.start_at(start)
    assert walks.walks["sgd"].update == 1
    walks.start_at((3.0, 3.0))
    assert tuple(walks.walks["sgd"].position) == (3.0, 3.0)


def test_settings_are_frozen() -> None:
    walks = walks_of("sgd")
    with pytest.raises(AttributeError):
        walks.settings["sgd"].eta = 1.0
    assert msgspec.structs.asdict(walks.settings["sgd"])["eta"] == 0.002
