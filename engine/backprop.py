"""Backpropagation, the four equations as they stand in the textbook.

This is the readable form. It serves diagnostics, tests and optimisers that go by the ask/tell
protocol; `engine.plan` replays the same equations without allocation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.costs import Cost
from engine.network import Network

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Backprop:
    """Everything that one forward and backward pass over k examples computes.

    Lists run over the layers 1…L (`a` from 0); arrays are (n_l, k), one column per example.
    """

    z: list[Array]
    a: list[Array]
    sigma_prime: list[Array]
    arriving: list[Array]
    """What δ^l is before σ'(z^l): (W^(l+1))ᵀ δ^(l+1) of BP2; of the output layer a^L − y, whatever
    the cost."""
    delta: list[Array]
    total_cost: Any
    """Σ C_x over the examples, without the L2 term."""
    gradient: Array
    """∇_θ of the mean bare cost C₀, flat, in the layout of θ."""


def backprop(network: Network, theta: Array, x: Array, y: Array, cost: Cost) -> Backprop:
    """One pass over the examples x (n_0, k) with targets y (n_L, k).

    Source: Nielsen, "Neural Networks and Deep Learning", chapter 2, equations BP1–BP4.
    """
    k = x.shape[1]
    z, a = network.propagate(theta, x)
    sigma_prime = [
        sigma.prime(z_l, a_l) for sigma, z_l, a_l in zip(network.activations, z, a[1:], strict=True)
    ]
    output = network.activations[-1]

    # BP1: δ^L = ∇_a C ⊙ σ'(z^L)
    delta = [cost.delta(z[-1], a[-1], y, output)]
    arriving = [a[-1] - y]
    # BP2: δ^l = (W^(l+1))ᵀ δ^(l+1) ⊙ σ'(z^l)
    for W, prime in zip(reversed(network.W(theta)[1:]), reversed(sigma_prime[:-1]), strict=True):
        arriving.insert(0, W.T @ delta[0])
        delta.insert(0, arriving[0] * prime)

    gradient = np.empty(network.parameters, theta.dtype)
    layers = zip(network.W(gradient), network.b(gradient), delta, a[:-1], strict=True)
    for dW, db, delta_l, a_before in layers:
        # BP3: ∂C/∂b^l = δ^l and BP4: ∂C/∂W^l = δ^l (a^(l−1))ᵀ, both averaged over the examples
        db[...] = delta_l.sum(axis=1) / k
        dW[...] = delta_l @ a_before.T / k
    total = cost.total(z[-1], a[-1], y, output)
    return Backprop(z, a, sigma_prime, arriving, delta, total, gradient)
