"""What happens inside each layer, and at the output against its targets."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation
from engine.backprop import Backprop, backprop
from engine.costs import COSTS, Cost
from engine.network import Network
from engine.snapshot import LayerSnapshot, OutputSnapshot

Array = NDArray[Any]
MIDDLE = {"sigmoid": 0.5, "softmax": 0.5, "tanh": 0.0, "relu": 0.0, "identity": 0.0}
"""Between the plateaus of an output: a target above it belongs to the upper one."""
Gains = Callable[[Array, Array, float], tuple[Array | float, Array | float]]


def diagnose(
    network: Network,
    theta: Array,
    x: Array,
    y: Array,
    cost: Cost,
    *,
    eta: float,
    alpha: float,
    m: int,
    gains: Gains,
) -> tuple[tuple[LayerSnapshot, ...], OutputSnapshot]:
    """The figures of every layer and of the output.

    They come from one pass over the probe x (n_0, k), y (n_L, k); ``gains`` is `Optimizer.gains`.
    """
    result = backprop(network, theta, x, y, cost)
    g, g_decay = gains(result.gradient, theta, alpha / m)
    # a gain that is a number is applied to norms and not to arrays, which takes no time
    descent, g = (result.gradient, g) if isinstance(g, float) else (g * result.gradient, 1.0)
    decayed, g_decay = (theta, g_decay) if isinstance(g_decay, float) else (g_decay * theta, 1.0)
    descent_scale, decay_scale = eta * g, eta * alpha / m * g_decay
    layers = []
    for l in range(network.L):
        sigma, delta = network.activations[l], result.delta[l]
        z, a, prime = result.z[l], result.a[l + 1], result.sigma_prime[l]
        W, b = network.W(theta)[l], network.b(theta)[l]
        dW, db = network.W(result.gradient)[l], network.b(result.gradient)[l]
        D, G = network.W(decayed)[l], network.W(descent)[l]
        low, high = sigma.saturated(z, a)
        weight_norm = norm(W)
        gradient_norm = norm(dW)
        decay_norm = weight_norm if decayed is theta else norm(D)
        descent_norm = gradient_norm if descent is result.gradient else norm(G)
        inner = inner_product(D, G)
        decay_step = decay_scale * decay_norm
        gradient_step = descent_scale * descent_norm
        # products, not powers: a power of a large Python float raises, a product becomes ∞
        squares = decay_step * decay_step + gradient_step * gradient_step
        both = squares + 2 * decay_scale * descent_scale * inner
        layers.append(
            LayerSnapshot(
                layer=l + 1,
                units=network.sizes[l + 1],
                activation=sigma.name,
                delta=mean_norm(delta),
                delta_of_mean=norm(db),
                arriving=mean_norm(result.arriving[l]),
                sigma_prime=float(prime.mean()),
                saturated_low=float(low.mean()),
                saturated_high=float(high.mean()),
                dead=float(low.all(axis=1).mean()) if sigma.name == "relu" else 0.0,
                weight_norm=weight_norm,
                bias_norm=norm(b),
                gradient_norm=gradient_norm,
                decay_step=decay_step,
                gradient_step=gradient_step,
                cosine=ratio(inner, decay_norm * descent_norm) if alpha else 0.0,
                update_ratio=ratio(float(np.sqrt(max(both, 0.0))), weight_norm),
            )
        )
    return tuple(layers), output_snapshot(result, y, network.activations[-1])


def output_snapshot(result: Backprop, y: Array, output: Activation) -> OutputSnapshot:
    """The output's figures, from a pass that was made with targets y (n_L, k)."""
    z, a, prime, error = result.z[-1], result.a[-1], result.sigma_prime[-1], result.arriving[-1]
    low, high = output.saturated(z, a)
    above = y > MIDDLE[output.name]
    right = int(np.count_nonzero(np.where(above, high, low)))
    squares = output.name in COSTS["quadratic"].outputs
    entropies = output.name in COSTS["cross-entropy"].outputs
    return OutputSnapshot(
        saturated_right=right / y.size,
        saturated_wrong=(np.count_nonzero(low) + np.count_nonzero(high) - right) / y.size,
        delta_quadratic=mean_norm(error * prime) if squares else math.nan,
        delta_cross_entropy=mean_norm(error) if entropies else math.nan,
    )


def mean_norm(columns: Array) -> float:
    """The mean over the columns of their Euclidean norms."""
    return float(np.sqrt((columns * columns).sum(axis=0)).mean())


def norm(array: Array) -> float:
    """The Euclidean (Frobenius) norm."""
    return float(np.sqrt(inner_product(array, array)))


def inner_product(A: Array, B: Array) -> float:
    """Σ A B over all entries; row by row, since a W^l is no contiguous array and need not be."""
    return float(np.vecdot(A, B).sum())


def ratio(part: float, whole: float) -> float:
    """part / whole, and 0 where there is no whole."""
    return part / whole if whole else 0.0
