"""The Race screen over real worker processes, in one race: start, focus, reading, a death."""

import os
import signal
from pathlib import Path

import pytest
from app_driver import press, shown_text
from race_driver import RaceApp, footer, preset, ready, said, until

from tuinn.race import Race

ENDLESS = {"stop": {"epochs": 1_000_000}}


@pytest.fixture
def race(home: Path):
    made = Race([preset("fast", ENDLESS), preset("slow", ENDLESS, batch_size=1)], interval=0.02)
    yield made
    made.close()
    assert made.wait(60)


async def test_runs_in_processes_are_raced_and_one_dies(race: Race) -> None:
    app = RaceApp(race)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        fast, slow = (racer.lanes[0] for racer in race.racers)
        assert fast.runner is not None
        assert slow.runner is not None
        assert len({fast.runner.pid, slow.runner.pid, os.getpid()}) == 3
        assert "Press space to start both" in said(pilot)
        # from the same first weights
        assert fast.history.last.train_loss == slow.history.last.train_loss

        await press(pilot, "s")
        await until(pilot, lambda: fast.report.update == slow.report.update == 1, "one update")
        # a run in focus is trained alone
        await press(pilot, "2", "s")
        await until(pilot, lambda: slow.report.update == 2, "an update of the second")
        assert fast.report.update == 1
        assert footer(pilot)["space"] == "go on 2"
        await press(pilot, "2", "space")
        await until(pilot, lambda: min(fast.report.update, slow.report.update) > 50, "training")
        assert footer(pilot)["space"] == "pause"
        await until(pilot, lambda: "● 2 of 2" in shown_text(pilot), "both at work")

        os.kill(slow.runner.pid, signal.SIGKILL)
        await until(pilot, lambda: race.racers[1].failure, "the death")
        await until(pilot, lambda: "SIGKILL" in shown_text(pilot), "its cause")
        column = screen.columns.columns[1]
        await until(pilot, lambda: "its process was killed (SIGKILL)" in column._note, "its cause")
        assert "slow has failed: its process was killed (SIGKILL)" in said(pilot)
        seen = fast.report.update
        await until(pilot, lambda: fast.report.update > seen, "the other to go on")

        await press(pilot, "space")
        await until(pilot, lambda: fast.status == "paused", "a pause")
        # it begins anew, in another process
        await press(pilot, "r")
        await until(pilot, lambda: race.status == "ready" and not race.racers[1].failure, "both")
        assert slow.report.update == fast.report.update == 0
