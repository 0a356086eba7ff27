"""A run is stretched so that it can be followed, and goes as fast as one wants."""

import pytest
from app_driver import SHORT, app_of, lab_of, press, ready, said, state, until

EPOCHS = SHORT | {"stop": {"epochs": 2_000}}
"""16 000 updates: a fifteenth of a second at full speed."""


@pytest.fixture(autouse=True)
def stretched(monkeypatch: pytest.MonkeyPatch, unhurried: None) -> None:
    monkeypatch.setattr("tuinn.screens.session.STRETCH", 1_000.0)


async def test_a_short_run_is_stretched() -> None:
    async with app_of(EPOCHS).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        assert lab.session.pace == 16.0
        await press(pilot, "space")
        await until(pilot, lambda: lab.session.report.update >= 5, "a few updates")
        assert lab.session.status == "training"


async def test_a_run_that_is_started_while_it_loads_is_stretched_too() -> None:
    async with app_of(EPOCHS, demo=True).run_test(size=(120, 40)) as pilot:
        await state(pilot, "training")
        lab = lab_of(pilot)
        await until(pilot, lambda: lab.session.report.update >= 5, "a few updates")
        # at full speed it would be over before the screen has asked twice
        assert lab.session.report.update < 1_000
        assert lab.session.status == "training"


async def test_greater_than_goes_up_to_full_speed_and_less_than_down() -> None:
    async with app_of(EPOCHS).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "<")
        await until(pilot, lambda: lab.session.pace == 8.0, "half the speed")
        assert "At most 8.00 updates a second" in said(pilot)
        await press(pilot, *">" * 6)
        await until(pilot, lambda: lab.session.pace is None, "full speed")
        assert "Full speed" in said(pilot)
        await press(pilot, "space")
        await state(pilot, "finished")
        assert lab.session.report.update == 16_000


async def test_the_pace_stays_with_the_next_run() -> None:
    async with app_of(EPOCHS).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, *">" * 5, "r")
        await until(pilot, lambda: lab.session.pace is None, "full speed")
        await ready(pilot)
        await press(pilot, "space")
        await state(pilot, "finished")
