"""Values, plateaus and finiteness of activations and costs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.activations import ACTIVATIONS, activation
from engine.costs import COSTS, cost

FINITE = st.floats(allow_nan=False, allow_infinity=False)
LARGEST = np.finfo(float).max


def test_sigmoid_is_the_logistic_function():
    z = np.linspace(-30, 30, 601)
    assert np.allclose(activation("sigmoid").value(z), 1 / (1 + np.exp(-z)), rtol=0, atol=4e-16)


def test_softmax_sums_to_one_and_orders_like_z():
    z = np.random.default_rng(0).normal(0, 5, (4, 50))
    a = activation("softmax").value(z)
    assert np.allclose(a.sum(axis=0), 1)
    assert (a.argmax(axis=0) == z.argmax(axis=0)).all()


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_activations_survive_the_largest_numbers(name):
    z = np.array([[-1e300, -800.0, 0.0, 800.0, 1e300]])
    assert np.isfinite(activation(name).value(z)).all()


def test_saturation_bounds():
    sigmoid = activation("sigmoid")
    z = np.array([[-2.3, -2.1, 0.0, 2.1, 2.3]])
    low, high = sigmoid.saturated(z, sigmoid.value(z))
    assert low.tolist() == [[True, False, False, False, False]]
    assert high.tolist() == [[False, False, False, False, True]]
    # tanh z = 2σ(2z) − 1: the same plateaus at half the z
    tanh = activation("tanh")
    low, high = tanh.saturated(z / 2, tanh.value(z / 2))
    assert low.tolist() == [[True, False, False, False, False]]
    assert high.tolist() == [[False, False, False, False, True]]
    low, high = activation("relu").saturated(z, z)
    assert low.tolist() == [[True, True, True, False, False]]
    assert not high.any()


@given(st.lists(st.tuples(FINITE, st.booleans()), min_size=2, max_size=6))
def test_cross_entropy_is_finite_for_any_finite_z(pairs):
    # a sixth, so that the sum over six outputs stays below the largest number
    z = np.array([[z] for z, _ in pairs]) / 6
    y = np.zeros_like(z)
    y[0] = 1
    for name in ("sigmoid", "softmax"):
        sigma = activation(name)
        a = sigma.value(z)
        assert np.isfinite(cost("cross-entropy").total(z, a, y, sigma))
        assert np.isfinite(cost("cross-entropy").delta(z, a, y, sigma)).all()
    sigma = activation("sigmoid")
    assert np.isfinite(cost("quadratic").delta(z, sigma.value(z), y, sigma)).all()


@pytest.mark.parametrize("target", [0.0, 1.0])
@pytest.mark.parametrize("z", [-LARGEST, LARGEST])
def test_cross_entropy_of_a_sigmoid_is_finite_at_the_largest_numbers(z, target):
    z, y, sigma = np.array([[z]]), np.array([[target]]), activation("sigmoid")
    total = cost("cross-entropy").total(z, sigma.value(z), y, sigma)
    assert total == (0.0 if (z[0, 0] > 0) == (target == 1) else LARGEST)


def test_cross_entropy_equals_its_textbook_form_where_that_is_finite():
    rng = np.random.default_rng(1)
    z, y = rng.normal(size=(3, 8)), rng.random((3, 8))
    a = 1 / (1 + np.exp(-z))
    textbook = -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum()
    assert np.isclose(cost("cross-entropy").total(z, a, y, activation("sigmoid")), textbook)
    a = np.exp(z) / np.exp(z).sum(axis=0)
    y = np.eye(3)[rng.integers(0, 3, 8)].T
    softmax = activation("softmax")
    assert np.isclose(cost("cross-entropy").total(z, a, y, softmax), -(y * np.log(a)).sum())


def test_cross_entropy_refuses_a_tanh_output():
    with pytest.raises(ValueError, match=r"`network.output`.*sigmoid, softmax; got 'tanh'"):
        COSTS["cross-entropy"].check("tanh")


def test_unknown_names_list_the_known_ones():
    with pytest.raises(ValueError, match="sigmoid, tanh, relu, identity, softmax; got 'swish'"):
        activation("swish")
    with pytest.raises(ValueError, match="quadratic, cross-entropy; got 'hinge'"):
        cost("hinge")
