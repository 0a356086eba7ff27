"""What stands beside the equations: the list of steps, and the example as a small image."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.inside.walkthrough import Walkthrough


def listed(steps: int, present: int, rows: int) -> dict[int, int]:
    """The steps that are shown by their row: a window with the present one in it."""
    first = max(min(present - rows // 2, steps - rows), 0)
    return {row: first + row for row in range(min(rows, steps - first))}


def thumbnail(
    record: Walkthrough | None, shape: tuple[int, int] | None, width: int, halves: int
) -> NDArray[Any] | None:
    """The example as an image in [0, 1], at most ``width`` pixels wide; None where it is none.

    Each pixel is the mean of a square of them; the rows are a multiple of ``halves``, and NaN where
    there is nothing.
    """
    if record is None or shape is None or shape[0] * shape[1] != len(record.x):
        return None
    pixels = record.x.reshape(shape)
    low, high = float(pixels.min()), float(pixels.max())
    pixels = (pixels - low) / (high - low) if high > low else np.zeros(shape)
    scale = max(-(-shape[1] // width), 1)
    tall = -(-shape[0] // scale // halves) * halves * scale
    padded = np.full((tall, -(-shape[1] // scale) * scale), np.nan)
    padded[: shape[0], : shape[1]] = pixels
    parts = padded.reshape(tall // scale, scale, -1, scale)
    known = np.isfinite(parts).sum(axis=(1, 3))
    mean: NDArray[Any] = np.nansum(parts, axis=(1, 3)) / np.where(known, known, np.nan)
    return mean
