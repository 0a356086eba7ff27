"""Three networks trained for a while, and what is inside them by plain numpy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from engine_examples import examples, split_of

from engine import Network, Snapshot, Stop, Trainer
from engine.optimizers import optimizer

SHAPES = {
    "2-8-1": ((2, 8, 1), ("tanh", "sigmoid"), "cross-entropy"),
    "64-30-10": ((64, 30, 10), ("sigmoid", "softmax"), "cross-entropy"),
    "6-5-4-3": ((6, 5, 4, 3), ("relu", "sigmoid", "sigmoid"), "quadratic"),
}
M, K, EPOCHS = 40, 8, 3
"""Training examples, all of which are the probe; the mini-batch; the length of a run."""


class Run(NamedTuple):
    """A run of one of the `SHAPES`, with a snapshot every second update."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    cost: str
    X: np.ndarray
    """(M, n_0)"""
    Y: np.ndarray
    """(M, n_L)"""
    snapshots: list[Snapshot]

    @property
    def moments(self) -> list[int]:
        """Places of three snapshots: before the first update, in the middle, at the end."""
        return [0, len(self.snapshots) // 2, len(self.snapshots) - 1]


def run(shape: str, alpha: float, method: str = "sgd", **options: object) -> Run:
    sizes, activations, cost_name = SHAPES[shape]
    rng = np.random.default_rng(sum(sizes))
    X = rng.standard_normal((M, sizes[0]))
    labels = rng.integers(0, max(sizes[-1], 2), M)
    Y = np.eye(sizes[-1])[labels] if sizes[-1] > 1 else labels[:, None].astype(float)
    trainer = Trainer(
        Network(sizes, activations),
        split_of(examples(X, Y, labels)),
        cost=cost_name,
        optimizer=optimizer(method, **{"eta": 0.3, **options}),
        alpha=alpha,
        batch_size=K,
        stop=Stop(epochs=EPOCHS),
        seed=1,
    )
    snapshots = [trainer.snapshot()]
    while trainer.finished is None:
        trainer.run(2)
        snapshots.append(trainer.snapshot())
    return Run(sizes, activations, cost_name, X, Y, snapshots)


def matrices(run: Run, theta: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """(W^l, b^l) of every layer, cut out of θ."""
    found, start = [], 0
    for before, units in zip(run.sizes[:-1], run.sizes[1:], strict=True):
        V = theta[start : start + units * (before + 1)].reshape(units, before + 1)
        found.append((V[:, :-1], V[:, -1]))
        start += V.size
    return found


def value(name: str, z: np.ndarray) -> np.ndarray:
    match name:
        case "sigmoid":
            return 1 / (1 + np.exp(-z))
        case "tanh":
            return np.tanh(z)
        case "relu":
            return np.maximum(z, 0)
        case "softmax":
            return np.exp(z) / np.exp(z).sum()
    raise AssertionError(name)


def slope(name: str, z: np.ndarray) -> np.ndarray:
    a = value(name, z)
    match name:
        case "sigmoid" | "softmax":
            return a * (1 - a)
        case "tanh":
            return 1 / np.cosh(z) ** 2
        case "relu":
            return np.where(z > 0, 1.0, 0.0)
    raise AssertionError(name)
