"""The seconds that a run has gone on by the clock, along the line that is followed."""

from __future__ import annotations

from bisect import bisect_right

CAPACITY = 4096
"""Places that are remembered; when it is reached every second one is forgotten."""


class RunClock:
    """Counts while a run goes on; a run that is led back has what it had there."""

    def __init__(self) -> None:
        self._updates: list[int] = [0]
        self._seconds: list[float] = [0.0]
        self.seconds = 0.0
        """Since the first update of this line."""

    def count(self, seconds: float, update: int) -> None:
        """So many seconds later the run stands at this update."""
        self.seconds += seconds
        if update <= self._updates[-1]:
            return
        self._updates.append(update)
        self._seconds.append(self.seconds)
        if len(self._updates) > CAPACITY:
            self._updates, self._seconds = self._updates[::2], self._seconds[::2]

    def go_back(self, update: int) -> None:
        """The run goes on from an update that was passed."""
        kept = bisect_right(self._updates, update)
        del self._updates[kept:], self._seconds[kept:]
        self.seconds = self._seconds[-1]
