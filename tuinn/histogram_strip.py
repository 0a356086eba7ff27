"""The histograms of a run over time, a few at a time, and each of them once."""

from __future__ import annotations

import math
import weakref
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol

from numpy.typing import NDArray

from engine.costs import Cost
from engine.inside.histogram import Histogram, Kind, Spread, histograms, spreads
from engine.network import Network
from engine.snapshot import Snapshot

Array = NDArray[Any]
Limits = tuple[float, float]

BUDGET = 0.004
"""Seconds for new columns at one `HistogramStrip.update`: a twenty-fifth of the time at 10 frames
a second."""
PLACES = 160
"""Columns in view, at most: about as many as the widest panel has cells."""
_BESIDE = 2 * PLACES
"""Columns kept on either side of what is in view, at most."""


class Kept(Protocol):
    """A moment of a run that can be looked at again."""

    @property
    def snapshot(self) -> Snapshot: ...


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The histograms of one moment, layers 1…L."""

    epoch: float
    update: int
    evaluations: int
    seconds: float
    layers: tuple[Histogram, ...]
    theta: weakref.ref[Array]
    """Weak, so that a moment that is dropped to save memory can go."""

    def x(self, axis: str) -> float:
        """Where the moment is on an axis: "epoch", "update", "evaluations" or "seconds"."""
        return float(getattr(self, axis))


Place = Callable[["Snapshot | Column"], int]


class HistogramStrip:
    """The columns of one run, for the kind that was asked for last.

    The time that is in view is divided into places, each of which has one column: the last that
    was computed there, at first that of the last moment. What is computed stays while its moment
    is kept, whatever becomes of the limits (see `engine.inside.histogram`).

    Parameters
    ----------
    cost
        What is followed, or what was followed after which update.
    probe
        x (n_0, k) and y (n_L, k).
    budget
        Seconds that one `update` may take for new columns; one column is always computed.
    clock
        Tells the seconds.
    """

    def __init__(
        self,
        network: Network,
        cost: Cost | Callable[[int], Cost],
        probe: tuple[Array, Array],
        *,
        budget: float = BUDGET,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self.network = network
        self.columns: list[Column] = []
        """Of the kind asked for, in the order of time."""
        self.now: Column | None = None
        """That of the moment shown."""
        self.spreads: tuple[Spread, ...] = ()
        """The numbers of the moment shown, layers 1…L."""
        self._cost_at = (lambda update: cost) if isinstance(cost, Cost) else cost
        self._probe = probe
        self._budget, self._clock = budget, clock
        self._cache: dict[Kind, list[Column]] = {}
        self._shown: tuple[Kind, Snapshot] | None = None

    def update(
        self,
        moments: Sequence[Kept],
        kind: Kind,
        *,
        shown: Snapshot | None = None,
        axis: str = "epoch",
        view: Limits | None = None,
    ) -> bool:
        """Compute what is missing, as far as the time goes; True if nothing is missing any more.

        ``moments`` are in the order of time; ``shown``, the last of them by default, is the moment
        whose numbers are wanted. ``view`` is the part of the ``axis`` ("epoch", "update",
        "evaluations" or "seconds") that is in view.
        """
        if shown is None and moments:
            shown = moments[-1].snapshot
        self._show(kind, shown)
        if not moments:
            self.columns = self._cache[kind] = []
            return True
        started = self._clock()
        place = _places(moments, axis, view)
        columns = self._thinned(self._still_kept(self._cache.get(kind, []), moments), place)
        missing = _missing(columns, moments, axis, view, place)
        while missing:
            columns.append(self._column(kind, missing.pop()))
            if self._clock() - started >= self._budget:
                break
        columns.sort(key=lambda column: column.update)
        self.columns = self._cache[kind] = self._thinned(columns, place)
        return not missing

    def _show(self, kind: Kind, shown: Snapshot | None) -> None:
        if shown is None:
            self._shown, self.now, self.spreads = None, None, ()
        elif self._shown is None or self._shown[0] != kind or self._shown[1] is not shown:
            self._shown = kind, shown
            self.now = self._column(kind, shown)
            theta, (x, y) = _theta(shown), self._probe
            cost = self._cost_at(shown.update)
            self.spreads = spreads(self.network, theta, x, y, cost, kind)

    def _column(self, kind: Kind, snapshot: Snapshot) -> Column:
        x, y = self._probe
        theta = _theta(snapshot)
        return Column(
            snapshot.epoch,
            snapshot.update,
            snapshot.evaluations,
            snapshot.seconds,
            histograms(self.network, theta, x, y, self._cost_at(snapshot.update), kind),
            weakref.ref(theta),
        )

    @staticmethod
    def _still_kept(columns: list[Column], moments: Sequence[Kept]) -> list[Column]:
        """Those whose moment is there. After a fork there is another moment at the same update."""
        kept = []
        for column in columns:
            at = bisect_left(moments, column.update, key=lambda m: m.snapshot.update)
            if at < len(moments) and moments[at].snapshot.theta is column.theta():
                kept.append(column)
        return kept

    @staticmethod
    def _thinned(columns: list[Column], place: Place) -> list[Column]:
        """The last of each place."""
        return list({place(column): column for column in columns}.values())


def _places(moments: Sequence[Kept], axis: str, view: Limits | None) -> Place:
    """What tells the place of a moment, 0 … PLACES − 1 within the view.

    What is far from the view on either side has one place in common.
    """
    low, high = view or (_x(moments[0].snapshot, axis), _x(moments[-1].snapshot, axis))
    per_x = PLACES / (high - low) if high > low else 0.0

    def place(moment: Snapshot | Column) -> int:
        # the right end of the view belongs to the last place
        x = _x(moment, axis)
        at = PLACES - 1 if x == high > low else math.floor((x - low) * per_x)
        return min(max(at, -_BESIDE), PLACES + _BESIDE)

    return place


def _missing(
    columns: list[Column],
    moments: Sequence[Kept],
    axis: str,
    view: Limits | None,
    place: Place,
) -> list[Snapshot]:
    """The moments to compute: from a fine to a coarse picture, and at the end the last one."""
    have = {place(column) for column in columns}
    last = moments[-1].snapshot
    low, high = view or (_x(moments[0].snapshot, axis), _x(last, axis))
    # one more before the view: what it begins with
    at = max(bisect_left(moments, low, key=lambda moment: _x(moment.snapshot, axis)) - 1, 0)
    missing = []
    while at < len(moments) and _x(moments[at].snapshot, axis) <= high:
        here = place(moments[at].snapshot)
        after = bisect_left(moments, here + 1, lo=at, key=lambda m: place(m.snapshot))
        # of the last place there is more to come: it is looked at below
        if here not in have and after < len(moments):
            missing.append((here, moments[after - 1].snapshot))
        at = after
    # how often a place can be halved tells in how coarse a picture it is seen
    missing.sort(key=lambda one: (one[0] & -one[0] or PLACES, -one[0]))
    newest = [] if any(column.theta() is last.theta for column in columns) else [last]
    return [*(snapshot for _, snapshot in missing), *newest]


def _x(moment: Snapshot | Column, axis: str) -> float:
    return float(getattr(moment, axis))


def _theta(snapshot: Snapshot) -> Array:
    if snapshot.theta is None:
        raise ValueError("a moment without theta has no histograms")
    return snapshot.theta
