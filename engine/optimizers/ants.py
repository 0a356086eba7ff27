"""Ant colony optimisation for continuous domains, ACO_R."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.check import require
from engine.optimizer import Figure
from engine.optimizers.search import Search, diversity, first_points

Array = NDArray[Any]


class Ants(Search):
    """New solutions are drawn around those of an archive of the best, the better the more often.

    The archive holds the k best solutions s_1, …, s_k found so far, s_1 the best. An ant

    1. chooses the solution s_l with probability ω_l / Σ ω,
       ω_l = 1/(q k √(2π)) · e^(−(l − 1)²/(2 q² k²)),
    2. draws every coordinate i of a new solution from N(s_l^i, σ_l^i),
       σ_l^i = ξ Σ_e |s_e^i − s_l^i| / (k − 1).

    After `population` ants the archive keeps the k best of old and new (Socha and Dorigo 2008,
    equations 2 to 4). Their rotation of the coordinates (section 3.3) is left out: it takes time
    that grows with the third power of the number of parameters.

    Parameters
    ----------
    archive
        k ≥ 2, solutions remembered; as many are evaluated at first.
    population
        New solutions between two looks at the archive, at least 1.
    q
        > 0: the smaller, the more the best of the archive are preferred.
    xi
        ξ > 0: the larger, the farther from s_l the ants look, and the slower the archive contracts.
    spread
        Deviation > 0 of the first solutions around θ.
    """

    name = "ants"
    epoch_word = "iteration"
    sizes = ("archive",)
    figures = (
        Figure(
            "archive_spread",
            "archive spread",
            log=True,
            help="Mean distance of the solutions in the archive from their centroid",
        ),
        Figure(
            "deviation",
            "deviation σ",
            log=True,
            help="Mean σ of the Gaussians that new solutions are drawn from",
        ),
    )

    def __init__(
        self,
        archive: int = 50,
        population: int = 10,
        q: float = 0.1,
        xi: float = 0.85,
        spread: float = 1.0,
    ) -> None:
        super().__init__()
        require("optimizer.archive", archive, whole=True, at_least=2)
        require("optimizer.population", population, whole=True, at_least=1)
        require("optimizer.q", q, above=0)
        require("optimizer.xi", xi, above=0)
        require("optimizer.spread", spread, above=0)
        self.points, self.first_points = population, archive
        self.archive, self.population = archive, population
        self.q, self.xi, self.spread = q, xi, spread
        self._solutions: Array = np.empty((0, 0))
        """The archive, best first; empty until the first costs are told."""

    @property
    def weights(self) -> Array:
        """ω_1 … ω_k over their sum: the probability that s_l is chosen."""
        width = self.q * self.archive
        with np.errstate(over="ignore"):
            omega = np.exp(-((np.arange(self.archive) / width) ** 2) / 2)
        # the factor 1/(q k √(2π)) goes out with the sum
        return np.asarray(omega / omega.sum())

    def deviations(self, chosen: Array) -> Array:
        """σ_l of the chosen solutions, indices (n,) from 0: (n, d)."""
        s = self._solutions
        # the best are chosen again and again
        different, which = np.unique(chosen, return_inverse=True)
        distances = np.empty((len(different), s.shape[1]))
        apart = np.empty_like(s)
        for l, out in zip(different, distances, strict=True):
            np.subtract(s, s[l], out=apart)
            np.abs(apart, out=apart)
            apart.sum(axis=0, out=out)
        return np.asarray(self.xi / (self.archive - 1) * distances[which])

    @property
    def mean_deviation(self) -> float:
        """The mean of all σ_l^i, by Σ_(l, e) |s_e − s_l| = 2 Σ_j (2j − k − 1) s_(j), the s sorted
        along every coordinate: in the time of k solutions, not of k²."""
        k, d = self._solutions.shape
        # sums of differences from one of them, since the coefficients' own sum is 0
        ordered = np.sort(self._solutions - self._solutions[0], axis=0)
        pairs = 2 * float(((2 * np.arange(1, k + 1) - k - 1.0) @ ordered).sum())
        return float(self.xi / (k - 1) * pairs / (k * d))

    def _begin(self, theta: Array) -> Array:
        self._solutions = np.empty((0, theta.size))
        return first_points(theta, self.spread, self.archive, self._rng)

    def _next(self, J: Array) -> Array:
        solutions = np.concatenate((self._solutions, self._points))
        costs = np.concatenate((self._costs, J))
        kept = costs.argsort(kind="stable")[: self.archive]
        self._solutions, self._costs = solutions[kept], costs[kept]
        chosen = self._rng.choice(self.archive, self.population, p=self.weights)
        noise = self._rng.standard_normal((self.population, solutions.shape[1]))
        return self._solutions[chosen] + self.deviations(chosen) * noise

    def _known(self) -> tuple[Array, Array]:
        return self._solutions, self._costs

    def _figures(self) -> tuple[float, ...]:
        if not len(self._solutions):
            return np.nan, np.nan
        return diversity(self._solutions), self.mean_deviation

    def _memory(self) -> dict[str, Array]:
        return {"solutions": self._solutions.copy()}

    def _remember(self, memory: dict[str, Array]) -> None:
        self._solutions = memory["solutions"].copy()
