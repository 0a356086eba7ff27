"""The textbook's equations written out once more in plain numpy, without the engine."""

from __future__ import annotations

from itertools import pairwise

import numpy as np


def layers_of(sizes, theta):
    """[(W, b)] cut out of θ by hand."""
    layers, start = [], 0
    for before, n in pairwise(sizes):
        V = np.array(theta[start : start + n * (before + 1)], float).reshape(n, before + 1)
        layers.append((V[:, :before], V[:, before]))
        start += V.size
    return layers


def sigma(name, z):
    """(a, σ'(z)); of a softmax the diagonal."""
    if name == "sigmoid":
        a = 1 / (1 + np.exp(-z))
        return a, a * (1 - a)
    if name == "tanh":
        return np.tanh(z), 1 / np.cosh(z) ** 2
    if name == "relu":
        return np.maximum(z, 0), (z > 0) * 1.0
    a = np.exp(z) / np.exp(z).sum()
    return a, a * (1 - a)


def one_example(sizes, activations, cost, theta, x, y):
    """(z, a, σ', δ, what arrives) by layer, and C₀, of one example."""
    z, a, prime = [], [np.array(x, float)], []
    for (W, b), name in zip(layers_of(sizes, theta), activations, strict=True):
        z.append(np.array([sum(W[j] * a[-1]) + b[j] for j in range(len(b))]))
        value, slope = sigma(name, z[-1])
        a.append(value)
        prime.append(slope)
    out = a[-1]
    if cost == "quadratic":
        C, arriving = sum((y - out) ** 2) / 2, [out - y]
        delta = [arriving[0] * prime[-1]]
    elif activations[-1] == "softmax":
        C, arriving = -sum(y * np.log(out)), [-y / out]
        jacobian = np.diag(out) - np.outer(out, out)
        delta = [jacobian @ arriving[0]]
    else:
        C = -sum(y * np.log(out) + (1 - y) * np.log(1 - out))
        arriving = [(out - y) / (out * (1 - out))]
        delta = [arriving[0] * prime[-1]]
    for (W, _), slope in zip(layers_of(sizes, theta)[:0:-1], prime[-2::-1], strict=True):
        arriving.insert(0, np.array([sum(W[:, j] * delta[0]) for j in range(W.shape[1])]))
        delta.insert(0, arriving[0] * slope)
    return z, a, prime, delta, arriving, C


def l2(sizes, theta, alpha, m):
    """α/2m Σ w²."""
    return alpha / 2 / m * sum((W**2).sum() for W, _ in layers_of(sizes, theta))
