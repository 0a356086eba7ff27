"""One run as the lab sees it: the wanted configuration, the runner, and its history.

The form changes the wanted configuration. η, α, the batch size and the stop conditions reach a
living run at its next update; every other difference waits for a reset, so a run is never
disturbed by typing. A run that has not made an update yet is simply built again.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from engine.rewind import MOST_BYTES
from engine.snapshot import Snapshot
from tuinn.config import Config, ConfigError, changed, fields, get, has
from tuinn.experiment import Experiment, check, make_stop
from tuinn.fork import check_fork
from tuinn.history import History
from tuinn.optimizers import WHOLE
from tuinn.runners.keep import Keep
from tuinn.runners.report import Report
from tuinn.runners.runner import Ending
from tuinn.runners.thread import ThreadRunner
from tuinn.screens.reopened import Reopened
from tuinn.widgets.method_facts import MethodFacts

if TYPE_CHECKING:
    from tuinn.store import Keeper, StoredRun

LIVE = {
    "optimizer.eta": "eta",
    "regularisation.alpha": "alpha",
    "training.batch_size": "batch_size",
}
"""Fields that change in mid-run: path in the configuration → argument of ``runner.change``."""
STOP = tuple(field.path for field in fields() if field.path.startswith("stop."))
"""The stop conditions change in mid-run, too."""
STRETCH = 6.0
"""Seconds that a run lasts at least, as long as nobody asks for more speed: a tiny network would be
done before anyone has seen it learn."""
FULL_SPEED, SLOWEST = 5, -6
"""Powers of two by which the speed may be changed; from the first on nothing holds a run back."""
NOTHING_YET = Report("loading", (), (), False, 0.0, 0, 0.0, 0.0, "")


class Session:
    """The wanted configuration, and the run made of it (or of an earlier one)."""

    def __init__(
        self,
        config: Config,
        folder: Path | None = None,
        interval: float = 0.1,
        rewind_bytes: int = MOST_BYTES,
        keeper: Keeper | None = None,
        name: str = "",
    ) -> None:
        """``folder``: where the paths of data begin; ``interval``: seconds between snapshots;
        ``rewind_bytes``: what the moments that can be gone back to may take of the memory;
        ``keeper``: who keeps the runs, under the ``name`` of their preset; None: nobody.
        """
        self.config = self.built = self.origin = config
        self._folder = folder
        self._options: dict[str, Any] = {"interval": interval, "rewind_bytes": rewind_bytes}
        self._keeper = keeper
        self.history = History()
        self._past: History | None = None
        """The curves of the run that is gone on with, until its first report is there."""
        self.runner = ThreadRunner(config, folder, keep=self._keep(name), **self._options)
        self.report = NOTHING_YET
        self.coming = "ready"
        """The state of the run once it is loaded."""
        self._begun = self._start_due = False
        self._rebuilding = True
        self._speed = 0

    # what is known

    @property
    def status(self) -> str:
        return "loading" if self._rebuilding else self.report.status

    @property
    def experiment(self) -> Experiment | None:
        return self.runner.experiment

    @property
    def last(self) -> Snapshot | None:
        return self.history.last

    @property
    def kept(self) -> bool:
        """What is trained is kept in the store."""
        return self._keeper is not None

    @property
    def begun(self) -> bool:
        """True once there is a run to lose: an update was made, or asked for."""
        return self.status != "failed" and (self._begun or self.report.update > 0)

    def about(self, preset: Config) -> Config:
        """``preset``, whose title and hint are empty where the run is no longer what they tell of.

        What is changed in mid-run is a part of the same run.
        """
        if _told_of(self.origin) == _told_of(preset):
            return preset
        return msgspec.structs.replace(preset, title="", look_for="")

    @property
    def pending(self) -> list[str]:
        """The fields in which the form differs from the run and that need a reset: their paths."""
        differing = [
            field.path
            for field in fields(self.config.optimizer.name)
            if field.path not in STOP
            and (field.path not in LIVE or not self._lives(field.path))
            and self._differs(field.path)
        ]
        if "optimizer.name" in differing:
            # that it has other settings goes without saying
            return [
                path
                for path in differing
                if path == "optimizer.name" or not path.startswith("optimizer.")
            ]
        return differing

    @property
    def forkable(self) -> bool:
        """The run may go on from where it is with the settings of the form, whatever waits."""
        if self.experiment is None or self.status == "diverged":
            return False
        try:
            check_fork(self.experiment.config, self.config)
            check(self.config)
        except ConfigError:
            return False
        return True

    def _lives(self, path: str) -> bool:
        """Whether the field can be changed in the run: η of another method than its own cannot."""
        same = self.config.optimizer.name == self.built.optimizer.name
        return same or not path.startswith("optimizer.")

    def _differs(self, path: str) -> bool:
        """Whether form and run differ in a field of the form."""
        return not has(self.built, path) or get(self.config, path) != get(self.built, path)

    @property
    def pace(self) -> float | None:
        """Updates a second that a run makes at most; None: as many as it can."""
        if self.experiment is None or self._speed >= FULL_SPEED:
            return None
        return float(self.planned / STRETCH * 2.0**self._speed)

    @property
    def planned(self) -> int:
        """Updates of the whole run, if nothing ends it before its last epoch or its budget."""
        return self.experiment.trainer.planned if self.experiment is not None else 0

    @property
    def facts(self) -> MethodFacts:
        """How to speak of the method of the run."""
        if self.experiment is None:
            return MethodFacts.named(self.built.optimizer.name)
        return MethodFacts.of(self.experiment.trainer.optimizer)

    @property
    def epochs(self) -> int:
        """Epochs of the whole run, if nothing ends it before the last of them or its budget."""
        if self.experiment is None:
            return self.built.stop.epochs
        trainer = self.experiment.trainer
        optimizer = trainer.optimizer
        each = (
            optimizer.updates_per_epoch if optimizer.whole else -(-trainer.m // trainer.batch_size)
        )
        return min(trainer.stop.epochs, -(-trainer.planned // each))

    @property
    def evaluations(self) -> int:
        """Evaluations of the whole run, if nothing ends it before its last epoch or its budget."""
        if self.experiment is None:
            return 0
        trainer = self.experiment.trainer
        left = max(trainer.planned - self.report.update, 0)
        planned = self.report.evaluations + left * trainer.optimizer.points
        if left and self.report.update == 0:
            planned += trainer.optimizer.first_points - trainer.optimizer.points
        budget = trainer.stop.evaluations
        return planned if budget is None else min(planned, budget)

    # what changes it

    def poll(self) -> Report:
        """Take what the runner has to say, and keep it. Never blocks."""
        report = self.runner.poll()
        self._take_curves(report)
        if report.forks and self.experiment is not None:
            self.built = self.origin = self.experiment.config
            # what was changed since the fork was asked for is no part of it
            self.want(self.config)
        if report.reset or report.forks:
            self.runner.set_pace(self.pace)
        if report.reset and self._start_due:
            self._start_due = False
            self.runner.start()
        if report.reset or report.status == "failed":
            self._rebuilding = False
        self.report = report
        return report

    def _take_curves(self, report: Report) -> None:
        if report.reset and self._past is not None:
            # the run goes on from here; what was written of it later is made once more
            self.history, self._past = self._past, None
            self.history.cut(report.update)
            report = replace(report, reset=False)
        self.history.take(report)

    def want(self, config: Config) -> bool:
        """Take the form's configuration; True where the run is built anew because of it."""
        self.config = config
        if not self.begun:
            if config == self.built:
                return False
            self.reset()
            return True
        live: dict[str, Any] = {
            argument: get(config, path)
            for path, argument in LIVE.items()
            if has(config, path) and self._lives(path) and self._differs(path)
        }
        if self._too_many(config):
            live.pop("batch_size", None)
        if any(self._differs(path) for path in STOP):
            live["stop"] = make_stop(config)
        if live:
            self.runner.change(**live)
            for path in (*LIVE, *STOP):
                if LIVE.get(path, "stop") in live:
                    self.built = changed(self.built, path, get(config, path))
        return False

    def too_large(self, config: Config) -> str:
        """Why the mini-batch of ``config`` cannot be used in this run; empty where it can."""
        others = any(path.startswith("data.") for path in self.pending)
        m = self._too_many(config)
        if not m or others or self.status in ("loading", "failed"):
            # the data of after the next reset are not known yet
            return ""
        k = config.training.batch_size
        return f'must be 1 … {m} (the training examples) or "full", got {k}'

    def _too_many(self, config: Config) -> int:
        """m of the run, where a mini-batch of ``config`` is larger than that; else 0."""
        k, experiment = config.training.batch_size, self.experiment
        whole = config.optimizer.name in WHOLE
        if experiment is None or whole or k == "full" or k <= experiment.trainer.m:
            return 0
        return experiment.trainer.m

    def open(self, config: Config, folder: Path | None, name: str = "") -> None:
        """Drop the run and go on with another configuration, the preset of that name."""
        self.config = config
        keep = self._keep(name)
        if folder != self._folder:
            self._folder = folder
            self._begin_anew(ThreadRunner(config, folder, keep=keep, **self._options))
        else:
            self.runner.keep = keep
            self.reset()

    def reopen(self, run: Reopened) -> None:
        """Drop the run and go on with one from elsewhere, as it was then."""
        self.config, self._folder = run.config, run.folder
        keep = self._keep(run.name, run.stored, run.parent)
        runner = ThreadRunner(run.config, run.folder, keep=keep, resume=run.arrays, **self._options)
        self._begin_anew(runner)
        self._past, self.coming = run.history, run.status

    def _begin_anew(self, runner: ThreadRunner) -> None:
        self.runner.close()
        self.runner = runner
        self.report = NOTHING_YET
        self.history, self._past = History(), None
        self._renew()

    def _keep(
        self, name: str, resume: StoredRun | None = None, parent: tuple[int, int] | None = None
    ) -> Keep | None:
        """How the runs are kept, if they are."""
        if self._keeper is None:
            return None
        folder = "" if self._folder is None else str(self._folder)
        return Keep(self._keeper, name, folder, resume=resume, parent=parent)

    def reset(self) -> None:
        """Back to the first weights, as the wanted configuration says."""
        self.runner.reset(self.config)
        self._renew()

    def _renew(self) -> None:
        self.built = self.origin = self.config
        self._begun, self._start_due, self.coming = False, False, "ready"
        self._rebuilding = True

    def fork(self, update: int) -> None:
        """Go on from the kept moment of that update as the wanted configuration says."""
        self.runner.fork(update, self.config)

    def edit(self, layer: int, row: int, column: int | None, value: float) -> None:
        """Set one weight of layer l = 1…L, or with no column one bias; the run goes on from it."""
        self._begun = True
        self.runner.edit(layer, row, column, value)

    def change_speed(self, by: int) -> None:
        """Twice as fast (1), or half as fast (−1)."""
        self._speed = min(FULL_SPEED, max(SLOWEST, self._speed + by))
        self.runner.set_pace(self.pace)

    def start(self) -> None:
        """Train; a run that is still loading begins once it is there and has its pace."""
        self._begun = True
        if self._rebuilding:
            self._start_due = True
        else:
            self.runner.start()

    def step(self) -> None:
        self._begun = True
        self.runner.step()

    def epoch(self) -> None:
        self._begun = True
        self.runner.epoch()

    def pause(self) -> None:
        self.runner.pause()

    def close(self, status: Ending = "stopped", reason: str = "") -> None:
        """Leave the run, with that status where it is kept and not at its end."""
        self.runner.close(status, reason)


def _told_of(config: Config) -> tuple[object, ...]:
    """What the title of a preset and its hint are about."""
    return config.data.set, config.network, config.training, config.optimizer
