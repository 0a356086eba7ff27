"""Runs that go on from one of their moments, and runs that are edited, in their thread."""

import json
import threading
from dataclasses import replace

import numpy as np
import pytest
from runner_watch import CONFIG

from tuinn.config import Config, changed
from tuinn.experiment import build, make_trainer
from tuinn.history import SCALARS
from tuinn.numbers import significant

EXACT = [name for name in SCALARS if name != "seconds"]


def config_of(name, **more):
    config = changed(changed(CONFIG, "optimizer.name", name), "stop.epochs", 40)
    for path, value in more.items():
        config = changed(config, path.replace("__", "."), value)
    return config


def stepped(run, updates):
    """Make so many updates and pause, so that there is a moment."""
    before = run.poll().update
    run.runner.step(updates)
    return run.until(lambda r: r.status == "paused" and r.update == before + updates)


def finished(run):
    run.runner.start()
    return run.status("finished")


def forked(run, update, config):
    before = len(run.forks)
    run.runner.fork(update, config)
    return run.until(lambda r: len(run.forks) > before)


def state(run):
    """The whole state, without the time it took."""
    arrays = run.runner.experiment.trainer.dump()
    numbers = json.loads(str(arrays.pop("numbers")))
    del numbers["seconds"]
    return arrays, numbers


def same(one, other):
    assert one[1] == other[1]
    assert one[0].keys() == other[0].keys()
    for name in one[0]:
        np.testing.assert_array_equal(one[0][name], other[0][name])


@pytest.mark.parametrize("name", ["sgd", "adam", "nesterov", "genetic"])
def test_a_fork_without_a_change_is_the_parent_bit_for_bit(watch, name):
    config = config_of(name, regularisation__alpha=0.1, stop__patience=39)
    run = watch(config)
    run.status("ready")
    # eight updates an epoch: in the middle of the second
    stepped(run, 13)
    here = state(run)
    for _ in range(4):
        stepped(run, 5)
    at_33 = state(run)
    finished(run)
    end, history = state(run), run.history
    report = forked(run, 13, config)
    assert (report.status, report.message, report.update) == ("paused", "", 13)
    assert report.snapshots[0].update == 13
    same(state(run), here)
    for _ in range(4):
        stepped(run, 5)
    same(state(run), at_33)
    finished(run)
    same(state(run), end)
    (branch,) = history.branches
    common, ours, theirs = np.intersect1d(
        history.x("update"), branch.x("update"), return_indices=True
    )
    assert {13, 18, 23, 28, 33, history.last.update} <= set(common)
    for figure in EXACT:
        np.testing.assert_array_equal(
            history.column(figure)[ours], branch.column(figure)[theirs], figure
        )
    for figure in ("delta", "weight_norm"):
        for layer in range(1, history.layers + 1):
            np.testing.assert_array_equal(
                history.layer_column(layer, figure)[ours],
                branch.layer_column(layer, figure)[theirs],
            )


def test_a_fork_with_live_changes_is_the_run_that_was_changed_there(watch):
    run = watch()
    run.status("ready")
    stepped(run, 13)
    stepped(run, 50)
    config = changed(changed(CONFIG, "optimizer.eta", 0.125), "training.batch_size", 5)
    config = changed(changed(config, "regularisation.alpha", 0.5), "stop.epochs", 20)
    trainer = run.runner.experiment.trainer
    forked(run, 13, config)
    assert run.runner.experiment.trainer is trainer
    assert run.runner.config == run.runner.experiment.config == config
    finished(run)
    expected = build(CONFIG).trainer
    expected.run(13)
    expected.change(eta=0.125, alpha=0.5, batch_size=5, stop=replace(expected.stop, epochs=20))
    expected.run(10**6)
    assert (run.history.last.theta == expected.theta).all()
    assert run.history.last.update == expected.update
    (fork,) = run.forks
    # in the order of the form
    assert fork.text == (
        "fork at update 13: mini-batch 10 → 5, η 0.5 → 0.125, α 0 → 0.5, epochs 200 → 20"
    )
    assert fork.mark.text == fork.text.replace(" at update 13", "")
    assert (fork.mark.update, fork.mark.epoch) == (13, 13 / 8)
    assert fork.mark in run.history.marks


def test_a_fork_with_another_method_is_a_new_trainer_over_the_same_data(watch):
    run = watch()
    run.status("ready")
    stepped(run, 13)
    stepped(run, 50)
    before = run.runner.experiment
    theta = run.history.last.theta
    config = changed(changed(CONFIG, "optimizer.name", "adam"), "training.cost", "quadratic")
    # first weights do not matter
    config = changed(config, "network.init", "large")
    forked(run, 13, config)
    experiment = run.runner.experiment
    assert experiment.split is before.split
    assert experiment.trainer is not before.trainer
    assert experiment.trainer.optimizer.name == "adam"
    parent = build(CONFIG).trainer
    parent.run(13)
    assert (run.history.last.theta == parent.theta).all()
    stepped(run, 40)
    expected = make_trainer(config, before.dataset, before.split)
    expected.branch(parent.dump())
    expected.run(40)
    assert (run.history.last.theta == expected.theta).all()
    assert not (run.history.last.theta == theta).all()
    assert run.forks[0].text == (
        "fork at update 13: cost cross-entropy → quadratic, optimiser sgd → adam, η 0.5 → 0.001"
    )
    # what is before the fork can be gone back to, though it is of another method
    forked(run, 0, config)
    assert run.history.last.update == 0
    fresh = make_trainer(changed(config, "network.init", "scaled"), before.dataset, before.split)
    stepped(run, 9)
    fresh.run(9)
    assert (run.history.last.theta == fresh.theta).all()


def test_the_rewind_is_cut_at_a_fork_and_cleared_by_a_new_run(watch):
    run = watch()
    run.status("ready")
    for _ in range(5):
        stepped(run, 8)
    updates = [moment.snapshot.update for moment in run.runner.rewind.moments]
    # not only those after a step
    assert {0, 8, 16, 24, 32, 40} <= set(updates)
    assert set(updates) == {int(update) for update in run.history.x("update")}
    forked(run, 16, changed(CONFIG, "regularisation.alpha", 1.0))
    moments = run.runner.rewind.moments
    assert [m.snapshot.update for m in moments] == [u for u in updates if u <= 16]
    # that of the fork is the child's
    assert [m.snapshot.alpha for m in moments[-2:]] == [0.0, 1.0]
    assert run.history.last is moments[-1].snapshot
    run.runner.reset(CONFIG)
    run.until(lambda r: r.reset)
    run.status("ready")
    assert [m.snapshot.update for m in run.runner.rewind.moments] == [0]
    assert run.history.branches == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"network.hidden": (9,)}, "data, network and seed: `network.hidden` waits for r"),
        ({"seed": 4, "data.noise": 0.3}, "seed: `seed`, `data.noise` wait for r"),
        ({"training.batch_size": 81}, "`training.batch_size` must be 1 … 80"),
        ({"training.batch_size": 81, "optimizer.name": "adam"}, "`training.batch_size` must be 1"),
        ({"training.cost": "quadratic", "network.output": "tanh"}, "`network.output` waits for r"),
    ],
)
def test_a_fork_that_is_refused_says_why_and_leaves_the_run_as_it_was(watch, changes, message):
    run = watch()
    run.status("ready")
    stepped(run, 13)
    stepped(run, 30)
    before, moments = state(run), run.runner.rewind.moments
    config = CONFIG
    for path, value in changes.items():
        config = changed(config, path, value)
    run.runner.fork(13, config)
    report = run.until(lambda r: r.message)
    assert message in report.message
    assert (report.status, report.update) == ("paused", 43)
    same(state(run), before)
    assert run.runner.rewind.moments is moments
    assert run.runner.config == CONFIG
    run.runner.fork(50_000, CONFIG)
    assert "update 50 000 is not kept" in run.until(lambda r: "kept" in r.message).message
    stepped(run, 1)
    assert run.forks == []


def test_a_run_that_has_diverged_goes_on_from_before(watch):
    wild = changed(config_of("sgd", data__set="plane"), "optimizer.eta", 1e6)
    wild = changed(changed(wild, "network.output", "identity"), "training.cost", "quadratic")
    wild = changed(changed(wild, "network.activation", "relu"), "training.batch_size", 1)
    run = watch(wild)
    run.status("ready")
    stepped(run, 1)
    run.runner.start()
    end = run.status("diverged").update
    tame = changed(wild, "optimizer.eta", 0.001)
    run.runner.fork(end, tame)
    assert (
        "the run has diverged there: fork from an earlier"
        in run.until(lambda r: "there" in r.message).message
    )
    forked(run, 0, tame)
    stepped(run, 5)
    assert np.isfinite(run.history.last.train_loss)


def test_a_finished_run_goes_on_from_its_middle_and_wakes_for_more_epochs(watch):
    run = watch(changed(CONFIG, "stop.epochs", 5))
    run.status("ready")
    finished(run)
    # without more epochs there is nothing to do at its end
    assert forked(run, 40, run.runner.config).status in ("paused", "finished")
    assert run.status("finished").message == "5 epochs done"
    longer = changed(CONFIG, "stop.epochs", 6)
    assert forked(run, 40, longer).status == "paused"
    assert finished(run).update == 48
    assert run.forks[1].text == "fork at update 40: epochs 5 → 6"


def test_the_text_of_a_fork_compares_with_what_was_followed_there(watch):
    run = watch()
    run.status("ready")
    stepped(run, 10)
    run.runner.change(eta=0.25, stop=replace(run.runner.experiment.trainer.stop, epochs=300))
    stepped(run, 10)
    run.runner.change(eta=0.125)
    stepped(run, 10)
    now = changed(CONFIG, "stop.epochs", 300)
    forked(run, 20, changed(now, "optimizer.eta", 1.0))
    stepped(run, 10)
    forked(run, 10, changed(now, "optimizer.eta", 1.0))
    forked(run, 10, changed(now, "optimizer.eta", 1.0))
    forked(run, 0, CONFIG)
    assert [fork.text for fork in run.forks] == [
        "fork at update 20: η 0.125 → 1",
        "fork at update 10: η 0.25 → 1",
        "fork at update 10",
        "fork at update 0",
    ]


def test_several_forks_between_two_polls_keep_their_snapshots_apart(watch):
    run = watch()
    run.status("ready")
    stepped(run, 10)
    queued = threading.Event()
    run.runner._do(queued.wait)
    run.runner.step(6)
    run.runner.fork(10, changed(CONFIG, "optimizer.eta", 0.25))
    run.runner.fork(0, CONFIG)
    queued.set()
    # a step is done in chunks between commands: what was not made before the fork is forgotten
    run.until(lambda r: len(run.forks) == 2)
    assert run.history.x("update").tolist() == [0]
    assert run.history.branches[-1].x("update")[0] == 0
    assert run.history.branches[-1].x("update")[-1] == 10


def test_one_weight_is_edited_while_the_run_is_paused(watch):
    run = watch()
    run.status("ready")
    stepped(run, 13)
    before = run.history.last
    network = run.runner.experiment.trainer.network
    run.runner.edit(2, 0, 3, 2.0)
    report = run.until(lambda r: r.marks)
    after = run.history.last
    assert (report.status, after.update) == ("paused", 13)
    old, new = network.W(before.theta)[1][0, 3], network.W(after.theta)[1][0, 3]
    assert new == 2.0
    assert np.count_nonzero(before.theta != after.theta) == 1
    assert after.train_loss != before.train_loss
    assert report.marks[0].text == f"w²₁₄ {significant(old)} → 2.00"
    assert (report.marks[0].update, report.marks[0].epoch) == (13, 13 / 8)
    # the moment is that of the edited run
    assert run.runner.rewind.moments[-1].snapshot is after
    assert run.history.x("update").tolist()[-2:] != [13, 13]
    expected = build(CONFIG).trainer
    expected.run(13)
    expected.set_parameter(2, 0, 3, 2.0)
    expected.run(27)
    stepped(run, 27)
    assert (run.history.last.theta == expected.theta).all()
    forked(run, 13, CONFIG)
    assert (run.history.last.theta == after.theta).all()


def test_a_bias_is_edited_in_full_flight(watch):
    run = watch(changed(CONFIG, "stop.epochs", 10**7))
    run.runner.start()
    run.until(lambda r: r.update > 50)
    run.runner.edit(1, 4, None, -3.0)
    report = run.until(lambda r: run.marks)
    assert run.marks[0].text.startswith("b¹₅ ")
    assert run.marks[0].text.endswith(" → −3.00")
    assert report.status == "training"
    run.until(lambda r: r.update > report.update)


def test_the_loss_leaps_where_alpha_was_changed_in_full_flight(watch):
    run = watch(changed(CONFIG, "stop.epochs", 10**7))
    run.runner.start()
    run.until(lambda r: r.update > 50)
    run.runner.change(alpha=5.0)
    run.until(lambda r: run.marks and r.update > run.marks[0].update)
    run.runner.pause()
    run.status("paused")
    place = run.marks[0].update
    at = np.flatnonzero(run.history.x("update") == place)
    assert run.history.column("alpha")[at].tolist() == [0, 5]
    before, after = run.history.column("train_loss")[at]
    trainer, moment = run.runner.experiment.trainer, run.runner.rewind.nearest("update", place)
    squares = sum((W**2).sum() for W in trainer.network.W(moment.snapshot.theta))
    assert after - before == pytest.approx(5 / (2 * trainer.m) * squares)


def test_an_edit_that_is_refused_says_why(watch):
    run = watch()
    run.status("ready")
    stepped(run, 3)
    run.runner.edit(3, 0, 0, 1.0)
    report = run.until(lambda r: r.message)
    assert report.message == "`layer` must be 1 … 2; got 3"
    assert report.status == "paused"
    run.runner.edit(1, 0, 0, 1.0)
    run.until(lambda r: r.message == "" and run.marks)
    search = watch(config_of("genetic"))
    search.status("ready")
    search.runner.edit(1, 0, 0, 1.0)
    assert "genetic has no single θ to edit" in search.until(lambda r: r.message).message


def test_an_edit_may_end_or_wake_a_run(watch):
    run = watch(changed(CONFIG, "stop.target_loss", 0.69))
    run.status("ready")
    run.runner.start()
    assert "target loss" in run.status("finished").message
    run.runner.edit(2, 0, None, 40.0)
    run.status("paused")
    assert run.history.last.train_loss > 5


def test_what_a_run_keeps_is_bounded_by_bytes(watch):
    run = watch(rewind_bytes=40_000)
    run.status("ready")
    finished(run)
    assert 2 < len(run.runner.rewind.moments) < 20
    assert run.runner.rewind.nbytes <= 40_000
    assert run.runner.rewind.moments[-1].snapshot is run.history.last


def test_a_fork_after_a_failure_does_nothing(watch, tmp_path):
    run = watch(changed(CONFIG, "data.set", "none.csv"), folder=tmp_path)
    report = run.status("failed")
    run.runner.fork(0, Config())
    run.runner.edit(1, 0, 0, 1.0)
    run.drained()
    assert run.poll().message == report.message


def test_what_may_be_read_is_that_of_the_last_poll(watch):
    run = watch()
    run.status("ready")
    stepped(run, 20)
    experiment, rewind, moments = (
        run.runner.experiment,
        run.runner.rewind,
        run.runner.rewind.moments,
    )
    run.runner.reset(changed(CONFIG, "network.hidden", (3, 2)))
    run.drained()
    # another network is built, but a screen draws with what it was told of
    assert run.runner.experiment is experiment
    assert run.runner.rewind is rewind
    assert rewind.moments is moments
    report = run.poll()
    assert report.reset
    assert report.update == report.snapshots[0].update == 0
    assert run.runner.experiment.trainer.network.sizes == (2, 3, 2, 1)
    assert [moment.snapshot for moment in run.runner.rewind.moments] == list(report.snapshots)
