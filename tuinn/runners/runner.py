"""What every runner can do, whatever it trains in."""

from __future__ import annotations

from typing import Any, Literal, Protocol

from tuinn.config import Config
from tuinn.runners.report import Report

Ending = Literal["stopped", "interrupted"]
"""How a run that was not finished is left: by its person, or by a signal."""


class Runner(Protocol):
    """Trains what a configuration describes, somewhere else: nothing here ever waits for it."""

    @property
    def config(self) -> Config:
        """What the run is built from."""

    def start(self) -> None:
        """Train until told otherwise or finished."""

    def pause(self) -> None: ...

    def step(self, updates: int = 1) -> None:
        """Make some updates, at least one, then pause; what was asked for before is done first."""

    def epoch(self) -> None:
        """Train to the end of the epoch, then pause; of the next one, where that was asked for."""

    def reset(self, config: Config | None = None) -> None:
        """Begin anew: from the same first weights, or as another configuration says."""

    def change(self, **values: Any) -> None:
        """Change η (`eta`), α (`alpha`), `batch_size` or `stop` from the next update on."""

    def set_pace(self, updates_per_second: float | None) -> None:
        """Train at most that fast, so that a person can follow; None: as fast as possible."""

    def poll(self) -> Report:
        """The state now, and what is new since the last call."""

    def close(self, status: Ending = "stopped", reason: str = "") -> None:
        """End it; a run that is kept and not finished is left in the store with that status."""
