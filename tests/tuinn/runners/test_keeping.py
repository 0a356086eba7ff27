"""What the runs of a runner leave in the store, in a thread and in a process."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from runner_watch import CONFIG, ENDLESS, PATIENCE

from engine import Trainer
from tuinn.config import changed
from tuinn.experiment import build
from tuinn.runners.keep import Keep, KeepElsewhere
from tuinn.runners.process import ProcessRunner
from tuinn.store import Keeper, Store

PROGRAM = """
import json, sys
from runner_watch import ENDLESS, Watched
from tuinn.runners.keep import KeepElsewhere
from tuinn.runners.process import ProcessRunner

run = Watched(ENDLESS, kind=ProcessRunner, keep=KeepElsewhere("endless"))
run.runner.start()
run.until(lambda r: r.update > 1000 and run.runner.run_id is not None)
print(json.dumps([run.runner.pid, run.runner.run_id]), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def keeper(tmp_path):
    keeper = Keeper(tmp_path)
    yield keeper
    keeper.close()


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Opens the store; that of the processes, too."""
    monkeypatch.setenv("TUINN_HOME", str(tmp_path))
    opened = []

    def make(folder=None):
        opened.append(Store(folder))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


@pytest.fixture
def kept(watch, keeper):
    """Makes a runner in a thread whose runs are kept; and what is in the store then."""

    def make(config=ENDLESS, *, resume=None, **settings):
        return watch(config, keep=Keep(keeper, "some run", **settings), resume=resume)

    return make


def at(run, update):
    run.runner.step(update - run.poll().update)
    run.until(lambda r: r.status == "paused" and r.update == update)


def test_a_run_that_was_only_looked_at_leaves_nothing(kept, keeper, store, tmp_path):
    run = kept()
    run.status("ready")
    run.runner.change(eta=0.1)
    run.runner.close()
    assert run.runner.wait(PATIENCE)
    keeper.flush()
    assert store(tmp_path).runs() == []


def test_rows_marks_and_the_status_are_kept(kept, keeper, store, tmp_path):
    run = kept(CONFIG)
    run.status("ready")
    at(run, 7)
    keeper.flush()
    stored = store(tmp_path)
    (found,) = stored.runs()
    assert (found.name, found.status, found.update) == ("some run", "paused", 7)
    assert found.config == CONFIG
    assert found.id == run.runner.run_id
    run.runner.change(eta=0.1)
    run.runner.start()
    run.status("finished")
    keeper.flush()
    found = stored.run(found.id)
    assert (found.status, found.reason) == ("finished", "200 epochs done")
    assert found.changed
    assert found.now.optimizer.eta == 0.1
    assert [mark.text for mark in stored.marks(found.id)] == ["η 0.5 → 0.1"]
    told = {one.update: one.train_loss for one in run.snapshots}
    assert {one.update: one.train_loss for one in stored.snapshots(found.id)} == told


def test_what_is_changed_before_the_first_update_is_how_the_run_began(
    kept, keeper, store, tmp_path
):
    run = kept()
    run.status("ready")
    run.runner.change(eta=0.125)
    at(run, 3)
    keeper.flush()
    (found,) = store(tmp_path).runs()
    assert found.config.optimizer.eta == found.now.optimizer.eta == 0.125
    assert not found.changed
    assert next(store(tmp_path).snapshots(found.id)).eta == 0.125


def test_a_reset_leaves_the_run_before_and_begins_another(kept, keeper, store, tmp_path):
    run = kept()
    run.status("ready")
    at(run, 5)
    run.runner.keep = Keep(keeper, "another")
    run.runner.reset()
    run.status("ready")
    at(run, 2)
    run.runner.close("interrupted", "hung up")
    assert run.runner.wait(PATIENCE)
    keeper.flush()
    another, first = store(tmp_path).runs()
    assert (first.name, first.status, first.update) == ("some run", "stopped", 5)
    assert (another.name, another.status, another.reason, another.update) == (
        "another",
        "interrupted",
        "hung up",
        2,
    )


def test_a_fork_is_a_run_of_its_own(kept, keeper, store, tmp_path):
    run = kept()
    run.status("ready")
    for update in (4, 8, 12):
        at(run, update)
    run.runner.fork(8, changed(ENDLESS, "optimizer.eta", 0.1))
    run.until(lambda r: r.status == "paused" and r.update == 8)
    at(run, 10)
    keeper.flush()
    stored = store(tmp_path)
    fork, parent = stored.runs()
    assert (parent.status, parent.update) == ("stopped", 12)
    assert (fork.parent, fork.parent_update, fork.update) == (parent.id, 8, 10)
    assert fork.changed
    assert [one.update for one in stored.snapshots(parent.id)][-1] == 12
    updates = [one.update for one in stored.snapshots(fork.id)]
    assert [update for update in updates if update >= 8] in ([8, 9, 10], [8, 10], [8, 8, 10])
    assert [mark.text for mark in stored.marks(fork.id)] == ["fork: η 0.5 → 0.1"]
    run.runner.fork(9999, ENDLESS)
    assert "not kept" in run.until(lambda r: r.message).message
    keeper.flush()
    assert stored.run(fork.id).status == "paused"


def test_a_fork_that_is_changed_before_its_first_update_stays_a_fork(kept, keeper, store, tmp_path):
    run = kept()
    run.status("ready")
    at(run, 4)
    run.runner.fork(0, changed(ENDLESS, "optimizer.eta", 0.1))
    run.until(lambda r: r.status == "paused" and r.update == 0)
    run.runner.edit(1, 0, 0, 0.5)
    run.runner.change(eta=0.2)
    at(run, 2)
    keeper.flush()
    stored = store(tmp_path)
    fork, parent = stored.runs()
    assert (fork.parent, fork.parent_update, fork.changed) == (parent.id, 0, True)
    assert fork.config.optimizer.eta == 0.2
    told = [mark.text for mark in stored.marks(fork.id)]
    assert told[0] == "fork: η 0.5 → 0.1"
    assert "0.5" in told[1]


def test_the_state_of_a_run_is_kept_however_long_a_look_at_it_takes(
    kept, keeper, store, tmp_path, monkeypatch
):
    monkeypatch.setattr("tuinn.runners.cadence.Cadence.due", lambda self, **_: False)
    monkeypatch.setattr("tuinn.store.kept_run.CHECKPOINT_SECONDS", 0.0)
    run = kept()
    run.status("ready")
    run.runner.start()
    stored = store(tmp_path)
    run.until(lambda r: r.update and any(one.curve_update > 1000 for one in stored.runs()))
    (found,) = stored.runs()
    assert (found.status, found.update, found.rows) == ("training", 0, 1)
    run.runner.pause()
    update = run.status("paused").update
    keeper.flush()
    (found,) = stored.runs()
    assert found.update == found.curve_update == update


def test_a_run_is_left_in_the_store_before_it_is_looked_at(
    kept, keeper, store, tmp_path, monkeypatch
):
    run = kept()
    run.status("ready")
    at(run, 5)
    run.runner.start()
    stored, seen = store(tmp_path), []
    snapshot = Trainer.snapshot

    def looked_at(trainer):
        if run.runner._closed:
            assert keeper.flush()
            seen.extend(stored.runs())
        return snapshot(trainer)

    monkeypatch.setattr("tuinn.runners.cadence.Cadence.due", lambda self, **_: False)
    monkeypatch.setattr(Trainer, "snapshot", looked_at)
    run.until(lambda r: r.update > 1000)
    run.runner.close("interrupted", "hung up")
    assert run.runner.wait(PATIENCE)
    keeper.flush()
    (found,) = stored.runs()
    before = seen[-1]
    for one in (before, found):
        assert (one.status, one.reason, one.resumable) == ("interrupted", "hung up", True)
        assert one.curve_update == found.update
    assert before.rows < found.rows


def test_a_run_that_fails_is_kept_as_it_was_with_the_cause(kept, keeper, store, tmp_path):
    run = kept()
    run.status("ready")
    at(run, 5)
    run.runner.change(no_such_setting=1)
    run.status("failed")
    keeper.flush()
    (found,) = store(tmp_path).runs()
    assert (found.status, found.update) == ("interrupted", 5)
    assert "no_such_setting" in found.reason


def test_a_run_goes_on_from_its_checkpoint_bit_for_bit(kept, keeper, store, tmp_path):
    run = kept(CONFIG)
    run.status("ready")
    at(run, 333)
    run.runner.close()
    assert run.runner.wait(PATIENCE)
    keeper.flush()
    stored = store(tmp_path)
    (before,) = stored.runs()
    looked_at = kept(before.now, resume=stored.checkpoint(before.id))
    looked_at.status("paused")
    again = kept(before.now, resume=stored.checkpoint(before.id), parent=(before.id, 333))
    assert again.until(lambda r: r.status != "loading").status == "paused"
    assert again.poll().update == 333
    again.runner.start()
    again.status("finished")
    straight = build(CONFIG).trainer
    straight.run(10**6)
    assert np.array_equal(again.state()["theta"], straight.theta)
    keeper.flush()
    copy, first = stored.runs()
    assert (copy.parent, copy.parent_update) == (before.id, 333)
    assert copy.curve_hash == straight.curve_hash
    assert (first.status, first.update) == ("stopped", 333)


def test_a_checkpoint_of_another_network_is_refused(kept):
    run = kept(resume=build(changed(ENDLESS, "network.hidden", (3,))).trainer.dump())
    assert "cannot go on from its checkpoint" in run.status("failed").message


def test_a_run_does_not_go_on_with_other_data(kept, watch, keeper, store, tmp_path):
    table = tmp_path / "points.csv"
    points = [f"{n % 7},{n % 5},{n % 2}" for n in range(40)]
    table.write_text("\n".join(["x,y,label", *points]))
    of_table = ENDLESS
    for field, value in {"set": str(table), "features": (), "n": None}.items():
        of_table = changed(of_table, f"data.{field}", value)
    run = kept(of_table)
    run.status("ready")
    at(run, 333)
    run.runner.close()
    assert run.runner.wait(PATIENCE)
    keeper.flush()
    stored = store(tmp_path)
    (before,) = stored.runs()
    arrays = stored.checkpoint(before.id)
    table.write_text("\n".join(["x,y,label", "3,3,1", *points[1:]]))
    again = watch(of_table, keep=Keep(keeper, "some run", resume=before), resume=arrays)
    message = again.status("failed").message
    assert f"run {before.id} cannot go on: the data of points are not what they were" in message
    keeper.flush()
    assert stored.runs() == [before]


def test_what_begins_anew_where_a_run_could_not_go_on_is_another_run(
    kept, watch, keeper, store, tmp_path
):
    run = kept()
    run.status("ready")
    at(run, 333)
    run.runner.close()
    assert run.runner.wait(PATIENCE)
    keeper.flush()
    stored = store(tmp_path)
    (before,) = stored.runs()
    other = build(changed(ENDLESS, "network.hidden", (3,))).trainer.dump()
    failed = watch(ENDLESS, keep=Keep(keeper, "some run", resume=before), resume=other)
    failed.status("failed")
    failed.runner.reset(changed(ENDLESS, "seed", 8))
    failed.status("ready")
    at(failed, 700)
    keeper.flush()
    anew, first = stored.runs()
    assert (anew.update, anew.seed, anew.parent) == (700, 8, None)
    assert first == before


def test_a_worker_keeps_its_run_and_goes_on_with_it(watch, store):
    run = watch(ENDLESS, kind=ProcessRunner, keep=KeepElsewhere("mine", race="the race"))
    run.status("ready")
    at(run, 500)
    run.runner.close("stopped", "enough")
    assert run.runner.wait(PATIENCE)
    (found,) = store().runs()
    assert (found.name, found.race, found.update) == ("mine", "the race", 500)
    assert (found.status, found.reason) == ("stopped", "enough")
    again = watch(changed(ENDLESS, "stop.epochs", 200), kind=ProcessRunner, resume_id=found.id)
    assert again.until(lambda r: r.status == "paused").update == 500
    again.runner.start()
    again.status("finished")
    again.runner.close()
    assert again.runner.wait(PATIENCE)
    (after,) = store().runs()
    assert (after.id, after.status) == (found.id, "finished")
    straight = build(changed(ENDLESS, "stop.epochs", 200)).trainer
    straight.run(10**6)
    assert after.curve_hash == straight.curve_hash


def test_a_worker_that_cannot_keep_its_run_says_so_once_and_trains(watch, tmp_path):
    (tmp_path / "runs.sqlite3").write_text("no database at all, but a text that is long enough")
    run = watch(kind=ProcessRunner, keep=KeepElsewhere("mine"), store_folder=tmp_path)
    said = run.until(lambda r: r.message).message
    assert said.startswith("not kept: ")
    assert run.runner.problem in said
    run.runner.start()
    assert run.status("finished").message == "200 epochs done"


def test_a_run_that_is_not_in_the_store_cannot_go_on(watch, store):
    store()
    run = watch(kind=ProcessRunner, resume_id=12)
    assert "12" in run.status("failed").message
    run.runner.reset()
    run.status("ready")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_worker_that_is_told_to_end_keeps_its_run_first(watch, store, number):
    run = watch(ENDLESS, kind=ProcessRunner, keep=KeepElsewhere("mine"))
    run.runner.start()
    run.until(lambda r: r.update > 1000)
    os.kill(run.runner.pid, number)
    run.status("failed")
    (found,) = store().runs()
    assert (found.status, found.reason) == ("interrupted", f"ended by {number.name}")
    assert found.update > 1000
    assert found.resumable


def test_no_worker_outlives_the_program_that_has_started_it(store):
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    )
    with program:
        worker, number = json.loads(program.stdout.readline())
        program.kill()
        program.wait()
        # nothing of the worker was written to the terminal of the program
        assert program.stderr.read() == ""
    stored = store()
    _gone(worker)
    found = stored.run(number)
    assert found.status == "interrupted"
    assert found.reason == "the program that had started it is gone"
    assert found.resumable
    # it was told by the worker at its end, with a checkpoint of then
    assert found.curve_update == found.update


def _gone(pid):
    """Wait until no process of that number is left."""
    import select

    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ready, _, _ = select.select([process], [], [], PATIENCE)
        assert ready, f"{pid} lives on"
    finally:
        os.close(process)
