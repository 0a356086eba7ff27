"""The Race screen: sizes and pages, one cursor, focus, overlay, repeats, files, what is told."""

from pathlib import Path

import numpy as np
import pytest
from app_driver import answered, press, shown_text
from race_driver import (
    SIZES,
    RaceApp,
    drawn,
    finished,
    footer,
    in_a_thread,
    preset,
    ready,
    said,
    screen_of,
    several,
    until,
)
from runs_driver import keep_three
from textual.screen import Screen

from tuinn.race import Race
from tuinn.screens.ask import Ask
from tuinn.screens.prompt import Prompt
from tuinn.screens.race_help import help_page
from tuinn.screens.race_keys import RACE_ACTIONS, RACE_GROUPS
from tuinn.store import Store
from tuinn.widgets.header import TitleBar
from tuinn.widgets.race_line import RaceLine


@pytest.mark.parametrize(("size", "number"), [*zip(SIZES, (6, 6, 2), strict=True), (SIZES[0], 2)])
async def test_all_is_there_in_every_size_by_paging(size: tuple[int, int], number: int) -> None:
    async with RaceApp(several(number)).run_test(size=size) as pilot:
        screen = await ready(pilot)
        await press(pilot, "space")
        await finished(pilot)
        seen = ""
        for _ in screen.pages:
            await drawn(pilot)
            seen += shown_text(pilot)
            await press(pilot, "]")
        assert screen.page_number == 0
        for word in ("training loss", "mini-batch", "accuracy" if number == 2 else "acc.", "‖W‖"):
            assert word in seen
        for racer in screen.race.racers:
            assert f"{racer.place + 1} " in seen
            assert racer.name[:5] in seen
        assert (len(screen.pages) == 1) == (size[0] > 100)
        assert "finished" in seen


async def test_the_charts_share_their_axes_and_one_cursor() -> None:
    async with RaceApp(several(3)).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        await press(pilot, "space")
        await finished(pilot)
        columns = screen.columns.shown
        assert len(columns) == 3
        assert len({column.limits for column in columns}) == 1
        assert {column.x_limits for column in columns} == {screen.chart.full_view} == {(0.0, 4.0)}
        await press(pilot, "left", "left")
        at = screen.chart.cursor
        assert at is not None
        assert {column.cursor for column in columns} == {at}
        # what is read there is what the history has
        for racer in screen.race.racers:
            history = racer.history
            place = int(np.searchsorted(history.x("epoch"), at, side="right")) - 1
            read = screen.chart.readings()[racer.name]
            assert read == history.column("train_loss")[place]
        await press(pilot, "plus")
        view = screen.chart.view
        assert view is not None
        assert {column.view for column in columns} == {view}
        await press(pilot, "0")
        assert screen.chart.view is None
        assert screen.chart.cursor is None
        await pilot.hover(columns[1], offset=(20, 5))
        await until(pilot, lambda: screen.chart.cursor is not None, "the cursor of the mouse")
        assert columns[2].cursor == screen.chart.cursor


async def test_the_x_axis_the_figure_and_the_overlay() -> None:
    async with RaceApp(several(2)).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        await press(pilot, "space")
        await finished(pilot)
        words = []
        for _ in range(4):
            await press(pilot, "x")
            words.append(screen.chart.x_label.split()[0])
        assert words == ["updates", "evaluations", "seconds", "epochs"]
        await press(pilot, "x")
        last = screen.race.racers[0].report.update
        assert screen.chart._series[0].x[-1] == last
        titles = []
        for _ in range(4):
            titles.append(screen.chart.title)
            await press(pilot, "v")
        assert titles == [
            "training loss",
            "training accuracy",
            "‖δ‖ of the first layer",
            "‖W‖ of all layers",
        ]
        assert screen.chart.title == "training loss"
        low = screen.chart.size.height
        await press(pilot, "o")
        await drawn(pilot)
        assert not screen.columns.display
        assert screen.chart.size.height > 2 * low
        assert footer(pilot)["o"] == "side by side"
        await press(pilot, "o")
        await drawn(pilot)
        assert screen.columns.display
        assert screen.chart.size.height == low


async def test_the_focus_goes_around_and_a_click_takes_it() -> None:
    app = RaceApp(several(2))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        assert footer(pilot)["esc"] == "lab"  # nothing is to be given back here
        assert "enter" not in footer(pilot)
        await press(pilot, "enter")
        assert "Focus a run first" in said(pilot)
        places = []
        for _ in range(3):
            await press(pilot, "tab")
            places.append(screen.current)
        assert places == [0, 1, None]
        await pilot.click(screen.columns.columns[1], offset=(10, 4))
        await until(pilot, lambda: screen.current == 1, "the focus")
        assert footer(pilot)["esc"] == "back"
        assert screen.columns.columns[1].has_class("-current")
        assert said(pilot).startswith("In focus: second.")
        await press(pilot, "enter")
        await until(pilot, lambda: app.asked, "the wish")
        assert [racer.name for racer in app.asked] == ["second"]
        # the click has put the cursor, too
        await press(pilot, "escape", "escape")
        assert screen.current is None
        assert screen.chart.cursor is None
        await press(pilot, "6")
        assert screen.current is None


async def test_what_was_told_ends_with_what_it_told_of() -> None:
    async with RaceApp(several(2)).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        await press(pilot, "1", "escape")
        assert screen.current is None
        assert "In focus" not in said(pilot)
        await press(pilot, "n")
        assert "space starts" in said(pilot)
        screen.race.repeat(1)
        await until(pilot, lambda: screen.race.status == "ready", "the runs")
        await press(pilot, "n", "space")
        await until(pilot, lambda: next(screen.race.lanes).report.update, "an update")
        assert "space starts" not in said(pilot)
        await finished(pilot)
        await press(pilot, "2", "space")
        assert said(pilot).startswith("second has finished at epoch 4.00: r begins it anew")
        await press(pilot, "escape", "e")
        assert said(pilot) == "All have ended: r begins anew."


async def test_nobody_is_asked_who_wins_where_nobody_can() -> None:
    other = preset("moons", {"data": {"set": "moons", "n": 60, "validation": 0.0}})
    race = Race([preset("circle"), other], keep=False, make=in_a_thread)
    async with RaceApp(race).run_test(size=(200, 50)) as pilot:
        screen = await ready(pilot)
        assert "u" not in footer(pilot)
        await press(pilot, "u")
        assert pilot.app.screen is screen
        why = "losses and accuracies on different sets of data are not compared"
        assert said(pilot) == f"Nobody can win: {why}."


async def test_a_click_on_the_strip_takes_the_focus() -> None:
    async with RaceApp(several(3)).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        line = screen.query_one(RaceLine)
        assert "of 3" not in str(line.render())
        at = str(line.render()).index("2 second")
        await pilot.click(line, offset=(1 + at + 3, 0))
        await until(pilot, lambda: screen.current == 1, "the focus")
        await pilot.click(line, offset=(1 + at + 3, 0))
        await until(pilot, lambda: screen.current is None, "all of them")


async def test_it_opens_overlaid_where_that_is_wanted() -> None:
    async with RaceApp(None).run_test(size=(120, 40)) as pilot:
        screen = screen_of(pilot)
        screen.open(several(2), overlaid=True)
        await ready(pilot)
        assert screen.overlaid
        assert not screen.columns.display
        assert footer(pilot)["o"] == "side by side"
        screen.open(several(2))
        await ready(pilot)
        assert screen.columns.display


async def test_names_are_shortened_alike_in_the_table_and_above_the_columns() -> None:
    names = ("xor-backprop", "xor-annealing", "xor-ants", "xor-swarm", "xor-genetic", "circle")
    presets = [preset(name, batch_size=2 + n) for n, name in enumerate(names)]
    race = Race(presets, keep=False, make=in_a_thread)
    async with RaceApp(race).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        screen.guess = 1
        screen.show_all()
        await drawn(pilot)
        text = shown_text(pilot)
        for name in ("1 ● backprop ─", "2 ▲ annealing ─", "6 △ circle ─", "○ your guess ─"):
            assert name in text
        for name in ("● back.", "▲ anne.", "■ ants", "◆ swarm", "○ gene.", "△ circ."):
            assert name in text
        assert "what differs" in text


async def test_who_will_win_is_told_at_the_end() -> None:
    async with RaceApp(several(2)).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        await press(pilot, "u")
        assert isinstance(pilot.app.screen, Ask)
        await press(pilot, "2")
        await until(pilot, lambda: pilot.app.screen is screen, "the answer")
        assert said(pilot) == "You say that second will win: space starts."
        await drawn(pilot)
        await until(pilot, lambda: "your guess" in shown_text(pilot), "the mark on its column")
        await press(pilot, "space")
        await finished(pilot)
        best = min(screen.race.racers, key=lambda racer: racer.result.best_loss.median)
        verdict = "right" if best.name == "second" else "it came in 2nd"
        assert f"{best.name} has won" in said(pilot)
        assert said(pilot).endswith(f"You said second: {verdict}.")
        await press(pilot, "u")
        assert "The race has begun" in said(pilot)


async def test_repeats_are_a_median_with_a_band() -> None:
    async with RaceApp(several(2)).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        await press(pilot, "n")
        assert said(pilot).startswith("Each preset 3 times, seeds 0 to 2")
        await press(pilot, "space")
        await finished(pilot)
        assert [len(racer.lanes) for racer in screen.race.racers] == [3, 3]
        first = screen.chart._series[0]
        assert first.low is not None
        assert first.high is not None
        lasts = [lane.history.column("train_loss")[-1] for lane in screen.race.racers[0].lanes]
        assert (first.low[-1], first.y[-1], first.high[-1]) == tuple(np.sort(lasts))
        assert "3 of 3 done" in shown_text(pilot)
        await press(pilot, "2", "enter")
        await until(pilot, lambda: pilot.app.wishes, "the wish")
        wish = pilot.app.wishes[0]
        losses = [lane.outcome.best_loss for lane in screen.race.racers[1].lanes]
        assert wish.lane.outcome.best_loss == sorted(losses)[1]
        assert f"seed {wish.lane.seed}, in the middle of 3" in wish.which
        assert wish.which in said(pilot)
        assert "±" in shown_text(pilot)
        assert screen.query_one(TitleBar).preset == "2 runs × 3 seeds"
        assert footer(pilot)["n"] == "repeat ×3"


async def test_a_published_curve_lies_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("paper.csv").write_text("epoch,value\n0,0.5\n2,0.3\n4,0.2\n")
    async with RaceApp(several(2)).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        await press(pilot, "l")
        assert isinstance(pilot.app.screen, Prompt)
        await press(pilot, *"no.csv", "enter")
        assert isinstance(pilot.app.screen, Prompt)
        assert "no.csv" in shown_text(pilot)
        await press(pilot, "ctrl+u", *"paper.csv", "enter")
        await until(pilot, lambda: pilot.app.screen is screen, "the answer")
        ghost = screen.chart._series[0]
        assert (ghost.name, ghost.ghost, list(ghost.y)) == ("paper", True, [0.5, 0.3, 0.2])
        assert "paper lies behind" in said(pilot)
        # it is of the loss, and by epoch
        await press(pilot, "v")
        assert not any(one.ghost for one in screen.chart._series)
        await press(pilot, "V", "x")
        assert not any(one.ghost for one in screen.chart._series)
        assert "by epoch" in said(pilot)
        await press(pilot, "l", "enter")
        assert screen.ghosts == []


async def test_a_report_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with RaceApp(several(2)).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        await press(pilot, "space")
        await finished(pilot)
        await press(pilot, "ctrl+s")
        text = " ".join(shown_text(pilot).replace("│", " ").split())
        assert "write a report to a file" in text
        assert "Writes these runs as they are now" in text
        await press(pilot, "enter")
        await until(pilot, lambda: pilot.app.screen is screen, "the answer")
        assert said(pilot) == f"The report is in {tmp_path / 'race.html'}"
        assert "first" in Path("race.html").read_text()


async def test_the_table_sorts_the_columns() -> None:
    async with RaceApp(several(3)).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        await press(pilot, "space")
        await finished(pilot)
        await press(pilot, "down", "down", "S")
        await until(pilot, lambda: screen.order == screen.table.places, "the order")
        losses = [screen.race.racers[place].result.best_loss.median for place in screen.order]
        assert losses == sorted(losses)
        assert [column.place for column in screen.columns.shown] == list(screen.order)
        lefts = [screen.columns.columns[place].region.x for place in screen.order]
        assert lefts == sorted(lefts)
        await press(pilot, "escape")
        assert not screen.table.has_focus


async def test_gradients_beside_searches_are_compared_by_evaluations() -> None:
    search = {"optimizer": {"name": "genetic"}}
    race = Race([preset("descent"), preset("search", search)], keep=False, make=in_a_thread)
    async with RaceApp(race).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        await press(pilot, "space")
        await finished(pilot)
        assert screen.axis == "evaluations"
        assert "evaluations" in screen.chart.x_label
        assert "no ‖δ‖" in shown_text(pilot)
        for figure in ("‖δ‖ of the first layer", "‖W‖ of all layers"):
            while screen.chart.title != figure:
                await press(pilot, "v")
            assert set(screen.chart.readings()) == {"descent", "search"}
            assert np.isnan(screen.chart.readings()["search"])


async def test_losses_of_different_costs_are_said_not_to_be_compared() -> None:
    presets = [preset("square", cost="quadratic"), preset("entropy", cost="cross-entropy")]
    race = Race(presets, keep=False, make=in_a_thread)
    async with RaceApp(race).run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await press(pilot, "space")
        await finished(pilot)
        await until(pilot, lambda: "Losses of different costs" in said(pilot), "the reason")
        assert "best training accuracy" in said(pilot)


async def test_runs_of_the_store_are_laid_over_each_other(home: Path) -> None:
    keep_three()
    store = Store()
    runs = sorted(store.runs(), key=lambda run: run.id)
    app = RaceApp(Race.of_stored(store, runs))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = screen_of(pilot)
        await drawn(pilot)
        assert screen.query_one(TitleBar).preset == "3 runs"
        for run, series in zip(runs, screen.chart._series, strict=True):
            kept = [one.validation_loss for one in store.snapshots(run.id)]
            assert list(series.y) == kept
        assert not {"space", "r", "n"} & footer(pilot).keys()
        await press(pilot, "space")
        assert "These runs are kept ones" in said(pilot)
        await press(pilot, "2", "enter")
        assert app.asked == [screen.race.racers[1]]
    store.close()


async def test_a_drag_or_a_double_click_on_a_column_does_not_turn_the_focus_off() -> None:
    async with RaceApp(several(2)).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        await press(pilot, "space")
        await finished(pilot)
        column = screen.columns.columns[1]
        await pilot.click(column, offset=(20, 5), times=2)
        await until(pilot, lambda: screen.current == 1, "the focus")
        await press(pilot, "escape", "escape", "plus")
        before = screen.chart.view
        await pilot.mouse_down(column, offset=(20, 5))
        await pilot.hover(column, offset=(30, 5))
        await pilot.mouse_up(column, offset=(30, 5))
        await until(pilot, lambda: screen.chart.view != before, "another part of the axis")
        await answered(pilot)
        assert screen.current is None
        assert {each.view for each in screen.columns.shown} == {screen.chart.view}


async def test_without_a_race_it_says_what_to_do_and_takes_one() -> None:
    app = RaceApp(None)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = screen_of(pilot)
        await answered(pilot)
        assert "Nothing is raced yet: p picks" in shown_text(pilot)
        for action in RACE_ACTIONS:
            await press(pilot, action.keys.split(",")[0])
        assert app.asked == [None, None]
        screen.open(several(2))
        await ready(pilot)
        assert "Press space to start both" in said(pilot)
        before = screen.race
        screen.open(several(3))
        await ready(pilot)
        assert all(lane.runner is None for lane in before.lanes)
        assert len(screen.order) == 3


async def test_nothing_is_drawn_out_of_sight_but_the_runs_go_on() -> None:
    async with RaceApp(several(2)).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        pilot.app.push_screen(Screen())
        await until(pilot, lambda: not screen._in_sight, "another screen")
        shown = screen.chart._series
        screen.race.start()
        await until(pilot, lambda: screen.race.status == "finished", "the end")
        assert screen.chart._series is shown
        pilot.app.pop_screen()
        await until(pilot, lambda: "has won" in said(pilot), "what came of it")
        assert screen.chart._series[0].x[-1] == 4.0


async def test_resizing_keeps_what_is_shown_in_order() -> None:
    async with RaceApp(several(6)).run_test(size=(80, 24)) as pilot:
        screen = await ready(pilot)
        await press(pilot, "[")
        last = screen.page_number
        assert last == len(screen.pages) - 1 > 2
        for size in ((120, 40), (40, 12), (200, 50), (80, 24)):
            await pilot.resize_terminal(*size)
            await drawn(pilot)
            assert screen.page_number < len(screen.pages)
            width = screen.size.width
            assert all(len(line) <= width for line in shown_text(pilot).split("\n"))
        assert len(screen.columns.shown) == 3 or screen.page.kind == "chart"


def test_every_key_is_in_the_help_once() -> None:
    page = help_page()
    assert list(page.actions) == sorted(
        RACE_ACTIONS, key=lambda action: RACE_GROUPS.index(action.group)
    )
    keys = [key for action in RACE_ACTIONS for key in action.keys.split(",")]
    assert len(keys) == len(set(keys))
    assert len({action.id for action in RACE_ACTIONS}) == len(RACE_ACTIONS)
