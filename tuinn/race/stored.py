"""Runs of the store in a race: as they are there, and followed while others train them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tuinn.race.lane import Lane
from tuinn.race.racer import Racer

if TYPE_CHECKING:
    from tuinn.store import Store, StoredRun

GOES_ON = ("training", "paused")
"""The statuses of runs that a living process has open."""


def racer_of(store: Store, run: StoredRun, place: int) -> Racer:
    """The run with its curves, as it is in the store."""
    folder = Path(run.folder) if run.folder else None
    racer = Racer(f"{run.id} {run.name}", run.config, folder, place)
    lane = Lane(run.config, run)
    lane.history = store.history(run.id)
    lane.take_stored(run, ())
    racer.lanes = [lane]
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
