"""Pictures of the lab, after updates made one by one so that they are the same on every machine.

No figure of time or speed is in them: the run is paused, and the lab's clock stands still.
"""

from typing import Any

import pytest
from app_driver import app_of, press, ready, until
from textual.pilot import Pilot

RUN: dict[str, Any] = {
    "data": {"set": "circle", "n": 60},
    "network": {"hidden": [4], "activation": "tanh"},
    "optimizer": {"eta": 0.8},
    "regularisation": {"alpha": 0.05},
    "stop": {"epochs": 5},
}
SEARCH = RUN | {"optimizer": {"name": "genetic", "population": 20}, "stop": {"epochs": 30}}
UPDATES = 12


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    # on a busy machine a few updates may take a second
    monkeypatch.setattr("tuinn.screens.lab.monotonic", lambda: 0.0)


async def some_updates(pilot: Pilot[None]) -> None:
    lab = await ready(pilot)
    for update in range(1, UPDATES + 1):
        lab.session.step()
        await until(pilot, lambda n=update: lab.session.report.update == n, "an update")
    await until(pilot, lambda: len(lab.session.history) == UPDATES + 1, "all updates shown")
    if lab.dashboard.surface.display:
        await until(pilot, lambda: lab.inside._drawn[7][0] is lab.session.last, "the surface")
    await pilot.pause(0.1)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
def test_lab(snap_compare: Any, size: tuple[int, int]) -> None:
    assert snap_compare(app_of(RUN), terminal_size=size, run_before=some_updates)


@pytest.mark.parametrize("size", [(120, 40), (200, 50)])
def test_search(snap_compare: Any, size: tuple[int, int]) -> None:
    assert snap_compare(app_of(SEARCH), terminal_size=size, run_before=some_updates)


def test_the_numbers_of_a_search_at_80_by_24(snap_compare: Any) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await some_updates(pilot)
        await press(pilot, "6")
        await pilot.pause(0.1)

    assert snap_compare(app_of(SEARCH), terminal_size=(80, 24), run_before=run)


def test_form_with_an_error_at_80_by_24(snap_compare: Any) -> None:
    async def run(pilot: Pilot[None]) -> None:
        lab = await ready(pilot)
        await press(pilot, "tab")
        lab.form.row("optimizer.eta").editor.focus()
        await press(pilot, "home", "ctrl+k", "-", "1", "enter")
        await until(pilot, lambda: lab.form.errors, "the error")
        await pilot.pause(0.1)

    assert snap_compare(app_of(RUN), terminal_size=(80, 24), run_before=run)


def test_presets(snap_compare: Any) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await ready(pilot)
        await press(pilot, "p", *"spiral")
        await pilot.pause(0.1)

    assert snap_compare(app_of(RUN), terminal_size=(120, 40), run_before=run)
