"""What all methods without gradient have in common, from one table."""

import numpy as np
import pytest

from engine.optimizers.annealing import Annealing
from engine.optimizers.ants import Ants
from engine.optimizers.genetic import Genetic
from engine.optimizers.swarm import Swarm

SEARCHES = {
    "genetic, blend": lambda: Genetic(population=12),
    "genetic, simulated binary": lambda: Genetic(population=11, crossover="simulated-binary"),
    "genetic, no elite": lambda: Genetic(population=12, elite=0),
    "swarm, global": lambda: Swarm(population=9),
    "swarm, ring": lambda: Swarm(population=9, topology="ring"),
    "annealing, geometric": lambda: Annealing(chain=7),
    "annealing, linear": lambda: Annealing(chain=7, cooling="linear", cooling_rate=0.9),
    "annealing, logarithmic": lambda: Annealing(chain=7, cooling="logarithmic", adapt=False),
    "annealing, constant": lambda: Annealing(chain=7, cooling="constant"),
    "ants": lambda: Ants(archive=10, population=4),
}
EACH = pytest.mark.parametrize("make", SEARCHES.values(), ids=SEARCHES)
START = np.array([1.5, -2.0, 0.5])


def started(make, seed=0, theta=START):
    search = make()
    search.start(theta.copy(), np.ones_like(theta), np.random.default_rng(seed))
    return search


def bowl(points):
    return (points * points * [1, 2, 3]).sum(axis=1)


def go(search, updates, cost=bowl):
    """All points asked for, and their costs."""
    points, costs = [], []
    for _ in range(updates):
        asked = search.ask()
        J = cost(asked)
        points.append(asked.copy())
        costs.append(J)
        search.tell(J, None, 0.0, 0.0)
    return np.concatenate([search.ask()[:0], *points]), np.concatenate([[], *costs])


@EACH
def test_the_first_point_is_theta(make):
    search = started(make)
    assert (search.best() == START).all()
    assert (search.position() == START).all()
    assert (search.ask()[0] == START).all()
    assert (search.ask() == search.ask()).all()


@EACH
def test_the_cost_falls_and_the_best_is_the_least_of_all_asked_for(make):
    search = started(make)
    points, costs = go(search, 150)
    assert search.search().best == costs.min()
    assert (search.best() == points[costs.argmin()]).all()
    assert costs.min() < 0.05 * bowl(START[None, :])[0]
    assert len(points) == len(costs)


@EACH
def test_the_seed_decides_all(make):
    one, _ = go(started(make, seed=1), 30)
    same, _ = go(started(make, seed=1), 30)
    other, _ = go(started(make, seed=2), 30)
    assert (one == same).all()
    assert not (one == other).all()


@EACH
def test_starting_anew_forgets_everything(make):
    search = started(make, seed=1)
    fresh, _ = go(search, 30)
    search.start(START.copy(), np.ones(3), np.random.default_rng(1))
    assert np.isnan(search.search().best)
    again, _ = go(search, 30)
    assert (again == fresh).all()


@EACH
@pytest.mark.parametrize("updates", [0, 1, 2, 7, 30])
@pytest.mark.parametrize("asked", [False, True])
def test_a_restored_search_goes_on_exactly(make, updates, asked, tmp_path):
    whole = started(make, seed=3)
    go(whole, updates)
    if asked:
        whole.ask()
    np.savez(tmp_path / "state.npz", **whole.state())
    # another generator, and another past
    restored = started(make, seed=4, theta=START + 1)
    go(restored, 5)
    with np.load(tmp_path / "state.npz", allow_pickle=False) as state:
        restored.restore(dict(state))
    assert (restored.best() == whole.best()).all()
    np.testing.assert_equal(restored.search().record(), whole.search().record())
    there, _ = go(restored, 25)
    here, _ = go(whole, 25)
    assert (there == here).all()
    assert (restored.position() == whole.position()).all()
    np.testing.assert_equal(restored.search().record(), whole.search().record())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "make",
    [
        lambda far: Genetic(population=9, spread=far),
        lambda far: Swarm(population=9, velocity_limit=far, spread=far),
        lambda far: Annealing(temperature=1e300, step=far),
        lambda far: Ants(archive=9, spread=far),
    ],
)
def test_the_best_is_finite_where_the_precision_of_theta_is_left(make, dtype):
    """Whatever the cost says of such a point: a saturated network's is finite there."""
    search = make(np.finfo(dtype).max / 2.0)
    left = 0
    with np.errstate(all="ignore"):
        search.start(START.astype(dtype), np.ones(3), np.random.default_rng(0))
        for _ in range(40):
            points = search.ask()
            left += not np.isfinite(points).all()
            # the farther the better
            search.tell(-np.arctan(np.abs(points)).sum(axis=1) - (~np.isfinite(points)).sum(axis=1),
                        None, 0.0, 0.0)  # fmt: skip
            assert np.isfinite(search.best()).all()
    assert left


@EACH
def test_a_state_is_a_copy(make):
    search = started(make)
    go(search, 5)
    state = search.state()
    kept = {name: array.copy() for name, array in state.items()}
    go(search, 20)
    for name, array in kept.items():
        np.testing.assert_equal(state[name], array)
    restored = started(make)
    restored.restore(state)
    go(restored, 20)
    for name, array in kept.items():
        np.testing.assert_equal(state[name], array)


@EACH
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_costs_that_are_not_finite_are_survived(make, bad):
    def holes(points):
        # a third of the plane, the start included, and stripes near the minimum
        J = bowl(points)
        J[(points[:, 0] > 1) | (np.sin(20 * points[:, 1]) > 0.5)] = bad
        return J

    search = started(make)
    points, costs = go(search, 200, holes)
    finite = np.isfinite(costs)
    assert not finite.all()
    assert np.isfinite(points).all()
    assert search.search().best == costs[finite].min()
    assert (search.best() == points[finite][costs[finite].argmin()]).all()
    assert costs[finite].min() < 0.1 * bowl(START[None, :])[0]


@EACH
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nothing_but_costs_that_are_not_finite_is_survived(make, bad):
    search = started(make)
    points, _ = go(search, 40, lambda points: np.full(len(points), bad))
    assert np.isfinite(points).all()
    assert (search.best() == START).all()
    shown = search.search()
    assert np.isnan([shown.best, shown.mean, shown.spread]).all()
    # and it finds its way once there are finite ones
    _, costs = go(search, 400)
    assert search.search().best == costs.min()
    assert costs.min() < 0.2 * bowl(START[None, :])[0]


@EACH
def test_float32_is_asked_for_where_theta_is(make):
    search = started(make, theta=START.astype(np.float32))
    points, costs = go(search, 30)
    assert search.ask().dtype == search.best().dtype == search.position().dtype == np.float32
    assert (search.best() == points[costs.argmin()]).all()
    assert {array.dtype.kind for array in search.state().values()} <= {"f", "i", "U"}
    assert search.state()["points"].dtype == np.float64


@EACH
def test_what_it_shows(make):
    search = started(make)
    names = [figure.name for figure in search.figures]
    assert len(names) == 2
    assert not {"best", "mean", "spread"} & set(names)
    assert [name for name, _ in search.search().figures] == names
    go(search, 30)
    shown = search.search()
    assert list(shown.record()) == ["best", "mean", "spread", *names]
    assert np.isfinite(list(shown.record().values())).all()
    assert shown.best <= shown.mean
    assert shown.spread >= 0
    assert all(value >= 0 for _, value in shown.figures)
    assert not search.needs_gradient
    assert search.whole


@EACH
def test_costs_near_the_largest_number_are_shown_without_a_warning(make):
    search = started(make)
    search.tell(np.full(len(search.ask()), np.finfo(float).max), None, 0.0, 0.0)
    assert search.search().best == np.finfo(float).max


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Genetic(population=1), "`optimizer.population` must be a whole number ≥ 2; got 1"),
        (lambda: Genetic(population=10.5), "`optimizer.population` must be a whole number ≥ 2"),
        (lambda: Genetic(spread=0), "`optimizer.spread` must be > 0 and finite; got 0"),
        (
            lambda: Genetic(population=5, elite=5),
            "`optimizer.elite` must be a whole number ≥ 0 and < 5; got 5",
        ),
        (
            lambda: Genetic(population=5, tournament=6),
            "`optimizer.tournament` must be a whole number ≥ 1 and ≤ 5; got 6",
        ),
        (
            lambda: Genetic(crossover="uniform"),
            "`optimizer.crossover` must be one of blend, simulated-binary; got 'uniform'",
        ),
        (lambda: Genetic(crossover_rate=1.1), "`optimizer.crossover_rate` must be ≥ 0 and ≤ 1"),
        (lambda: Genetic(blend=-0.1), "`optimizer.blend` must be ≥ 0"),
        (lambda: Genetic(index=-1), "`optimizer.index` must be ≥ 0"),
        (lambda: Genetic(mutation_rate=-0.1), "`optimizer.mutation_rate` must be ≥ 0 and ≤ 1"),
        (lambda: Genetic(sigma=0), "`optimizer.sigma` must be > 0"),
        (lambda: Genetic(sigma=np.nan), "`optimizer.sigma` must be > 0 and finite; got nan"),
        (
            lambda: Genetic(sigma=0.1, sigma_end=0.2),
            "`optimizer.sigma_end` must be > 0 and ≤ 0.1; got 0.2",
        ),
        (lambda: Genetic(sigma_decay=1.5), "`optimizer.sigma_decay` must be > 0 and ≤ 1"),
        (lambda: Swarm(population=1), "`optimizer.population` must be a whole number ≥ 2; got 1"),
        (lambda: Swarm(spread=-1), "`optimizer.spread` must be > 0"),
        (lambda: Swarm(inertia=1), "`optimizer.inertia` must be ≥ 0 and < 1; got 1"),
        (lambda: Swarm(cognitive=-1), "`optimizer.cognitive` must be ≥ 0"),
        (lambda: Swarm(social=-1), "`optimizer.social` must be ≥ 0"),
        (lambda: Swarm(velocity_limit=0), "`optimizer.velocity_limit` must be > 0"),
        (lambda: Swarm(topology="star"), "`optimizer.topology` must be one of global, ring; got"),
        (lambda: Swarm(neighbours=0), "`optimizer.neighbours` must be a whole number ≥ 1; got 0"),
        (lambda: Annealing(temperature=0), "`optimizer.temperature` must be > 0 and finite; got 0"),
        (lambda: Annealing(cooling="fast"), "`optimizer.cooling` must be one of geometric, linear"),
        (lambda: Annealing(cooling_rate=1), "`optimizer.cooling_rate` must be > 0 and < 1; got 1"),
        (lambda: Annealing(chain=0), "`optimizer.chain` must be a whole number ≥ 1; got 0"),
        (lambda: Annealing(step=0), "`optimizer.step` must be > 0"),
        (lambda: Ants(archive=1), "`optimizer.archive` must be a whole number ≥ 2; got 1"),
        (lambda: Ants(population=0), "`optimizer.population` must be a whole number ≥ 1; got 0"),
        (lambda: Ants(q=0), "`optimizer.q` must be > 0"),
        (lambda: Ants(xi=-1), "`optimizer.xi` must be > 0"),
        (lambda: Ants(spread=0), "`optimizer.spread` must be > 0"),
    ],
)
def test_parameters_out_of_range_are_refused_by_name(make, message):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        make()
    assert str(refused.value).startswith(message)
