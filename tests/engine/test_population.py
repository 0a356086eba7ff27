"""Costs of many candidates at once against the network's own forward pass."""

import numpy as np
import pytest
from engine_examples import OUTPUTS, problem, problems
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evaluation import l2_term
from engine.population import BLOCK_BYTES, PopulationCost


def one_by_one(problem, thetas, alpha_over_m=0.0):
    network, _, cost, X, Y = problem
    m = len(X)
    costs = []
    for theta in thetas:
        z, a = network.propagate(theta, X.T)
        C0 = cost.total(z[-1], a[-1], Y.T, network.activations[-1]) / m
        costs.append(C0 + l2_term(network, theta, alpha_over_m * m, m))
    return np.array(costs)


def candidates(problem, k, spread=1.0):
    rng = np.random.default_rng(k)
    shape = (k, problem.network.parameters)
    return (spread * rng.standard_normal(shape)).astype(problem.network.dtype)


@settings(max_examples=200)
@given(problems(), st.integers(1, 9), st.integers(1, 9), st.sampled_from([0.0, 0.3]))
def test_costs_equal_those_of_the_network(problem, k, block, alpha_over_m):
    numbers = problem.network.parameters + len(problem.X) * sum(problem.network.sizes[1:])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.population.BLOCK_BYTES", block * numbers * 8)
        population = PopulationCost(problem.network, problem.cost, problem.X, problem.Y)
    assert population.block == block
    thetas = candidates(problem, k)
    expected = one_by_one(problem, thetas, alpha_over_m)
    costs = population.costs(thetas, alpha_over_m)
    assert costs.dtype == np.float64
    assert np.allclose(costs, expected, rtol=1e-12, atol=1e-12)
    # the buffers are used again
    assert (population.costs(thetas, alpha_over_m) == costs).all()


@pytest.mark.parametrize(
    ("cost", "output"), [(cost, output) for cost in OUTPUTS for output in OUTPUTS[cost]]
)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_many_examples_and_all_outputs_in_both_precisions(cost, output, dtype, tolerance):
    # 1203 examples go in three parts, and 60 candidates in several blocks
    big = problem((3, 20, 4), ("sigmoid", output), cost, seed=1, m=1203, dtype=dtype)
    population = PopulationCost(big.network, big.cost, big.X, big.Y)
    thetas = candidates(big, 60)
    kept = thetas.copy()
    assert population.block < 60
    costs = population.costs(thetas, 0.01)
    assert np.allclose(costs, one_by_one(big, thetas, 0.01), rtol=tolerance)
    assert (thetas == kept).all()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_candidates_of_another_precision_and_layout_are_taken(dtype):
    small = problem((2, 3, 1), ("tanh", "sigmoid"), "cross-entropy", seed=1, dtype=dtype)
    population = PopulationCost(small.network, small.cost, small.X, small.Y)
    thetas = np.asfortranarray(candidates(small, 6).astype(np.float64))
    expected = one_by_one(small, thetas.astype(dtype))
    for given_as in (thetas, thetas.astype(np.float32).astype(dtype)):
        assert np.allclose(population.costs(given_as, 0.0), expected, rtol=1e-5)


@pytest.mark.parametrize("cost", OUTPUTS)
@pytest.mark.parametrize("hidden", ["sigmoid", "tanh", "relu", "identity"])
@pytest.mark.parametrize("spread", [1e3, 1e160, 1e308])
def test_what_is_not_finite_there_is_not_finite_here(cost, hidden, spread):
    for output in OUTPUTS[cost]:
        small = problem((2, 4, 3, 2), (hidden, hidden, output), cost, seed=4, m=5)
        thetas = candidates(small, 7).clip(-1.7, 1.7) * spread
        thetas[3] = candidates(small, 1)[0]
        with np.errstate(all="ignore"):
            expected = one_by_one(small, thetas)
            costs = PopulationCost(small.network, small.cost, small.X, small.Y).costs(thetas, 0.0)
        finite = np.isfinite(expected)
        assert finite[3]
        assert (np.isfinite(costs) == finite).all()
        assert np.allclose(costs[finite], expected[finite], rtol=1e-12)


@pytest.mark.parametrize(
    ("sizes", "m", "at_least", "at_most"),
    [
        ((2, 3, 1), 4, 1000, 10_000),
        ((2, 8, 1), 250, 25, 100),
        ((64, 30, 10), 100, 10, 40),
        ((784, 512, 512, 10), 500, 1, 1),
    ],
)
def test_blocks_fit_in_cache(sizes, m, at_least, at_most):
    activations = ("sigmoid",) * (len(sizes) - 1)
    small = problem(sizes, activations, "quadratic", seed=1, m=m)
    population = PopulationCost(small.network, small.cost, small.X, small.Y)
    assert at_least <= population.block <= at_most
    numbers = small.network.parameters + m * sum(sizes[1:])
    assert population.block == 1 or population.block * numbers * 8 <= BLOCK_BYTES


def test_no_candidates_have_no_costs():
    small = problem((2, 3, 1), ("tanh", "sigmoid"), "cross-entropy", seed=1)
    population = PopulationCost(small.network, small.cost, small.X, small.Y)
    assert population.costs(np.empty((0, 13)), 0.1).shape == (0,)
