"""The table of all optimisers: who takes part, where each is, and how it goes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tuinn.numbers import MINUS, NONE, count, rate, significant
from tuinn.widgets import look, walk_look
from tuinn.widgets.cells import INK, Cells, CellWidget
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.walk_look import LETTERS

_WALK_INK = {name: 2000 + number for number, name in enumerate(LETTERS)}
_LIT = 10_000
"""Added to the inks of the row that has the focus."""
_NAME = 10
"""Columns of an optimiser's name."""
_MARK = 5
"""Columns before it."""

STATES = {
    "ready": "○",
    "running": "●",
    "paused": "‖",
    "at a minimum": "✓",
    "at rest": "=",
    "budget spent": "■",
    "diverged": "✗",
}
"""The sign of each state, by its first words."""


@dataclass(frozen=True, slots=True)
class Row:
    """One optimiser; figures are None where it takes no part."""

    name: str
    on: bool
    x: float | None = None
    y: float | None = None
    cost: float | None = None
    slope: float | None = None
    """‖∇C‖; None for methods that know none, too."""
    evaluations: int | None = None
    updates: int | None = None
    best: float | None = None
    """The least cost so far."""
    state: str = ""

    @property
    def sign(self) -> str:
        return next((sign for word, sign in STATES.items() if self.state.startswith(word)), " ")

    def told(self, width: int) -> str:
        """The state in at most so many columns."""
        if len(self.state) <= width:
            return self.state
        return self.state.replace(" at update", "").partition(":")[0][:width]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of figures; ``rank`` says in which order columns give way, highest first."""

    title: str
    width: int
    rank: int
    text: Callable[[Row], str]
    left: bool = False


def figure(value: float | None, width: int) -> str:
    """A number in at most ``width`` ≥ 6 columns, with as many of three digits as fit."""
    if value is None:
        return NONE
    if not math.isfinite(value) or value == 0:
        return significant(value)
    for digits in (3, 2, 1):
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        if "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        short = f"{mantissa}e{int(exponent)}".replace("-", MINUS)
        # 0.00130 as 0.00129: with an exponent only where that has more digits
        needed = max(sum(map(str.isdigit, mantissa)), 1)
        for text in (significant(value, digits), significant(value, needed), short):
            if len(text) <= width:
                return text
    return short


def coordinate(value: float | None) -> str:
    """Six columns; far off the map digits do not matter."""
    if value is None or not math.isfinite(value):
        return NONE if value is None else significant(value)
    size = abs(round(value, 3))
    text = ""
    if size < 1000:
        text = f"{value + 0.0:.{3 if size < 10 else 2 if size < 100 else 1}f}"
        text = "0.000" if text == "-0.000" else text
    if not 0 < len(text) <= 6:
        # what is rounded up takes another digit
        text = f"{value:.1f}" if size < 1000 else ""
    if not 0 < len(text) <= 6:
        text = f"{value:.0e}".replace("e+0", "e").replace("e+", "e")
    return text.replace("-", MINUS)


def whole(value: int | None, width: int) -> str:
    """A count in at most ``width`` ≥ 6 columns, in thousands or millions where it is long."""
    if value is None:
        return NONE
    text = count(value)
    return text if len(text) <= width else rate(value)


COLUMNS = (
    Column("x", 6, 4, lambda row: coordinate(row.x)),
    Column("y", 6, 4, lambda row: coordinate(row.y)),
    Column("cost", 7, 1, lambda row: figure(row.cost, 7)),
    Column("‖∇C‖", 7, 5, lambda row: figure(row.slope, 7)),
    Column("best cost", 9, 7, lambda row: figure(row.best, 9)),
    Column("updates", 7, 6, lambda row: whole(row.updates, 7)),
    Column("eval.", 6, 2, lambda row: whole(row.evaluations, 6)),
    Column("", 1, 0, lambda row: row.sign, left=True),
    Column("state", 12, 3, lambda row: row.state, left=True),
)


class WalkTable(CellWidget, can_focus=True):
    """Up and down choose an optimiser, enter lets it take part or not; so do clicks."""

    prefix = "walks"
    COMPONENT_CLASSES: ClassVar[set[str]] = (
        look.component_classes("walks")
        | walk_look.component_classes("walks")
        | {"walks--lit", "walks--good", "walks--bad"}
    )
    DEFAULT_CSS = (
        """
    WalkTable {
        width: 1fr; height: 15; min-height: 3;
        border: round $foreground 25%;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
        &:focus { border: round $accent; border-title-color: $foreground; }
        & > .walks--lit { background: $primary 30%; }
        & > .walks--good { color: $text-success; }
        & > .walks--bad { color: $text-error; }
    }
    """
        + look.css("WalkTable", "walks")
        + walk_look.css("WalkTable", "walks")
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go(-1)", "Optimiser above", show=False, id="walks.up"),
        Binding("down", "go(1)", "Optimiser below", show=False, id="walks.down"),
        Binding("enter", "take_part", "On or off", show=False, id="walks.toggle"),
    ]

    class Toggled(Message):
        """An optimiser is to take part, or no longer."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class Chosen(Message):
        """An optimiser got the focus of the screen."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, glyphs: Glyphs = "braille", **names: Any) -> None:
        super().__init__(**names)
        self.glyphs: Glyphs = glyphs
        self._rows: tuple[Row, ...] = ()
        self._current = ""
        self._first = 0
        self._titles: dict[str, str] = {}
        self.border_title = "optimisers"
        self.border_subtitle = "a, or a click on ●: on, off"

    def show(self, rows: Sequence[Row], current: str, axes: tuple[str, str] = ("x", "y")) -> None:
        """Show these rows; ``current`` names the one that has the focus of the screen, ``axes``
        are the names of the coordinates.
        """
        self._rows, self._current = tuple(rows), current
        self._titles = dict(zip(("x", "y"), axes, strict=True))
        self.redraw()

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        columns = fitting(width)
        titles = int(height > 1)
        visible = height - titles
        at = next((n for n, row in enumerate(self._rows) if row.name == self._current), 0)
        self._first = min(max(self._first, at - visible + 1), at, max(len(self._rows) - visible, 0))
        self._first = max(self._first, 0)
        if titles:
            self._write_titles(cells, columns)
        shown = self._rows[self._first : self._first + visible]
        for line, row in enumerate(shown, start=titles):
            self._write_row(cells, line, row, columns)
            if row.name == self._current:
                cells.inks[line] += _LIT
        return cells

    def _write_titles(self, cells: Cells, columns: Sequence[Column]) -> None:
        cells.write(0, _MARK, "optimiser"[:_NAME], INK["dim"])
        start = _MARK + _NAME
        for column in columns:
            title = self._titles.get(column.title, column.title)
            text = title if column.left else title.rjust(column.width)
            cells.write(0, start + 1, self._plain(text), INK["dim"])
            start += column.width + 1

    def _write_row(self, cells: Cells, line: int, row: Row, columns: Sequence[Column]) -> None:
        ink = _WALK_INK[row.name]
        if row.name == self._current:
            cells.write(line, 0, self._plain("▸"), INK["text"])
        cells.write(line, 1, self._mark(row), ink if row.on else INK["ghost"])
        cells.write(line, 3, LETTERS[row.name], ink if row.on else INK["ghost"])
        cells.write(line, _MARK, row.name, INK["text"] if row.on else INK["dim"])
        start = _MARK + _NAME
        for column in columns:
            last = column.title == "state"
            text = row.told(cells.codes.shape[1] - start - 1) if last else column.text(row)
            if not row.on:
                text = ""
            text = text if column.left else text.rjust(column.width)
            cells.write(line, start + 1, self._plain(text), self._ink(row, column))
            start += column.width + 1

    def _ink(self, row: Row, column: Column) -> int:
        if not row.on:
            return INK["ghost"]
        if column.left:
            if row.sign == "✓":
                return _GOOD
            if row.sign == "✗":
                return _BAD
            return INK["dim"]
        return INK["text"]

    def _mark(self, row: Row) -> str:
        if self.glyphs == "ascii":
            return "o" if row.on else "."
        return "●" if row.on else "○"

    def _plain(self, text: str) -> str:
        return look.plain(text).translate(_PLAIN) if self.glyphs == "ascii" else text

    def ink_style(self, ink: int) -> Style:
        lit, plain = divmod(ink, _LIT)
        style = super().ink_style(plain) if plain < 1000 else self._own_style(plain)
        if lit:
            colour = self.get_component_styles("walks--lit").background
            style += Style.from_color(bgcolor=(self.background_colors[1] + colour).rich_color)
        return style

    def _own_style(self, ink: int) -> Style:
        names = {number: walk_look.ink(name) for name, number in _WALK_INK.items()}
        names |= {_GOOD: "good", _BAD: "bad"}
        colour = self.get_component_styles(f"{self.prefix}--{names[ink]}").color
        _, background = self.background_colors
        bold = ink in _WALK_INK.values()
        return (
            self.rich_style + Style.from_color((background + colour).rich_color) + Style(bold=bold)
        )

    def action_go(self, by: int) -> None:
        names = [row.name for row in self._rows]
        if names:
            at = names.index(self._current) if self._current in names else 0
            self.post_message(self.Chosen(names[min(max(at + by, 0), len(names) - 1)]))

    def action_take_part(self) -> None:
        if self._current:
            self.post_message(self.Toggled(self._current))

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None or not 1 <= at.y <= len(self._rows) - self._first:
            return
        name = self._rows[self._first + at.y - 1].name
        self.post_message(self.Chosen(name))
        if at.x < _MARK - 1:
            self.post_message(self.Toggled(name))


_GOOD, _BAD = 3000, 3001
_PLAIN = str.maketrans("▸✓✗∇‖■–", ">*!d|#-")


def fitting(width: int) -> list[Column]:
    """The columns that there is room for, in their order."""
    room = width - _MARK - _NAME
    chosen: set[int] = set()
    for rank in sorted({column.rank for column in COLUMNS}):
        together = [n for n, column in enumerate(COLUMNS) if column.rank == rank]
        need = sum(COLUMNS[n].width + 1 for n in together)
        if need <= room:
            chosen.update(together)
            room -= need
    return [column for n, column in enumerate(COLUMNS) if n in chosen]
