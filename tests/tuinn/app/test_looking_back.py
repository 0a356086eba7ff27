"""Looking back in the lab: moments of the past in all views, and runs that go on from them."""

from __future__ import annotations

from typing import Any

import numpy as np
from app_driver import (
    LONG,
    app_of,
    chart,
    press,
    ready,
    said,
    shown_text,
    state,
    trained,
    until,
)
from inside_driver import SMALL, Plain, look_back, stepped, text_of, theta_at
from textual.events import Key
from textual.pilot import Pilot

from tuinn.config import get
from tuinn.numbers import count, significant
from tuinn.screens.lab import Lab
from tuinn.widgets.header import TitleBar

FEW: dict[str, Any] = SMALL | {"stop": {"epochs": 2}}
"""16 updates, so that a cell of the x axis is less than one of them."""
DIVERGING: dict[str, Any] = {
    "data": {"set": "plane", "n": 100},
    "network": {"hidden": [8], "activation": "relu", "output": "identity"},
    "training": {"cost": "quadratic", "batch_size": 5},
    "optimizer": {"eta": 50.0},
}


async def few(pilot: Pilot[None], updates: int = 8) -> Lab:
    """A run of so many updates, each of which can be gone back to."""
    lab = await ready(pilot)
    await stepped(pilot, lab, updates)
    return lab


async def frames(pilot: Pilot[None], lab: Lab, number: int = 2) -> None:
    begun = lab._frames
    await until(pilot, lambda: lab._frames > begun + number, "frames")


# to and fro


async def test_the_arrows_go_back_by_moments_and_all_panels_follow() -> None:
    async with app_of(FEW).run_test(size=(160, 45)) as pilot:
        lab = await few(pilot)
        assert lab.looked_at is None
        # the first goes to the last moment, which is shown anyway
        for update in (8, 7, 6, 5):
            await press(pilot, "left")
            assert lab.moment.update == update
        assert lab.looked_at.snapshot is lab.moment
        assert {panel.cursor for panel in lab.dashboard._panels.along_x} == {5 / 8}
        assert said(pilot).startswith("Looking back: all panels show update 5, epoch 0.625.")
        assert lab.dashboard.panels[5]._snapshot is lab.moment
        assert lab.dashboard.panels[6]._snapshot is lab.moment
        plain = Plain(lab, theta_at(lab, 5))
        shrinks = 0.5 * 0.5 / 80 * np.linalg.norm(plain.W[0])
        assert f"l=1  {significant(shrinks, 2)} " in text_of(lab, 6)
        # beside them the decision surface is that of then
        assert lab.dashboard.surface.display
        assert lab.inside._drawn[7][0] is lab.moment
        await press(pilot, "right")
        assert lab.moment.update == 6
        await press(pilot, "0")
        assert (lab.looked_at, lab.moment.update) == (None, 8)
        assert said(pilot).startswith("Paused.")
        assert lab.dashboard.panels[5]._snapshot is lab.session.last
        await press(pilot, "left", "left", "escape")
        assert (lab.looked_at, lab.moment.update) == (None, 8)
        # from a panel that has no time axis as well
        await press(pilot, "left", "left", "]", "]", "]", "]", "escape")
        assert lab.dashboard.current == 5
        assert (lab.looked_at, lab.moment.update) == (None, 8)


async def test_the_arrows_pass_no_moments_by_at_the_beginning_of_a_long_run() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await few(pilot, 5)
        seen = []
        for _ in range(4):
            await press(pilot, "left")
            seen.append(lab.moment.update)
        assert seen == [5, 4, 3, 2]


async def test_what_waits_for_a_reset_does_not_hide_which_moment_is_shown() -> None:
    async with app_of(FEW).run_test(size=(120, 40)) as pilot:
        lab = await few(pilot)
        await look_back(pilot, lab, 3)
        lab.form.set("training.cost", "cross-entropy")
        await until(pilot, lambda: lab.session.pending == ["training.cost"], "the other cost")
        back = "Looking back: all panels show update 3,"
        await until(pilot, lambda: said(pilot).startswith(back), "what is shown")
        await press(pilot, "0")
        assert said(pilot).startswith("Changed: cost quadratic → cross-entropy.")


async def test_training_goes_on_while_one_looks_back() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await press(pilot, "left")
        await until(pilot, lambda: lab.looked_at is not None, "a past")
        moment = lab.looked_at
        made, points = lab.session.report.update, len(lab.session.history)
        await until(pilot, lambda: lab.session.report.update > made + 50, "more updates")
        await until(pilot, lambda: len(lab.session.history) > points, "more of the curve")
        assert lab.session.status == "training"
        assert lab.looked_at is moment
        assert lab.dashboard.panels[5]._snapshot is moment.snapshot
        assert f"update {count(moment.snapshot.update)}," in said(pilot)
        assert chart(pilot, 1)._series[0].x[-1] > moment.snapshot.epoch
        # the histograms show that moment in numbers, and all that has come after it
        await press(pilot, "9")
        await until(pilot, lambda: lab.inside._strip.now is not None, "the histograms")
        made = lab.session.report.update
        await until(pilot, lambda: lab.inside._strip.columns[-1].update > made, "more columns")
        assert lab.inside._strip.now.update == moment.snapshot.update
        await press(pilot, "f")
        await state(pilot, "paused")
        assert lab.session.report.update == moment.snapshot.update
        assert lab.looked_at is None
        assert said(pilot).startswith(f"Fork at update {count(moment.snapshot.update)}.")


async def test_the_pointer_reads_values_and_a_click_goes_back() -> None:
    async with app_of(FEW).run_test(size=(120, 40)) as pilot:
        lab = await few(pilot)
        loss = chart(pilot, 1)
        middle = loss.size.width // 2 - 6, 5
        await pilot.hover(loss, offset=middle)
        await until(pilot, lambda: loss.cursor is not None, "the cursor")
        assert loss.cursor < 1
        assert (lab.looked_at, lab.moment) == (None, lab.session.last)
        assert lab.dashboard.panels[5]._snapshot is lab.session.last
        assert said(pilot).startswith("Paused.")
        await pilot.click(loss, offset=middle)
        await until(pilot, lambda: lab.looked_at is not None, "the past")
        assert lab.looked_at.snapshot.epoch == loss.cursor
        assert lab.dashboard.panels[5]._snapshot is lab.looked_at.snapshot
        # it stays there when the pointer leaves
        await pilot.hover(TitleBar)
        await frames(pilot, lab)
        assert lab.looked_at is not None


# forks


async def test_a_fork_without_a_change_repeats_its_parent_bit_by_bit() -> None:
    async with app_of(FEW).run_test(size=(120, 40)) as pilot:
        lab = await few(pilot)
        parent = [theta_at(lab, update) for update in range(9)]
        await look_back(pilot, lab, 3)
        await press(pilot, "f")
        await until(pilot, lambda: lab.session.report.update == 3, "the fork")
        await state(pilot, "paused")
        assert lab.looked_at is None
        assert [mark.text for mark in lab.session.history.marks] == ["fork"]
        assert np.array_equal(lab.session.last.theta, parent[3])
        await stepped(pilot, lab, 5)
        for update in range(9):
            assert np.array_equal(theta_at(lab, update), parent[update]), update


async def test_a_fork_takes_what_the_form_says_and_leaves_the_parent_as_a_ghost() -> None:
    async with app_of(FEW).run_test(size=(120, 40)) as pilot:
        lab = await few(pilot)
        parent = theta_at(lab, 4)
        losses = lab.session.history.column("train_loss").copy()
        await look_back(pilot, lab, 3)
        await press(pilot, "c", "A")
        await until(pilot, lambda: lab.session.built.regularisation.alpha == 1.0, "α of the run")
        await press(pilot, "f")
        await until(pilot, lambda: lab.session.report.update == 3, "the fork")
        trainer = lab.session.experiment.trainer
        assert (trainer.cost.name, trainer.alpha) == ("cross-entropy", 1.0)
        assert lab.session.pending == []
        text = "cost quadratic → cross-entropy, α 0.5 → 1"
        assert said(pilot).startswith(f"Fork at update 3: {text}.")
        assert lab.session.history.marks[-1].text == f"fork: {text}"
        assert [mark.text for mark in chart(pilot, 1)._marks] == [f"fork: {text}"]
        (branch,) = lab.session.history.branches
        # α was changed at its end
        assert branch.column("update").tolist() == [3, 4, 5, 6, 7, 8, 8]
        assert branch.column("train_loss")[:-1].tolist() == losses[3:].tolist()
        await stepped(pilot, lab, 1)
        assert not np.array_equal(lab.session.last.theta, parent)
        await until(pilot, lambda: any(one.ghost for one in chart(pilot, 1)._series), "the ghost")
        ghosts = [one for one in chart(pilot, 1)._series if one.ghost]
        assert ghosts[0].y[:-1].tolist() == losses[3:].tolist()
        assert "parent" in shown_text(pilot)
        # the update is the one of the textbook from there, with the other cost
        assert lab.session.last.update == 4
        # a new run has no parent
        await press(pilot, "r")
        await until(pilot, lambda: lab.session.report.update == 0, "the reset")
        await ready(pilot)
        assert lab.session.history.branches == ()
        assert lab.session.history.marks == []
        assert not any(one.ghost for one in chart(pilot, 1)._series)


async def test_keys_that_follow_each_other_quickly_fork_with_what_was_set() -> None:
    async with app_of(FEW).run_test(size=(120, 40)) as pilot:
        lab = await few(pilot, 2)
        for key in "cf":
            pilot.app.post_message(Key(key, key))
        await until(pilot, lambda: lab.session.history.marks, "the mark")
        assert lab.session.history.marks[-1].text == "fork: cost quadratic → cross-entropy"
        for key in "cr":
            pilot.app.post_message(Key(key, key))
        await until(pilot, lambda: lab.session.report.update == 0, "the reset")
        await ready(pilot)
        assert lab.session.experiment.trainer.cost.name == "quadratic"


async def test_a_fork_with_other_data_or_another_network_is_refused() -> None:
    async with app_of(FEW).run_test(size=(120, 40)) as pilot:
        lab = await few(pilot, updates=4)
        await look_back(pilot, lab, 2)
        experiment, moments = lab.session.experiment, lab.session.runner.rewind.moments
        for path, value, label in (
            ("network.hidden", (4,), "hidden"),
            ("data.n", 120, "examples"),
            ("seed", 7, "seed"),
        ):
            own = get(lab.form.config, path)
            lab.form.set(path, value)
            await until(pilot, lambda p=path: lab.session.pending == [p], "the form to differ")
            await press(pilot, "f")
            assert said(pilot) == f"A fork keeps data, network and seed: {label} waits for r."
            await frames(pilot, lab)
            assert lab.session.experiment is experiment
            assert lab.session.runner.rewind.moments == moments
            assert lab.session.report.update == lab.session.last.update == 4
            assert (lab.session.history.branches, lab.session.history.marks) == ((), [])
            # one is still there, and may think better of it
            assert lab.looked_at is not None
            assert get(lab.form.config, path) == value
            lab.form.set(path, own)
            await until(pilot, lambda: not lab.session.pending, "the form as it was")
        await press(pilot, "f")
        await until(pilot, lambda: lab.session.report.update == 2, "the fork")


async def test_a_fork_of_a_finished_run_goes_on() -> None:
    async with app_of(FEW).run_test(size=(120, 40)) as pilot:
        lab = await few(pilot)
        await press(pilot, "space")
        await state(pilot, "finished")
        await until(pilot, lambda: lab.session.last.update == 16, "the last moment")
        await look_back(pilot, lab, 5)
        back = "Looking back: all panels show update 5,"
        await until(pilot, lambda: said(pilot).startswith(back), "what is shown")
        await press(pilot, "f")
        await state(pilot, "paused")
        assert lab.session.report.update == 5
        await press(pilot, "space")
        await state(pilot, "finished")
        await until(pilot, lambda: lab.session.last.update == 16, "the end")
        assert "Finished: 2 epochs" in said(pilot)


async def test_a_run_that_has_diverged_is_forked_from_before_that() -> None:
    async with app_of(DIVERGING).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await stepped(pilot, lab, 1)
        await press(pilot, "space")
        await state(pilot, "diverged")
        await frames(pilot, lab)
        last = lab.session.report.update
        await press(pilot, "f")
        assert said(pilot).startswith("The run has diverged here: go back to an earlier moment")
        await frames(pilot, lab)
        assert (lab.session.status, lab.session.report.update) == ("diverged", last)
        await look_back(pilot, lab, 0)
        back = "Looking back: all panels show update 0,"
        await until(pilot, lambda: said(pilot).startswith(back), "what is shown")
        lab.form.set("optimizer.eta", 0.001)
        await press(pilot, "f")
        await state(pilot, "paused")
        assert (lab.session.report.update, lab.session.built.optimizer.eta) == (0, 0.001)
        await stepped(pilot, lab, 3)
        assert np.isfinite(lab.session.last.theta).all()
        assert lab.session.last.train_loss < lab.session.history.column("train_loss")[0]


async def test_another_seed_and_another_preset_clear_the_branches() -> None:
    async with app_of(FEW).run_test(size=(120, 40)) as pilot:
        lab = await few(pilot, updates=3)
        for again in ("R", "preset"):
            await look_back(pilot, lab, 1)
            await press(pilot, "f")
            await until(pilot, lambda: lab.session.history.branches, "the branch")
            await look_back(pilot, lab, 0)
            if again == "R":
                await press(pilot, "R")
            else:
                lab._open_preset("xor-backprop")
            await until(pilot, lambda: not lab.session.history.branches, "another run")
            await ready(pilot)
            await frames(pilot, lab)
            assert lab.session.report.update == 0
            assert len(lab.session.runner.rewind.moments) == 1
            assert lab.looked_at is None
            assert lab.session.history.marks == []
            assert not any(one.ghost for one in chart(pilot, 1)._series)
            # a new run has no past yet that one could still be looking back at
            assert chart(pilot, 1).cursor is None
            if again == "R":
                await stepped(pilot, lab, 3)
                assert lab.looked_at is None
