"""A run that is being kept, as its trainer sees it."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

from engine import Snapshot, Trainer
from tuinn.config import Config
from tuinn.mark import Mark
from tuinn.store.handover import Beginning, Handover
from tuinn.store.run import ENDS, Status, StoredRun

if TYPE_CHECKING:
    from tuinn.store.keeper import Keeper

CHECKPOINT_SECONDS = 0.5
"""Between two checkpoints by the clock, where they are cheap."""
MOST_SHARE = 0.02
"""Of the time that checkpoints may take."""
MOST_BYTES = 2e6
"""A second that checkpoints may write: those of a large network would wear out a disk, and hold up
the training by more than the time of the processor tells."""


class KeptRun:
    """What a trainer tells of one run; made by `Keeper.keep`, called in the trainer's thread.

    Nothing is written before the first update after the one where it began, or, where a run of the
    store goes on, after the last one that is written: to look at a run leaves nothing. What is
    changed by hand goes with the next checkpoint: the store never has one without the other.

    A row costs an evaluation, so checkpoints come apart from rows, too, and may be ahead of the
    last one. All rows that were handed over before a checkpoint are written with it or before it:
    a run that goes on from there lacks none that was taken.
    """

    def __init__(
        self,
        keeper: Keeper,
        start: int,
        beginning: Beginning | None,
        resume: StoredRun | None = None,
    ) -> None:
        self.id = None if resume is None else resume.id
        """Known once the first row is written."""
        self._keeper = keeper
        self._start = start
        """The update after which there is something to write."""
        self._beginning = beginning
        self._ended = resume is not None and resume.status in ENDS
        """It had come to its end before."""
        self._waiting: list[Handover] | None = []
        """What there was to tell until then; None: it is told at once."""
        self._marks: list[Mark] = []
        self._now: Config | None = None
        self._status: Status | None = None
        """The one handed over last."""
        self._told: int | None = None
        """The update of which it told."""
        self._last: int | None = None
        """Update of the row handed over last."""
        self._kept: int | None = None
        """Update of the checkpoint handed over last."""
        self._due = perf_counter() + CHECKPOINT_SECONDS
        """When the next checkpoint is, as that tells."""
        self.write_seconds = 0.0
        """Of the processor, for the last checkpoint that was written; set by the writer."""
        self.writing = False
        """A checkpoint that was handed over is not written yet."""

    def snapshot(self, trainer: Trainer, snapshot: Snapshot) -> None:
        """Hand over a row, and a checkpoint where one is due."""
        self._hand(trainer, snapshot, self._going_on(trainer), due=self._is_due(trainer))

    def checkpoint(self, trainer: Trainer) -> None:
        """Hand over a checkpoint without a row, where one is due; cheap enough for every chunk of
        updates."""
        if self._is_due(trainer) and trainer.update > self._start:
            self._hand(trainer, None, self._going_on(trainer), due=True)

    def leave(self, trainer: Trainer, status: Status, reason: str = "") -> None:
        """Hand over that it is left so, with a checkpoint, before anything that takes time; a row
        of the same moment may follow."""
        self._hand(trainer, None, (status, reason), due=self._kept != trainer.update)

    def status(self, trainer: Trainer, status: Status, reason: str = "") -> None:
        """Hand over the status with a checkpoint of now, and then a row."""
        told = self._last == trainer.update and not self._changed
        self.leave(trainer, status, reason)
        if not told:
            self.snapshot(trainer, trainer.snapshot())

    def mark(self, mark: Mark) -> None:
        """Something was changed in mid-run; written with the next row."""
        self._marks.append(mark)

    def now(self, config: Config) -> None:
        """What is followed from here on; written with the next row."""
        self._now = config

    @property
    def _changed(self) -> bool:
        return bool(self._marks) or self._now is not None

    def _is_due(self, trainer: Trainer) -> bool:
        """Whether it is time for a checkpoint, and there is something new for one."""
        return perf_counter() >= self._due and not self.writing and self._kept != trainer.update

    def _going_on(self, trainer: Trainer) -> tuple[Status, str] | None:
        """What is to be told of a run that had stood still, and now has made updates."""
        stood = self._status not in (None, "training") and trainer.update != self._told
        return ("training", "") if stood else None

    def _hand(
        self,
        trainer: Trainer,
        snapshot: Snapshot | None,
        status: tuple[Status, str] | None,
        *,
        due: bool,
    ) -> None:
        # its θ is not written, and would fill the memory where the disk is slow
        row = None if snapshot is None else replace(snapshot, theta=None)
        handover = Handover(self, row, marks=tuple(self._marks), now=self._now, status=status)
        due = due or self._changed
        self._marks, self._now = [], None
        if snapshot is not None:
            self._last = snapshot.update
        if status is not None:
            self._status, self._told = status[0], trainer.update
        if self._waiting is not None:
            self._waiting.append(handover)
            ends = status is not None and status[0] in ENDS
            if trainer.update <= self._start and (self._beginning or self._ended or not ends):
                return
            self._waiting[0].beginning, self._beginning = self._beginning, None
            waiting, self._waiting = self._waiting, None
            # there is no run that cannot go on
            self._checkpoint(trainer, handover)
            for one in waiting:
                self._keeper.take(one)
            return
        if due:
            self._checkpoint(trainer, handover)
        self._keeper.take(handover)

    def _checkpoint(self, trainer: Trainer, handover: Handover) -> None:
        began = thread_time()
        handover.arrays = trainer.dump()
        handover.curve = trainer.curve_hash, trainer.update
        cost = thread_time() - began + self.write_seconds
        size = sum(array.nbytes for array in handover.arrays.values())
        wait = max(CHECKPOINT_SECONDS, cost / MOST_SHARE, size / MOST_BYTES)
        self._due = perf_counter() + wait
        self._kept, self.writing = trainer.update, True
