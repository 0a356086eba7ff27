"""How the single units of every layer work: on a plateau of σ, or where it still has a slope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.diagnostics import MIDDLE
from engine.network import Network

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class LayerUnits:
    """The n_l units of one layer l = 1…L over the examples of the probe.

    Arrays are (n_l,), float64 and read-only. Shares are those of the examples, in [0, 1].
    """

    layer: int
    activation: str
    mean: Array
    """Mean of a^l."""
    sigma_prime: Array
    """Mean of σ'(z^l); of a softmax the diagonal a(1 − a)."""
    low: Array
    """Share on the lower plateau (sigmoid: a < 0.1; ReLU: z ≤ 0)."""
    high: Array
    """Share on the upper plateau (sigmoid: a > 0.9)."""
    wrong: Array | None
    """Share on a plateau while the target is on the other side; of the output layer only."""

    @property
    def n(self) -> int:
        """n_l, the number of units."""
        return len(self.mean)


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The units of all layers, l = 1…L."""

    layers: tuple[LayerUnits, ...]
    examples: int
    """How many examples the means and shares are over."""


def units(network: Network, theta: Array, x: Array, y: Array) -> Units:
    """One forward pass over the examples x (n_0, k) with targets y (n_L, k).

    What counts as a plateau, and as its side, is as in `engine.diagnostics`. Of a network that has
    diverged the figures are NaN or ∞, and the shares of plateaus those of the units with a number.
    """
    layers = []
    with np.errstate(all="ignore"):
        z, a = network.propagate(theta, x)
        for l, sigma in enumerate(network.activations):
            low, high = sigma.saturated(z[l], a[l + 1])
            wrong = None
            if l == network.L - 1:
                wrong = _over_examples(np.where(y > MIDDLE[sigma.name], low, high))
            layers.append(
                LayerUnits(
                    layer=l + 1,
                    activation=sigma.name,
                    mean=_over_examples(a[l + 1]),
                    sigma_prime=_over_examples(sigma.prime(z[l], a[l + 1])),
                    low=_over_examples(low),
                    high=_over_examples(high),
                    wrong=wrong,
                )
            )
    return Units(tuple(layers), x.shape[1])


def _over_examples(values: Array) -> Array:
    """The mean of each row, read-only."""
    means = np.asarray(values.mean(axis=1, dtype=np.float64))
    means.flags.writeable = False
    return means
