"""When a live run shows a snapshot of itself."""

from __future__ import annotations

GROWTH = 1.05
"""Ratio of two updates that follow each other on the early, dense part of the curves."""
SHARE = 0.1
"""Share of the training time that evaluation may take."""
ALLOWANCE = 0.25
"""Seconds of evaluation a run has beyond that share, so that its beginning is dense."""


class Cadence:
    """Snapshots come by the clock, and early on by the update, so that the first, steepest part
    of a curve is drawn however fast the network is. Evaluation is held to a share of the time,
    except that an epoch's end is always shown when the clock allows it, and one by which runs are
    judged even when it does not.

    Parameters
    ----------
    interval
        Seconds between two snapshots by the clock.
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._next_update = 0
        self._last_at = float("-inf")
        self._spent = 0.0

    def due(
        self, *, now: float, update: int, seconds: float, epoch_ended: bool, judged: bool = False
    ) -> bool:
        """Whether to take a snapshot; `now` by the wall clock, `seconds` of training so far.

        ``judged``: see `engine.curve.is_judged`.
        """
        waited = now - self._last_at >= self._interval
        if waited and epoch_ended:
            return True
        affordable = self._spent <= ALLOWANCE + SHARE * seconds
        return judged or (affordable and (waited or update >= self._next_update))

    def taken(self, *, now: float, update: int, cost: float) -> None:
        """A snapshot was taken, and took `cost` seconds."""
        self._last_at = now
        self._spent += cost
        self._next_update = max(update + 1, int(update * GROWTH))
