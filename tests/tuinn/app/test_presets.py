"""Picking and saving presets, the palette, the help, leaving."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from app_driver import (
    LONG,
    SHORT,
    answered,
    app_of,
    press,
    ready,
    said,
    shown_text,
    state,
    trained,
    until,
    write,
)
from textual.command import CommandPalette

from tuinn.config import changed, parse
from tuinn.preset import find, save
from tuinn.screens.choices import settings
from tuinn.screens.help import Help
from tuinn.screens.panel_keys import GROUP
from tuinn.screens.picker import Item, Picker
from tuinn.screens.prompt import Prompt
from tuinn.widgets.footer import KeyBar, fitting

SHORT_CONFIG = parse(SHORT)


async def picker(pilot) -> Picker:
    await press(pilot, "p")
    await until(pilot, lambda: isinstance(pilot.app.screen, Picker), "the picker")
    return pilot.app.screen


async def test_a_preset_is_found_by_a_word_and_loaded() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await picker(pilot)
        await press(pilot, *"cross", "space", *"neuron")
        assert "saturated-neuron-cross-entropy" in shown_text(pilot)
        assert "spiral" not in shown_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: pilot.app.screen is lab, "the lab again")
        assert lab.preset.name == "saturated-neuron-cross-entropy"
        await ready(pilot)
        assert lab.session.experiment.trainer.network.sizes == (1, 1)
        assert lab.form.config == find("saturated-neuron-cross-entropy").config


def test_what_has_the_words_in_its_name_comes_first() -> None:
    items = [
        Item("eta-too-large", "η too large", "saturated units"),
        Item("not-saturated", "", ""),
        Item("saturated-neuron", "", ""),
    ]
    ranked = sorted(items, key=lambda item: item.place(["sat"]))
    assert [item.name for item in ranked] == [
        "saturated-neuron",
        "not-saturated",
        "eta-too-large",
    ]
    assert sorted(items, key=lambda item: item.place([])) == items


async def test_the_first_hit_is_taken_whatever_is_open_now() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.preset = replace(lab.preset, name="eta-too-large")
        await picker(pilot)
        await press(pilot, *"sat", "enter")
        await until(pilot, lambda: pilot.app.screen is lab, "the lab again")
        assert lab.preset.name.startswith("saturated-")


def test_settings_name_no_unit_twice_and_none_of_a_word() -> None:
    text = settings(changed(SHORT_CONFIG, "training.batch_size", "full"))
    assert "mini-batch      full\n" in text
    assert "epochs          3" in text.split("\n")


async def test_a_search_that_finds_nothing_says_so_and_escape_changes_nothing() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await picker(pilot)
        await press(pilot, *"zzz")
        assert "Nothing is called" in shown_text(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Picker)
        await press(pilot, "escape")
        await until(pilot, lambda: pilot.app.screen is lab, "the lab again")
        assert lab.preset.name == "test"


async def test_a_broken_preset_of_ones_own_is_listed_with_the_reason(home: Path) -> None:
    (home / "presets").mkdir(parents=True)
    (home / "presets" / "mine.toml").write_text("[optimizer]\neta = -1\n")
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await picker(pilot)
        await press(pilot, *"mine")
        assert "must be > 0" in shown_text(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: "must be > 0" in said(pilot), "the refusal")


async def test_the_form_is_saved_and_comments_survive(home: Path) -> None:
    path = save("mine", SHORT_CONFIG)
    path.write_text("# my notes\n" + path.read_text().replace("epochs = 3", "epochs = 3 # few"))
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.set("stop.epochs", 44)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, Prompt), "the question")
        await press(pilot, "home", "ctrl+k", *"mine", "enter")
        await until(pilot, lambda: pilot.app.screen is lab, "the lab again")
        assert str(path) in said(pilot)
    text = path.read_text()
    assert text.startswith("# my notes")
    assert "epochs = 44 # few" in text
    assert path.parent == home / "presets"
    assert find("mine").config.stop.epochs == 44


TOLD: dict[str, Any] = LONG | {"title": "Four units on a circle", "look_for": "Watch them."}


async def test_title_and_hint_are_not_told_of_another_network() -> None:
    async with app_of(TOLD).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await write(pilot, "network.hidden", "7")
        await press(pilot, "escape")
        assert "Four units" in shown_text(pilot)
        await press(pilot, "r")
        await ready(pilot)
        await until(pilot, lambda: "Four units" not in shown_text(pilot), "no title")
        assert said(pilot) == "Press space to start."
        lab.form.set("network.hidden", (4,))
        await until(pilot, lambda: "Watch them." in said(pilot), "the hint again")
        assert "Four units" in shown_text(pilot)


@pytest.mark.parametrize(("name", "title"), [("mine", "mine"), ("test", "Four units on a circle")])
async def test_an_edited_form_takes_its_title_along_under_its_own_name_only(
    name: str, title: str
) -> None:
    async with app_of(TOLD).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await write(pilot, "network.hidden", "7")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, Prompt), "the question")
        await press(pilot, "home", "ctrl+k", *name, "enter")
        await until(pilot, lambda: pilot.app.screen is lab, "the lab again")
        assert find(name).config.title == title
        assert find(name).config.look_for == ("" if name == "mine" else "Watch them.")
        assert "(edited)" not in shown_text(pilot)


async def test_a_name_that_cannot_be_is_refused_in_the_question() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, Prompt), "the question")
        await press(pilot, "home", "ctrl+k", *"no/slash", "enter")
        assert isinstance(pilot.app.screen, Prompt)
        assert "letters, digits" in shown_text(pilot)


async def test_a_wrong_form_is_not_saved() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.row("optimizer.eta").editor.value = "much"
        await until(pilot, lambda: lab.form.errors, "an error")
        await press(pilot, "ctrl+s")
        assert pilot.app.screen is lab
        assert "Not saved: η must be a number > 0" in said(pilot)


async def test_the_palette_lists_what_can_be_done_now_and_does_it() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "ctrl+p")
        await until(pilot, lambda: CommandPalette.is_open(pilot.app), "the palette")
        await until(pilot, lambda: "Do one update" in shown_text(pilot), "the actions")
        assert "Back:" not in shown_text(pilot)
        await press(pilot, *"one update")
        await until(pilot, lambda: "Raise" not in shown_text(pilot), "the search")
        await press(pilot, "enter")
        await until(pilot, lambda: lab.session.report.update == 1, "an update")
        assert lab._can("step")


async def test_a_finished_run_offers_no_training() -> None:
    async with app_of(SHORT).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        assert "train" in {action.method for action in lab.offered()}
        await press(pilot, "space")
        await state(pilot, "finished")
        offered = {action.method for action in lab.offered()}
        assert "train" not in offered
        assert {"reset", "presets", "save"} <= offered


async def test_the_help_names_every_panel_and_closes() -> None:
    async with app_of(LONG).run_test(size=(120, 60)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "?")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help), "the help")
        assert "Start or pause" in shown_text(pilot)
        await press(pilot, "end")
        await until(pilot, lambda: "decision surface" in shown_text(pilot), "the last panel")
        await press(pilot, "escape")
        assert pilot.app.screen is lab


async def test_the_help_tells_the_keys_of_the_panel_with_the_focus_and_hangs_long_lines() -> None:
    async with app_of(LONG).run_test(size=(60, 60)) as pilot:
        lab = await ready(pilot)
        assert not any(action.group == GROUP for action in lab.help_page().actions)
        await press(pilot, "b", "?")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help), "the help")
        lines = shown_text(pilot).split("\n")
        at = next(row for row, line in enumerate(lines) if GROUP in line)
        assert any("j  Next example" in line for line in lines[at:])
        assert any("shift+→  Right" in line for line in lines[at:])
        (row,) = (row for row, line in enumerate(lines) if "r  Go back to the same" in line)
        under = lines[row].index("Go back")
        assert lines[row + 1][:under].strip(" │") == ""
        assert lines[row + 1][under:].strip(" │")


async def test_the_palette_has_the_keys_of_the_panel_with_the_focus() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "s", "b")
        await state(pilot, "paused")
        await until(pilot, lambda: lab.focused is lab.dashboard.equations, "the panel")
        await press(pilot, "ctrl+p", *"next example")
        await until(pilot, lambda: "Next example" in shown_text(pilot), "the palette")
        await press(pilot, "down", "enter")
        await until(pilot, lambda: lab.dashboard.equations.example == 1, "the next example")


async def test_the_key_of_the_help_stays_where_there_is_little_room() -> None:
    async with app_of(LONG).run_test(size=(80, 24)) as pilot:
        lab = await ready(pilot)
        for number in lab.dashboard.offered:
            lab.dashboard.enlarge(number)
            await answered(pilot)
            bar = lab.query_one(KeyBar)
            assert "?" in [key.shown for key in fitting(bar.keys, bar.size.width - 2)]


async def test_the_run_goes_on_behind_a_dialog() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await press(pilot, "?")
        made = lab.session.report.update
        await until(pilot, lambda: lab.session.report.update > made + 100, "the run to go on")
        assert isinstance(pilot.app.screen, Help)


async def test_q_leaves_and_asks_only_where_settings_of_a_run_would_be_lost() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        lab.form.set("optimizer.eta", 0.25)
        await press(pilot, "q")
        assert "press q again" in said(pilot)
        assert pilot.app.is_running
        await press(pilot, "q")
        await until(pilot, lambda: not pilot.app.is_running, "the end")
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await trained(pilot)
        await press(pilot, "q")
        await until(pilot, lambda: not pilot.app.is_running, "the end")


async def test_other_themes_can_be_chosen() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await trained(pilot)
        assert pilot.app.theme == "tuinn"
        for theme in ("textual-light", "nord"):
            pilot.app.theme = theme
            await until(pilot, lambda t=theme: pilot.app.current_theme.name == t, theme)
