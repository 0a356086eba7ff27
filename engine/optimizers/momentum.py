"""Gradient descent with momentum."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine.check import require
from engine.gradient_method import Array, Call, Decay, GradientMethod
from engine.optimizer import Gain
from engine.schedule import Schedule


class Momentum(GradientMethod):
    """v ← μ v − η ∇C, θ ← θ + v.

    The velocity v (d,) gathers the directions that the last gradients have in common and forgets
    those in which they contradict each other. Source: Polyak 1964; in this form Nielsen, "Neural
    Networks and Deep Learning", chapter 3, equations 107 and 108.

    Parameters
    ----------
    eta
        Learning rate η > 0.
    mu
        Momentum co-efficient μ, 0 ≤ μ < 1; 1 − μ is the friction, and at 0 this is plain descent.
        In the long run a constant gradient moves θ by η/(1 − μ) times itself.
    decay
        Weight decay as part of the gradient ("coupled", by default: it is a part of ∇C) or beside
        the velocity ("decoupled").
    schedule
        How η changes over the epochs.
    """

    name = "momentum"

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
        theta, gradient, mu = self._theta, self._gradient, self._constant(self.mu)
        v = self._remember("velocity", scaled=True)
        return [
            partial(np.multiply, v, mu, v),
            partial(np.subtract, v, gradient, v),
            partial(np.add, theta, v, theta),
        ]

    def _fix(self, eta: float) -> float:
        return eta

    def _gain(self, gradient: Array) -> Gain:
        return 1 / (1 - self.mu)
