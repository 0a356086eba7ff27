"""Microseconds per candidate of `PopulationCost`, beside loops over the candidates in the same run.

    python tests/bench/bench_population.py [--rounds N] [--candidates K]

The loops: the engine's own forward pass and cost of one candidate after another
(`Network.propagate`, `Cost.total`), and the forward pass alone (`Network.forward`). All run on one
thread, in turn, round by round; the figure of each is its best round. Prints a table of ratios,
with what is wanted of the first, and one candidate at a time, as annealing asks for them.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from engine import Network
from engine.costs import cost
from engine.population import PopulationCost


@dataclass(frozen=True)
class Case:
    sizes: tuple[int, ...]
    m: int
    wanted: float = 1.0
    dtype: str = "float64"

    @property
    def name(self) -> str:
        return f"{'-'.join(map(str, self.sizes))}, {self.m}, {self.dtype}"


CASES = (
    Case((2, 3, 1), 4),
    Case((2, 8, 1), 250, 1.8),
    Case((2, 8, 1), 250, 1.8, "float32"),
    Case((2, 8, 8, 1), 1000),
    Case((64, 30, 10), 4),
    Case((64, 30, 10), 100, 1.2),
    Case((64, 30, 10), 1400),
    Case((512, 512, 10), 20),
    Case((784, 30, 10), 100),
    Case((784, 100, 10), 4),
    Case((784, 100, 10), 1000),
    Case((784, 512, 512, 10), 100, dtype="float32"),
    Case((784, 512, 512, 10), 500),
)


def runs(case: Case, candidates: int) -> dict[str, Callable[[], object]]:
    rng = np.random.default_rng(0)
    network = Network(case.sizes, ("sigmoid",) * (len(case.sizes) - 1), case.dtype)
    entropy, output = cost("cross-entropy"), network.activations[-1]
    X = rng.random((case.m, case.sizes[0])).astype(case.dtype)
    Y = rng.integers(0, 2, (case.m, case.sizes[-1])).astype(case.dtype)
    x, y = np.ascontiguousarray(X.T), np.ascontiguousarray(Y.T)
    thetas = rng.standard_normal((candidates, network.parameters)).astype(case.dtype)
    population = PopulationCost(network, entropy, X, Y)

    def loop() -> np.ndarray:
        costs = []
        for theta in thetas:
            z, a = network.propagate(theta, x)
            costs.append(entropy.total(z[-1], a[-1], y, output) / case.m)
        return np.array(costs)

    def stack() -> np.ndarray:
        return population.costs(thetas, 0.0)

    tolerance = 1e-11 if case.dtype == "float64" else 1e-4
    assert np.allclose(stack(), loop(), rtol=tolerance)
    return {
        "PopulationCost": stack,
        "loop: propagate, cost": loop,
        "loop: forward": lambda: [network.forward(theta, X) for theta in thetas],
        "PopulationCost, one by one": lambda: [
            population.costs(theta[None, :], 0.0) for theta in thetas
        ],
    }


def seconds(run: Callable[[], object], times: int) -> float:
    started = perf_counter()
    for _ in range(times):
        run()
    return (perf_counter() - started) / times


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--candidates", type=int, default=200)
    options = parser.parse_args()
    print(f"numpy {np.__version__}, one thread, best of {options.rounds} rounds; µs per candidate")
    print(f"{'':32}{'µs':>9}{'× ours':>9}{'wanted':>8}")
    for case in CASES:
        # the largest networks have fewer candidates, so that they need less than a gigabyte
        parameters = Network(case.sizes, ("sigmoid",) * (len(case.sizes) - 1)).parameters
        candidates = min(options.candidates, max(8, 10_000_000 // parameters))
        each = runs(case, candidates)
        times = {name: max(1, int(0.05 / seconds(run, 1))) for name, run in each.items()}
        best = dict.fromkeys(each, float("inf"))
        for _ in range(options.rounds):
            for name, run in each.items():
                best[name] = min(best[name], seconds(run, times[name]) / candidates * 1e6)
        print(f"{case.name}   {candidates} candidates")
        ours = best.pop("PopulationCost")
        print(f"    {'PopulationCost':28}{ours:9.2f}")
        for name, figure in best.items():
            wanted = f"{case.wanted:8g}" if name == "loop: propagate, cost" else ""
            print(f"    {name:28}{figure:9.2f}{figure / ours:9.2f}{wanted}")


if __name__ == "__main__":
    main()
