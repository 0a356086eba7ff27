"""Runs that are kept: what is read back, followed, edited, deleted, resumed and forked."""

import math
import os
import time
from dataclasses import replace

import numpy as np
import pytest
from store_runs import GRID, begin, experiment, figures, train

from engine import checkpoint
from tuinn.cli.run_details import as_text
from tuinn.comparison import stored_result
from tuinn.config import ConfigError, changed
from tuinn.environment import environment
from tuinn.fingerprint import fingerprint
from tuinn.history import CAPACITY, History
from tuinn.race.lane import Lane
from tuinn.runners import marks
from tuinn.store import Keeper, Store, StoreError, store_folder
from tuinn.store.folder import CHECKPOINTS, DATABASE
from tuinn.store.tables import Tables
from tuinn.widgets.run_words import results


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "runs"


@pytest.fixture
def keeper(folder):
    keeper = Keeper(folder)
    yield keeper
    keeper.close()
    assert keeper.problem == ""


@pytest.fixture
def store(folder, keeper):
    store = Store(folder)
    yield store
    store.close()


def kept_run(keeper, epochs=300, updates=math.inf, one=None, **options):
    """(the kept run, its experiment, the snapshots handed over)."""
    one = one or experiment(epochs)
    taken = [one.trainer.snapshot()]
    kept = begin(keeper, one, **options)
    train(kept, one.trainer, updates, told=taken.append)
    assert keeper.flush(20), keeper.problem
    return kept, one, taken


def without_theta(snapshots):
    return [figures(one) for one in snapshots]


def test_the_folder_is_where_tuinn_home_says(monkeypatch, tmp_path):
    monkeypatch.setenv("TUINN_HOME", str(tmp_path))
    assert store_folder() == tmp_path / "runs"
    monkeypatch.delenv("TUINN_HOME")
    assert store_folder().parts[-2:] == ("tuinn", "runs")
    monkeypatch.setenv("TUINN_HOME", "~nobody of that name/here")
    with pytest.raises(ConfigError, match="TUINN_HOME is ~nobody of that name/here: whose"):
        store_folder()


def test_a_run_is_told_as_it_was(keeper, store):
    before = time.time()
    kept, one, taken = kept_run(keeper, folder="/data", race="r1")
    (run,) = store.runs()
    assert run == store.run(kept.id)
    assert (run.id, run.name, run.title, run.folder, run.race) == (1, "circle", "", "/data", "r1")
    assert run.config == run.now == one.config
    assert (run.seed, run.dataset, run.data_hash) == (0, "circle", fingerprint(one))
    assert run.environment == environment()
    assert before <= run.started <= run.ended <= time.time()
    assert (run.status, run.reason, run.changed) == ("finished", "300 epochs done", False)
    assert (run.epoch, run.update, run.rows) == (300.0, one.trainer.update, len(taken))
    assert (run.evaluations, run.seconds) == (one.trainer.evaluations, taken[-1].seconds)
    assert run.train_loss == taken[-1].train_loss
    assert run.validation_accuracy == taken[-1].validation_accuracy
    assert run.best_loss == min(one.validation_loss for one in taken)
    assert run.best_accuracy == max(one.validation_accuracy for one in taken)
    assert (run.curve_hash, run.curve_update) == (one.trainer.curve_hash, one.trainer.update)
    assert (run.parent, run.tags, run.note, run.owner_pid) == (None, (), "", None)
    assert not run.resumable


RUNS = {
    "gradients": {},
    "no validation": {"data__validation": 0.0},
    "deep": {"network__hidden": (5, 4), "network__activation": "relu"},
    "float32": {"training__dtype": "float32"},
    "swarm": {"optimizer__name": "swarm"},
    "annealing": {"optimizer__name": "annealing"},
}


@pytest.mark.parametrize("name", RUNS)
def test_snapshots_come_back_bit_for_bit(keeper, store, name):
    kept, _, taken = kept_run(keeper, one=experiment(50, **RUNS[name]))
    found = list(store.snapshots(kept.id))
    assert without_theta(found) == without_theta(taken)
    assert [one.seconds for one in found] == [one.seconds for one in taken]
    assert all(one.theta is None for one in found)
    later = list(store.snapshots(kept.id, after_update=taken[0].update))
    assert without_theta(later) == without_theta(taken[1:])


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 5e-324, 0.1 + 0.2])
def test_odd_numbers_come_back(keeper, store, value):
    one = experiment(100)
    kept = begin(keeper, one)
    one.trainer.run(7)
    snapshot = one.trainer.snapshot()
    layers = tuple(replace(layer, delta=value, cosine=value) for layer in snapshot.layers)
    odd = dict.fromkeys(("train_loss", "validation_loss", "train_accuracy"), value)
    odd = replace(snapshot, layers=layers, **odd)
    kept.snapshot(one.trainer, odd)
    keeper.flush()
    assert without_theta(store.snapshots(kept.id))[1] == figures(odd)
    run = store.run(kept.id)
    assert repr(run.validation_loss) == repr(value)
    # what it was before its first update does not count
    assert repr(run.best_loss) == repr(value)
    assert repr(run.train_loss) == repr(value)


def test_with_another_alpha_the_best_loss_begins_anew(keeper, store):
    one = experiment(100)
    kept = begin(keeper, one)
    one.trainer.run(7)
    first = one.trainer.snapshot()
    # the last α is the first one: what was had with it before is as long ago as the rest
    losses = [(1.0, 0.0, 0.2), (2.0, 5.0, 0.9), (3.0, 5.0, 0.8), (3.5, 5.0, 0.7), (3.7, 5.0, 0.75)]
    losses += [(4.0, 0.0, 0.5), (4.5, 0.0, 0.6)]
    for update, (epoch, alpha, loss) in enumerate(losses, start=8):
        now = replace(first, epoch=epoch, update=update, alpha=alpha)
        kept.snapshot(one.trainer, replace(now, train_loss=loss, validation_loss=loss))
        keeper.flush()
        # within an epoch only where it is now counts: who looked oftener is not the better for it
        best = {8: 0.2, 9: 0.9, 10: 0.8, 11: 0.7, 12: 0.75, 13: 0.5, 14: 0.5}[update]
        assert store.run(kept.id).best_loss == best
        # as a run that goes on reads them
        before = Tables(store._connection).known(kept.id, "", going_on=True)
        assert before.best == (best, store.run(kept.id).best_accuracy)


def test_what_was_not_trained_leaves_nothing(keeper, store):
    one = experiment()
    kept = begin(keeper, one)
    kept.status(one.trainer, "training")
    kept.status(one.trainer, "paused")
    assert keeper.flush()
    assert store.runs() == []
    assert kept.id is None
    one.trainer.run(1)
    kept.snapshot(one.trainer, one.trainer.snapshot())
    assert keeper.flush()
    assert [snapshot.update for snapshot in store.snapshots(kept.id)] == [0, 1]


def test_the_same_state_is_written_once(keeper, store):
    one = experiment()
    kept = begin(keeper, one)
    one.trainer.run(10)
    for _ in range(3):
        kept.snapshot(one.trainer, one.trainer.snapshot())
        kept.status(one.trainer, "paused")
    keeper.flush()
    assert [snapshot.update for snapshot in store.snapshots(kept.id)] == [0, 10]


def test_another_process_sees_a_run_grow(keeper, folder, store):
    follower = Store(folder, read_only=True)
    version = follower.version()
    assert follower.version() == version
    one = experiment(500)
    kept = begin(keeper, one)
    for status in ("training", "paused", "training"):
        train(kept, one.trainer, 2 * GRID)
        kept.status(one.trainer, status)
        assert keeper.flush()
        assert follower.version() != version
        version = follower.version()
        (run,) = follower.runs()
        assert (run.status, run.update) == (status, one.trainer.update)
        assert run.owner_pid is not None
        assert not run.resumable
    follower.close()


def test_a_paused_run_that_goes_on_is_training(keeper, store):
    one = experiment(500)
    kept = begin(keeper, one)
    train(kept, one.trainer, GRID)
    kept.status(one.trainer, "paused")
    train(kept, one.trainer, GRID)
    keeper.flush()
    assert store.run(kept.id).status == "training"


def test_history_is_decimated_with_first_and_last_and_marks(keeper, store, monkeypatch):
    kept, _, taken = kept_run(keeper, epochs=400)
    monkeypatch.setattr("tuinn.store.store.CAPACITY", 4)
    short = store.history(kept.id)
    assert len(taken) == 8
    assert short.x("update").tolist() == [taken[place].update for place in (0, 3, 6, 7)]
    monkeypatch.undo()
    whole, expected = store.history(kept.id), History()
    for snapshot in taken:
        expected.append(snapshot)
    for name in ("update", "train_loss", "validation_accuracy"):
        assert np.array_equal(whole.column(name), expected.column(name))
    assert len(whole) == len(taken) < CAPACITY


def test_tags_and_notes(keeper, store, folder):
    kept, *_ = kept_run(keeper, epochs=50)
    other, *_ = kept_run(keeper, epochs=50)
    store.tag([kept.id, other.id], add=["good", "größer"])
    store.tag([kept.id], add=["good", "third"], remove=["größer"])
    store.note(kept.id, "look at δ¹\nand at W")
    again = Store(folder)
    assert again.run(kept.id).tags == ("good", "third")
    assert again.run(other.id).tags == ("good", "größer")
    assert again.run(kept.id).note == "look at δ¹\nand at W"
    again.close()


def test_what_is_not_there_is_told(store):
    for ask in (store.run, store.marks, store.history, store.checkpoint):
        with pytest.raises(StoreError, match="there is no run 7; `tuinn runs` lists them") as told:
            ask(7)
        assert told.value.kind == "missing"
    with pytest.raises(StoreError, match="no run 7"):
        store.tag([7], add=["x"])


def test_the_deleted_are_hidden_and_can_be_restored(keeper, store, folder):
    first, second = kept_run(keeper, epochs=50)[0], kept_run(keeper, epochs=50)[0]
    store.delete([first.id, second.id])
    assert store.runs() == []
    with pytest.raises(StoreError, match="no run 1"):
        store.run(first.id)
    another = Store(folder)
    assert another.runs() == [], "nor are they shown elsewhere"
    another.close()
    store.restore([first.id])
    assert [run.id for run in store.runs()] == [first.id]
    assert len(list(store.snapshots(first.id))) == store.run(first.id).rows
    store.close()
    last = Store(folder)
    assert [run.id for run in last.runs()] == [first.id]
    assert [path.name for path in (folder / CHECKPOINTS).iterdir()] == [last.runs()[0].checkpoint]
    for table in ("metric", "mark"):
        of = last._connection.execute(f"SELECT DISTINCT run FROM {table}").fetchall()
        assert of in ([(first.id,)], [])
    last.close()


def test_what_a_killed_process_deleted_is_deleted_by_the_next(keeper, store, folder):
    kept, *_ = kept_run(keeper, epochs=50)
    store.delete([kept.id])
    # as the system does when the process is killed: its lock is let go, and nothing else is done
    store._presence.close()
    store._presence = None
    following = Store(folder)
    assert following._connection.execute("SELECT count(*) FROM run").fetchone() == (0,)
    assert list((folder / CHECKPOINTS).iterdir()) == []
    with pytest.raises(StoreError, match="no run 1"):
        following.restore([kept.id])
    following.close()


def test_a_run_in_training_is_deleted_when_it_is_let_go(keeper, store, folder):
    one = experiment(500)
    kept = begin(keeper, one)
    train(kept, one.trainer, GRID)
    keeper.flush()
    store.delete([kept.id])
    store.close()
    train(kept, one.trainer)
    assert keeper.flush()
    assert keeper.problem == ""
    following = Store(folder)
    assert following.runs() == []
    assert following._connection.execute("SELECT count(*) FROM run").fetchone() == (0,)
    following.close()


def cut_off(folder, updates=2 * GRID, epochs=500, one=None, **options):
    """A run whose process was killed, as it looks to others; returns its experiment."""
    keeper = Keeper(folder)
    one = one or experiment(epochs)
    kept = begin(keeper, one, **options)
    train(kept, one.trainer, updates)
    assert keeper.flush()
    # the lock is let go, and nothing else is done
    keeper._writer._presence.close()
    keeper._writer.release = lambda: None
    keeper._writer._presence.close = lambda: None
    keeper.close()
    return one


def test_a_run_whose_process_is_dead_is_interrupted(folder):
    cut_off(folder)
    store = Store(folder)
    (run,) = store.runs()
    assert (run.status, run.reason) == ("interrupted", "its process ended without a word")
    assert (run.owner_pid, run.resumable) == (None, True)
    store.close()


def test_those_cut_off_last_are_asked_about_once(folder):
    cut_off(folder)
    cut_off(folder, race="a", one=experiment(500, seed=1))
    cut_off(folder, race="a", one=experiment(500, seed=2))
    store = Store(folder)
    assert [run.id for run in store.interrupted_last()] == [3, 2]
    store.asked([3, 2])
    assert [run.id for run in store.interrupted_last()] == [1]
    store.asked([1])
    assert store.interrupted_last() == []
    store.close()


def test_what_its_person_left_is_not_asked_about(folder):
    keeper = Keeper(folder)
    one = experiment(500)
    train(begin(keeper, one), one.trainer, GRID)
    keeper.close()
    store = Store(folder)
    (run,) = store.runs()
    assert (run.status, run.resumable) == ("stopped", True)
    assert store.interrupted_last() == []
    store.close()


def resumed(keeper, store, run, epochs=500):
    one = experiment(epochs)
    one.trainer.load(store.checkpoint(run.id))
    return keeper.keep(one, name=run.name, resume=run), one


def test_a_resumed_run_goes_on_bit_for_bit(folder):
    cut_off(folder)
    keeper, store = Keeper(folder), Store(folder)
    (before,) = store.runs()
    rows = without_theta(store.snapshots(before.id))
    kept, one = resumed(keeper, store, before)
    train(kept, one.trainer)
    assert keeper.flush()
    whole = experiment(500)
    expected = [whole.trainer.snapshot()]
    train(None, whole.trainer, told=expected.append)
    found = without_theta(store.snapshots(kept.id))
    assert found == without_theta(expected)
    assert found[: len(rows)] == rows
    run = store.run(kept.id)
    assert run.curve_hash == whole.trainer.curve_hash
    assert (run.id, run.status, run.rows) == (before.id, "finished", len(found))
    assert run.best_loss == min(one.validation_loss for one in expected)
    assert not run.changed
    keeper.close()
    store.close()


def test_looking_at_a_run_leaves_it_as_it_is(folder):
    cut_off(folder)
    keeper = Keeper(folder)
    kept_run(keeper, epochs=100)
    keeper.close()
    keeper, store = Keeper(folder), Store(folder)
    before = store.runs()
    for run, epochs in zip(before, (100, 500)):
        kept, one = resumed(keeper, store, run, epochs)
        kept.snapshot(one.trainer, one.trainer.snapshot())
        end = "finished" if one.trainer.finished else "paused"
        kept.status(one.trainer, end)
        if end == "paused":
            kept.status(one.trainer, "stopped")
    keeper.close()
    assert store.runs() == before
    store.close()


def test_a_run_cut_off_at_its_last_row_comes_to_its_end(folder):
    keeper = Keeper(folder)
    one = experiment(100)
    kept = begin(keeper, one)
    one.trainer.run(10**6)
    kept.snapshot(one.trainer, one.trainer.snapshot())
    keeper.close()
    keeper, store = Keeper(folder), Store(folder)
    (run,) = store.runs()
    assert run.status == "stopped"
    kept, one = resumed(keeper, store, run, 100)
    train(kept, one.trainer)
    keeper.close()
    assert store.run(run.id).status == "finished"
    store.close()


def test_a_run_that_goes_on_elsewhere_cannot_be_resumed(folder):
    keeper = Keeper(folder)
    one = experiment(500)
    kept = begin(keeper, one)
    train(kept, one.trainer, GRID)
    keeper.flush()
    second, store = Keeper(folder), Store(folder)
    with pytest.raises(StoreError, match="run 1 goes on in another process") as refused:
        second.keep(experiment(500), name="circle", resume=store.run(1))
    assert refused.value.kind == "busy"
    second.close()
    keeper.close()
    store.close()


def test_of_two_that_resume_a_run_the_second_is_told(folder):
    cut_off(folder)
    first, second, store = Keeper(folder), Keeper(folder), Store(folder)
    (run,) = store.runs()
    (one, a), (other, b) = (resumed(keeper, store, run) for keeper in (first, second))
    train(one, a.trainer, 3 * GRID)
    assert first.flush()
    train(other, b.trainer, 3 * GRID)
    assert second.flush()
    assert "run 1 is not kept any more: it goes on in another process" in second.problem
    assert first.problem == ""
    assert store.run(1).status == "training"
    # it has gone on to another run
    kept_run(second, epochs=50)
    assert second.problem == ""
    first.close()
    second.close()
    store.close()


def test_a_change_in_mid_run_is_kept_with_its_row_and_a_checkpoint(keeper, store):
    one = experiment(500)
    kept = begin(keeper, one)
    train(kept, one.trainer, GRID)
    keeper.flush()
    first = store.run(kept.id)
    one.trainer.change(eta=0.01)
    mark = marks.marked(one.trainer, "η 0.3 → 0.01")
    kept.mark(mark)
    now = changed(one.config, "optimizer.eta", 0.01)
    kept.now(now)
    keeper.flush()
    assert store.marks(kept.id) == [], "there is no state yet that has the change"
    train(kept, one.trainer, GRID)
    keeper.flush()
    run = store.run(kept.id)
    assert store.marks(kept.id) == store.history(kept.id).marks == [mark]
    assert (run.changed, run.now, run.config) == (True, now, one.config)
    assert run.checkpoint != first.checkpoint
    again = experiment(500).trainer
    again.load(store.checkpoint(kept.id))
    assert (again.eta, again.update) == (0.01, one.trainer.update)


def test_a_change_before_the_last_row_takes_the_place_of_what_came_after(folder):
    """The checkpoint may be older than the last row; a person changes something in between."""
    one = cut_off(folder, updates=GRID)
    keeper, store = Keeper(folder), Store(folder)
    (run,) = store.runs()
    kept, one = resumed(keeper, store, run)
    train(kept, one.trainer, 3 * GRID)
    keeper.close()
    (path,) = (folder / CHECKPOINTS).iterdir()
    earlier = experiment(500).trainer
    earlier.run(2 * GRID)
    checkpoint.save(path, earlier.dump(), {})
    keeper = Keeper(folder)
    kept, one = resumed(keeper, store, store.run(run.id))
    assert one.trainer.update == 2 * GRID < store.run(run.id).update
    one.trainer.change(eta=0.01)
    kept.mark(marks.marked(one.trainer, "η 0.3 → 0.01"))
    train(kept, one.trainer, 3 * GRID)
    keeper.close()
    changes = experiment(500).trainer
    expected = [changes.snapshot()]
    train(None, changes, 2 * GRID, told=expected.append)
    changes.change(eta=0.01)
    train(None, changes, 3 * GRID, told=expected.append)
    assert without_theta(store.snapshots(run.id)) == without_theta(expected)
    assert store.run(run.id).rows == len(expected)
    store.close()


@pytest.mark.parametrize("by", ["the run", "its number"])
def test_a_fork_begins_with_the_rows_of_its_parent(keeper, store, by):
    one = experiment(500)
    parent = begin(keeper, one)
    train(parent, one.trainer, 2 * GRID)
    parent.mark(marks.marked(one.trainer, "here"))
    train(parent, one.trainer, GRID)
    arrays = one.trainer.dump()
    at = one.trainer.update
    parent.mark(marks.marked(one.trainer, "later"))
    train(parent, one.trainer, GRID)
    parent.status(one.trainer, "stopped")
    if by == "its number":
        keeper.flush()
    branch = experiment(500, optimizer__eta=0.01)
    branch.trainer.branch(arrays)
    source = parent if by == "the run" else parent.id
    fork = keeper.keep(branch, name="circle", parent=(source, at))
    fork.snapshot(branch.trainer, branch.trainer.snapshot())
    keeper.flush()
    assert len(store.runs()) == 1, "the fork was not trained yet"
    train(fork, branch.trainer, GRID)
    keeper.flush()
    run = store.run(fork.id)
    assert (run.parent, run.parent_update, run.changed) == (parent.id, at, True)
    own = [one.update for one in store.snapshots(fork.id)]
    of_parent = [one.update for one in store.snapshots(parent.id)]
    assert of_parent == [0, *range(GRID, at + GRID + 1, GRID)]
    # the one where they part is there twice: η is another one
    assert own == [*range(0, at + 1, GRID), at, at + GRID]
    assert run.rows == len(own)
    assert [mark.text for mark in store.marks(fork.id)] == ["here", "later"]
    assert [mark.text for mark in store.marks(parent.id)] == ["here", "later"]


def test_checkpoints_are_replaced_and_left_overs_removed(folder):
    one = cut_off(folder)
    left = folder / CHECKPOINTS / "99999999-abc.3.npz"
    half = folder / CHECKPOINTS / ".99999999-abc.4.npz.xyz"
    for path in (left, half):
        path.write_bytes(b"half of it")
    store = Store(folder)
    (run,) = store.runs()
    assert [path.name for path in (folder / CHECKPOINTS).iterdir()] == [run.checkpoint]
    arrays = store.checkpoint(run.id)
    assert np.array_equal(arrays["theta"], one.trainer.theta) or run.curve_update < run.update
    store.close()


def test_a_file_that_is_about_to_be_named_is_left(keeper, store, folder):
    session = keeper._writer._presence.session
    about = folder / CHECKPOINTS / f"{session}.0.npz"
    about.write_bytes(b"")
    Store(folder).close()
    assert about.exists()


def test_a_diverged_run_is_kept(keeper, store):
    one = experiment(500, optimizer__eta=1e300)
    kept = begin(keeper, one)
    train(kept, one.trainer)
    keeper.flush()
    run = store.run(kept.id)
    assert (run.status, run.resumable) == ("diverged", False)
    assert run.reason.startswith("diverged")


def test_a_run_whose_end_nobody_could_tell_ends_as_its_program_does(folder, store):
    keeper = Keeper(folder)
    one = experiment()
    kept = begin(keeper, one)
    train(kept, one.trainer, 1000)
    keeper.close(5.0, "interrupted", "ended by SIGHUP")
    run = store.run(kept.id)
    assert (run.status, run.reason, run.resumable) == ("interrupted", "ended by SIGHUP", True)


def test_a_folder_whose_name_is_no_text_does_not_stop_the_keeping(keeper, store):
    one = experiment()
    kept = begin(keeper, one, folder=os.fsdecode(b"/data/caf\xe9"))
    train(kept, one.trainer)
    assert keeper.flush()
    assert not keeper.problem
    assert store.run(kept.id).folder == "/data/caf?"


def test_checkpoints_of_a_large_network_are_far_apart(keeper, monkeypatch):
    waiting, clock = [], [0.0]
    monkeypatch.setattr(keeper, "take", waiting.append)
    monkeypatch.setattr("tuinn.store.kept_run.perf_counter", lambda: clock[0])
    monkeypatch.setattr("tuinn.store.kept_run.MOST_SHARE", 1e9)
    one = experiment(network__hidden=(400, 400), optimizer__name="adam")
    kept = begin(keeper, one)
    for clock[0] in range(60):
        one.trainer.run(1)
        kept.snapshot(one.trainer, one.trainer.snapshot())
        kept.writing = False
    written = [each.arrays for each in waiting if each.arrays is not None]
    size = sum(array.nbytes for array in written[0].values())
    assert size > 3.8e6
    assert 2 <= len(written) <= 60 * 2e6 / size + 1


def test_what_waits_to_be_written_holds_no_parameters(keeper, monkeypatch):
    waiting = []
    monkeypatch.setattr(keeper, "take", waiting.append)
    one = experiment()
    train(begin(keeper, one), one.trainer, 3000)
    snapshots = [each.snapshot for each in waiting if each.snapshot is not None]
    assert len(snapshots) > 1
    assert all(snapshot.theta is None for snapshot in snapshots)


def test_rows_that_cannot_be_written_are_thinned(keeper, store, monkeypatch):
    monkeypatch.setattr("tuinn.store.keeper.MOST_PENDING", 40)
    connection = keeper._writer._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    one = experiment(10_000)
    kept = begin(keeper, one)
    for _ in range(400):
        one.trainer.run(10)
        kept.snapshot(one.trainer, one.trainer.snapshot())
    keeper.flush(0.5)
    assert len(keeper._pending) <= 40
    connection.execute("PRAGMA max_page_count = 1000000")
    assert keeper.flush(20)
    updates = [snapshot.update for snapshot in store.snapshots(kept.id)]
    assert updates[0] == 0
    assert updates[-1] == 4000
    assert len(updates) <= 41
    assert store.run(kept.id).rows == len(updates)


def test_the_database_is_named_as_ours(folder, keeper):
    header = (folder / DATABASE).read_bytes()[:100]
    assert header[68:72] == b"tuin"
    assert header[60:64] == b"\0\0\0\1"


def test_a_checkpoint_may_be_ahead_of_the_last_row(folder, monkeypatch):
    monkeypatch.setattr("tuinn.store.kept_run.CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr("tuinn.store.kept_run.MOST_SHARE", 1e9)
    keeper, one = Keeper(folder), experiment(500)
    kept = begin(keeper, one)
    train(kept, one.trainer, GRID)
    for _ in range(3):
        one.trainer.run(100)
        kept.checkpoint(one.trainer)
        assert keeper.flush()
    keeper.close(5.0, "interrupted")
    keeper, store = Keeper(folder), Store(folder)
    (run,) = store.runs()
    assert (run.update, run.rows, run.curve_update) == (GRID, 2, GRID + 300)
    assert run.curve_hash == one.trainer.curve_hash
    # to look at it leaves it as it is
    kept, again = resumed(keeper, store, run)
    assert again.trainer.update == GRID + 300
    kept.snapshot(again.trainer, again.trainer.snapshot())
    kept.status(again.trainer, "paused")
    kept.checkpoint(again.trainer)
    keeper.flush()
    assert store.run(run.id) == run
    train(kept, again.trainer)
    keeper.close()
    whole = experiment(500).trainer
    train(None, whole)
    assert store.run(run.id).curve_hash == whole.curve_hash
    updates = [one.update for one in store.snapshots(run.id)]
    assert updates == [0, GRID, GRID + 300, *range(2 * GRID, whole.update, GRID), whole.update]
    store.close()


def test_a_run_that_goes_on_after_a_pause_is_training_before_its_next_row(keeper, store):
    one = experiment(500)
    kept = begin(keeper, one)
    train(kept, one.trainer, GRID)
    kept.status(one.trainer, "paused")
    one.trainer.run(1)
    kept._due = 0.0
    keeper.flush()
    kept.checkpoint(one.trainer)
    keeper.flush()
    run = store.run(kept.id)
    assert (run.status, run.update, run.curve_update) == ("training", GRID, GRID + 1)


def test_the_state_is_handed_over_before_the_row_that_takes_time(keeper, monkeypatch):
    taken = []
    monkeypatch.setattr(keeper, "take", taken.append)
    one = experiment(500)
    kept = begin(keeper, one)
    train(kept, one.trainer, 2000)
    one.trainer.run(1)
    seen = []
    snapshot = one.trainer.snapshot
    monkeypatch.setattr(one.trainer, "snapshot", lambda: seen.append(taken[-1]) or snapshot())
    kept.status(one.trainer, "interrupted")
    (before,) = seen
    assert (before.status, before.snapshot) == (("interrupted", ""), None)
    assert before.curve == (one.trainer.curve_hash, 2001)
    assert before.arrays is not None
    last = taken[-1]
    assert (last.snapshot.update, last.status, last.arrays) == (2001, None, None)


def test_a_run_begun_anew_takes_the_place_of_what_was_cut_off(folder):
    """A worker of a race is killed, the race is begun anew, and then the program is ended."""
    cut_off(folder, race="a", one=experiment(500, seed=1))
    cut_off(folder, race="a", one=experiment(500, seed=2))
    cut_off(folder, race="a", one=experiment(500, seed=1))
    store = Store(folder)
    assert [run.id for run in store.interrupted_last()] == [3, 2]
    keeper = Keeper(folder)
    kept_run(keeper, one=experiment(500, seed=1), race="a")
    kept_run(keeper, one=experiment(500, seed=2), updates=GRID, race="a")
    keeper.close()
    # one came to its end, the other was stopped
    assert store.interrupted_last() == []
    store.close()


def test_what_a_program_began_anew_takes_the_place_of_what_had_failed(folder):
    keeper = Keeper(folder)
    kept, one, _ = kept_run(keeper, updates=GRID)
    kept.status(one.trainer, "interrupted", "no memory")
    kept_run(keeper, updates=GRID)
    keeper.close(5.0, "interrupted", "ended by SIGTERM")
    store = Store(folder)
    assert [run.id for run in store.interrupted_last()] == [2]
    store.close()


def test_a_regression_of_a_table_of_ones_own_is_told_as_one(keeper, store, tmp_path):
    table = tmp_path / "own.csv"
    table.write_text("x,y\n" + "\n".join(f"{n / 40},{n / 7:.3f}" for n in range(40)))
    fields = {"data__set": str(table), "data__n": None, "network__output": "identity"}
    one = experiment(20, training__cost="quadratic", **fields)
    regression, *_ = kept_run(keeper, one=one)
    classes, *_ = kept_run(keeper, epochs=20)
    told = store.run(regression.id)
    assert (told.regression, store.run(classes.id).regression) == (True, False)
    assert stored_result(told).basis.regression
    assert not stored_result(store.run(classes.id)).basis.regression
    assert Lane(told.config, told).regression
    assert "R²" in dict(results(told))
    assert "R²" in as_text(told, [])
    assert "accuracy" not in as_text(told, [])
    assert "R²" not in as_text(store.run(classes.id), [])
