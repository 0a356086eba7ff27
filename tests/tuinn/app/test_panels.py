"""The dashboard in the app: panels, pages, cursor, zoom, axes and sizes."""

import threading
from typing import Any

import pytest
from app_driver import (
    LONG,
    app_of,
    chart,
    keys_shown,
    lab_of,
    press,
    ready,
    said,
    shown_text,
    state,
    trained,
    until,
)

from tuinn.experiment import Experiment, build

IRIS = LONG | {"data": {"set": "iris"}, "network": {"hidden": [4], "output": "softmax"}}


def shown(lab) -> list[int]:
    return [n for n, panel in lab.dashboard.panels.items() if panel.display]


async def test_a_number_enlarges_its_panel_and_gives_the_others_back() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        assert shown(lab) == [1, 2, 3, 4, 5, 6]
        for key in "1234567":
            await press(pilot, key)
            assert shown(lab) == [int(key)]
            await press(pilot, key)
            assert shown(lab) == [1, 2, 3, 4, 5, 6]
        await press(pilot, "1", "escape")
        assert shown(lab) == [1, 2, 3, 4, 5, 6]


async def test_the_panels_of_a_page_stand_in_the_order_of_their_numbers() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        placed = [lab.dashboard.panels[number].region for number in range(1, 7)]
        assert placed == sorted(placed, key=lambda region: (region.y, region.x))
        await press(pilot, *["]"] * 7)
        assert shown(lab) == [8, 9]
        waterfall, histograms = (lab.dashboard.panels[number].region for number in (8, 9))
        assert 0 < waterfall.y < histograms.y


async def test_enter_enlarges_the_focused_panel() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        for key, number in (("]", 2), ("]", 3), ("]", 4), ("]", 5)):
            await press(pilot, key)
            await press(pilot, "enter")
            assert shown(lab) == [number]
            assert keys_shown(pilot)["enter"] == "all panels"
            await press(pilot, "enter")
            assert len(shown(lab)) == 6


async def test_d_shows_the_surface_and_says_why_not_where_there_is_none() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        assert "d surface" in shown_text(pilot)
        await press(pilot, "d")
        assert shown(lab) == [7]
        await until(pilot, lambda: lab.dashboard.surface._shown is not None, "the surface")
    async with app_of(IRIS).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        assert "d" not in keys_shown(pilot)
        await press(pilot, "d")
        assert shown(lab) == [1, 2, 3, 4, 5, 6]
        assert "two coordinates" in said(pilot)


async def test_the_surface_is_live() -> None:
    async with app_of(LONG).run_test(size=(200, 50)) as pilot:
        lab = await ready(pilot)
        assert shown(lab) == [1, 2, 3, 4, 5, 6, 7]
        await until(pilot, lambda: lab.dashboard.surface._shown is not None, "the surface")
        await press(pilot, "s")
        await until(pilot, lambda: lab.session.report.update == 1, "an update")
        first = lab.dashboard.surface._shown.values.copy()
        await press(pilot, "space")

        def another() -> bool:
            now = lab.dashboard.surface._shown.values
            return now.shape == first.shape and (now != first).any()

        await until(pilot, another, "another surface")


async def test_the_cursor_is_at_the_same_x_on_all_charts() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await press(pilot, "space")
        await until(pilot, lambda: lab.session.status == "paused", "a pause")
        await press(pilot, "left")
        x = chart(pilot, 1).cursor
        assert x is not None
        assert [one.cursor for one in lab.dashboard.charts] == [x] * 4
        await press(pilot, "]", "left", "left")
        assert chart(pilot, 2).cursor < x
        assert len({one.cursor for one in lab.dashboard.charts}) == 1
        await press(pilot, "0")
        assert [one.cursor for one in lab.dashboard.charts] == [None] * 4


async def test_a_click_sets_the_cursor_on_all_charts_and_a_drag_does_not() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await press(pilot, "space", "+")
        await state(pilot, "paused")
        first, view = chart(pilot, 1), chart(pilot, 1).view
        await pilot.mouse_down(first, offset=(20, 6))
        await pilot.hover(first, offset=(24, 6))
        await pilot.mouse_up(first, offset=(24, 6))
        await until(pilot, lambda: first.view != view, "another part of the axis")
        first.move_cursor(None)
        second = chart(pilot, 2)
        await pilot.mouse_down(second, offset=(20, 6))
        second.move_cursor(None)
        await until(pilot, lambda: first.cursor is None, "no cursor")
        await pilot.mouse_up(second, offset=(20, 6))
        await until(pilot, lambda: first.cursor is not None, "the cursor")
        assert len({one.cursor for one in lab.dashboard.charts}) == 1
        await pilot.hover("TitleBar")
        assert first.cursor is not None


async def test_zoom_and_pan_move_all_charts_together() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await press(pilot, "+")
        low, high = chart(pilot, 3).view
        await press(pilot, "shift+left")
        assert chart(pilot, 4).view[0] < low
        await press(pilot, "shift+right")
        assert chart(pilot, 4).view == pytest.approx((low, high))
        await press(pilot, "-", "0")
        assert {one.view for one in lab.dashboard.charts} == {None}


async def test_zoom_works_from_a_panel_of_bars_too() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await press(pilot, *"]]]]]", "+", "left")
        assert lab.dashboard.current == 6
        assert chart(pilot, 1).view is not None
        assert chart(pilot, 4).cursor is not None


async def test_x_counts_epochs_updates_evaluations_or_seconds() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await trained(pilot)
        labels = []
        for _ in range(5):
            labels.append(chart(pilot, 1).x_label)
            await press(pilot, "x")
        assert labels == [
            "epochs",
            "updates",
            "evaluations (one gradient is one)",
            "seconds of training",
            "epochs",
        ]


async def test_y_and_m_change_how_curves_are_drawn() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        assert chart(pilot, 3).log_y
        await press(pilot, "y")
        assert chart(pilot, 1).log_y
        assert keys_shown(pilot)["y"] == "linear"
        assert not chart(pilot, 2).log_y
        smoothings = []
        for _ in range(4):
            await press(pilot, "m")
            smoothings.append({one.smoothing for one in lab.dashboard.charts})
        assert smoothings == [{0.6}, {0.9}, {0.97}, {0.0}]


async def test_a_small_terminal_shows_one_panel_or_the_form() -> None:
    async with app_of(LONG).run_test(size=(80, 24)) as pilot:
        lab = await ready(pilot)
        assert shown(lab) == [1]
        assert not lab.form.display
        await press(pilot, "]")
        assert shown(lab) == [2]
        await press(pilot, "[", "[")
        assert shown(lab) == [12]
        await press(pilot, "tab")
        assert "p presets" in shown_text(pilot)
        assert "q quit" in shown_text(pilot)
        assert lab.form.display
        assert not lab.dashboard.display
        await press(pilot, "escape")
        assert shown(lab) == [12]
        assert lab.dashboard.display


async def test_resizing_while_training_never_breaks_it() -> None:
    async with app_of(LONG).run_test(size=(200, 50)) as pilot:
        lab = await trained(pilot)
        for size, panels in (
            ((80, 24), [1]),
            ((120, 40), [1, 2, 3, 4, 5, 6]),
            ((20, 5), [1]),
            ((200, 50), [1, 2, 3, 4, 5, 6, 7]),
        ):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda p=panels: shown(lab) == p, f"the panels at {size}")
            made = lab.session.report.update
            await until(pilot, lambda m=made: lab.session.report.update > m, "the run to go on")
        assert lab.session.status == "training"


async def test_a_click_in_the_footer_presses_the_key() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await pilot.click("KeyBar", offset=(len("space start   s upd"), 0))
        await until(pilot, lambda: lab.session.report.update == 1, "an update")


async def test_the_panels_stand_before_the_data_come_as_they_stand_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_build = threading.Event()

    def slow_build(*arguments: Any, **names: Any) -> Experiment:
        may_build.wait()
        return build(*arguments, **names)

    monkeypatch.setattr("tuinn.runners.training.build", slow_build)
    try:
        async with app_of(LONG).run_test(size=(120, 40)) as pilot:
            lab = lab_of(pilot)
            await until(pilot, lambda: "loading …" in shown_text(pilot), "the word in the panels")
            before = [panel.region for panel in lab.dashboard.panels.values()][:6]
            assert shown(lab) == [1, 2, 3, 4, 5, 6]
            assert "press space" not in shown_text(pilot)
            may_build.set()
            await ready(pilot)
            await press(pilot, "]")
            assert [panel.region for panel in lab.dashboard.panels.values()][:6] == before
    finally:
        may_build.set()


async def test_without_a_run_the_panels_say_so() -> None:
    async with app_of(LONG | {"data": {"set": "gone.csv"}}).run_test(size=(120, 40)) as pilot:
        await state(pilot, "failed")
        await until(pilot, lambda: "no run: see the message below" in shown_text(pilot), "why")
        assert "press space" not in shown_text(pilot)
