"""How fast a live run may go, so that a person can follow it."""

from __future__ import annotations

BACKLOG = 0.25
"""Seconds that a paced run may catch up with."""


class Pace:
    """At most so many updates a second, counted from where the run was started."""

    def __init__(self) -> None:
        self.updates_per_second: float | None = None
        """None: as many as it can."""
        self._began, self._update = 0.0, 0

    def begin(self, *, now: float, update: int) -> None:
        """Count from here: what was not kept up with is not made up for."""
        self._began, self._update = now, update

    def due(self, *, now: float, update: int, chunk: int) -> float:
        """How many updates are due, at most `chunk` of them; below 1: it has to wait."""
        if self.updates_per_second is None:
            return chunk
        due = self._update + (now - self._began) * self.updates_per_second - update
        if due > chunk + BACKLOG * self.updates_per_second:
            self.begin(now=now, update=update)
        return min(chunk, due)

    def wait(self, due: float) -> float:
        """Seconds until the first of the updates is due."""
        return (1 - due) / self.updates_per_second if self.updates_per_second else 0.0
