"""How the screens speak of an optimiser: its words, and the figures that it shows of itself."""

from __future__ import annotations

from dataclasses import dataclass

from engine.optimizer import Figure, Optimizer
from engine.optimizers import OPTIMIZERS

_CROWDS = {"genetic": "population", "swarm": "swarm", "ants": "archive"}


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """What is said of a run; by default, of one that follows gradients."""

    epoch: str = "epoch"
    """What an epoch of it is called: "generation"."""
    crowd: str = ""
    """What its points are together: "population"; empty where there is but one point at a time."""
    figures: tuple[Figure, ...] = ()
    """What it shows of itself; none for a method with gradients."""

    @property
    def searches(self) -> bool:
        """It knows no gradient, so there is no δ."""
        return bool(self.figures)

    @property
    def axis(self) -> str:
        """What x counts unless another axis is asked for."""
        return "evaluations" if self.searches else "epoch"

    @property
    def epochs(self) -> str:
        """Several of its epochs: "generations"."""
        return f"{self.epoch}s"

    @classmethod
    def named(cls, name: str) -> MethodFacts:
        """Of the optimiser of that name."""
        return cls.of(OPTIMIZERS[name])

    @classmethod
    def of(cls, optimizer: Optimizer | type[Optimizer]) -> MethodFacts:
        if optimizer.needs_gradient:
            return cls(optimizer.epoch_word)
        return cls(optimizer.epoch_word, _CROWDS.get(optimizer.name, ""), optimizer.figures)
