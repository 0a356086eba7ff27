"""‖δ‖ of every layer over time, as colours, and why it is as small as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive

from tuinn.history import History
from tuinn.numbers import count, significant
from tuinn.widgets import look
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.footer import Key
from tuinn.widgets.frame import frame
from tuinn.widgets.heat import CHARACTERS, SHADES, HeatWidget
from tuinn.widgets.raster import Axis, Floats, Glyphs
from tuinn.widgets.scale import Limits, log_labels, whole_axis
from tuinn.widgets.series import Mark
from tuinn.widgets.waterfall_layout import AXIS_ROWS, VALUE, Layout, beside_of
from tuinn.widgets.waterfall_moments import Moments
from tuinn.widgets.waterfall_words import brief, fitting, wordings
from tuinn.widgets.zoomable import Zoomable

_ROOMY = 40
"""Width from which the words keep clear of the border."""
_RAMP_CELLS = 8


class Waterfall(HeatWidget, Zoomable, can_focus=True):
    """Time goes across and the layers go down as δ does: from the output, at the top, to l = 1.

    The colour of a cell is log10 ‖δ^l‖, the mean over the moments in it. ← → move the cursor of
    all charts, ↑ ↓ choose a layer; of the chosen δ it is told where it comes from.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose_layer(1)", "Layer above", show=False, id="waterfall.up"),
        Binding("down", "choose_layer(-1)", "Layer below", show=False, id="waterfall.down"),
    ]

    x_label: reactive[str] = reactive("", repaint=False, init=False)
    """What x counts: "epochs"."""
    selected: reactive[int] = reactive(1, repaint=False, init=False)
    """The chosen layer, l = 1…L."""

    def __init__(
        self,
        title: str = "8 δ waterfall",
        *,
        empty: str = "press space to train",
        glyphs: Glyphs = "braille",
        **names: Any,
    ) -> None:
        super().__init__(glyphs=glyphs, **names)
        self.title = title
        self.empty = empty
        self._moments: Moments | None = None
        self._marks: tuple[Mark, ...] = ()
        self._x_range: Limits | None = None
        self._limits: Limits | None = None
        """log10 of the ends of the scale; they stay while they serve."""
        self._plan: Layout | None = None
        self._x_axis: Axis | None = None
        self._under: int | None = None
        """The layer under the pointer."""
        self._noted: tuple[object, ...] = ()
        self.border_title = self._plain(title)

    @property
    def footer_keys(self) -> tuple[Key, ...]:
        """What its keys do, for the footer."""
        return (
            Key("←→", "time", "focused.step_cursor(-1)", 3),
            Key("↑↓", "layer", "focused.choose_layer(-1)", 3),
        )

    def show(
        self,
        history: History | None,
        axis: str = "epoch",
        x_range: Limits | None = None,
        marks: Sequence[Mark] = (),
    ) -> None:
        """Draw a run over ``axis``, one of `tuinn.history.AXES`; None empties it.

        ``x_range`` and ``marks`` are those of the charts.
        """
        before = self._moments
        self._moments = Moments.of(history, axis) if history is not None else None
        self._marks, self._x_range = tuple(marks), x_range
        if self._moments is None or before is None or before.layers != self._moments.layers:
            self._limits = None
        self.redraw()

    @property
    def chosen(self) -> int:
        """The layer that is spoken of: that under the pointer, or the one chosen by keys."""
        layer = self.selected if self._under is None else self._under
        return min(max(layer, 1), self._moments.layers if self._moments else 1)

    # the x axis, as of a chart

    @property
    def full_view(self) -> Limits:
        if self._moments is None:
            return whole_axis(0.0, 0.0, self._x_range)
        return whole_axis(float(self._moments.x[0]), float(self._moments.x[-1]), self._x_range)

    @property
    def columns(self) -> int:
        return max(self._x_axis.cells - 1, 1) if self._x_axis else 1

    def x_at(self, column: int) -> float | None:
        if self._plan is None or self._x_axis is None:
            return None
        column -= self._plan.left
        return self._x_axis.value(float(column)) if 0 <= column < self._x_axis.cells else None

    def nearest(self, x: float, after: float | None = None) -> float | None:
        return self._moments.nearest(x, after) if self._moments else None

    # drawing

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        moments = self._moments
        if moments is None:
            self._plan = self._x_axis = None
            text = self.empty if len(self.empty) <= width else ""
            cells.write((height - 1) // 2, (width - len(text)) // 2, self._plain(text), INK["dim"])
            self._note(width, None)
            return cells
        self._limits = moments.limits(self._limits)
        layout = self._plan = Layout.of(width, height, moments.layers, self.chosen)
        x_limits = self.view or self.full_view
        self._draw_axes(cells, layout, x_limits)
        axis = self._x_axis = Axis(*x_limits, layout.columns, 1)
        shares = self._visible(moments.shares(axis, self._limits))
        seen = shares[[layer - 1 for layer in layout.layers]]
        self.paint(cells, layout.head, layout.left, np.repeat(seen, layout.each, axis=0), "rising")
        place = moments.place(self.cursor)
        self._draw_labels(cells, layout)
        self._draw_beside(cells, layout, moments, place)
        self._draw_lines(cells, layout, axis, seen)
        self._draw_words(cells, layout, moments, place)
        self._note(width, layout, moments.ratio(place))
        return cells

    def _draw_axes(self, cells: Cells, layout: Layout, x_limits: Limits) -> None:
        if not layout.left:
            return
        corner = layout.left - 1
        if layout.axis:
            framed = frame(
                layout.left + layout.columns,
                layout.rows + AXIS_ROWS,
                x_limits,
                (0.0, 1.0),
                label_width=corner,
                ascii_only=self.glyphs == "ascii",
            )
            below = layout.head + layout.rows
            if framed.left == layout.left and framed.rows == layout.rows:
                place = slice(below, below + AXIS_ROWS), slice(0, framed.codes.shape[1])
                cells.codes[place] = framed.codes[framed.rows :]
                cells.inks[place] = INK["axis"]
                cells.inks[below + 1] = INK["dim"]
                # the label of the y axis, which has none
                cells.write(below, 0, " " * corner)
        line = self._plain("│")
        for row in range(layout.head, layout.head + layout.rows):
            cells.write(row, corner, line, INK["axis"])

    def _visible(self, shares: Floats) -> Floats:
        """Without colour the least value is no blank, as where there is nothing."""
        if self.coloured:
            return shares
        lift = 1.1 / len(CHARACTERS[self.glyphs])
        return lift + (1 - lift) * shares

    def _draw_labels(self, cells: Cells, layout: Layout) -> None:
        if not layout.left:
            return
        for layer in layout.layers:
            row = layout.row(layer)
            room = layout.left - 2
            if layer == self.chosen:
                cells.write(row, 0, self._plain("▸"), INK["cursor"])
            cells.write(row, 1, f"l={layer}".rjust(room), INK[look.layer_ink(layer)])
            cells.write(row, layout.left - 1, self._plain("┤"), INK["axis"])

    def _draw_beside(self, cells: Cells, layout: Layout, moments: Moments, place: int) -> None:
        """‖δ‖ of every layer at the cursor, and what makes it so."""
        width = cells.codes.shape[1]
        beside = beside_of(width)
        if not beside:
            return
        column = width - beside + 1
        if layout.head:
            cells.write(0, column, "‖δ‖", INK["dim"])
        for layer in layout.layers:
            row = layout.row(layer)
            cause = moments.cause(layer, place)
            exact, short = significant(cause.delta), significant(cause.delta, 2)
            # 3.4e−100 needs the room of 0.000286
            value = exact if len(exact) < VALUE else short
            cells.write(row, column, value, INK["text"])
            if beside > VALUE:
                cells.write(row, column + VALUE, self._plain(brief(cause)), INK["dim"])

    def _draw_lines(self, cells: Cells, layout: Layout, axis: Axis, seen: Floats) -> None:
        """The marks of the run, and over them the cursor with the chosen layer, on the colours."""
        rows = range(layout.head, layout.head + layout.rows)
        signs = [(mark.x, row, "┊") for mark in self._marks for row in rows]
        if self.cursor is not None:
            signs += [(self.cursor, row, "│") for row in rows]
            signs.append((self.cursor, layout.row(self.chosen), "◆"))
        for x, row, sign in signs:
            column = int(np.floor(axis.place(x) + 0.5))
            if 0 <= column < axis.cells:
                share = float(seen[(row - layout.head) // layout.each, column])
                text = self._plain(sign)
                self.write_on(cells, row, layout.left + column, text, share, "rising", bold=True)

    def _draw_words(self, cells: Cells, layout: Layout, moments: Moments, place: int) -> None:
        width, height = cells.codes.shape[1], cells.codes.shape[0]
        when = f"update {count(float(moments.updates[place]))}"
        if layout.head:
            now, at = moments.ratio(len(moments.x) - 1), moments.ratio(place)
            name = "‖δ¹‖/‖δᴸ‖"
            texts = [f"{name} {significant(now)} at {when}", f"{name} {significant(now)}"]
            if place < len(moments.x) - 1:
                texts = [
                    f"{name} {significant(at)} at {when}, {significant(now)} now",
                    f"{name} {significant(at)} at {when}",
                    f"{name} {significant(at)}",
                ]
            room = width - beside_of(width)
            text = next((text for text in texts if len(text) <= room), "")
            cells.write(0, 0, self._plain(text), INK["text"])
        cause = moments.cause(self.chosen, place)
        lines = fitting(wordings(cause, when), width - (width > _ROOMY), layout.words)
        top = height - layout.words
        for row, line in enumerate(lines, start=top):
            cells.write(row, 0, self._plain(line), INK["text"])

    def _note(self, width: int, layout: Layout | None, ratio: float = np.nan) -> None:
        """In the border: what the colours mean, which layers are shown, what x counts; and the
        ratio, where no row is left for it."""
        title = self._plain(self.title)
        if layout is not None and not layout.head:
            text = f"{title}  ‖δ¹‖/‖δᴸ‖ {significant(ratio)}"
            title = text if len(text) <= width - 2 else title
        layers = self._moments.layers if self._moments else 0
        shown = layout.layers if layout else range(0)
        limits = self._limits if layout else None
        state = limits, shown, layers, width, title, self.x_label, self.glyphs, self.coloured
        if state == self._noted:
            return
        self._noted = state
        self.border_title = title
        part = f"l={shown[0]} to {shown[-1]} ↑↓" if len(shown) < layers else ""
        notes = [[Content(self._plain(part))] if part else []]
        if limits is not None:
            low, high = (self._plain(text) for text in log_labels(list(limits)))
            scale = Content.assemble(f"‖δ‖ log {low} ", *self._ramp(), f" {high}")
            named = [Content(self.x_label)] if self.x_label else []
            notes += [[*notes[0], scale], [*notes[0], scale, *named]]
        gap = Content("  ")
        fitting_notes = (gap.join(note) for note in reversed(notes))
        self.border_subtitle = next(
            (note for note in fitting_notes if note.cell_length <= width - 2), Content("")
        )

    def _ramp(self) -> list[Content]:
        """The scale from its lower to its upper end."""
        if not self.coloured:
            return [Content(CHARACTERS[self.glyphs][1:])]
        shades = np.linspace(0, SHADES - 1, _RAMP_CELLS).astype(int)
        return [
            Content.styled(" ", f"on {self._colour('rising', int(shade)).hex}") for shade in shades
        ]

    def _plain(self, text: str) -> str:
        return look.plain(text).translate(_ASCII) if self.glyphs == "ascii" else text

    # what a change of state asks for

    def action_choose_layer(self, by: int) -> None:
        layers = self._moments.layers if self._moments else 1
        self._under = None
        self.selected = min(max(self.chosen + by, 1), layers)

    def _layer_at(self, row: int) -> int | None:
        layout = self._plan
        if layout is None or self._moments is None:
            return None
        return layout.layer_at(row)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        offset = event.get_content_offset(self)
        under = self._layer_at(offset.y) if offset is not None else None
        if under != self._under:
            self._under = under
            self.redraw()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        offset = event.get_content_offset(self)
        layer = self._layer_at(offset.y) if offset is not None else None
        if layer is not None and not self._dragged:
            self.selected = layer

    def on_leave(self, event: events.Leave) -> None:
        if self._under is not None:
            self._under = None
            self.redraw()

    def watch_selected(self) -> None:
        self.redraw()

    def watch_cursor(self) -> None:
        self.redraw()

    def watch_view(self) -> None:
        self.redraw()

    def watch_x_label(self) -> None:
        self.redraw()

    def watch_glyphs(self) -> None:
        self.border_title = self._plain(self.title)
        self.redraw()


_ASCII = str.maketrans("▸→×≤┤", ">>x<|")
