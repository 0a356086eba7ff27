"""Pictures of the Surface screen, after updates made one by one."""

from typing import Any

import pytest
from app_driver import press
from descent_driver import SIZES, app, opened
from textual.pilot import Pilot

UPDATES = 12


async def some_updates(pilot: Pilot[None]) -> None:
    await opened(pilot)
    await press(pilot, *"s" * UPDATES)
    await pilot.pause(0.1)


@pytest.mark.parametrize("size", SIZES)
def test_surface(snap_compare: Any, size: tuple[int, int]) -> None:
    assert snap_compare(app(), terminal_size=size, run_before=some_updates)


def test_a_swarm(snap_compare: Any) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await opened(pilot, "swarm-on-himmelblau")
        await press(pilot, *"r" + "s" * UPDATES, "c")
        await pilot.pause(0.1)

    assert snap_compare(app(), terminal_size=(120, 40), run_before=run)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_without_colour(
    snap_compare: Any, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(app(), terminal_size=size, run_before=some_updates)


def test_a_wrong_parameter_at_80_by_24(snap_compare: Any) -> None:
    async def run(pilot: Pilot[None]) -> None:
        screen = await opened(pilot)
        await press(pilot, "tab", "tab")
        screen.form.row("sgd.eta").editor.focus()
        await press(pilot, "home", "ctrl+k", "-", "1", "enter")
        await pilot.pause(0.1)

    assert snap_compare(app(), terminal_size=(80, 24), run_before=run)
