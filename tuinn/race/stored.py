"""Runs of the store in a race: as they are there, and followed while others train them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from tuinn.race.lane import Lane
from tuinn.race.racer import Racer

if TYPE_CHECKING:
    from tuinn.store import Store, StoredRun

GOES_ON = ("training", "paused")
"""The statuses of runs that a living process has open."""


def grouped(runs: Sequence[StoredRun]) -> list[list[StoredRun]]:
    """The runs that stand in one column: those of one race that differ in nothing but the seed."""
    groups: dict[object, list[StoredRun]] = {}
    for run in runs:
        config = structs.replace(run.config, seed=0)
        alone = run.id if not run.race else 0
        groups.setdefault((run.race, alone, run.name, config), []).append(run)
    return list(groups.values())


def racer_of(store: Store, runs: Sequence[StoredRun], place: int) -> Racer:
    """The runs of one column with their curves, as they are in the store."""
    first = runs[0]
    folder = Path(first.folder) if first.folder else None
    name = f"{first.name} ({first.id})" if len(runs) == 1 else f"{first.name} ×{len(runs)}"
    racer = Racer(name, first.config, folder, place)
    racer.lanes = []
    for run in runs:
        lane = Lane(run.config, run)
        lane.history = store.history(run.id)
        lane.take_stored(run, ())
        racer.lanes.append(lane)
    return racer


class Follower:
    """Reads what is new of runs in the store, which must stay open."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._version = store.version()

    def poll(self, lanes: Iterable[Lane]) -> bool:
        """Take what is new of those that still train; whether anything in the store is."""
        version = self.store.version()
        if version == self._version:
            return False
        self._version = version
        for lane in lanes:
            if lane.stored is not None and lane.stored.status in GOES_ON:
                last = lane.history.last
                run = self.store.run(lane.stored.id)
                new = self.store.snapshots(run.id, -1 if last is None else last.update)
                lane.take_stored(run, list(new))
        return True
