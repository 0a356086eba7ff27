"""The genetic algorithm: elitism, tournaments, crossovers, mutation."""

import numpy as np
import pytest

from engine.optimizers.genetic import Genetic


def started(theta, seed=0, **parameters):
    search = Genetic(**parameters)
    search.start(np.asarray(theta, float), np.ones(len(theta)), np.random.default_rng(seed))
    return search


def farthest(sample, distribution):
    """Kolmogorov's distance between a sample and a distribution function."""
    ordered = np.sort(sample)
    expected = distribution(ordered)
    steps = np.arange(len(sample) + 1) / len(sample)
    return max((steps[1:] - expected).max(), (expected - steps[:-1]).max())


def certain(n):
    """What that distance exceeds once in ten thousand times."""
    return 2.23 / np.sqrt(n)


@pytest.mark.parametrize("elite", [0, 1, 3])
def test_only_the_new_are_evaluated_and_the_elite_are_the_best_of_all(elite):
    search = started([2.0, -1.0], population=10, elite=elite)
    points, costs = np.empty((0, 2)), np.empty(0)
    for generation in range(20):
        asked = search.ask()
        assert len(asked) == (10 if generation == 0 else 10 - elite)
        J = (asked**2).sum(axis=1)
        points, costs = np.concatenate((points, asked)), np.concatenate((costs, J))
        search.tell(J, None, 0.0, 0.0)
        if elite:
            best = costs.argsort()[:elite]
            assert (search.state()["elites"] == points[best]).all()
            assert (search.state()["elite_costs"] == costs[best]).all()


def test_the_mean_is_that_of_the_whole_generation():
    search = started([2.0], population=4, elite=2)
    search.tell(np.array([1.0, 2.0, 3.0, 4.0]), None, 0.0, 0.0)
    assert search.search().mean == 2.5
    search.tell(np.array([7.0, np.nan]), None, 0.0, 0.0)
    # 1, 2 and 7
    assert search.search().mean == 10 / 3
    assert search.search().spread == pytest.approx(np.sqrt(62 / 9))


@pytest.mark.parametrize("tournament", [1, 2, 5])
def test_the_winner_is_the_best_of_so_many_drawn_at_random(tournament):
    n = 4000
    search = started(
        [0.0], population=n, elite=0, tournament=tournament, crossover_rate=0, mutation_rate=0
    )
    individuals = search.ask()[:, 0]
    search.tell(individuals, None, 0.0, 0.0)
    # without crossover and mutation the children are copies of the winners
    ranks = np.searchsorted(np.sort(individuals), search.ask()[:, 0])
    distance = farthest((ranks + 0.5) / n, lambda u: 1 - (1 - u) ** tournament)
    assert distance < certain(n)


def two_parents(genes, **parameters):
    """Two individuals and their two children, (genes,) each."""
    for seed in range(10):
        search = started(
            np.zeros(genes), seed, population=2, elite=0, tournament=1, mutation_rate=0,
            crossover_rate=1, **parameters,
        )  # fmt: skip
        parents = search.ask().copy()
        search.tell(np.zeros(2), None, 0.0, 0.0)
        children = search.ask()
        # an individual that was drawn as both parents has copies of itself for children
        if not (children == children[0]).all():
            return parents, children
    raise AssertionError("no pair was drawn in ten trials")


@pytest.mark.parametrize("blend", [0.0, 0.5, 1.3])
def test_blend_is_uniform_from_beyond_one_parent_to_beyond_the_other(blend):
    genes = 20_000
    (x, y), children = two_parents(genes, blend=blend)
    for child in children:
        place = (child - x) / (y - x)
        distance = farthest(place, lambda p: ((p + blend) / (1 + 2 * blend)).clip(0, 1))
        assert distance < certain(genes)
    assert np.allclose(children.sum(axis=0), x + y)


@pytest.mark.parametrize("index", [0.0, 2.0, 15.0])
def test_simulated_binary_has_its_published_distribution(index):
    genes = 20_000
    (x, y), children = two_parents(genes, crossover="simulated-binary", index=index)

    def distribution(beta):
        # the integral of P(β) = ½(η + 1) β^η up to 1, and ½(η + 1) β^(−η − 2) from there on
        # (Deb and Agrawal 1995, equations 15 and 16)
        inside = beta.clip(0, 1) ** (index + 1) / 2
        return np.where(beta <= 1, inside, 1 - beta.clip(1, None) ** (-index - 1) / 2)

    spread = np.abs(children[1] - children[0]) / np.abs(y - x)
    assert farthest(spread, distribution) < certain(genes)
    assert np.allclose(children.sum(axis=0), x + y)


def test_the_rate_of_crossover_is_that_of_pairs():
    n = 4000
    search = started(np.zeros(3), population=n, elite=0, crossover_rate=0.3, mutation_rate=0)
    individuals = {tuple(individual) for individual in search.ask()}
    search.tell(np.zeros(n), None, 0.0, 0.0)
    crossed = np.mean([tuple(child) not in individuals for child in search.ask()])
    # of the pairs, one in four thousand has the same individual twice
    assert abs(crossed - 0.3) < 4 * np.sqrt(0.3 * 0.7 / (n / 2))


@pytest.mark.parametrize(
    ("generation", "sigma"), [(0, 0.5), (1, 0.25), (2, 0.125), (3, 0.12), (9, 0.12)]
)
def test_mutation_moves_its_share_of_the_genes_by_a_deviation_that_falls(generation, sigma):
    # all individuals are so near to 0 that what is elsewhere was moved
    search = started(
        np.zeros(1000), population=100, elite=0, spread=1e-9,
        mutation_rate=0.2, sigma=0.5, sigma_end=0.12, sigma_decay=0.5,
    )  # fmt: skip
    for _ in range(generation):
        search.tell(np.zeros(100), None, 0.0, 0.0)
    assert dict(search.search().figures)["sigma"] == sigma
    search.restore({**search.state(), "points": 1e-9 * np.ones((100, 1000))})
    search.tell(np.zeros(100), None, 0.0, 0.0)
    genes = search.ask().ravel()
    moved = np.abs(genes) > 1e-6
    assert abs(moved.mean() - 0.2) < 4 * np.sqrt(0.2 * 0.8 / genes.size)
    assert abs(genes[moved].std() / sigma - 1) < 4 / np.sqrt(2 * moved.sum())
