"""Handing the runs of a runner over to the store, as they go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine import Snapshot, Trainer
from tuinn.config import Config
from tuinn.experiment import Experiment
from tuinn.mark import Mark
from tuinn.runners.keep import Keep

if TYPE_CHECKING:
    from tuinn.store import KeptRun, Status, StoredRun


class Keeping:
    """Keeps one run after the other; all of it in the thread that trains.

    Where a run is not to be kept, nothing is done with what is told of it.
    """

    def __init__(self) -> None:
        self._kept: KeptRun | None = None
        self._keep: Keep | None = None
        self._experiment: Experiment | None = None
        self._last: tuple[Status, str] | None = None
        """What was told of it last."""
        self._parent: tuple[KeptRun | int, int] | None = None
        """The run from which it is forked, and the update there."""
        self._marks: list[Mark] = []
        """What was changed before its first update."""

    @property
    def run_id(self) -> int | None:
        """The number of the run, once it is in the store."""
        return self._kept.id if self._kept is not None else None

    @property
    def problem(self) -> str:
        """Why nothing can be written now; empty while all is well."""
        return self._keep.keeper.problem if self._keep is not None else ""

    def begin(self, keep: Keep | None, experiment: Experiment) -> None:
        """Another run is there.

        `StoreError` where the run to go on with belongs to another process.
        """
        self._keep, self._kept, self._last = keep, None, None
        if keep is not None:
            self._new(experiment, parent=keep.parent, resume=keep.resume)

    def fork(self, experiment: Experiment, update: int) -> None:
        """Another run goes on from that update of this one, which was left."""
        if self._kept is not None:
            self._last = None
            self._new(experiment, parent=(self._kept, update))

    def _new(
        self,
        experiment: Experiment,
        parent: tuple[KeptRun | int, int] | None = None,
        resume: StoredRun | None = None,
    ) -> None:
        assert self._keep is not None
        self._experiment, self._parent, self._marks = experiment, parent, []
        self._kept = self._keep.keeper.keep(
            experiment,
            name=self._keep.name,
            folder=self._keep.folder,
            race=self._keep.race,
            parent=parent,
            resume=resume,
        )

    def snapshot(self, trainer: Trainer, snapshot: Snapshot) -> None:
        if self._kept is not None:
            self._kept.snapshot(trainer, snapshot)

    def checkpoint(self, trainer: Trainer) -> None:
        """After every chunk of updates: its state, where it is time to keep that."""
        if self._kept is not None:
            self._kept.checkpoint(trainer)

    def mark(self, mark: Mark) -> None:
        if mark.update == 0:
            self._marks.append(mark)
        if self._kept is not None:
            self._kept.mark(mark)

    def now(self, trainer: Trainer, config: Config) -> bool:
        """This is what the run follows from here on.

        Before the first update it is another run that begins; True: its snapshot is wanted.
        """
        if self._kept is None or self._experiment is None:
            return False
        if trainer.update:
            self._kept.now(config)
            return False
        # nothing of it is in the store yet
        marks = self._marks
        self._new(replace(self._experiment, config=config), self._parent)
        for mark in marks:
            self.mark(mark)
        if self._last is not None:
            self._kept.status(trainer, *self._last)
        return True

    @property
    def goes_on(self) -> bool:
        """There is a run that is kept, and that was not told to be at its end."""
        ended = self._last is not None and self._last[0] not in ("training", "paused")
        return self._kept is not None and not ended

    def leave(self, trainer: Trainer, status: Status, reason: str = "") -> None:
        """How the run is left, at once; its last snapshot may follow."""
        self._last = status, reason
        if self._kept is not None:
            self._kept.leave(trainer, status, reason)

    def status(self, trainer: Trainer, status: Status, reason: str = "") -> None:
        """How the run is after the last snapshot."""
        self._last = status, reason
        if self._kept is not None:
            self._kept.status(trainer, status, reason)
