"""What a chart shows: curves and marks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from tuinn.widgets.look import INKS, layer_ink, layer_marker
from tuinn.widgets.raster import LINE_STYLES, Floats, LineStyle


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One curve y(x), (n,) each: x is finite and does not decrease; NaN in y is a gap."""

    name: str
    """What the legend calls it, in plain words; a curve without a name is not in the legend."""
    x: Floats
    y: Floats
    style: LineStyle = "solid"
    ink: str = "series-1"
    """One of `look.INKS`; the component class of the chart that colours it."""
    marker: str = ""
    """A character drawn on the curve now and then; none if empty."""
    ghost: bool = False
    """It is there to be compared with, as what a run left behind: drawn behind the others, and
    nothing is read from it."""
    reads: Floats | None = None
    """(n,): what legend and cursor read in place of y, as the spread on the curve mean + spread."""
    low: Floats | None = None
    """(n,): the lower edge of a band around the curve, as the least of several runs."""
    high: Floats | None = None
    """(n,): the upper one; a band has both."""
    edge: bool = False
    """It is an edge of the band of another curve: see `edges`."""

    def __post_init__(self) -> None:
        x = np.asarray(self.x, np.float64)
        y = np.asarray(self.y, np.float64)
        if x.ndim != 1 or x.shape != y.shape:
            raise ValueError(f"series {self.name!r}: x is {x.shape} and y {y.shape}, not both (n,)")
        # one comparison finds NaN, too: it is in no order
        if x.size and not (np.isfinite(x[0]) and np.isfinite(x[-1]) and (x[1:] >= x[:-1]).all()):
            raise ValueError(f"series {self.name!r}: x must be finite and not decrease")
        if self.style not in LINE_STYLES:
            raise ValueError(f"series {self.name!r}: style must be one of {LINE_STYLES}")
        if self.ink not in INKS:
            raise ValueError(f"series {self.name!r}: ink must be one of {INKS}, got {self.ink!r}")
        reads = y if self.reads is None else np.asarray(self.reads, np.float64)
        if reads.shape != y.shape:
            raise ValueError(f"series {self.name!r}: reads is {reads.shape} and y {y.shape}")
        if (self.low is None) != (self.high is None):
            raise ValueError(f"series {self.name!r}: a band has two edges, low and high")
        for edge in (self.low, self.high):
            if edge is not None and np.shape(edge) != y.shape:
                raise ValueError(f"series {self.name!r}: edge is {np.shape(edge)} and y {y.shape}")
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)
        object.__setattr__(self, "reads", reads)

    def at(self, x: float) -> float:
        """What it reads at x, or last before it; NaN where nothing was recorded (yet)."""
        if self.reads is None or self.x.size == 0:
            return np.nan
        last = float(self.x[-1])
        spacing = (last - float(self.x[0])) / max(self.x.size - 1, 1)
        index = int(np.searchsorted(self.x, x, side="right")) - 1
        # where its next point would be it has ended: others are read there at the same x
        if index < 0 or (x > last and x >= last + spacing):
            return np.nan
        return float(self.reads[index])

    @property
    def edges(self) -> tuple[Series, ...]:
        """The edges of its band as curves without a name or a marker; none where it has no band."""
        found = (self.low, self.high)
        return tuple(
            replace(
                self,
                name="",
                y=np.asarray(edge, np.float64),
                style="sparse",
                marker="",
                reads=None,
                low=None,
                high=None,
                edge=True,
            )
            for edge in found
            if edge is not None
        )

    @property
    def last(self) -> float:
        """What it reads at its end; NaN where there is nothing. A median ends where too few of its
        curves go on."""
        read = self.reads
        if read is not None and self.low is not None:
            read = read[np.isfinite(read)]
        return float(read[-1]) if read is not None and read.size else np.nan

    def nearest(self, x: float, after: float | None = None) -> float | None:
        """The recorded x nearest to ``x``, of those past ``after`` on the side of x; or None."""
        points = self.x
        if after is not None:
            beyond = int(np.searchsorted(points, after, side="right" if x > after else "left"))
            points = points[beyond:] if x > after else points[:beyond]
        if points.size == 0:
            return None
        right = min(int(np.searchsorted(points, x)), points.size - 1)
        left = max(right - 1, 0)
        return float(points[left] if x - points[left] <= points[right] - x else points[right])


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at x: "η 0.5→0.1"."""

    x: float
    text: str


def layer_series(layer: int, x: ArrayLike, y: ArrayLike) -> Series:
    """The curve of a layer l = 1…L, with the colour and marker it has everywhere."""
    return Series(
        name=f"l={layer}",
        x=np.asarray(x, np.float64),
        y=np.asarray(y, np.float64),
        ink=layer_ink(layer),
        marker=layer_marker(layer),
    )
