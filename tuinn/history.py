"""The curves of one run, kept within bounds however long it lasts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.rewind import AXES
from engine.snapshot import LayerSnapshot, SearchSnapshot, Snapshot
from tuinn.mark import Mark
from tuinn.runners.report import Report

__all__ = ["AXES", "CAPACITY", "LAYER_FIGURES", "History"]

Array = NDArray[np.float64]

CAPACITY = 4096
"""Snapshots kept in memory; twice the pixel columns of a chart 1000 cells wide."""
SCALARS = (
    "epoch",
    "update",
    "evaluations",
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
SEARCH_COSTS = ("best", "mean", "spread")
SEARCH_FIGURES = 2
"""Of every method without gradient, beside its costs: see `Optimizer.figures`."""
MOST_BRANCHES = 4
"""Branches that are remembered: the most recent ones."""
_UPDATE, _ALPHA, _LOSS = (SCALARS.index(name) for name in ("update", "alpha", "train_loss"))


class History:
    """Columns of figures over the snapshots of a run.

    A run with gradients has columns for each of its layers, one without has those of its search.
    When `CAPACITY` is reached every second snapshot of the older half is dropped: the recent
    part stays dense and the whole run stays covered. The first and the last are always kept.

    Where the run is led back to one of its moments and goes on from there, what came after that
    moment becomes a branch: a history of its own, from which this one leads away.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        if capacity < 8:
            raise ValueError(f"capacity must be at least 8, got {capacity}")
        self._capacity = capacity
        self.marks: list[Mark] = []
        self.last: Snapshot | None = None
        self.branches: tuple[History, ...] = ()
        """What came after moments to which the run was led back, the most recent one last. Each
        begins with the last snapshot that it shares with what goes on; `last` is None."""
        self._layers = 0
        self._table: Array = np.empty((0, 0))
        self._length = 0
        self._forked = False
        """The next snapshot is the first of a fork."""

    def __len__(self) -> int:
        return self._length

    @property
    def layers(self) -> int:
        """L, the number of layers with weights; 0 while there is nothing, and without gradients."""
        return self._layers

    def clear(self) -> None:
        """Forget everything; another run begins."""
        self.marks.clear()
        self.branches = ()
        self.last, self._layers, self._length = None, 0, 0
        self._table = np.empty((0, 0))

    def take(self, report: Report) -> None:
        """Add what a runner has to tell: a new run, its snapshots and marks, its forks."""
        if report.reset:
            self.clear()
        for fork in report.forks:
            self._extend(fork.snapshots, fork.marks)
            self.fork(fork.mark)
        self._extend(report.snapshots, report.marks)

    def _extend(self, snapshots: Iterable[Snapshot], marks: Iterable[Mark]) -> None:
        self.marks.extend(marks)
        for snapshot in snapshots:
            self.append(snapshot)

    def fork(self, mark: Mark) -> None:
        """The run goes on from the update of ``mark``, which stays as a mark; the later part
        becomes a branch. `last` is None until the next snapshot is there."""
        upto = int(np.searchsorted(self._updates, mark.update, side="right"))
        if upto < self._length:
            branch = History(self._capacity)
            branch._layers, branch._length = self._layers, self._length - max(upto - 1, 0)
            branch._table = self._table[max(upto - 1, 0) : self._length].copy()
            branch.marks = [one for one in self.marks if one.update > mark.update]
            self.branches = (*self.branches, branch)[-MOST_BRANCHES:]
        self.cut(mark.update)
        self._forked = True
        self.marks.append(mark)

    def cut(self, update: int) -> None:
        """Forget what came after that update; `last` is None until the next snapshot is there."""
        self._length = int(np.searchsorted(self._updates, update, side="right"))
        self.marks = [mark for mark in self.marks if mark.update <= update]
        self.last = None

    def append(self, snapshot: Snapshot) -> None:
        """Add a snapshot; one of the same update replaces the last.

        Where the cost is another function from there on, the last value of the one and the first
        of the other are kept, so that the curve leaps at its place.
        """
        row = self._row(snapshot)
        if self._length == 0:
            self._layers = len(snapshot.layers)
            self._table = np.empty((self._capacity, len(row)))
        elif self._layers != len(snapshot.layers):
            self._change_kind(len(snapshot.layers), len(row))
        if self._replaces(snapshot):
            self._length -= 1
        elif self._length == self._capacity:
            self._thin()
        self._forked = False
        self._table[self._length] = row
        self._length += 1
        self.last = snapshot

    def _replaces(self, snapshot: Snapshot) -> bool:
        """Whether it takes the place of the last one."""
        updates = self._updates
        if not self._length or updates[-1] != snapshot.update:
            return False
        if self._length > 1 and updates[-2] == snapshot.update:
            return True
        last = self._table[self._length - 1]
        another = last[_ALPHA] != snapshot.alpha or self._forked
        return not another or last[_LOSS] == snapshot.train_loss

    def _change_kind(self, layers: int, columns: int) -> None:
        """A fork goes on with a method of the other kind: with gradients, or without."""
        table = np.full((self._capacity, columns), np.nan)
        table[: self._length, : len(SCALARS)] = self._table[: self._length, : len(SCALARS)]
        self._table, self._layers = table, layers

    def _row(self, snapshot: Snapshot) -> list[float]:
        row: list[Any] = [getattr(snapshot, name) for name in SCALARS]
        for layer in snapshot.layers:
            row += [getattr(layer, name) for name in LAYER_FIGURES]
        if not snapshot.layers:
            row += _search_row(snapshot.search)
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

    def search_column(self, name: str) -> Array:
        """A cost of the search over all snapshots: "best", "mean" or "spread"."""
        return self._search_column(_place(SEARCH_COSTS, name))

    def figure_column(self, place: int) -> Array:
        """The search's own figure at ``place``, 0 or 1, in the order of `Optimizer.figures`."""
        if not 0 <= place < SEARCH_FIGURES:
            raise ValueError(f"place must be 0 … {SEARCH_FIGURES - 1}, got {place}")
        return self._search_column(len(SEARCH_COSTS) + place)

    def _search_column(self, place: int) -> Array:
        """NaN for a run with gradients, whose rows have no such column."""
        if self._layers:
            return np.full(self._length, np.nan)
        return self._table[: self._length, len(SCALARS) + place] if self._length else np.empty(0)

    def x(self, axis: str) -> Array:
        """The values of an x axis, one of `AXES`."""
        if axis not in AXES:
            raise ValueError(f"axis must be one of {', '.join(AXES)}, got {axis!r}")
        return self.column(axis)

    def nearest(self, axis: str, x: float) -> int:
        """The index of the snapshot nearest to x, the earlier of two.

        ValueError where there is none.
        """
        places = self.x(axis)
        if not places.size:
            raise ValueError("there is no snapshot yet")
        right = min(int(np.searchsorted(places, x)), places.size - 1)
        left = max(right - 1, 0)
        return left if x - places[left] <= places[right] - x else right

    @property
    def _updates(self) -> Array:
        return self.column("update")


def _search_row(search: SearchSnapshot | None) -> list[float]:
    """Costs and figures; NaN for a search that has evaluated nothing yet."""
    if search is None:
        return [np.nan] * (len(SEARCH_COSTS) + SEARCH_FIGURES)
    costs = [getattr(search, name) for name in SEARCH_COSTS]
    return costs + [value for _, value in search.figures]


def _place(names: tuple[str, ...], name: str) -> int:
    if name not in names:
        raise ValueError(f"the figure must be one of {', '.join(names)}, got {name!r}")
    return names.index(name)
