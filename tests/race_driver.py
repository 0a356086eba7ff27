"""Shows the Race screen alone under Textual's pilot, over runs in threads or in processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from app_driver import TURN, TURNS, shown_text
from textual.app import App
from textual.pilot import Pilot

from tuinn.config import Config, parse
from tuinn.preset import Preset
from tuinn.race import Race, Racer
from tuinn.runners.facts import RunFacts
from tuinn.runners.thread import ThreadRunner
from tuinn.screens.race import RaceScreen
from tuinn.screens.theme import THEME
from tuinn.widgets.footer import KeyBar
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.status import StatusLine

SIZES = [(80, 24), (120, 40), (200, 50)]
PATIENCE = 5
"""Times the turns that others wait: processes must begin."""
SMALL: dict[str, Any] = {
    "data": {"set": "circle", "n": 60, "validation": 0.0},
    "network": {"hidden": [4]},
    "stop": {"epochs": 4},
}
NAMES = ("first", "second", "third", "fourth", "fifth", "sixth")


class InThread(ThreadRunner):
    """Trains in the process of the test what a worker process would."""

    run_id: int | None = None
    problem = ""

    @property
    def facts(self) -> RunFacts | None:
        return RunFacts.of(self.experiment) if self.experiment else None


def in_a_thread(config: Config, folder: Path | None, **options: Any) -> InThread:
    return InThread(config, folder, interval=0.01)


def preset(name: str, raw: dict[str, Any] | None = None, **settings: Any) -> Preset:
    """A small preset; ``settings``: of its training."""
    tree = SMALL | (raw or {})
    if settings:
        tree = tree | {"training": settings}
    return Preset(name, parse(tree), Path(f"{name}.toml"), own=True)


def several(number: int, **options: Any) -> Race:
    """A race of so many small presets that differ in their mini-batch, in threads."""
    presets = [preset(name, batch_size=2 + n) for n, name in enumerate(NAMES[:number])]
    return Race(presets, keep=False, make=in_a_thread, **options)


class RaceApp(App[None]):
    """The screen alone; keeps what it asks of the app."""

    def __init__(self, race: Race | None, draw: Glyphs = "braille", **options: Any) -> None:
        super().__init__()
        self.register_theme(THEME)
        self.theme = THEME.name
        self.race_screen = RaceScreen(race, fps=20, draw=draw, **options)
        self.asked: list[Racer | None] = []
        self.wishes: list[RaceScreen.Enter] = []

    def get_default_screen(self) -> RaceScreen:
        return self.race_screen

    def on_race_screen_enter(self, event: RaceScreen.Enter) -> None:
        self.asked.append(event.racer)
        self.wishes.append(event)

    def on_race_screen_pick_wanted(self, event: RaceScreen.PickWanted) -> None:
        self.asked.append(None)

    def on_unmount(self) -> None:
        self.race_screen.close_race()


def screen_of(pilot: Pilot[None]) -> RaceScreen:
    assert isinstance(pilot.app, RaceApp)
    return pilot.app.race_screen


async def until(pilot: Pilot[None], holds: Callable[[], object], what: str) -> None:
    """Let the app run until ``holds()`` is true; fail after a bounded number of turns."""
    for _ in range(PATIENCE * TURNS):
        if holds():
            return
        await asyncio.sleep(TURN)
    race = screen_of(pilot).race
    runs = [(racer.name, racer.status, racer.failure) for racer in race.racers] if race else []
    pytest.fail(f"never came: {what}; {runs}\n{shown_text(pilot)}")


async def ready(pilot: Pilot[None]) -> RaceScreen:
    """The screen with all its runs built and shown."""
    screen = screen_of(pilot)
    await until(pilot, lambda: screen.race and screen.race.status == "ready", "the runs")
    await drawn(pilot)
    return screen


async def drawn(pilot: Pilot[None]) -> None:
    """What is known of the runs is on the screen."""
    screen = screen_of(pilot)
    await until(
        pilot,
        lambda: not (screen._stale or screen._dirty or screen._drawing) and screen._shown_table,
        "the last frame",
    )


async def finished(pilot: Pilot[None]) -> RaceScreen:
    """The screen at the end of a race that was started."""
    screen = screen_of(pilot)
    await until(pilot, lambda: screen.race and screen.race.status == "finished", "the end")
    await drawn(pilot)
    return screen


def said(pilot: Pilot[None]) -> str:
    """What the message line says."""
    return screen_of(pilot).query_one(StatusLine).sentence.text


def footer(pilot: Pilot[None]) -> dict[str, str]:
    """The footer: key → word."""
    return {key.shown: key.label for key in screen_of(pilot).query_one(KeyBar).keys}
