"""Short trainings of three architectures, and what is inside them by plain numpy."""

import numpy as np
from engine_examples import blobs, examples, split_of

from engine import GradientDescent, Network, Stop, Trainer

SIGMAS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=0),
}
PRIMES = {
    "sigmoid": lambda z, a: a * (1 - a),
    "tanh": lambda z, a: 1 - a**2,
    "relu": lambda z, a: 1.0 * (z > 0),
}


def ten_classes(m=80):
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 10, m)
    return examples(rng.random((m, 64)) + 0.1 * labels[:, None], np.eye(10)[labels], labels)


def four_inputs(m=70):
    rng = np.random.default_rng(4)
    X = rng.standard_normal((m, 6))
    return examples(X, 1 / (1 + np.exp(-X[:, :3])))


RUNS = {
    "2-8-1": ((2, 8, 1), ("tanh", "sigmoid"), "cross-entropy", blobs(m=60)),
    "64-30-10": ((64, 30, 10), ("sigmoid", "softmax"), "cross-entropy", ten_classes()),
    "6-5-4-3": ((6, 5, 4, 3), ("relu", "relu", "sigmoid"), "quadratic", four_inputs()),
}


def trained(name, alpha, updates):
    sizes, activations, cost_name, train = RUNS[name]
    trainer = Trainer(
        Network(sizes, activations),
        split_of(train),
        cost=cost_name,
        optimizer=GradientDescent(0.4),
        alpha=alpha,
        stop=Stop(epochs=20),
        seed=2,
    )
    trainer.run(updates)
    return trainer, train.X[:40].T, train.Y[:40].T


def by_hand(trainer, x, y, kind):
    """The values of each layer, with nothing of the engine but θ."""
    network, cost_name = trainer.network, trainer.cost.name
    W = [w.copy() for w in network.W(trainer.theta)]
    if kind == "w":
        return W
    b = [v.copy() for v in network.b(trainer.theta)]
    names = [sigma.name for sigma in network.activations]
    z, a = [], [x]
    for w, v, name in zip(W, b, names):
        z.append(w @ a[-1] + v[:, None])
        a.append(SIGMAS[name](z[-1]))
    if kind in ("z", "a"):
        return z if kind == "z" else a[1:]
    delta = a[-1] - y
    if cost_name == "quadratic":
        delta = delta * PRIMES[names[-1]](z[-1], a[-1])
    gradients = []
    for l in reversed(range(len(W))):
        gradients.insert(0, delta @ a[l].T / x.shape[1])
        if l:
            delta = (W[l].T @ delta) * PRIMES[names[l - 1]](z[l - 1], a[l])
    return gradients
