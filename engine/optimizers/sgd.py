"""Plain gradient descent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.optimizer import Optimizer, check_eta
from engine.schedule import Schedule

Array = NDArray[Any]


class GradientDescent(Optimizer):
    """θ ← θ − η ∇C, with ∇C = ∇C₀ + (α/m) w for weights: w ← (1 − ηα/m) w − η ∂C₀/∂w.

    Batch, stochastic and mini-batch descent differ only in the examples the gradient is
    averaged over, which is the trainer's business.

    Parameters
    ----------
    eta
        Learning rate η > 0.
    schedule
        How η changes over the epochs.
    """

    name = "sgd"
    needs_gradient = True

    def __init__(self, eta: float = 0.5, schedule: Schedule | None = None) -> None:
        check_eta(eta)
        self.eta = float(eta)
        self.schedule = schedule or Schedule()
        self._theta: Array = np.empty(0)
        self._mask: Array = np.empty(0)

    def start(self, theta: Array, mask: Array, rng: np.random.Generator) -> None:
        self._theta, self._mask = theta.copy(), mask

    def ask(self) -> Array:
        return self._theta[None, :]

    def tell(self, J: Array, gradient: Array | None, eta: float, alpha_over_m: float) -> None:
        assert gradient is not None
        self._theta *= 1 - eta * alpha_over_m * self._mask
        self._theta -= eta * gradient[0]

    def best(self) -> Array:
        return self._theta

    def state(self) -> dict[str, Array]:
        return {"theta": self._theta.copy()}

    def restore(self, state: dict[str, Array]) -> None:
        self._theta = state["theta"].copy()
