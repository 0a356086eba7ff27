"""The table of a race: how each run fares, and what differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tuinn.comparison import FIGURES, Difference, Result, order, order_by_values
from tuinn.comparison_rows import STAR, STATE
from tuinn.widgets import look
from tuinn.widgets.cells import INK, Cells, CellWidget
from tuinn.widgets.race_table_layout import LEAST, Layout, Line, lay_out
from tuinn.widgets.raster import Glyphs

_LIT, _UNDERLINED = 10_000, 20_000
"""Added to the inks of the chosen row, and to that of the name of the run in focus."""
_GOOD, _BAD = 3000, 3001
_OWN = {_GOOD: "good", _BAD: "bad"}
_PLAIN = str.maketrans({"▸": ">", "▾": "v", STAR: "*", "–": "-", "…": "~", "∞": "#"})


class RaceTable(CellWidget, can_focus=True):
    """A column per run; up and down choose a row, S sorts the runs by it; so do clicks."""

    prefix = "race-table"
    COMPONENT_CLASSES: ClassVar[set[str]] = look.component_classes("race-table") | {
        "race-table--lit",
        "race-table--good",
        "race-table--bad",
    }
    DEFAULT_CSS = """
    RaceTable {
        width: 1fr; height: 1fr; min-height: 3;
        border: round $foreground 25%;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
        &:focus { border: round $accent; border-title-color: $foreground; }
        & > .race-table--lit { background: $primary 30%; }
        & > .race-table--good { color: $text-success; }
        & > .race-table--bad { color: $text-error; }
    }
    """ + look.css("RaceTable", "race-table")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go(-1)", "Row above", show=False, id="race-table.up"),
        Binding("down", "go(1)", "Row below", show=False, id="race-table.down"),
        Binding("S", "sort", "Sort by this row", show=False, id="race-table.sort"),
    ]

    class Sorted(Message):
        """The runs stand in another order."""

        def __init__(self, key: str, label: str, places: tuple[int, ...]) -> None:
            super().__init__()
            self.key = key
            """The name of a figure, or the path of a field; empty: the order of the race."""
            self.label = label
            """What the row is called: "best validation loss"."""
            self.places = places
            """The places of the runs, from left to right."""

    class Chosen(Message):
        """The name of a run was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, glyphs: Glyphs = "braille", **names: Any) -> None:
        super().__init__(**names)
        self.glyphs: Glyphs = glyphs
        self.border_title = "results"
        self._names: tuple[str, ...] = ()
        self._differences: tuple[Difference, ...] = ()
        self._results: tuple[Result, ...] = ()
        self._focused: int | None = None
        self._places: tuple[int, ...] = ()
        self._by = self._by_label = ""
        self._at = 0
        """The chosen one of the rows."""
        self._first = 0
        """The first line that is shown."""
        self._layout = Layout((), 0, 1)

    @property
    def places(self) -> tuple[int, ...]:
        """The runs from left to right, by their places in the race."""
        return self._places

    def lines_in(
        self,
        names: Sequence[str],
        differences: Sequence[Difference],
        results: Sequence[Result],
        width: int,
    ) -> int:
        """Lines that the whole table has in so many cells."""
        found = lay_out(names, differences, results, range(len(names)), width).lines
        if any(len(result.statuses) > 1 for result in results):
            # those of the spreads, which come with the figures
            found = tuple(line for line in found if line.kind != "spread")
            return len(found) + sum(line.key in FIGURES for line in found)
        return len(found)

    def show(
        self,
        names: Sequence[str],
        differences: Sequence[Difference],
        results: Sequence[Result],
        *,
        focused: int | None = None,
    ) -> None:
        """Show these runs, named by their places; ``focused``: the one in focus.

        The order stays as it was sorted last while there are as many runs.
        """
        if len(names) != len(self._names):
            self._places, self._by, self._at, self._first = tuple(range(len(names))), "", 0, 0
        self._names, self._results = tuple(names), tuple(results)
        self._differences, self._focused = tuple(differences), focused
        self.redraw()

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        if not self._results:
            self._layout, self.border_subtitle = Layout((), 0, 1), ""
            cells.write(0, 0, "no runs yet: p chooses presets", INK["dim"])
            return cells
        self._layout = lay_out(self._names, self._differences, self._results, self._places, width)
        lines, rows = self._layout.lines, self._rows
        self._at = min(self._at, len(rows) - 1)
        at = rows[self._at] if self.has_focus else None
        self._scroll(height, at)
        for y, line in enumerate(self._shown(height)):
            self._write(cells, y, line)
            if at is not None and line is lines[at]:
                cells.inks[y] += _LIT
                cells.write(y, 0, self._plain("▸"), _LIT + INK["text"])
        self._tell_more(len(lines) - self._first - height)
        return cells

    @property
    def _rows(self) -> list[int]:
        """The lines that can be chosen."""
        return [n for n, line in enumerate(self._layout.lines) if line.kind == "row"]

    def _scroll(self, height: int, at: int | None) -> None:
        """Move the first line so that the chosen one is shown below the names."""
        last = len(self._layout.lines) - height
        if at is not None:
            self._first = min(max(self._first, at - height + 1), max(at - 1, 0))
        self._first = max(min(self._first, last), 0)

    def _shown(self, height: int) -> list[Line]:
        """The lines on view; the names of their runs stay above them."""
        lines = list(self._layout.lines[self._first : self._first + height])
        before = [line for line in self._layout.lines[: self._first + 1] if line.kind == "names"]
        return [before[-1], *lines[1:]]

    def _tell_more(self, below: int) -> None:
        more = f"{below} more below" if below > 0 else ""
        by = f"by {self._by_label}" if self._by else "S sorts" if self.has_focus else ""
        self.border_subtitle = self._plain(", ".join(text for text in (by, more) if text))

    def _write(self, cells: Cells, y: int, line: Line) -> None:
        left, column = self._layout.left, self._layout.column
        if line.kind == "note":
            cells.write(y, 0, self._plain(line.label), INK["dim"])
            return
        if line.kind == "rule":
            text = f"─ {line.label} ".ljust(cells.codes.shape[1], "─")
            cells.write(y, 0, self._plain(text), INK["dim"])
            return
        cells.write(y, 1, self._plain(line.label)[: left - 1], INK["dim"])
        if line.kind == "row" and line.key == self._by:
            cells.write(y, 0, self._plain("▾"), INK["text"])
        for n, (place, text) in enumerate(zip(line.places, line.texts, strict=True)):
            start = left + n * column
            if line.kind == "names":
                self._write_name(cells, y, start, place, text)
                continue
            after = cells.write(y, start, self._plain(text), self._ink(line, place))
            if line.stars and line.stars[n]:
                at = after if column <= LEAST else after + 1
                cells.write(y, at, self._plain(STAR), _GOOD)

    def _write_name(self, cells: Cells, y: int, start: int, place: int, name: str) -> None:
        """The marker that its curves carry, and the name, above the figures."""
        column = self._layout.column
        ink = INK[f"series-{place + 1}"]
        text = f"{look.MARKERS[place]} {name}"
        room = column - (2 if column <= LEAST else 3)
        begin = start + 1 + max(room - len(text), 0)
        text = text[: max(start + column - begin, 0)]
        underlined = _UNDERLINED if place == self._focused else 0
        cells.write(y, begin, self._plain(text), ink + underlined)

    def _ink(self, line: Line, place: int) -> int:
        if line.kind == "spread":
            return INK["dim"]
        if line.key == STATE:
            statuses = set(self._results[place].statuses)
            return _BAD if statuses & {"diverged", "failed"} else INK["dim"]
        return INK["text"]

    def _plain(self, text: str) -> str:
        """Of as many cells, in ASCII where nothing else is drawn; names of quantities stay."""
        if self.glyphs != "ascii":
            return text
        # before a "±" there is a blank: as many cells
        text = look.plain(text).replace("± ", "+-").replace(" ±", "+-")
        return text.translate(_PLAIN)

    def ink_style(self, ink: int) -> Style:
        extra, plain = ink // _LIT, ink % _LIT
        style = super().ink_style(plain) if plain < _GOOD else self._own_style(plain)
        if extra & 1:
            colour = self.get_component_styles("race-table--lit").background
            style += Style.from_color(bgcolor=(self.background_colors[1] + colour).rich_color)
        return style + Style(bold=True, underline=True) if extra & 2 else style

    def _own_style(self, ink: int) -> Style:
        colour = self.get_component_styles(f"{self.prefix}--{_OWN[ink]}").color
        background = self.background_colors[1]
        return self.rich_style + Style.from_color((background + colour).rich_color)

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def action_go(self, by: int) -> None:
        """Choose the row above or below."""
        self._at = min(max(self._at + by, 0), max(len(self._rows) - 1, 0))
        self.redraw()

    def action_sort(self) -> None:
        """Put the best by the chosen row first; where they stand so, back to the race's order."""
        rows = self._rows
        if rows:
            self._sort(self._layout.lines[rows[min(self._at, len(rows) - 1)]])

    def _sort(self, line: Line) -> None:
        places = self._order(line.key)
        if line.key == self._by and places == self._places:
            self._by, self._by_label, places = "", "", tuple(range(len(self._names)))
        else:
            self._by, self._by_label = line.key, line.label
        self._places = places
        self.redraw()
        self.post_message(self.Sorted(self._by, self._by_label, places))

    def _order(self, key: str) -> tuple[int, ...]:
        if key in FIGURES:
            return tuple(order(self._results, key))
        values = [one.values for one in self._differences if one.path == key]
        statuses = tuple(result.status for result in self._results)
        return tuple(order_by_values(values[0] if values else statuses))

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        lines = self._shown(self.size.height) if self._results else []
        if at is None or not at.y < len(lines):
            return
        line = lines[at.y]
        if line.kind == "names":
            n = (at.x - self._layout.left) // self._layout.column
            if at.x >= self._layout.left and n < len(line.places):
                self.post_message(self.Chosen(line.places[n]))
        elif line.kind == "row":
            self._at = self._rows.index(self._first + at.y)
            if at.x < self._layout.left:
                self._sort(line)
            else:
                self.redraw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._turn(1, event)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._turn(-1, event)

    def _turn(self, by: int, event: events.MouseEvent) -> None:
        """Go on by a row, which takes the lines along."""
        event.stop()
        if self.has_focus:
            self.action_go(by)
        else:
            self._first = max(self._first + by, 0)
            self.redraw()
