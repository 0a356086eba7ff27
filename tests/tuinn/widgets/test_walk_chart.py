"""The costs of the walks: one that dives or diverges leaves room for the others."""

import numpy as np
import pytest
from textual.app import App, ComposeResult

from tuinn.widgets.walk_chart import WalkChart
from tuinn.widgets.walk_look import LETTERS


class One(App[None]):
    def __init__(self, glyphs: str = "braille") -> None:
        super().__init__()
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        yield WalkChart(self.glyphs)


def fall(to: float, steps: int = 40) -> np.ndarray:
    """(n, 2): from 4 to a cost, evenly on a logarithmic axis."""
    return np.column_stack([np.arange(steps), np.geomspace(4.0, to, steps)])


def lines(chart: WalkChart, width: int = 67, height: int = 8) -> list[str]:
    return ["".join(map(chr, line)) for line in chart.compose_cells(width, height).codes.tolist()]


async def test_one_that_dives_is_held_at_the_lower_edge_and_read_as_it_is() -> None:
    async with One().run_test(size=(70, 12)) as pilot:
        chart = pilot.app.query_one(WalkChart)
        chart.show_costs({"lbfgs": fall(1.4e-11), "sgd": fall(0.1)}, "sgd")
        text = lines(chart)
        assert chart._y_limits == (-4.0, 1.0)
        assert any("≤1e−4" in line for line in text)
        assert "lbfgs 1.4e−11" in text[0]
        # in the order of the table
        assert text[0].index("sgd 0.1") < text[0].index("lbfgs")
        chart.show_costs({"sgd": fall(0.1)}, "sgd")
        assert "≤" not in "".join(lines(chart))
        # alone there is nobody to make room for
        chart.show_costs({"lbfgs": fall(1.4e-11)}, "lbfgs")
        assert "≤" not in "".join(lines(chart))
        assert chart._y_limits == (-11.0, 1.0)


async def test_a_walk_that_diverges_alone_is_drawn_to_its_end() -> None:
    async with One().run_test(size=(70, 12)) as pilot:
        chart = pilot.app.query_one(WalkChart)
        chart.show_costs({"sgd": fall(2.97e7)}, "sgd", diverged=("sgd",))
        text = lines(chart)
        assert chart._y_limits == (0.0, 8.0)
        assert "sgd 2.97e7 ✗" in text[0]
        assert sum("✗" in line for line in text[1:]) == 1
        ends = next(line for line in text[1:] if "✗" in line).rindex("✗")
        assert not any(line[ends + 1 :].strip() for line in text[1:-2])


async def test_beside_others_it_is_held_at_the_upper_edge() -> None:
    async with One().run_test(size=(70, 12)) as pilot:
        chart = pilot.app.query_one(WalkChart)
        lost = np.vstack([fall(1e30), [40, np.inf], [41, np.nan]])
        chart.show_costs({"sgd": lost, "adam": fall(0.01)}, "sgd", diverged=("sgd",))
        text = lines(chart)
        assert chart._y_limits[1] == 4.0
        assert text[1].startswith("≥1e4")
        assert "✗" in text[1]


@pytest.mark.parametrize("glyphs", ["braille", "ascii"])
@pytest.mark.parametrize("number", range(1, 9))
async def test_no_name_and_no_value_of_the_legend_is_cut(glyphs: str, number: int) -> None:
    async with One(glyphs).run_test(size=(70, 12)) as pilot:
        chart = pilot.app.query_one(WalkChart)
        names = list(LETTERS)[-number:]
        costs = {name: fall(10.0**-at) for at, name in enumerate(names)}
        chart.show_costs(dict(reversed(costs.items())), names[0], diverged=names[:1])
        for width in range(20, 120, 7):
            legend = lines(chart, width)[0]
            assert [legend.index(LETTERS[name]) for name in names] == sorted(
                legend.index(LETTERS[name]) for name in names
            )
            words = [word for word in legend.split() if word.islower() and word.isalpha()]
            assert words in ([], names)
            assert "…" not in legend
            assert glyphs == "braille" or "".join(lines(chart, width)).isascii()
