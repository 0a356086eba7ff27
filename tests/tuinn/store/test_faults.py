"""Stores that cannot be used: a clear message, and nothing is destroyed."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from store_runs import begin, experiment, train

from tuinn.store import Keeper, Store, StoreError
from tuinn.store.folder import CHECKPOINTS, DATABASE

TESTS = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    """A store with a run that came to its end."""
    folder = tmp_path / "runs"
    keeper = Keeper(folder)
    one = experiment(500)
    train(begin(keeper, one), one.trainer)
    keeper.close()
    assert not keeper.problem
    return folder


def contents(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def assert_refused(folder, kind, *words, ways=(Keeper, Store)):
    """Every way to open it fails with that kind, and leaves every file as it was."""
    before = contents(folder)
    for way in ways:
        with pytest.raises(StoreError) as refused:
            way(folder)
        assert refused.value.kind == kind
        for word in (str(folder / DATABASE), *words):
            assert word in str(refused.value)
    after = contents(folder)
    after.pop(Path("locks/opening"), None)
    before.pop(Path("locks/opening"), None)
    assert after == before


def read_all(folder):
    store = Store(folder)
    try:
        list(store.snapshots(1))
    finally:
        store.close()


def reader(folder):
    return Store(folder, read_only=True)


WAYS = (Keeper, Store, reader)


def test_a_newer_format_is_told_and_left_alone(folder):
    connection = sqlite3.connect(folder / DATABASE)
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    assert_refused(folder, "newer", "from a newer tuinn (format 2", "left as it is", ways=WAYS)


def test_a_newer_format_that_is_still_in_the_log_is_told_too(folder):
    connection = sqlite3.connect(folder / DATABASE)
    connection.execute("PRAGMA user_version = 2")
    try:
        assert (folder / f"{DATABASE}-wal").stat().st_size > 0
        for way in WAYS:
            with pytest.raises(StoreError, match="newer") as refused:
                way(folder)
            assert refused.value.kind == "newer"
    finally:
        connection.close()


def test_a_database_of_another_program_is_left_alone(tmp_path):
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()
    before = (tmp_path / DATABASE).read_bytes()
    for way in WAYS:
        with pytest.raises(StoreError, match="of another program") as refused:
            way(tmp_path)
        assert refused.value.kind == "other"
    assert (tmp_path / DATABASE).read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"\xa5" * 100 + data[100:],
        lambda data: data[: len(data) // 2],
        lambda data: data[:50],
        lambda data: b"a letter to my aunt",
    ],
    ids=["header", "cut in the middle", "cut in the header", "a text"],
)
def test_a_damaged_file_is_told_and_left_alone(folder, damage):
    path = folder / DATABASE
    path.write_bytes(damage(path.read_bytes()))
    assert_refused(
        folder, "damaged", "is damaged", "move the folder", "away to begin a new one", ways=WAYS
    )


def test_garbage_in_the_pages_is_told_when_it_is_come_across(folder):
    path = folder / DATABASE
    data = path.read_bytes()
    half = len(data) // 2
    path.write_bytes(data[:half] + b"\xa5" * (len(data) - half))
    damaged = contents(folder)[Path(DATABASE)]
    with pytest.raises(StoreError) as refused:
        read_all(folder)
    assert refused.value.kind == "damaged"
    assert str(path) in str(refused.value)
    assert path.stat().st_size == len(damaged)
    assert path.read_bytes()[half:] == damaged[half:]


def test_a_number_that_is_gone_is_damage(folder):
    path = folder / DATABASE
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA ignore_check_constraints = 1")
    connection.execute("PRAGMA writable_schema = 1")
    tables = "UPDATE sqlite_schema SET sql = replace(sql, {}) WHERE name = 'revision'"
    connection.execute(tables.format("'last INTEGER NOT NULL', 'last INTEGER'"))
    connection.commit()
    connection.close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE revision SET last = NULL")
    connection.execute("PRAGMA writable_schema = 1")
    connection.execute(tables.format("'last INTEGER', 'last INTEGER NOT NULL'"))
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match=r"is damaged \(NOT NULL constraint failed") as refused:
        Store(folder)
    assert refused.value.kind == "damaged"


def test_a_run_goes_on_where_the_store_turns_out_to_be_damaged(folder):
    path = folder / DATABASE
    data = path.read_bytes()
    # all but the first page, which names the tables
    path.write_bytes(data[:8192] + b"\xa5" * (len(data) - 8192))
    before = path.read_bytes()
    try:
        keeper = Keeper(folder)
    except StoreError as error:
        kind = error.kind
    else:
        one = experiment(100)
        train(begin(keeper, one), one.trainer)
        keeper.close()
        assert one.trainer.finished
        kind = "damaged" if "is damaged" in keeper.problem else keeper.problem
    assert kind == "damaged"
    assert path.read_bytes()[8192:] == before[8192:]


def test_an_empty_file_becomes_a_store(tmp_path):
    (tmp_path / DATABASE).touch()
    store = Store(tmp_path)
    assert store.runs() == []
    store.close()


def test_in_an_empty_file_there_are_no_runs_yet(tmp_path):
    (tmp_path / DATABASE).touch()
    with pytest.raises(StoreError, match="there are no runs yet") as refused:
        reader(tmp_path)
    assert refused.value.kind == "missing"
    assert (tmp_path / DATABASE).stat().st_size == 0


def test_a_store_that_is_not_there_cannot_be_read(tmp_path):
    with pytest.raises(StoreError, match="there are no runs yet") as refused:
        reader(tmp_path / "runs")
    assert refused.value.kind == "missing"
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("place", ["runs", "runs/checkpoints", "runs/locks"])
def test_a_file_in_place_of_a_folder_is_told(tmp_path, place):
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("mine")
    for way in (Keeper, Store):
        with pytest.raises(StoreError, match="TUINN_HOME names another folder") as refused:
            way(tmp_path / "runs")
        assert refused.value.kind == "readonly"
        assert str(tmp_path / place) in str(refused.value)
    assert (tmp_path / place).read_text() == "mine"


READ_ONLY = """
import os, sys
from pathlib import Path
from tuinn.store import Keeper, Store, StoreError
folder = Path(sys.argv[1])
# what is imported late may lie where only root can read
import numpy.lib.introspect, tuinn.environment
b"a".decode("cp437")
if os.getuid() == 0:
    # what the folder's mode forbids is allowed to root
    os.setuid(65534)
for way in (Keeper, Store):
    try:
        way(folder)
    except StoreError as error:
        print(error.kind)
        print(error)
store = Store(folder, read_only=True)
(run,) = store.runs()
print(run.status, run.rows == len(list(store.snapshots(1))), len(store.checkpoint(1)))
try:
    store.note(1, "a note")
except StoreError as error:
    print(error.kind)
store.close()
"""


def test_a_folder_that_cannot_be_written_can_be_read(folder):
    # not below the folder of the tests, which is closed to others
    with tempfile.TemporaryDirectory() as outer:
        copy = Path(outer) / "runs"
        shutil.copytree(folder, copy)
        Path(outer).chmod(0o755)
        places = [copy, copy / CHECKPOINTS, copy / "locks"]
        for path in copy.rglob("*.*"):
            path.chmod(0o644)
        for path in places:
            path.chmod(0o555)
        before = contents(copy)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, copy], capture_output=True, text=True
        )
        assert contents(copy) == before
        for path in places:
            path.chmod(0o755)
    assert done.stderr == ""
    kind, message, again, same, read, edited = done.stdout.splitlines()
    assert kind == again == edited == "readonly"
    assert message == same
    assert "cannot be written" in message
    assert read == "finished True 3"


def test_a_full_disk_is_told_and_what_was_not_written_is_written_later(folder):
    keeper = Keeper(folder)
    one = experiment(6000)
    connection = keeper._writer._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    kept = begin(keeper, one)
    taken = []
    train(kept, one.trainer, 50_000, told=taken.append)
    assert not keeper.flush(1.0)
    assert "there is no room" in keeper.problem
    store = Store(folder)
    assert store.run(1).status == "finished", "the run before is as it was"
    assert len(list(store.snapshots(1))) == store.run(1).rows
    connection.execute("PRAGMA max_page_count = 1000000")
    train(kept, one.trainer, told=taken.append)
    assert keeper.flush(20)
    assert keeper.problem == ""
    found = [snapshot.update for snapshot in store.snapshots(kept.id)]
    assert found == [0, *(snapshot.update for snapshot in taken)]
    store.close()
    keeper.close()


FULL = f"""
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, {str(TESTS)!r})
from store_runs import begin, experiment, train
from tuinn.store import Keeper
keeper = Keeper(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
one = experiment(3000)
kept = begin(keeper, one)
train(kept, one.trainer)
keeper.close()
print(one.trainer.finished)
print(keeper.problem)
"""


def test_training_goes_on_where_a_file_cannot_grow(folder):
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    done = subprocess.run(
        [sys.executable, "-c", FULL, folder], capture_output=True, text=True, check=True
    )
    finished, problem = done.stdout.splitlines()
    assert finished == "3000 epochs done"
    assert "cannot be written" in problem
    store = Store(folder)
    assert store.run(1).status == "finished"
    assert len(list(store.snapshots(1))) == store.run(1).rows
    store.close()


@pytest.mark.parametrize("left", [0, 100, -1])
def test_a_checkpoint_that_is_cut_is_told(folder, left):
    (path,) = (folder / CHECKPOINTS).iterdir()
    cut = path.read_bytes()[:left]
    path.write_bytes(cut)
    store = Store(folder)
    with pytest.raises(StoreError, match="the checkpoint of run 1 cannot be read") as refused:
        store.checkpoint(1)
    assert refused.value.kind == "damaged"
    assert str(path) in str(refused.value)
    assert store.run(1).config == experiment(500).config
    assert len(list(store.snapshots(1))) > 2
    store.close()
    assert path.read_bytes() == cut


def test_a_checkpoint_that_is_gone_is_told(folder):
    (path,) = (folder / CHECKPOINTS).iterdir()
    path.unlink()
    store = Store(folder)
    with pytest.raises(StoreError, match="the checkpoint of run 1 is missing"):
        store.checkpoint(1)
    store.close()


def test_a_checkpoint_that_cannot_be_written_holds_back_its_rows(folder, monkeypatch):
    keeper = Keeper(folder)
    one = experiment(500)
    (folder / CHECKPOINTS).rename(folder / "elsewhere")
    train(begin(keeper, one), one.trainer)
    assert not keeper.flush(1.0)
    assert str(folder / CHECKPOINTS) in keeper.problem
    (folder / "elsewhere").rename(folder / CHECKPOINTS)
    assert keeper.flush(20)
    assert not keeper.problem
    keeper.close()
    store = Store(folder)
    assert store.run(2).status == "finished"
    assert store.checkpoint(2) is not None
    store.close()
    assert os.listdir(folder / "locks") == ["opening"]
