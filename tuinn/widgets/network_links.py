"""The links between two layers as lines: which of them are drawn, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tuinn.widgets import raster
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.network_layout import LEAST_GAP, Column
from tuinn.widgets.raster import Glyphs

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.intp]

POSITIVE, NEGATIVE = INK["high"], INK["low"]
CHOSEN = INK["text"]
FAINT = 100
"""Added to an ink: half of it, for what is not looked at."""

_LEAST = 0.02
"""Links below this share of the largest of their layer are not drawn."""
_CELLS_PER_LINK = 60
"""Room that a link needs, so that not all of a gap is filled."""
_FEWEST, _MOST = 16, 120
_CELLS_PER_THICK = 35
"""Room that a link needs so as to be more than two dots thick."""
_THICK = (1 / 3, 2 / 3)
"""Shares of the largest weight from which on a line is two and three dots thick."""
_STEEP, _FLAT = 1.6, 0.35
"""Rows a cell from which on an ASCII line is upright, and up to which it lies."""


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """The lines drawn between two neighbouring layers."""

    layer: int
    """That they lead to."""
    left: int
    """The first cell of the gap."""
    owner: Integers
    """(rows, cells of the gap): the place in ``units`` of the line seen in a cell; −1: none."""
    units: Integers
    """Of each line the unit that it leads to, …"""
    sources: Integers
    """… and the one that it comes from."""
    among: int
    """How many links between the units that are shown would be drawn if there were room."""

    def near(self, row: int, column: int) -> tuple[int, int] | None:
        """(unit, source) of the line in this cell, or in one beside it."""
        column -= self.left
        rows, columns = self.owner.shape
        for down, across in ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)):
            y, x = row + down, column + across
            if 0 <= y < rows and 0 <= x < columns and self.owner[y, x] >= 0:
                number = self.owner[y, x]
                return int(self.units[number]), int(self.sources[number])
        return None


class LookedAt(NamedTuple):
    """Which links between two layers belong to what is selected; −1: any."""

    unit: int
    """They lead to this unit, …"""
    source: int
    """… and come from this one."""
    chosen: int = -1
    """The source of the one weight that is selected; −1: none is."""

    def among(
        self, units: Integers, sources: Integers
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Of links by where they lead and come from: which belong to it, which one is selected."""
        looked = ((units == self.unit) | (self.unit < 0)) & (
            (sources == self.source) | (self.source < 0)
        )
        return looked, looked & (sources == self.chosen)


def draw_links(
    cells: Cells,
    before: Column,
    column: Column,
    W: Floats,
    *,
    looked_at: LookedAt | None,
    only: bool,
    glyphs: Glyphs,
    dotted: bool,
) -> Links:
    """Draw links of the weights W (n_l, n_(l−1)) between the boxes of two layers.

    Of all that connect units which are shown, the largest that there is room for. Those that are
    ``looked_at`` are all drawn, on top, and the others faintly, or not at all if ``only``. A
    negative weight is ``dotted``; in ASCII it always is.
    """
    left, right = before.end, column.start
    if right - left > LEAST_GAP:
        right -= 1
    height, gap = cells.codes.shape[0], right - left
    room = height * gap
    units, sources, sizes, among = _chosen(W, before, column, room, looked_at, only)
    across, down = raster.DOTS[glyphs]
    columns = gap * across
    starts = _middles(before, sources) * down
    ends = _ends(column, before, units, sources) * down
    thick = 1 + np.searchsorted(_THICK, np.abs(sizes), side="right")
    if glyphs == "block" or len(sizes) * _CELLS_PER_THICK > room:
        thick = np.minimum(thick, 2)
    lit, owner_of_dot = _rasterised(
        starts,
        ends,
        columns,
        height * down,
        np.ones_like(thick) if glyphs == "ascii" else thick,
        (sizes < 0) if dotted else None,
    )
    mask = raster.pack(lit, glyphs)
    by_cell = owner_of_dot.reshape(height, down, gap, across).max(axis=(1, 3))
    inks = np.where(sizes < 0, NEGATIVE, POSITIVE)
    if looked_at is not None:
        looked, chosen = looked_at.among(units, sources)
        inks = np.where(chosen, CHOSEN, np.where(looked, inks, inks + FAINT))
    drawn = mask > 0
    if glyphs == "ascii":
        codes = _ascii(ends - starts, gap, sizes, thick)[by_cell]
    else:
        codes = raster.codes(mask, glyphs)
    place = slice(None), slice(left, right)
    np.copyto(cells.codes[place], codes, where=drawn)
    if len(inks):
        np.copyto(cells.inks[place], inks[by_cell].astype(np.int32), where=drawn)
    return Links(column.layer, left, by_cell, units, sources, among)


def _chosen(
    W: Floats, before: Column, column: Column, room: int, looked_at: LookedAt | None, only: bool
) -> tuple[Integers, Integers, Floats, int]:
    """Units, sources and sizes (as shares of the largest |w| of the layer) of the links to draw,
    the one to be seen best last; and how many there would be if there were room.
    """
    with np.errstate(all="ignore"):
        part = W[column.first : column.first + column.shown]
        part = part[:, before.first : before.first + before.shown] / (np.abs(W).max() or 1.0)
    sizes = np.abs(part).ravel()
    units, sources = np.divmod(np.arange(sizes.size), before.shown)
    units, sources = units + column.first, sources + before.first
    rank = np.where(sizes >= _LEAST, sizes, -1.0)
    if looked_at is not None:
        looked, chosen = looked_at.among(units, sources)
        rank = np.where(looked, sizes + 2.0, -1.0 if only else rank) + 2.0 * chosen
        rank = np.where(np.isfinite(sizes), rank, -1.0)
    most = min(max(room // _CELLS_PER_LINK, _FEWEST), _MOST)
    order = np.argsort(rank, kind="stable")[-most:]
    order = order[rank[order] >= 0]
    return units[order], sources[order], part.ravel()[order], int((rank >= 0).sum())


def _middles(column: Column, units: Integers) -> Floats:
    """Where lines leave the boxes of these units, in rows."""
    middles: Floats = column.top + (units - column.first) * column.pitch + column.height / 2
    return middles


def _ends(column: Column, before: Column, units: Integers, sources: Integers) -> Floats:
    """Where lines reach boxes: below each other, so that they can be told apart."""
    share = (sources - before.first + 0.5) / before.shown
    ends: Floats = column.top + (units - column.first) * column.pitch + column.height * share
    return ends


def _rasterised(
    starts: Floats,
    ends: Floats,
    columns: int,
    rows: int,
    thick: Integers,
    dotted: NDArray[np.bool_] | None,
) -> tuple[NDArray[np.bool_], Integers]:
    """Dots of straight lines, (rows, columns), and the number of the last line in each or −1."""
    lit = np.zeros((rows, columns), np.bool_)
    owner = np.full((rows, columns), -1, np.intp)
    if not len(starts):
        return lit, owner
    steps = int(max(columns, np.abs(ends - starts).max() + 1)) + 1
    t = np.linspace(0, 1, steps)
    x = (t * (columns - 1) + 0.5).astype(np.intp)
    y = (starts[:, None] + (ends - starts)[:, None] * t).astype(np.intp)
    shown = np.ones(y.shape, np.bool_)
    if dotted is not None:
        shown = ~dotted[:, None] | (np.arange(steps) % 6 < 2)
    # thicker lines are the same ones again, a dot higher or lower; all by their rank
    numbers = np.arange(len(starts))
    again = [(numbers, 0), (np.flatnonzero(thick > 1), 1), (np.flatnonzero(thick > 2), -1)]
    line = np.concatenate([of for of, _ in again])
    shift = np.concatenate([np.full(len(of), by) for of, by in again])
    order = np.argsort(line, kind="stable")
    line, shift = line[order], shift[order]
    dots = np.clip(y[line] + shift[:, None], 0, rows - 1) * columns + x
    kept = shown[line]
    dots, number = dots[kept], np.broadcast_to(line[:, None], kept.shape)[kept]
    lit.ravel()[dots] = True
    owner.ravel()[dots] = number
    return lit, owner


def _ascii(rise: Floats, gap: int, sizes: Floats, thick: Integers) -> NDArray[np.uint32]:
    """The character of each line: by its slope, a sign of its own for large and for negative."""
    slope = rise / max(gap, 1)
    steep, flat = np.abs(slope) > _STEEP, np.abs(slope) < _FLAT
    way = np.where(slope > 0, ord("\\"), ord("/"))
    thin = np.where(steep, ord("|"), np.where(flat, ord("-"), way))
    positive = np.where(thick > 1, ord("#"), thin)
    negative = np.where(thick > 1, ord(":"), ord("."))
    return np.append(np.where(sizes < 0, negative, positive), ord(" ")).astype(np.uint32)
