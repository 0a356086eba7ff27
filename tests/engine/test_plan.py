"""The recorded step against the readable equations, and what it costs."""

import tracemalloc

import numpy as np
import pytest
from engine_examples import problem, problems
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.backprop import backprop
from engine.descent import Descent
from engine.optimizers.adagrad import AdaGrad
from engine.optimizers.adam import Adam, AdamW
from engine.optimizers.momentum import Momentum
from engine.optimizers.nesterov import Nesterov
from engine.optimizers.rmsprop import RMSProp
from engine.optimizers.sgd import GradientDescent

METHODS = (GradientDescent, Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW)


def textbook(problem, order, k, eta, alpha_over_m):
    """One epoch of gradient descent with weight decay, by `backprop`."""
    network, theta, cost, X, Y = problem
    theta, weights = theta.copy(), network.weight_mask()
    for start in range(0, len(X), k):
        rows = order[start : start + k]
        gradient = backprop(network, theta, X[rows].T, Y[rows].T, cost).gradient
        theta = (1 - eta * alpha_over_m * weights) * theta - eta * gradient
    return theta


def descent_of(problem, method=None):
    network, _, cost, X, Y = problem
    return Descent(network, cost, X, Y, method or GradientDescent())


def replayed(problem, order, k, eta, alpha_over_m):
    descent = descent_of(problem)
    descent.load(problem.theta)
    descent.set_order(order)
    descent.run(0, len(problem.X), k, eta, alpha_over_m)
    theta = np.empty_like(problem.theta)
    descent.store(theta)
    return theta


@settings(max_examples=150)
@given(problems(), st.integers(1, 9), st.sampled_from([0.0, 0.05]))
def test_replaying_equals_the_equations(problem, k, alpha_over_m):
    m = len(problem.X)
    order = np.random.default_rng(0).permutation(m)
    k = min(k, m)
    with np.errstate(all="ignore"):
        expected = textbook(problem, order, k, 0.2, alpha_over_m)
    # where a run diverges, rounding grows with it
    assume(np.abs(expected).max() < 100)
    assert np.allclose(replayed(problem, order, k, 0.2, alpha_over_m), expected, rtol=1e-11)


@pytest.mark.parametrize("k", [1, 10, 501, 1203])
def test_large_sets_and_batches_equal_the_equations(k):
    # 1203 × 65 numbers are gathered row by row, and batches beyond 500 rows in parts
    big = problem((64, 6, 3), ("sigmoid", "softmax"), "cross-entropy", seed=1, m=1203, spread=0.3)
    order = np.random.default_rng(0).permutation(1203)
    expected = textbook(big, order, k, 0.3, 0.01)
    assert np.allclose(replayed(big, order, k, 0.3, 0.01), expected, rtol=1e-10)


def test_an_order_is_not_taken_for_the_natural_one_by_its_ends():
    big = problem((64, 6, 3), ("sigmoid", "softmax"), "cross-entropy", seed=1, m=1203, spread=0.3)
    order = np.arange(1203)
    order[1:-1] = order[-2:0:-1]
    expected = textbook(big, order, 700, 0.3, 0.0)
    assert np.allclose(replayed(big, order, 700, 0.3, 0.0), expected, rtol=1e-10)


def test_softmax_is_replayed_without_overflow():
    # e^z of these z is beyond the largest float64
    big = problem((2, 3), ("softmax",), "cross-entropy", seed=2, spread=2_000)
    order = np.arange(len(big.X))
    expected = textbook(big, order, 3, 0.2, 0.0)
    assert np.allclose(replayed(big, order, 3, 0.2, 0.0), expected, rtol=1e-12)


def test_parts_of_an_epoch_and_changes_of_size_equal_the_equations():
    small = problem((2, 8, 1), ("sigmoid", "sigmoid"), "cross-entropy", seed=2, m=57)
    order = np.random.default_rng(1).permutation(57)
    descent = descent_of(small)
    descent.load(small.theta)
    descent.set_order(order)
    descent.run(0, 20, 10, 0.3, 0.0)
    descent.run(20, 25, 5, 0.3, 0.0)
    descent.run(25, 57, 7, 0.3, 0.0)
    theta = np.empty_like(small.theta)
    descent.store(theta)
    expected = small
    for rows, k in ((order[:20], 10), (order[20:25], 5), (order[25:], 7)):
        part = expected._replace(X=small.X[rows], Y=small.Y[rows])
        expected = expected._replace(theta=textbook(part, np.arange(len(rows)), k, 0.3, 0.0))
    assert np.allclose(theta, expected.theta, rtol=1e-12)


def test_float32_stays_float32():
    small = problem((2, 8, 1), ("sigmoid",) * 2, "cross-entropy", seed=2, m=30, dtype="float32")
    theta = replayed(small, np.arange(30), 10, 0.3, 0.01)
    assert theta.dtype == np.float32
    assert np.allclose(theta, textbook(small, np.arange(30), 10, 0.3, 0.01), rtol=1e-4)


@pytest.mark.parametrize(
    ("hidden", "cost", "decay", "most"),
    [
        ((8,), "cross-entropy", 0.0, 14),
        ((8, 8), "cross-entropy", 0.0, 21),
        ((8, 8, 8), "cross-entropy", 0.0, 28),
        # weight decay is one call more
        ((8,), "cross-entropy", 0.1, 15),
        # BP1 with σ'(z^L) takes three more
        ((8,), "quadratic", 0.0, 17),
    ],
)
def test_numpy_calls_of_one_update(hidden, cost, decay, most, monkeypatch):
    sizes = (2, *hidden, 1)
    small = problem(sizes, ("sigmoid",) * (len(sizes) - 1), cost, seed=3, m=10)
    method = GradientDescent()
    descent = Descent(small.network, small.cost, small.X, small.Y, method)
    plan = descent.plan(10)
    method.set_step(0.1, decay)
    calls = plan.calls + len(method.calls)
    assert calls <= most
    # the count is of what is really called: break one call, and the update breaks
    counted = 0

    def counting(call):
        def count():
            nonlocal counted
            counted += 1
            return call()

        return count

    for name in ("_forward", "_backward"):
        monkeypatch.setattr(plan, name, [counting(call) for call in getattr(plan, name)])
    descent.load(small.theta)
    descent.set_order(np.arange(10))
    plan.descend(descent._ready(0, 10, 10), [counting(call) for call in method.calls])
    # beside these: the first product, the difference to y, and the last product
    assert counted + 3 == calls


@pytest.mark.parametrize("sizes", [(2, 8, 1), (64, 30, 10)])
@pytest.mark.parametrize("cost", ["quadratic", "cross-entropy"])
@pytest.mark.parametrize("method", METHODS)
def test_no_array_is_allocated_per_step(sizes, cost, method):
    small = problem(sizes, ("sigmoid", "sigmoid"), cost, seed=4, m=200)
    descent = descent_of(small, method())
    descent.load(small.theta)
    descent.set_order(np.arange(200))
    descent.run(0, 200, 10, 0.1, 0.01)
    arrays = tracemalloc.DomainFilter(inclusive=True, domain=np.lib.tracemalloc_domain)
    tracemalloc.start()
    try:
        before = tracemalloc.take_snapshot().filter_traces([arrays])
        tracemalloc.reset_peak()
        low = tracemalloc.get_traced_memory()[0]
        descent.run(0, 200, 10, 0.1, 0.01)
        high = tracemalloc.get_traced_memory()[1]
        after = tracemalloc.take_snapshot().filter_traces([arrays])
    finally:
        tracemalloc.stop()
    assert sum(s.size_diff for s in after.compare_to(before, "lineno")) == 0
    # a (30, 10) array of doubles alone would be 2 400 bytes; the loop's own objects are smaller
    assert high - low < 2_000
