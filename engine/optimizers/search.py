"""What all methods without gradient have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.optimizer import Optimizer
from engine.random_state import random_state, set_random_state
from engine.snapshot import SearchSnapshot

Array = NDArray[Any]


class Search(Optimizer):
    """Looks for the least cost by trying points; final classes say which points to try.

    Points and costs are kept in float64, whatever the precision of θ; what is asked for has that
    of θ. The next points are drawn as soon as the last costs are told, so that a search may be
    stopped and resumed at any moment. A cost that is NaN or ±∞ counts as +∞, and so does that of a
    point which the precision of θ cannot hold.
    """

    needs_gradient = False
    whole = True

    def __init__(self) -> None:
        self._rng = np.random.default_rng(0)
        self._dtype: np.dtype[Any] = np.dtype(np.float64)
        self._points: Array = np.empty((0, 0))
        """Asked for next, (k, d)."""
        self._costs: Array = np.empty(0)
        """Of the population, for its mean and spread; set by `_next`."""
        self._best: Array = np.empty(0)
        self._best_cost = np.inf
        self._mask: Array = np.empty(0)
        self._alpha_over_m = np.nan
        """Of the L2 term in the costs that are known; NaN before any is."""

    @abstractmethod
    def _begin(self, theta: Array) -> Array:
        """Forget what was; the first points, θ (d,) among them."""

    @abstractmethod
    def _next(self, J: Array) -> Array:
        """The points to ask for once the cost of ``_points`` is known to be J (k,)."""

    @abstractmethod
    def _known(self) -> tuple[Array, Array]:
        """The points (n, d) and their costs (n,) that later costs are compared with."""

    @abstractmethod
    def _figures(self) -> tuple[float, ...]:
        """The values of ``figures``, in their order."""

    @abstractmethod
    def _memory(self) -> dict[str, Array]:
        """What the method has to remember beside what is kept here."""

    @abstractmethod
    def _remember(self, memory: dict[str, Array]) -> None:
        """Go on from what `_memory` gave."""

    def start(self, theta: Array, mask: Array, rng: np.random.Generator) -> None:
        self._rng, self._dtype = rng, theta.dtype
        self._mask, self._alpha_over_m = mask, np.nan
        self._best, self._best_cost = theta.astype(np.float64), np.inf
        self._costs = np.empty(0)
        self._points = self._begin(self._best)

    def ask(self) -> Array:
        return self._points.astype(self._dtype, copy=False)

    def tell(self, J: Array, gradient: Array | None, eta: float, alpha_over_m: float) -> None:
        # a saturated network has a finite cost even where θ has left the numbers
        finite = np.isfinite(J) & np.isfinite(self.ask()).all(axis=1)
        J = np.where(finite, J, np.inf).astype(np.float64)
        if alpha_over_m != self._alpha_over_m:
            self._change_decay(alpha_over_m)
        self._see(self._points, J)
        self._points = self._next(J)

    def _see(self, points: Array, costs: Array) -> None:
        """Remember the best of them, if it is the best of all."""
        least = costs.argmin()
        if costs[least] < self._best_cost:
            self._best, self._best_cost = points[least].copy(), float(costs[least])

    def _change_decay(self, alpha_over_m: float) -> None:
        """Give the costs that are known the L2 term of another α; C₀ stays what it was."""
        change, self._alpha_over_m = alpha_over_m - self._alpha_over_m, alpha_over_m
        if np.isnan(change):
            # the first costs
            return
        points, costs = self._known()
        costs += change / 2 * ((points * points) @ self._mask)
        costs[~np.isfinite(costs)] = np.inf
        self._best_cost += change / 2 * float((self._best * self._best) @ self._mask)
        if costs.size:
            self._see(points, costs)

    def best(self) -> Array:
        return self._best.astype(self._dtype, copy=False)

    def state(self) -> dict[str, Array]:
        return {
            "points": self._points.copy(),
            "costs": self._costs.copy(),
            "best": self._best.copy(),
            "best_cost": np.array(self._best_cost),
            "alpha_over_m": np.array(self._alpha_over_m),
            "random": random_state(self._rng),
            **self._memory(),
        }

    def restore(self, state: dict[str, Array]) -> None:
        self._points, self._costs = state["points"].copy(), state["costs"].copy()
        self._best, self._best_cost = state["best"].copy(), float(state["best_cost"])
        self._alpha_over_m = float(state["alpha_over_m"])
        set_random_state(self._rng, state["random"])
        self._remember(state)

    def search(self) -> SearchSnapshot:
        finite = self._costs[np.isfinite(self._costs)]
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float(finite.mean()) if finite.size else np.nan
            spread = float(finite.std()) if finite.size else np.nan
            names = [figure.name for figure in self.figures]
            figures = tuple(zip(names, self._figures(), strict=True))
        best = self._best_cost if np.isfinite(self._best_cost) else np.nan
        return SearchSnapshot(best=best, mean=mean, spread=spread, figures=figures)


def first_points(theta: Array, spread: float, k: int, rng: np.random.Generator) -> Array:
    """θ itself, and k − 1 points θ + spread · N(0, 1) around it; (k, d)."""
    points = theta + spread * rng.standard_normal((k, theta.size))
    points[0] = theta
    return points


def diversity(points: Array) -> float:
    """Mean Euclidean distance of the points (k, d) from their centroid."""
    return float(np.linalg.norm(points - points.mean(axis=0), axis=1).mean())


def require_one_of(field: str, value: str, names: Sequence[str]) -> None:
    """ValueError unless ``value`` is one of the names."""
    if value not in names:
        raise ValueError(f"`{field}` must be one of {', '.join(names)}; got {value!r}")
