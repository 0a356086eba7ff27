"""Pictures of the Race screen, over runs that are trained update by update.

So the curves have the same moments on every machine. No figure goes by the clock: an update takes
10 ms.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from app_driver import press
from race_driver import SIZES, InThread, RaceApp, drawn, preset, ready, screen_of, until
from textual.pilot import Pilot

from tuinn.config import Config
from tuinn.race import Race
from tuinn.runners.report import Report

RUN: dict[str, Any] = {
    "data": {"set": "moons", "n": 60, "validation": 0.25},
    "network": {"hidden": [4], "activation": "tanh"},
    "optimizer": {"eta": 0.5},
    "stop": {"epochs": 8},
}
RUNS: dict[str, dict[str, Any]] = {
    "mini-batch": {},
    "large-batch": {"training": {"batch_size": 30}},
    "adam": {"optimizer": {"name": "adam", "eta": 0.1}},
}
SECONDS = 0.01
"""Of an update."""
KILLED = "its process was killed (SIGKILL): out of memory?"


@pytest.fixture(autouse=True)
def cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """On every machine each run has a core."""
    monkeypatch.setattr("tuinn.race.race.cores", lambda: 64)


class Timed(InThread):
    """Its seconds do not go by the clock; it can be told to die."""

    killed = False

    def poll(self) -> Report:
        report = super().poll()
        taken = tuple(replace(one, seconds=one.update * SECONDS) for one in report.snapshots)
        report = replace(report, snapshots=taken, seconds=report.update * SECONDS)
        return replace(report, status="failed", message=KILLED) if self.killed else report


def timed(config: Config, folder: Path | None, **options: Any) -> Timed:
    # by the clock no moment is taken
    return Timed(config, folder, interval=1e9)


def race(**options: Any) -> Race:
    """One race of three small presets."""
    presets = [preset(name, RUN | raw) for name, raw in RUNS.items()]
    return Race(presets, keep=False, make=timed, workers=9, **options)


def made(race: Race, update: int) -> bool:
    """Whether all have come so far, or to their end."""
    # what a frame would do, a few times a second
    race.poll()
    return all(lane.ended or lane.history.last.update == update for lane in race.lanes)


async def train(pilot: Pilot[None], updates: int = 1000) -> None:
    """Make so many updates of each run, or all that are planned, one by one."""
    screen = await ready(pilot)
    for update in range(1, updates + 1):
        if all(lane.ended for lane in screen.race.lanes):
            break
        screen.race.step()
        await until(pilot, lambda n=update: made(screen.race, n), "an update of each")
    await shown(pilot)


async def shown(pilot: Pilot[None]) -> None:
    """All is drawn, and the axes do not depend on what was drawn before."""
    screen = screen_of(pilot)
    screen.chart.forget_limits()
    screen.show_curves()
    await drawn(pilot)
    await pilot.pause(0.1)


@pytest.mark.parametrize("size", SIZES)
def test_side_by_side(snap_compare: Any, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await train(pilot)
        await press(pilot, *["left"] * 10)
        await shown(pilot)

    assert snap_compare(RaceApp(race()), terminal_size=size, run_before=run)


@pytest.mark.parametrize("page", ["table", "columns"])
def test_the_other_pages_at_80_by_24(snap_compare: Any, page: str) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await train(pilot)
        await press(pilot, *["]"] * (1 if page == "table" else 2))
        await shown(pilot)

    assert snap_compare(RaceApp(race()), terminal_size=(80, 24), run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_overlaid(snap_compare: Any, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await train(pilot, 12)
        await press(pilot, "o", "x")
        await shown(pilot)

    assert snap_compare(RaceApp(race()), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES[1:])
def test_repeats_with_bands(snap_compare: Any, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await train(pilot)
        await press(pilot, "o")
        await shown(pilot)

    assert snap_compare(RaceApp(race(repeat=3)), terminal_size=size, run_before=run)


def test_a_run_that_has_died(snap_compare: Any) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await train(pilot, 10)
        dead = screen_of(pilot).race.racers[1]
        dead.lanes[0].runner.killed = True
        await until(pilot, lambda: dead.failure, "the death")
        await shown(pilot)

    assert snap_compare(RaceApp(race()), terminal_size=(120, 40), run_before=run)


def test_without_colour(snap_compare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await train(pilot)
        await press(pilot, "2", *["left"] * 10)
        await shown(pilot)

    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(RaceApp(race()), terminal_size=(120, 40), run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_no_race_yet(snap_compare: Any, size: tuple[int, int]) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await pilot.pause(0.1)

    assert snap_compare(RaceApp(None), terminal_size=size, run_before=run)
