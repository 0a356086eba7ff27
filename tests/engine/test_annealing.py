"""Annealing: temperatures, the Metropolis rule, what it samples, the step."""

import math

import numpy as np
import pytest

from engine.optimizers.annealing import Annealing


def started(theta, seed=0, **parameters):
    search = Annealing(**parameters)
    search.start(np.asarray(theta, float), np.ones(len(theta)), np.random.default_rng(seed))
    return search


def tell(search, J):
    search.tell(np.array([J]), None, 0.0, 0.0)


def figure(search, name):
    return dict(search.search().figures)[name]


@pytest.mark.parametrize(
    ("cooling", "temperatures"),
    [
        ("geometric", [2, 1.6, 1.28, 1.024, 0.8192, 0.65536, 0.524288]),
        ("linear", [2, 1.6, 1.2, 0.8, 0.4, 0, 0]),
        # ln 2 / ln(2 + t): ½ at t = 2, ⅓ at t = 6
        ("logarithmic", [2, 2 / math.log2(3), 1, 2 / math.log2(5), 2 / math.log2(6), None, 2 / 3]),
        ("constant", [2] * 7),
    ],
)
def test_temperature_after_each_chain(cooling, temperatures):
    search = started([1.0], temperature=2.0, cooling=cooling, cooling_rate=0.8, chain=5)
    assert search.updates_per_epoch == 5
    for expected in temperatures:
        # the first of all costs is that of θ, which takes the place of a proposal
        for _ in range(5):
            if expected is not None:
                assert figure(search, "temperature") == pytest.approx(expected, abs=1e-15)
            tell(search, 1.0)


def test_the_acceptance_of_a_chain_is_known_at_its_end():
    search = started([1.0], temperature=2.0, chain=5)
    # θ itself, and of four proposals two that are no worse
    for J in (1.0, 0.5, math.inf, math.inf, 0.2):
        assert math.isnan(figure(search, "acceptance"))
        tell(search, J)
    assert figure(search, "acceptance") == 0.5


@pytest.mark.parametrize("uphill", [0.1, 0.7, 2.0])
def test_uphill_is_accepted_as_metropolis_says(uphill):
    search = started([0.0], temperature=0.5, cooling="constant", chain=10**9)
    tell(search, 0.0)
    tries, accepted = 20_000, 0
    for _ in range(tries):
        before = search.position()
        tell(search, uphill)
        if (search.position() != before).any():
            accepted += 1
            # downhill is always accepted
            before = search.position()
            tell(search, 0.0)
            assert (search.position() != before).any()
    p = math.exp(-uphill / 0.5)
    assert abs(accepted / tries - p) < 4 * math.sqrt(p * (1 - p) / tries)


def test_at_temperature_zero_only_what_is_no_worse_is_accepted():
    search = started([0.0], cooling="linear", cooling_rate=0.5, chain=1)
    for _ in range(4):
        tell(search, 1.0)
    assert figure(search, "temperature") == 0
    for J, moves in ((1.0, True), (np.nextafter(1, 2), False), (0.5, True), (np.inf, False)):
        before = search.position()
        tell(search, J)
        assert (search.position() != before).any() == moves
    assert search.search().mean == 0.5


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_worse_than_any_finite_cost(bad):
    search = started([0.0], temperature=1e300, cooling="constant")
    tell(search, 1e10)
    here = search.position()
    for _ in range(100):
        tell(search, bad)
    assert (search.position() == here).all()
    assert figure(search, "acceptance") == 0
    assert (search.best() == here).all()


def phi(x, deviation):
    """The distribution function of N(0, σ²)."""
    return np.array([(1 + math.erf(value / (deviation * math.sqrt(2)))) / 2 for value in x])


@pytest.mark.parametrize(("T", "a"), [(1.0, 1.0), (0.2, 3.0), (5.0, 0.5)])
def test_at_fixed_temperature_a_parabola_is_sampled_normally(T, a):
    # the samples of e^(−C/T) with C = ½ a x² are N(0, T/a)
    deviation = math.sqrt(T / a)
    search = started(
        [0.0], seed=5, temperature=T, cooling="constant", step=2.4 * deviation, adapt=False
    )
    samples = []
    for update in range(60_000):
        x = search.ask()[0, 0]
        tell(search, a * x * x / 2)
        # every thirtieth: those between depend on it
        if update % 30 == 0 and update > 0:
            samples.append(search.position()[0])
    n = len(samples)
    ordered = np.sort(samples)
    expected = phi(ordered, deviation)
    distance = max((np.arange(1, n + 1) / n - expected).max(), (expected - np.arange(n) / n).max())
    # Kolmogorov: exceeded once in a thousand times
    assert distance < 1.95 / math.sqrt(n)
    assert abs(np.var(samples) / deviation**2 - 1) < 4 * math.sqrt(2 / n)


@pytest.mark.parametrize("step", [0.4, 500.0])
@pytest.mark.parametrize("n", [1, 10])
def test_the_step_is_adapted_to_a_good_acceptance(step, n):
    search = started(np.zeros(n), temperature=1.0, cooling="constant", chain=100, step=step)
    acceptances = []
    for update in range(10_000):
        x = search.ask()[0]
        tell(search, x @ x / 2)
        if update > 4_000 and update % 100 == 0:
            acceptances.append(figure(search, "acceptance"))
    assert 0.2 < np.mean(acceptances) < 0.48


def test_the_step_stays_where_it_is_not_adapted():
    search = started([1.0, 1.0], chain=3, step=0.25, adapt=False)
    for J in range(40, 0, -1):
        tell(search, float(J))
    assert search.state()["step"] == 0.25


@pytest.mark.parametrize(("costs", "limit"), [(1.0, 2.5), (np.nan, 2.5), (None, 2.5e-7)])
def test_the_step_has_limits_where_nothing_else_holds_it(costs, limit):
    search = started([1.0, 1.0], chain=2, step=0.25, cooling="constant")
    tell(search, 0.0 if costs is None else costs)
    for _ in range(200):
        # all alike, or all far worse
        tell(search, 1e9 if costs is None else costs)
    assert search.state()["step"] == pytest.approx(limit)


def test_it_stands_elsewhere_than_at_its_best():
    search = started([2.0, 1.0], temperature=5.0, cooling="constant")
    stood = []
    for _ in range(300):
        x = search.ask()[0]
        tell(search, float(x @ x))
        stood.append(search.search().mean)
        assert search.search().mean == pytest.approx(search.position() @ search.position())
        assert search.search().best == pytest.approx(search.best() @ search.best())
    assert search.search().best == min(stood) < stood[-1]
    assert search.search().spread == 0
