"""Textual writes the repainted span of a line and nothing beside it."""

from __future__ import annotations

import re

from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from tuinn.widgets.cells import Cells, CellWidget
from tuinn.widgets.look import component_classes


class Letters(CellWidget):
    """Ten letters a line."""

    prefix = "letters"
    COMPONENT_CLASSES = component_classes("letters")
    text = "abcdefghij"

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        for row in range(height):
            cells.write(row, 0, self.text)
        return cells


class LettersApp(App[None]):
    CSS = "Letters { width: 40; height: 2; }"

    def compose(self) -> ComposeResult:
        yield Letters()


def written(update: ChopsUpdate) -> str:
    """What comes to the terminal, places as <column,row>, without colours."""
    text = update.render_segments(Console(color_system="truecolor", force_terminal=True))
    text = re.sub(r"\x1b\[(\d+);(\d+)H", r"<\2,\1>", text)
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def test_a_span_is_cut_on_both_sides() -> None:
    strips = {0: Strip([Segment("abc"), Segment("def")]), 6: Strip([Segment("ghij")])}
    assert written(ChopsUpdate([strips], [(0, 4, 5)], [[6, 10]])) == "<5,1>e"
    assert written(ChopsUpdate([strips], [(0, 4, 8)], [[6, 10]])) == "<5,1>ef<7,1>gh"
    assert written(ChopsUpdate([strips], [(0, 0, 10)], [[6, 10]])) == "<1,1>abcdef<7,1>ghij"
    hidden = {0: None, 6: strips[6]}
    assert written(ChopsUpdate([hidden], [(0, 2, 7)], [[6, 10]])) == "<7,1>g"


async def test_a_changed_letter_is_all_that_is_repainted() -> None:
    async with LettersApp().run_test(size=(50, 4)) as pilot:
        letters = pilot.app.query_one(Letters)
        regions: list[Region] = []
        letters.refresh = lambda *dirty, **_: regions.extend(dirty)  # type: ignore[method-assign]
        letters.text = "abcXefghij" + " " * 20 + "Z"
        letters.redraw()
        assert regions == [Region(x, y, 1, 1) for y in (0, 1) for x in (3, 30)]
        regions.clear()
        letters.text = "XbcXeXghij" + " " * 20 + "Z"
        letters.redraw()
        assert regions == [Region(0, 0, 6, 1), Region(0, 1, 6, 1)]
