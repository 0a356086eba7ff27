"""How the weights, the activations and the gradients of every layer are spread over their values.

The limits of a histogram are powers of two and its bins are aligned with 0, so that a histogram
over narrow limits can be brought to wider ones by adding up bins: `coarsened` gives the very counts
that the values themselves would give there. Past histograms need not be computed anew when the
values outgrow their limits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation
from engine.backprop import backprop
from engine.costs import Cost
from engine.network import Network

Array = NDArray[Any]
Counts = NDArray[np.int64]
Kind = Literal["w", "z", "a", "gradient"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""w: the weights W^l. z, a: the units over the probe's examples. gradient: the entries of ∂C₀/∂W^l,
the mean over the probe."""
BINS = 256
"""A power of two, so that limits may be doubled some times before bins get wider than a row of a
picture."""
_SMALLEST = -1000
"""Exponent of the limits where all the values are 0."""
_LARGEST = 1024
"""Exponent of the limits that hold every float64."""
_BOUNDED = {"sigmoid": 0, "softmax": 0, "tanh": 0}
"""Activations of which a is never beyond 1 in size: the exponent of the limits."""
_FROM_ZERO = ("sigmoid", "softmax", "relu")


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """How many values of one layer are in each of `BINS` bins, each holding its lower end.

    The limits are 0 … 2^exponent, or −2^exponent … 2^exponent where it is ``signed``. The last bin
    holds the upper limit too.
    """

    layer: int
    counts: Counts
    """(BINS,), read-only."""
    exponent: int
    signed: bool
    not_finite: int = 0
    """Values that are ∞ or NaN, and in no bin."""

    @property
    def high(self) -> float:
        return math.ldexp(1.0, self.exponent) if self.exponent < _LARGEST else math.inf

    @property
    def low(self) -> float:
        return -self.high if self.signed else 0.0

    def at(self, bins: int) -> float:
        """The value ``bins`` bins above the lower limit, where one begins."""
        below_zero = BINS // 2 if self.signed else 0
        return (bins - below_zero) * math.ldexp(1 / (BINS - below_zero), self.exponent)

    def coarsened(self, exponent: int) -> Histogram:
        """The same values over limits that are as wide or wider; ValueError if narrower."""
        steps = exponent - self.exponent
        if steps < 0:
            raise ValueError(f"the limits are 2^{self.exponent} and cannot become 2^{exponent}")
        if steps == 0:
            return self
        middle = BINS // 2 if self.signed else 0
        # beyond so many doublings all is in the bins beside 0
        bins = ((np.arange(BINS) - middle) >> min(steps, 60)) + middle
        counts = _read_only(np.bincount(bins, self.counts, BINS).astype(np.int64))
        return Histogram(self.layer, counts, exponent, self.signed, self.not_finite)


@dataclass(frozen=True, slots=True)
class Spread:
    """One layer's values in numbers. Quantiles are interpolated linearly; NaN if none is finite."""

    layer: int
    units: int
    activation: str
    values: int
    """How many there are, finite or not."""
    least: float
    low: float
    """5 % of the values are less."""
    median: float
    high: float
    """95 % of the values are less."""
    greatest: float
    not_finite: int
    dead: float
    """Share in [0, 1] of ReLU units that are off (z ≤ 0) for every example of the probe; NaN for
    other activations, which cannot be off."""


def layer_values(
    network: Network, theta: Array, x: Array, y: Array, cost: Cost, kind: Kind
) -> list[Array]:
    """The values of one kind for each layer 1…L, over the probe x (n_0, k), y (n_L, k)."""
    if kind == "w":
        return network.W(theta)
    if kind == "gradient":
        return network.W(backprop(network, theta, x, y, cost).gradient)
    z, a = network.propagate(theta, x)
    return z if kind == "z" else a[1:]


def histograms(
    network: Network, theta: Array, x: Array, y: Array, cost: Cost, kind: Kind
) -> tuple[Histogram, ...]:
    """The histogram of each layer 1…L, over limits that just hold its values."""
    with np.errstate(all="ignore"):
        values = layer_values(network, theta, x, y, cost, kind)
        return tuple(
            histogram(layer, v, sigma if kind == "a" else None)
            for layer, (v, sigma) in enumerate(
                zip(values, network.activations, strict=True), start=1
            )
        )


def histogram(layer: int, values: Array, sigma: Activation | None = None) -> Histogram:
    """The histogram of any values; of activations of ``sigma``, over limits that suit it.

    The limits are the least powers of two that are larger than every value, and for activations
    that are bounded their bounds.
    """
    signed = sigma is None or sigma.name not in _FROM_ZERO
    values, count = values.ravel(), values.size
    largest = max(float(values.max(initial=0.0)), -float(values.min(initial=0.0)))
    if not math.isfinite(largest):
        values = values[np.isfinite(values)]
        largest = float(np.abs(values).max(initial=0.0))
    if sigma is not None and sigma.name in _BOUNDED:
        exponent = _BOUNDED[sigma.name]
    else:
        exponent = max(math.frexp(largest)[1], _SMALLEST) if largest else _SMALLEST
    # a power of two scales without rounding, so the bins of all limits have ends in common
    half = BINS // 2 if signed else BINS
    scaled = (
        # where the factor itself may be no number of this precision
        np.ldexp(values, -exponent) * half
        if abs(exponent) > 100
        else values * (values.dtype.type(math.ldexp(float(half), -exponent)))
    )
    bins = np.floor(scaled).astype(np.intp)
    if signed:
        bins += half
    np.minimum(bins, BINS - 1, out=bins)
    return Histogram(
        layer,
        _read_only(np.bincount(bins, minlength=BINS)),
        exponent,
        signed,
        count - values.size,
    )


def spreads(
    network: Network, theta: Array, x: Array, y: Array, cost: Cost, kind: Kind
) -> tuple[Spread, ...]:
    """The numbers of each layer 1…L, with the dead units wherever there are ReLUs."""
    with np.errstate(all="ignore"):
        values = layer_values(network, theta, x, y, cost, kind)
        dead = dead_units(network, theta, x)
        return tuple(_spread(network, layer, values[layer - 1], dead) for layer in _layers(network))


def dead_units(network: Network, theta: Array, x: Array) -> tuple[float, ...]:
    """For each layer the share of ReLU units with z ≤ 0 for every example of x (n_0, k).

    NaN for layers of other activations.
    """
    if all(sigma.name != "relu" for sigma in network.activations):
        return (math.nan,) * network.L
    z, _ = network.propagate(theta, x)
    return tuple(
        float((z_l <= 0).all(axis=1).mean()) if sigma.name == "relu" else math.nan
        for z_l, sigma in zip(z, network.activations, strict=True)
    )


def _layers(network: Network) -> range:
    return range(1, network.L + 1)


def _spread(network: Network, layer: int, values: Array, dead: tuple[float, ...]) -> Spread:
    flat = values.ravel()
    known = flat[np.isfinite(flat)]
    if known.size:
        # sorted once: five quantiles of 23 520 weights by np.quantile take three times as long
        ordered = np.sort(known)
        places = np.array([0.0, 0.05, 0.5, 0.95, 1.0]) * (known.size - 1)
        below = np.floor(places).astype(np.intp)
        above = np.ceil(places).astype(np.intp)
        share = places - below
        figures = (1 - share) * ordered[below] + share * ordered[above]
    else:
        figures = np.full(5, math.nan)
    least, low, median, high, greatest = figures.tolist()
    return Spread(
        layer,
        network.sizes[layer],
        network.activations[layer - 1].name,
        flat.size,
        least,
        low,
        median,
        high,
        greatest,
        flat.size - known.size,
        dead[layer - 1],
    )


def _read_only(counts: Counts) -> Counts:
    counts.flags.writeable = False
    return counts
