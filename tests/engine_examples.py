"""Small networks and sets of examples for the engine's tests, and strategies that make them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from engine import GradientDescent, Network, Optimizer, Stop, Trainer
from engine.costs import Cost, cost
from engine.data import Examples, Split
from engine.data.split import Scaling

HIDDEN = ("sigmoid", "tanh", "relu", "identity")
OUTPUTS = {
    "quadratic": ("sigmoid", "tanh", "relu", "identity"),
    "cross-entropy": ("sigmoid", "softmax"),
}


class Problem(NamedTuple):
    """A network with first parameters, a cost, and examples as rows."""

    network: Network
    theta: np.ndarray
    cost: Cost
    X: np.ndarray
    Y: np.ndarray


def problem(sizes, activations, cost_name, *, seed, m=7, spread=1.0, dtype="float64"):
    rng = np.random.default_rng(seed)
    network = Network(sizes, activations, dtype)
    theta = (rng.standard_normal(network.parameters) * spread).astype(dtype)
    X = rng.standard_normal((m, sizes[0]))
    if activations[-1] == "softmax":
        Y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], m)]
    else:
        Y = rng.random((m, sizes[-1]))
    return Problem(network, theta, cost(cost_name), X.astype(dtype), Y.astype(dtype))


@st.composite
def problems(draw, hidden=HIDDEN, outputs=OUTPUTS):
    """Random architectures: up to three hidden layers of up to five units."""
    cost_name = draw(st.sampled_from(sorted(outputs)))
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    activations = [draw(st.sampled_from(hidden)) for _ in sizes[2:]]
    activations.append(draw(st.sampled_from(outputs[cost_name])))
    return problem(
        sizes, activations, cost_name, seed=draw(st.integers(0, 2**32)), m=draw(st.integers(1, 9))
    )


def examples(X, Y, labels=None):
    return Examples(X=np.asarray(X, float), Y=np.asarray(Y, float), labels=labels)


def split_of(train, validation=None):
    """A split with these training examples, and no test part."""
    nothing = Examples(
        X=np.empty((0, train.X.shape[1])),
        Y=np.empty((0, train.Y.shape[1])),
        labels=None if train.labels is None else np.empty(0, np.int64),
    )
    scaling = Scaling.fit(train.X, "none")
    return Split(train=train, validation=validation or nothing, test=nothing, scaling=scaling)


def blobs(seed=0, m=60, n=2):
    """Two classes around (±1, ±1), one output."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, m)
    X = rng.standard_normal((m, n)) + (2 * labels - 1)[:, None]
    return examples(X, labels[:, None], labels)


def make(m=57, *, sizes=(2, 5, 1), activations=("sigmoid", "sigmoid"), validation=False, **options):
    """A trainer on blobs, ten epochs unless told otherwise."""
    train = blobs(seed=0, m=m)
    options.setdefault("stop", Stop(epochs=10))
    split = split_of(train, blobs(seed=1, m=30) if validation else None)
    return Trainer(Network(sizes, activations), split, seed=3, **options)


class ByProtocol(Optimizer):
    """Plain descent again, which only the general path can know."""

    name = "by-protocol"
    needs_gradient = True

    def __init__(self, eta):
        self.eta = eta
        self._plain = GradientDescent(eta)

    def start(self, theta, mask, rng):
        self._plain.start(theta, mask, rng)

    def ask(self):
        return self._plain.ask()

    def tell(self, J, gradient, eta, alpha_over_m):
        self._plain.tell(J, gradient, eta, alpha_over_m)

    def best(self):
        return self._plain.best()

    def state(self):
        return self._plain.state()

    def restore(self, state):
        self._plain.restore(state)


class WithVelocity(ByProtocol):
    """Momentum: an optimiser that has more to remember than θ."""

    name = "with-velocity"

    def start(self, theta, mask, rng):
        super().start(theta, mask, rng)
        self._v = np.zeros_like(theta)

    def tell(self, J, gradient, eta, alpha_over_m):
        self._v = 0.9 * self._v - eta * gradient[0]
        self._plain.tell(J, -self._v[None, :], 1.0, alpha_over_m)

    def state(self):
        return {**self._plain.state(), "v": self._v}

    def restore(self, state):
        self._plain.restore(state)
        self._v = state["v"]


def diverging(**options):
    """A trainer of a ReLU network on a linear target, which diverges where η is large."""
    options = {"stop": Stop(epochs=100_000), "batch_size": 10, **options}
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 2))
    return Trainer(
        Network((2, 4, 1), ("relu", "identity")),
        split_of(examples(X, X @ [[1.0], [2.0]])),
        cost="quadratic",
        seed=1,
        **options,
    )
