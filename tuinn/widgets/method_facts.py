"""How the screens speak of an optimiser: its words, and the figures that it shows of itself."""

from __future__ import annotations

from dataclasses import dataclass

from engine.gradient_method import GradientMethod
from engine.optimizer import Figure, Optimizer
from engine.optimizers import OPTIMIZERS
from tuinn.optimizers import DEFAULT, METHODS, WHOLE

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
    name: str = DEFAULT
    """As in a preset: "adam"."""

    decay: str = ""
    """How it applies weight decay, "coupled" or "decoupled"; empty where these are the same."""

    @property
    def searches(self) -> bool:
        """It knows no gradient, so there is no δ."""
        return bool(self.figures)

    @property
    def rate(self) -> bool:
        """It has a learning rate η."""
        return "eta" in METHODS[self.name].__struct_fields__

    @property
    def whole(self) -> bool:
        """It looks at all the examples at once: there is no mini-batch."""
        return self.name in WHOLE

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
            return cls(optimizer.epoch_word, name=optimizer.name, decay=_decay(optimizer))
        crowd = _CROWDS.get(optimizer.name, "")
        return cls(optimizer.epoch_word, crowd, optimizer.figures, optimizer.name)


def _decay(optimizer: Optimizer | type[Optimizer]) -> str:
    """How it applies weight decay; of a class, by default."""
    if optimizer.name == DEFAULT or not issubclass(OPTIMIZERS[optimizer.name], GradientMethod):
        return ""
    one = optimizer() if isinstance(optimizer, type) else optimizer
    return one.decay if isinstance(one, GradientMethod) else ""
