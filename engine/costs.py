"""Cost functions C and their output error δ^L (BP1).

Arrays are feature-major: z^L, a^L and y are (n_L, k). `total` sums over the k examples; the
mean over a set, and the L2 term, are the evaluation's business. Both costs are computed so
that they are finite for every finite z.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation

Array = NDArray[Any]


class Cost(ABC):
    """One cost function; stateless."""

    name: str
    outputs: tuple[str, ...]
    """Activations of the output layer that this cost may be used with."""

    @abstractmethod
    def total(self, z: Array, a: Array, y: Array, output: Activation) -> Any:
        """Σ over the examples of C_x, a scalar."""

    @abstractmethod
    def delta(self, z: Array, a: Array, y: Array, output: Activation) -> Array:
        """BP1: δ^L = ∇_a C ⊙ σ'(z^L), per example, (n_L, k)."""

    def check(self, output: str) -> None:
        """ValueError where the cost does not go with that output activation."""
        if output not in self.outputs:
            raise ValueError(
                f"`training.cost` = {self.name!r} needs `network.output` to be one of "
                f"{', '.join(self.outputs)}; got {output!r}"
            )


class Quadratic(Cost):
    """C_x = ½‖y − a^L‖²."""

    name = "quadratic"
    outputs = ("sigmoid", "tanh", "relu", "identity")

    def total(self, z: Array, a: Array, y: Array, output: Activation) -> Any:
        return ((a - y) ** 2).sum() / 2

    def delta(self, z: Array, a: Array, y: Array, output: Activation) -> Array:
        return (a - y) * output.prime(z, a)


class CrossEntropy(Cost):
    """C_x = −Σ [y ln a + (1−y) ln(1−a)] for sigmoid outputs, −Σ y ln a for softmax.

    In terms of z: Σ [ln(1 + e^z) − y z], and ln Σ e^z − Σ y z. The σ' of the output cancels,
    so δ^L = a − y for both.
    """

    name = "cross-entropy"
    outputs = ("sigmoid", "softmax")

    def total(self, z: Array, a: Array, y: Array, output: Activation) -> Any:
        if output.name == "softmax":
            top = z.real.max(axis=0)
            return (top + np.log(np.exp(z - top).sum(axis=0)) - (y * z).sum(axis=0)).sum()
        # ln(1 + e^z) = max(z, 0) + ln(1 + e^(−|z|))
        positive, minus_size = np.where(z.real > 0, z, 0), np.where(z.real > 0, -z, z)
        return (positive + np.log1p(np.exp(minus_size)) - y * z).sum()

    def delta(self, z: Array, a: Array, y: Array, output: Activation) -> Array:
        return a - y


COSTS: dict[str, Cost] = {cost.name: cost for cost in (Quadratic(), CrossEntropy())}


def cost(name: str) -> Cost:
    """The cost of that name; ValueError lists the known ones."""
    if name not in COSTS:
        raise ValueError(f"`training.cost` must be one of {', '.join(COSTS)}; got {name!r}")
    return COSTS[name]
