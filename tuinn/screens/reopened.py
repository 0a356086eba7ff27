"""A run that was begun elsewhere, or yesterday, and is opened in the lab."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from tuinn.config import Config
from tuinn.history import History
from tuinn.preset import Preset, own_folder
from tuinn.store import Store, StoredRun, StoreError


@dataclass(frozen=True, slots=True)
class Reopened:
    """A run from the store, or from a race, that is gone on with."""

    name: str
    """Of its preset."""
    config: Config
    folder: Path | None
    """Where the paths of its data begin."""
    history: History
    """Its curves; taken over."""
    arrays: dict[str, NDArray[Any]]
    """What its trainer goes on from."""
    status: str = "paused"
    """What it is when it is there."""
    stored: StoredRun | None = None
    """The run of the store that goes on; None: it becomes another one."""
    parent: tuple[int, int] | None = None
    """The run of the store, and the update there, from which the other one branches off."""

    @property
    def preset(self) -> Preset:
        """It as a preset."""
        folder = self.folder or own_folder()
        return Preset(self.name, self.config, folder / f"{self.name}.toml", own=True)


def reopened(store: Store, run: StoredRun) -> Reopened:
    """A run of the store, to be gone on with; a copy, where another process goes on with it.

    Raises `StoreError` where there is no checkpoint, or it cannot be read, `ConfigError` where this
    program does not know what the run was made of.
    """
    arrays = store.checkpoint(run.id)
    if arrays is None:
        raise StoreError(f"run {run.id} has no checkpoint: it cannot be opened", "missing")
    going_on = run.status in ("training", "paused") and not run.resumable
    return Reopened(
        run.name,
        run.now,
        Path(run.folder) if run.folder else None,
        store.history(run.id),
        arrays,
        run.status if run.status in ("finished", "diverged") else "paused",
        stored=None if going_on else run,
        parent=(run.id, run.curve_update) if going_on else None,
    )
