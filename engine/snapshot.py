"""What a trainer shows of itself: frozen records, safe to hand to another thread or process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LayerSnapshot:
    """One layer l = 1…L at one moment, measured on the probe (a fixed set of training examples).

    Norms are Euclidean (Frobenius for matrices). ``sigma_prime`` and the shares of saturated
    units are in [0, 1]; a share is taken over units and probe examples.
    """

    layer: int
    units: int
    activation: str
    delta: float
    """Mean over the examples of ‖δ^l‖ (BP1, BP2)."""
    delta_of_mean: float
    """‖mean over the examples of δ^l‖; equals ‖∂C₀/∂b^l‖ (BP3)."""
    arriving: float
    """Mean over the examples of ‖(W^(l+1))ᵀ δ^(l+1)‖ (BP2): what comes from the layer above before
    it is multiplied by σ'(z^l). Of the output layer ‖a^L − y‖."""
    sigma_prime: float
    """Mean of σ'(z^l); for a softmax layer of its diagonal a(1 − a)."""
    saturated_low: float
    """Share of units near their lower plateau (sigmoid: a < 0.1; ReLU: z ≤ 0)."""
    saturated_high: float
    """Share of units near their upper plateau (sigmoid: a > 0.9)."""
    dead: float
    """Share of the layer's ReLU units that are off, z ≤ 0, for every probe example; 0 for other
    activations."""
    weight_norm: float
    """‖W^l‖."""
    bias_norm: float
    """‖b^l‖."""
    gradient_norm: float
    """‖∂C₀/∂W^l‖ (BP4), without the decay term."""
    decay_step: float
    """‖(ηα/m) W^l‖, what weight decay takes in one update; where it is part of the gradient, what
    the method makes of it, as below."""
    gradient_step: float
    """‖η g ∂C₀/∂W^l‖, what the gradient of the bare cost does in one update. g is 1 for plain
    descent; with momentum 1/(1 − μ), the speed that a lasting gradient comes to; of adaptive
    methods, entry by entry, 1/(√v̂ + ε), with the means as they are now."""
    cosine: float
    """Cosine between the decay step and the gradient step, both as they are applied; 0 if one
    vanishes. Near −1 they cancel."""
    update_ratio: float
    """‖ΔW^l‖ / ‖W^l‖ of one such update, decay and gradient together. 0, like both steps, of a
    method that has no η."""

    @property
    def saturated(self) -> float:
        """Share of units on either plateau."""
        return self.saturated_low + self.saturated_high


@dataclass(frozen=True, slots=True)
class OutputSnapshot:
    """The output layer L against its targets, measured on the probe.

    Shares in [0, 1] are taken over units and examples, and both together are those of the units on
    either plateau. The two δ^L are what each cost makes of the same weights: with cross-entropy the
    σ' cancels that the quadratic cost keeps. One of them is the ``delta`` of the layer.
    """

    saturated_right: float
    """Units on a plateau that lies on their target's side (sigmoid: of ½)."""
    saturated_wrong: float
    """Units on a plateau with their target on the other side."""
    delta_quadratic: float
    """Mean over the examples of ‖(a^L − y) ⊙ σ'(z^L)‖ (BP1); NaN for softmax."""
    delta_cross_entropy: float
    """Mean over the examples of ‖a^L − y‖; NaN for outputs other than sigmoid and softmax."""

    def record(self) -> dict[str, float]:
        """Plain numbers by name."""
        return {name: getattr(self, name) for name in OutputSnapshot.__slots__}


@dataclass(frozen=True, slots=True)
class SearchSnapshot:
    """What a method without gradient shows of itself after its last evaluations.

    Costs have their L2 term and are those of the training examples that the method looks at.
    """

    best: float
    """The least cost found so far."""
    mean: float
    """Mean of the finite costs of the population; of a single point its cost. NaN if none is."""
    spread: float
    """Standard deviation of the finite costs of the population; 0 for a single point."""
    figures: tuple[tuple[str, float], ...]
    """The method's own numbers by name, in the order of its `Optimizer.figures`."""

    def record(self) -> dict[str, float]:
        """Plain numbers by name."""
        return {"best": self.best, "mean": self.mean, "spread": self.spread, **dict(self.figures)}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a run after ``update`` updates.

    ``epoch`` counts finished passes as a real number (1.5: half of the second pass is done).
    Accuracy is the share of right answers in [0, 1]; for regression it is R² (at most 1).
    Validation figures are None where there is no validation set.
    """

    epoch: float
    update: int
    seconds: float
    """Seconds spent in updates so far; pauses, evaluation and drawing are not counted."""
    eta: float
    alpha: float
    batch_size: int
    train_loss: float
    """The cost C with its L2 term, on the training set."""
    train_accuracy: float
    validation_loss: float | None
    """The bare cost C₀ plus the same L2 term, on the validation set."""
    validation_accuracy: float | None
    layers: tuple[LayerSnapshot, ...]
    """Empty for methods without gradient: there is no δ without backpropagation."""
    output: OutputSnapshot | None = None
    """None for methods without gradient."""
    evaluations: int = 0
    """Costs and gradients evaluated so far: each point at which a cost, or a cost and its gradient,
    was had on a mini-batch or on all the examples counts as one."""
    search: SearchSnapshot | None = None
    """Of methods without gradient only."""
    theta: NDArray[Any] | None = None
    """All parameters, a read-only copy; not part of `record`."""

    def record(self) -> dict[str, Any]:
        """Plain numbers for JSON and CSV; θ is left out."""
        record: dict[str, Any] = {name: getattr(self, name) for name in _SCALARS}
        record["layers"] = [
            {name: getattr(layer, name) for name in _LAYER_FIELDS} for layer in self.layers
        ]
        if self.output is not None:
            record["output"] = self.output.record()
        if self.search is not None:
            record["search"] = self.search.record()
        return record

    def __post_init__(self) -> None:
        if self.theta is not None and self.theta.flags.writeable:
            raise ValueError("a snapshot's theta must be read-only, so that no one can change it")


_SCALARS = tuple(
    name for name in Snapshot.__slots__ if name not in ("layers", "output", "search", "theta")
)
_LAYER_FIELDS = LayerSnapshot.__slots__


def frozen(theta: NDArray[Any]) -> NDArray[Any]:
    """A read-only copy of θ."""
    copy = np.array(theta)
    copy.flags.writeable = False
    return copy
