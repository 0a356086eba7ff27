"""Handing the runs of a runner over to the store, as they go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import Snapshot, Trainer
from tuinn.config import Config
from tuinn.experiment import Experiment
from tuinn.runners.keep import Keep
from tuinn.runners.report import Mark

if TYPE_CHECKING:
    from tuinn.store import KeptRun, Status


class Keeping:
    """Keeps one run after the other; all of it in the thread that trains.

    Where a run is not to be kept, nothing is done with what is told of it.
    """

    def __init__(self) -> None:
        self._kept: KeptRun | None = None
        self._keep: Keep | None = None
        self._over = True
        """The last that was told of the run is its end."""
        self._looked_at = -1
        """A run that goes on with one of the store leaves it as it is up to this update: someone
        may only want to look at it."""

    @property
    def run_id(self) -> int | None:
        """The number of the run, once it is in the store."""
        return self._kept.id if self._kept is not None else None

    @property
    def problem(self) -> str:
        """Why nothing can be written now; empty while all is well."""
        return self._keep.keeper.problem if self._keep is not None else ""

    def begin(self, keep: Keep | None, experiment: Experiment) -> None:
        """Another run is there; what ``keep`` says of its first run holds for the first only.

        `StoreError` where the run to go on with belongs to another process.
        """
        first = keep is not self._keep
        self._keep, self._kept, self._over = keep, None, False
        resumes = keep is not None and first and keep.resume is not None
        self._looked_at = experiment.trainer.update if resumes else -1
        if keep is not None:
            self._kept = keep.keeper.keep(
                experiment,
                name=keep.name,
                folder=keep.folder,
                race=keep.race,
                parent=keep.parent if first else None,
                resume=keep.resume if first else None,
            )

    def fork(self, experiment: Experiment, update: int) -> None:
        """Another run goes on from that update of this one, which was left."""
        if self._keep is None or self._kept is None:
            return
        self._kept = self._keep.keeper.keep(
            experiment,
            name=self._keep.name,
            folder=self._keep.folder,
            race=self._keep.race,
            parent=(self._kept, update),
        )
        self._over, self._looked_at = False, -1

    def snapshot(self, trainer: Trainer, snapshot: Snapshot) -> None:
        if self._kept is not None:
            self._kept.snapshot(trainer, snapshot)

    def mark(self, mark: Mark) -> None:
        if self._kept is not None:
            self._kept.mark(mark)

    def now(self, config: Config) -> None:
        """This is what the run follows from here on."""
        if self._kept is not None:
            self._kept.now(config)

    @property
    def goes_on(self) -> bool:
        """There is a run that is kept, and that was not told to be at its end."""
        return self._kept is not None and not self._over

    def status(self, trainer: Trainer, status: Status, reason: str = "") -> None:
        """How the run is after the last snapshot."""
        self._over = status not in ("training", "paused")
        if self._kept is not None and trainer.update > self._looked_at:
            self._kept.status(trainer, status, reason)
