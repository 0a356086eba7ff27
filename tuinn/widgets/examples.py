"""Which examples a network misreads: the confusion matrix, and the examples themselves."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from engine.data import Dataset, Examples
from engine.inside.reading import Reading
from tuinn.numbers import count, percent, significant
from tuinn.widgets import look
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.confusion import Cell, draw, readings, shortened
from tuinn.widgets.example_places import BARS, NOWHERE, Area, arrange
from tuinn.widgets.example_words import Subject, bars, facts
from tuinn.widgets.footer import Key
from tuinn.widgets.heat import HeatWidget
from tuinn.widgets.legend import Run
from tuinn.widgets.pictures import fitted, size
from tuinn.widgets.raster import Glyphs

Line = list[Run]

_ASCII = str.maketrans("→↓", ">v")
_LEAST_PICTURE = 4
_THUMB = (14, 7)
"""(columns, rows) of a small picture, at most."""


class ExamplesPanel(HeatWidget, can_focus=True):
    """The confusion matrix, the examples that are misread, and the outputs for one of them.

    Of a regression the examples with the largest errors. One part has the arrows at a time: the
    examples, or the matrix, whose chosen cell tells which examples are listed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "go(1)", "Next example", show=False, id="examples.next"),
        Binding("k", "go(-1)", "Example before", show=False, id="examples.before"),
        Binding("left", "arrow(0, -1)", "Left", show=False, id="examples.left"),
        Binding("right", "arrow(0, 1)", "Right", show=False, id="examples.right"),
        Binding("up", "arrow(-1, 0)", "Up", show=False, id="examples.up"),
        Binding("down", "arrow(1, 0)", "Down", show=False, id="examples.down"),
        Binding("home", "go_to(0)", "The worst", show=False, id="examples.first"),
        Binding("end", "go_to(-1)", "The last", show=False, id="examples.last"),
        Binding("pageup", "page(-1)", "Page before", show=False, id="examples.page-up"),
        Binding("pagedown", "page(1)", "Next page", show=False, id="examples.page-down"),
        Binding("o", "other_part", "Matrix or examples", show=False, id="examples.part"),
        Binding("u", "all", "All misread", show=False, id="examples.all"),
        Binding("l", "look", "Look at it by steps", show=False, id="examples.look"),
    ]

    cell: reactive[Cell | None] = reactive[Cell | None](None, repaint=False, init=False)
    """The cell of the matrix (true, read) whose examples are listed; None: all that are misread."""
    in_matrix: reactive[bool] = reactive(False, repaint=False, init=False)
    """The matrix has the arrows, and where there is room for one part only, the room."""

    class Chosen(Message):
        """The selected example is to be looked at by steps."""

        def __init__(self, panel: ExamplesPanel, example: int) -> None:
            super().__init__()
            self.panel = panel
            self.example = example
            """Its place among the examples that were given to `ExamplesPanel.show`."""

    def __init__(
        self,
        title: str = "v examples",
        *,
        empty: str = "press space to train",
        glyphs: Glyphs = "braille",
        **names: Any,
    ) -> None:
        super().__init__(glyphs=glyphs, **names)
        self.title, self.empty = title, empty
        self._subject: Subject | None = None
        self._listed: NDArray[np.int64] = np.empty(0, np.int64)
        self._at = 0
        """The place of the selected example in the list."""
        self._places = NOWHERE
        self._confusions: list[tuple[int, int, int]] = []
        """Listed where the matrix has no room."""
        self._per_row, self._per_page, self._first = 1, 1, 0
        self._thumbs: list[tuple[Area, int]] = []
        self.border_title = self._plain(title)

    @property
    def example(self) -> int | None:
        """The selected example: its place among the examples that are read."""
        return int(self._listed[self._at]) if len(self._listed) else None

    @property
    def footer_keys(self) -> tuple[Key, ...]:
        keys = []
        if len(self._listed):
            keys = [Key("jk", "example", "focused.go(1)", 2), Key("l", "look", "focused.look", 3)]
        if self._subject is not None and self._subject.reading.confusion is not None:
            part = "examples" if self.in_matrix else "matrix"
            keys.append(Key("o", part, "focused.other_part", 4))
            if self.cell is not None:
                keys.append(Key("u", "all misread", "focused.all", 5))
        return tuple(keys)

    def show(
        self,
        reading: Reading | None,
        examples: Examples | None = None,
        dataset: Dataset | None = None,
        part: str = "validation",
    ) -> None:
        """Show what was read; None empties the panel.

        ``examples`` are those that were read, ``dataset`` the set that they were taken from (its
        own test part for these), ``part`` what they are called.
        """
        before = self.example
        if reading is None or examples is None or dataset is None:
            self._subject = None
        else:
            if self._subject is not None and self._subject.dataset is not dataset:
                self.set_reactive(ExamplesPanel.cell, None)
                before = None
            self._subject = Subject(reading, examples, dataset, part)
        self._list(before)
        self.redraw()

    def _list(self, keep: int | None) -> None:
        """List the examples anew; the selected one stays so if it is there."""
        subject = self._subject
        if subject is None:
            self._listed = np.empty(0, np.int64)
        elif self.cell is None:
            self._listed = subject.reading.wrong
        else:
            self._listed = subject.reading.of_cell(*self.cell)
        found = np.flatnonzero(self._listed == keep) if keep is not None else self._listed[:0]
        self._at = int(found[0]) if len(found) else min(self._at, max(len(self._listed) - 1, 0))

    # drawing

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        self._thumbs = []
        self._places = NOWHERE
        subject = self._subject
        if subject is None:
            text = self.empty if len(self.empty) <= width else ""
            self._write(cells, (height - 1) // 2, (width - len(text)) // 2, [(text, "dim")])
            self.note("")
            return cells
        self._write(cells, 0, 0, _caption(subject, width))
        places = self._places = arrange(subject, width, height, self.in_matrix)
        if places.matrix is not None:
            self._draw_matrix(cells, places.matrix, subject)
        if places.detail is not None:
            self._draw_detail(cells, places.detail, subject)
        if places.grid is not None:
            self._draw_grid(cells, places.grid, subject)
        self.note(self._what_is_listed(subject, width))
        return cells

    def _draw_matrix(self, cells: Cells, area: Area, subject: Subject) -> None:
        confusion = subject.reading.confusion
        assert confusion is not None
        if self._places.written is not None:
            how = self._places.written
            draw(self, cells, area.top, area.left, how, confusion, self.cell)
            row = area.top + how.height
            if row < cells.codes.shape[0]:
                words = _fitting(area.width, *readings(how))
                self._write(cells, row, area.left, [(words, "dim")])
            return
        # a list where the matrix has no room
        self._confusions = subject.reading.confusions()
        pairs = [(true, read) for true, read, _ in self._confusions]
        at = pairs.index(self.cell) if self.cell in pairs else 0
        first = max(min(at - area.height // 2, len(pairs) - area.height), 0)
        for row, (true, read, number) in enumerate(
            self._confusions[first : first + area.height], start=area.top
        ):
            chosen = self.cell == (true, read)
            words = f"{'>' if chosen else ' '}{number:>5} × "
            names = f"{subject.classes[true]} → {subject.classes[read]}"
            text = shortened(names, area.width - len(words))
            line: Line = [(words, "text"), (text, "series-5" if chosen else "text")]
            if len(words) <= area.width:
                self._write(cells, row, area.left, line)
                where = Area(row, area.left, 1, area.width)
                self._thumbs.append((where, -1 - (first + row - area.top)))

    def _draw_detail(self, cells: Cells, area: Area, subject: Subject) -> None:
        example = self.example
        if example is None:
            text = "none is misread" if self.cell is None else "no such example"
            self._write(cells, area.top, area.left, [(shortened(text, area.width), "dim")])
            return
        image, left = subject.image(example), area.left
        room = area.width - BARS
        if image is not None and room >= _LEAST_PICTURE:
            across, _ = size(image.shape, room, area.height)
            picture = fitted(image, room, area.height)
            self.paint(cells, area.top, left, picture, "grey", pixels=2)
            left += across + 2
        width = area.left + area.width - left
        place = f"{count(self._at + 1)} of {count(len(self._listed))}"
        wrong = subject.how_wrong(example)
        lines: list[Line] = [
            [(shortened(subject.title(example), width), "text")],
            [(_fitting(width, *(f"{place}   {how}" for how in wrong), place), "dim")],
        ]
        free = area.height - 2
        outputs = bars(subject, example, width, max(free, 1))
        if image is None:
            lines += facts(subject, example, width, max(free - len(outputs), 0))
        lines += outputs
        for row, line in enumerate(lines[: area.height]):
            self._write(cells, area.top + row, left, line)

    def _draw_grid(self, cells: Cells, area: Area, subject: Subject) -> None:
        shape = subject.dataset.image_shape
        if shape is None:
            across, down = area.width, 0
        else:
            across, down = size(shape, *_THUMB)
        longest = max((len(subject.brief(int(i))) for i in self._listed[:200]), default=1)
        cell = min(max(across, longest + 2) + 2, area.width) if shape is not None else area.width
        block = down + 1
        self._per_row = max(area.width // cell, 1)
        self._per_page = max(area.height // block, 1) * self._per_row
        # whole rows, as few moved as can be
        row = self._at // self._per_row
        rows = self._per_page // self._per_row
        self._first = min(max(self._first, row - rows + 1), row)
        start = self._first * self._per_row
        for number, example in enumerate(self._listed[start : start + self._per_page].tolist()):
            y, x = divmod(number, self._per_row)
            where = Area(area.top + y * block, area.left + x * cell, block, cell)
            self._thumbs.append((where, start + number))
            self._draw_thumb(cells, where, subject, example, start + number == self._at)

    def _draw_thumb(
        self, cells: Cells, where: Area, subject: Subject, example: int, selected: bool
    ) -> None:
        words = shortened(subject.brief(example), where.width - 3)
        ink = "series-5" if selected else "dim"
        image = subject.image(example)
        line: Line = [(f"{'>' if selected else ' '}{words}", ink)]
        if image is not None:
            self.paint(cells, where.top, where.left, fitted(image, *_THUMB), "grey", pixels=2)
        else:
            for name, value in subject.features(example):
                text = f"  {name} {significant(value)}"
                if sum(len(part) for part, _ in line) + len(text) > where.width:
                    break
                line.append((text, ink))
        self._write(cells, where.top + where.height - 1, where.left, line)

    def _what_is_listed(self, subject: Subject, width: int) -> str:
        if self.cell is None:
            how = self._places.written
            if how is None:
                return ""
            of_row = " · % of the row" if how.in_percent else ""
            longest = f"rows: true class · columns: read as{of_row}"
            return _fitting(width - 2, longest, f"rows true · columns read{of_row}", "true → read")
        true, read = (subject.classes[k] for k in self.cell)
        number = count(len(self._listed))
        texts = (f"{number} of true {true} read as {read} · u all misread", f"{true} → {read} · u")
        return _fitting(width - 2, *texts)

    def _write(self, cells: Cells, row: int, column: int, line: Line) -> None:
        for text, ink in line:
            column = cells.write(row, column, self._plain(text), INK[ink])

    def _plain(self, text: str) -> str:
        return look.plain(text).translate(_ASCII) if self.glyphs == "ascii" else text

    # keys and mouse

    def action_go(self, examples: int) -> None:
        self.select(self._at + examples)

    def action_go_to(self, place: int) -> None:
        self.select(place if place >= 0 else len(self._listed) + place)

    def action_page(self, pages: int) -> None:
        self.select(self._at + pages * self._per_page)

    def select(self, place: int) -> None:
        """Select an example by its place in the list."""
        self._at = min(max(place, 0), max(len(self._listed) - 1, 0))
        self.redraw()

    def action_arrow(self, down: int, right: int) -> None:
        if not self.in_matrix:
            self.select(self._at + right + down * self._per_row)
        elif self._subject is not None:
            self.cell = self._beside(self._subject, down, right)

    def _beside(self, subject: Subject, down: int, right: int) -> Cell | None:
        """The cell beside the one that is chosen: in the matrix, or in the list in its place."""
        if self.cell is None:
            return self._worst(subject)
        if self._places.written is not None or self._places.matrix is None:
            last = len(subject.classes) - 1
            true, read = self.cell
            return min(max(true + down, 0), last), min(max(read + right, 0), last)
        pairs = [(true, read) for true, read, _ in self._confusions]
        at = pairs.index(self.cell) + down + right if self.cell in pairs else 0
        return pairs[min(max(at, 0), len(pairs) - 1)] if pairs else self.cell

    @staticmethod
    def _worst(subject: Subject) -> Cell:
        """The most frequent confusion, or the first cell."""
        confusions = subject.reading.confusions()
        return confusions[0][:2] if confusions else (0, 0)

    def action_other_part(self) -> None:
        if self._subject is not None and self._subject.reading.confusion is not None:
            self.in_matrix = not self.in_matrix
            if self.in_matrix and self.cell is None:
                self.cell = self._worst(self._subject)

    def action_all(self) -> None:
        self.cell = None
        self.in_matrix = False

    def action_look(self) -> None:
        if self.example is not None:
            self.post_message(self.Chosen(self, self.example))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        place = self._places.matrix
        if (
            place is not None
            and self._places.written is not None
            and place.holds(offset.y, offset.x)
        ):
            cell = self._places.written.cell_at(offset.y - place.top, offset.x - place.left)
            if cell is not None:
                self.cell = None if cell == self.cell else cell
            return
        for where, number in self._thumbs:
            if where.holds(offset.y, offset.x):
                if number < 0:
                    self.cell = self._confusions[-1 - number][:2]
                elif event.chain == 2 and number == self._at:
                    event.stop()
                    self.action_look()
                else:
                    self.select(number)
                return

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.select(self._at - self._per_row)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.select(self._at + self._per_row)

    def watch_cell(self) -> None:
        self._at = 0
        self._list(None)
        self.redraw()

    def watch_in_matrix(self) -> None:
        self.redraw()

    def watch_glyphs(self) -> None:
        self.border_title = self._plain(self.title)


def _caption(subject: Subject, width: int) -> Line:
    """How well it reads, in the fullest words that fit."""
    found = subject.reading
    total = count(found.n)
    if found.labels is None:
        figure = f"R² {significant(found.accuracy)}"
        texts = [f"{figure}   {total} {subject.part} examples, the largest error first", figure]
    elif not len(found.wrong):
        figure = percent(found.accuracy)
        examples = f"{subject.part} example"
        all_of = f"all {total} {examples}s are" if found.n > 1 else f"the one {examples} is"
        texts = [f"{figure} right   {all_of} read right", f"{all_of} read right", f"{figure} right"]
    else:
        figure, wrong = percent(found.accuracy), count(len(found.wrong))
        texts = [
            f"{figure} right   {wrong} of {total} {subject.part} examples misread, the worst first",
            f"{figure} right   {wrong} of {total} {subject.part} ex. misread",
            f"{figure} right  {wrong} of {total} misread",
            f"{wrong} of {total} misread",
            figure,
        ]
    return [(_fitting(width, *texts), "text")]


def _fitting(width: int, *texts: str) -> str:
    """The first of the texts that is short enough, or none: a number cut off is a wrong one."""
    return next((text for text in texts if len(text) <= width), "")
