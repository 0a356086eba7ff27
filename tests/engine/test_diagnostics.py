"""Every figure of a layer against a computation that uses nothing of the engine."""

import numpy as np
import pytest
from engine_examples import blobs, examples, split_of

from engine import GradientDescent, Network, Stop, Trainer
from engine.optimizers import optimizer


def sigma(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("cost", ["quadratic", "cross-entropy"])
@pytest.mark.parametrize("alpha", [0.0, 3.0])
@pytest.mark.parametrize("updates", [0, 7, 40])
def test_layer_figures(cost, alpha, updates):
    eta, m = 0.3, 57
    train = blobs(m=m)
    network = Network((2, 4, 3, 1), ("sigmoid",) * 3)
    theta = network.draw("large", np.random.default_rng(5))
    trainer = Trainer(
        network,
        split_of(train),
        cost=cost,
        optimizer=GradientDescent(eta),
        alpha=alpha,
        batch_size=10,
        stop=Stop(epochs=50),
        theta=theta,
        probe=20,
    )
    trainer.run(updates)
    snapshot = trainer.snapshot()

    W = [w.copy() for w in network.W(trainer.theta)]
    b = [v.copy() for v in network.b(trainer.theta)]
    k, a = 20, [train.X[:20].T]
    for w, v in zip(W, b):
        a.append(sigma(w @ a[-1] + v[:, None]))
    y = train.Y[:20].T
    delta = [a[3] - y]
    if cost == "quadratic":
        delta[0] = delta[0] * a[3] * (1 - a[3])
    for l in (2, 1):
        delta.insert(0, (W[l].T @ delta[0]) * a[l] * (1 - a[l]))
    for l, layer in enumerate(snapshot.layers):
        dW = delta[l] @ a[l].T / k
        decay, descent = -eta * alpha / m * W[l], -eta * dW
        out = a[l + 1]
        expected = {
            "delta": np.linalg.norm(delta[l], axis=0).mean(),
            "delta_of_mean": np.linalg.norm(delta[l].mean(axis=1)),
            "sigma_prime": (out * (1 - out)).mean(),
            "saturated_low": (out < 0.1).mean(),
            "saturated_high": (out > 0.9).mean(),
            "weight_norm": np.linalg.norm(W[l]),
            "bias_norm": np.linalg.norm(b[l]),
            "gradient_norm": np.linalg.norm(dW),
            "decay_step": np.linalg.norm(decay),
            "gradient_step": np.linalg.norm(descent),
            "cosine": (decay * descent).sum() / (np.linalg.norm(decay) * np.linalg.norm(descent))
            if alpha
            else 0.0,
            "update_ratio": np.linalg.norm(decay + descent) / np.linalg.norm(W[l]),
        }
        assert layer.layer == l + 1
        for name, value in expected.items():
            assert np.isclose(getattr(layer, name), value, rtol=1e-9, atol=1e-12), name


FORGETFUL = [
    ("sgd", {}),
    *(("momentum", {"mu": 0.0, "decay": decay}) for decay in ("coupled", "decoupled")),
    *(("nesterov", {"mu": 0.0, "decay": decay}) for decay in ("coupled", "decoupled")),
    *(("adagrad", {"decay": decay}) for decay in ("coupled", "decoupled")),
    *(("rmsprop", {"decay": decay}) for decay in ("coupled", "decoupled")),
    *(("adam", {"beta1": 0.0, "decay": decay}) for decay in ("coupled", "decoupled")),
    ("adamw", {"beta1": 0.0}),
]


@pytest.mark.parametrize(("name", "further"), FORGETFUL)
@pytest.mark.parametrize("updates", [0, 1, 25])
def test_the_steps_shown_are_those_of_the_next_update(name, further, updates):
    """Of methods that keep no velocity, where the probe is the batch."""
    trainer = Trainer(
        Network((2, 4, 3, 1), ("tanh", "sigmoid", "sigmoid")),
        split_of(blobs()),
        optimizer=optimizer(name, eta=0.02, **further),
        alpha=3.0,
        batch_size="full",
        stop=Stop(epochs=100),
        probe=60,
    )
    trainer.run(updates)
    layers, before = trainer.snapshot().layers, trainer.theta.copy()
    trainer.run(1)
    for layer, W, dW in zip(
        layers, trainer.network.W(before), trainer.network.W(trainer.theta - before)
    ):
        together = np.sqrt(
            layer.decay_step**2
            + layer.gradient_step**2
            + 2 * layer.cosine * layer.decay_step * layer.gradient_step
        )
        assert np.isclose(together, np.linalg.norm(dW), rtol=1e-7)
        assert np.isclose(layer.update_ratio, together / np.linalg.norm(W), rtol=1e-7)
        if further.get("decay") != "coupled" or name in ("momentum", "nesterov"):
            expected = 0.02 * 3.0 / trainer.m * np.linalg.norm(W)
            assert np.isclose(layer.decay_step, expected, rtol=1e-9)


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
@pytest.mark.parametrize("decay", ["coupled", "decoupled"])
def test_with_momentum_the_steps_are_those_at_full_speed(name, decay):
    """On weights that do not move, since η is so small, the gradient is constant."""
    trainer = Trainer(
        Network((2, 4, 1), ("sigmoid", "sigmoid")),
        split_of(blobs()),
        optimizer=optimizer(name, eta=1e-9, mu=0.9, decay=decay),
        alpha=3.0,
        batch_size="full",
        stop=Stop(epochs=1000),
        probe=60,
    )
    trainer.run(300)
    layers, before = trainer.snapshot().layers, trainer.theta.copy()
    trainer.run(1)
    for layer, W, dW in zip(
        layers, trainer.network.W(before), trainer.network.W(trainer.theta - before)
    ):
        assert np.isclose(layer.update_ratio, np.linalg.norm(dW) / np.linalg.norm(W), rtol=1e-4)
        lasting = 10 if decay == "coupled" else 1
        expected = lasting * 1e-9 * 3.0 / trainer.m * np.linalg.norm(W)
        assert np.isclose(layer.decay_step, expected, rtol=1e-9)


ACTIVATIONS = {
    "sigmoid": (sigma, lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a**2),
    "relu": (lambda z: z * (z > 0), lambda a: 1.0 * (a > 0)),
    "identity": (lambda z: z, np.ones_like),
    "softmax": (lambda z: np.exp(z) / np.exp(z).sum(axis=0), lambda a: a * (1 - a)),
}
PLATEAUS = {
    "sigmoid": (0.1, 0.5, 0.9),
    "softmax": (0.1, 0.5, 0.9),
    "tanh": (-0.8, 0.0, 0.8),
    "relu": (5e-324, 0.0, np.inf),
    "identity": (-np.inf, 0.0, np.inf),
}
"""Below the first a is on the low plateau, above the last on the high one; and the middle."""
ARCHITECTURES = [
    ((2, 8, 1), ("tanh", "sigmoid"), "quadratic"),
    ((6, 5, 4, 3), ("relu", "sigmoid", "sigmoid"), "cross-entropy"),
    ((12, 30, 10), ("sigmoid", "softmax"), "cross-entropy"),
    ((3, 6, 2), ("sigmoid", "tanh"), "quadratic"),
    ((3, 6, 5, 2), ("relu", "relu", "identity"), "quadratic"),
    ((3, 6, 2), ("tanh", "relu"), "quadratic"),
]


@pytest.mark.parametrize(("sizes", "activations", "cost"), ARCHITECTURES)
@pytest.mark.parametrize("alpha", [0.0, 3.0])
def test_what_arrives_what_is_dead_and_the_output(sizes, activations, cost, alpha):
    rng = np.random.default_rng(17)
    m, k = 40, 25
    X = rng.normal(size=(m, sizes[0]))
    # numbers on both sides of the middle, for the shares are those of a regression too
    Y = rng.normal(size=(m, sizes[-1])) if activations[-1] != "softmax" else None
    if activations[-1] in ("sigmoid", "relu"):
        Y = 1.0 * (Y > 0)
    if Y is None:
        Y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], m)]
    network = Network(sizes, activations)
    trainer = Trainer(
        network,
        split_of(examples(X, Y)),
        cost=cost,
        optimizer=GradientDescent(0.05),
        alpha=alpha,
        stop=Stop(epochs=100),
        theta=2 * network.draw("large", rng),
        probe=k,
    )
    for updates in (0, 40, 200):
        trainer.run(updates)
        snapshot = trainer.snapshot()
        W, b = network.W(trainer.theta), network.b(trainer.theta)
        z, a = [], [X[:k].T]
        for w, v, name in zip(W, b, activations):
            z.append(w @ a[-1] + v[:, None])
            a.append(ACTIVATIONS[name][0](z[-1]))
        primes = [ACTIVATIONS[name][1](out) for name, out in zip(activations, a[1:])]
        y, output = Y[:k].T, activations[-1]
        arriving = a[-1] - y
        delta = {"cross-entropy": arriving, "quadratic": arriving * primes[-1]}
        shown, down = snapshot.output, delta[cost]
        for l in reversed(range(len(activations))):
            layer = snapshot.layers[l]
            expected = np.linalg.norm(arriving, axis=0).mean()
            assert np.isclose(layer.arriving, expected, rtol=1e-9)
            off = (z[l] <= 0).all(axis=1).mean() if activations[l] == "relu" else 0.0
            assert layer.dead == off
            if l:
                arriving = W[l].T @ down
                down = arriving * primes[l - 1]

        for name, outputs in (
            ("quadratic", ("sigmoid", "tanh", "relu", "identity")),
            ("cross-entropy", ("sigmoid", "softmax")),
        ):
            expected = np.linalg.norm(delta[name], axis=0).mean() if output in outputs else np.nan
            figure = getattr(shown, f"delta_{name.replace('-', '_')}")
            assert np.isclose(figure, expected, rtol=1e-9, equal_nan=True)
            if name == cost:
                assert np.isclose(figure, snapshot.layers[-1].delta, rtol=1e-12)
        right = wrong = 0
        low, middle, high = PLATEAUS[output]
        for target, out in zip(y.ravel(), a[-1].ravel()):
            if out < low or out > high:
                right += (out > middle) == (target > middle)
                wrong += (out > middle) != (target > middle)
        assert np.isclose(shown.saturated_right, right / y.size, rtol=1e-12)
        assert np.isclose(shown.saturated_wrong, wrong / y.size, rtol=1e-12)
        assert snapshot.record()["output"]["saturated_wrong"] == shown.saturated_wrong


def test_a_network_of_dead_units_says_so():
    network = Network((2, 4, 1), ("relu", "sigmoid"))
    theta = network.pack([np.ones((4, 2)), np.ones((1, 4))], [[-99, -99, -99, 99], [0]])
    trainer = Trainer(network, split_of(blobs()), theta=theta)
    assert [layer.dead for layer in trainer.snapshot().layers] == [0.75, 0]


def test_a_search_has_no_output_figures():
    trainer = Trainer(
        Network((2, 1), ("sigmoid",)), split_of(blobs()), optimizer=optimizer("annealing")
    )
    assert trainer.snapshot().output is None
    assert "output" not in trainer.snapshot().record()


def test_a_snapshot_cannot_be_changed():
    snapshot = Trainer(Network((2, 1), ("sigmoid",)), split_of(blobs())).snapshot()
    with pytest.raises(ValueError, match="read-only"):
        snapshot.theta[0] = 1
    with pytest.raises(AttributeError):
        snapshot.update = 5
    record = snapshot.record()
    assert record["update"] == 0
    assert "theta" not in record
    assert record["layers"][0]["activation"] == "sigmoid"


@pytest.mark.parametrize(
    ("hidden", "examples"), [(1, 900), (10, 359), (36, 100), (250, 100), (500, 71), (5_000, 10)]
)
def test_the_default_probe_is_smaller_for_a_wide_network(hidden, examples):
    train = blobs(m=900, n=276)
    trainer = Trainer(Network((276, hidden, 1), ("sigmoid",) * 2), split_of(train))
    prime = trainer.snapshot().layers[0].sigma_prime
    W, b = trainer.network.W(trainer.theta)[0], trainer.network.b(trainer.theta)[0]
    a = sigma(W @ train.X[:examples].T + b[:, None])
    assert np.isclose(prime, (a * (1 - a)).mean(), rtol=1e-12)
