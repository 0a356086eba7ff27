"""A genetic algorithm on real numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.check import require
from engine.optimizer import Figure
from engine.optimizers.search import Search, diversity, first_points, require_one_of

Array = NDArray[Any]

CROSSOVERS = ("blend", "simulated-binary")


class Genetic(Search):
    """A population of θ breeds the next: tournament, crossover, mutation, elitism.

    One generation:

    1. The `elite` best go on unchanged. The cost is a fixed function, so they are not evaluated
       again: the first generation costs `population` evaluations, every other `population` −
       `elite`.
    2. Parents are had by tournament: of `tournament` individuals drawn at random the best (Goldberg
       and Deb 1991).
    3. Two parents x, y have two children, gene by gene with a γ or β drawn anew:

       - blend, BLX-α (Eshelman and Schaffer 1993): (1 − γ) x + γ y and γ x + (1 − γ) y with γ
         uniform in [−α, 1 + α];
       - simulated binary (Deb and Agrawal 1995): ½[(1 + β) x + (1 − β) y] and
         ½[(1 − β) x + (1 + β) y] with β = (2u)^(1/(η_c + 1)) for u ≤ ½ and
         (1/(2 − 2u))^(1/(η_c + 1)) for u > ½, u uniform in [0, 1).

       With probability 1 − `crossover_rate` the children are copies of their parents.
    4. Every gene of a child is moved, with probability `mutation_rate`, by σ N(0, 1). In
       generation t = 0, 1, … σ = max(`sigma_end`, `sigma` · `sigma_decay`^t).

    Parameters
    ----------
    population
        Individuals of a generation, at least 2.
    spread
        Deviation > 0 of the first individuals around θ.
    elite
        How many of the best go on unchanged, ≥ 0 and below `population`.
    tournament
        Individuals of a tournament, 1 (no selection) … `population`.
    crossover
        "blend" or "simulated-binary".
    crossover_rate
        Probability of a crossover, 0 … 1.
    blend
        α ≥ 0 of the blend: how far beyond the parents their children may lie, in units of the
        parents' distance.
    index
        η_c ≥ 0 of the simulated binary crossover: the larger, the nearer to the parents.
    mutation_rate
        Probability, 0 … 1, that a gene is moved.
    sigma
        Deviation σ > 0 of the first mutations.
    sigma_end
        What σ does not fall below, > 0 and at most `sigma`.
    sigma_decay
        Factor on σ from one generation to the next, > 0 and ≤ 1.
    """

    name = "genetic"
    epoch_word = "generation"
    sizes = ("population", "elite")
    figures = (
        Figure(
            "diversity",
            "diversity",
            log=True,
            help="Mean distance of the individuals from their centroid",
        ),
        Figure("sigma", "mutation σ", log=True, help="Deviation of a mutated gene"),
    )

    def __init__(
        self,
        population: int = 50,
        spread: float = 1.0,
        elite: int = 2,
        tournament: int = 3,
        crossover: str = "blend",
        crossover_rate: float = 0.9,
        blend: float = 0.5,
        index: float = 15.0,
        mutation_rate: float = 0.1,
        sigma: float = 0.3,
        sigma_end: float = 0.01,
        sigma_decay: float = 0.99,
    ) -> None:
        super().__init__()
        require("optimizer.population", population, whole=True, at_least=2)
        require("optimizer.spread", spread, above=0)
        require("optimizer.elite", elite, whole=True, at_least=0, below=population)
        require("optimizer.tournament", tournament, whole=True, at_least=1, at_most=population)
        require_one_of("optimizer.crossover", crossover, CROSSOVERS)
        require("optimizer.crossover_rate", crossover_rate, at_least=0, at_most=1)
        require("optimizer.blend", blend, at_least=0)
        require("optimizer.index", index, at_least=0)
        require("optimizer.mutation_rate", mutation_rate, at_least=0, at_most=1)
        require("optimizer.sigma", sigma, above=0)
        require("optimizer.sigma_end", sigma_end, above=0, at_most=sigma)
        require("optimizer.sigma_decay", sigma_decay, above=0, at_most=1)
        self.points, self.first_points = population - elite, population
        self.population, self.spread = population, spread
        self.elite, self.tournament = elite, tournament
        self.crossover, self.crossover_rate = crossover, crossover_rate
        self.blend, self.index = blend, index
        self.mutation_rate = mutation_rate
        self.sigma, self.sigma_end, self.sigma_decay = sigma, sigma_end, sigma_decay
        self._generation = 0
        self._elites: Array = np.empty((0, 0))
        self._elite_costs: Array = np.empty(0)

    def _begin(self, theta: Array) -> Array:
        self._generation = 0
        self._elites, self._elite_costs = np.empty((0, theta.size)), np.empty(0)
        return first_points(theta, self.spread, self.population, self._rng)

    def _next(self, J: Array) -> Array:
        individuals = np.concatenate((self._elites, self._points))
        self._costs = np.concatenate((self._elite_costs, J))
        best = self._costs.argsort(kind="stable")[: self.elite]
        self._elites, self._elite_costs = individuals[best], self._costs[best]
        count = self.population - self.elite
        pairs = -(-count // 2)
        x = individuals[self._winners(pairs)]
        y = individuals[self._winners(pairs)]
        children = np.concatenate(self._crossed(x, y))[:count]
        self._mutate(children)
        self._generation += 1
        return children

    def _known(self) -> tuple[Array, Array]:
        return self._elites, self._elite_costs

    def _winners(self, count: int) -> Array:
        """Indices of the winners of so many tournaments."""
        entrants = self._rng.integers(self.population, size=(count, self.tournament))
        best = self._costs[entrants].argmin(axis=1)
        return np.asarray(entrants[np.arange(count), best])

    def _crossed(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Two children of each pair of parents, (pairs, d) each."""
        u = self._rng.random(x.shape)
        if self.crossover == "blend":
            gamma = (1 + 2 * self.blend) * u - self.blend
        else:
            # (1 + β)/2 and (1 − β)/2 are 1 − γ and γ too
            beta = np.where(u <= 0.5, 2 * u, 1 / (2 - 2 * u)) ** (1 / (self.index + 1))
            gamma = (1 - beta) / 2
        gamma[self._rng.random(len(x)) >= self.crossover_rate] = 0
        return (1 - gamma) * x + gamma * y, gamma * x + (1 - gamma) * y

    def _mutate(self, children: Array) -> None:
        moved = self._rng.random(children.shape) < self.mutation_rate
        children += moved * (self._sigma * self._rng.standard_normal(children.shape))

    @property
    def _sigma(self) -> float:
        return max(self.sigma_end, self.sigma * self.sigma_decay**self._generation)

    def _figures(self) -> tuple[float, ...]:
        return diversity(np.concatenate((self._elites, self._points))), self._sigma

    def _memory(self) -> dict[str, Array]:
        return {
            "generation": np.array(self._generation),
            "elites": self._elites.copy(),
            "elite_costs": self._elite_costs.copy(),
        }

    def _remember(self, memory: dict[str, Array]) -> None:
        self._generation = int(memory["generation"])
        self._elites = memory["elites"].copy()
        self._elite_costs = memory["elite_costs"].copy()
