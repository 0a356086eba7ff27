"""The list of runs: however many there are, only what is in sight is drawn."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tuinn.numbers import count
from tuinn.widgets import look
from tuinn.widgets.cells import INK, Cells, CellWidget
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.run_columns import (
    ASCII,
    BY_NAME,
    ID,
    NAME,
    STATES,
    Column,
    cut,
    fitting,
    plain_text,
)

if TYPE_CHECKING:
    from tuinn.store import StoredRun

_LIT = 10_000
"""Added to the inks of the row that is chosen."""
_BEFORE = 4
"""Columns before the number of a run: ▸, the mark, the sign of its status, a space."""
_MARK = 1
_GOOD, _BAD, _WARN, _TAG, _KEY = 3000, 3001, 3002, 3003, 3004
_OWN = {_GOOD: "good", _BAD: "bad", _WARN: "warn", _TAG: "tag", _KEY: "key"}
_STATE_INKS = {
    "training": _GOOD,
    "paused": _WARN,
    "finished": INK["dim"],
    "diverged": _BAD,
    "stopped": INK["dim"],
    "interrupted": _WARN,
}
_WHEEL = 3
"""Rows that a turn of the wheel moves by."""


class RunList(CellWidget, can_focus=True):
    """Arrows choose a run; a click does, too, and on the mark or on a title it marks or sorts; two
    clicks open it."""

    prefix = "runs"
    COMPONENT_CLASSES: ClassVar[set[str]] = look.component_classes("runs") | {
        "runs--lit", "runs--good", "runs--bad", "runs--warn", "runs--tag", "runs--key",
    }  # fmt: skip
    DEFAULT_CSS = """
    RunList {
        width: 1fr; height: 1fr; min-height: 3;
        border: round $foreground 25%;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
        &:focus { border: round $accent; border-title-color: $foreground; }
        & > .runs--lit { background: $primary 30%; }
        & > .runs--good { color: $text-success; }
        & > .runs--bad { color: $text-error; }
        & > .runs--warn { color: $text-warning; }
        & > .runs--tag { color: $text-accent; }
        & > .runs--key { color: $foreground; }
    }
    """ + look.css("RunList", "runs")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go(-1)", "Run above", show=False, id="runs.up"),
        Binding("down", "go(1)", "Run below", show=False, id="runs.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="runs.page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="runs.page_down"),
        Binding("home", "go(-1000000000)", "First run", show=False, id="runs.first"),
        Binding("end", "go(1000000000)", "Last run", show=False, id="runs.last"),
    ]

    class Chosen(Message):
        """Another run was chosen: that at `RunList.at`."""

    class Toggled(Message):
        """The run of this place is to be marked, or no longer."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    class OpenWanted(Message):
        """The chosen run is to be opened."""

    class SortWanted(Message):
        """The list is to be sorted by a column."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    def __init__(self, glyphs: Glyphs = "braille", **names: Any) -> None:
        super().__init__(**names)
        self.glyphs: Glyphs = glyphs
        self.empty = ""
        """What is said where there is no run."""
        self.refused = False
        """What is said is an error."""
        self._runs: Sequence[StoredRun] = ()
        self._at = 0
        self._marked: Collection[int] = ()
        self._sort, self._turned = "id", False
        self._first = 0
        self.border_title = "runs"

    def show(
        self,
        runs: Sequence[StoredRun],
        at: int,
        marked: Collection[int],
        sort: str,
        turned: bool,
    ) -> None:
        """Show these runs; ``at`` is the place of the one that is chosen, ``marked`` are ids,
        ``sort`` names the column that they are sorted by, ``turned``: the other way round."""
        if self._runs and runs is not self._runs:
            # the chosen run keeps its line while others come and go above it
            self._first += at - self._at
        self._runs, self._at, self._marked = runs, at, marked
        self._sort, self._turned = sort, turned
        self._name_border()
        self.redraw()

    def _name_border(self) -> None:
        total = len(self._runs)
        place = f"{count(self._at + 1)} of {count(total)}" if total else ""
        marked = f"{count(len(self._marked))} marked" if self._marked else ""
        subtitle = "   ".join(part for part in (marked, place) if part)
        if str(self.border_subtitle or "") != subtitle:
            self.border_subtitle = subtitle

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        if not self._runs:
            self._write_empty(cells, width, height)
            return cells
        columns, room = fitting(width - _BEFORE)
        visible = max(height - 1, 1)
        top = max(len(self._runs) - visible, 0)
        self._first = min(max(self._first, self._at - visible + 1, 0), self._at, top)
        titles = int(height > 1)
        if titles:
            self._write_titles(cells, columns, room)
        for line, run in enumerate(self._runs[self._first : self._first + visible], start=titles):
            self._write_run(cells, line, run, columns, room)
        cells.inks[self._at - self._first + titles] += _LIT
        return cells

    def _write_empty(self, cells: Cells, width: int, height: int) -> None:
        lines = textwrap.wrap(plain_text(self.empty), max(min(width - 4, 72), 10))
        start = max((height - len(lines)) // 2, 0)
        indent = max((width - max(map(len, lines), default=0)) // 2, 0)
        ink = _BAD if self.refused else INK["dim"]
        for line, text in enumerate(lines, start=start):
            cells.write(line, indent, self._plain(text), ink)

    def _write_titles(self, cells: Cells, columns: Sequence[Column], room: int) -> None:
        for column, start, width in _places(columns, room):
            sorts = column.name == self._sort
            arrow = ("↓" if column.falls is not self._turned else "↑") if sorts else ""
            title = f"{column.title}{arrow}"
            text = title if column.left else title.rjust(width)
            cells.write(0, start, self._plain(text), _KEY if sorts else INK["dim"])

    def _write_run(
        self, cells: Cells, line: int, run: StoredRun, columns: Sequence[Column], room: int
    ) -> None:
        if run.id == self._runs[self._at].id:
            cells.write(line, 0, self._plain("▸"), INK["text"])
        if run.id in self._marked:
            cells.write(line, _MARK, "+" if self.glyphs == "ascii" else "◆", _TAG)
        ink = _STATE_INKS[run.status]
        cells.write(line, _MARK + 1, self._plain(STATES[run.status]), ink)
        for column, start, width in _places(columns, room):
            text = column.text(run)
            if column is NAME:
                self._write_name(cells, line, start, width, run)
                continue
            text = cut(plain_text(text), width)
            text = text if column.left else text.rjust(width)
            dim = column.left or column in (ID, BY_NAME["started"], BY_NAME["seconds"])
            own = ink if column.name == "status" else INK["dim"] if dim else INK["text"]
            cells.write(line, start, self._plain(text), own)

    def _write_name(self, cells: Cells, line: int, start: int, width: int, run: StoredRun) -> None:
        """The name, and the tags; of those that have no room it says how many they are."""
        name = plain_text(run.name)
        tags = [f" #{plain_text(tag)}" for tag in run.tags]
        shown, rest = _tags_within(tags, width - min(len(name), max(width - 3, 0)))
        name = cut(name, width - len(shown) - len(rest))
        end = cells.write(line, start, self._plain(name), INK["text"])
        cells.write(line, end, f"{self._plain(shown)}{rest}", _TAG)

    def _plain(self, text: str) -> str:
        return look.plain(text).translate(ASCII) if self.glyphs == "ascii" else text

    def ink_style(self, ink: int) -> Style:
        lit, plain = divmod(ink, _LIT)
        style = super().ink_style(plain) if plain < 1000 else self._own_style(plain)
        if lit:
            colour = self.get_component_styles("runs--lit").background
            style += Style.from_color(bgcolor=(self.background_colors[1] + colour).rich_color)
        return style

    def _own_style(self, ink: int) -> Style:
        colour = self.get_component_styles(f"runs--{_OWN[ink]}").color
        _, background = self.background_colors
        style = self.rich_style + Style.from_color((background + colour).rich_color)
        return style + Style(bold=ink == _KEY)

    # what a person does

    @property
    def at(self) -> int:
        """The place of the run that is chosen."""
        return self._at

    @property
    def columns_in_sight(self) -> list[str]:
        """The names of the columns that there is room for, in their order."""
        columns, room = fitting(self.size.width - _BEFORE)
        return [column.name for column, _, _ in _places(columns, room)]

    def choose(self, place: int) -> None:
        """Go to a place, or to the nearest that there is."""
        if self._runs:
            # at once: the next key may be here before the message is
            self._at = min(max(place, 0), len(self._runs) - 1)
            self._name_border()
            self.redraw()
            self.post_message(self.Chosen())

    def action_go(self, by: int) -> None:
        self.choose(self._at + by)

    def action_page(self, by: int) -> None:
        self.action_go(by * max(self.size.height - 2, 1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_go(-_WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_go(_WHEEL)

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None or not self._runs:
            return
        if at.y == 0:
            columns, room = fitting(self.size.width - _BEFORE)
            for column, start, width in _places(columns, room):
                if start <= at.x < start + width:
                    self.post_message(self.SortWanted(column.name))
            return
        place = self._first + at.y - 1
        if place < len(self._runs):
            self.choose(place)
            if at.x <= _MARK + 1:
                self.post_message(self.Toggled(place))
            elif event.chain == 2:
                self.post_message(self.OpenWanted())


def _tags_within(tags: Sequence[str], room: int) -> tuple[str, str]:
    """As many of the tags as fit, and " +2" for those that do not; that one stands in any case."""
    for many in range(len(tags), -1, -1):
        shown = "".join(tags[:many])
        rest = f" +{len(tags) - many}" if many < len(tags) else ""
        if len(shown) + len(rest) <= room or not many:
            break
    return shown, rest


def _places(columns: Sequence[Column], room: int) -> list[tuple[Column, int, int]]:
    """Every column with its first cell and its width."""
    found = [(ID, _BEFORE, ID.width), (NAME, _BEFORE + ID.width + 1, room)]
    start = _BEFORE + ID.width + 1 + room
    for column in columns:
        found.append((column, start + 1, column.width))
        start += column.width + 1
    return found
