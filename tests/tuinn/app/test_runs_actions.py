"""The Runs screen: marking, noting, deleting and bringing back, exporting, opening."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from app_driver import press, shown_text, until
from runs_driver import answer, app, in_store, keep_three, listed, opened, said

from tuinn.run_string import decode
from tuinn.screens.ask import Ask
from tuinn.screens.lab import Lab
from tuinn.screens.prompt import Prompt
from tuinn.screens.race import RaceScreen
from tuinn.screens.runs_line import RunLine


async def test_tags_are_written_to_one_run_and_to_several() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        await opened(pilot, 3)
        await press(pilot, "number_sign")
        await answer(pilot, "a #b, c")
        assert {run.id: run.tags for run in in_store()} == {3: ("a", "b", "c"), 2: (), 1: ()}
        assert "#a #b #c" in shown_text(pilot)
        await press(pilot, "space", "space", "number_sign")
        # what not both of them have is not spoken of, and stays
        await answer(pilot, "d")
        assert {run.id: run.tags for run in in_store()} == {
            3: ("a", "b", "c", "d"),
            2: ("d",),
            1: (),
        }
        await press(pilot, "number_sign")
        await answer(pilot, "")
        assert {run.id: run.tags for run in in_store()} == {3: ("a", "b", "c"), 2: (), 1: ()}


async def test_a_note_is_written_and_found() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "down", "w")
        await answer(pilot, "slow at first")
        assert in_store()[1].note == "slow at first"
        await press(pilot, "slash", *"slow", "enter")
        assert listed(screen) == [2]


async def test_deleting_asks_once_a_visit_and_is_brought_back_until_the_end() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "D")
        assert isinstance(pilot.app.screen, Ask)
        await press(pilot, "escape")
        assert listed(screen) == [3, 2, 1]
        await press(pilot, "delete", "enter")
        assert listed(screen) == [2, 1]
        assert "u brings back" in said(screen)
        await press(pilot, "D")
        assert listed(screen) == [1]
        await press(pilot, "u")
        assert listed(screen) == [2, 1]
        assert screen.shelf.current is not None
        assert screen.shelf.current.id == 2
        await press(pilot, "u")
        assert listed(screen) == [3, 2, 1]
        await press(pilot, "u")
        assert "Nothing was deleted" in said(screen)
        await press(pilot, "end", "D")
        assert listed(screen) == [3, 2]
    # for good at the end of the program
    assert [run.id for run in in_store()] == [3, 2]


async def test_several_runs_and_those_somebody_wrote_to_are_always_asked_about() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "D", "enter", "number_sign")
        await answer(pilot, "paper")
        await press(pilot, "D")
        assert isinstance(pilot.app.screen, Ask)
        assert "It has tags or a note" in pilot.app.screen._text
        await press(pilot, "escape", "u", "asterisk", "D")
        assert isinstance(pilot.app.screen, Ask)
        assert "1 of them has tags or a note" in pilot.app.screen._text
        await press(pilot, "enter")
        assert listed(screen) == []
        text = " ".join(shown_text(pilot).split())
        assert "All 3 runs were deleted. u brings back" in text
        assert "No run is kept yet" not in text
        await press(pilot, "u")
        assert listed(screen) == [3, 2, 1]


async def test_two_clicks_open_a_run_in_the_lab() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        await opened(pilot, 3)
        await pilot.double_click("RunList", offset=(14, 3))
        await until(pilot, lambda: isinstance(pilot.app.screen, Lab), "the lab")
        lab = pilot.app.screen
        assert isinstance(lab, Lab)
        await until(pilot, lambda: lab.session.config.optimizer.name == "adam", "its run")


async def test_all_that_is_marked_is_deleted_together() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "space", "space", "slash", *"first", "enter", "D")
        assert isinstance(pilot.app.screen, Ask)
        assert "Delete 2 runs" in pilot.app.screen._text
        assert "2 of them are not in the list" in pilot.app.screen._text
        await press(pilot, "enter")
        assert listed(screen) == [1]
        assert not screen.shelf.marks
        await press(pilot, "u", "escape")
        assert listed(screen) == [3, 2, 1]


async def test_marking_all_and_none() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "asterisk")
        assert list(screen.shelf.marks) == [3, 2, 1]
        assert "3 runs are marked" in said(screen)
        await press(pilot, "asterisk")
        assert not screen.shelf.marks
        await pilot.click("RunList", offset=(2, 3))
        assert list(screen.shelf.marks) == [2]
        assert screen.shelf.at == 1


async def test_an_export_is_written_and_refusals_say_what_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_three()
    monkeypatch.chdir(tmp_path)
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "ctrl+s")
        await answer(pilot, "a.doc")
        assert isinstance(pilot.app.screen, Prompt)
        assert ".csv" in shown_text(pilot)
        await answer(pilot, "a.csv")
        await until(pilot, lambda: "Written" in said(screen), "the file")
        rows = list(csv.DictReader((tmp_path / "a.csv").read_text("utf-8").splitlines()))
        assert len(rows) == 2
        assert str(tmp_path / "a.csv") in said(screen)
        await press(pilot, "ctrl+s")
        text = " ".join(shown_text(pilot).replace("│", " ").split())
        assert "write run 3 to a file" in text
        assert "Writes run 3 (third)." in text
        await answer(pilot, "a.csv")
        assert "is there: enter again replaces it" in " ".join(shown_text(pilot).split())
        await press(pilot, "enter")
        await until(pilot, lambda: "Written" in said(screen), "the file")
        await press(pilot, "ctrl+s")
        await answer(pilot, "b/a.csv")
        await until(pilot, lambda: "cannot be written" in said(screen), "what went wrong")


async def test_the_run_string_is_copied_and_shown() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, 3)
        await press(pilot, "down", "l")
        assert isinstance(pilot.app.screen, RunLine)
        run = screen.shelf.current
        assert run is not None
        assert decode(pilot.app.clipboard).config.optimizer == run.config.optimizer
        shown = "".join(shown_text(pilot).split())
        assert pilot.app.clipboard[:60] in shown
        await press(pilot, "escape")
        assert pilot.app.screen is screen


async def test_enter_opens_the_run_in_the_lab() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        await opened(pilot, 3)
        await press(pilot, "down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Lab), "the lab")
        lab = pilot.app.screen
        assert isinstance(lab, Lab)
        await until(pilot, lambda: lab.session.config.optimizer.name == "adam", "its run")


async def test_marked_runs_are_laid_over_each_other() -> None:
    keep_three()
    async with app().run_test(size=(120, 40)) as pilot:
        await opened(pilot, 3)
        await press(pilot, "space", "space", "o")
        await until(pilot, lambda: isinstance(pilot.app.screen, RaceScreen), "the race")
        race = pilot.app.screen
        assert isinstance(race, RaceScreen)
        assert race.race is not None
        names = [racer.name for racer in race.race.racers]
        assert "third" in names[0]
        assert "second" in names[1]
