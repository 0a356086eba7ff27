"""The numbers of a search as text: whole numbers at any size, and why there is no δ."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from textual.app import App, ComposeResult

from engine.optimizer import Figure
from engine.snapshot import SearchSnapshot, Snapshot
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.search_panel import REASONS, SearchPanel

GENETIC = MethodFacts(
    "generation",
    "population",
    (
        Figure("diversity", "diversity", log=True, help="Mean distance from the centroid"),
        Figure("sigma", "mutation σ", log=True, help="Deviation of a mutated gene"),
    ),
)
ANNEALING = MethodFacts(
    "chain",
    "",
    (
        Figure("temperature", "temperature T", log=True, help="T of the proposals made now"),
        Figure("acceptance", "acceptance", log=False, help="Share of the proposals accepted"),
    ),
)


def snapshot(method: MethodFacts, **search: float) -> Snapshot:
    figures = tuple(
        (figure.name, value) for figure, value in zip(method.figures, (0.0231, 0.271), strict=True)
    )
    return Snapshot(
        epoch=12.0,
        update=12,
        seconds=1.0,
        eta=0.0,
        alpha=0.0,
        batch_size=100,
        train_loss=0.3,
        train_accuracy=0.9,
        validation_loss=None,
        validation_accuracy=None,
        layers=(),
        evaluations=12345,
        search=replace(SearchSnapshot(0.617, 0.845, 0.192, figures), **search),
    )


class PanelApp(App[None]):
    def compose(self) -> ComposeResult:
        yield SearchPanel("6 search")


def rows(panel: SearchPanel, width: int, height: int) -> list[str]:
    return ["".join(map(chr, codes)).rstrip() for codes in panel.compose_cells(width, height).codes]


async def test_all_the_numbers_and_the_reason() -> None:
    async with PanelApp().run_test(size=(90, 20)) as pilot:
        panel = pilot.app.query_one(SearchPanel)
        assert "press space to train" in "".join(rows(panel, 88, 18))
        panel.show(snapshot(GENETIC), GENETIC)
        shown = rows(panel, 88, 18)
        assert [re.split("  +", row) for row in shown[:6]] == [
            ["generation", "12"],
            ["evaluations", "12 345"],
            ["best cost", "0.617"],
            ["mean cost", "0.845 ± 0.192"],
            ["diversity", "0.0231", "Mean distance from the centroid"],
            ["mutation σ", "0.271", "Deviation of a mutated gene"],
        ]
        assert " ".join(shown[7:]).strip() == REASONS[0]
        panel.show(None, GENETIC)
        assert "press space to train" in "".join(rows(panel, 88, 18))


async def test_one_point_has_a_cost_and_no_spread() -> None:
    async with PanelApp().run_test(size=(60, 20)) as pilot:
        panel = pilot.app.query_one(SearchPanel)
        panel.show(snapshot(ANNEALING, spread=0.0), ANNEALING)
        shown = rows(panel, 58, 18)
        assert re.split("  +", shown[3]) == ["cost now", "0.845"]
        assert shown[0].startswith("chain  ")
        assert "±" not in "".join(shown)


async def test_where_explanations_have_no_room_the_reason_still_has() -> None:
    async with PanelApp().run_test(size=(60, 20)) as pilot:
        panel = pilot.app.query_one(SearchPanel)
        panel.show(snapshot(GENETIC), GENETIC)
        tall, low = rows(panel, 42, 16), rows(panel, 42, 10)
        assert "  Mean distance from the centroid" in tall
        assert "centroid" not in "".join(low)
        assert "no δ without backpropagation" in " ".join(low)
        assert "no δ without backpropagation" in rows(panel, 42, 7)[-1]
        assert rows(panel, 42, 2)[1].startswith("evaluations")


async def test_a_search_that_has_evaluated_nothing_yet() -> None:
    async with PanelApp().run_test(size=(60, 20)) as pilot:
        panel = pilot.app.query_one(SearchPanel)
        for search in (None, SearchSnapshot(*[float("nan")] * 3, (("a", 1.0), ("b", 2.0)))):
            panel.show(replace(snapshot(GENETIC), search=search), GENETIC)
            assert "δ" in "".join(rows(panel, 58, 18))


async def test_words_are_the_same_in_ascii() -> None:
    async with PanelApp().run_test(size=(60, 20)) as pilot:
        panel = pilot.app.query_one(SearchPanel)
        panel.show(snapshot(GENETIC), GENETIC)
        before = rows(panel, 58, 18)
        panel.glyphs = "ascii"
        assert rows(panel, 58, 18) == before
        assert any("mutation σ" in row for row in before)


@pytest.mark.parametrize("method", [GENETIC, ANNEALING])
@pytest.mark.parametrize("glyphs", ["braille", "ascii"])
async def test_no_number_is_ever_cut_off(method: MethodFacts, glyphs: str) -> None:
    whole = {"12", "345", "0.617", "0.845", "0.192", "0.0231", "0.271"}
    async with PanelApp().run_test(size=(80, 20)) as pilot:
        panel = pilot.app.query_one(SearchPanel)
        panel.glyphs = glyphs
        panel.show(snapshot(method), method)
        seen = set()
        for width in range(3, 90):
            for height in (1, 3, 7, 11, 18):
                for row in rows(panel, width, height):
                    numbers = set(re.findall(r"[\d.]*\d[\d.]*", row))
                    assert numbers <= whole, (width, row)
                    assert set(row) - set(map(chr, range(128))) <= set("δσ±…")
                    seen |= numbers
        assert seen == whole - ({"0.192"} if method is ANNEALING else set())
