"""The moments of a run that can be gone back to, kept within a bound on memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from engine.snapshot import Snapshot

if TYPE_CHECKING:
    from engine.trainer import Trainer

Array = NDArray[Any]

MOST_BYTES = 64_000_000
MOST_MOMENTS = 4096
"""However small they are: more than a chart can show."""
PLAIN_BYTES, LAYER_BYTES, ARRAY_BYTES = 1_400, 750, 200
"""What the Python objects of a moment take, about: by themselves, and for each layer and array."""
AXES = ("epoch", "update", "evaluations", "seconds")
"""What may be counted along a run; none of them decreases."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A run as it was: what it showed, and what to go on from."""

    snapshot: Snapshot
    """With θ."""
    arrays: dict[str, Array]
    """What `Trainer.load` and `Trainer.branch` take. Its θ is that of the snapshot, its order the
    array that all the moments of an epoch share: not to be changed."""
    nbytes: int = field(init=False)
    """Bytes it takes by itself, without the order."""

    def __post_init__(self) -> None:
        own = sum(array.nbytes for name, array in self.arrays.items() if name != "order")
        layers, arrays = len(self.snapshot.layers), len(self.arrays)
        plain = PLAIN_BYTES + LAYER_BYTES * layers + ARRAY_BYTES * arrays
        object.__setattr__(self, "nbytes", own + plain)

    @property
    def order(self) -> Array:
        """The permutation of its epoch, (m,)."""
        return self.arrays["order"]

    def at(self, axis: str) -> float:
        """Its place on one of the `AXES`."""
        return float(getattr(self.snapshot, axis))


class Rewind:
    """Moments of one run in the order of its updates.

    When they take more than `most_bytes`, every second one of the older half is dropped: the recent
    part stays dense and the whole run stays covered. The first and the last are kept, unless these
    two alone are too large: then it is the last, or none.

    One thread may change it while others read `moments`, which is replaced as a whole.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        if most_bytes < 0:
            raise ValueError(f"`most_bytes` must be ≥ 0; got {most_bytes}")
        self.most_bytes = most_bytes
        self.moments: tuple[Moment, ...] = ()
        self.nbytes = 0
        """Bytes of all the moments, an order that several share counted once."""

    def keep(self, trainer: Trainer, snapshot: Snapshot) -> None:
        """Keep the run as it is now, in place of what was kept of this update and later ones.

        ValueError unless `snapshot` was taken of it now, with its θ.
        """
        if snapshot.theta is None or snapshot.update != trainer.update:
            raise ValueError(
                f"a moment needs a snapshot of now (update {trainer.update}) with θ; "
                f"got one of update {snapshot.update}"
            )
        if self.moments and self.moments[-1].snapshot.update >= snapshot.update:
            self.cut(snapshot.update - 1)
        if snapshot.theta.nbytes > self.most_bytes:
            return
        moment = Moment(snapshot, {**trainer.state().arrays(), "theta": snapshot.theta})
        moments, nbytes = (*self.moments, moment), self.nbytes + _bytes_of((moment,))
        if self.moments and self.moments[-1].order is moment.order:
            nbytes -= moment.order.nbytes
        while nbytes > self.most_bytes or len(moments) > MOST_MOMENTS:
            moments = _thinned(moments)
            nbytes = _bytes_of(moments)
        self.moments, self.nbytes = moments, nbytes

    def nearest(self, axis: str, x: float) -> Moment | None:
        """The moment nearest to x on one of the `AXES`, the earlier of two; None: there is none."""
        if axis not in AXES:
            raise ValueError(f"axis must be one of {', '.join(AXES)}, got {axis!r}")
        moments = self.moments
        if not moments:
            return None
        right = min(bisect_left(moments, x, key=lambda one: one.at(axis)), len(moments) - 1)
        left = max(right - 1, 0)
        nearer = x - moments[left].at(axis) <= moments[right].at(axis) - x
        return moments[left if nearer else right]

    def cut(self, update: int) -> None:
        """Drop what came after that update."""
        self.moments = self.moments[: _after(self.moments, update)]
        self.nbytes = _bytes_of(self.moments)

    def clear(self) -> None:
        """Forget everything; another run begins."""
        self.moments, self.nbytes = (), 0


def _after(moments: tuple[Moment, ...], update: int) -> int:
    """How many moments there are up to that update."""
    return bisect_left(moments, update + 1, key=lambda one: one.snapshot.update)


def _bytes_of(moments: Iterable[Moment]) -> int:
    """Bytes of these moments; those of an epoch stand together and share their order."""
    total, order = 0, None
    for moment in moments:
        total += moment.nbytes
        if moment.order is not order:
            order = moment.order
            total += order.nbytes
    return total


def _thinned(moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """Without every second one of the older half; of two the first goes, of one it does."""
    if len(moments) <= 2:
        return moments[1:]
    half = max(len(moments) // 2, 2)
    return moments[:half:2] + moments[half:]
