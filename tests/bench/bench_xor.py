"""XOR by five methods: how many evaluations each needs to get all four points right.

    python tests/bench/bench_xor.py [--seeds 20]

Prints a table in Markdown. One evaluation is one cost, or one cost with its gradient, over the four
points. All five start from the same first weights for the same seed, and have the same network, the
same cost, and the budget that their preset states.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import statistics
from dataclasses import dataclass

from tuinn.config import changed, get
from tuinn.experiment import build
from tuinn.preset import find

NAMES = ("xor-backprop", "xor-genetic", "xor-swarm", "xor-annealing", "xor-ants")


@dataclass(frozen=True)
class Outcome:
    """What became of the runs of a preset."""

    name: str
    optimizer: str
    budget: int
    needed: tuple[int, ...]
    """Evaluations of the runs that got all four points right."""
    runs: int


def outcome(name: str, seeds: int) -> Outcome:
    """The runs of a preset with the seeds 0, 1, 2, …"""
    config = find(name).config
    needed = []
    for seed in range(seeds):
        trainer = build(changed(config, "seed", seed)).trainer
        trainer.run(10**9)
        if trainer.snapshot().train_accuracy == 1:
            needed.append(trainer.evaluations)
    budget = get(config, "stop.evaluations")
    return Outcome(name, config.optimizer.name, budget, tuple(needed), seeds)


def table(outcomes: list[Outcome]) -> str:
    """The outcomes in Markdown."""
    lines = [
        "| preset | method | all four right | evaluations: median | most | budget |",
        "|---|---|---|---|---|---|",
    ]
    for done in outcomes:
        median = statistics.median(done.needed) if done.needed else float("nan")
        most = max(done.needed, default=0)
        lines.append(
            f"| `{done.name}` | {done.optimizer} | {len(done.needed)} of {done.runs} seeds "
            f"| {median:g} | {most} | {done.budget} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20)
    seeds = parser.parse_args().seeds
    print(table([outcome(name, seeds) for name in NAMES]))
