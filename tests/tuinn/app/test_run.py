"""The keys that drive a run, and what the screen says of it."""

import math
from pathlib import Path

import numpy as np
from app_driver import (
    LONG,
    SHORT,
    answered,
    app_of,
    keys_shown,
    lab_of,
    press,
    ready,
    said,
    state,
    trained,
    until,
    write,
)
from textual.events import Key

from tuinn.config import parse
from tuinn.findings import Finding, Try
from tuinn.widgets.header import ProgressLine

DIVERGING = {
    "data": {"set": "plane", "n": 100},
    "network": {"hidden": [8], "activation": "relu", "output": "identity"},
    "training": {"cost": "quadratic", "batch_size": 5},
    "optimizer": {"eta": 50.0},
}


async def test_space_starts_and_pauses_and_goes_on() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        assert keys_shown(pilot)["space"] == "pause"
        await press(pilot, "space")
        await state(pilot, "paused")
        stood = lab.session.report.update
        assert keys_shown(pilot)["space"] == "go on"
        await press(pilot, "space")
        await until(pilot, lambda: lab.session.report.update > stood, "the run to go on")


async def test_s_makes_one_update() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        for updates in (1, 2):
            await press(pilot, "s")
            await until(pilot, lambda n=updates: lab.session.report.update == n, "an update")
            await state(pilot, "paused")


async def test_e_trains_to_the_end_of_the_epoch() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "s")
        await until(pilot, lambda: lab.session.report.update == 1, "an update")
        await press(pilot, "e")
        await until(pilot, lambda: lab.session.report.epoch == 1.0, "the end of the epoch")
        assert lab.session.report.update == 8


async def test_keys_that_follow_each_other_quickly_add_up() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        for key in "eeees":
            pilot.app.post_message(Key(key, key))
        await until(pilot, lambda: lab.session.report.update == 4 * 8 + 1, "four epochs and one")
        await state(pilot, "paused")


async def test_r_goes_back_to_the_same_weights_and_capital_r_to_others() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        first = lab.session.history.last.theta
        await press(pilot, "space")
        await until(pilot, lambda: lab.session.report.update > 5, "a run")
        await press(pilot, "r")
        await ready(pilot)
        assert lab.session.report.update == 0
        assert len(lab.session.history) == 1
        assert np.array_equal(lab.session.history.last.theta, first)
        await press(pilot, "R")
        await until(pilot, lambda: lab.session.runner.config.seed == 1, "a new seed")
        await ready(pilot)
        assert lab.form.config.seed == 1
        assert not np.array_equal(lab.session.history.last.theta, first)


async def test_a_finished_run_says_why_and_what_to_press() -> None:
    async with app_of(SHORT).run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await press(pilot, "space")
        await state(pilot, "finished")
        await until(pilot, lambda: "Finished: 3 epochs" in said(pilot), "the reason")
        assert "space" not in keys_shown(pilot)
        await press(pilot, "space")
        assert "press r to reset" in said(pilot)


async def test_what_is_told_gives_way_when_the_state_changes() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "R")
        await ready(pilot)
        await until(pilot, lambda: said(pilot).startswith("Seed 1: new weights"), "the seed")
        await press(pilot, "s")
        await until(pilot, lambda: said(pilot).startswith("Paused."), "the state")
        await press(pilot, "space")
        await state(pilot, "training")
        await press(pilot, "<")
        assert said(pilot).startswith("At most")
        would_end = lab._told[0]
        lab.form.set("stop.epochs", 1)
        await until(pilot, lambda: said(pilot).startswith("Finished: "), "the end")
        assert lab._frames < would_end


async def test_what_is_told_does_not_come_back_with_the_state_it_was_told_in() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "s")
        await until(pilot, lambda: said(pilot).startswith("Paused."), "the state")
        await press(pilot, "<")
        assert said(pilot).startswith("At most")
        would_end = lab._told[0]
        for status in ("training", "paused"):
            await press(pilot, "space")
            await state(pilot, status)
            await answered(pilot)
        assert said(pilot).startswith("Paused.")
        assert lab._frames < would_end


async def test_ctrl_c_says_how_one_leaves() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        await press(pilot, "ctrl+c")
        assert said(pilot) == "q quits; from a field or a dialog esc first."
        assert not pilot.app._notifications


async def test_no_decay_is_not_made_less() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.set("regularisation.alpha", 0.0)
        await press(pilot, "a")
        assert said(pilot) == "α is 0: there is no less than none."


async def test_the_key_of_an_init_takes_the_one_that_is_advised_first_and_then_all_others() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "s")
        await state(pilot, "paused")
        tries = (Try("tab", "adam"), Try("i", "init xavier", "xavier"))
        taken = []
        for _ in range(6):
            lab._finding = Finding("vanishing δ", "alarm", "", "", tries)
            await press(pilot, "i")
            taken.append(lab.form.config.network.init)
        assert taken == ["xavier", "large", "he", "zeros", "scaled", "xavier"]
        assert said(pilot) == "init scaled → xavier: r begins anew with it."
        lab._forget()
        await until(pilot, lambda: said(pilot).startswith("Changed: init scaled → xavier."), "both")
        # a fork has the weights of its moment
        assert "Press r to reset with the new settings; until" in said(pilot)


async def test_after_a_fork_the_time_is_that_of_the_line_that_is_followed() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot, 5)
        lab._clock.count(60.0, lab.session.report.update + 10**6)
        await press(pilot, "space")
        await state(pilot, "paused")
        moment = lab.session.runner.rewind.moments[1].snapshot
        assert lab.query_one(ProgressLine).progress.seconds >= 60
        lab.session.fork(moment.update)
        await until(pilot, lambda: lab.session.history.branches, "the fork")
        await answered(pilot)
        assert lab.query_one(ProgressLine).progress.seconds < 30


async def test_demo_starts_by_itself() -> None:
    async with app_of(LONG, demo=True).run_test(size=(120, 40)) as pilot:
        lab = lab_of(pilot)
        await until(pilot, lambda: lab.session.report.update > 0, "a run")


async def test_eta_changed_in_flight_takes_effect_and_leaves_a_mark() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await write(pilot, "optimizer.eta", "0.05")
        await until(pilot, lambda: lab.session.history.marks, "a mark")
        mark = lab.session.history.marks[0]
        assert mark.text == "η 0.5 → 0.05"
        assert mark.update > 0
        await until(pilot, lambda: lab.session.last.eta == 0.05, "the new η")
        assert lab.session.status == "training"
        assert not lab.session.pending
        assert [shown.text for shown in lab.dashboard.charts[0]._marks] == [mark.text]


async def test_comma_and_stop_nudge_eta() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await press(pilot, ".")
        await until(pilot, lambda: lab.session.last.eta == 0.63, "a larger η")
        await press(pilot, ",")
        await until(pilot, lambda: lab.session.last.eta == 0.5, "the η of before")
        assert [mark.text for mark in lab.session.history.marks] == ["η 0.5 → 0.63", "η 0.63 → 0.5"]


async def test_another_network_waits_for_a_reset_and_does_not_disturb_the_run() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await write(pilot, "network.hidden", "7, 5")
        await until(pilot, lambda: "Press r to reset with the new settings" in said(pilot), "asked")
        assert "hidden" in said(pilot)
        made = lab.session.report.update
        await until(pilot, lambda: lab.session.report.update > made, "the run to go on")
        assert lab.session.experiment.trainer.network.sizes == (2, 4, 1)
        await press(pilot, "escape", "r")
        await ready(pilot)
        assert lab.session.experiment.trainer.network.sizes == (2, 7, 5, 1)
        assert not lab.session.pending


async def test_before_the_first_update_a_change_is_taken_at_once() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await write(pilot, "network.hidden", "6")
        await until(pilot, lambda: lab.session.history.layers and _sizes(lab) == (2, 6, 1), "6")
        assert lab.session.report.update == 0


def _sizes(lab) -> tuple[int, ...]:
    return lab.session.experiment.trainer.network.sizes


async def test_more_epochs_wake_a_finished_run() -> None:
    async with app_of(SHORT).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "space")
        await state(pilot, "finished")
        await write(pilot, "stop.epochs", "5")
        await state(pilot, "paused")
        await press(pilot, "escape", "space")
        await until(pilot, lambda: lab.session.report.epoch == 5.0, "five epochs")


async def test_a_diverging_run_stops_and_says_where_and_what_to_try() -> None:
    async with app_of(DIVERGING).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await press(pilot, "space")
        await state(pilot, "diverged")
        await until(pilot, lambda: "layer 2" in said(pilot), "the layer")
        assert "η" in said(pilot)
        assert lab.session.report.update > 0
        assert not math.isnan(lab.session.report.epoch)
        await write(pilot, "optimizer.eta", "0.01")
        await press(pilot, "escape", "r")
        await ready(pilot)


async def test_data_that_have_gone_are_reported_and_the_app_lives_on(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("a,b,y\n" + "".join(f"{i},{-i},{i % 2}\n" for i in range(20)))
    raw = LONG | {"data": {"set": str(table)}}
    async with app_of(raw).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot, updates=5)
        table.unlink()
        await press(pilot, "R")
        await state(pilot, "failed")
        await until(pilot, lambda: "points.csv" in said(pilot), "the cause")
        await write(pilot, "network.hidden", "3")
        await state(pilot, "failed")
        table.write_text("a,b,y\n" + "".join(f"{i},{-i},{i % 2}\n" for i in range(20)))
        await press(pilot, "escape", "r")
        await ready(pilot)
        assert _sizes(lab) == (2, 3, 1)


async def test_settings_that_do_not_fit_are_refused_at_their_field() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.set("network.output", "tanh")
        await state(pilot, "failed")
        assert any("cross-entropy" in error for error in lab.form.errors.values())
        lab.form.set("training.cost", "quadratic")
        await ready(pilot)
        assert lab.form.errors == {}


async def test_a_mini_batch_larger_than_the_data_is_refused_before_a_run() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        row = lab.form.row("training.batch_size")
        await write(pilot, "training.batch_size", "500")
        assert "1 … 80" in row.error
        assert lab.session.status == "ready"
        await write(pilot, "training.batch_size", "20")
        await ready(pilot)
        assert row.error == ""


async def test_a_mini_batch_larger_than_the_data_does_not_disturb_a_run() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await write(pilot, "training.batch_size", "500")
        row = lab.form.row("training.batch_size")
        assert "1 … 80" in row.error
        assert row.editor.value == "500"
        assert lab.session.config.training.batch_size == 10
        await until(pilot, lambda: "Until then it is 10." in said(pilot), "the message line")
        assert lab.session.config == lab.preset.config
        await press(pilot, "escape", "r")
        await ready(pilot)
        assert lab.session.last.batch_size == 10
        await press(pilot, "space")
        await write(pilot, "optimizer.eta", "0.1")
        await until(pilot, lambda: lab.session.last.eta == 0.1, "the new η")
        assert lab.session.status == "training"
        assert lab.session.last.batch_size == 10
        await write(pilot, "training.batch_size", "full")
        await until(pilot, lambda: lab.session.last.batch_size == 80, "full batches")
        assert row.error == ""


async def test_the_form_keeps_what_parse_gave() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        assert lab.form.config == parse(LONG)
