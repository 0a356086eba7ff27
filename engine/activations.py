"""Activation functions a = σ(z) and their derivatives σ'(z).

Arrays are feature-major, (n_l, k): one column per example. Every function also accepts complex
z where it is analytic, so that its derivative can be checked by a complex step.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SATURATED_LOW = 0.1
SATURATED_HIGH = 0.9
"""A sigmoid with a < 0.1 or a > 0.9 counts as saturated: σ'(z) < 0.09 there, of at most 0.25."""


class Activation(ABC):
    """One activation function; stateless."""

    name: str

    @abstractmethod
    def value(self, z: Array) -> Array:
        """a = σ(z), (n_l, k) → (n_l, k)."""

    @abstractmethod
    def prime(self, z: Array, a: Array) -> Array:
        """σ'(z), given a = σ(z)."""

    def saturated(self, z: Array, a: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which units sit on their lower and upper plateau; none by default."""
        nowhere = np.zeros(a.shape, dtype=bool)
        return nowhere, nowhere


class Sigmoid(Activation):
    """σ(z) = 1 / (1 + e^(−z)), written as (1 + tanh(z/2)) / 2: no overflow, and vectorised."""

    name = "sigmoid"

    def value(self, z: Array) -> Array:
        return np.asarray((1 + np.tanh(z / 2)) / 2)

    def prime(self, z: Array, a: Array) -> Array:
        return np.asarray(a * (1 - a))

    def saturated(self, z: Array, a: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        return a < SATURATED_LOW, a > SATURATED_HIGH


class Tanh(Activation):
    """σ(z) = tanh z."""

    name = "tanh"

    def value(self, z: Array) -> Array:
        return np.asarray(np.tanh(z))

    def prime(self, z: Array, a: Array) -> Array:
        return 1 - a * a

    def saturated(self, z: Array, a: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        # the sigmoid's bounds carried over by tanh z = 2σ(2z) − 1
        return a < 2 * SATURATED_LOW - 1, a > 2 * SATURATED_HIGH - 1


class ReLU(Activation):
    """σ(z) = max(z, 0); σ'(0) is taken as 0. A unit with z ≤ 0 counts as saturated low."""

    name = "relu"

    def value(self, z: Array) -> Array:
        return np.asarray(np.where(z.real > 0, z, 0))

    def prime(self, z: Array, a: Array) -> Array:
        return (z.real > 0).astype(a.dtype)

    def saturated(self, z: Array, a: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        return z <= 0, np.zeros(a.shape, dtype=bool)


class Identity(Activation):
    """σ(z) = z."""

    name = "identity"

    def value(self, z: Array) -> Array:
        return z.copy()

    def prime(self, z: Array, a: Array) -> Array:
        return np.ones_like(a)


class Softmax(Activation):
    """a_j = e^(z_j) / Σ_i e^(z_i) over the units of a layer; only at the output.

    Its derivative is a matrix per example; `prime` gives the diagonal a_j (1 − a_j), which is
    what the diagnostics show. BP1 does not need it: with cross-entropy δ^L = a − y.
    """

    name = "softmax"

    def value(self, z: Array) -> Array:
        e = np.exp(z - z.real.max(axis=0))
        return np.asarray(e / e.sum(axis=0))

    def prime(self, z: Array, a: Array) -> Array:
        return np.asarray(a * (1 - a))

    def saturated(self, z: Array, a: Array) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        return a < SATURATED_LOW, a > SATURATED_HIGH


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation for activation in (Sigmoid(), Tanh(), ReLU(), Identity(), Softmax())
}


def activation(name: str) -> Activation:
    """The activation of that name; ValueError lists the known ones."""
    if name not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}; got {name!r}")
    return ACTIVATIONS[name]
