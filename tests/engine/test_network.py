"""The shape of θ, its views and its first values."""

import numpy as np
import pytest

from engine import Network
from engine.initialisation import RULES


def test_views_share_memory_with_theta():
    network = Network((3, 4, 2), ("sigmoid", "sigmoid"))
    theta = np.zeros(network.parameters)
    network.W(theta)[0][1, 2] = 5
    network.b(theta)[1][0] = 7
    assert network.parameters == 4 * 4 + 2 * 5
    assert sorted(theta[theta != 0]) == [5, 7]
    assert all(np.shares_memory(V, theta) for V in network.V(theta))


def test_pack_and_views_are_inverse():
    network = Network((3, 4, 2), ("sigmoid", "sigmoid"))
    rng = np.random.default_rng(0)
    W, b = [rng.normal(size=(4, 3)), rng.normal(size=(2, 4))], [rng.normal(size=4), np.ones(2)]
    theta = network.pack(W, b)
    for given, seen in zip(W + b, network.W(theta) + network.b(theta)):
        assert (given == seen).all()


def test_forward_is_the_formula():
    network = Network((2, 3, 1), ("tanh", "sigmoid"))
    theta = network.draw("large", np.random.default_rng(3))
    (W1, W2), (b1, b2) = network.W(theta), network.b(theta)
    X = np.random.default_rng(4).normal(size=(1203, 2))
    by_hand = 1 / (1 + np.exp(-(np.tanh(X @ W1.T + b1) @ W2.T + b2)))
    assert np.allclose(network.forward(theta, X), by_hand, rtol=1e-14)


@pytest.mark.parametrize(
    ("init", "variance_W", "variance_b"),
    [
        ("scaled", 1 / 400, 1.0),
        ("large", 1.0, 1.0),
        ("xavier", 2 / (400 + 300), 0.0),
        ("he", 2 / 400, 0.0),
        ("zeros", 0.0, 0.0),
    ],
)
def test_initialisations_have_their_variance(init, variance_W, variance_b):
    network = Network((400, 300), ("sigmoid",))
    theta = network.draw(init, np.random.default_rng(0))
    assert np.isclose(network.W(theta)[0].var(), variance_W, rtol=0.02)
    assert np.isclose(network.b(theta)[0].var(), variance_b, rtol=0.2)
    assert abs(network.W(theta)[0].mean()) < 0.01


def test_every_rule_is_tested_above():
    assert set(RULES) == {"scaled", "large", "xavier", "he", "zeros"}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Network((2, 0, 1), ("sigmoid", "sigmoid")), r"at least 1 unit; `sizes\[1\]` is 0"),
        (lambda: Network((2,), ()), "input and an output layer"),
        (lambda: Network((2, 3, 1), ("softmax", "sigmoid")), "layer 1 of 2 is hidden"),
        (lambda: Network((2, 3, 1), ("sigmoid",)), "2 layers need as many activations; got 1"),
        (lambda: Network((2, 1), ("sigmoid",), "int32"), "float64 or float32; got int32"),
        (
            lambda: Network((2, 1), ("sigmoid",)).pack([[[1.0]]], [[1.0]]),
            r"`network.weights\[0\]` must have shape \(1, 2\); got \(1, 1\)",
        ),
        (
            lambda: Network((2, 1), ("sigmoid",)).draw("huge", np.random.default_rng(0)),
            "`network.init` must be one of scaled, .*got 'huge'",
        ),
    ],
)
def test_bad_input_is_told(make, message):
    with pytest.raises(ValueError, match=message):
        make()
