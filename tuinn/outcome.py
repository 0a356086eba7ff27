"""The figures of one run as it is now: what a comparison compares."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.curve import is_judged
from engine.snapshot import Snapshot
from tuinn.allowed import as_text
from tuinn.config import Config, Stop
from tuinn.history import History

if TYPE_CHECKING:
    from engine.data.registry import Entry
    from tuinn.store import StoredRun

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Basis:
    """What the figures of a run are had from: only those of a kind can be compared."""

    cost: str
    """ "quadratic" or "cross-entropy"."""
    alpha: float
    """α of the L2 term, which every loss contains."""
    data: str
    """The set, of a generated one its noise, and of a file the column that is predicted."""
    validated: bool
    """There is a validation set, and loss and accuracy are those on it; else in training."""
    regression: bool
    """The accuracy is R²."""
    stop: Stop | None = None
    """What was to end it; None where that is not known."""
    examples: int | None = None
    """By how many examples its accuracy is judged; None where that is not known."""

    @classmethod
    def of(
        cls, config: Config, *, validated: bool, regression: bool, alpha: float | None = None
    ) -> Basis:
        """``alpha``: the one that is followed now, where that may be another."""
        return cls(
            config.training.cost,
            config.regularisation.alpha if alpha is None else alpha,
            _data(config),
            validated,
            regression,
            config.stop,
            _examples(config, validated=validated),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """Loss and accuracy are those on the validation set where there is one, else in training.

    NaN is what is not there yet.
    """

    status: str
    """Of a runner, or of the store: "training", "finished", "diverged", …"""
    best_loss: float
    """The least where runs are judged (`is_judged`), and where it is now; with the α of now."""
    last_loss: float
    """∞ of a run that has diverged to no number."""
    best_accuracy: float
    last_accuracy: float
    updates_per_second: float
    """Over all the time spent in updates."""
    seconds: float
    """Spent in updates."""
    evaluations: float
    update: float
    epoch: float
    basis: Basis


class Tally:
    """The best loss and accuracy of a run at the places by which runs are judged (`is_judged`):
    which others were seen is a matter of the clock, and a history keeps some of them."""

    def __init__(self) -> None:
        self.loss = self.accuracy = math.nan
        self._alpha = math.nan

    def clear(self) -> None:
        """Another run begins."""
        self.loss = self.accuracy = self._alpha = math.nan

    def go_on(self, loss: float, accuracy: float, alpha: float) -> None:
        """What was had before, with the α that is followed."""
        self.loss, self.accuracy, self._alpha = loss, accuracy, alpha

    def take(self, snapshots: Iterable[Snapshot]) -> None:
        for snapshot in snapshots:
            self.add(snapshot.epoch, snapshot.alpha, *judged(snapshot))

    def add(self, epoch: float, alpha: float, loss: float, accuracy: float) -> None:
        """What it has come to, with the α that was followed until then."""
        if alpha != self._alpha:
            # with another α the cost is another function
            self.loss, self._alpha = math.nan, alpha
        if is_judged(epoch):
            self.loss, self.accuracy = self.with_now(loss, accuracy)

    def with_now(self, loss: float, accuracy: float) -> tuple[float, float]:
        """The best loss and accuracy, where those of now are taken with them."""
        return float(np.fmin(self.loss, loss)), float(np.fmax(self.accuracy, accuracy))


def judged(snapshot: Snapshot) -> tuple[float, float]:
    """Loss and accuracy by which a run is judged: on the validation set, else in training."""
    if snapshot.validation_loss is None or snapshot.validation_accuracy is None:
        return snapshot.train_loss, snapshot.train_accuracy
    return snapshot.validation_loss, snapshot.validation_accuracy


def outcome(
    history: History,
    config: Config,
    status: str,
    *,
    validated: bool,
    regression: bool = False,
    tally: Tally | None = None,
) -> Outcome:
    """The figures of a run from its history; its bests from ``tally`` where there is one."""
    if not len(history):
        basis = Basis.of(config, validated=validated, regression=regression)
        nothing = dict.fromkeys(("best_loss", "last_loss", "best_accuracy"), math.nan)
        nothing |= dict.fromkeys(("last_accuracy", "updates_per_second", "seconds"), math.nan)
        nothing |= dict.fromkeys(("evaluations", "update", "epoch"), math.nan)
        return Outcome(status=status, basis=basis, **nothing)
    part = "validation" if validated else "train"
    losses, accuracies = history.column(f"{part}_loss"), history.column(f"{part}_accuracy")
    alphas = history.column("alpha")
    last = {
        name: float(history.column(name)[-1])
        for name in ("evaluations", "update", "epoch", "seconds")
    }
    if tally is not None:
        best = tally.loss, tally.accuracy
    else:
        counts = np.array([is_judged(epoch) for epoch in history.column("epoch")], bool)
        same_cost = losses[counts & (alphas == alphas[-1])]
        best = _reduced(np.fmin, same_cost), _reduced(np.fmax, accuracies[counts])
    if last["update"] > 0:
        # where it is now is seen whatever the clock says
        best = float(np.fmin(best[0], losses[-1])), float(np.fmax(best[1], accuracies[-1]))
    return Outcome(
        status=status,
        best_loss=best[0],
        last_loss=_last_loss(float(losses[-1]), status),
        best_accuracy=best[1],
        last_accuracy=float(accuracies[-1]),
        updates_per_second=_speed(last["update"], last["seconds"]),
        basis=Basis.of(config, validated=validated, regression=regression, alpha=float(alphas[-1])),
        **last,
    )


def stored_outcome(run: StoredRun) -> Outcome:
    """The figures of a run of the store, as its row has them."""
    loss, accuracy = run.validation_loss, run.validation_accuracy
    return Outcome(
        status=run.status,
        best_loss=run.best_loss,
        last_loss=_last_loss(run.train_loss if loss is None else loss, run.status),
        best_accuracy=run.best_accuracy,
        last_accuracy=run.train_accuracy if accuracy is None else accuracy,
        updates_per_second=_speed(run.update, run.seconds),
        seconds=run.seconds,
        evaluations=float(run.evaluations),
        update=float(run.update),
        epoch=run.epoch,
        basis=Basis.of(run.now, validated=loss is not None, regression=run.regression),
    )


def is_regression(config: Config) -> bool:
    """Whether the set of ``config`` is known to be a regression; of a file nothing is known."""
    entry = _entries().get(config.data.set)
    return entry is not None and entry.kind == "regression"


def _data(config: Config) -> str:
    data, entry = config.data, _entries().get(config.data.set)
    noise = entry.noise if data.noise is None and entry is not None else data.noise
    words = data.set if data.label is None else f"{data.set} ({as_text(data.label)})"
    return words if noise is None else f"{words}, noise {as_text(noise)}"


def _examples(config: Config, *, validated: bool) -> int | None:
    """The size of the validation set, or of the training set; None for a set that is a file."""
    data, entry = config.data, _entries().get(config.data.set)
    if entry is None:
        return None
    n = entry.examples
    if data.n is not None:
        n = data.n if entry.generated else min(data.n, n)
    validation, test = (
        int(n * size if size < 1 else size) for size in (data.validation, data.test)
    )
    if validated:
        return validation
    if data.train is None:
        return n - validation - test
    return int(n * data.train if data.train < 1 else data.train)


@functools.cache
def _entries() -> dict[str, Entry]:
    """The sets that have a name."""
    from engine.data import catalogue

    return {entry.name: entry for entry in catalogue()}


def _reduced(best: np.ufunc, values: Array) -> float:
    """The least or the greatest; NaN where there is none."""
    return float(best.reduce(values)) if values.size else math.nan


def _last_loss(loss: float, status: str) -> float:
    return math.inf if status == "diverged" and math.isnan(loss) else loss


def _speed(update: float, seconds: float) -> float:
    return update / seconds if seconds > 0 else math.nan
