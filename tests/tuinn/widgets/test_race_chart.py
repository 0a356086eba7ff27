"""The large chart of a race: its legend keeps names, then numbers, and readings to the last."""

import numpy as np
import pytest
from textual.app import App, ComposeResult

from tuinn.widgets import race_look
from tuinn.widgets.header import STATES
from tuinn.widgets.race_chart import RaceChart
from tuinn.widgets.race_line import Far, RaceLine
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.series import Series

NAMES = [
    "batch", "mini-batch", "stochastic", "digits-adam", "digits-momentum", "saturated-neuron",
]  # fmt: skip
X = np.arange(0.0, 11.0)


class One(App[None]):
    def __init__(self, glyphs: Glyphs = "braille") -> None:
        super().__init__()
        self.chart = RaceChart(glyphs=glyphs, x_label="epochs")
        self.line = RaceLine()

    def compose(self) -> ComposeResult:
        yield self.line
        yield self.chart

    def show(self, number: int) -> None:
        self.chart.numbers = {name: place + 1 for place, name in enumerate(NAMES)}
        self.chart.show(
            [
                Series(
                    name, X, np.geomspace(2, 0.0123 * (place + 1), 11), race_look.style(place),
                    race_look.ink(place), race_look.marker(place),
                )
                for place, name in enumerate(NAMES[:number])
            ]
        )  # fmt: skip


@pytest.mark.parametrize("width", [40, 56, 80, 120, 200])
@pytest.mark.parametrize("number", [2, 3, 6])
async def test_every_run_is_in_the_legend_with_its_reading(width: int, number: int) -> None:
    app = One()
    async with app.run_test(size=(width, 20)) as pilot:
        app.show(number)
        await pilot.pause()
        row = app.chart.render_line(0).text
        for place in range(number):
            assert race_look.marker(place) in row
            assert row.count(race_look.marker(place)) == 1
        # six readings have no room in the narrowest one
        assert ("0.01" in row) == (width > 40 or number < 6)
        if width >= 200 or (width >= 80 and number < 4):
            assert all(name in row for name in NAMES[:number])
        app.chart.cursor = 0.0
        row = app.chart.render_line(0).text
        assert row.count("2.0") == number or width < 56


@pytest.mark.parametrize("width", [56, 200])
async def test_a_curve_behind_is_told_of_at_the_bottom(width: int) -> None:
    app = One()
    async with app.run_test(size=(width, 20)) as pilot:
        app.show(6)
        ghost = Series("a [paper]", X, X / 100, "dotted", "ghost", ghost=True)
        app.chart.show([ghost, *app.chart._series])
        await pilot.pause()
        row = app.chart.render_line(0).text
        assert "paper" not in row
        assert all(f"{place + 1} 0.0" in row for place in range(6)) or width > 56
        assert "a [paper] 0.100" in shown(app.chart)
        app.chart.cursor = 5.5
        assert "a [paper] 0.0550 · epochs" in shown(app.chart)


def shown(chart: RaceChart) -> str:
    """The border at the bottom."""
    assert chart._border_subtitle is not None
    return chart._border_subtitle.plain


def test_runs_differ_by_more_than_their_colour() -> None:
    signs = {(race_look.marker(place), race_look.style(place)) for place in range(6)}
    assert len(signs) == len({race_look.ink(place) for place in range(6)}) == 6
    assert len({race_look.marker(place) for place in range(6)}) == 6


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("number", [1, 3, 6])
async def test_the_line_tells_how_far_every_run_is(width: int, number: int) -> None:
    app = One()
    async with app.run_test(size=(width, 20)) as pilot:
        states = ["training", "finished", "failed", "training", "paused", "diverged"]
        app.line.runs = tuple(
            Far(place + 1, NAMES[place], states[place], 0.41) for place in range(number)
        )
        app.line.counts = f"● 2 of {number}"
        await pilot.pause()
        text = app.line.render().plain
        assert len(text) <= width - 2
        assert text.endswith(f"● 2 of {number}")
        for place in range(number):
            assert f"{place + 1} " in text
            assert STATES[states[place]][0] in text
        if width > 80 or number < 4:
            assert text.count("41 %") == number
