"""Runs that are really trained and looked at as the lab does, but at fixed updates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine import Snapshot, Trainer
from tuinn.config import Config
from tuinn.experiment import build, planned_epochs
from tuinn.findings import Finding, finding
from tuinn.history import History
from tuinn.runners.cadence import GROWTH


def looks(trainer: Trainer, pictures: int, growth: float = GROWTH) -> list[int]:
    """The updates at which a run is looked at: densely early on, then evenly, and at epochs' ends.

    ``pictures``: how often at least over the whole run. 0: at the end of each epoch only, as a run
    without a screen. ``growth``: ratio of two early updates that follow each other.
    """
    planned, epochs = trainer.planned, planned_epochs(trainer)
    ends = set(range(0, planned + 1, max(1, planned // epochs)))
    if not pictures:
        return sorted(ends | {planned})
    stride = max(1, planned // pictures)
    early, update = [], 0
    while update < planned and int(update * (growth - 1)) < stride:
        early.append(update)
        update = max(update + 1, int(update * growth))
    even = range(update, planned + 1, stride)
    return sorted({*early, *even, planned, *(ends if epochs <= pictures else ())})


def watched(
    trainer: Trainer, config: Config, pictures: int, until: float = 1.0, growth: float = GROWTH
) -> Iterator[tuple[Snapshot, Finding | None, History]]:
    """Each snapshot of a run, what is found then, and the history up to it.

    ``until``: the part of the planned updates that is made.
    """
    history = History()
    for update in looks(trainer, pictures, growth):
        if update > until * trainer.planned:
            return
        trainer.run(update - trainer.update)
        # what is not looked at need not be kept
        snapshot = replace(trainer.snapshot(), theta=None)
        history.append(snapshot)
        yield snapshot, finding(config, history), history
        if trainer.finished is not None:
            return


def findings_of(
    config: Config, pictures: int = 100, until: float = 1.0
) -> list[tuple[Snapshot, Finding | None]]:
    """What is found in a run of ``config``, snapshot by snapshot."""
    run = watched(build(config).trainer, config, pictures, until)
    return [(snapshot, found) for snapshot, found, _ in run]


def alarms(run: list[tuple[Snapshot, Finding | None]]) -> list[tuple[int, str]]:
    """(update, name) of every alarm."""
    return [
        (snapshot.update, found.name)
        for snapshot, found in run
        if found is not None and found.level == "alarm"
    ]
