"""Microseconds per update of every gradient method, beside plain descent and PyTorch.

    python tests/bench/bench_optimizers.py [--rounds N]

All on one thread and in turn, round by round; a figure is its best round. The ratio to plain
descent is of the same run. PyTorch runs eagerly, where it is installed.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import importlib.util
import itertools
from collections.abc import Callable
from time import perf_counter

import numpy as np

from engine.costs import cost
from engine.descent import Descent
from engine.network import Network
from engine.optimizers import optimizer

K, M, ETA = 10, 200, 1e-3
METHODS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
SIZES = ((2, 8, 1), (64, 30, 10), (784, 30, 10))
WANTED = {"momentum": (1.5, 1.3), "nesterov": (2, 1.4), "rmsprop": (3, 1.6), "adam": (5, 1.9)}
"""Of 2-8-1: microseconds beyond plain descent, and ratio to it, at most."""


def data(sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.random((M, sizes[0])), rng.integers(0, 2, (M, sizes[-1])).astype(float)


def ours(name: str, sizes: tuple[int, ...]) -> Callable[[], None]:
    """An epoch of M / K updates."""
    network = Network(sizes, ("sigmoid",) * (len(sizes) - 1))
    descent = Descent(network, cost("cross-entropy"), *data(sizes), optimizer(name, eta=ETA))
    descent.load(network.draw("scaled", np.random.default_rng(0)))
    descent.set_order(np.arange(M))
    return lambda: descent.run(0, M, K, ETA, 0.0)


def peer(name: str, sizes: tuple[int, ...]) -> Callable[[], None]:
    import torch

    torch.set_num_threads(1)
    X, Y = (torch.tensor(array) for array in data(sizes))
    layers: list[torch.nn.Module] = []
    for before, n in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(before, n), torch.nn.Sigmoid()]
    model = torch.nn.Sequential(*layers[:-1]).double()
    loss = torch.nn.BCEWithLogitsLoss(reduction="sum")
    kinds = {
        "sgd": lambda p: torch.optim.SGD(p, lr=ETA),
        "momentum": lambda p: torch.optim.SGD(p, lr=ETA, momentum=0.9),
        "nesterov": lambda p: torch.optim.SGD(p, lr=ETA, momentum=0.9, nesterov=True),
        "adagrad": lambda p: torch.optim.Adagrad(p, lr=ETA),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=ETA),
        "adam": lambda p: torch.optim.Adam(p, lr=ETA),
        "adamw": lambda p: torch.optim.AdamW(p, lr=ETA),
    }
    rule = kinds[name](model.parameters())

    def epoch() -> None:
        for first in range(0, M, K):
            rule.zero_grad()
            (loss(model(X[first : first + K]), Y[first : first + K]) / K).backward()
            rule.step()

    return epoch


def best(epochs: dict[str, Callable[[], None]], rounds: int, repeats: int) -> dict[str, float]:
    """Microseconds per update, by name."""
    found = dict.fromkeys(epochs, np.inf)
    for epoch in epochs.values():
        epoch()
    for _ in range(rounds):
        for name, epoch in epochs.items():
            started = perf_counter()
            for _ in range(repeats):
                epoch()
            seconds = perf_counter() - started
            found[name] = min(found[name], seconds * K / M / repeats * 1e6)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=150)
    rounds = parser.parse_args().rounds
    with_torch = importlib.util.find_spec("torch") is not None
    for sizes in SIZES:
        figures = best({name: ours(name, sizes) for name in METHODS}, rounds, 10)
        peers = {name: peer(name, sizes) for name in METHODS} if with_torch else {}
        theirs = best(peers, max(3, rounds // 15), 1)
        print(f"\n{'-'.join(map(str, sizes))}, mini-batch {K}, float64, one thread")
        print(f"{'method':10} {'µs':>7} {'beyond sgd':>11} {'ratio':>6} {'PyTorch':>9}  wanted")
        for name, figure in figures.items():
            beyond, ratio = figure - figures["sgd"], figure / figures["sgd"]
            wanted = ""
            if sizes == SIZES[0] and name in WANTED:
                most, times = WANTED[name]
                verdict = "reached" if beyond <= most and ratio < times else "NOT reached"
                wanted = f"≤ {most} µs, < {times}: {verdict}"
            factor = f"{theirs[name] / figure:.1f} ×" if name in theirs else ""
            print(f"{name:10} {figure:7.2f} {beyond:11.2f} {ratio:6.2f} {factor:>9}  {wanted}")


if __name__ == "__main__":
    main()
