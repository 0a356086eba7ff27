"""Where a walk has been, in bounded memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MOST = 4096
"""Points kept; when there are more, every second one is forgotten."""


class Trail:
    """The start, and the position after every `stride`-th update; the stride doubles when full."""

    def __init__(self, start: Array) -> None:
        self._points = np.empty((MOST, 2))
        self._points[0] = start
        self._count, self._stride, self._skipped = 1, 1, 0

    def add(self, position: Array) -> None:
        """Note the position (2,) after one more update."""
        self._skipped += 1
        if self._skipped < self._stride:
            return
        self._skipped = 0
        if self._count == MOST:
            self._points[: MOST // 2] = self._points[::2]
            self._count = MOST // 2
            self._stride *= 2
        self._points[self._count] = position
        self._count += 1

    def points(self, position: Array) -> Array:
        """All that is kept, and `position`, where the walk stands now, at its end: (n, 2)."""
        kept = self._points[: self._count]
        return np.vstack([kept, position]) if self._skipped else kept.copy()

    def dump(self) -> dict[str, Array]:
        return {
            "trail": self._points[: self._count].copy(),
            "trail_numbers": np.array([self._stride, self._skipped]),
        }

    def load(self, arrays: dict[str, Array]) -> None:
        """KeyError where `arrays` are not of a trail."""
        kept, numbers = arrays["trail"], arrays["trail_numbers"]
        self._points[: len(kept)] = kept
        self._count = len(kept)
        self._stride, self._skipped = (int(n) for n in numbers)
