"""A small picture of every unit: what it answers over a plane, or what weights lead to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.network import Network

Array = NDArray[Any]

MOST_STRIPES = 16
"""So many incoming weights lie side by side; more of them are put in rows."""

Shows = Literal["output", "incoming", "outgoing"]
"""a of a unit over the plane; the weights w that lead to it; ‖w‖ of those that lead from it."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerMaps:
    """The pictures of one layer l = 0…L (0: the inputs), the top row of each first."""

    layer: int
    shows: Shows
    values: Array
    """(n_l, rows, columns), read-only; NaN where there is nothing, or what there is is not finite.
    Of inputs that are the pixels of an image (1, height, width): one picture of them all."""
    low: Array
    """(n_l,) or (1,): the value at the low end of the colours of each picture."""
    high: Array
    """The value at the high end. Except of norms, the middle between both is what says nothing:
    0, or 0.5 of a sigmoid and of a softmax."""

    def shares(self, unit: int) -> Array:
        """(rows, columns): where each value of a picture lies between its low and high end."""
        low, high = self.low[unit], self.high[unit]
        return np.asarray((self.values[unit] - low) / (high - low))


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """The pictures of all layers, l = 0…L."""

    layers: tuple[LayerMaps, ...]
    image: tuple[int, int] | None = None
    """(height, width) where the inputs are the pixels of an image."""

    @property
    def plane(self) -> bool:
        """The pictures are answers over the input plane, and not weights."""
        return self.layers[-1].shows == "output"


def plane_maps(network: Network, theta: Array, X: Array, rows: int, columns: int) -> Maps:
    """What every input and every unit answers over a grid of the input plane, by one forward pass.

    ``X`` (rows · columns, n_0) holds the inputs at the points of the grid, features made and
    scaled, row by row from the lower end of x2 upwards, each row from left to right. Colours of an
    input go to ± its own largest value; of sigmoid and softmax from 0 to 1, of tanh from −1 to 1;
    of the others to ± the largest answer of the layer.

    Raises ValueError where X is not of that shape.
    """
    if X.shape != (rows * columns, network.sizes[0]):
        raise ValueError(
            f"X must be ({rows} · {columns}, {network.sizes[0]}), one row per point; got {X.shape}"
        )
    # a diverged network answers NaN
    with np.errstate(all="ignore"):
        _, a = network.propagate(theta, X.T.astype(theta.dtype, copy=False))
    layers = []
    for layer, answers in enumerate(a):
        values = _finite(answers.reshape(-1, rows, columns)[:, ::-1])
        if layer == 0:
            high = _largest(values)
            low = -high
        else:
            ends = _ends(network.activations[layer - 1].name, values)
            low, high = (np.full(len(values), end) for end in ends)
        layers.append(LayerMaps(layer, "output", values, low, high))
    return Maps(tuple(layers))


def weight_maps(
    network: Network,
    theta: Array,
    image: tuple[int, int] | None = None,
    *,
    scale: Literal["unit", "layer"] = "unit",
) -> Maps:
    """The weights that lead to every unit; of the inputs the norm of those that lead away.

    ``image`` (height, width): the inputs are the pixels of an image, and so the weights of layer 1
    are one. Elsewhere weights lie side by side, more than `MOST_STRIPES` in rows of equal length,
    in the order of the units that they come from. Colours of weights go to ± the largest of the
    ``scale``; those of norms from 0 to the largest.

    Raises ValueError where the image has not n_0 pixels.
    """
    if image is not None and image[0] * image[1] != network.sizes[0]:
        raise ValueError(f"an image of {image} does not have {network.sizes[0]} pixels")
    W = network.W(theta)
    with np.errstate(all="ignore"):
        norms = np.sqrt(np.vecdot(W[0].T, W[0].T))
    values = _finite(norms.reshape((-1, 1, 1) if image is None else (1, *image)))
    top = np.full(len(values), _largest(values).max())
    layers = [LayerMaps(0, "outgoing", values, np.zeros(len(values)), top)]
    for layer, weights in enumerate(W, start=1):
        values = _finite(_arranged(weights, image if layer == 1 else None))
        high = _largest(values)
        if scale == "layer":
            high = np.full(len(values), high.max())
        layers.append(LayerMaps(layer, "incoming", values, -high, high))
    return Maps(tuple(layers), image)


def arrangement(weights: int) -> tuple[int, int]:
    """(rows, columns) in which so many incoming weights of a unit lie."""
    if weights <= MOST_STRIPES:
        return 1, weights
    columns = int(np.ceil(np.sqrt(weights)))
    return -(-weights // columns), columns


def _arranged(weights: Array, image: tuple[int, int] | None) -> Array:
    """(n_l, n_(l−1)) → (n_l, rows, columns), NaN in places that are left over."""
    units, count = weights.shape
    rows, columns = image or arrangement(count)
    places = np.full((units, rows * columns), np.nan, weights.dtype)
    places[:, :count] = weights
    return places.reshape(units, rows, columns)


def _finite(values: Array) -> Array:
    """A read-only copy with NaN for ±∞, and for what has no finite distance from its opposite."""
    copy = np.where(np.abs(values) <= np.finfo(values.dtype).max / 2, values, np.nan)
    copy.flags.writeable = False
    return copy


def _largest(values: Array) -> Array:
    """(n,): the largest |value| of each picture; 1 where all are 0 or none is finite."""
    sizes = np.abs(values).reshape(len(values), -1)
    largest = np.where(np.isnan(sizes), 0.0, sizes).max(axis=1)
    return np.asarray(np.where(largest > 0, largest, 1.0))


def _ends(activation: str, values: Array) -> tuple[float, float]:
    """The answers at the ends of the colours."""
    if activation in ("sigmoid", "softmax"):
        return 0.0, 1.0
    high = 1.0 if activation == "tanh" else float(_largest(values).max())
    return -high, high
