"""Runs of the lab in the store: kept, opened again, gone on with bit for bit, offered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from app_driver import LONG, app_of, press, ready, said, shown_text, state, trained, until
from textual.pilot import Pilot

from tuinn.app import TuinnApp
from tuinn.config import parse
from tuinn.experiment import build
from tuinn.preset import Preset
from tuinn.screens.ask import Ask
from tuinn.screens.lab import Lab
from tuinn.store import Keeper, Store, StoredRun

CONFIG = parse(LONG)


async def epochs(pilot: Pilot[None], number: int) -> Lab:
    """The lab after that many epochs more, paused."""
    lab = await ready_or_paused(pilot)
    for _ in range(number):
        made = lab.session.report.update
        await press(pilot, "e")
        await until(
            pilot,
            lambda n=made: lab.session.status == "paused" and lab.session.report.update > n,
            "an epoch",
        )
    return lab


async def ready_or_paused(pilot: Pilot[None]) -> Lab:
    lab = pilot.app.screen_stack[0]
    assert isinstance(lab, Lab)
    await until(pilot, lambda: lab.session.status in ("ready", "paused"), "a run")
    await until(pilot, lambda: lab.session.last is not None, "its first snapshot")
    return lab


def stored() -> list[StoredRun]:
    store = Store(read_only=True)
    try:
        return store.runs()
    finally:
        store.close()


def again(run: StoredRun) -> TuinnApp:
    """The app as `tuinn --resume ID` begins it."""
    return TuinnApp(Preset("other", CONFIG, Path("other.toml"), own=True), resume=run.id, fps=20)


def theta_after(number: int, raw: dict[str, Any] = LONG) -> np.ndarray:
    """θ after so many epochs that nothing has interrupted, by the engine alone."""
    trainer = build(parse(raw)).trainer
    while trainer.epoch < number:
        trainer.advance(10**6)
    return np.array(trainer.theta)


async def test_a_run_is_kept_and_goes_on_bit_for_bit() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await epochs(pilot, 3)
        curve = np.array(lab.session.history.column("train_loss"))
    (run,) = stored()
    assert (run.name, run.epoch, run.status, run.seed) == ("test", 3, "stopped", CONFIG.seed)
    assert (run.config, run.changed, run.resumable) == (CONFIG, False, True)
    async with again(run).run_test(size=(120, 40)) as pilot:
        lab = await ready_or_paused(pilot)
        await until(pilot, lambda: lab.session.report.update == run.update, "the run")
        assert lab.preset.name == "test"
        assert f"Run {run.id} at update" in said(pilot)
        assert np.array_equal(lab.session.history.column("train_loss"), curve)
        # the views have what they need: weights, layers, the data
        await press(pilot, "9")
        await until(pilot, lambda: "median" in shown_text(pilot), "the histograms")
        lab = await epochs(pilot, 2)
        assert np.array_equal(lab.session.last.theta, theta_after(5))
        assert lab.session.history.column("epoch").tolist() == sorted(
            set(lab.session.history.column("epoch"))
        )
    (run,) = stored()
    assert (run.epoch, run.status) == (5, "stopped")


async def test_what_is_only_looked_at_is_not_kept_and_a_reset_begins_another_run() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.set("optimizer.eta", 0.25)
        await ready(pilot)
        await epochs(pilot, 1)
        await press(pilot, "R")
        await ready(pilot)
        await epochs(pilot, 1)
    second, first = stored()
    assert first.config.optimizer.eta == second.config.optimizer.eta == 0.25
    assert second.seed == first.seed + 1
    assert first.status == second.status == "stopped"


async def test_a_change_in_flight_is_kept_with_its_mark_and_with_what_is_followed() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await epochs(pilot, 1)
        await press(pilot, ".")
        lab = await epochs(pilot, 1)
        eta = lab.session.config.optimizer.eta
        theta = np.array(lab.session.last.theta)
    (run,) = stored()
    assert run.changed
    assert (run.config.optimizer.eta, run.now.optimizer.eta) == (CONFIG.optimizer.eta, eta)
    async with again(run).run_test(size=(120, 40)) as pilot:
        lab = await ready_or_paused(pilot)
        await until(pilot, lambda: lab.session.report.update == run.update, "the run")
        assert lab.session.config.optimizer.eta == eta
        assert [mark.text for mark in lab.session.history.marks] == ["η 0.5 → 0.63"]
        assert np.array_equal(lab.session.last.theta, theta)


async def test_a_run_that_was_cut_off_is_offered_until_it_is_answered(home: Path) -> None:
    experiment = build(CONFIG)
    keeper = Keeper()
    kept = keeper.keep(experiment, name="mine")
    experiment.trainer.run(20)
    kept.snapshot(experiment.trainer, experiment.trainer.snapshot())
    kept.status(experiment.trainer, "interrupted", "ended by SIGHUP")
    keeper.close()
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Ask), "the offer")
        line = "mine (run 1): ended by SIGHUP, at epoch 2.5 of 1 000 000, just now"
        await until(pilot, lambda: line in shown_text(pilot), "what was cut off")
        await press(pilot, "escape")
        await ready(pilot)
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        # later is not never
        await until(pilot, lambda: isinstance(pilot.app.screen, Ask), "the offer again")
        await press(pilot, "enter")
        lab = await ready_or_paused(pilot)
        await until(pilot, lambda: lab.session.report.update == 20, "the run")
        assert lab.preset.name == "mine"
        assert np.array_equal(lab.session.last.theta, experiment.trainer.theta)
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        assert not isinstance(pilot.app.screen, Ask)


async def test_a_run_that_goes_on_elsewhere_while_it_is_offered_is_opened_as_a_copy(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = build(parse(LONG))
    keeper = Keeper()
    kept = keeper.keep(experiment, name="mine")
    experiment.trainer.run(20)
    kept.status(experiment.trainer, "interrupted", "ended by SIGHUP")
    keeper.close()
    (run,) = stored()
    other = Keeper()
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Ask), "the offer")
        goes_on = other.keep(experiment, name="mine", resume=run)
        experiment.trainer.run(20)
        goes_on.snapshot(experiment.trainer, experiment.trainer.snapshot())
        assert other.flush()
        # its state is kept more often than it is looked at
        experiment.trainer.run(5)
        monkeypatch.setattr(goes_on, "_due", 0.0)
        goes_on.checkpoint(experiment.trainer)
        assert other.flush()
        await press(pilot, "enter")
        lab = await ready_or_paused(pilot)
        await until(pilot, lambda: lab.session.report.update == 45, "the copy")
        assert "A copy of run 1 at update 45" in said(pilot)
        await press(pilot, "s")
        await until(pilot, lambda: lab.session.report.update == 46, "an update")
    other.close()
    copy, first = stored()
    assert (copy.parent, copy.parent_update, copy.update) == (1, 45, 46)
    assert first.update == 40


async def test_where_nothing_can_be_kept_a_person_decides(home: Path) -> None:
    home.mkdir()
    (home / "runs").write_text("in the way")
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "Runs are not kept" in shown_text(pilot), "the question")
        assert "cannot be written" in shown_text(pilot)
        await press(pilot, "enter")
        await trained(pilot)
        await press(pilot, "space")
        await state(pilot, "paused")
    assert (home / "runs").read_text() == "in the way"
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, Ask), "the question")
        await press(pilot, "q")
        await until(pilot, lambda: pilot.app._exit, "the end")


async def test_a_run_that_is_not_there_is_told() -> None:
    app = TuinnApp(Preset("other", CONFIG, Path("other.toml"), own=True), resume=7, fps=20)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "there is no run 7" in said(pilot), "the refusal")
        await ready(pilot)
