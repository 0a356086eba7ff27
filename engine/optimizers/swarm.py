"""Particle swarm optimisation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.check import require
from engine.optimizer import Figure
from engine.optimizers.search import Search, diversity, first_points, require_one_of

Array = NDArray[Any]

TOPOLOGIES = ("global", "ring")


class Swarm(Search):
    """Particles fly on, drawn to where they, and their neighbours, found the least cost.

    For each particle at x with velocity v, its own best place p and its neighbourhood's best g,

        v ← ω v + c₁ r₁ ⊙ (p − x) + c₂ r₂ ⊙ (g − x)
        x ← x + v

    with r₁, r₂ uniform in [0, 1) for every particle and coordinate, and every coordinate of v
    clamped to ±`velocity_limit` (Kennedy and Eberhart 1995; the inertia ω: Shi and Eberhart 1998).
    The defaults are the values at which Clerc and Kennedy (2002) show that a swarm contracts:
    ω = χ = 0.729 and c₁ = c₂ = 2.05 χ = 1.494. Particles start at rest (Engelbrecht 2012).

    Parameters
    ----------
    population
        Particles, at least 2.
    spread
        Deviation > 0 of the first particles around θ.
    inertia
        ω, ≥ 0 and < 1: the part of its velocity that a particle keeps.
    cognitive, social
        c₁ ≥ 0 and c₂ ≥ 0: how strongly it is drawn to its own best place, and to its
        neighbourhood's.
    velocity_limit
        The largest velocity > 0 along one coordinate.
    topology
        "global": all are neighbours. "ring": particles know only those beside them, in an order
        that never changes; news travels slowly, and the swarm settles later (Kennedy 1999).
    neighbours
        Of a ring: how many on each side, at least 1; from half the swarm on it is global.
    """

    name = "swarm"
    epoch_word = "iteration"
    sizes = ("population",)
    figures = (
        Figure(
            "diversity",
            "diversity",
            log=True,
            help="Mean distance of the particles from their centroid",
        ),
        Figure("speed", "speed ‖v‖", log=True, help="Mean length of the velocities"),
    )

    def __init__(
        self,
        population: int = 30,
        spread: float = 1.0,
        inertia: float = 0.729,
        cognitive: float = 1.494,
        social: float = 1.494,
        velocity_limit: float = 1.0,
        topology: str = "global",
        neighbours: int = 2,
    ) -> None:
        super().__init__()
        require("optimizer.population", population, whole=True, at_least=2)
        require("optimizer.spread", spread, above=0)
        require("optimizer.inertia", inertia, at_least=0, below=1)
        require("optimizer.cognitive", cognitive, at_least=0)
        require("optimizer.social", social, at_least=0)
        require("optimizer.velocity_limit", velocity_limit, above=0)
        require_one_of("optimizer.topology", topology, TOPOLOGIES)
        require("optimizer.neighbours", neighbours, whole=True, at_least=1)
        self.points, self.first_points = population, population
        self.population, self.spread = population, spread
        self.inertia, self.cognitive, self.social = inertia, cognitive, social
        self.velocity_limit = velocity_limit
        self.topology, self.neighbours = topology, neighbours
        self._v: Array = np.empty((0, 0))
        self._p: Array = np.empty((0, 0))
        self._p_costs: Array = np.empty(0)

    def _begin(self, theta: Array) -> Array:
        x = first_points(theta, self.spread, self.population, self._rng)
        self._v = np.zeros_like(x)
        self._p, self._p_costs = x.copy(), np.full(len(x), np.inf)
        return x

    def _next(self, J: Array) -> Array:
        x, p = self._points, self._p
        self._costs = J
        improved = np.flatnonzero(self._p_costs > J)
        p[improved], self._p_costs[improved] = x[improved], J[improved]
        g = p[self._leaders()]
        r1, r2 = self._rng.random(x.shape), self._rng.random(x.shape)
        v = self.inertia * self._v + self.cognitive * r1 * (p - x) + self.social * r2 * (g - x)
        self._v = v.clip(-self.velocity_limit, self.velocity_limit)
        return x + self._v

    def _known(self) -> tuple[Array, Array]:
        return self._p, self._p_costs

    def _leaders(self) -> Array:
        """For each particle the neighbour (itself among them) that found the least cost."""
        k = self.population
        reach = min(self.neighbours, k // 2)
        if self.topology == "global" or 2 * reach + 1 >= k:
            return np.full(k, self._p_costs.argmin())
        ring = (np.arange(k)[:, None] + np.arange(-reach, reach + 1)) % k
        best = self._p_costs[ring].argmin(axis=1)
        return np.asarray(ring[np.arange(k), best])

    def _figures(self) -> tuple[float, ...]:
        return diversity(self._points), float(np.linalg.norm(self._v, axis=1).mean())

    def _memory(self) -> dict[str, Array]:
        return {"v": self._v.copy(), "p": self._p.copy(), "p_costs": self._p_costs.copy()}

    def _remember(self, memory: dict[str, Array]) -> None:
        self._v, self._p = memory["v"].copy(), memory["p"].copy()
        self._p_costs = memory["p_costs"].copy()
