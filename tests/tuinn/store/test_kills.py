"""Processes that are killed, and several at once."""

import subprocess
import sys

from store_runs import GRID, Kills, begin, experiment, keep_two_busy, train

from tuinn.store import Keeper, Store

READ = """
import sys
from pathlib import Path
from tuinn.store import Store
store = Store(Path(sys.argv[1]))
print([run.rows for run in store.runs()])
store.close()
"""


def seen_by_another(folder):
    done = subprocess.run(
        [sys.executable, "-c", READ, folder], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_one_that_closes_leaves_others_what_they_write(tmp_path):
    """The last to close a database removes its log: none must take itself for the last."""
    folder = tmp_path / "runs"
    keeper = Keeper(folder)
    one = experiment(1000)
    kept = begin(keeper, one)
    train(kept, one.trainer, GRID)
    assert keeper.flush()
    # within the process of a connection that is in use the file must not be opened and closed
    Store(folder).close()
    Store(folder, read_only=True).close()
    assert seen_by_another(folder) == "[2]"
    train(kept, one.trainer, GRID)
    assert keeper.flush()
    assert seen_by_another(folder) == "[3]"
    keeper.close()


def test_a_run_that_is_killed_again_and_again_comes_to_the_same_end(tmp_path):
    kills = Kills(tmp_path / "runs", epochs=25_000, seed=1)
    for _ in range(8):
        kills.kill()
    assert kills.before_any < 8
    kills.finish()


def test_two_processes_write_and_read_at_once(tmp_path):
    runs, rows = keep_two_busy(tmp_path / "runs", seconds=2)
    assert runs >= 4
    assert rows > runs
