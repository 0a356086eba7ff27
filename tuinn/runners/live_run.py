"""One run while it is trained, with all that belongs to it."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from engine import Snapshot, Trainer
from engine.rewind import Rewind
from tuinn.config import Config, ConfigError
from tuinn.experiment import Experiment
from tuinn.fork import fork, what_differs
from tuinn.mark import Mark
from tuinn.runners import marks
from tuinn.runners.cadence import Cadence
from tuinn.runners.keep import Keep
from tuinn.runners.keeping import Keeping
from tuinn.runners.speed import Speed
from tuinn.runners.timeline import Timeline


class LiveRun:
    """An experiment, its past, what it followed when, and its place in the store.

    Parameters
    ----------
    experiment
        What is trained.
    rewind, timeline
        The moments of it that can be gone back to, and the configurations that it followed.
    interval
        Seconds between two snapshots by the clock.
    keeping
        Keeps what `begin` says; a fork goes on with it.
    """

    def __init__(
        self,
        experiment: Experiment,
        rewind: Rewind,
        timeline: Timeline,
        *,
        interval: float,
        keeping: Keeping,
    ) -> None:
        self.experiment, self.rewind, self.timeline = experiment, rewind, timeline
        self.cadence, self.speed = Cadence(interval), Speed()
        self.keeping = keeping
        self._interval = interval

    @property
    def trainer(self) -> Trainer:
        return self.experiment.trainer

    def begin(self, keep: Keep | None) -> Snapshot:
        """Keep it from here on, if it is to be kept; returns its first snapshot."""
        self.keeping.begin(keep, self.experiment)
        return self.snapshot()

    def snapshot(self) -> Snapshot:
        """The run as it is now; it can be gone back to, and is kept."""
        started = perf_counter()
        snapshot = self.trainer.snapshot()
        self.rewind.keep(self.trainer, snapshot)
        now = perf_counter()
        self.cadence.taken(now=now, update=snapshot.update, cost=now - started)
        self.keeping.snapshot(self.trainer, snapshot)
        return snapshot

    def changes_cost(self, values: dict[str, Any]) -> bool:
        """Whether with these values the cost is another function than it was until now."""
        alpha = values.get("alpha")
        return alpha is not None and alpha != self.trainer.alpha and self.trainer.update > 0

    def change(self, values: dict[str, Any]) -> Mark | None:
        """What `Trainer.change` takes; None: nothing to mark was changed, or no curve is there.

        ValueError where a value is refused.
        """
        before = marks.settings(self.trainer)
        self.trainer.change(**values)
        self.timeline.change(self.trainer.update, values)
        if self.keeping.now(self.trainer, self.timeline.now):
            self.snapshot()
        text = marks.changed(before, marks.settings(self.trainer))
        if not text or self.trainer.update == 0:
            return None
        return self._marked(text)

    def edit(self, layer: int, row: int, column: int | None, value: float) -> Mark:
        """Set one weight, or with no column one bias; ValueError where that is refused."""
        trainer = self.trainer
        place = trainer.network.place(layer, row, column)
        before = float(trainer.theta[place])
        trainer.set_parameter(layer, row, column, value)
        after = float(trainer.theta[place])
        return self._marked(marks.edited(layer, row, column, before, after), written=True)

    def _marked(self, text: str, *, written: bool = False) -> Mark:
        mark = marks.marked(self.trainer, text, written=written)
        self.keeping.mark(mark)
        return mark

    def fork(self, update: int, config: Config) -> Forked:
        """The run that goes on from the kept moment of that update as ``config`` says.

        ValueError where no moment is kept, or what differs cannot differ; the run is then as it
        was.
        """
        moment = self.rewind.nearest("update", update)
        if moment is None or moment.snapshot.update != update:
            raise ConfigError(
                f"update {marks.spaced(update)} is not kept: fork from another moment"
            )
        was = self.timeline.at(update)
        experiment = fork(self.experiment, config, moment.arrays)
        self.timeline.follow(update, config)
        child = LiveRun(
            experiment,
            self.rewind,
            self.timeline,
            interval=self._interval,
            keeping=self.keeping,
        )
        self.keeping.fork(experiment, update)
        return Forked(child, *marks.forked(update, what_differs(was, config)))


class Forked:
    """A run that has left its parent."""

    def __init__(self, run: LiveRun, short: str, text: str) -> None:
        self.run, self.text = run, text
        """In full: "fork at update 1 200: η 0.5 → 0.1"."""
        self.snapshot = run.snapshot()
        self.mark = run._marked(short)
