"""Any optimiser at work on a training set, by the ask/tell protocol.

The counterpart of `engine.descent` for methods that have no recorded calls.
"""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.backprop import backprop
from engine.costs import Cost
from engine.network import CHUNK, Network
from engine.optimizer import Optimizer
from engine.population import PopulationCost
from engine.rule import Done

Array = NDArray[Any]


class AskTell:
    """Holds the training set and the optimiser, and evaluates what the optimiser asks for.

    A method that needs the same cost at every evaluation (`Optimizer.whole`) is given all of X and
    Y each time, the others the mini-batches of the order.

    Parameters
    ----------
    X, Y
        The training set, (m, n_0) and (m, n_L).
    rng
        What the optimiser draws with.
    """

    def __init__(
        self,
        network: Network,
        cost: Cost,
        X: Array,
        Y: Array,
        optimizer: Optimizer,
        rng: np.random.Generator,
    ) -> None:
        self._network, self._cost, self._optimizer = network, cost, optimizer
        self._X, self._Y = X.astype(network.dtype), Y.astype(network.dtype)
        self._mask = network.weight_mask()
        self._rng = rng
        self._costs = (
            None if optimizer.needs_gradient else PopulationCost(network, cost, self._X, self._Y)
        )
        self._everything = np.arange(len(X))
        self._order: Array = self._everything
        self._kept: dict[str, Array] = {}

    def load(self, theta: Array) -> None:
        """Begin at θ."""
        self._optimizer.start(theta, self._mask, self._rng)

    def store(self, theta: Array) -> None:
        """Write the best θ so far into `theta`."""
        theta[...] = self._optimizer.best()

    def set_parameter(self, index: int, value: float) -> None:
        """θ[index] ← value. The method begins anew there, since it remembers costs of other θ."""
        theta = self._optimizer.best().copy()
        theta[index] = value
        self.load(theta)

    def asked(self, theta: Array) -> None:
        """Write the first point that is asked for into `theta`."""
        theta[...] = self._optimizer.ask()[0]

    def keep(self) -> None:
        """Remember the optimiser as it is now, for `go_back`."""
        if self._optimizer.needs_gradient:
            self._kept = self._optimizer.state()

    def go_back(self) -> None:
        """Be again what was kept last."""
        self._optimizer.restore(self._kept)

    def finite(self) -> bool:
        """Whether all parameters are finite numbers, and those that a gradient is wanted of."""
        optimizer = self._optimizer
        if not np.isfinite(optimizer.best()).all():
            return False
        return not optimizer.needs_gradient or bool(np.isfinite(optimizer.ask()).all())

    def set_order(self, order: Array) -> None:
        """The order of the examples in this epoch, a permutation of 0…m−1."""
        self._order = order

    def run(
        self, start: int, stop: int, k: int, eta: float, alpha_over_m: float, budget: float = inf
    ) -> Done:
        """The updates over the examples start…stop of the order, k at a time; none is begun once
        `budget` evaluations are made. For a method that sees all examples at every update, start,
        stop and k count updates.
        """
        updates, evaluations = 0, 0
        for first in range(start, stop, k):
            if evaluations >= budget:
                break
            whole = self._optimizer.whole
            rows = self._everything if whole else self._order[first : min(first + k, stop)]
            evaluations += self._update(rows, eta, alpha_over_m)
            updates += 1
        return Done(updates, evaluations)

    def _update(self, rows: Array, eta: float, alpha_over_m: float) -> int:
        """One update on these examples; return how many points were evaluated."""
        points = self._optimizer.ask()
        if self._costs is not None:
            self._optimizer.tell(self._costs.costs(points, alpha_over_m), None, eta, alpha_over_m)
            return len(points)
        J, gradient = np.empty(len(points)), np.empty_like(points)
        for i, theta in enumerate(points):
            J[i], gradient[i] = self._cost_and_gradient(theta, rows)
        J += alpha_over_m / 2 * (points * points * self._mask).sum(axis=1)
        self._optimizer.tell(J, gradient, eta, alpha_over_m)
        return len(points)

    def _cost_and_gradient(self, theta: Array, rows: Array) -> tuple[float, Array]:
        """C₀ and ∇C₀ over these examples, by parts that stay in cache."""
        total, gradient = 0.0, np.zeros_like(theta)
        for first in range(0, len(rows), CHUNK):
            part = rows[first : first + CHUNK]
            x, y = self._X[part].T, self._Y[part].T
            result = backprop(self._network, theta, x, y, self._cost)
            total += float(result.total_cost)
            gradient += result.gradient * (len(part) / len(rows))
        return total / len(rows), gradient

    def state(self) -> dict[str, Array]:
        return self._optimizer.state()

    def restore(self, state: dict[str, Array]) -> None:
        self._optimizer.restore(state)
