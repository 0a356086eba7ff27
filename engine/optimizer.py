"""The protocol of every optimiser (ask and tell), and plain gradient descent."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.schedule import Schedule

Array = NDArray[Any]


class Optimizer(ABC):
    """Looks for the θ of least cost without knowing where costs and gradients come from.

    ``start`` once, then in turn: ``ask`` for points, evaluate the cost (and the gradient, where
    ``needs_gradient``) there, ``tell`` the results.
    """

    name: str
    needs_gradient: bool
    eta: float = 0.0
    """Learning rate η; 0 for methods that have none."""
    schedule: Schedule = Schedule()
    """How η changes over the epochs."""

    @abstractmethod
    def start(self, theta: Array) -> None:
        """Begin at θ (d,)."""

    @abstractmethod
    def ask(self) -> Array:
        """The points to evaluate next, (k, d)."""

    @abstractmethod
    def tell(self, J: Array, gradient: Array | None, eta: float, decay: Array) -> None:
        """Costs J (k,) with their L2 term, and gradients (k, d) of the bare cost C₀, at the points
        asked for; `eta` is the learning rate of this update, `decay` (d,) holds α/m for weights
        and 0 for biases."""

    @abstractmethod
    def best(self) -> Array:
        """The θ (d,) to use now."""

    @abstractmethod
    def state(self) -> dict[str, Array]:
        """All that is needed to go on exactly, as arrays."""

    @abstractmethod
    def restore(self, state: dict[str, Array]) -> None:
        """Go on from what `state` gave."""


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

    def __init__(self, eta: float, schedule: Schedule | None = None) -> None:
        check_eta(eta)
        self.eta = float(eta)
        self.schedule = schedule or Schedule()
        self._theta: Array = np.empty(0)

    def start(self, theta: Array) -> None:
        self._theta = theta.copy()

    def ask(self) -> Array:
        return self._theta[None, :]

    def tell(self, J: Array, gradient: Array | None, eta: float, decay: Array) -> None:
        assert gradient is not None
        self._theta *= 1 - eta * decay
        self._theta -= eta * gradient[0]

    def best(self) -> Array:
        return self._theta

    def state(self) -> dict[str, Array]:
        return {"theta": self._theta.copy()}

    def restore(self, state: dict[str, Array]) -> None:
        self._theta = state["theta"].copy()


def check_eta(eta: float) -> None:
    """ValueError unless η is a finite number above 0."""
    if not (np.isfinite(eta) and eta > 0):
        raise ValueError(f"`optimizer.eta` must be > 0 and finite; got {eta}")


def check_alpha(alpha: float) -> None:
    """ValueError unless α is a finite number of at least 0."""
    if not (np.isfinite(alpha) and alpha >= 0):
        raise ValueError(f"`regularisation.alpha` must be ≥ 0 and finite; got {alpha}")
