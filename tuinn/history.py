"""The curves of one run, kept within bounds however long it lasts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.snapshot import LayerSnapshot, Snapshot
from tuinn.runners.report import Mark

Array = NDArray[np.float64]

CAPACITY = 4096
"""Snapshots kept in memory; twice the pixel columns of a chart 1000 cells wide."""
SCALARS = (
    "epoch",
    "update",
    "seconds",
    "eta",
    "alpha",
    "train_loss",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
)
LAYER_FIGURES = tuple(
    name for name in LayerSnapshot.__slots__ if name not in ("layer", "units", "activation")
)


class History:
    """Columns of figures over the snapshots of a run.

    When `CAPACITY` is reached every second snapshot of the older half is dropped: the recent
    part stays dense and the whole run stays covered. The first and the last are always kept.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        if capacity < 8:
            raise ValueError(f"capacity must be at least 8, got {capacity}")
        self._capacity = capacity
        self.marks: list[Mark] = []
        self.last: Snapshot | None = None
        self._layers = 0
        self._table: Array = np.empty((0, 0))
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def layers(self) -> int:
        """L, the number of layers with weights; 0 while there is nothing."""
        return self._layers

    def clear(self) -> None:
        """Forget everything; another run begins."""
        self.marks.clear()
        self.last, self._layers, self._length = None, 0, 0
        self._table = np.empty((0, 0))

    def append(self, snapshot: Snapshot) -> None:
        """Add a snapshot; one of the same update replaces the last."""
        row = self._row(snapshot)
        if self._length == 0:
            self._layers = len(snapshot.layers)
            self._table = np.empty((self._capacity, len(row)))
        if self.last is not None and self._length and self.last.update == snapshot.update:
            self._length -= 1
        elif self._length == self._capacity:
            self._thin()
        self._table[self._length] = row
        self._length += 1
        self.last = snapshot

    def _row(self, snapshot: Snapshot) -> list[float]:
        row: list[Any] = [getattr(snapshot, name) for name in SCALARS]
        for layer in snapshot.layers:
            row += [getattr(layer, name) for name in LAYER_FIGURES]
        return [np.nan if value is None else float(value) for value in row]

    def _thin(self) -> None:
        half = self._capacity // 2
        keep = np.concatenate([np.arange(0, half, 2), np.arange(half, self._capacity)])
        self._table[: len(keep)] = self._table[keep]
        self._length = len(keep)

    def column(self, name: str) -> Array:
        """One figure over all snapshots; NaN where it was not known. A view: do not keep it."""
        place = _place(SCALARS, name)
        return self._table[: self._length, place] if self._length else np.empty(0)

    def layer_column(self, layer: int, name: str) -> Array:
        """One figure of layer l = 1…L over all snapshots."""
        if not self._length:
            return np.empty(0)
        if not 1 <= layer <= self._layers:
            raise ValueError(f"layer must be 1 … {self._layers}, got {layer}")
        before = len(SCALARS) + (layer - 1) * len(LAYER_FIGURES)
        place = before + _place(LAYER_FIGURES, name)
        return self._table[: self._length, place]

    def x(self, axis: str) -> Array:
        """The values of an x axis: "epoch", "update" or "seconds"."""
        if axis not in ("epoch", "update", "seconds"):
            raise ValueError(f"axis must be epoch, update or seconds, got {axis!r}")
        return self.column(axis)


def _place(names: tuple[str, ...], name: str) -> int:
    if name not in names:
        raise ValueError(f"the figure must be one of {', '.join(names)}, got {name!r}")
    return names.index(name)
