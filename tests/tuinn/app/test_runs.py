"""The Runs screen: what is listed, found and chosen, and what there is to say of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from app_driver import press, shown_text, until
from runs_driver import app, footer, keep, keep_three, listed, opened, said
from textual.app import App
from textual.events import Key

from tuinn.screens.lab import Lab
from tuinn.screens.runs import RunsScreen
from tuinn.store import Keeper, Store
from tuinn.store.folder import DATABASE
from tuinn.widgets.run_list import RunList
from tuinn.widgets.status import StatusLine

SIZES = [(80, 24), (200, 50)]


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_store_says_what_would_fill_it(size: tuple[int, int]) -> None:
    async with app().run_test(size=size) as pilot:
        screen = await opened(pilot, 0)
        assert "No run is kept yet" in shown_text(pilot)
        assert "space" in shown_text(pilot)
        # what acts on a run is not offered, and does no harm
        assert set(footer(screen)) >= {"?", "g", "esc"}
        assert not {"enter", "space", "D", "o"} & set(footer(screen))
        await press(
            pilot, "space", "enter", "o", "D", "l", "w", "#", "*", "S", "I", "u", "down", "end"
        )
        assert pilot.app.screen is screen


@pytest.mark.parametrize("size", SIZES)
async def test_runs_are_listed_with_what_they_are(size: tuple[int, int]) -> None:
    keep_three()
    async with app().run_test(size=size) as pilot:
        screen = await opened(pilot, 3)
        assert listed(screen) == [3, 2, 1]
        text = shown_text(pilot)
        for said_of in ("first", "second", "third", "adam", "best loss", "1 of 3", "run 3"):
            assert said_of in text
        await press(pilot, "end")
        assert screen.shelf.current is not None
        assert screen.shelf.current.name == "first"
        await until(pilot, lambda: screen.details.chart._series, "the curves of the loss")
        assert screen.details.chart._series[0].x.size == 3
        assert "3 of 3" in shown_text(pilot)


async def test_what_differs_is_told_from_the_run_above_or_from_the_marked_one() -> None:
    keep_three()
    async with app().run_test(size=(120, 50)) as pilot:
        await opened(pilot, 3)
        assert "from the defaults" in shown_text(pilot)
        await press(pilot, "down")
        assert "from run 3" in shown_text(pilot)
        await press(pilot, "down", "space")
        # the first is marked; the second is compared with it
        await press(pilot, "up")
        text = " ".join(shown_text(pilot).split())
        assert "from run 1" in text
        assert "optimiser sgd → adam" in text


async def test_typing_filters_and_errors_name_the_column() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "slash", *"optimizer.na")
        # a field that is being typed matches nothing yet: the list stays
        assert listed(screen) == [3, 2, 1]
        assert "optimizer.name" in said(screen)
        await press(pilot, *"me == ada")
        assert "column 19" in said(screen)
        assert "did you mean adam" in said(screen)
        await press(pilot, *"m")
        assert listed(screen) == [2]
        await press(pilot, "enter")
        assert screen.list.has_focus
        assert screen.filter.value == "optimizer.name == adam"
        assert "1 of 3 runs" in shown_text(pilot)
        await press(pilot, "escape")
        assert listed(screen) == [3, 2, 1]
        assert screen.shelf.current is not None
        assert screen.shelf.current.id == 2


async def test_a_filter_that_is_not_at_its_end_shows_what_it_says_so_far() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "slash", *"second")
        for letter in " and best_loss < ":
            await press(pilot, letter)
            assert listed(screen) == [2]
        assert "a value must follow" in said(screen)
        await press(pilot, *"9 or (first")
        assert listed(screen) == [2]
        await press(pilot, ")")
        assert listed(screen) == [2, 1]
        await press(pilot, "home", "ctrl+k", *"nowhere")
        assert listed(screen) == []
        # / would be typed here, and esc takes the filter
        text = " ".join(shown_text(pilot).replace("│", " ").split())
        assert "None of the runs matches what is typed" in text
        assert "/ changes it" not in text


@pytest.mark.parametrize("key", ["escape", "tab"])
async def test_the_line_tells_what_the_list_is_when_a_refused_filter_is_left(key: str) -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "slash", *"second optimizer.name == sdg", "enter")
        assert screen.filter.has_focus
        assert screen.query_one(StatusLine).sentence.level == "error"
        await press(pilot, key)
        assert screen.list.has_focus
        assert (screen.filter.value, listed(screen)) == ("second", [2])
        assert "left out of the filter" in said(screen)
        await press(pilot, "slash", "end", *" optimizer.na", key)
        # taken as it stands: a word that no run has
        assert (screen.filter.value, listed(screen)) == ("second optimizer.na", [])


async def test_looking_makes_no_store_and_finds_one_that_is_begun(home: Path) -> None:
    screen = RunsScreen(fps=10, draw="braille", kept=False)

    class Alone(App[None]):
        def on_mount(self) -> None:
            self.push_screen(screen)

    async with Alone().run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: screen.list.empty, "what there is to say")
        text = " ".join(shown_text(pilot).replace("│", " ").split())
        assert "this tuinn keeps none: it was started with --unsaved" in text
        assert "Every run that makes an update is" not in text
        assert not (home / "runs").exists()
        keep_three(home / "runs")
        await until(pilot, lambda: listed(screen) == [3, 2, 1], "the runs of somebody else")
        assert "3 runs; this tuinn keeps none (--unsaved)" in shown_text(pilot)


async def test_long_details_are_read_with_keys_where_there_is_little_room() -> None:
    keep_three()
    async with app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, 3)
        assert "shift+↑/↓" in shown_text(pilot)
        assert "made by" not in shown_text(pilot)
        await press(pilot, *["shift+down"] * 8)
        assert "made by" in shown_text(pilot)
        assert screen.shelf.at == 0
        await press(pilot, "shift+up")
        assert "made by" not in shown_text(pilot)
        await press(pilot, "J", "J", "down")
        # another run is read from its beginning
        await pilot.pause()
        assert "▸" in shown_text(pilot)
        assert "second" in " ".join(shown_text(pilot).splitlines()[10:])


async def test_a_store_that_cannot_be_read_is_not_called_empty(home: Path) -> None:
    keep_three(home / "runs")
    with closing(sqlite3.connect(home / "runs" / DATABASE)) as connection:
        connection.execute("ALTER TABLE run RENAME COLUMN note TO word")
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 0)
        await until(pilot, lambda: screen.list.refused, "what is wrong")
        text = " ".join(shown_text(pilot).replace("│", " ").split())
        assert "the store of runs cannot be used" in text
        assert "No run is kept yet" not in text


async def test_letters_that_come_faster_than_the_focus_are_for_the_filter() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        for key in "/status":
            pilot.app.post_message(Key("slash" if key == "/" else key, key))
        await until(pilot, lambda: screen.filter.value == "status", "the letters")
        assert pilot.app.screen is screen
        assert not screen.shelf.marks


async def test_a_refused_filter_is_told_and_the_list_stays() -> None:
    keep_three()
    async with app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "slash", *"epoch >", "enter")
        assert screen.filter.has_focus
        assert "a value must follow" in said(screen)
        assert listed(screen) == [3, 2, 1]
        await press(pilot, "home", "ctrl+k", *"nowhere", "enter")
        assert listed(screen) == []
        assert "None of the runs matches" in shown_text(pilot)


async def test_escape_clears_the_filter_then_the_marks_and_then_leads_home() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "space", "slash", *"first", "escape")
        assert screen.list.has_focus
        assert listed(screen) == [1]
        assert "1 run is marked (1 not in the list)" in said(screen)
        await press(pilot, "escape")
        assert listed(screen) == [3, 2, 1]
        await press(pilot, "escape")
        assert not screen.shelf.marks
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Lab), "the lab")


async def test_sorting_by_keys_and_by_clicks_on_the_titles() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "S")
        assert screen.shelf.sort == "name"
        assert listed(screen) == [1, 2, 3]
        await press(pilot, "I")
        assert listed(screen) == [3, 2, 1]
        columns = screen.columns_in_sight()
        await press(pilot, *["S"] * (len(columns) - 1))
        assert (screen.shelf.sort, screen.shelf.turned) == ("id", False)
        title = shown_text(pilot).splitlines()[3].index("best loss")
        await pilot.click(RunList, offset=(title + 2, 1))
        losses = [run.best_loss for run in screen.shelf.shown]
        assert screen.shelf.sort == "best_loss"
        assert losses == sorted(losses)
        await pilot.click(RunList, offset=(title + 2, 1))
        assert [run.best_loss for run in screen.shelf.shown] == losses[::-1]


async def test_a_run_of_somebody_else_appears_as_it_goes_on() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "down")
        keeper = Keeper()
        try:
            keep(keeper, "fourth")
            await until(pilot, lambda: listed(screen) == [4, 3, 2, 1], "the fourth run")
        finally:
            keeper.close()
        # what was chosen stays chosen
        assert screen.shelf.current is not None
        assert screen.shelf.current.id == 2
        store = Store()
        store.tag([4], ["theirs"])
        store.close()
        await until(pilot, lambda: "#theirs" in shown_text(pilot), "the tag")


async def test_a_damaged_store_is_told_in_place_of_the_list(home: Path) -> None:
    folder = home / "runs"
    folder.mkdir(parents=True)
    (folder / "runs.sqlite3").write_bytes(b"no database at all" * 300)
    async with app().run_test(size=(100, 30)) as pilot:
        # the app asks first whether to train without keeping runs
        await until(pilot, lambda: len(pilot.app.screen_stack) > 1, "the question")
        await press(pilot, "enter")
        screen = await opened(pilot, 0)
        text = " ".join(shown_text(pilot).split())
        assert "runs.sqlite3" in text
        assert "away to begin" in text
        await press(pilot, "space", "enter", "slash", *"adam", "enter", "D", "u")
        assert pilot.app.screen is screen
    assert (folder / "runs.sqlite3").read_bytes() == b"no database at all" * 300


async def test_a_store_that_can_only_be_read_is_listed() -> None:
    keep_three()
    async with app().run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot, 3)
        assert screen.store is not None
        screen.store.read_only = True
        await press(pilot, "D", "enter")
        assert "reading only" in said(screen)
        assert listed(screen) == [3, 2, 1]


async def test_the_help_tells_the_keys_and_the_fields() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 0)
        page = screen.help_page()
        assert {action.method for action in page.actions} >= {"open", "overlay", "delete", "undo"}
        assert "validation_accuracy" in page.panels[-1].text
        await press(pilot, "question_mark")
        assert "Runs" not in shown_text(pilot) or "Every run" in shown_text(pilot)
