"""How the values of each layer are spread, over time: values up, time across, shares as colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.reactive import reactive

from engine.inside.histogram import KINDS, Kind
from engine.snapshot import Snapshot
from tuinn.histogram_strip import HistogramStrip, Kept
from tuinn.numbers import significant
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.footer import Key
from tuinn.widgets.heat import HeatWidget
from tuinn.widgets.histogram_picture import brightness, columns_in_view, limits_of, shares_of
from tuinn.widgets.histogram_words import heading
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.scale import Limits, grown, linear_labels, linear_ticks
from tuinn.widgets.zoomable import Zoomable

Array = NDArray[Any]

NAMES: dict[Kind, tuple[str, str]] = {
    "w": ("weights w", "w"),
    "z": ("weighted inputs z", "z"),
    "a": ("activations a", "a"),
    "gradient": ("gradient ∂C₀/∂w", "∂C₀/∂w"),
}
"""A longer and a shorter name of each kind."""
_LABEL = 9
"""Room for the labels of the values."""
_LEAST_BLOCK = 4
"""Rows of a layer, at least: its numbers and three of the strip."""
_GOOD_BLOCK = 6
_ROOMY = 10
"""From so many rows on there is one for the kinds, one for the time, and layers get more room."""
_BARS_FROM = 60
"""Cells of width from which the present histogram stands beside the strip."""
_GAP = 2
"""Cells between the strip and the bars."""
_EIGHTHS = "▏▎▍▌▋▊▉█"
_WAIT = 0.1
"""Seconds until what is missing yet of an old run is gone on with."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where things stand in the panel: rows are those of the content."""

    left: int
    columns: int
    bars: int
    """Cells of the present histogram; 0 where it has no room."""
    top: int
    block: int
    """Rows of a layer, the one with its numbers included."""
    shown: range
    """The layers, from 0."""
    time: int | None
    """The row of the time axis."""


class Histograms(HeatWidget, Zoomable, can_focus=True):
    """A strip per layer; give it a run with `show`.

    The further right the later; the brighter the more of the values are there, by the square root
    of their share, so that tails can be seen. Beside it stands the histogram of the moment shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "next_kind", "Next kind", show=False, id="histograms.kind"),
        Binding("up", "scroll_layers(-1)", "Layer before", show=False, id="histograms.up"),
        Binding("down", "scroll_layers(1)", "Layer after", show=False, id="histograms.down"),
        Binding("o", "one_layer", "One layer", show=False, id="histograms.one"),
    ]

    kind: reactive[Kind] = reactive[Kind]("w", repaint=False, init=False)
    first: reactive[int] = reactive(0, repaint=False, init=False)
    """Place of the uppermost layer shown, from 0."""
    alone: reactive[bool] = reactive(False, repaint=False, init=False)
    """One layer has all the room."""
    slopes: reactive[bool] = reactive(True, repaint=False, init=False)
    """The method of the run knows a gradient; else that kind is not offered."""

    class KindChosen(Message):
        """Another kind of values is shown."""

        def __init__(self, panel: Histograms, kind: Kind) -> None:
            super().__init__()
            self.panel, self.kind = panel, kind

    def __init__(
        self,
        title: str = "9 histograms",
        *,
        empty: str = "press space to train",
        glyphs: Glyphs = "braille",
        **names: Any,
    ) -> None:
        super().__init__(glyphs=glyphs, **names)
        self.title, self.empty = title, empty
        self._source: HistogramStrip | None = None
        self._moments: Sequence[Kept] = ()
        self._shown: Snapshot | None = None
        self._axis, self._x_label = "epoch", "epoch"
        self._x_range: Limits | None = None
        self._place: _Place | None = None
        self._chips: list[tuple[int, int, Kind]] = []
        self._waiting = False
        self._name_border("")

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What can be shown."""
        return KINDS if self.slopes else tuple(kind for kind in KINDS if kind != "gradient")

    @property
    def footer_keys(self) -> tuple[Key, ...]:
        keys = [
            Key("z", "next kind", "focused.next_kind", 2),
            Key("←→", "along time", "focused.step_cursor(1)", 3),
        ]
        if self._source is not None and self._source.network.L > 1:
            one = "all layers" if self.alone else "one layer"
            keys += [
                Key("o", one, "focused.one_layer", 4),
                Key("↑↓", "layer", "focused.scroll_layers(1)", 5),
            ]
        return tuple(keys)

    def show(
        self,
        strip: HistogramStrip | None,
        moments: Sequence[Kept] = (),
        *,
        shown: Snapshot | None = None,
        axis: str = "epoch",
        x_label: str | None = None,
        x_range: Limits | None = None,
    ) -> None:
        """Show a run: its moments in the order of time, and one of them in numbers.

        ``strip`` is of the run's network and keeps what was computed; None empties the panel.
        ``shown`` is the last moment unless given. ``axis`` is "epoch", "update", "evaluations" or
        "seconds", ``x_label`` its name and ``x_range`` its planned extent.
        """
        self._source, self._moments, self._shown = strip, moments, shown
        self._axis, self._x_label, self._x_range = axis, x_label or axis, x_range
        self._look()

    def _look(self) -> None:
        """Compute what is missing, as far as the time goes, and draw."""
        if self._source is not None and self._on_view:
            complete = self._source.update(
                self._moments,
                self.kind,
                shown=self._shown,
                axis=self._axis,
                view=self.view or self.full_view,
            )
            if not complete and not self._waiting:
                self._waiting = True
                self.set_timer(_WAIT, self._go_on)
        self.redraw()

    def _go_on(self) -> None:
        self._waiting = False
        self._look()

    # the time axis

    @property
    def full_view(self) -> Limits:
        if not self._moments:
            return 0.0, 1.0
        low, high = self._x(self._moments[0]), self._x(self._moments[-1])
        if self._x_range is not None:
            low, planned = self._x_range
            if high <= planned and low < planned:
                return low, planned
        return (low, low + grown(high - low)) if high > low else (low, low + 1)

    @property
    def columns(self) -> int:
        return max(self._place.columns - 1, 1) if self._place else 1

    def x_at(self, column: int) -> float | None:
        place = self._place
        if place is None or not place.left <= column < place.left + place.columns:
            return None
        low, high = self.view or self.full_view
        return low + (column - place.left + 0.5) / place.columns * (high - low)

    def nearest(self, x: float, after: float | None = None) -> float | None:
        found = np.array([self._x(moment) for moment in self._moments])
        if after is not None:
            found = found[found > after] if x > after else found[found < after]
        return float(found[np.abs(found - x).argmin()]) if found.size else None

    def _x(self, moment: Kept) -> float:
        return float(getattr(moment.snapshot, self._axis))

    # drawing

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        strip = self._source
        self._chips, self._place = [], None
        if strip is None or not strip.spreads:
            text = self.empty if len(self.empty) <= width else ""
            cells.write((height - 1) // 2, (width - len(text)) // 2, self._plain(text), INK["dim"])
            self._name_border("")
            return cells
        place = self._place = self._arrange(width, height, strip.network.L)
        if place.top:
            self._write_kinds(cells)
        for number, layer in enumerate(place.shown):
            self._draw_layer(cells, place, place.top + number * place.block, layer, strip)
        if place.time is not None:
            self._write_time(cells, place)
        layers = strip.network.L
        part = ""
        if len(place.shown) < layers:
            first, last = place.shown[0] + 1, place.shown[-1] + 1
            part = f"l={first}" if first == last else f"l={first} to {last}"
            part = f"{part} of {layers} ↑↓"
        self._name_border(part)
        return cells

    def _arrange(self, width: int, height: int, layers: int) -> _Place:
        roomy = height >= _ROOMY
        top, time = (1, height - 1) if roomy else (0, None)
        free = height - 2 if roomy else height
        least = _GOOD_BLOCK if roomy else _LEAST_BLOCK
        visible = 1 if self.alone else max(min(free // least, layers), 1)
        first = min(self.first, layers - visible)
        left = _LABEL + 1 if width >= 4 * _LABEL else 0
        bars = min(max(width // 6, 12), 28) if width >= _BARS_FROM else 0
        columns = max(width - left - (bars + _GAP if bars else 0), 1)
        shown = range(first, first + visible)
        return _Place(left, columns, bars, top, free // visible, shown, time)

    def _draw_layer(
        self, cells: Cells, place: _Place, top: int, layer: int, strip: HistogramStrip
    ) -> None:
        lines = heading(strip.spreads[layer], cells.codes.shape[1], 2 if place.block >= 7 else 1)
        for row, line in enumerate(lines):
            column = 0
            for text, ink in line:
                column = cells.write(top + row, column, self._plain(text), INK[ink])
        rows, top = place.block - len(lines), top + len(lines)
        if rows < 1:
            return
        drawn, columns = columns_in_view(
            strip, self._axis, self.view or self.full_view, place.columns
        )
        now = strip.now
        found = [column.layers[layer] for column in columns]
        found += [now.layers[layer]] if now is not None else []
        if not any(one.counts.any() for one in found):
            return
        exponent = max(one.exponent for one in found)
        found = [one.coarsened(exponent) for one in found]
        low, high = limits_of(found)
        pixels = self.pixels_per_cell()
        if columns:
            shares = shares_of(found[: len(columns)], low, high, rows * pixels)
            picture = np.full((rows * pixels, place.columns), np.nan)
            seen = drawn >= 0
            picture[:, seen] = brightness(shares, self.coloured)[::-1][:, drawn[seen]]
            self.paint(cells, top, place.left, picture, "rising", pixels=pixels)
        if place.bars and now is not None:
            self._draw_bars(cells, place, top, shares_of(found[-1:], low, high, rows)[::-1, 0])
        ends = found[0].at(low), found[0].at(high)
        self._write_values(cells, place, top, rows, ends)
        self._draw_cursor(cells, place, top, rows)

    def _draw_bars(self, cells: Cells, place: _Place, top: int, shares: Array) -> None:
        """The present histogram: one bar for each row of the strip."""
        column = place.left + place.columns + _GAP
        longest = float(shares.max(initial=0.0))
        for row, share in enumerate(shares.tolist()):
            if share <= 0:
                continue
            eighths = max(round(8 * place.bars * share / longest), 1)
            whole, part = divmod(eighths, 8)
            if self.glyphs == "ascii":
                text = "#" * max(round(eighths / 8), 1)
            else:
                text = "█" * whole + (_EIGHTHS[part - 1] if part else "")
            cells.write(top + row, column, text, INK["gradient"])

    def _write_values(self, cells: Cells, place: _Place, top: int, rows: int, ends: Limits) -> None:
        if not place.left:
            return
        low, high = ends
        labels = {0: high, rows - 1: low} if rows > 1 else {0: high}
        if low < 0 < high:
            row = rows - 1 - min(int(-low / (high - low) * rows), rows - 1)
            if row not in (0, rows - 1):
                labels[row] = 0.0
        for row, value in labels.items():
            text = significant(value).rjust(_LABEL)
            cells.write(top + row, 0, self._plain(text), INK["dim"])

    def _draw_cursor(self, cells: Cells, place: _Place, top: int, rows: int) -> None:
        low, high = self.view or self.full_view
        if self.cursor is None or not low <= self.cursor <= high:
            return
        at = int((self.cursor - low) / (high - low) * place.columns)
        column = place.left + min(at, place.columns - 1)
        for row in range(rows):
            cells.write(top + row, column, self._plain("│"), INK["cursor"])

    def _write_kinds(self, cells: Cells) -> None:
        width = cells.codes.shape[1]
        for names in (0, 1):
            length = sum(len(NAMES[kind][names]) + 3 for kind in self.kinds)
            if length <= width + 1:
                break
        else:
            return
        column = 0
        for kind in self.kinds:
            name = NAMES[kind][names]
            chosen = kind == self.kind
            text, ink = (f"[{name}]", "text") if chosen else (f" {name} ", "dim")
            end = cells.write(0, column, text, INK[ink])
            self._chips.append((column, end, kind))
            column = end + 1

    def _write_time(self, cells: Cells, place: _Place) -> None:
        assert place.time is not None
        low, high = self.view or self.full_view
        ticks = linear_ticks(low, high, max(place.columns // 12, 2))
        end = -1
        for tick, label in zip(ticks, linear_labels(ticks), strict=True):
            at = place.left + min(int((tick - low) / (high - low) * place.columns), place.columns)
            column = max(min(at - len(label) // 2, place.left + place.columns - len(label)), 0)
            if column > end:
                end = cells.write(place.time, column, self._plain(label), INK["dim"])
        if place.bars and self._source is not None and self._source.now is not None:
            x = self._source.now.x(self._axis)
            for text in (f"at {significant(x)} {self._x_label}", f"at {significant(x)}"):
                if len(text) <= place.bars:
                    column = place.left + place.columns + _GAP
                    cells.write(place.time, column, self._plain(text), INK["dim"])
                    break

    def _name_border(self, part: str) -> None:
        title = self._plain(f"{self.title}: {NAMES[self.kind][0]}")
        notes = [part, self._x_label if self._source is not None else ""]
        subtitle = self._plain(" · ".join(note for note in notes if note))
        if str(self.border_title or "") != title:
            self.border_title = title
        if str(self.border_subtitle or "") != subtitle:
            self.border_subtitle = subtitle

    # keys and mouse

    def action_next_kind(self) -> None:
        self.kind = self.kinds[(self.kinds.index(self.kind) + 1) % len(self.kinds)]

    def action_one_layer(self) -> None:
        self.alone = not self.alone

    def action_scroll_layers(self, layers: int) -> None:
        if self._source is not None and self._place is not None:
            last = self._source.network.L - len(self._place.shown)
            self.first = min(max(min(self.first, last) + layers, 0), last)

    def _pointed(self, event: events.MouseEvent) -> float | None:
        offset = event.get_content_offset(self)
        place = self._place
        if offset is None or place is None or not self._inside(offset, place):
            return None
        return self.x_at(offset.x)

    @staticmethod
    def _inside(offset: Offset, place: _Place) -> bool:
        return place.top <= offset.y < place.top + place.block * len(place.shown)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and offset.y == 0:
            for start, end, kind in self._chips:
                if start <= offset.x < end:
                    # a second click on a name is not a double click on the panel
                    event.stop()
                    event.prevent_default()
                    self.kind = kind

    # what a change of state asks for

    def on_show(self, event: events.Show) -> None:
        super().on_show(event)
        self._look()

    def watch_kind(self) -> None:
        self._look()
        self._name_border(str(self.border_subtitle or "").partition(" · ")[0])
        self.post_message(self.KindChosen(self, self.kind))

    def watch_slopes(self) -> None:
        if self.kind not in self.kinds:
            self.kind = "w"
        self.redraw()

    def watch_view(self) -> None:
        self._look()

    def watch_cursor(self) -> None:
        self.redraw()

    def watch_first(self) -> None:
        self.redraw()

    def watch_alone(self) -> None:
        self.redraw()
