"""From place to place: presets marked and raced, a copy in the lab, the list, an overlay."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from app_driver import (
    LONG,
    app_of,
    lab_of,
    press,
    ready,
    said,
    shown_text,
    state,
    until,
)
from textual.pilot import Pilot
from textual.widgets import OptionList

from tuinn.app import TuinnApp
from tuinn.config import parse
from tuinn.preset import Preset, save
from tuinn.screens.picker import Picker
from tuinn.screens.race import RaceScreen
from tuinn.screens.runs import RunsScreen
from tuinn.store import Store


async def raced(pilot: Pilot[None]) -> RaceScreen:
    """The Race screen with its runs built."""
    await until(pilot, lambda: isinstance(pilot.app.screen, RaceScreen), "the Race screen")
    screen = pilot.app.screen
    assert isinstance(screen, RaceScreen)
    await until(pilot, lambda: screen.race.status == "ready", "all runs", 5)
    return screen


async def test_g_goes_round_and_escape_goes_home() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        for place in ("Surface", "Race", "Runs", "Lab"):
            await press(pilot, "g")
            await until(pilot, lambda p=place: f"▸{p}" in shown_text(pilot), place)
        assert pilot.app.screen is lab
        await press(pilot, "G")
        await until(pilot, lambda: "▸Runs" in shown_text(pilot), "the runs")
        await press(pilot, "G", "escape")
        await until(pilot, lambda: pilot.app.screen is lab, "the lab")


async def test_presets_are_marked_raced_entered_listed_and_overlaid(home: Path) -> None:
    for name, eta in (("mine-a", 0.1), ("mine-b", 0.2)):
        save(name, parse(LONG | {"optimizer": {"eta": eta}}))
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "p")
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker), "the picker")
        await press(pilot, *"mine", "tab")
        # by the mouse, at the left of the list
        options = pilot.app.screen.query_one(OptionList)
        row = [option.id for option in options.options].index("mine-b")
        await pilot.click(OptionList, offset=(0, row))
        await until(pilot, lambda: "enter race 2" in shown_text(pilot), "two marks")
        await press(pilot, "enter")
        screen = await raced(pilot)
        assert [racer.name for racer in screen.race.racers] == ["mine-a", "mine-b"]
        lanes = [racer.lanes[0] for racer in screen.race.racers]
        await press(pilot, "e", "e")
        await until(pilot, lambda: {lane.report.epoch for lane in lanes} == {2}, "two epochs")

        await press(pilot, "2", "enter")
        await until(pilot, lambda: pilot.app.screen is lab, "the lab")
        await state(pilot, "paused")
        assert "A copy of mine-b" in said(pilot)
        assert lab.session.report.update == lanes[1].report.update
        assert lab.session.config.optimizer.eta == 0.2
        raced_losses = lanes[1].history.column("train_loss")
        assert np.array_equal(lab_of(pilot).session.history.column("train_loss"), raced_losses)
        await press(pilot, "e")
        await until(pilot, lambda: lab.session.report.epoch == 3, "an epoch of the copy")
        assert lanes[1].report.epoch == 2

        await press(pilot, "G")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunsScreen), "the list")
        await until(pilot, lambda: "3 runs" in shown_text(pilot), "three runs")
        await press(pilot, "home", "space", "space", "o")
        await until(pilot, lambda: isinstance(pilot.app.screen, RaceScreen), "the race")
        assert screen.race.stored
        assert len(screen.race.racers) == 2
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunsScreen), "the list again")
        # the copy is the newest run, and it is in the lab already
        await press(pilot, "escape", "home", "enter")
        await until(pilot, lambda: pilot.app.screen is lab, "the lab")
        assert lab.session.report.epoch == 3
    store = Store(home / "runs", read_only=True)
    copy, *others = store.runs()
    store.close()
    assert copy.parent in {run.id for run in others}
    assert (copy.parent_update, copy.name) == (lanes[1].report.update, "mine-b")


async def test_of_several_seeds_the_middle_one_is_entered_as_it_ended(home: Path) -> None:
    short = LONG | {"stop": {"epochs": 3}}
    race = [
        Preset(name, parse(short | {"optimizer": {"eta": eta}}), Path(f"{name}.toml"), own=True)
        for name, eta in (("a", 0.1), ("b", 0.2))
    ]
    app = TuinnApp(race[0], race=race, repeat=3, fps=20)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await raced(pilot)
        await press(pilot, "space")
        await until(pilot, lambda: screen.race.status == "finished", "the end of all six", 5)
        await press(pilot, "1", "enter")
        lab = lab_of(pilot)
        await until(pilot, lambda: pilot.app.screen is lab, "the lab")
        await state(pilot, "finished")
        assert re.match(r"A copy of a \(seed \d, in the middle of 3 by .*finished", said(pilot))
        assert lab.session.report.epoch == 3
        assert lab.session.config.optimizer.eta == 0.1
        losses = [lane.outcome.best_loss for lane in screen.race.racers[0].lanes]
        history = lab.session.history
        judged = np.isin(history.column("epoch"), (1, 2, 3))
        assert history.column("validation_loss")[judged].min() == sorted(losses)[1]
