"""One training example, one update, equation by equation, with its numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from engine.inside.walkthrough import Walkthrough
from tuinn.widgets import look
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.equation_header import BACK, ON, Facts, header
from tuinn.widgets.equation_keys import BINDINGS, footer_keys
from tuinn.widgets.equation_list import listed, thumbnail
from tuinn.widgets.equation_sentence import wrapped
from tuinn.widgets.equation_steps import Checks, Step, steps
from tuinn.widgets.equation_text import spelled
from tuinn.widgets.footer import Key
from tuinn.widgets.heat import HeatWidget
from tuinn.widgets.matrix_drawing import BOLD, REVERSE, draw
from tuinn.widgets.matrix_layout import Block, View, arrange
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.search_panel import REASONS

LARGEST_FIRST = 16
"""Of more inputs than these those that matter most stand first, unless told otherwise."""


class EquationInspector(HeatWidget, can_focus=True):
    """Steps through one update from one example.

    The step, the selected entry and what is scrolled to stay when other numbers are shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    largest_first: reactive[bool] = reactive(True, repaint=False, init=False)
    """Where a layer has many inputs, those that matter most to the selected unit stand first."""

    class ExampleChanged(Message):
        """The person went to another example, counted from 0; its numbers are to be shown."""

        def __init__(self, example: int) -> None:
            super().__init__()
            self.example = example

    class ExampleAsked(Message):
        """The person wants to write the number of an example."""

    def __init__(
        self,
        title: str = "b equations",
        *,
        empty: str = "press space to train",
        glyphs: Glyphs = "braille",
        **names: Any,
    ) -> None:
        super().__init__(glyphs=glyphs, **names)
        self.title, self.empty = title, empty
        self.example = 0
        """The example that is wanted, from 0."""
        self._record: Walkthrough | None = None
        self._facts = Facts()
        self._search = False
        self._steps: list[Step] = []
        self._step = 0
        self._view = View()
        self._ordered_for: tuple[int, int, int] | None = None
        self._blocks: list[Block] = []
        self._corner = (0, 0)
        self._list: dict[int, int] = {}
        self._list_width = 0
        self._header_column = 0
        self.border_title = self._spell(title)

    def show(
        self,
        record: Walkthrough | None,
        *,
        example: int = 0,
        examples: int = 1,
        update: int = 0,
        label: str = "",
        image: tuple[int, int] | None = None,
        search: bool = False,
    ) -> None:
        """Show these numbers; None empties the panel.

        ``example`` (from 0) of ``examples`` training examples, whose true class is ``label``, at
        ``update``; ``image``: height and width where its inputs are pixels. ``search``: the method
        of the run knows no gradient, and the panel says so.
        """
        self._record, self._search = record, search
        self._facts = Facts(example, examples, update, label, image)
        self.example = example
        # what has diverged may be ∞ − ∞
        with np.errstate(all="ignore"):
            self._steps = [] if record is None else steps(record, Checks(record))
        self._step = min(self._step, max(len(self._steps) - 1, 0))
        self.redraw()

    @property
    def step(self) -> int:
        """The present step, from 0."""
        return self._step

    @property
    def names(self) -> list[str]:
        """Of the steps."""
        return [step.name for step in self._steps]

    @property
    def footer_keys(self) -> tuple[Key, ...]:
        if self._record is None:
            return ()
        ordered = None if self._weighed is None else self.largest_first
        return footer_keys(ordered)

    # what is drawn

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        self._blocks, self._list, self._list_width = [], {}, 0
        if self._record is None:
            self._say_empty(cells, width, height)
            return cells
        with np.errstate(all="ignore"):
            self._draw(cells, self._record, width, height)
        return cells

    def _draw(self, cells: Cells, record: Walkthrough, width: int, height: int) -> None:
        self._order()
        left = self._draw_list(cells, width, height)
        room = width - left
        row = 2 if height >= 16 else 1 if height >= 6 else 0
        self._header_column = left
        for n, line in enumerate(header(record, self._facts, row, room)):
            cells.write(n, left, self._spell(line), INK["text" if n == 0 else "dim"])
        if height >= 20:
            row += 1
        row = self._draw_equation(cells, row, left, room)
        below = 4 if height >= 24 else 3 if height >= 14 else 2 if height >= 6 else 1
        gap = 1 if height >= 18 else 0
        body = height - row - below - gap
        end = self._draw_matrices(cells, row, left, room, body)
        self._draw_entry(cells, end + (gap if end > row else 0), left, room, height)
        self._note(width)

    def _draw_list(self, cells: Cells, width: int, height: int) -> int:
        """The steps, the present one marked; returns the column after them."""
        if width < 60 or height < 8:
            return 0
        wide = 12 if width < 100 else 18 if width < 140 else 28
        halves = self.pixels_per_cell()
        image = thumbnail(self._record, self._facts.image, wide - 2, halves)
        rows = height - (0 if image is None else len(image) // halves + 1)
        if image is not None and rows >= 8:
            self.paint(cells, rows + 1, 0, image, "grey", pixels=halves)
        else:
            rows = height
        self._list = listed(len(self._steps), self._step, rows)
        for row, n in self._list.items():
            here = n == self._step
            text = f"{'▸' if here else ' '}{self._steps[n].name}"
            if wide >= 18:
                text = f"{text:<10}{self._steps[n].part}"
            ink = INK["text"] + BOLD if here else INK["dim"]
            cells.write(row, 0, self._spell(text)[: wide - 2], ink)
        for row in range(height):
            cells.write(row, wide - 2, self._spell("│"), INK["axis"])
        self._list_width = wide - 1
        return wide

    def _draw_equation(self, cells: Cells, row: int, left: int, room: int) -> int:
        """The equation in symbols, in as many pieces as fit; returns the row after it."""
        step = self._steps[self._step]
        part = self._spell(step.part) if step.part.startswith("BP") else ""
        first, *more = self._spell(step.equation).split("   ")
        line = f"{part}   {first}" if part else first
        if len(line.rstrip(",")) > room:
            line = first
        for piece in more:
            if len(f"{line}   {piece}".rstrip(",")) > room:
                break
            line += f"   {piece}"
        line = line.rstrip(",")
        name = self._spell(step.name)
        line = line if len(line) <= room else name if len(name) <= room else ""
        cells.write(row, left, line, INK["text"] + BOLD)
        return row + 1

    def _draw_matrices(self, cells: Cells, row: int, left: int, room: int, body: int) -> int:
        step = self._steps[self._step]
        self._clamp(step)
        self._blocks = arrange(step, room, body, self._view, self._spell)
        self._corner = row, left
        result = step.result
        axes = set() if result is None else result.axes
        selected = {axis: self._view.selected(axis) for axis in ("j", "k", "r")}
        for block in self._blocks:
            draw(cells, block, self._corner, selected, axes, self._spell)
            self._view.first[block.operand.rows] = block.first_row
        for block in self._blocks:
            if block.operand.columns:
                self._view.first[block.operand.columns] = block.first_column
        return row + max((block.top + len(block.rows) for block in self._blocks), default=0)

    def _draw_entry(self, cells: Cells, row: int, left: int, room: int, height: int) -> None:
        """The selected entry in numbers."""
        j, k = self._selected()
        for sentence in self._steps[self._step].explain(j, k):
            if row >= height:
                return
            spelled_out = wrapped(sentence, room, height - row, self._spell)
            for line in spelled_out:
                cells.write(row, left, line, INK["text"])
                row += 1

    def _say_empty(self, cells: Cells, width: int, height: int) -> None:
        text = self.empty if len(self.empty) <= width else ""
        lines = [text]
        if self._search:
            wordings = (textwrap.wrap(reason, max(width - 2, 1)) for reason in REASONS)
            lines = next((lines for lines in wordings if len(lines) <= height), [])
        for n, line in enumerate(lines):
            row = (height - len(lines)) // 2 + n
            cells.write(row, max((width - len(line)) // 2, 0), self._spell(line), INK["dim"])
        self._note(width)

    def _note(self, width: int) -> None:
        """The border says where one is."""
        text = ""
        if self._record is not None:
            text = f"step {self._step + 1} of {len(self._steps)} ←→"
            rows = self._places("j")
            more = f"{text}   unit {self._selected()[0] + 1} of {rows} ↑↓"
            if rows > 1 and len(more) + 4 <= width:
                text = more
            more = f"{text}   {self._pixel()}"
            if self._pixel() and len(more) + 4 <= width:
                text = more
        text = look.plain(text) if self.glyphs == "ascii" else text
        if str(self.border_subtitle or "") != text:
            self.border_subtitle = text

    def _pixel(self) -> str:
        """Which pixel the selected weight is of, where it is one."""
        image, result = self._facts.image, self._steps[self._step].result
        if image is None or result is None or not {"j", "k"} <= result.axes:
            return ""
        if self._places("k") != image[0] * image[1]:
            return ""
        pixel = self._selected()[1]
        row, column = divmod(pixel, image[1])
        return f"pixel {pixel + 1} (row {row + 1}, column {column + 1})"

    def ink_style(self, ink: int) -> Style:
        flags, plain = divmod(ink, BOLD)
        style = super().ink_style(plain)
        if flags & 1:
            style += Style(bold=True)
        if flags & (REVERSE // BOLD):
            style += Style(reverse=True)
        return style

    def _spell(self, text: str) -> str:
        return spelled(text) if self.glyphs == "ascii" else text

    # where one is

    @property
    def _row_axis(self) -> str:
        result = self._steps[self._step].result if self._steps else None
        return "j" if result is None else result.rows

    def _places(self, axis: str) -> int:
        return self._steps[self._step].size(axis) if self._steps else 1

    def _selected(self) -> tuple[int, int]:
        return self._view.selected(self._row_axis), self._view.selected("k")

    def _clamp(self, step: Step) -> None:
        for axis in ("j", "k", "r"):
            self._view.at[axis] = min(self._view.at.get(axis, 0), step.size(axis) - 1)

    @property
    def _weighed(self) -> Step | None:
        """The step, if its inputs are so many that they may be ordered."""
        step = self._steps[self._step] if self._steps else None
        if step is None or step.weigh is None or step.size("k") <= LARGEST_FIRST:
            return None
        return step

    def _order(self) -> None:
        """Put the largest inputs first; once for a unit, so that nothing moves while it learns."""
        step, view = self._weighed, self._view
        if step is None or not self.largest_first:
            self._ordered_for = None
            view.order.pop("k", None)
            return
        j = min(view.at.get("j", 0), step.size("j") - 1)
        ordered_for = (self._facts.example, self._step, j)
        if ordered_for != self._ordered_for:
            assert step.weigh is not None
            sizes = np.abs(step.weigh(j))
            order: Sequence[int] = np.argsort(-sizes, kind="stable").tolist()
            view.order["k"], self._ordered_for = order, ordered_for

    # what is done

    def action_go_step(self, by: int) -> None:
        self._go_to(self._step + by)

    def action_go_to(self, step: int) -> None:
        """The step of this number; −1 is the last."""
        self._go_to(step if step >= 0 else len(self._steps) + step)

    def _go_to(self, step: int) -> None:
        self._step = min(max(step, 0), max(len(self._steps) - 1, 0))
        self.redraw()

    def action_go_row(self, by: int) -> None:
        self._move(self._row_axis, by)

    def action_go_column(self, by: int) -> None:
        self._move("k", by)

    def action_page(self, by: int) -> None:
        axis = self._row_axis
        shown = [len(block.rows) for block in self._blocks if block.operand.rows == axis]
        self._move(axis, by * max(max(shown, default=1) - 1, 1))

    def _move(self, axis: str, by: int) -> None:
        self._put(axis, self._view.at.get(axis, 0) + by)

    def _put(self, axis: str, place: int) -> None:
        self._view.at[axis] = min(max(place, 0), self._places(axis) - 1)
        self.redraw()

    def action_toggle_order(self) -> None:
        self.largest_first = not self.largest_first

    def action_go_example(self, by: int) -> None:
        example = min(max(self.example + by, 0), self._facts.examples - 1)
        if self._record is not None and example != self.example:
            self.example = example
            self.post_message(self.ExampleChanged(example))

    def action_ask_example(self) -> None:
        if self._record is not None:
            self.post_message(self.ExampleAsked())

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None or self._record is None:
            return
        if at.x < self._list_width:
            if at.y in self._list:
                self._go_to(self._list[at.y])
            return
        y, x = at.y - self._corner[0], at.x - self._corner[1]
        for block in self._blocks:
            place = block.place(x, y)
            if place is not None:
                self._click_entry(block, *place)
                return
        self._click_header(at.x, at.y)

    def _click_entry(self, block: Block, row: int, column: int) -> None:
        for axis, place in ((block.operand.rows, row), (block.operand.columns, column)):
            if axis:
                self._put(axis, place)

    def _click_header(self, x: int, y: int) -> None:
        """The signs beside the number of the example, and the number itself."""
        cells = self._cells
        if y != 0 or cells is None or self.size.height < 6:
            return
        line = "".join(map(chr, cells.codes[0]))
        back = line.find(self._spell(BACK), self._header_column)
        on = line.find(self._spell(ON), back + 1)
        if x in (back, back + 1):
            self.action_go_example(-1)
        elif x in (on - 1, on):
            self.action_go_example(1)
        elif back < x < on:
            self.action_ask_example()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_go_row(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_go_row(-1)

    def watch_largest_first(self) -> None:
        self.redraw()

    def watch_glyphs(self) -> None:
        self.border_title = self._spell(self.title)
        self.redraw()
