"""The cost of a single neuron, the smallest network there is, over its weight and its bias."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import activation
from engine.surfaces.surface import Surface

Array = NDArray[Any]

INPUTS = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0])
TARGETS = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 1.0])
"""The examples (x, y). Those at x = 0 and x = 1 are the wrong way round: no neuron has all of them
right, so the best weights are finite."""

SIGMA = activation("sigmoid")


def _outputs(p: Array) -> Array:
    """a = σ(w x + b) for every point (w, b) and example, (k, 6)."""
    return SIGMA.value(p[:, :1] * INPUTS + p[:, 1:])


def _value(p: Array) -> Array:
    return np.asarray(((_outputs(p) - TARGETS) ** 2).mean(axis=1) / 2)


def _gradient(p: Array) -> Array:
    a = _outputs(p)
    delta = (a - TARGETS) * a * (1 - a)
    return np.stack([(delta * INPUTS).mean(axis=1), delta.mean(axis=1)], axis=1)


NEURON = Surface(
    name="neuron",
    title="A neuron's weight and bias",
    formula="1/12 Σ (σ(w x + b) − y)², six examples",
    value=_value,
    gradient=_gradient,
    domain=((-6.0, 6.0), (-6.0, 6.0)),
    minima=((0.8923098058106711, -0.44615490290533553),),
    start=(-2.0, -3.0),
    axes=("w", "b"),
)
"""The quadratic cost of a = σ(w x + b) with BP1 to BP4 written out: δ = (a − y) σ'(z), ∂C/∂w is
the mean of δ x and ∂C/∂b that of δ. The minimum is the root of ∇C, had by Newton's method with 40
digits. Where the neuron is saturated the surface is flat, and what gets too far up w or down it
finds no way back: there the cost falls toward 1/12 or 1/3 at infinity. The start has a w of the
wrong sign."""
