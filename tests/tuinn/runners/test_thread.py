"""The trainer in its thread: commands, reports, and what happens when something breaks."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from runner_watch import CONFIG, PATIENCE

from tuinn.config import changed
from tuinn.experiment import build
from tuinn.runners.cadence import Cadence


def test_a_run_from_loading_to_the_end(watch):
    run = watch()
    assert run.status("ready").update == 0
    assert [snapshot.update for snapshot in run.snapshots] == [0]
    run.runner.start()
    report = run.status("finished")
    assert report.message == "200 epochs done"
    assert report.update == 200 * 8
    updates = [snapshot.update for snapshot in run.snapshots]
    assert updates == sorted(set(updates))
    assert updates[-1] == 1600
    # the beginning is dense, however fast the network is
    assert len([update for update in updates if update < 100]) >= 20


def test_the_thread_computes_what_a_plain_trainer_computes(watch):
    run = watch()
    run.runner.start()
    run.status("finished")
    trainer = build(CONFIG).trainer
    trainer.run(10**6)
    assert (run.snapshots[-1].theta == trainer.theta).all()


def test_step_epoch_and_pause(watch):
    run = watch(changed(CONFIG, "stop.epochs", 10**7), interval=60.0)
    run.status("ready")
    run.runner.step()
    assert run.until(lambda r: r.status == "paused").update == 1
    run.runner.step(4)
    run.until(lambda r: r.status == "paused" and r.update == 5)
    run.runner.epoch()
    assert run.until(lambda r: r.status == "paused" and r.update > 5).update == 8
    run.runner.epoch()
    assert run.until(lambda r: r.status == "paused" and r.update > 8).epoch == 2.0
    run.runner.start()
    # late enough that snapshots by the update are rare
    run.until(lambda r: r.update > 30_000)
    run.runner.pause()
    paused = run.status("paused")
    assert run.poll().update == paused.update
    assert run.snapshots[-1].update == paused.update


def test_what_is_asked_for_adds_up_and_is_done_in_its_order(watch):
    run = watch(changed(CONFIG, "stop.epochs", 10**7))
    run.status("ready")
    for _ in range(5):
        run.runner.epoch()
    run.until(lambda r: r.status == "paused" and r.update == 5 * 8)
    run.runner.step()
    run.runner.step(2)
    run.runner.epoch()
    run.until(lambda r: r.status == "paused" and r.update == 6 * 8)
    run.runner.epoch()
    run.runner.step(3)
    run.until(lambda r: r.status == "paused" and r.update == 7 * 8 + 3)


def test_a_pause_and_a_start_forget_what_was_asked_for(watch):
    run = watch(changed(CONFIG, "stop.epochs", 10**7))
    run.status("ready")
    run.runner.set_pace(1e-3)
    for _ in range(3):
        run.runner.epoch()
    run.status("training")
    run.runner.pause()
    run.status("paused")
    run.runner.set_pace(None)
    run.runner.epoch()
    run.until(lambda r: r.status == "paused" and r.update == 8)
    run.runner.step(10**7)
    run.runner.start()
    run.runner.step(3)
    run.drained()
    run.until(lambda r: r.status == "paused")
    made = run.poll().update
    run.runner.reset()
    run.status("ready")
    run.runner.epoch()
    assert run.until(lambda r: r.status == "paused").update == 8
    assert made > 8


def test_the_end_of_a_run_forgets_what_was_asked_for_beyond_it(watch):
    run = watch()
    run.status("ready")
    run.runner.step(200 * 8 + 50)
    run.status("finished")
    run.runner.change(stop=replace(run.runner.experiment.trainer.stop, epochs=300))
    run.status("paused")
    run.runner.step()
    assert run.until(lambda r: r.status == "paused" and r.update > 1600).update == 1601


def test_what_is_asked_for_while_a_paced_run_waits_does_not_hold_it_up(watch, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("tuinn.runners.training.perf_counter", lambda: clock[0])
    run = watch(changed(CONFIG, "stop.epochs", 10**7))
    run.status("ready")
    run.runner.set_pace(1.0)
    run.runner.step()
    run.drained()
    clock[0] = 0.9
    run.runner.step()
    run.drained()
    clock[0] = 1.1
    run.until(lambda r: r.update == 1)
    clock[0] = 2.1
    run.until(lambda r: r.status == "paused" and r.update == 2)


def test_reset_gives_the_same_run_again(watch):
    run = watch()
    run.runner.start()
    run.status("finished")
    first = run.snapshots[-1].theta
    run.runner.reset()
    assert run.until(lambda r: r.status == "ready").update == 0
    assert run.resets == 2
    run.runner.start()
    run.status("finished")
    assert (run.snapshots[-1].theta == first).all()
    assert len([snapshot for snapshot in run.snapshots if snapshot.update < 100]) >= 20
    run.runner.reset(changed(CONFIG, "seed", 7))
    run.status("ready")
    run.runner.start()
    run.status("finished")
    assert not np.array_equal(run.snapshots[-1].theta, first)


def test_a_change_in_mid_run_takes_effect_and_leaves_a_mark(watch):
    run = watch()
    run.status("ready")
    # before the first update there is no curve to mark
    run.runner.change(eta=0.25)
    run.runner.change(eta=0.5)
    run.runner.step(10)
    run.until(lambda r: r.update == 10)
    run.runner.change(eta=0.125, alpha=0.5)
    run.runner.step()
    run.until(lambda r: r.update == 11)
    assert [(mark.update, mark.text) for mark in run.marks] == [(10, "η 0.5 → 0.125, α 0 → 0.5")]
    assert (run.snapshots[-1].eta, run.snapshots[-1].alpha) == (0.125, 0.5)


def test_a_refused_change_is_told_and_the_run_goes_on(watch):
    run = watch()
    run.status("ready")
    run.runner.step(10)
    run.until(lambda r: r.update == 10)
    run.runner.change(batch_size=1000)
    report = run.until(lambda r: r.message)
    assert "`training.batch_size` must be 1 … 80" in report.message
    assert report.status == "paused"
    run.runner.change(batch_size=20)
    run.until(lambda r: r.message == "")
    run.runner.start()
    assert run.status("finished").message == "200 epochs done"


def test_more_epochs_wake_a_finished_run(watch):
    run = watch()
    run.runner.start()
    run.status("finished")
    stop = replace(run.runner.experiment.trainer.stop, epochs=201)
    run.runner.change(stop=stop)
    run.until(lambda r: r.status == "paused")
    run.runner.start()
    assert run.until(lambda r: r.status == "finished" and r.update > 1600).update == 1608


def test_a_holding_screen_stops_the_updates(watch, monkeypatch):
    monkeypatch.setattr("tuinn.runners.thread.HOLD_LIMIT", PATIENCE)
    run = watch(changed(CONFIG, "stop.epochs", 10**7))
    run.runner.start()
    run.until(lambda r: r.update > 100)
    run.runner.hold()
    # one chunk may still be under way; then the same update is seen again and again
    seen = []
    run.until(lambda r: seen.append(r.update) or (len(seen) > 20 and len(set(seen[-20:])) == 1))
    run.runner.release()
    held = run.poll().update
    run.until(lambda r: r.update > held + 100)


def test_a_screen_that_never_releases_slows_the_run_only(watch, monkeypatch):
    monkeypatch.setattr("tuinn.runners.thread.HOLD_LIMIT", 0.001)
    run = watch(changed(CONFIG, "stop.epochs", 10**7))
    run.runner.hold()
    run.runner.start()
    run.until(lambda r: r.update > 100)


def test_a_pace_makes_so_many_updates_in_a_second_and_changes_nothing_else(watch, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("tuinn.runners.training.perf_counter", lambda: clock[0])

    def stands_at(update):
        seen = []
        paced.until(
            lambda r: seen.append(r.update) or (len(seen) > 20 and len(set(seen[-20:])) == 1)
        )
        assert seen[-1] == update

    paced = watch()
    paced.status("ready")
    paced.runner.set_pace(2_000.0)
    paced.runner.start()
    # the clock stands still: not one update is due
    stands_at(0)
    clock[0] = 0.125
    paced.until(lambda r: r.update == 250)
    stands_at(250)
    paced.runner.set_pace(None)
    paced.status("finished")
    trainer = build(CONFIG).trainer
    trainer.run(10**6)
    assert (paced.snapshots[-1].theta == trainer.theta).all()


def test_bad_input_is_told_and_another_try_works(watch, tmp_path):
    run = watch(changed(CONFIG, "data.set", "none.csv"), folder=tmp_path)
    report = run.status("failed")
    assert "none.csv" in report.message
    # commands that need a run do nothing, and the cause stays
    for command in (
        run.runner.start,
        run.runner.pause,
        run.runner.step,
        run.runner.epoch,
        lambda: run.runner.change(eta=0.1),
        lambda: run.runner.set_pace(5.0),
        lambda: run.runner.set_pace(None),
    ):
        command()
    run.drained()
    assert run.poll() == replace(report, reset=False)
    run.runner.reset(CONFIG)
    run.status("ready")


def test_after_a_failed_reset_the_run_before_does_not_go_on(watch, tmp_path):
    run = watch(folder=tmp_path)
    run.status("ready")
    run.runner.reset(changed(CONFIG, "data.set", "none.csv"))
    run.status("failed")
    run.runner.start()
    run.drained()
    assert (run.poll().status, run.poll().update) == ("failed", 0)


def test_the_end_of_an_epoch_is_found_though_the_mini_batch_changes_on_the_way(watch):
    run = watch(changed(CONFIG, "stop.epochs", 10**7))
    run.status("ready")
    both_queued = threading.Event()
    run.runner._do(both_queued.wait)
    run.runner.epoch()
    run.runner.change(batch_size=1)
    both_queued.set()
    report = run.until(lambda r: r.status == "paused")
    assert (report.epoch, report.update) == (1.0, 80)


def test_a_report_is_of_one_moment(watch):
    run = watch()
    run.status("ready")
    # as it is amid an update
    run.runner.experiment.trainer.update = 3
    assert run.poll().update == 0


def test_a_pace_must_be_above_zero(watch):
    run = watch()
    for pace in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="the pace must be > 0 updates per second; got"):
            run.runner.set_pace(pace)


def test_an_exception_in_the_engine_is_told_with_its_cause(watch):
    run = watch()
    run.status("ready")
    # a defect of the engine: θ is lost
    run.runner.experiment.trainer._rule = None
    run.runner.start()
    report = run.status("failed")
    assert "Error" in report.message
    assert ".py, line" in report.message
    run.runner.reset()
    run.status("ready")


def test_divergence_stops_the_run_and_names_the_quantity(watch):
    config = CONFIG
    for path, value in {
        "data.set": "plane",
        "network.activation": "relu",
        "network.output": "identity",
        "training.cost": "quadratic",
        "optimizer.eta": 1e6,
    }.items():
        config = changed(config, path, value)
    run = watch(config)
    run.runner.start()
    report = run.status("diverged")
    assert "of layer" in report.message
    assert "smaller η" in report.message


def test_cadence_is_dense_at_first_then_by_the_clock():
    cadence = Cadence(interval=0.1)
    taken, cost, at = [], 0.001, 0.01
    for update in range(20_000):
        now = update * 1e-4
        if cadence.due(now=now, update=update, seconds=now, epoch_ended=False):
            cadence.taken(now=now, update=update, cost=cost)
            taken.append(update)
    assert taken[:20] == list(range(20))
    # from 1000 updates on a step of five per cent or a tenth of a second
    late = np.diff([update for update in taken if update > 10_000])
    assert (late <= 1000).all()
    assert len(taken) * cost < 0.25 + 0.1 * 2 + at


def test_cadence_holds_an_expensive_evaluation_to_its_share():
    cadence = Cadence(interval=0.1)
    taken = 0
    for update in range(1000):
        now = update * 0.01
        if cadence.due(now=now, update=update, seconds=now, epoch_ended=False):
            cadence.taken(now=now, update=update, cost=0.2)
            taken += 1
    assert taken * 0.2 <= 0.25 + 0.1 * 10 + 0.2


def test_cadence_shows_an_epochs_end_however_expensive_it_is():
    cadence = Cadence(interval=0.1)
    cadence.taken(now=0.0, update=10, cost=100.0)
    assert cadence.due(now=0.1, update=11, seconds=0.1, epoch_ended=True)
    assert not cadence.due(now=0.1, update=11, seconds=0.1, epoch_ended=False)
    assert not cadence.due(now=0.05, update=11, seconds=0.1, epoch_ended=True)
