"""AdaGrad: a learning rate for every parameter, which only ever falls."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine.check import require
from engine.gradient_method import Array, Call, Decay, GradientMethod
from engine.optimizer import Gain
from engine.schedule import Schedule


class AdaGrad(GradientMethod):
    """s ← s + (∇C)², θ ← θ − η ∇C / (√s + ε), all entry by entry.

    Source: Duchi, Hazan and Singer 2011, "Adaptive subgradient methods", the diagonal form.

    Parameters
    ----------
    eta
        Learning rate η > 0; the first step of every parameter has about this length.
    epsilon
        ε > 0, beside the root, keeps the first steps finite.
    decay
        Weight decay beside the rule ("decoupled", by default) or as part of the gradient, and so of
        s ("coupled").
    schedule
        How η changes over the epochs.
    """

    name = "adagrad"

    def __init__(
        self,
        eta: float = 0.01,
        epsilon: float = 1e-10,
        decay: Decay = "decoupled",
        schedule: Schedule | None = None,
    ) -> None:
        super().__init__(eta, decay, schedule)
        require("optimizer.epsilon", epsilon, above=0)
        self.epsilon = float(epsilon)

    def _record(self) -> list[Call]:
        theta, gradient, scratch = self._theta, self._gradient, self._scratch
        epsilon = self._constant(self.epsilon)
        s = self._squares = self._remember("squares", scaled=False)
        self._unscale = np.empty_like(theta)
        return [
            # what is stored is w η ∇C
            partial(np.multiply, gradient, self._unscale, scratch),
            partial(np.multiply, scratch, scratch, scratch),
            partial(np.add, s, scratch, s),
            partial(np.sqrt, s, scratch),
            partial(np.add, scratch, epsilon, scratch),
            partial(np.divide, gradient, scratch, scratch),
            partial(np.subtract, theta, scratch, theta),
        ]

    def _fix(self, eta: float) -> float:
        c = self._divisible(eta)
        np.divide(1 / c, self._w, self._unscale)
        return c

    def _gain(self, gradient: Array) -> Gain:
        gain: Array = 1 / (np.sqrt(self._squares + gradient * gradient) + self.epsilon)
        return gain
