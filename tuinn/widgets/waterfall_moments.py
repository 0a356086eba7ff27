"""What the waterfall draws: δ, and the parts of it, at every moment that was kept."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.inside.cause import Cause
from tuinn.history import History
from tuinn.widgets.raster import Axis, Floats
from tuinn.widgets.scale import Limits, nice_step

DEEP = 8.0
"""Decades of the scale at most: what is smaller is shown as its lower end."""
_LEAST_EXTENT = 1.0
_FILL = 0.4
"""The ends of the scale are kept while the values fill at least this share of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Columns over T ≥ 1 moments, copied from a history."""

    x: Floats
    """(T,), not decreasing: the axis that the charts have."""
    updates: Floats
    """(T,)."""
    delta: Floats
    """(L, T) ‖δ^l‖."""
    arriving: Floats
    """(L, T) ‖(W^(l+1))ᵀδ^(l+1)‖, and at the output ‖a^L − y‖."""
    sigma_prime: Floats
    """(L, T) mean σ'."""
    logs: Floats
    """(L, T) log10 ‖δ^l‖; −∞ where δ is 0."""
    activations: tuple[str, ...]

    @classmethod
    def of(cls, history: History, axis: str) -> Moments | None:
        """None where there is no δ: before a run, and for methods without gradient."""
        if not len(history) or not history.layers or history.last is None:
            return None
        delta, arriving, sigma_prime = (
            np.stack([history.layer_column(l, name) for l in range(1, history.layers + 1)])
            for name in ("delta", "arriving", "sigma_prime")
        )
        with np.errstate(divide="ignore"):
            logs = np.log10(delta)
        return cls(
            np.array(history.x(axis)),
            np.array(history.column("update")),
            delta,
            arriving,
            sigma_prime,
            logs,
            tuple(layer.activation for layer in history.last.layers),
        )

    @property
    def layers(self) -> int:
        """L."""
        return len(self.activations)

    def place(self, x: float | None) -> int:
        """The moment at x, or the last before it; the first before all; None is the last of all."""
        if x is None:
            return len(self.x) - 1
        return max(int(np.searchsorted(self.x, x, side="right")) - 1, 0)

    def nearest(self, x: float, after: float | None = None) -> float | None:
        """The recorded x nearest to ``x``, of those past ``after`` on the side of x; or None."""
        points = self.x
        if after is not None:
            beyond = int(np.searchsorted(points, after, side="right" if x > after else "left"))
            points = points[beyond:] if x > after else points[:beyond]
        if not points.size:
            return None
        return float(points[np.argmin(np.abs(points - x))])

    def cause(self, layer: int, place: int) -> Cause:
        """Why δ of layer l = 1…L was what it was at a moment."""
        above = float(self.delta[layer, place]) if layer < self.layers else np.nan
        return Cause(
            layer,
            self.activations[layer - 1],
            float(self.delta[layer - 1, place]),
            float(self.arriving[layer - 1, place]),
            float(self.sigma_prime[layer - 1, place]),
            above,
        )

    def ratio(self, place: int) -> float:
        """‖δ¹‖ / ‖δᴸ‖ at a moment; NaN where there is no δᴸ."""
        last = float(self.delta[-1, place])
        return float(self.delta[0, place]) / last if last else np.nan

    def limits(self, previous: Limits | None) -> Limits:
        """log10 of the ends of the scale, 1, 2 or 5 times a power of ten, around all δ that are
        finite and not 0; ``previous`` ones where they still serve."""
        finite = np.isfinite(self.logs)
        if not finite.any():
            return previous or (-1.0, 0.0)
        least, most = float(self.logs[finite].min()), float(self.logs[finite].max())
        least = max(least, most - DEEP)
        if previous is not None:
            within = previous[0] <= least and most <= previous[1]
            if within and most - least >= _FILL * (previous[1] - previous[0]):
                return previous
        # the reciprocals of 1, 2 and 5 are such numbers, too
        low, high = -math.log10(nice_step(10.0**-least)), math.log10(nice_step(10.0**most))
        return min(low, high - _LEAST_EXTENT), high

    def shares(self, axis: Axis, limits: Limits) -> Floats:
        """(L, cells) mean log10 ‖δ^l‖ of the moments in each cell of the x axis, as a share of the
        limits.

        A cell between two moments has what the last one before it has; NaN is outside of the run.
        """
        low, high = limits
        with np.errstate(invalid="ignore"):
            logs = np.clip(self.logs, low, high)
        known = ~np.isnan(logs)
        counts, sums = _running(known), _running(np.where(known, logs, 0.0))
        cells = np.floor(axis.place(self.x) + 0.5)
        ends = np.searchsorted(cells, np.arange(axis.cells + 1))
        first, last = ends[:-1], ends[1:]
        number = counts[:, last] - counts[:, first]
        mean = (sums[:, last] - sums[:, first]) / np.maximum(number, 1)
        before = logs[:, np.maximum(first - 1, 0)]
        mean = np.where(number > 0, mean, np.where(first < last, np.nan, before))
        ran = (last > 0) & (np.arange(axis.cells) <= cells[-1])
        return np.where(ran, (mean - low) / (high - low), np.nan)


def _running(values: NDArray[np.float64] | NDArray[np.bool_]) -> Floats:
    """(L, T + 1) sums of the first t columns."""
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums
