"""The figures of single units against a computation that uses nothing of the engine."""

import numpy as np
import pytest
from engine_examples import examples, split_of

from engine import GradientDescent, Network, Stop, Trainer
from engine.inside.units import units

ACTIVATIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a**2),
    "relu": (lambda z: z * (z > 0), lambda a: 1.0 * (a > 0)),
    "softmax": (lambda z: np.exp(z) / np.exp(z).sum(axis=0), lambda a: a * (1 - a)),
}
PLATEAUS = {
    "sigmoid": (0.1, 0.5, 0.9),
    "softmax": (0.1, 0.5, 0.9),
    "tanh": (-0.8, 0.0, 0.8),
    "relu": (5e-324, 0.0, np.inf),
}
"""Below the first a is on the low plateau, above the last on the high one; and the middle."""


def trained(sizes, activations, cost, alpha):
    rng = np.random.default_rng(4)
    X = rng.normal(size=(40, sizes[0]))
    Y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], 40)] if sizes[-1] > 1 else X[:, :1] > 0
    network = Network(sizes, activations)
    return (
        X,
        1.0 * Y,
        Trainer(
            network,
            split_of(examples(X, Y)),
            cost=cost,
            optimizer=GradientDescent(0.3),
            alpha=alpha,
            stop=Stop(epochs=100),
            theta=2 * network.draw("large", rng),
        ),
    )


@pytest.mark.parametrize(
    ("sizes", "activations", "cost"),
    [
        ((2, 8, 1), ("tanh", "sigmoid"), "quadratic"),
        ((64, 30, 10), ("sigmoid", "softmax"), "cross-entropy"),
        ((6, 5, 4, 3), ("relu", "sigmoid", "tanh"), "quadratic"),
    ],
)
@pytest.mark.parametrize("alpha", [0.0, 3.0])
def test_every_unit(sizes, activations, cost, alpha):
    X, Y, trainer = trained(sizes, activations, cost, alpha)
    for updates in (0, 20, 100):
        trainer.run(updates)
        shown = units(trainer.network, trainer.theta, X[:25].T, Y[:25].T)
        assert shown.examples == 25
        a = X[:25].T
        weights = zip(
            trainer.network.W(trainer.theta), trainer.network.b(trainer.theta), activations
        )
        for layer, (W, b, name) in zip(shown.layers, weights):
            a = ACTIVATIONS[name][0](W @ a + b[:, None])
            prime = ACTIVATIONS[name][1](a)
            low, middle, high = PLATEAUS[name]
            assert layer.n == len(W)
            assert (layer.activation, layer.wrong is None) == (name, layer.layer < len(sizes) - 1)
            for unit in range(layer.n):
                assert np.isclose(layer.mean[unit], sum(a[unit]) / 25, rtol=1e-12)
                assert np.isclose(layer.sigma_prime[unit], sum(prime[unit]) / 25, rtol=1e-12)
                assert np.isclose(layer.low[unit], sum(a[unit] < low) / 25, rtol=1e-12)
                assert np.isclose(layer.high[unit], sum(a[unit] > high) / 25, rtol=1e-12)
                if layer.wrong is not None:
                    wrong = sum(
                        (out < low or out > high) and (out > middle) != (target > middle)
                        for out, target in zip(a[unit], Y[:25, unit])
                    )
                    assert np.isclose(layer.wrong[unit], wrong / 25, rtol=1e-12)


def test_the_units_together_are_the_figures_of_the_layer():
    X, Y, trainer = trained((6, 5, 4, 3), ("relu", "sigmoid", "sigmoid"), "quadratic", 0.0)
    trainer.run(30)
    snapshot = trainer.snapshot()
    shown = units(trainer.network, trainer.theta, X.T, Y.T)
    for layer, one in zip(snapshot.layers, shown.layers):
        assert np.isclose(one.sigma_prime.mean(), layer.sigma_prime, rtol=1e-12)
        assert np.isclose(one.low.mean(), layer.saturated_low, rtol=1e-12)
        assert np.isclose(one.high.mean(), layer.saturated_high, rtol=1e-12)
        assert (one.low == 1).mean() == layer.dead if one.activation == "relu" else not layer.dead
    assert np.isclose(shown.layers[-1].wrong.mean(), snapshot.output.saturated_wrong, rtol=1e-12)


def test_the_record_cannot_be_changed_and_takes_what_is_not_finite():
    network = Network((2, 3, 1), ("relu", "sigmoid"), "float32")
    theta = np.full(network.parameters, np.inf, np.float32)
    shown = units(network, theta, np.ones((2, 4), np.float32), np.ones((1, 4), np.float32))
    assert shown.layers[0].mean.dtype == np.float64
    assert not np.isfinite(shown.layers[0].mean).any()
    with pytest.raises(ValueError, match="read-only"):
        shown.layers[0].mean[0] = 1
