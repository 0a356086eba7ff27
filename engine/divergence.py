"""Which layer, and which quantity of it, left the finite numbers first when a run diverged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.backprop import backprop
from engine.costs import Cost
from engine.network import Network
from engine.rule import Done, Rule

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where a run left the finite numbers first."""

    layer: int
    quantity: str
    """As in the textbook: "z", "a", "C", "δ", "∂C/∂W" or "W"."""
    update: int

    def __str__(self) -> str:
        return (
            f"{self.quantity} of layer {self.layer} was the first to leave the finite numbers, "
            f"at update {self.update}: try a smaller η, a smaller init, or scaled inputs"
        )


def first_not_finite(
    network: Network, theta: Array, x: Array, y: Array, cost: Cost
) -> tuple[int, str] | None:
    """(layer, quantity) that is NaN or ∞ first, in the order of computation; None if none is."""
    for l, W in enumerate(network.V(theta), start=1):
        if not np.isfinite(W).all():
            return l, "W"
    result = backprop(network, theta, x, y, cost)
    for l in range(1, network.L + 1):
        for quantity, array in (("z", result.z[l - 1]), ("a", result.a[l])):
            if not np.isfinite(array).all():
                return l, quantity
    for l in range(network.L, 0, -1):
        gradient = network.V(result.gradient)[l - 1]
        for quantity, array in (("δ", result.delta[l - 1]), ("∂C/∂W", gradient)):
            if not np.isfinite(array).all():
                return l, quantity
    return None


class MiniBatch(NamedTuple):
    """The examples of one update."""

    first: int
    last: int
    """Its place in the epoch, `last` excluded."""
    x: Array
    """(n_0, k)"""
    y: Array
    """(n_L, k)"""


def repeat_to_divergence(
    rule: Rule,
    network: Network,
    cost: Cost,
    mini_batches: Iterable[MiniBatch],
    make_update: Callable[[int, int], Done],
    *,
    tries: bool,
) -> tuple[Done, tuple[int, str] | None]:
    """Repeat updates one by one, from finite numbers, up to the one that leaves them.

    ``rule`` stands before the first of the ``mini_batches``; ``make_update(first, last)`` makes one
    update with it. ``tries``: the method may ask for points that it does not go to, and these may
    have any cost. Returns what was done, and (layer, quantity) where an update was found.
    """
    theta = np.empty(network.parameters, network.dtype)
    updates, evaluations = 0, 0
    found: tuple[int, str] | None = None
    for first, last, x, y in mini_batches:
        rule.asked(theta)
        found = first_not_finite(network, theta, x, y, cost)
        done = make_update(first, last)
        updates, evaluations = updates + done.updates, evaluations + done.evaluations
        finite = rule.finite()
        if found and finite and tries:
            found = None
        if not found and not finite:
            # the numbers of this update were finite, but not what it made of θ
            rule.store(theta)
            # or else their sum was not
            found = first_not_finite(network, theta, x, y, cost) or (network.L, "C")
        if found:
            break
    return Done(updates, evaluations), found
