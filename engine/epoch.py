"""What an epoch of a run consists of, and how many updates that makes."""

from __future__ import annotations

from typing import NamedTuple

from engine.optimizer import Optimizer
from engine.stop import Stop


class Epoch(NamedTuple):
    """One epoch: `span` examples, of which an update takes `stride`.

    Of a method that sees the whole training set at every update (`Optimizer.whole`) the span is
    counted in updates, and the stride is 1.
    """

    span: int
    stride: int

    @classmethod
    def of(cls, optimizer: Optimizer, m: int, batch_size: int) -> Epoch:
        """The epoch of this method on m examples, in mini-batches of `batch_size`."""
        if optimizer.whole:
            return cls(optimizer.updates_per_epoch, 1)
        return cls(m, batch_size)

    @property
    def updates(self) -> int:
        """Updates of a whole epoch; the last may have fewer examples than the others."""
        return -(-self.span // self.stride)


def planned_updates(stop: Stop, epoch: Epoch, optimizer: Optimizer) -> int:
    """Updates of a whole run, if nothing but its epochs and its budget of evaluations ends it."""
    updates = stop.epochs * epoch.updates
    if stop.evaluations is None:
        return updates
    left = max(0, stop.evaluations - optimizer.first_points)
    return min(updates, 1 - (-left // optimizer.points))
