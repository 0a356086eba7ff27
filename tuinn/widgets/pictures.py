"""Images in half cells, at the size that there is room for."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def size(shape: tuple[int, int], columns: int, rows: int) -> tuple[int, int]:
    """(columns, rows) of cells that an image of (height, width) pixels takes, within so many, ≥ 1.

    A cell holds two pixels, one above the other. The image is made larger by whole factors, or
    smaller by taking the mean of squares of pixels.
    """
    height, width = shape
    larger = min(columns // width, 2 * rows // height)
    if larger >= 1:
        return larger * width, -(-larger * height // 2)
    smaller = _smaller(shape, columns, rows)
    return ceil(width / smaller), ceil(ceil(height / smaller) / 2)


def fitted(image: Array, columns: int, rows: int) -> Array:
    """The image (height, width) for these cells: (2 · rows, columns), NaN where it ends."""
    height, width = image.shape
    across, down = size((height, width), columns, rows)
    if across >= width:
        picture = image.repeat(across // width, axis=0).repeat(across // width, axis=1)
    else:
        smaller = _smaller((height, width), columns, rows)
        tops, lefts = np.arange(0, height, smaller), np.arange(0, width, smaller)
        sums = np.add.reduceat(np.add.reduceat(image, tops, axis=0), lefts, axis=1)
        tall, wide = np.diff([*tops, height]), np.diff([*lefts, width])
        picture = sums / np.outer(tall, wide)
    odd = 2 * down - len(picture)
    return np.pad(picture, ((0, odd), (0, 0)), constant_values=np.nan)


def _smaller(shape: tuple[int, int], columns: int, rows: int) -> int:
    return max(-(-shape[1] // columns), -(-shape[0] // (2 * rows)), 1)
