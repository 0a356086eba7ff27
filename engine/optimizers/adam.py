"""Adam and AdamW: adaptive moments."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from engine.check import require
from engine.gradient_method import Array, Call, Decay, GradientMethod
from engine.optimizer import Gain
from engine.schedule import Schedule


class _Moments(GradientMethod):
    """The rule of Adam, whose weight decay its two names treat differently.

    Remembered are the sums M = Σ β₁^(t−i) ∇C_i = m / (1 − β₁) and S = Σ β₂^(t−i) (∇C_i)², which
    need one call less each than the means. With κ = √((1 − β₂)/(1 − β₂ᵗ)), so that √v̂ = κ √S,

        θ ← θ − [η (1 − β₁) / ((1 − β₁ᵗ) κ)] M / (√S + ε/κ).
    """

    def __init__(
        self,
        eta: float,
        beta1: float,
        beta2: float,
        epsilon: float,
        decay: Decay,
        schedule: Schedule | None,
    ) -> None:
        super().__init__(eta, decay, schedule)
        require("optimizer.beta1", beta1, at_least=0, below=1)
        require("optimizer.beta2", beta2, at_least=0, below=1)
        require("optimizer.epsilon", epsilon, above=0)
        self.beta1, self.beta2 = float(beta1), float(beta2)
        self.epsilon = float(epsilon)

    def _record(self) -> list[Call]:
        theta, gradient, scratch = self._theta, self._gradient, self._scratch
        beta1, beta2 = self._constant(self.beta1), self._constant(self.beta2)
        self._eta_t, self._epsilon_t = self._constant(0.0), self._constant(0.0)
        M = self._remember("first_moment", scaled=True)
        S = self._S = self._remember("second_moment", scaled=False)
        self._t = self._remember_count("t")
        unscale = 1 / self._w
        return [
            self._count,
            partial(np.multiply, M, beta1, M),
            partial(np.add, M, gradient, M),
            partial(np.multiply, S, beta2, S),
            partial(np.multiply, gradient, unscale, scratch),
            partial(np.multiply, scratch, scratch, scratch),
            partial(np.add, S, scratch, S),
            partial(np.sqrt, S, scratch),
            partial(np.add, scratch, self._epsilon_t, scratch),
            partial(np.divide, M, scratch, scratch),
            partial(np.multiply, scratch, self._eta_t, scratch),
            partial(np.subtract, theta, scratch, theta),
        ]

    def _count(self) -> None:
        """t ← t + 1, and the corrections of both moments for their start at 0."""
        t = self._t.item() + 1
        self._t.fill(t)
        kappa = math.sqrt((1 - self.beta2) / (1 - self.beta2**t))
        self._eta_t.fill(self._eta_now * (1 - self.beta1) / ((1 - self.beta1**t) * kappa))
        self._epsilon_t.fill(self.epsilon / kappa)

    def _fix(self, eta: float) -> float:
        self._eta_now = eta
        return 1.0

    def _gain(self, gradient: Array) -> Gain:
        # of a gradient that lasts m̂ is the gradient itself
        t = self._t.item() + 1
        v = (1 - self.beta2) * (self.beta2 * self._S + gradient * gradient)
        gain: Array = 1 / (np.sqrt(v / (1 - self.beta2**t)) + self.epsilon)
        return gain


class Adam(_Moments):
    """m ← β₁ m + (1 − β₁) ∇C, v ← β₂ v + (1 − β₂) (∇C)², θ ← θ − η m̂ / (√v̂ + ε),
    with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ), all entry by entry.

    Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1.

    Parameters
    ----------
    eta
        Learning rate η > 0, about the length of a step of each parameter.
    beta1, beta2
        β₁ and β₂, each ≥ 0 and < 1: the means are over about 1/(1 − β) updates.
    epsilon
        ε > 0, beside the root.
    decay
        Weight decay beside the rule ("decoupled", by default, which is AdamW) or as part of the
        gradient, and so of both moments ("coupled", as in the paper's own day).
    schedule
        How η changes over the epochs.
    """

    name = "adam"

    def __init__(
        self,
        eta: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        decay: Decay = "decoupled",
        schedule: Schedule | None = None,
    ) -> None:
        super().__init__(eta, beta1, beta2, epsilon, decay, schedule)


class AdamW(_Moments):
    """Adam with weight decay beside the rule: w ← (1 − ηα/m) w, then as `Adam`.

    Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization", algorithm 2.

    Parameters
    ----------
    eta
        Learning rate η > 0, about the length of a step of each parameter.
    beta1, beta2
        β₁ and β₂, each ≥ 0 and < 1: the means are over about 1/(1 − β) updates.
    epsilon
        ε > 0, beside the root.
    schedule
        How η changes over the epochs.
    """

    name = "adamw"

    def __init__(
        self,
        eta: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        schedule: Schedule | None = None,
    ) -> None:
        super().__init__(eta, beta1, beta2, epsilon, "decoupled", schedule)
