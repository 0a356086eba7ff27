"""Drives the views of the inside in the app, and computes what they show by plain numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
from app_driver import LONG, press, ready, until
from textual.pilot import Pilot

from tuinn.screens.lab import Lab

SMALL: dict[str, Any] = {
    "data": {"set": "circle", "n": 100},
    "network": {"hidden": [3], "activation": "tanh"},
    "training": {"cost": "quadratic"},
    "regularisation": {"alpha": 0.5},
    "stop": {"epochs": 1_000_000},
}
"""2-3-1 with decay."""
IMAGES: dict[str, Any] = {
    "data": {"set": "digits", "train": 300},
    "network": {"hidden": [6], "activation": "sigmoid", "output": "softmax"},
    "training": {"cost": "cross-entropy"},
    "stop": {"epochs": 1_000_000},
}
"""64-6-10 without."""
SEARCH = LONG | {"optimizer": {"name": "genetic", "population": 10, "elite": 2}}
PANELS = {"5": 5, "6": 6, "8": 8, "9": 9, "n": 10, "b": 11, "v": 12}
"""Keys of the views of the inside, and the numbers of their panels."""

VALUE = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=0),
}
SLOPE = {
    "sigmoid": lambda a: a * (1 - a),
    "softmax": lambda a: a * (1 - a),
    "tanh": lambda a: 1 - a**2,
}


def shown(lab: Lab) -> list[int]:
    """The numbers of the panels on the screen."""
    return [number for number, panel in lab.dashboard.panels.items() if panel.display]


def text_of(lab: Lab, number: int) -> str:
    """What a panel has drawn."""
    return "\n".join("".join(map(chr, row)) for row in lab.dashboard.panels[number]._cells.codes)


async def paused(pilot: Pilot[None], updates: int = 20) -> Lab:
    """A run that waits after as many whole epochs as make that many updates, on every machine."""
    lab = await ready(pilot)
    while (made := lab.session.report.update) < updates:
        await press(pilot, "e")
        await until(
            pilot,
            lambda n=made: lab.session.status == "paused" and lab.session.report.update > n,
            "an epoch",
        )
    await until(pilot, lambda: lab.moment is not None and lab._seen is lab.moment, "its moment")
    return lab


async def stepped(pilot: Pilot[None], lab: Lab, updates: int) -> None:
    """So many single updates, each of which is a moment that is kept."""
    for _ in range(updates):
        made = lab.session.report.update
        await press(pilot, "s")
        await until(pilot, lambda n=made + 1: _stands_at(lab, n), "an update")


def _stands_at(lab: Lab, update: int) -> bool:
    """The run waits there, and the last moment is of there."""
    report = lab.session.report
    last = lab.session.last
    return report.status == "paused" and last is not None and last.update == update


async def look_back(pilot: Pilot[None], lab: Lab, update: int) -> None:
    """Pin the cursor of all charts at the kept moment of that update."""
    moment = lab.session.runner.rewind.nearest("update", update)
    assert moment is not None
    loss = lab.dashboard.panels[1]
    loss.move_cursor(moment.at(lab.dashboard.axis), pinned=True)
    await until(
        pilot,
        lambda: lab._seen is lab.moment and lab.moment.update == update,
        f"the moment of update {update}",
    )
    await until(
        pilot,
        lambda: len({panel.cursor for panel in lab.dashboard._panels.along_x}) == 1,
        "the cursor on all panels",
    )


def theta_at(lab: Lab, update: int) -> np.ndarray:
    """A copy of θ at a moment that is kept."""
    moment = lab.session.runner.rewind.nearest("update", update)
    assert moment is not None
    assert moment.snapshot.update == update
    return np.array(moment.arrays["theta"])


class Plain:
    """A network taken apart: layers, passes and gradients with nothing of the engine but θ."""

    def __init__(self, lab: Lab, theta: np.ndarray) -> None:
        config, network = lab.session.built, lab.session.experiment.trainer.network
        hidden = [config.network.activation] * len(config.network.hidden)
        self.names = [*hidden, config.network.output]
        self.quadratic = config.training.cost == "quadratic"
        self.W, self.b, start = [], [], 0
        for before, units in zip(network.sizes[:-1], network.sizes[1:], strict=True):
            V = theta[start : start + units * (before + 1)].reshape(units, before + 1)
            start += V.size
            self.W.append(V[:, :-1])
            self.b.append(V[:, -1])

    def passes(self, X: np.ndarray, Y: np.ndarray) -> tuple[list, list, list, list]:
        """(a⁰…a^L, z, δ, σ') with a column for each row of X and Y."""
        a, z = [X.T], []
        for W, b, name in zip(self.W, self.b, self.names, strict=True):
            z.append(W @ a[-1] + b[:, None])
            a.append(VALUE[name](z[-1]))
        primes = [SLOPE[name](a_l) for name, a_l in zip(self.names, a[1:], strict=True)]
        delta = [a[-1] - Y.T]
        if self.quadratic:
            delta[0] = delta[0] * primes[-1]
        for l in reversed(range(len(self.W) - 1)):
            delta.insert(0, (self.W[l + 1].T @ delta[0]) * primes[l])
        return a, z, delta, primes
