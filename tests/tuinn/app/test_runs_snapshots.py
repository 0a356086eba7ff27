"""Pictures of the Runs screen, over runs that are really trained; when, where and how quickly they
were is then written into the store, so that it is the same on every machine."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from app_driver import press, until
from runs_driver import app, keep, opened
from textual.pilot import Pilot

from tuinn.environment import Environment
from tuinn.screens.runs import RunsScreen
from tuinn.store import Keeper, Store
from tuinn.store.folder import DATABASE

SIZES = [(80, 24), (120, 40), (200, 50)]
HERE = Environment("0.1", "2.0", "3.11", "X86_V4 SkylakeX", 1)
THERE = {"tuinn": "0.1", "numpy": "2.0", "python": "3.11", "kernel": "NEON", "threads": 1}
BEGUN = 1_715_000_000.0
"""6 May 2024, in no year in which a test runs."""


@pytest.fixture(autouse=True)
def fixed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.setattr("tuinn.widgets.run_words.environment", lambda: HERE)
    yield
    monkeypatch.undo()
    time.tzset()


def fill(home: Path) -> None:
    """Six runs, of which the last has a tag and a note."""
    folder = home / "runs"
    keeper = Keeper(folder)
    long = {"data": {"set": "moons", "n": 60}, "stop": {"epochs": 20}}
    keep(keeper, "first")
    keep(keeper, "with-adam", {"optimizer": {"name": "adam", "eta": 0.05}}, epochs=3)
    keep(keeper, "left", long, epochs=7)
    keep(keeper, "moons-sgd", long, epochs=20)
    keep(keeper, "a-name-that-is-longer-than-its-column", {"network": {"hidden": [30]}})
    keep(keeper, "moons-swarm", long | {"optimizer": {"name": "swarm"}}, epochs=20)
    keeper.close()
    store = Store(folder)
    store.tag([4, 6], ["paper"])
    store.note(6, "The swarm needs no slopes; it is compared with run 4.")
    store.close()
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute(
            "UPDATE run SET started = ? + 3600 * id, ended = ? + 3600 * id + 30, "
            "seconds = 0.002 * updates, environment = ?, curve_hash = 'c0ffee0123456789'",
            (BEGUN, BEGUN, json.dumps(THERE)),
        )


async def curves(pilot: Pilot[None], screen: RunsScreen) -> None:
    await until(pilot, lambda: screen.details.chart._series, "the curves of the loss")
    await pilot.pause(0.1)


async def listed(pilot: Pilot[None]) -> None:
    screen = await opened(pilot, 6)
    await press(pilot, "space", "down", "down", "space", "up", "up")
    await curves(pilot, screen)


@pytest.mark.parametrize("size", SIZES)
def test_list_and_details(snap_compare: Any, home: Path, size: tuple[int, int]) -> None:
    fill(home)
    assert snap_compare(app(), terminal_size=size, run_before=listed)


def test_without_colour(snap_compare: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(home)
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(app(), terminal_size=(120, 40), run_before=listed)


@pytest.mark.parametrize("size", SIZES[:2])
def test_a_filter_with_an_error(snap_compare: Any, home: Path, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        screen = await opened(pilot, 6)
        await press(pilot, "slash", *"optimizer.name == ada", "enter")
        await curves(pilot, screen)

    fill(home)
    assert snap_compare(app(), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_an_empty_store(snap_compare: Any, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened(pilot, 0)
        await pilot.pause(0.1)

    assert snap_compare(app(), terminal_size=size, run_before=run)
