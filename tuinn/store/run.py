"""A run as the store tells it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple

from tuinn.config import Config, parse
from tuinn.environment import Environment

Status = Literal["training", "paused", "finished", "diverged", "stopped", "interrupted"]
"""stopped: left by its person; interrupted: by a signal, or its process is dead."""
GOES_ON: tuple[Status, ...] = ("training", "paused")
ENDS: tuple[Status, ...] = ("finished", "diverged")
RESUMABLE: tuple[Status, ...] = ("paused", "stopped", "interrupted")


class Columns(NamedTuple):
    """What stands in the table of runs, in its order; NULL and NaN are told apart by `stored`."""

    id: int
    name: str
    """Of the preset, or of its file without the ending."""
    title: str
    config_json: str
    """The configuration as the run began."""
    now_json: str
    """The one followed last: η, α, the mini-batch and the stop may be changed in mid-run."""
    folder: str
    """Where relative paths of data begin; "": nowhere."""
    seed: int
    status: Status
    reason: str
    started: float
    """Unix seconds."""
    ended: float | None
    """When it was last written, in Unix seconds."""
    dataset: str
    data_hash: str
    environment_json: str
    curve_hash: str
    """Of the state in the checkpoint written last; "": unknown."""
    curve_update: int
    """The update of that state, where it goes on: a row costs an evaluation, so the last one may be
    before it, or after it."""
    changed: bool
    """Settings or weights were changed by hand in mid-run, or it is a fork: its run string repeats
    only what it began with."""
    parent: int | None
    parent_update: int | None
    race: str
    """The same text for runs that were raced together, else ""."""
    epoch: float
    """This and what follows is of the last row."""
    update: int
    evaluations: int
    seconds: float
    train_loss: float
    train_accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    best_loss: float
    """Least over all rows: of the validation set where there is one, else in training."""
    best_accuracy: float
    rows: int
    tags_json: str
    note: str
    session: str
    """Of the process that trained it last."""
    held: bool
    """That process has not let it go."""
    checkpoint: str
    """File name of the checkpoint; "": none."""
    validated: bool
    """There is a validation set."""
    regression: bool
    """Its accuracies are R²."""
    asked: bool
    """A person was asked whether it shall go on."""


class StoredRun(Columns):
    """One run of the store: its row, and what is made of it when it is wanted."""

    @cached_property
    def tree(self) -> dict[str, Any]:
        """The configuration as it began, in full, as plain values."""
        tree: dict[str, Any] = _tree(self.config_json)
        return tree

    @cached_property
    def config(self) -> Config:
        """The configuration as it began."""
        return parse(self.tree, f"run {self.id}")

    @cached_property
    def now(self) -> Config:
        """The configuration as it was followed last."""
        if self.now_json == self.config_json:
            return self.config
        return parse(_tree(self.now_json), f"run {self.id}")

    @cached_property
    def environment(self) -> Environment:
        return Environment(**_tree(self.environment_json))

    @cached_property
    def tags(self) -> tuple[str, ...]:
        return tuple(_tree(self.tags_json)) if self.tags_json != "[]" else ()

    @property
    def owner_pid(self) -> int | None:
        """The living process that holds it; None: no one does."""
        return int(self.session.partition("-")[0]) if self.held else None

    @property
    def resumable(self) -> bool:
        """It can go on: there is a checkpoint, and nobody trains it or has it open."""
        return bool(self.checkpoint) and self.status in RESUMABLE and not self.held


_NAMES = {
    "config_json": "config",
    "now_json": "now",
    "environment_json": "environment",
    "update": "updates",
    "tags_json": "tags",
}
RUN_COLUMNS = ", ".join(_NAMES.get(name, name) for name in Columns._fields)
"""The columns of a `StoredRun`, for SELECT."""


def _tree(text: str) -> Any:
    import msgspec

    return msgspec.json.decode(text)


_PLACES = {name: place for place, name in enumerate(Columns._fields)}
_FLAGS = tuple(_PLACES[name] for name in ("changed", "held", "validated", "regression", "asked"))
_NUMBERS = tuple(
    _PLACES[name] for name in ("train_loss", "train_accuracy", "best_loss", "best_accuracy")
)
_VALIDATION = tuple(_PLACES[name] for name in ("validation_loss", "validation_accuracy"))
_VALIDATED = _PLACES["validated"]


def stored(row: Sequence[Any]) -> StoredRun:
    """The run in a row of the table; SQLite knows no truth values, and keeps NaN as NULL."""
    values = list(row)
    for place in _FLAGS:
        values[place] = values[place] == 1
    for place in _NUMBERS:
        if values[place] is None:
            values[place] = math.nan
    if values[_VALIDATED]:
        for place in _VALIDATION:
            if values[place] is None:
                values[place] = math.nan
    return StoredRun._make(values)
