"""The gradient without backpropagation: one entry of θ is moved to both sides, and C compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.costs import Cost
from engine.network import Network

Array = NDArray[Any]

STEP = float(np.cbrt(np.finfo(np.float64).eps))
"""h for entries of size up to 1: about where what a difference leaves out, of the order h², and
what rounding does to it, of the order ε/h, are alike."""


def numerical(
    network: Network, theta: Array, x: Array, y: Array, cost: Cost, indices: Iterable[int]
) -> Array:
    """(C₀(θ_i + h) − C₀(θ_i − h)) / 2h for the entries i of θ in ``indices``, as many numbers.

    x is (n_0,) and y (n_L,): one example. All is computed in float64, with h = ε^⅓ max(1, |θ_i|).
    Each entry costs two forward passes, so ask for those alone that are looked at. Source: Nielsen,
    "Neural Networks and Deep Learning", chapter 2, equation 46, taken to both sides.
    """
    point = np.array(theta, np.float64)
    column = np.asarray(x, np.float64)[:, None], np.asarray(y, np.float64)[:, None]
    # a view shares its memory with the point that is moved
    layers = list(zip(network.W(point), network.b(point), network.activations, strict=True))

    def bare_cost() -> float:
        a = column[0]
        for W, b, sigma in layers:
            z = W @ a + b[:, None]
            a = sigma.value(z)
        return float(cost.total(z, a, column[1], network.activations[-1]))

    slopes = []
    with np.errstate(all="ignore"):
        for i in indices:
            here = point[i]
            h = STEP * max(1.0, abs(here))
            above, below = here + h, here - h
            point[i] = above
            cost_above = bare_cost()
            point[i] = below
            cost_below = bare_cost()
            point[i] = here
            # the step that was made, which is not quite 2h
            slopes.append((cost_above - cost_below) / (above - below))
    return np.array(slopes, np.float64)


def rounding(cost: float, size: float = 1.0) -> float:
    """What rounding alone may make of such a difference quotient at a cost C₀ (of an entry of that
    size): below it a difference from the gradient says nothing."""
    return 4 * float(np.finfo(np.float64).eps) * (1.0 + abs(cost)) / (STEP * max(1.0, abs(size)))


def relative_difference(gradient: float, slope: float) -> float:
    """|g − n| / max(|g|, |n|); 0 where both are 0."""
    larger = max(abs(gradient), abs(slope))
    return abs(gradient - slope) / larger if larger else 0.0


def too_small(gradient: float, slope: float, cost: float) -> bool:
    """Both are less than what rounding makes of a difference quotient at a cost C₀: it can neither
    confirm nor refute the gradient. Not so where both are 0."""
    return 0 < max(abs(gradient), abs(slope)) <= rounding(cost)
