"""What a runner has to tell."""

from __future__ import annotations

from engine import Snapshot, Trainer
from tuinn.mark import Mark
from tuinn.runners.report import Fork, Report, Status


class News:
    """The state of a run, and what has happened in it since the last report.

    Of two threads that use it each must hold the runner's lock.
    """

    def __init__(self) -> None:
        self.status: Status = "loading"
        self.message = ""
        self._snapshots: list[Snapshot] = []
        self._marks: list[Mark] = []
        self._forks: list[Fork] = []
        self._reset = False
        self._progress = 0.0, 0, 0.0, 0
        """Epoch, update, seconds and evaluations after the last chunk."""

    def progress(self, trainer: Trainer) -> None:
        """The run has come to where the trainer is now."""
        self._progress = trainer.epoch, trainer.update, trainer.seconds, trainer.evaluations

    def snapshot(self, snapshot: Snapshot) -> None:
        """It takes the place of the last one where that is of the same update and cost."""
        last = self._snapshots[-1] if self._snapshots else None
        if last and (last.update, last.alpha) == (snapshot.update, snapshot.alpha):
            self._snapshots.pop()
        self._snapshots.append(snapshot)

    def mark(self, mark: Mark) -> None:
        self._marks.append(mark)

    def begin(self, trainer: Trainer, snapshot: Snapshot) -> None:
        """Another run is there: what was not told of the one before is forgotten."""
        self._snapshots, self._marks, self._forks, self._reset = [snapshot], [], [], True
        self.progress(trainer)

    def fork(self, trainer: Trainer, snapshot: Snapshot, mark: Mark, text: str) -> None:
        """The run goes on from a moment of its past, of which ``snapshot`` is the first."""
        self._forks.append(Fork(mark, text, tuple(self._snapshots), tuple(self._marks)))
        self._snapshots, self._marks = [snapshot], []
        self.progress(trainer)

    def report(self, updates_per_second: float) -> Report:
        """All of it, once."""
        epoch, update, seconds, evaluations = self._progress
        report = Report(
            status=self.status,
            snapshots=tuple(self._snapshots),
            marks=tuple(self._marks),
            reset=self._reset,
            epoch=epoch,
            update=update,
            seconds=seconds,
            updates_per_second=updates_per_second if self.status == "training" else 0.0,
            message=self.message,
            evaluations=evaluations,
            forks=tuple(self._forks),
        )
        self._snapshots, self._marks, self._forks, self._reset = [], [], [], False
        return report
