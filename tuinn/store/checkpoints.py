"""Checkpoints of the runs: files of which the database names the one that counts.

A file is written first and named in the same transaction as the rows up to its moment, or after
them: whenever a process is killed, rows and checkpoint fit each other. Files that no run names were
left by one who was killed in between.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from engine import checkpoint
from tuinn.store.error import StoreError, of_system
from tuinn.store.folder import CHECKPOINTS, LOCKS
from tuinn.store.presence import alive

Array = NDArray[Any]


def write(folder: Path, session: str, number: int, arrays: dict[str, Array]) -> str:
    """Write the ``number``-th checkpoint of a session; returns the name of its file."""
    name = f"{session}.{number}.npz"
    path = folder / CHECKPOINTS / name
    try:
        checkpoint.save(path, arrays, {})
    except checkpoint.CheckpointError as error:
        if isinstance(error.__cause__, OSError):
            raise of_system(path, error.__cause__) from error
        raise StoreError(str(error)) from error
    return name


def read(folder: Path, run: int, name: str) -> dict[str, Array]:
    """The arrays of a checkpoint; `StoreError` where they cannot be read."""
    path = folder / CHECKPOINTS / name
    try:
        arrays, _ = checkpoint.load(path)
    except checkpoint.CheckpointError as error:
        why = "cannot be read" if path.exists() else "is missing"
        raise StoreError(
            f"{path}: the checkpoint of run {run} {why}, so the run cannot go on; nothing was "
            "changed, and its curves and its configuration are still there",
            "damaged",
        ) from error
    return arrays


def remove(folder: Path, names: Iterable[str]) -> None:
    """Remove the files of these names; "" is none."""
    for name in names:
        if name:
            (folder / CHECKPOINTS / name).unlink(missing_ok=True)


def of_the_dead(folder: Path) -> set[str]:
    """The files that no living session wrote."""
    names = os.listdir(folder / CHECKPOINTS)
    # of a file that is being written: ".SESSION.NUMBER.npz.ASIDE"
    sessions = {name: name.removeprefix(".").partition(".")[0] for name in names}
    # most are long gone: no need to ask for each of them
    there = set(os.listdir(folder / LOCKS))
    living = {
        session
        for session in there.intersection(sessions.values())
        if alive(folder / LOCKS, session)
    }
    return {name for name, session in sessions.items() if session not in living}
