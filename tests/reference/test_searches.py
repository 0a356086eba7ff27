"""Searches without gradient against pyswarms, mealpy and DEAP."""

import random

import numpy as np
import pytest

from engine.optimizers.ants import Ants
from engine.optimizers.genetic import Genetic
from engine.optimizers.swarm import Swarm

pytestmark = pytest.mark.reference


def started(search, theta, seed=0):
    search.start(np.asarray(theta, float), np.ones(len(theta)), np.random.default_rng(seed))
    return search


def rastrigin(points):
    return (10 + points**2 - 10 * np.cos(2 * np.pi * points)).sum(axis=1)


@pytest.mark.parametrize("limit", [1e9, 0.4])
@pytest.mark.parametrize("parameters", [{}, {"inertia": 0.4, "cognitive": 2.1, "social": 0.7}])
def test_velocities_equal_those_of_pyswarms(parameters, limit, monkeypatch, tmp_path):
    # it writes a report.log where it is imported
    monkeypatch.chdir(tmp_path)
    pytest.importorskip("pyswarms", reason="pyswarms is not installed (the `reference` extra)")
    from pyswarms.backend.handlers import VelocityHandler
    from pyswarms.backend.operators import compute_pbest, compute_velocity
    from pyswarms.backend.swarms import Swarm as Peer
    from pyswarms.backend.topology import Star

    ours = started(Swarm(population=12, velocity_limit=limit, **parameters), [3.0, -2.0, 1.0, 4.0])
    options = {"w": ours.inertia, "c1": ours.cognitive, "c2": ours.social}
    x = ours.ask()
    peer = Peer(position=x, velocity=np.zeros_like(x), options=options)
    peer.pbest_pos, peer.pbest_cost = x.copy(), np.full(12, np.inf)
    same = np.random.default_rng(0)
    clamped = 0
    for _ in range(30):
        # the generator of theirs stands where ours does
        same.bit_generator.state = ours._rng.bit_generator.state
        monkeypatch.setattr(np.random, "uniform", same.uniform)
        J = rastrigin(ours.ask())
        peer.position, peer.current_cost = ours.ask().copy(), J
        peer.pbest_pos, peer.pbest_cost = compute_pbest(peer)
        peer.best_pos, peer.best_cost = Star().compute_gbest(peer)
        peer.velocity = compute_velocity(peer, (-limit, limit), VelocityHandler("unmodified"))
        clamped += (np.abs(peer.velocity) == limit).sum()
        before = ours.ask().copy()
        ours.tell(J, None, 0.0, 0.0)
        assert np.allclose(ours.ask() - before, peer.velocity, rtol=1e-12, atol=1e-13)
        assert np.allclose(ours.best(), peer.best_pos, rtol=1e-15)
    assert (clamped > 0) == (limit < 1)


@pytest.mark.parametrize(("q", "xi"), [(0.1, 0.85), (0.5, 1.0), (0.02, 2.3)])
def test_weights_and_deviations_equal_those_of_mealpy(q, xi):
    mealpy = pytest.importorskip("mealpy", reason="mealpy is not installed (the `reference` extra)")
    k, n = 9, 4
    ours = started(Ants(archive=k, population=5, q=q, xi=xi), [1.0, -2.0, 0.5, 3.0])
    ours.tell(rastrigin(ours.ask()), None, 0.0, 0.0)
    solutions = ours.state()["solutions"]

    class Watched(mealpy.ACOR.OriginalACOR):
        """Keeps what its own step chooses by and what it draws, and takes one choice for all."""

        chosen = 0

        def get_index_roulette_wheel_selection(self, list_fitness):
            self.probabilities = list_fitness
            return self.chosen

        def generate_empty_agent(self, solution=None):
            self.drawn = solution
            return super().generate_empty_agent(solution)

    class Ones:
        """In place of N(0, 1): then the step's new solutions are s_l + σ_l."""

        def normal(self):
            return 1.0

    problem = {
        "bounds": mealpy.FloatVar(lb=[-1e3] * n, ub=[1e3] * n),
        "obj_func": lambda solution: float(rastrigin(solution[None, :])[0]),
        "minmax": "min",
        "log_to": None,
    }
    peer = Watched(epoch=1, pop_size=k, sample_count=2, intent_factor=q, zeta=xi)
    peer.solve(problem, seed=1)
    for l in range(k):
        peer.pop = [peer.generate_agent(solution) for solution in solutions]
        peer.generator, peer.chosen = Ones(), l
        peer.evolve(1)
        sigma = ours.deviations(np.array([l]))[0]
        assert np.allclose(peer.drawn - solutions[l], sigma, rtol=1e-10)
        assert np.allclose(peer.probabilities, ours.weights, rtol=1e-12)


def deap_best(crossover, n, evaluations, seed):
    """The least cost on the sphere that DEAP's operators find."""
    from deap import base, creator, tools

    if not hasattr(creator, "Least"):
        creator.create("Least", base.Fitness, weights=(-1.0,))
        creator.create("Individual", list, fitness=creator.Least)
    random.seed(seed)
    size, elite, sigma = 50, 2, 0.3
    best, spent = np.inf, 0

    def evaluated(individuals):
        nonlocal best, spent
        for individual in individuals:
            cost = sum(gene * gene for gene in individual)
            individual.fitness.values = (cost,)
            best, spent = min(best, cost), spent + 1
        return individuals

    first = [[2 + random.gauss(0, 1) * (i > 0) for _ in range(n)] for i in range(size)]
    population = evaluated([creator.Individual(genes) for genes in first])
    while spent < evaluations:
        chosen = tools.selTournament(population, size - elite, tournsize=3)
        children = [creator.Individual(individual) for individual in chosen]
        for x, y in zip(children[::2], children[1::2]):
            if random.random() < 0.9:
                if crossover == "blend":
                    tools.cxBlend(x, y, alpha=0.5)
                else:
                    tools.cxSimulatedBinary(x, y, eta=15)
        for child in children:
            tools.mutGaussian(child, mu=0, sigma=sigma, indpb=0.1)
        sigma = max(0.01, 0.99 * sigma)
        population = tools.selBest(population, elite) + evaluated(children)
    return best


def our_best(crossover, n, evaluations, seed):
    ours = started(Genetic(crossover=crossover), np.full(n, 2.0), seed)
    spent = 0
    while spent < evaluations:
        x = ours.ask()
        spent += len(x)
        ours.tell((x * x).sum(axis=1), None, 0.0, 0.0)
    return ours.search().best


@pytest.mark.parametrize("crossover", ["blend", "simulated-binary"])
def test_the_genetic_algorithm_is_as_good_as_deap(crossover):
    pytest.importorskip("deap", reason="DEAP is not installed (the `reference` extra)")
    ours, theirs = (
        np.median([best(crossover, 10, 5_000, seed) for seed in range(20)])
        for best in (our_best, deap_best)
    )
    print(f"{crossover}: ours {ours:.3g}, DEAP's {theirs:.3g}, ratio {ours / theirs:.2f}")
    assert 0.5 < ours / theirs < 2
