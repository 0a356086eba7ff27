"""Any optimiser at work on a training set, by the ask/tell protocol.

The counterpart of `engine.descent` for methods that have no recorded plan.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.backprop import backprop
from engine.costs import Cost
from engine.network import Network
from engine.optimizer import Optimizer

Array = NDArray[Any]


class AskTell:
    """Holds the training set and the optimiser, and evaluates what the optimiser asks for.

    Parameters
    ----------
    X, Y
        The training set, (m, n_0) and (m, n_L).
    """

    def __init__(
        self, network: Network, cost: Cost, X: Array, Y: Array, optimizer: Optimizer
    ) -> None:
        self._network, self._cost, self._optimizer = network, cost, optimizer
        self._X, self._Y = X.astype(network.dtype), Y.astype(network.dtype)
        self.m = len(X)
        self._mask = network.weight_mask()
        self._order: Array = np.arange(self.m)
        self._kept: Array = np.empty(0)
        self._rng = np.random.default_rng(0)

    def load(self, theta: Array) -> None:
        """Begin at θ."""
        self._optimizer.start(theta, self._mask, self._rng)

    def store(self, theta: Array) -> None:
        """Write the best θ so far into `theta`."""
        theta[...] = self._optimizer.best()

    def keep(self) -> None:
        """Remember θ as it is now, for `store_kept`."""
        self._kept = self._optimizer.best().copy()

    def store_kept(self, theta: Array) -> None:
        """Write the θ last kept into `theta`."""
        theta[...] = self._kept

    def finite(self) -> bool:
        """Whether all parameters are finite numbers."""
        return bool(np.isfinite(self._optimizer.best()).all())

    def set_order(self, order: Array) -> None:
        """The order of the examples in this epoch, a permutation of 0…m−1."""
        self._order = order

    def run(self, start: int, stop: int, k: int, eta: float, alpha_over_m: float) -> None:
        """The updates over the examples start…stop of the order, k at a time."""
        for first in range(start, stop, k):
            rows = self._order[first : min(first + k, stop)]
            self._update(self._X[rows].T, self._Y[rows].T, eta, alpha_over_m)

    def _update(self, x: Array, y: Array, eta: float, alpha_over_m: float) -> None:
        """One update: the regularised cost, and ∇C₀, of every point asked for."""
        points = self._optimizer.ask()
        results = [backprop(self._network, theta, x, y, self._cost) for theta in points]
        C0 = np.array([result.total_cost / x.shape[1] for result in results])
        J = C0 + alpha_over_m / 2 * (points * points * self._mask).sum(axis=1)
        gradient = np.array([result.gradient for result in results])
        self._optimizer.tell(J, gradient, eta, alpha_over_m)

    def state(self) -> dict[str, Array]:
        return self._optimizer.state()

    def restore(self, state: dict[str, Array]) -> None:
        self._optimizer.restore(state)
