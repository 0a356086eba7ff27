"""A store of very many runs, made of the rows of one that was trained; for the benchmarks."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np

from tuinn.config import changed, parse, tree
from tuinn.experiment import build
from tuinn.store import Keeper
from tuinn.store.folder import DATABASE

METHODS = ("sgd", "adam", "momentum", "rmsprop", "swarm")
SETS = ("circle", "digits", "moons", "spiral")
STATUSES = ("finished", "finished", "finished", "diverged", "stopped", "interrupted")
TAGS = ("draft", "baseline", "paper", "no-decay", "wide")


def template(folder: Path, rows: int) -> None:
    """Train the one run of which all others are copies: run 1, with so many rows."""
    keeper = Keeper(folder)
    one = build(parse({"stop": {"epochs": 10_000}}))
    kept = keeper.keep(one, name="template")
    for _ in range(rows):
        one.trainer.run(1)
        kept.snapshot(one.trainer, one.trainer.snapshot())
    kept.status(one.trainer, "stopped")
    keeper.close(60)


def make(folder: Path, runs: int, rows: int) -> None:
    """``runs`` runs with ``rows`` rows each, the first of which was trained."""
    template(folder, rows)
    rng = np.random.default_rng(0)
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        names = [row[1] for row in connection.execute("PRAGMA table_info(run)")]
        first = dict(zip(names, connection.execute("SELECT * FROM run").fetchone(), strict=True))
        now = time.time()
        configs = {
            method: json.dumps(tree(changed(parse({}), "optimizer.name", method)))
            for method in METHODS
        }
        marks = ", ".join("?" * len(names))
        connection.executemany(
            f"INSERT INTO run VALUES ({marks})",
            (
                tuple(_another(first, number, now, rng, configs).values())
                for number in _from_2(runs)
            ),
        )
        (last,) = connection.execute("SELECT max(revision) FROM run").fetchone()
        connection.execute("UPDATE revision SET last = ?", (last,))
        columns = [row[1] for row in connection.execute("PRAGMA table_info(metric)")][1:]
        connection.execute(
            f"INSERT INTO metric (run, {', '.join(columns)}) "
            f"SELECT other.id, {', '.join(f'one.{name}' for name in columns)} "
            "FROM (SELECT id FROM run WHERE id > 1 ORDER BY id) AS other "
            "CROSS JOIN (SELECT * FROM metric WHERE run = 1 ORDER BY row) AS one"
        )
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")


def _from_2(runs: int) -> range:
    return range(2, runs + 1)


def _another(first: dict, number: int, now: float, rng: np.random.Generator, configs: dict) -> dict:
    """The row of another run, by the names of the columns."""
    method, data = METHODS[number % len(METHODS)], SETS[number % len(SETS)]
    loss = float(rng.lognormal(-1.5))
    tags = [str(tag) for tag in rng.choice(TAGS, rng.integers(0, 3), replace=False)]
    status = STATUSES[number % len(STATUSES)]
    return first | {
        "id": number,
        "name": f"{data}-{method}-{number % 97}",
        "title": f"{data} with {method}",
        "config": configs[method],
        "now": configs[method],
        "dataset": data,
        "status": status,
        "started": now - 60.0 * number,
        "ended": now - 60.0 * number + 30,
        "train_loss": None if status == "diverged" else loss,
        "validation_loss": None if status == "diverged" else 1.1 * loss,
        "best_loss": loss,
        "best_accuracy": float(rng.random()),
        "tags": json.dumps(tags),
        "held": 0,
        "checkpoint": "",
        "revision": first["revision"] + number,
    }


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
