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
    """The runs that stand in one column: those of one race that differ in nothing but the seed,
    from the least on. One that was begun anew in that race has a column of its own."""
    groups: dict[object, list[StoredRun]] = {}
    for run in runs:
        kind = run.race, run.name, structs.replace(run.config, seed=0)
        if not run.race or any(one.seed == run.seed for one in groups.get(kind, ())):
            groups[run.id] = [run]
        else:
            groups.setdefault(kind, []).append(run)
    return [sorted(group, key=lambda run: run.seed) for group in groups.values()]


def run_name(run: StoredRun) -> str:
    """What a run is called beside others: "xor (12)"."""
    return f"{run.name} ({run.id})"


def column_names(groups: Sequence[Sequence[StoredRun]]) -> list[str]:
    """All different: "xor (12)", and of several seeds "xor ×3", with the numbers where two such
    have the same preset."""
    names = [
        run_name(group[0]) if len(group) == 1 else f"{group[0].name} ×{len(group)}"
        for group in groups
    ]
    return [
        name if names.count(name) == 1 else f"{name} ({min(ids)}–{max(ids)})"
        for name, group in zip(names, groups, strict=True)
        for ids in [[run.id for run in group]]
    ]


def racer_of(store: Store, runs: Sequence[StoredRun], name: str, place: int) -> Racer:
    """The runs of one column with their curves, as they are in the store."""
    first = runs[0]
    folder = Path(first.folder) if first.folder else None
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
        """Take what is new of those that still train; whether anything in the store is. A run that
        cannot be read, as one that was deleted, is left as it was, with its problem."""
        from tuinn.store import StoreError

        followed = [lane for lane in lanes if lane.stored and lane.stored.status in GOES_ON]
        try:
            version = self.store.version()
        except StoreError as error:
            for lane in followed:
                lane.problem = str(error)
            return bool(followed)
        if version == self._version:
            return False
        self._version = version
        for lane in followed:
            try:
                self._follow(lane)
                lane.problem = ""
            except StoreError as error:
                lane.problem = str(error)
        return True

    def _follow(self, lane: Lane) -> None:
        assert lane.stored is not None
        last = lane.history.last
        run = self.store.run(lane.stored.id)
        new = self.store.snapshots(run.id, -1 if last is None else last.update)
        lane.take_stored(run, list(new))
