"""How fast a live run goes, and how many updates it makes in one go."""

from __future__ import annotations

SPEED_WINDOW = 0.5
"""Seconds over which the speed shown is averaged."""
SMALL = 4096
"""Parameters up to which a network counts as small: its updates hold the interpreter lock."""
FIRST_CHUNK = 8


class Speed:
    """Follows the speed by the wall clock, and sizes the next chunk by that of the trainer."""

    def __init__(self) -> None:
        self.per_second = 0.0
        self.chunk = FIRST_CHUNK
        """Updates to make before the next look at the commands: about a millisecond of them."""
        self._measured_at = 0.0

    def begin(self, now: float) -> None:
        """A run starts, or goes on after a pause."""
        self._measured_at, self.per_second = now, 0.0

    def measure(
        self, updates: int, seconds: float, *, now: float, update: int, parameters: int
    ) -> None:
        """So many updates were made in so many seconds; the run has come to `update`."""
        passed, self._measured_at = now - self._measured_at, now
        if not updates:
            return
        weight = min(1.0, passed / SPEED_WINDOW)
        # a coarse clock may not have moved
        rate = updates / max(passed, 1e-9)
        before = self.per_second
        self.per_second = rate if not before else before + weight * (rate - before)
        target = 0.001 if parameters <= SMALL else 0.005
        # early chunks are short, for the dense beginning of the curves
        most = max(1, update // 16)
        self.chunk = min(max(FIRST_CHUNK, int(updates / max(seconds, 1e-9) * target)), most)
