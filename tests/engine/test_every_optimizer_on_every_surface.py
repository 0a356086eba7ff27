"""Every optimiser, as it is set by default, on every surface, from the surface's own start."""

import numpy as np
import pytest

from engine.optimizers import OPTIMIZERS, optimizer
from engine.surfaces import SURFACES, surface
from engine.surfaces.settings import SETTINGS
from engine.walk import Walk

SEEDS, ENOUGH = 20, 18
TABLE = [(on, name) for on in SETTINGS for name in SETTINGS[on]]


def walk(on, name, seed=0):
    setting = SETTINGS[on][name]
    return Walk(
        surface(on), optimizer(name, **setting.parameters), seed=seed, budget=setting.budget
    )


def reaches(on, name, seed):
    """Whether a known minimum is reached within the budget."""
    run, budget = walk(on, name, seed), SETTINGS[on][name].budget
    while run.finished is None:
        run.advance()
        if run.reached() and run.evaluations <= budget:
            return True
    return False


def test_every_optimizer_is_set_for_every_surface():
    assert list(SETTINGS) == list(SURFACES)
    for settings in SETTINGS.values():
        assert list(settings) == list(OPTIMIZERS)


@pytest.mark.parametrize(("on", "name"), TABLE)
def test_a_known_minimum_is_reached_within_the_budget(on, name):
    if not SETTINGS[on][name].reaches:
        run = walk(on, name)
        run.advance(10**6)
        assert run.finished == "at rest: no slope here, but no global minimum either"
        return
    # what follows the gradient draws nothing by chance (tested below): one seed says it all
    seeds = 1 if OPTIMIZERS[name].needs_gradient else SEEDS
    missed = 0
    for seed in range(seeds):
        missed += not reaches(on, name, seed)
        assert missed * SEEDS <= seeds * (SEEDS - ENOUGH), f"missed by seed {seed} too"


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_seed_matters_to_searches_and_to_nothing_else(name):
    runs = [walk("himmelblau", name, seed) for seed in (0, 1, 1)]
    for run in runs:
        run.advance(10)
    first, second, again = (run.cloud for run in runs)
    assert (first == second).all() == OPTIMIZERS[name].needs_gradient
    assert (second == again).all()


def test_only_descents_on_rastrigin_are_not_expected_to_reach_the_minimum():
    lost = {(on, name) for on, name in TABLE if not SETTINGS[on][name].reaches}
    descents = [name for name, method in OPTIMIZERS.items() if method.needs_gradient]
    assert lost == {("rastrigin", name) for name in descents}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("on", ["rosenbrock", "rastrigin"])
def test_a_walk_goes_on_from_its_dump_bit_for_bit(on, name):
    for updates in (0, 1, 7, 30):
        whole, first = walk(on, name, seed=3), walk(on, name, seed=3)
        first.advance(updates)
        second = walk(on, name, seed=4)
        second.load(first.dump())
        for run in (second, whole):
            run.advance(45 - run.update)
        assert (second.path == whole.path).all()
        assert (second.cloud == whole.cloud).all()
        assert (second.best == whole.best).all()
        assert (second.cost, second.finished) == (whole.cost, whole.finished)
        assert (second.update, second.evaluations) == (whole.update, whole.evaluations)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_point_asked_for_is_one_evaluation(name):
    run = walk("sphere", name)
    counted = 0
    while run.finished is None:
        counted += len(run.optimizer.ask())
        run.advance()
        assert run.evaluations == counted
    assert counted < SETTINGS["sphere"][name].budget


def test_the_best_of_a_search_never_gets_worse_while_its_position_may():
    run = walk("rastrigin", "annealing")
    best, costs = [], []
    on = surface("rastrigin")
    while run.update < 600:
        run.advance()
        best.append(float(on.value(run.best[None, :])[0]))
        costs.append(run.cost)
    assert (np.diff(best) <= 0).all()
    assert (np.diff(costs) > 0).any()


def test_one_that_rushes_through_a_minimum_is_not_at_it():
    run = Walk(surface("sphere"), optimizer("momentum", eta=0.1, mu=0.9), start=(1.0, 0.0))
    nearest = []
    while run.finished is None:
        run.advance()
        nearest.append(run.distance)
    assert min(nearest[:-3]) < 1e-3
    assert run.finished == "at a minimum"
    assert np.linalg.norm(run.path[-1] - run.path[-2]) <= 1e-3
