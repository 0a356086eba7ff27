"""The protocol of every optimiser: ask and tell."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.check import require
from engine.schedule import Schedule
from engine.snapshot import SearchSnapshot

Array = NDArray[Any]
Gain = Array | float


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that a search shows of itself, and how it is drawn."""

    name: str
    """Its key in records: "temperature"."""
    label: str
    """For the screen: "temperature T"."""
    log: bool
    """It is best seen on a logarithmic axis."""
    help: str
    """What it is, in a sentence without its full stop."""


class Optimizer(ABC):
    """Looks for the θ of least cost without knowing where costs and gradients come from.

    ``start`` once, then in turn: ``ask`` for points, evaluate the cost (and the gradient, where
    ``needs_gradient``) there, ``tell`` the results. Each point asked for is one evaluation,
    whether it is of a cost alone or of a cost and its gradient.
    """

    name: ClassVar[str]
    """As in a preset: "adam"."""
    needs_gradient: ClassVar[bool]
    whole: ClassVar[bool] = False
    """The cost must be the same function at every evaluation: over the whole training set, or over
    one fixed part of it. Mini-batches that change would mislead the method."""
    epoch_word: ClassVar[str] = "epoch"
    """What an epoch of the method is called where it is not a pass over mini-batches."""
    figures: ClassVar[tuple[Figure, ...]] = ()
    """Of a method without gradient: what it shows of itself beside the costs (two figures)."""
    sizes: ClassVar[tuple[str, ...]] = ()
    """The parameters that the shapes of its state depend on, by name: a state is of no use to a
    method that has others."""
    updates_per_epoch: int = 1
    """Of a method that sees the whole set at every evaluation: how many updates (pairs of ask and
    tell) are counted as one epoch."""
    points: int = 1
    """Points that are asked for in one update, after the first."""
    first_points: int = 1
    """Points that are asked for in the first update."""
    eta: float = 0.0
    """Learning rate η; 0 for methods that have none."""
    schedule: Schedule = Schedule()
    """How η changes over the epochs."""

    @abstractmethod
    def start(self, theta: Array, mask: Array, rng: np.random.Generator) -> None:
        """Begin at θ (d,).

        ``mask`` (d,) is 1 for weights, which decay, and 0 for biases, which do not; `rng` is for
        all that is drawn by chance, and is the optimiser's own from here on.
        """

    @abstractmethod
    def ask(self) -> Array:
        """The points to evaluate next, (k, d). Not to be changed by the caller, and his only until
        `tell`, which may change them: copy them to keep them."""

    @abstractmethod
    def tell(self, J: Array, gradient: Array | None, eta: float, alpha_over_m: float) -> None:
        """Costs J (k,) with their L2 term, and gradients (k, d) of the bare cost C₀ (None where
        the method needs none), at the points asked for.

        `eta` is the learning rate of this update; `alpha_over_m` is α/m of the L2 term
        α/2m Σ w² over the weights. It may change from one update to the next; what a method
        remembers of costs must then be brought up to date. A cost that is NaN or ∞ is worse than
        any finite one.
        """

    @abstractmethod
    def best(self) -> Array:
        """The θ (d,) to use now: that of least cost so far, or where a descent has come to. Not to
        be changed by the caller."""

    def position(self) -> Array:
        """Where it stands now (d,); `best` unless a method may go uphill."""
        return self.best()

    @abstractmethod
    def state(self) -> dict[str, Array]:
        """All that is needed to go on exactly, as copies: arrays, random state, counters."""

    @abstractmethod
    def restore(self, state: dict[str, Array]) -> None:
        """Go on from what `state` gave; after `start`."""

    def gains(self, gradient: Array, theta: Array, alpha_over_m: float) -> tuple[Gain, Gain]:
        """For diagnostics: (g, g'), numbers or arrays (d,), such that the gradient ∇C₀ (d,) at θ
        and weight decay together move the weights by −η (g ⊙ ∇C₀ + g' ⊙ (α/m) w).

        Means are as they are now; a velocity is the one that lasting gradients come to. Both are 1
        for plain descent.
        """
        return 1.0, 1.0

    def search(self) -> SearchSnapshot | None:
        """What a method without gradient shows of itself; None for the others."""
        return None


def check_eta(eta: float) -> None:
    """ValueError unless η is a finite number above 0."""
    require("optimizer.eta", eta, above=0)


def check_alpha(alpha: float) -> None:
    """ValueError unless α is a finite number of at least 0."""
    require("regularisation.alpha", alpha, at_least=0)
