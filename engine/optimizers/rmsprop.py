"""RMSProp: the gradient by the root of its mean square."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from engine.check import require
from engine.gradient_method import Array, Call, Decay, GradientMethod
from engine.optimizer import Gain
from engine.schedule import Schedule


class RMSProp(GradientMethod):
    """s ← ρ s + (1 − ρ) (∇C)², θ ← θ − η ∇C / (√s + ε), all entry by entry.

    Source: Tieleman and Hinton 2012, "Lecture 6.5: rmsprop"; ε stands beside the root.

    What is remembered is s / (1 − ρ), the sum Σ ρ^(t−i) (∇C_i)², and what is stored as gradient is
    w η/√(1 − ρ) ∇C: so the mean costs no call.

    Parameters
    ----------
    eta
        Learning rate η > 0, about the length of a step of each parameter.
    rho
        ρ, 0 ≤ ρ < 1: the mean is over about 1/(1 − ρ) updates.
    epsilon
        ε > 0, beside the root.
    decay
        Weight decay beside the rule ("decoupled", by default) or as part of the gradient, and so of
        s ("coupled").
    schedule
        How η changes over the epochs.
    """

    name = "rmsprop"

    def __init__(
        self,
        eta: float = 0.01,
        rho: float = 0.9,
        epsilon: float = 1e-8,
        decay: Decay = "decoupled",
        schedule: Schedule | None = None,
    ) -> None:
        super().__init__(eta, decay, schedule)
        require("optimizer.rho", rho, at_least=0, below=1)
        require("optimizer.epsilon", epsilon, above=0)
        self.rho, self.epsilon = float(rho), float(epsilon)

    def _record(self) -> list[Call]:
        theta, gradient, scratch = self._theta, self._gradient, self._scratch
        rho = self._constant(self.rho)
        epsilon = self._constant(self.epsilon / math.sqrt(1 - self.rho))
        s = self._squares = self._remember("squares", scaled=False)
        self._unscale = np.empty_like(theta)
        return [
            partial(np.multiply, s, rho, s),
            partial(np.multiply, gradient, self._unscale, scratch),
            partial(np.multiply, scratch, scratch, scratch),
            partial(np.add, s, scratch, s),
            partial(np.sqrt, s, scratch),
            partial(np.add, scratch, epsilon, scratch),
            partial(np.divide, gradient, scratch, scratch),
            partial(np.subtract, theta, scratch, theta),
        ]

    def _fix(self, eta: float) -> float:
        c = self._divisible(eta / math.sqrt(1 - self.rho))
        np.divide(1 / c, self._w, self._unscale)
        return c

    def _gain(self, gradient: Array) -> Gain:
        s = (1 - self.rho) * (self.rho * self._squares + gradient * gradient)
        gain: Array = 1 / (np.sqrt(s) + self.epsilon)
        return gain
