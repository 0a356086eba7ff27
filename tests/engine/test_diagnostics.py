"""Every figure of a layer against a computation that uses nothing of the engine."""

import numpy as np
import pytest
from engine_examples import blobs, split_of

from engine import GradientDescent, Network, Stop, Trainer


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


@pytest.mark.parametrize(("hidden", "examples"), [(10, 100), (500, 71), (5_000, 10)])
def test_the_default_probe_is_smaller_for_a_wide_network(hidden, examples):
    train = blobs(m=120, n=276)
    trainer = Trainer(Network((276, hidden, 1), ("sigmoid",) * 2), split_of(train))
    prime = trainer.snapshot().layers[0].sigma_prime
    W, b = trainer.network.W(trainer.theta)[0], trainer.network.b(trainer.theta)[0]
    a = sigma(W @ train.X[:examples].T + b[:, None])
    assert np.isclose(prime, (a * (1 - a)).mean(), rtol=1e-12)
