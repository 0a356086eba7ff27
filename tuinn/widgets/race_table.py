"""The table of a race: what differs between the runs, and how each fares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tuinn.comparison import FIGURES, STAR, Difference, Result, best, label_of, order, text_of
from tuinn.short_names import short_names
from tuinn.widgets import look
from tuinn.widgets.cells import INK, Cells, CellWidget
from tuinn.widgets.raster import Glyphs


class RaceTable(CellWidget, can_focus=True):
    """A column per run; up and down choose a row, S sorts the runs by it; so does a click."""

    prefix = "race-table"
    COMPONENT_CLASSES: ClassVar[set[str]] = look.component_classes("race-table")
    DEFAULT_CSS = """
    RaceTable {
        width: 1fr; height: 1fr; min-height: 3;
        border: round $foreground 25%;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 60%;
        &:focus { border: round $accent; border-title-color: $foreground; }
    }
    """ + look.css("RaceTable", "race-table")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go(-1)", "Row above", show=False, id="race-table.up"),
        Binding("down", "go(1)", "Row below", show=False, id="race-table.down"),
        Binding("S", "sort", "Sort by this row", show=False, id="race-table.sort"),
    ]

    class Sorted(Message):
        """The runs stand in another order."""

        def __init__(self, figure: str, places: tuple[int, ...]) -> None:
            super().__init__()
            self.figure = figure
            """The name of a figure, the path of a field, or empty: the order of the race."""
            self.places = places
            """The places of the runs, from left to right."""

    class Chosen(Message):
        """The column of a run was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, glyphs: Glyphs = "braille", **names: Any) -> None:
        super().__init__(**names)
        self.glyphs: Glyphs = glyphs
        self.border_title = "what differs"
        self._names: tuple[str, ...] = ()
        self._differences: tuple[Difference, ...] = ()
        self._results: tuple[Result, ...] = ()
        self._focused: int | None = None

    def show(
        self,
        names: Sequence[str],
        differences: Sequence[Difference],
        results: Sequence[Result],
        *,
        focused: int | None = None,
    ) -> None:
        """Show these runs, in the order of their places; ``focused``: the one in focus."""
        self._names, self._results = tuple(names), tuple(results)
        self._differences, self._focused = tuple(differences), focused
        self.redraw()

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        label = 11
        column = max((width - label) // max(len(self._names), 1), 1)
        rows = [("", short_names(self._names, column - 1))]
        rows += [(one.label, list(one.texts)) for one in self._differences]
        for figure in FIGURES:
            winners = best(self._results, figure)
            texts = [
                text_of(figure, getattr(result, figure)) + (f" {STAR}" if n in winners else "")
                for n, result in enumerate(self._results)
            ]
            rows.append((label_of(self._results, figure, short=True), texts))
        for line, (name, texts) in enumerate(rows[:height]):
            cells.write(line, 0, name, INK["dim"])
            for n, text in enumerate(texts):
                cells.write(line, label + n * column, text[: column - 1], INK["text"])
        return cells

    def action_go(self, by: int) -> None:
        """Move the chosen row."""

    def action_sort(self) -> None:
        """Sort the runs by the chosen row."""
        places = order(self._results, "best_loss")
        self.post_message(self.Sorted("best_loss", tuple(places)))
