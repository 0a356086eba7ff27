"""Histograms of what is inside the layers, against plain numpy on a network's θ."""

import numpy as np
import pytest
from short_runs import RUNS, by_hand, trained

from engine import Network
from engine.activations import activation
from engine.costs import cost
from engine.inside.histogram import BINS, KINDS, histogram, histograms, spreads


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("alpha", [0.0, 2.0])
@pytest.mark.parametrize("updates", [0, 30, 120])
@pytest.mark.parametrize("kind", KINDS)
def test_counts_and_numbers(name, alpha, updates, kind):
    trainer, x, y = trained(name, alpha, updates)
    network, theta = trainer.network, trainer.theta
    found = histograms(network, theta, x, y, trainer.cost, kind)
    numbers = spreads(network, theta, x, y, trainer.cost, kind)
    expected = by_hand(trainer, x, y, kind)
    positive = by_hand(trainer, x, y, "z")
    assert [one.layer for one in found] == list(range(1, network.L + 1))
    for one, spread, values, z in zip(found, numbers, expected, positive):
        sigma = network.activations[one.layer - 1].name
        if kind == "a" and sigma in ("sigmoid", "softmax"):
            assert (one.low, one.high) == (0, 1)
        elif kind == "a" and sigma == "tanh":
            assert (one.low, one.high) == (-1, 1)
        else:
            assert one.high / 2 <= np.abs(values).max() < one.high
            assert one.low == (0 if kind == "a" and sigma == "relu" else -one.high)
        edges = np.linspace(one.low, one.high, BINS + 1)
        assert one.counts.sum() == values.size
        # two ways to compute a value may differ in their last digit, and so fall into two bins
        assert np.abs(one.counts - np.histogram(values, edges)[0]).sum() <= 2
        assert spread.values == values.size
        assert (spread.units, spread.activation) == (network.sizes[one.layer], sigma)
        assert np.allclose(
            [spread.least, spread.low, spread.median, spread.high, spread.greatest],
            np.quantile(values, [0, 0.05, 0.5, 0.95, 1]),
            rtol=1e-9,
            atol=1e-15,
        )
        off = (z <= 0).all(axis=1).mean() if sigma == "relu" else np.nan
        assert np.array_equal(spread.dead, off, equal_nan=True)


def test_dead_units_are_those_that_are_off_for_every_example():
    network = Network((1, 4, 1), ("relu", "sigmoid"))
    # z of the hidden units at x = −1 and x = 1: (−3, −1), (−1, 1), (0, 0), (1, 3)
    theta = network.pack(
        [[[1.0], [1.0], [0.0], [1.0]], [[1.0] * 4]], [[-2.0, 0.0, 0.0, 2.0], [0.0]]
    )
    x, y = np.array([[-1.0, 1.0]]), np.array([[0.0, 1.0]])
    for kind in KINDS:
        hidden, output = spreads(network, theta, x, y, cost("quadratic"), kind)
        assert hidden.dead == 0.5
        assert np.isnan(output.dead)


@pytest.mark.parametrize("size", [1e-300, 1e-12, 0.3, 1.0, 7.0, 1e12, 1e300])
def test_wider_limits_have_the_counts_of_the_values_themselves(size):
    values = np.random.default_rng(0).standard_normal(500) * size
    one = histogram(1, values)
    assert one.low == -one.high
    with_larger = histogram(1, np.append(values, 40 * np.abs(values).max()))
    wider = one.coarsened(with_larger.exponent)
    assert wider.high == with_larger.high
    expected = with_larger.counts.copy()
    expected[np.flatnonzero(expected)[-1]] -= 1
    assert np.array_equal(wider.counts, expected)
    assert one.coarsened(1024).counts.sum() == 500
    with pytest.raises(ValueError, match="cannot become"):
        with_larger.coarsened(one.exponent)


def test_relu_outputs_widen_from_zero():
    relu = activation("relu")
    values = np.array([0.0, 0.3, 1.5, 2.0])
    one = histogram(1, values, relu)
    assert (one.low, one.high) == (0, 4)
    assert np.flatnonzero(one.coarsened(4).counts).tolist() == [0, 4, 24, 32]


def test_a_bin_holds_its_lower_end_and_the_last_one_both():
    sigmoid = activation("sigmoid")
    counts = histogram(1, np.array([0.0, 0.5, 1.0, 1.0]), sigmoid).counts
    assert (counts[0], counts[BINS // 2], counts[-1]) == (1, 1, 2)
    counts = histogram(1, np.array([-1.0, 1.0]), activation("tanh")).counts
    assert (counts[0], counts[-1]) == (1, 1)


def test_values_that_are_not_finite_are_counted_apart():
    values = np.array([np.nan, np.inf, -np.inf, 0.5, -0.25])
    one = histogram(1, values)
    assert (one.not_finite, one.counts.sum(), one.high) == (3, 2, 1.0)
    network = Network((1, 1), ("identity",))
    theta = np.array([np.nan, 0.0])
    x = y = np.ones((1, 3))
    for kind in KINDS:
        (one,) = histograms(network, theta, x, y, cost("quadratic"), kind)
        (spread,) = spreads(network, theta, x, y, cost("quadratic"), kind)
        assert one.counts.sum() == 0
        assert one.not_finite == spread.not_finite == spread.values > 0
        assert np.isnan([spread.least, spread.median, spread.greatest]).all()


@pytest.mark.parametrize("largest", [0.0, 5e-324, 1.7e308])
def test_the_smallest_and_the_largest_numbers(largest):
    one = histogram(1, np.array([largest, -largest, 0.0]))
    assert one.counts.sum() == 3
    assert one.not_finite == 0
    assert one.counts[:-1].any()
    assert one.coarsened(1024).counts[BINS // 2 :].sum() >= 1


def test_float32_is_counted_as_well():
    values = np.random.default_rng(0).standard_normal(300)
    one, other = histogram(1, values.astype(np.float32)), histogram(1, values)
    assert one.exponent == other.exponent
    assert np.abs(one.counts - other.counts).sum() <= 2


@pytest.mark.parametrize("largest", [0.0, 1e-45, 1e-37, 3e-36, 3e38])
def test_the_smallest_and_the_largest_numbers_of_float32(largest):
    values = np.array([largest, -largest, 0.0, largest / 2], np.float32)
    one, other = histogram(1, values), histogram(1, values.astype(float))
    assert one.exponent == other.exponent
    assert np.array_equal(one.counts, other.counts)
    network = Network((2, 3, 1), ("relu", "sigmoid"), dtype="float32")
    x, y = np.ones((2, 4), np.float32), np.ones((1, 4), np.float32)
    theta = np.full(network.parameters, -min(largest, 1.0), np.float32)
    for kind in KINDS:
        for one in histograms(network, theta, x, y, cost("cross-entropy"), kind):
            assert one.counts.sum() > 0


def test_records_cannot_be_changed():
    one = histogram(1, np.array([1.0]))
    with pytest.raises(ValueError, match="read-only"):
        one.counts[0] = 5
