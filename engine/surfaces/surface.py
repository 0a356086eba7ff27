"""A cost C(x, y) of two parameters, to be looked at as a map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Point = tuple[float, float]

REACHED = 1e-2
"""A minimum counts as reached by a point that is at most this far from it (Euclidean)."""


@dataclass(frozen=True)
class Surface:
    """A cost of two parameters with its gradient and the places of its global minima.

    `value` and `gradient` take points outside the domain too, and complex ones, so that the
    gradient can be checked by a complex step.
    """

    name: str
    """As on the command line: "rosenbrock"."""
    title: str
    """A few words for a heading."""
    formula: str
    """C(x, y) as a text."""
    value: Callable[[Array], Array]
    """Costs C (k,) at points (k, 2)."""
    gradient: Callable[[Array], Array]
    """∇C (k, 2) at points (k, 2)."""
    domain: tuple[Point, Point]
    """((lowest, highest) x, (lowest, highest) y) of the map; both sides are of one length."""
    minima: tuple[Point, ...]
    """All the global minima, to full precision."""
    start: Point
    """Where descents begin unless told otherwise."""
    log: bool = False
    """Its costs span so many powers of ten that they are best drawn on a logarithmic scale."""
    axes: tuple[str, str] = ("x", "y")
    """What the two parameters are called."""
    short: str = ""
    """The formula in fewer letters, where the formula itself is long; see `brief`."""

    @property
    def brief(self) -> str:
        """C(x, y) as a text of at most 44 letters, for narrow places."""
        return self.short or self.formula

    @property
    def width(self) -> float:
        """The length of a side of the map."""
        low, high = self.domain[0]
        return high - low

    @property
    def centre(self) -> Point:
        """The middle of the map."""
        (left, right), (bottom, top) = self.domain
        return (left + right) / 2, (bottom + top) / 2

    def distance(self, point: Array) -> float:
        """How far `point` (2,) is from the nearest global minimum; NaN or ∞ where it is nowhere."""
        return float(np.hypot(*(np.asarray(self.minima) - point).T).min())
