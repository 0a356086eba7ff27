"""Nesterov's accelerated gradient."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine.check import require
from engine.gradient_method import Array, Call, Decay, GradientMethod
from engine.optimizer import Gain
from engine.schedule import Schedule


class Nesterov(GradientMethod):
    """v ← μ v − η ∇C(θ + μ v), θ ← θ + v.

    Momentum whose gradient is taken where the velocity alone would lead to, so that an overshoot is
    corrected one step earlier. Source: Nesterov 1983; in this form Sutskever, Martens, Dahl and
    Hinton 2013, equations 3 and 4.

    What is stored is the point asked for, φ = θ + μ v, and u = μ v. In these terms the rule is
    u ← μ (u − η ∇C(φ)), φ ← φ − η ∇C(φ) + u, and θ = φ − u.

    Parameters
    ----------
    eta
        Learning rate η > 0.
    mu
        Momentum co-efficient μ, 0 ≤ μ < 1.
    decay
        Weight decay as part of the gradient ("coupled", by default: it is a part of ∇C, and taken
        at φ like all of it) or of θ beside the velocity ("decoupled").
    schedule
        How η changes over the epochs.
    """

    name = "nesterov"

    def __init__(
        self,
        eta: float = 0.1,
        mu: float = 0.9,
        decay: Decay = "coupled",
        schedule: Schedule | None = None,
    ) -> None:
        super().__init__(eta, decay, schedule)
        require("optimizer.mu", mu, at_least=0, below=1)
        self.mu = float(mu)

    def _record(self) -> list[Call]:
        phi, gradient, mu = self._theta, self._gradient, self._constant(self.mu)
        u = self._ahead = self._remember("ahead", scaled=True)
        return [
            partial(np.subtract, u, gradient, u),
            partial(np.multiply, u, mu, u),
            partial(np.subtract, phi, gradient, phi),
            partial(np.add, phi, u, phi),
        ]

    def _fix(self, eta: float) -> float:
        return eta

    def _gain(self, gradient: Array) -> Gain:
        return 1 / (1 - self.mu)
