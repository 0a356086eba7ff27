"""A run without gradient in the lab: its own panels, words and axis, and the way there and back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from app_driver import (
    LONG,
    app_of,
    keys_shown,
    press,
    ready,
    shown_text,
    state,
    trained,
    until,
)
from textual.pilot import Pilot
from textual.widgets import Static

from engine.optimizers import OPTIMIZERS
from tuinn.numbers import count, significant
from tuinn.optimizers import METHODS
from tuinn.screens.lab import Lab
from tuinn.widgets.chart import Chart
from tuinn.widgets.header import ProgressLine
from tuinn.widgets.ledger import NO_STEP

XOR: dict[str, Any] = {
    "data": {"set": "xor", "n": 60},
    "network": {"hidden": [3], "activation": "tanh"},
    "stop": {"epochs": 1_000_000},
}
GENETIC = XOR | {"optimizer": {"name": "genetic", "population": 10, "elite": 2}}
ANNEALING = XOR | {"optimizer": {"name": "annealing", "chain": 5}}
OF_GRADIENTS = {"panel-3", "panel-4", "panel-5", "panel-6"}
OF_SEARCH = {"search-3", "search-4", "search-5", "search-6"}


def titles(lab: Lab) -> list[str]:
    return [str(panel.border_title) for panel in lab.dashboard.panels.values()]


def on_screen(lab: Lab) -> set[str]:
    everywhere = {*lab.query("#panels > *"), lab.dashboard.surface}
    return {str(panel.id) for panel in everywhere if panel.display}


def progress(pilot: Pilot[None]) -> str:
    return pilot.app.screen_stack[0].query_one(ProgressLine).render().plain


async def test_a_search_has_panels_of_its_own() -> None:
    async with app_of(GENETIC).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        assert titles(lab) == [
            "1 loss",
            "2 accuracy",
            "3 cost of the population (log)",
            "4 diversity (log)",
            "5 mutation σ (log)",
            "6 search in numbers",
            "7 decision surface",
            "9 histograms: weights w",
            "n network",
            "v examples",
        ]
        assert on_screen(lab) == {"panel-1", "panel-2"} | OF_SEARCH
        assert "no δ without backpropagation" in shown_text(pilot)
        for number, key in enumerate("1234567", start=1):
            await press(pilot, key)
            assert on_screen(lab) == {str(lab.dashboard.panels[number].id)}
            await press(pilot, key)
        assert len(on_screen(lab)) == 6


async def test_what_is_drawn_is_what_the_search_told() -> None:
    async with app_of(GENETIC).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        for update in range(1, 6):
            await press(pilot, "s")
            await until(pilot, lambda n=update: lab.session.report.update == n, "an update")
        last = lab.session.last
        assert last.search is not None
        # the elite is not evaluated again
        assert last.evaluations == 10 + 4 * 8
        costs, diversity, sigma, numbers = (lab.dashboard.panels[number] for number in range(3, 7))
        read = costs.readings()
        told = last.search.best, last.search.mean, last.search.spread
        assert (read["best"], read["mean"], read["±"]) == told
        assert diversity.readings() == {"diversity": last.search.figures[0][1]}
        assert sigma.readings() == {"mutation σ": last.search.figures[1][1]}
        assert numbers._snapshot is last
        (legend,) = [line for line in shown_text(pilot).splitlines() if " best " in line]
        values = [significant(value) for value in told]
        assert re.search(r" best {} .* mean {} .* ± {}".format(*map(re.escape, values)), legend)
        assert "evaluations  42" in shown_text(pilot)


async def test_one_point_has_its_cost_now_and_the_best() -> None:
    async with app_of(ANNEALING).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        assert titles(lab)[2:5] == ["3 cost (log)", "4 temperature T (log)", "5 acceptance"]
        assert list(lab.dashboard.panels[3].readings()) == ["now", "best"]
        assert progress(pilot).startswith("chain ")
        assert keys_shown(pilot)["e"] == "chain"


async def test_evaluations_are_the_first_axis_of_a_search() -> None:
    async with app_of(GENETIC).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        labels = []
        for _ in range(5):
            labels.append(lab.dashboard.charts[4].x_label)
            await press(pilot, "x")
        assert labels == [
            "evaluations",
            "seconds of training",
            "generations",
            "updates",
            "evaluations",
        ]


async def test_the_panels_change_with_the_method_and_change_back() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await press(pilot, "]", "]", "]")
        assert lab.dashboard.current == 4
        lab.form.set("optimizer.name", "genetic")
        await until(pilot, lambda: lab.session.pending, "the form to differ")
        # until the reset the run is the old one, and so are the panels
        assert on_screen(lab) == {"panel-1", "panel-2"} | OF_GRADIENTS
        assert lab.session.facts.epoch == "epoch"
        seen = []
        for kind, first in (("genetic", OF_SEARCH), ("sgd", OF_GRADIENTS), ("swarm", OF_SEARCH)):
            lab.form.set("optimizer.name", kind)
            await press(pilot, "r")
            await until(pilot, lambda k=kind: lab.session.history.last is not None
                        and lab.session.built.optimizer.name == k
                        and lab.session.status == "ready", kind)  # fmt: skip
            assert on_screen(lab) == {"panel-1", "panel-2"} | first
            await press(pilot, "space")
            await until(pilot, lambda: len(lab.session.history) > 5, "some updates")
            drawn = {str(chart.id) for chart in lab.dashboard.charts if chart._series}
            assert {name for name in first if isinstance(lab.query_one(f"#{name}"), Chart)} <= drawn
            assert pilot.app.focused is lab.dashboard.panels[4]
            seen.append(lab.axis)
        assert seen == ["evaluations", "epoch", "evaluations"]


async def test_an_axis_that_was_asked_for_stays_with_another_method() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "x")
        assert lab.axis == "update"
        lab.form.set("optimizer.name", "ants")
        await until(pilot, lambda: lab.dashboard.method.searches, "the panels of ants")
        assert lab.axis == "update"


async def test_hidden_panels_cost_nothing() -> None:
    async with app_of(GENETIC).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        others = [lab.query_one(f"#{name}") for name in OF_GRADIENTS]
        assert [panel._cells for panel in others] == [None] * 4
        await press(pilot, "1")
        hidden = lab.dashboard.panels[4]
        before = hidden._series
        frames = len(lab.session.history)
        await until(pilot, lambda: len(lab.session.history) > frames + 3, "more frames")
        assert hidden._series is before
        assert [panel._cells for panel in others] == [None] * 4


async def test_a_budget_is_the_plan_of_the_run() -> None:
    raw = GENETIC | {"stop": {"epochs": 1000, "evaluations": 90}}
    async with app_of(raw).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        assert (lab.session.evaluations, lab.session.epochs) == (90, lab.session.planned)
        assert lab.dashboard.charts[0].full_view == (0.0, 90.0)
        assert "eval. 0/90 " in progress(pilot)
        assert "/≈11 by the budget " in progress(pilot)
        await press(pilot, "space")
        await state(pilot, "finished")
        assert lab.session.report.evaluations <= 90
        await until(pilot, lambda: " done " in progress(pilot), "the end in the line of progress")
        assert "raise the evaluations (tab) to go on" in shown_text(pilot).replace("\n", " ")


async def test_the_line_of_progress_and_the_numbers_are_of_one_moment() -> None:
    async with app_of(ANNEALING).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        for made in (50, 100, 200):
            await until(pilot, lambda m=made: lab.session.report.update > m, "more updates")
            # a report with no snapshot, as they come while one is not due
            lab.session.report = replace(lab.session.report, evaluations=10**6, update=10**6)
            lab.show_state()
            shown = lab.dashboard.panels[6]._snapshot
            assert shown is lab.session.last
            assert f"eval. {count(shown.evaluations)} " in progress(pilot)


async def test_the_help_and_the_palette_tell_of_the_panels_that_are_there() -> None:
    async with app_of(GENETIC).run_test(size=(120, 60)) as pilot:
        lab = await ready(pilot)
        offered = {action.method: action.help for action in lab.offered()}
        assert offered["panel(4)"] == "Enlarge panel 4: diversity"
        await press(pilot, "?")
        text = " ".join(str(part.render()) for part in pilot.app.screen.query(Static))
        assert "3 cost of the population" in text
        assert "5 mutation σ" in text
        assert "‖δ‖ by layer" not in text


@pytest.mark.parametrize("raw", [GENETIC, ANNEALING])
async def test_resizing_never_breaks_a_search(raw: dict[str, Any]) -> None:
    async with app_of(raw).run_test(size=(200, 50)) as pilot:
        lab = await trained(pilot)
        for size, panels in (((80, 24), 1), ((120, 40), 6), ((20, 5), 1), ((200, 50), 7)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda p=panels: len(on_screen(lab)) == p, f"panels at {size}")
            made = lab.session.report.update
            await until(pilot, lambda m=made: lab.session.report.update > m, "the run to go on")
        assert lab.session.status == "training"


@pytest.mark.parametrize("name", OPTIMIZERS)
async def test_the_help_says_of_each_method_what_may_be_changed_and_what_is_drawn(
    name: str,
) -> None:
    async with app_of(XOR | {"optimizer": {"name": name}}).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        page = lab.help_page()
        rate = "eta" in METHODS[name].__struct_fields__
        assert "the stop conditions may be changed while it runs" in page.intro
        assert ("η" in page.intro) == ("mini-batch" in page.intro) == rate
        assert ("gradient" in page.intro) == OPTIMIZERS[name].needs_gradient
        assert any("η" in action.help for action in page.actions) == rate
        sixth = page.panels[5]
        if name == "lbfgs":
            await until(pilot, lambda: "There is no step by η" in shown_text(pilot), "the reason")
            assert sixth.text == NO_STEP[0]
        elif rate:
            assert ("√" in sixth.equation) == (name in ("adagrad", "rmsprop", "adam", "adamw"))
            assert ("μ" in sixth.equation) == (name in ("momentum", "nesterov"))
            assert "no step" not in shown_text(pilot)


async def test_after_lbfgs_the_steps_of_another_method_are_drawn() -> None:
    async with app_of(XOR | {"optimizer": {"name": "lbfgs"}}).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.set("optimizer.name", "adam")
        await until(pilot, lambda: "α = 0" in shown_text(pilot), "the steps")
