"""An optimiser at work on a training set: what the trainer needs of it, whichever way it goes."""

from __future__ import annotations

from math import inf
from typing import Any, NamedTuple, Protocol

from numpy.typing import NDArray

Array = NDArray[Any]


class Done(NamedTuple):
    """What one call of `Rule.run` has done."""

    updates: int
    evaluations: int
    """Points at which the cost, or the cost and its gradient, was had."""


class Rule(Protocol):
    """Either `engine.descent.Descent` or `engine.asktell.AskTell`."""

    def load(self, theta: Array) -> None:
        """Begin at θ."""

    def store(self, theta: Array) -> None:
        """Write the θ to use now into `theta`."""

    def set_parameter(self, index: int, value: float) -> None:
        """θ[index] ← value, in mid-run."""

    def asked(self, theta: Array) -> None:
        """Write the θ at which the next gradient is taken into `theta`."""

    def keep(self) -> None:
        """Remember everything as it is now, for `go_back`."""

    def go_back(self) -> None:
        """Be again what was kept last."""

    def finite(self) -> bool:
        """Whether all parameters are finite numbers."""

    def set_order(self, order: Array) -> None:
        """The order of the examples in this epoch, a permutation of 0…m−1."""

    def run(
        self, start: int, stop: int, k: int, eta: float, alpha_over_m: float, budget: float = inf
    ) -> Done:
        """The updates over the examples start…stop of the order, k at a time; none is begun once
        `budget` evaluations are made."""

    def state(self) -> dict[str, Array]:
        """What there is beside θ to go on exactly."""

    def restore(self, state: dict[str, Array]) -> None:
        """Go on from what `state` gave, after `load`."""
