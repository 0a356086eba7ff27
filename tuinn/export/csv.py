"""The figures of a run as CSV, with the columns of `tuinn train --csv`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tuinn.export.aside import written_aside
from tuinn.records import flat
from tuinn.store import Store, StoredRun


def write(store: Store, run: StoredRun, path: Path) -> Path:
    """One row for each kept snapshot, every number in full; figures that do not exist are empty.

    A run that went on with a method of another kind has the columns of both.
    """
    names: dict[str, None] = {}
    kind = None
    for snapshot in store.snapshots(run.id):
        now = len(snapshot.layers), snapshot.search is None
        if now != kind:
            kind = now
            names |= dict.fromkeys(flat(snapshot))
    with written_aside(path) as raw, io.TextIOWrapper(raw, "utf-8", newline="") as file:
        rows = csv.DictWriter(file, list(names), lineterminator="\n")
        rows.writeheader()
        rows.writerows(map(flat, store.snapshots(run.id)))
    return path
