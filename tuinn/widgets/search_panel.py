"""The numbers of a search as text, and why it has no δ."""

from __future__ import annotations

import textwrap
from typing import Any, ClassVar

from textual.reactive import reactive

from engine.snapshot import Snapshot
from tuinn.numbers import count, significant
from tuinn.widgets import look
from tuinn.widgets.cells import INK, Cells, CellWidget
from tuinn.widgets.legend import Run
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.raster import Glyphs

Line = list[Run]

REASONS = (
    "There is no δ without backpropagation: costs are compared, no slope is known. So no gradient "
    "step stands against decay, and saturation slows nothing down.",
    "There is no δ without backpropagation: costs are compared, no slope is known.",
    "no δ without backpropagation",
)
"""Why the panels of backpropagation are not there, from the longest to the shortest wording."""
_BESIDE = 24
"""Cells from which an explanation stands beside its number, not below."""
_VALUE = 9


class SearchPanel(CellWidget, can_focus=True):
    """What is known of a search now; explanations where there is room for them."""

    prefix = "search"
    COMPONENT_CLASSES: ClassVar[set[str]] = look.component_classes("search")
    DEFAULT_CSS = """
    SearchPanel {
        width: 1fr; height: 1fr; min-height: 3;
        border: round $foreground 25%;
        border-title-color: $foreground 80%;
        &:focus { border: round $accent; border-title-color: $foreground; }
    }
    """ + look.css("SearchPanel", "search")

    glyphs: reactive[Glyphs] = reactive[Glyphs]("braille", repaint=False, init=False)
    """With "ascii" nothing else is used; the other two look the same here."""

    def __init__(
        self,
        title: str,
        *,
        empty: str = "press space to train",
        glyphs: Glyphs = "braille",
        **names: Any,
    ) -> None:
        super().__init__(**names)
        self.empty = empty
        self._snapshot: Snapshot | None = None
        self._method = MethodFacts()
        self.set_reactive(SearchPanel.glyphs, glyphs)
        self.border_title = title

    def show(self, snapshot: Snapshot | None, method: MethodFacts) -> None:
        """Show this moment of a run; None empties the panel."""
        self._snapshot, self._method = snapshot, method
        self.redraw()

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        if self._snapshot is None:
            text = self.empty if len(self.empty) <= width else ""
            cells.write((height - 1) // 2, (width - len(text)) // 2, self._plain(text), INK["dim"])
            return cells
        for row, line in enumerate(self._lines(self._snapshot, width, height)):
            column = 0
            for text, ink in line:
                column = cells.write(row, column, self._plain(text), INK[ink])
        return cells

    def _lines(self, snapshot: Snapshot, width: int, height: int) -> list[Line]:
        """The fullest of some wordings that fits."""
        room = max(width - 1, 1)
        wordings = []
        for reason in REASONS:
            lines: list[Line] = [[(text, "dim")] for text in textwrap.wrap(reason, room)]
            for explained in (True, False):
                numbers = self._numbers(snapshot, room, explained)
                wordings += [[*numbers, [], *lines], [*numbers, *lines]]
        fitting = (lines for lines in wordings if len(lines) <= height)
        return next(fitting, self._numbers(snapshot, room, False)[:height])

    def _numbers(self, snapshot: Snapshot, width: int, explained: bool) -> list[Line]:
        """One line a number; what a number is stands beside it or below it, if ``explained``."""
        method, search = self._method, snapshot.search
        rows = [
            (method.epoch, count(int(snapshot.epoch + 1e-9)), "text", ""),
            ("evaluations", count(snapshot.evaluations), "text", ""),
        ]
        if search is not None:
            now = significant(search.mean)
            if method.crowd:
                now = f"{now} ± {significant(search.spread)}"
            rows += [
                ("best cost", significant(search.best), "series-1", ""),
                ("mean cost" if method.crowd else "cost now", now, "series-2", ""),
            ]
            rows += [
                (figure.label, significant(value), ink, figure.help)
                for figure, (_, value), ink in zip(
                    method.figures, search.figures, ("series-3", "series-4"), strict=True
                )
            ]
        column = max(len(label) for label, *_ in rows) + 2
        lines: list[Line] = []
        for label, value, ink, meaning in rows:
            if column + len(value) > width:
                # a number cut off would be a wrong one
                lines.append([(value if len(value) <= width else "…", ink)])
                continue
            line: Line = [(label.ljust(column), "dim"), (value, ink)]
            lines.append(line)
            if explained and meaning:
                lines += _explained(meaning, line, column, width)
        return lines

    def _plain(self, text: str) -> str:
        return look.plain(text) if self.glyphs == "ascii" else text

    def watch_glyphs(self) -> None:
        self.redraw()


def _explained(meaning: str, line: Line, column: int, width: int) -> list[Line]:
    """Explain a number in its own line; where it does not fit, in the lines that are returned."""
    beside = width - column - _VALUE
    if beside >= _BESIDE and len(meaning) <= beside:
        line[1] = (line[1][0].ljust(_VALUE), line[1][1])
        line.append((meaning, "dim"))
        return []
    return [[("  " + text, "dim")] for text in textwrap.wrap(meaning, max(width - 2, 1))]
