"""Curves of a run that was left, behind those of the run that goes on."""

from __future__ import annotations

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tuinn.widgets.chart import Chart, Mark, Series
from tuinn.widgets.plot import curves
from tuinn.widgets.raster import Glyphs

X = np.arange(0.0, 21.0)
TRUNK = 2.0 - X / 20
CHILD = Series("train", X[:15], np.where(X < 10, TRUNK, 1.5)[:15], ink="train")
"""It leaves its parent at 10, and has come to 14."""
GHOST = Series("parent", X[10:], TRUNK[10:], "dotted", "ghost", ghost=True)


class ChartApp(App[None]):
    def __init__(self, glyphs: Glyphs = "braille", *, colours: bool = True) -> None:
        super().__init__()
        self.no_color = not colours
        self.chart = Chart("1 loss", x_label="epoch", glyphs=glyphs, id="chart")

    def compose(self) -> ComposeResult:
        yield self.chart


async def shown(pilot: Pilot[None], *series: Series, **options: object) -> Chart:
    chart = pilot.app.query_one(Chart)
    chart.show(series, **options)  # type: ignore[arg-type]
    await pilot.pause()
    return chart


def rows(chart: Chart) -> list[str]:
    return [chart.render_line(y).text for y in range(chart.size.height)]


def inks(chart: Chart) -> list[list[object]]:
    """The colour of every cell, row by row."""
    found = []
    for y in range(chart.size.height):
        row: list[object] = []
        for segment in chart.render_line(y):
            colour = segment.style.color if segment.style else None
            row += [colour] * len(segment.text)
        found.append(row)
    return found


@pytest.mark.parametrize("glyphs", ["braille", "block", "ascii"])
async def test_the_ghost_goes_on_where_the_child_leaves_it(glyphs: Glyphs) -> None:
    async with ChartApp(glyphs).run_test(size=(70, 16)) as pilot:
        alone = rows(await shown(pilot, CHILD, x_range=(0, 20)))
        chart = await shown(pilot, CHILD, GHOST, x_range=(0, 20), marks=[Mark(10, "fork")])
        both = rows(chart)
        assert "parent" in both[0]
        assert both[0].index("train") < both[0].index("parent")
        # beside the last of the child there is nothing without the ghost
        assert not any(row[-8:].strip() for row in alone[1:-2])
        assert sum(row[-8:].strip() != "" for row in both[1:-2]) >= 1
        assert any("fork" in row for row in both)


async def test_the_child_is_drawn_over_its_ghost_whatever_their_order() -> None:
    same = Series("train", X, TRUNK, ink="train")
    pictures = []
    for series in ((same, GHOST), (GHOST, same)):
        async with ChartApp().run_test(size=(70, 16)) as pilot:
            chart = await shown(pilot, *series, x_range=(0, 20))
            drawn = [
                (y, x, colour)
                for y, row in enumerate(inks(chart)[1:-2])
                for x, colour in enumerate(row)
                if 0x2800 < ord(rows(chart)[y + 1][x]) <= 0x28FF
            ]
            assert len({colour for _, _, colour in drawn}) == 1
            pictures.append(drawn)
    assert pictures[0] == pictures[1]


async def test_a_ghost_is_not_read_and_the_cursor_does_not_go_there() -> None:
    async with ChartApp().run_test(size=(70, 16)) as pilot:
        chart = await shown(pilot, CHILD, GHOST, x_range=(0, 20))
        assert chart.readings() == {"train": 1.5}
        assert rows(chart)[0].split()[-1] == "parent"
        chart.move_cursor(19)
        assert chart.cursor == 14
        assert chart.readings() == {"train": 1.5}
        await pilot.pause()
        assert "parent" not in rows(chart)[0]
        assert "1.50" in rows(chart)[0]


def test_a_ghost_widens_the_axis_but_not_without_bounds() -> None:
    def limits(ghost: np.ndarray, own: np.ndarray, *, log: bool = False) -> tuple[float, float]:
        series = (Series("a", X, own), Series("", X, ghost, ghost=True))
        found = curves(series, (0.0, 20.0), 0.0, log=log)
        return found.low, found.high

    own = 1 + X / 20
    assert limits(np.linspace(0.5, 2.5, 21), own) == (0.5, 2.5)
    assert limits(np.linspace(-9, 1e12, 21), own) == (0, 3)
    assert limits(np.linspace(1.2, 1.3, 21), own) == (1, 2)
    assert limits(np.geomspace(1e-9, 1e9, 21), own, log=True) == pytest.approx((0.5, 4))
    # a child of one moment has no extent of its own
    assert limits(np.linspace(-9, 50, 21), np.ones(21)) == (-9, 50)
    nothing = np.full(21, np.nan)
    assert limits(nothing, own) == (1, 2)
    assert limits(own, nothing) == (1, 2)


async def test_what_a_ghost_cannot_show_is_not_counted() -> None:
    async with ChartApp().run_test(size=(70, 16)) as pilot:
        chart = await shown(pilot, CHILD, Series("", X, -TRUNK, ink="ghost", ghost=True))
        chart.log_y = True
        await pilot.pause()
        assert "not drawn" not in str(chart.border_subtitle)


async def test_without_colour_the_ghost_is_told_by_its_dots() -> None:
    async with ChartApp("ascii", colours=False).run_test(size=(70, 16)) as pilot:
        chart = await shown(pilot, CHILD, GHOST, x_range=(0, 20))
        text = "".join(row[6:] for row in rows(chart)[1:-2])
        assert "*" in text
        assert "." in text
        assert "".join(rows(chart)).isascii()


async def test_any_size_draws_a_ghost() -> None:
    async with ChartApp().run_test(size=(80, 20)) as pilot:
        chart = await shown(pilot, CHILD, GHOST, Series("", X[:1], X[:1], ghost=True))
        for glyphs in ("braille", "block", "ascii"):
            chart.glyphs = glyphs
            for width, height in ((3, 2), (20, 3), (38, 6), (80, 20)):
                cells = chart.compose_cells(width, height)
                assert cells.codes.shape == (height, width)
