"""The saturation map: how much of each layer is on a plateau of σ, and which of its units are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from textual import events
from textual.binding import Binding, BindingType

from engine.inside.units import LayerUnits, Units
from engine.snapshot import Snapshot
from tuinn.numbers import significant
from tuinn.widgets.bars import Line, bar_cells
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.footer import Key
from tuinn.widgets.heat import HeatWidget, Ramp
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.saturation_lines import (
    first_that_fits,
    has_plateaus,
    layer_lines,
    output_lines,
    unit_wordings,
)

_LEFT = 7
"""Columns for the names of the strips."""
_SCALE = 12
"""Columns for what the colours of a strip mean, on its right."""
_LEAST_WIDTH = 30
_WIDE = 56
"""From this width on there is room for the scales."""
_WIDEST_CELL = 6
_MOST_OF_A_LAYER = 5
"""Rows of the bar with its figures, of two strips and of the pointer."""
_BELOW = 4
"""Rows under the layers: the unit looked at, an empty one, and two of the output."""
_TALL = 16
"""From this height on the strips are shown even if not those of all the layers fit."""
_LOWEST_COLUMNS, _HIGHEST_COLUMNS = 2, 8
"""Rows of a strip that shows the plateaus of each unit as a column."""
_STEEPEST = {"sigmoid": 0.25, "softmax": 0.25}
"""The largest σ' of an activation, if not 1."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the units of a layer are drawn."""

    layer: int
    """Its place, from 0."""
    rows: range
    first: int
    """The first unit shown, from 0."""
    shown: int
    cell: int
    """Columns of a unit."""

    def unit_at(self, column: int) -> int | None:
        place = (column - _LEFT) // self.cell
        return self.first + place if 0 <= place < self.shown else None


class SaturationMap(HeatWidget, can_focus=True):
    """Bars by layer, and where there is room a strip with one cell per unit below each.

    A bar has the share of units near the low plateau █ and near the high one ▒; the rest works ·.
    A strip has the mean activation of each unit as colour, and below it the mean σ'; if there are
    rows for it also each unit's plateaus as a column.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "layer(-1)", "Layer before", show=False, id="saturation.up"),
        Binding("down", "layer(1)", "Layer after", show=False, id="saturation.down"),
        Binding("left", "unit(-1)", "Unit before", show=False, id="saturation.left"),
        Binding("right", "unit(1)", "Unit after", show=False, id="saturation.right"),
        Binding("home", "unit(-1000000)", "First unit", show=False, id="saturation.home"),
        Binding("end", "unit(1000000)", "Last unit", show=False, id="saturation.end"),
    ]

    def __init__(
        self,
        title: str = "5 saturated units",
        *,
        empty: str = "press space to train",
        glyphs: Glyphs = "braille",
        **names: Any,
    ) -> None:
        super().__init__(glyphs=glyphs, **names)
        self.title = title
        self.empty = empty
        self._snapshot: Snapshot | None = None
        self._units: Units | None = None
        self._layer = self._unit = 0
        self._first = 0
        """Place of the uppermost layer shown, from 0."""
        self._visible = 1
        self._places: list[_Place] = []
        self.border_title = self._plain(title)

    def show(self, snapshot: Snapshot | None, units: Units | None = None) -> None:
        """Show this moment of a run, and its units where `wants_units`; None empties the panel.

        ValueError where both are not of one network.
        """
        if snapshot is not None and units is not None and len(units.layers) != len(snapshot.layers):
            raise ValueError(
                f"units of {len(units.layers)} layers do not go with the figures of "
                f"{len(snapshot.layers)}"
            )
        self._snapshot, self._units = snapshot, units
        self.redraw()

    def wants_units(self, layers: int) -> bool:
        """The strips of a network of so many layers with weights would be seen now."""
        width, height = self.size
        return self._on_view and self.display and _has_room(layers, width, height)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # where no unit can be seen its keys are left to the screen
        return action != "unit" or bool(self._places)

    @property
    def footer_keys(self) -> tuple[Key, ...]:
        keys = [Key("←→", "unit", "focused.unit(1)", 3)] if self._places else []
        count = len(self._snapshot.layers) if self._snapshot else 0
        if count > (1 if self._places else self._visible):
            keys.append(Key("↑↓", "layer", "focused.layer(1)", 3))
        return tuple(keys)

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        self._places = []
        snapshot = self._snapshot
        if snapshot is None or not snapshot.layers:
            text = self.empty if len(self.empty) <= width else ""
            cells.write((height - 1) // 2, (width - len(text)) // 2, self._plain(text), INK["dim"])
            self.note("")
        elif self._units is not None and _has_room(len(snapshot.layers), width, height):
            self._draw_map(cells, snapshot, self._units)
        else:
            self._draw_bars(cells, snapshot)
        return cells

    def _draw_bars(self, cells: Cells, snapshot: Snapshot) -> None:
        """The bars, and what is left of the rows for the output."""
        height, width = cells.codes.shape
        count = len(snapshot.layers)
        blocks = layer_lines(snapshot.layers, width, several=height > 2 * count)
        self._visible = max(height // len(blocks[0]), 1)
        self._first = min(self._first, max(count - self._visible, 0))
        row = 0
        for block in blocks[self._first : self._first + self._visible]:
            for line in block:
                self._write(cells, row, line)
                row += 1
        lines = output_lines(snapshot, width)
        gap = row + len(lines) < height
        for line in lines:
            self._write(cells, row + gap, line)
            row += 1
        self._note_layers(count)

    def _draw_map(self, cells: Cells, snapshot: Snapshot, units: Units) -> None:
        """For each layer its bar and its strips; below them the unit looked at, and the output."""
        height, width = cells.codes.shape
        count = len(snapshot.layers)
        self._layer = min(self._layer, count - 1)
        self._unit = min(self._unit, units.layers[self._layer].n - 1)
        blocks = layer_lines(snapshot.layers, width, several=True)
        least = len(blocks[0]) + 3
        room = height - _BELOW
        self._visible = min(max(room // least, 1), count)
        extra = room // self._visible - least
        thick = 2 if extra > _HIGHEST_COLUMNS + 2 else 1
        columns = extra - 2 * (thick - 1)
        # where there is room for it, a row parts them from the bar
        gap = columns > _LOWEST_COLUMNS + 1
        columns = min(columns - gap, _HIGHEST_COLUMNS)
        columns = columns if columns >= _LOWEST_COLUMNS else 0
        self._first = min(max(self._first, self._layer - self._visible + 1), self._layer)
        self._first = min(self._first, count - self._visible)
        row = 0
        for place in range(self._first, self._first + self._visible):
            for line in blocks[place]:
                self._write(cells, row, line)
                row += 1
            row = self._draw_strips(cells, row + gap, place, units.layers[place], columns, thick)
        layer = units.layers[self._layer]
        looked_at = first_that_fits(unit_wordings(layer, self._unit), width)
        self._write(cells, row, [(looked_at, "text")])
        for line in output_lines(snapshot, width):
            self._write(cells, row + 2, line)
            row += 1
        examples = "1 example" if units.examples == 1 else f"{units.examples} examples"
        self._note_layers(count, examples)

    def _draw_strips(
        self, cells: Cells, row: int, place: int, layer: LayerUnits, columns: int, thick: int
    ) -> int:
        """The plateaus as columns, a, σ' and the pointer; returns the row below them."""
        width = cells.codes.shape[1]
        room = width - _LEFT - (_SCALE if width >= _WIDE else 0)
        cell = min(max(room // layer.n, 1), _WIDEST_CELL)
        shown = min(layer.n, room // cell)
        looked_at = self._unit if place == self._layer else 0
        first = looked_at // shown * shown
        first = min(first, layer.n - shown)
        top = row
        part = slice(first, first + shown)
        if columns and has_plateaus(layer):
            self._draw_columns(cells, row, layer.low[part], layer.high[part], cell, columns)
        row += columns
        least, most, ramp = _scale_of(layer)
        steepest = _STEEPEST.get(layer.activation, 1.0)
        strips: list[tuple[str, NDArray[Any], float, float, Ramp]] = [
            ("mean a", layer.mean, least, most, ramp),
            ("σ′", layer.sigma_prime, 0.0, steepest, "rising"),
        ]
        for name, values, low, high, colours in strips:
            cells.write(row, 0, name.rjust(_LEFT - 1), INK["dim"])
            shares = np.repeat((values[part] - low) / (high - low), cell)
            if cell > 2:
                shares[cell - 1 :: cell] = np.nan
            self.paint(cells, row, _LEFT, np.tile(shares, (thick, 1)), colours)
            ends = f"{'±' if low else '0 to '}{_short(high)}"
            end = _LEFT + cell * shown + 1
            if width >= _WIDE and end + len(ends) <= width:
                cells.write(row, end, ends, INK["dim"])
            row += thick
        self._places.append(_Place(place, range(top, row), first, shown, cell))
        if place == self._layer:
            column = _LEFT + (self._unit - first) * cell + (cell - (cell > 2)) // 2
            cells.write(row, column, self._plain("▲"), INK["cursor"])
        if shown < layer.n:
            which = f"{first + 1} to {first + shown} of {layer.n}"
            cells.write(row, width - len(which) - 1, which, INK["dim"])
        return row + 1

    def _draw_columns(
        self,
        cells: Cells,
        row: int,
        low: NDArray[Any],
        high: NDArray[Any],
        cell: int,
        rows: int,
    ) -> None:
        """A column per unit: its share on the low plateau from below, the high one from above."""
        cells.write(row, 0, "high".rjust(_LEFT - 1), INK["dim"])
        cells.write(row + rows - 1, 0, "low".rjust(_LEFT - 1), INK["dim"])
        bar = max(cell - (cell > 2), 1)
        for unit, (below, above) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
            ups = bar_cells(below, rows)
            downs = min(bar_cells(above, rows), rows - ups)
            for step in range(rows):
                mark, ink = "·", "axis"
                if step < downs:
                    mark, ink = "▒", "high"
                elif step >= rows - ups:
                    mark, ink = "█", "low"
                cells.write(row + step, _LEFT + unit * cell, self._plain(mark * bar), INK[ink])

    def action_layer(self, by: int) -> None:
        """Look at another layer; where there are no strips, scroll."""
        count = len(self._snapshot.layers) if self._snapshot else 0
        if self._places:
            self._layer = min(max(self._layer + by, 0), count - 1)
        else:
            self._first = min(max(self._first + by, 0), max(count - self._visible, 0))
        self.redraw()

    def action_unit(self, by: int) -> None:
        """Look at another unit of the layer."""
        if self._places and self._units is not None:
            last = self._units.layers[self._layer].n - 1
            self._unit = min(max(self._unit + by, 0), last)
            self.redraw()

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        for strips in self._places:
            if at is not None and at.y in strips.rows:
                unit = strips.unit_at(at.x)
                if unit is not None:
                    self._layer, self._unit = strips.layer, unit
                    self.redraw()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_layer(-1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_layer(1)

    def watch_glyphs(self) -> None:
        self.border_title = self._plain(self.title)
        self.redraw()

    def _write(self, cells: Cells, row: int, line: Line) -> None:
        column = 0
        for text, ink in line:
            column = cells.write(row, column, self._plain(text), INK[ink])

    def _note_layers(self, count: int, *notes: str) -> None:
        parts = list(notes)
        if self._visible < count:
            shown = f"l={self._first + 1} to {self._first + self._visible} of {count} ↑↓"
            parts.insert(0, shown)
        self.note("  ".join(parts))


def _has_room(layers: int, width: int, height: int) -> bool:
    """The strips of all the layers fit, or the panel is large enough to scroll them."""
    return width >= _LEAST_WIDTH and height >= min(_MOST_OF_A_LAYER * layers + _BELOW, _TALL)


def _scale_of(layer: LayerUnits) -> tuple[float, float, Ramp]:
    """The activations at both ends of the colours, and the colours."""
    if layer.activation in ("sigmoid", "softmax"):
        return 0.0, 1.0, "diverging"
    if layer.activation == "tanh":
        return -1.0, 1.0, "diverging"
    sizes = np.abs(layer.mean[np.isfinite(layer.mean)])
    largest = float(sizes.max(initial=0.0))
    # powers of two, so that the colours do not follow every change of the largest
    top = 2.0 ** math.ceil(math.log2(largest)) if largest > 1e-300 else 1.0
    return (0.0, top, "rising") if layer.activation == "relu" else (-top, top, "diverging")


def _short(value: float) -> str:
    """A power of two, or the end of a plateau."""
    return significant(value, 2).removesuffix(".0")
