"""Plain gradient descent."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine.gradient_method import Call, GradientMethod
from engine.schedule import Schedule


class GradientDescent(GradientMethod):
    """θ ← θ − η ∇C, with ∇C = ∇C₀ + (α/m) w for weights: w ← (1 − ηα/m) w − η ∂C₀/∂w.

    Batch, stochastic and mini-batch descent differ only in the examples the gradient is
    averaged over, which is the trainer's business. Coupled and decoupled weight decay are the
    same here.

    Parameters
    ----------
    eta
        Learning rate η > 0.
    schedule
        How η changes over the epochs.
    """

    name = "sgd"

    def __init__(self, eta: float = 0.5, schedule: Schedule | None = None) -> None:
        super().__init__(eta, "decoupled", schedule)

    def _record(self) -> list[Call]:
        return [partial(np.subtract, self._theta, self._gradient, self._theta)]

    def _fix(self, eta: float) -> float:
        return eta
