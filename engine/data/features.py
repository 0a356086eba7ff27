"""Input features of 2-D sets: what the network is given in place of the bare x1 and x2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.errors import DataError

FloatArray = NDArray[np.float64]

SELECTABLE: Final[dict[str, Callable[[FloatArray, FloatArray], FloatArray]]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1 * x1,
    "x2^2": lambda x1, x2: x2 * x2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin(x1)": lambda x1, x2: np.sin(x1),
    "sin(x2)": lambda x1, x2: np.sin(x2),
}
"""The single features, by the names a configuration uses."""

PLAIN: Final = ("x1", "x2")
MAX_DEGREE: Final = 12


def count(degree: int, d: int = 2) -> int:
    """Number of terms of a polynomial in ``d`` variables up to ``degree``, without the constant.

    C(d + r, r) − 1, so 2, 5, 9, 14, … for d = 2.
    """
    if degree < 0 or d < 1:
        raise DataError(f"count needs degree >= 0 and d >= 1, got degree {degree} and d {d}")
    return comb(d + degree, degree) - 1


def exponents(degree: int) -> tuple[tuple[int, int], ...]:
    """The (p, q) of every term x1^p x2^q with 1 <= p + q <= degree, lowest degree first."""
    return tuple((r - q, q) for r in range(1, degree + 1) for q in range(r + 1))


def _term(p: int, q: int) -> str:
    factors = [("x1", p), ("x2", q)]
    return "*".join(x if power == 1 else f"{x}^{power}" for x, power in factors if power)


@dataclass(frozen=True, slots=True)
class Features:
    """A map of points (n, 2) to inputs (n, d), usable on any points, such as a grid of pixels.

    Either the single features ``names``, or every polynomial term up to ``degree`` (1 … 12);
    then ``names`` is made from it.
    """

    names: tuple[str, ...] = PLAIN
    degree: int | None = None

    def __post_init__(self) -> None:
        if self.degree is not None:
            if not 1 <= self.degree <= MAX_DEGREE:
                raise DataError(
                    f"`data.degree` must be from 1 to {MAX_DEGREE}, got {self.degree}",
                    "data.degree",
                )
            names = tuple(_term(p, q) for p, q in exponents(self.degree))
            object.__setattr__(self, "names", names)
            return
        names = tuple(self.names)
        object.__setattr__(self, "names", names)
        unknown = [name for name in names if name not in SELECTABLE]
        if unknown or not names:
            raise DataError(
                f"`data.features` must be some of {', '.join(SELECTABLE)}; "
                f"got {', '.join(map(repr, unknown)) or 'none'}",
                "data.features",
            )
        if len(set(names)) < len(names):
            raise DataError(
                f"`data.features` must name each feature once, got {', '.join(names)}",
                "data.features",
            )

    @classmethod
    def polynomial(cls, degree: int) -> Features:
        """All terms up to ``degree``, without the constant: `count` (degree, 2) of them."""
        return cls(degree=degree)

    @property
    def d(self) -> int:
        """Number of inputs made."""
        return len(self.names)

    @property
    def is_plain(self) -> bool:
        """Whether the points go in as they are."""
        return self.names == PLAIN

    def __call__(self, points: FloatArray) -> FloatArray:
        """Inputs (n, d) of the points (n, 2)."""
        if points.ndim != 2 or points.shape[1] != 2:
            raise DataError(f"features need points of shape (n, 2), got {points.shape}")
        x1, x2 = points[:, 0], points[:, 1]
        if self.degree is None:
            columns = [SELECTABLE[name](x1, x2) for name in self.names]
        else:
            columns = [x1**p * x2**q for p, q in exponents(self.degree)]
        return np.column_stack(columns).astype(np.float64, copy=False)
