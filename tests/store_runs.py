"""Runs that are kept in a store, in this process and in others that can be killed.

    python tests/store_runs.py train FOLDER EPOCHS     trains one run to its end, or goes on with it
    python tests/store_runs.py busy FOLDER SECONDS     keeps many short runs, and tags what it finds

As a program it prints a line of JSON for each thing it did, with the time.
"""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import astuple, replace
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tuinn.config import changed, parse
from tuinn.experiment import build
from tuinn.store import Keeper, Store

CONFIG = parse({"data": {"set": "circle", "n": 200, "validation": 0.2}})
GRID = 1000
"""Updates between two rows: the same ones however often a run is cut off."""
PART = GRID // 4
"""Updates between two looks at the clock."""


def experiment(epochs=100, **fields):
    """A small run that is not begun; `fields` with "__" for the dots of their paths."""
    config = changed(CONFIG, "stop.epochs", epochs)
    for name, value in fields.items():
        config = changed(config, name.replace("__", "."), value)
    return build(config)


def train(kept, trainer, updates=math.inf, told=None):
    """Train so many updates, or to the end, with rows at the multiples of `GRID`, and checkpoints
    by the clock between them, too."""
    last = trainer.update + updates
    while trainer.finished is None and trainer.update < last:
        trainer.run(int(min(last, trainer.update + PART - trainer.update % PART) - trainer.update))
        if kept is not None and trainer.update % GRID:
            kept.checkpoint(trainer)
        if trainer.update % GRID == 0 or trainer.finished is not None:
            snapshot = trainer.snapshot()
            if kept is not None:
                kept.snapshot(trainer, snapshot)
            if told is not None:
                told(snapshot)
    if kept is not None and trainer.finished is not None:
        kept.status(trainer, "diverged" if trainer.diverged else "finished", trainer.finished)


def begin(keeper, one, **options):
    """A kept run with its first row."""
    kept = keeper.keep(one, **{"name": "circle"} | options)
    kept.snapshot(one.trainer, one.trainer.snapshot())
    return kept


def figures(snapshot):
    """All that must be the same when a run is repeated: not the seconds, nor θ. NaN as text."""
    return repr(_plain(astuple(replace(snapshot, seconds=0.0, theta=None))))


def _plain(value):
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return float(value) if isinstance(value, float) else value


class Child:
    """One of the programs of this file, in a process of its own."""

    def __init__(self, *arguments):
        # a pipe that nobody reads would hold it up when it is full
        self._told = tempfile.TemporaryFile("w+")  # noqa: SIM115 — closed by `lines`
        self.process = subprocess.Popen(
            [sys.executable, __file__, *map(str, arguments)], stdout=self._told
        )

    def kill(self):
        """When it was killed, as `time.monotonic` tells, and what it had told by then."""
        at = time.monotonic()
        self.process.kill()
        return at, self.lines()

    def lines(self):
        """What it told, after its end."""
        self.process.wait()
        with self._told as file:
            file.seek(0)
            # the last line may be cut off by the kill
            return [json.loads(line) for line in file.read().split("\n")[:-1]]


class Kills:
    """A run that is killed again and again, and what must hold then."""

    def __init__(self, folder, epochs, seed):
        self.folder, self.epochs, self.random = folder, epochs, random.Random(seed)
        self.kills = 0
        self.before_any = 0
        """Kills before a row was written."""
        self.ended = False
        self.most_missing = 0.0
        """Seconds before a kill since which rows are missing."""

    def kill(self):
        """Let it go on in a process, kill that at a random moment, and look at the store."""
        child = Child("train", self.folder, self.epochs)
        moment = time.monotonic() + self.random.uniform(0.3, 1.2)
        seen = []
        while time.monotonic() < moment:
            if (self.folder / "runs.sqlite3").exists():
                store = Store(self.folder)
                while time.monotonic() < moment:
                    seen += self.rows(store, len(seen))
                    time.sleep(0.01)
                store.close()
        at, told = child.kill()
        self.kills += 1
        store = Store(self.folder)
        rows = self.rows(store)
        for run in store.runs():
            assert run.status in ("interrupted", "finished"), run.status
            assert run.resumable == (run.status == "interrupted")
            self.ended = run.status == "finished"
            assert run.rows == len(rows)
            assert run.update == list(store.snapshots(run.id))[-1].update
        store.close()
        assert rows[: len(seen)] == seen, "a row that was there is gone"
        self.before_any += not rows
        updates = {json.loads(row)[0] for row in rows}
        missing = [line["at"] for line in told if "row" in line and line["row"] not in updates]
        if missing:
            self.most_missing = max(self.most_missing, at - min(missing))
            assert at - min(missing) <= 1.0, f"rows of {at - min(missing):.2f} s are missing"

    def finish(self):
        """Let it come to its end, and compare it with a run that was never cut off."""
        assert Child("train", self.folder, self.epochs).lines()[-1]["ended"]
        whole, expected = experiment(self.epochs), []
        expected.append(figures(whole.trainer.snapshot()))
        train(None, whole.trainer, told=lambda snapshot: expected.append(figures(snapshot)))
        store = Store(self.folder)
        (run,) = store.runs()
        found = [figures(snapshot) for snapshot in store.snapshots(run.id)]
        store.close()
        assert run.status == "finished"
        assert run.curve_hash == whole.trainer.curve_hash
        assert found == expected

    @staticmethod
    def rows(store, after=0):
        """The rows of the one run there is, as text that begins with their updates."""
        return [
            json.dumps([one.update, figures(one)])
            for run in store.runs()
            for one in store.snapshots(run.id, after_update=(after - 1) * GRID)
        ]


def _tell(**line):
    print(json.dumps({"at": time.monotonic(), **line}), flush=True)


def _train(folder, epochs):
    one = experiment(int(epochs))
    store, keeper = Store(folder), Keeper(folder)
    runs = store.runs()
    if runs:
        one.trainer.load(store.checkpoint(runs[0].id))
        kept = keeper.keep(one, name="circle", resume=runs[0])
    else:
        kept = begin(keeper, one)
    train(kept, one.trainer, told=lambda snapshot: _tell(row=snapshot.update))
    store.close()
    keeper.close()
    assert not keeper.problem, keeper.problem
    _tell(ended=True)


def _busy(folder, seconds):
    end = time.monotonic() + float(seconds)
    store, keeper = Store(folder), Keeper(folder)
    number = 0
    while time.monotonic() < end:
        one = experiment(300, seed=number)
        updates = [0]
        kept = begin(keeper, one, name=f"of-{os.getpid()}")
        train(kept, one.trainer, told=lambda snapshot, to=updates: to.append(snapshot.update))
        assert keeper.flush(60), keeper.problem
        _tell(run=kept.id, rows=updates)
        runs = store.runs()
        list(store.snapshots(runs[number % len(runs)].id))
        store.tag([runs[0].id], [f"by-{os.getpid()}"])
        number += 1
    keeper.close()
    assert not keeper.problem, keeper.problem
    store.close()


def keep_two_busy(folder, seconds):
    """Two processes keep runs, read and tag while this one reads; returns (runs, rows)."""
    children = [Child("busy", folder, seconds) for _ in range(2)]
    store = Store(folder)
    version, changes = store.version(), 0
    while any(child.process.poll() is None for child in children):
        runs = store.runs()
        changes += store.version() != version
        version = store.version()
        for run in runs[:3]:
            list(store.snapshots(run.id))
        time.sleep(0.01)
    told = [line for child in children for line in child.lines()]
    assert [child.process.returncode for child in children] == [0, 0]
    assert changes > 0
    runs = {run.id: run for run in store.runs()}
    assert sorted(runs) == sorted(line["run"] for line in told)
    for line in told:
        found = [snapshot.update for snapshot in store.snapshots(line["run"])]
        assert found == line["rows"], line["run"]
        assert runs[line["run"]].status == "finished"
    store.close()
    return len(told), sum(len(line["rows"]) for line in told)


if __name__ == "__main__":
    what, folder, amount = sys.argv[1:]
    {"train": _train, "busy": _busy}[what](Path(folder), amount)
