"""Values as colours: what is painted where, and what stands for it without colour."""

from __future__ import annotations

import numpy as np
import pytest
from rich.color import Color as RichColor
from textual.app import App, ComposeResult

from tuinn.widgets.cells import Cells
from tuinn.widgets.heat import HeatWidget
from tuinn.widgets.raster import Glyphs

NAN = float("nan")


class Map(HeatWidget):
    """Two rows of values, and a word on the largest."""

    shares = np.array([[0.0, 0.5, 1.0, NAN], [1.0, 0.5, NAN, NAN]])
    pixels = 2

    def compose_cells(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        self.paint(cells, 1, 2, self.shares, "grey", pixels=self.pixels)
        self.write_on(cells, 3, 0, "nine", 1.0, "grey", bold=True)
        return cells


class MapApp(App[None]):
    def __init__(self, glyphs: Glyphs = "braille") -> None:
        super().__init__()
        self.map = Map(glyphs=glyphs)

    def compose(self) -> ComposeResult:
        yield self.map


async def painted(app: MapApp) -> list[list[tuple[str, RichColor | None, RichColor | None]]]:
    """Character, colour and ground of every cell."""
    async with app.run_test(size=(20, 8)) as pilot:
        await pilot.pause()
        return [
            [
                (character, segment.style.color, segment.style.bgcolor)
                for segment in app.map.render_line(y)
                for character in segment.text
                if segment.style is not None
            ]
            for y in range(app.map.size.height)
        ]


BLACK, WHITE = RichColor.from_rgb(0, 0, 0), RichColor.from_rgb(255, 255, 255)


async def test_two_values_share_a_cell_as_its_halves() -> None:
    row = (await painted(MapApp()))[1]
    assert row[2] == ("▀", BLACK, WHITE)
    character, _, ground = row[3]
    assert character == " "
    assert ground is not None
    assert ground.triplet is not None
    assert 120 <= ground.triplet.red <= 136
    empty = row[5][2]
    assert row[4][:2] == ("▀", WHITE)
    assert row[4][2] == empty
    assert row[0][2] == empty, "what has no value is the background"


async def test_text_on_a_shade_can_be_read() -> None:
    row = (await painted(MapApp()))[3]
    assert "".join(cell[0] for cell in row[:4]) == "nine"
    assert row[0][2] == WHITE
    assert row[0][1] == BLACK


@pytest.mark.parametrize(("glyphs", "ramp"), [("block", " ▒█"), ("ascii", " +@")])
async def test_without_colour_characters_tell_the_mean_of_both(
    glyphs: Glyphs, ramp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    row = (await painted(MapApp(glyphs)))[1]
    text = "".join(cell[0] for cell in row)
    assert text[2:6] == f"{ramp[1]}{ramp[1]}{ramp[2]} "


async def test_in_ascii_colours_fill_whole_cells() -> None:
    row = (await painted(MapApp("ascii")))[1]
    assert {cell[0] for cell in row} == {" "}
    assert row[2][2] == row[3][2], "0 and 1 have the mean 0.5"


async def test_what_lies_beyond_the_edges_is_left_out() -> None:
    app = MapApp()
    app.map.shares = np.tile(np.linspace(0, 1, 40), (40, 1))
    rows = await painted(app)
    assert {len(row) for row in rows} == {18}


async def test_rows_that_are_no_pairs_are_refused() -> None:
    widget = Map()
    with pytest.raises(ValueError, match=r"rows · 2"):
        widget.paint(Cells.blank(4, 4), 0, 0, np.zeros((3, 2)), "grey", pixels=2)
