"""The cost of many networks at once: k candidates θ over the same examples, as one stack.

What pays is fewer calls for small networks, one product with all first layers W^1 for middling
ones, and results written into buffers that stay in cache for all. So candidates go in blocks that
fit there; where not even two do, a block is one candidate, and the blocks a loop.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.costs import Cost
from engine.network import CHUNK, Network

Array = NDArray[Any]

BLOCK_BYTES = 1_000_000
"""What the parameters and activations of a block may take, so that they stay in cache."""


class PopulationCost:
    """J = C₀ + α/2m Σ w² of each of k candidates, over a fixed set of examples.

    The same as `Network.propagate` and `Cost.total` candidate by candidate, up to rounding, and
    never slower.

    Parameters
    ----------
    network, cost
        What the candidates are the parameters of, and its cost.
    X, Y
        The examples, (m, n_0) and (m, n_L), at least one.
    """

    def __init__(self, network: Network, cost: Cost, X: Array, Y: Array) -> None:
        self._network = network
        self._m = len(X)
        self._mask = network.weight_mask()
        parts = np.array_split(np.arange(self._m), -(-self._m // CHUNK))
        numbers = network.parameters + len(parts[0]) * sum(network.sizes[1:])
        self.block = max(1, BLOCK_BYTES // (numbers * network.dtype.itemsize))
        """Candidates that go through the network at once, at most."""
        self._stack = Stack(network, cost, self.block)
        self._parts = [self._stack.examples(X[rows], Y[rows]) for rows in parts]

    def costs(self, thetas: Array, alpha_over_m: float) -> Array:
        """J (k,) in float64, of the candidates (k, d); NaN or ∞ where numbers overflow."""
        thetas = np.ascontiguousarray(thetas, self._network.dtype)
        k = len(thetas)
        total = np.empty(k)
        for first in range(0, k, self.block):
            rows = slice(first, first + self.block)
            total[rows] = sum(self._stack.totals(thetas[rows], x, y) for x, y in self._parts)
        total /= self._m
        if alpha_over_m:
            total += alpha_over_m / 2 * ((thetas * thetas) @ self._mask)
        return total


class Stack:
    """A forward pass with one more axis in front, over the candidates.

    As elsewhere a sigmoid is had from tanh, σ(z) = (1 + tanh(z/2)) / 2.
    """

    def __init__(self, network: Network, cost: Cost, block: int) -> None:
        self._network, self._cost, self._block = network, cost.name, block
        self._names = [sigma.name for sigma in network.activations]
        self._shapes = [V.shape for V in network.V(np.empty(network.parameters))]
        self._buffers: dict[int, list[Array]] = {}

    def examples(self, X: Array, Y: Array) -> tuple[Array, Array]:
        """x (n_0 + 1, columns) with a row of ones for the bias, and y (n_L, columns)."""
        x = np.ones((X.shape[1] + 1, len(X)), self._network.dtype)
        x[:-1] = X.T
        return x, np.ascontiguousarray(Y.T, self._network.dtype)

    def totals(self, thetas: Array, x: Array, y: Array) -> Array:
        """Σ C_x over the examples for every candidate, (candidates,)."""
        *zs, spare = self._buffers_for(len(thetas), x.shape[1])
        start = 0
        for l, ((n, columns), z) in enumerate(zip(self._shapes, zs, strict=True)):
            V = thetas[:, start : start + n * columns].reshape(-1, n, columns)
            start += n * columns
            if l == 0:
                # all candidates have the same input: one product
                np.dot(V.reshape(-1, columns), x, out=z.reshape(-1, z.shape[2]))
            else:
                np.matmul(V[:, :, :-1], zs[l - 1], out=z)
                np.add(z, V[:, :, -1:], out=z)
            if l < len(zs) - 1:
                _activate(self._names[l], z)
        z, output = zs[-1], self._names[-1]
        if self._cost == "cross-entropy":
            cross_entropy = _of_softmax if output == "softmax" else _of_sigmoid
            return cross_entropy(z, y, spare)
        _activate(output, z)
        np.subtract(z, y, out=z)
        np.multiply(z, z, out=z)
        return _sums(z) / 2

    def _buffers_for(self, candidates: int, columns: int) -> list[Array]:
        """For z^1 … z^L, (candidates, n_l, columns), and a spare one like z^L."""
        if columns not in self._buffers:
            sizes, dtype = self._network.sizes, self._network.dtype
            self._buffers[columns] = [
                np.empty((self._block, n, columns), dtype) for n in (*sizes[1:], sizes[-1])
            ]
        return [buffer[:candidates] for buffer in self._buffers[columns]]


def _activate(name: str, z: Array) -> None:
    """σ in place."""
    if name == "sigmoid":
        np.multiply(z, 0.5, out=z)
        np.tanh(z, out=z)
        np.add(z, 1, out=z)
        np.multiply(z, 0.5, out=z)
    elif name == "tanh":
        np.tanh(z, out=z)
    elif name == "relu":
        # like the network's own, it makes 0 of a NaN
        np.fmax(z, 0, out=z)


def _of_sigmoid(z: Array, y: Array, spare: Array) -> Array:
    """Σ [ln(1 + e^z) − y z], with ln(1 + e^z) = max(z, 0) + ln(1 + e^(−|z|))."""
    np.abs(z, out=spare)
    np.negative(spare, out=spare)
    np.exp(spare, out=spare)
    np.log1p(spare, out=spare)
    spare += np.maximum(z, 0)
    np.multiply(z, y, out=z)
    np.subtract(spare, z, out=spare)
    return _sums(spare)


def _of_softmax(z: Array, y: Array, spare: Array) -> Array:
    """Σ [ln Σ e^z − Σ y z], the largest z of each example taken out of the exponent."""
    top = z.max(axis=1)
    np.subtract(z, top[:, None, :], out=spare)
    np.exp(spare, out=spare)
    logarithm = np.log(spare.sum(axis=1))
    np.multiply(z, y, out=z)
    return _sums(top + logarithm - z.sum(axis=1))


def _sums(values: Array) -> Array:
    """The sum of each candidate's values, (candidates,)."""
    return np.asarray(values.reshape(len(values), -1).sum(axis=1))
