"""What a runner was asked to do before it pauses."""

from __future__ import annotations

from collections import deque


class Goals:
    """So many updates, or the rest of an epoch, one after the other; none: train on."""

    def __init__(self) -> None:
        self._left: deque[int | None] = deque()

    def add(self, updates: int | None) -> None:
        """So many updates, or with None those to the end of the epoch."""
        self._left.append(updates)

    def clear(self) -> None:
        self._left.clear()

    @property
    def within_epoch(self) -> bool:
        """The first of them ends with the epoch."""
        return bool(self._left) and self._left[0] is None

    def at_most(self, updates: int) -> int:
        """So many of ``updates`` may be made before one has to look here again."""
        first = self._left[0] if self._left else None
        return updates if first is None else min(updates, first)

    def reached(self, done: int, *, epoch_ended: bool) -> bool:
        """Whether all that was asked for is done, after so many updates for the first of them."""
        if not self._left:
            return False
        first = self._left[0]
        if first is not None:
            self._left[0] = first = first - done
        if epoch_ended if first is None else first == 0:
            self._left.popleft()
        return not self._left
