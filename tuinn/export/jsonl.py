"""The figures of a run as JSON lines, each of them as `tuinn train --json` prints it."""

from __future__ import annotations

from pathlib import Path

from tuinn.export.aside import written_aside
from tuinn.records import json_line
from tuinn.store import Store, StoredRun


def write(store: Store, run: StoredRun, path: Path) -> Path:
    """One object for each kept snapshot, and a final one that tells what run it was.

    Numbers are kept in full; NaN and ±∞, which JSON does not know, are null.
    """
    final = {
        "final": True,
        "run": run.id,
        "name": run.name,
        "status": run.status,
        "reason": run.reason,
        "seed": run.seed,
        "config": run.tree,
    }
    with written_aside(path) as file:
        for snapshot in store.snapshots(run.id):
            file.write(json_line(snapshot.record()).encode() + b"\n")
        file.write(json_line(final).encode() + b"\n")
    return path
