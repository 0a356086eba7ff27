"""What happens inside each layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.backprop import backprop
from engine.costs import Cost
from engine.network import Network
from engine.snapshot import LayerSnapshot

Array = NDArray[Any]
Gains = Callable[[Array, Array, float], tuple[Array | float, Array | float]]


def layer_snapshots(
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
) -> tuple[LayerSnapshot, ...]:
    """The figures of every layer, from one pass over the probe x (n_0, k), y (n_L, k).

    ``gains`` is `Optimizer.gains`.
    """
    k = x.shape[1]
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
                delta=float(np.sqrt((delta * delta).sum(axis=0)).sum()) / k,
                delta_of_mean=norm(db),
                sigma_prime=float(prime.mean()),
                saturated_low=float(low.mean()),
                saturated_high=float(high.mean()),
                weight_norm=weight_norm,
                bias_norm=norm(b),
                gradient_norm=gradient_norm,
                decay_step=decay_step,
                gradient_step=gradient_step,
                cosine=ratio(inner, decay_norm * descent_norm) if alpha else 0.0,
                update_ratio=ratio(float(np.sqrt(max(both, 0.0))), weight_norm),
            )
        )
    return tuple(layers)


def norm(array: Array) -> float:
    """The Euclidean (Frobenius) norm."""
    return float(np.sqrt(inner_product(array, array)))


def inner_product(A: Array, B: Array) -> float:
    """Σ A B over all entries; row by row, since a W^l is no contiguous array and need not be."""
    return float(np.vecdot(A, B).sum())


def ratio(part: float, whole: float) -> float:
    """part / whole, and 0 where there is no whole."""
    return part / whole if whole else 0.0
