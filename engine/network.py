"""A feed-forward network: the shape of θ and the passes through it, written as in the textbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.activations import activation
from engine.initialisation import rule

Array = NDArray[Any]

CHUNK = 500
"""Examples that go through the network at once, so that their activations stay in cache."""


class Network:
    """Layers l = 1…L of `sizes[l]` units, over `sizes[0]` inputs.

    The network holds no parameters. All of them live in one flat vector θ; layer l's matrix
    V^l = [W^l b^l] is a view of shape (n_l, n_(l−1) + 1) of it.

    Parameters
    ----------
    sizes
        (n_0, …, n_L), at least two numbers, each at least 1.
    activations
        The names for layers 1…L. Softmax is allowed at the output only.
    dtype
        Of θ and of all arithmetic: float64 or float32.

    Raises
    ------
    ValueError
        Where a size or an activation is not allowed; the message names the field.
    """

    def __init__(
        self, sizes: Sequence[int], activations: Sequence[str], dtype: DTypeLike = "float64"
    ) -> None:
        self.sizes = tuple(int(n) for n in sizes)
        self.dtype = np.dtype(dtype)
        if len(self.sizes) < 2:
            raise ValueError(f"a network needs an input and an output layer; got sizes {sizes}")
        for place, n in enumerate(self.sizes):
            if n < 1:
                raise ValueError(
                    f"every layer needs at least 1 unit; `sizes[{place}]` is {n} in {self.sizes}"
                )
        if len(activations) != len(self.sizes) - 1:
            raise ValueError(
                f"{len(self.sizes) - 1} layers need as many activations; got {len(activations)}"
            )
        if self.dtype not in (np.dtype("float64"), np.dtype("float32")):
            raise ValueError(f"`training.dtype` must be float64 or float32; got {self.dtype}")
        self.activations = tuple(activation(name) for name in activations)
        for layer, sigma in enumerate(self.activations[:-1], start=1):
            if sigma.name == "softmax":
                raise ValueError(
                    f"softmax is for the output layer only; layer {layer} of {self.L} is hidden"
                )
        self._shapes = tuple(
            (n, n_before + 1) for n_before, n in zip(self.sizes[:-1], self.sizes[1:], strict=True)
        )
        ends = np.cumsum([rows * columns for rows, columns in self._shapes])
        self._slices = tuple(
            slice(int(end) - rows * columns, int(end))
            for end, (rows, columns) in zip(ends, self._shapes, strict=True)
        )
        self.parameters = int(ends[-1])

    @property
    def L(self) -> int:
        """The number of layers with weights."""
        return len(self.sizes) - 1

    def __repr__(self) -> str:
        layers = " · ".join(
            f"{n} {sigma.name}" for n, sigma in zip(self.sizes[1:], self.activations, strict=True)
        )
        return f"Network({self.sizes[0]} · {layers})"

    def V(self, theta: Array) -> list[Array]:
        """[V^1, …, V^L], V^l = [W^l b^l] as (n_l, n_(l−1) + 1) views of θ."""
        return [
            theta[s].reshape(shape) for s, shape in zip(self._slices, self._shapes, strict=True)
        ]

    def W(self, theta: Array) -> list[Array]:
        """[W^1, …, W^L], (n_l, n_(l−1)) views of θ."""
        return [V[:, :-1] for V in self.V(theta)]

    def b(self, theta: Array) -> list[Array]:
        """[b^1, …, b^L], (n_l,) views of θ."""
        return [V[:, -1] for V in self.V(theta)]

    def taken(self, theta: Any) -> Array:
        """A copy of θ in this precision; ValueError unless it has the shape and is finite in it."""
        if np.shape(theta) != (self.parameters,):
            raise ValueError(
                f"`theta` must hold the {self.parameters} parameters of {self}; "
                f"got shape {np.shape(theta)}"
            )
        with np.errstate(over="ignore"):
            copy = np.array(theta, self.dtype)
        wrong = np.count_nonzero(~np.isfinite(copy))
        if wrong:
            raise ValueError(
                f"`theta` must hold finite numbers in {self.dtype}; {wrong} of {copy.size} are not"
            )
        return copy

    def place(self, layer: int, row: int, column: int | None) -> int:
        """Where in θ the weight W^layer[row, column] stands, or with None the bias b^layer[row].

        Layers count from 1, rows and columns from 0. ValueError where there is none.
        """
        if not 1 <= layer <= self.L:
            raise ValueError(f"`layer` must be 1 … {self.L}; got {layer}")
        rows, columns = self._shapes[layer - 1]
        if not 0 <= row < rows:
            raise ValueError(f"`row` must be 0 … {rows - 1} in layer {layer}; got {row}")
        if column is None:
            column = columns - 1
        elif not 0 <= column < columns - 1:
            raise ValueError(f"`column` must be 0 … {columns - 2} in layer {layer}; got {column}")
        return self._slices[layer - 1].start + row * columns + column

    def draw(self, init: str, rng: np.random.Generator) -> Array:
        """A first θ, drawn layer by layer by the rule `init` (see `engine.initialisation`)."""
        draw = rule(init)
        layers = [draw(rng, n, columns - 1) for n, columns in self._shapes]
        return self.pack([W for W, _ in layers], [b for _, b in layers])

    def pack(self, weights: Sequence[Any], biases: Sequence[Any]) -> Array:
        """θ from given W^1…W^L and b^1…b^L; ValueError where a shape is wrong."""
        for name, given in (("weights", weights), ("biases", biases)):
            if len(given) != self.L:
                raise ValueError(
                    f"`network.{name}` must have one entry per layer: {self.L}; got {len(given)}"
                )
        theta = np.empty(self.parameters, self.dtype)
        for layer, (V, W, b) in enumerate(zip(self.V(theta), weights, biases, strict=True)):
            n, n_before = V.shape[0], V.shape[1] - 1
            for name, given, shape in (("weights", W, (n, n_before)), ("biases", b, (n,))):
                if np.shape(given) != shape:
                    raise ValueError(
                        f"`network.{name}[{layer}]` must have shape {shape}; got {np.shape(given)}"
                    )
            V[:, :-1] = W
            V[:, -1] = b
        return theta

    def weight_mask(self) -> Array:
        """1 where θ holds a weight, 0 where it holds a bias."""
        mask = np.zeros(self.parameters, self.dtype)
        for W in self.W(mask):
            W[...] = 1
        return mask

    def propagate(self, theta: Array, x: Array) -> tuple[list[Array], list[Array]]:
        """The forward pass z^l = W^l a^(l−1) + b^l, a^l = σ(z^l).

        `x` is a^0, (n_0, k). Returns ([z^1…z^L], [a^0, a^1…a^L]).
        """
        zs, activations = [], [x]
        for W, b, sigma in zip(self.W(theta), self.b(theta), self.activations, strict=True):
            z = W @ activations[-1] + b[:, None]
            zs.append(z)
            activations.append(sigma.value(z))
        return zs, activations

    def forward(self, theta: Array, X: Array) -> Array:
        """The outputs a^L for the rows of X: (n, n_0) → (n, n_L)."""
        output = np.empty((len(X), self.sizes[-1]), theta.dtype)
        for start in range(0, len(X), CHUNK):
            x = np.asarray(X[start : start + CHUNK]).T.astype(theta.dtype, copy=False)
            _, activations = self.propagate(theta, x)
            output[start : start + CHUNK] = activations[-1].T
        return output
