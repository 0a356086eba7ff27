"""What differs between runs, how each fares, and which of them is best."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.snapshot import Snapshot
from tuinn.allowed import as_text
from tuinn.config import Config, fields, get, has
from tuinn.fields import leaves
from tuinn.fork import SPOKEN
from tuinn.history import History
from tuinn.optimizers import WHOLE
from tuinn.widgets.numbers import NONE, count, duration, rate, significant

if TYPE_CHECKING:
    from tuinn.store import StoredRun

STAR = "★"
"""Marks the best."""
ETA = "optimizer.eta"
LONGEST = 40
"""Characters of a value, as of the weights of a network, that are shown."""
_UNLABELLED = {
    "optimizer.name": "optimiser",
    "network.weights": "first weights",
    "network.biases": "first biases",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which configurations differ."""

    path: str
    """As in the TOML file: "optimizer.eta"."""
    label: str
    """As in the form: "η"."""
    values: tuple[Any, ...]
    """One of each configuration; None where the field is empty, or means nothing there."""
    texts: tuple[str, ...]
    """How each is shown: "none" where it is empty, "–" where it means nothing."""


def differing(configs: Sequence[Config]) -> list[Difference]:
    """The fields in which any two of the configurations differ, where that means anything.

    That another optimiser has other settings goes without saying: these are compared among those
    with the same optimiser only, but η among all that have one.
    """
    paths = dict.fromkeys(path for config in configs for path in leaves(config.optimizer.name))
    labels = {field.path: field.label.partition(" (")[0] for field in fields()} | _UNLABELLED
    found = []
    for path in paths:
        if path in SPOKEN or not _differs(configs, path):
            continue
        means = [_means(config, path) for config in configs]
        values = [get(config, path) if m else None for config, m in zip(configs, means)]
        texts = [_shown(value) if m else NONE for value, m in zip(values, means)]
        label = labels.get(path, path.rpartition(".")[2])
        found.append(Difference(path, label, tuple(values), tuple(texts)))
    return found


def _means(config: Config, path: str) -> bool:
    """Whether the field at ``path`` does anything in ``config``."""
    unused = "training.batch_size" if config.optimizer.name in WHOLE else "training.examples"
    return has(config, path) and path != unused


def _differs(configs: Sequence[Config], path: str) -> bool:
    """Whether two differ there, of those in which it means something and that are comparable."""
    own = path.startswith("optimizer.") and path not in ("optimizer.name", ETA)
    groups: dict[str, list[Any]] = {}
    for config in configs:
        if _means(config, path):
            group = config.optimizer.name if own else ""
            groups.setdefault(group, []).append(get(config, path))
    return any(value != values[0] for values in groups.values() for value in values)


def _shown(value: Any) -> str:
    text = as_text(value) or "none"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


@dataclass(frozen=True, slots=True)
class Basis:
    """What the figures of a run are had from: only those of a kind are compared."""

    cost: str
    """"quadratic" or "cross-entropy"."""
    alpha: float
    """α of the L2 term, which every loss contains."""
    data: str
    """The set, and the column of a file that is predicted."""
    validated: bool
    """There is a validation set, and loss and accuracy are those on it."""
    regression: bool
    """The accuracy is R²."""

    @classmethod
    def of(cls, config: Config, *, validated: bool, regression: bool) -> Basis:
        data = f"{config.data.set} {as_text(config.data.label)}"
        return cls(config.training.cost, config.regularisation.alpha, data, validated, regression)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of one run as it is now; NaN where there is none yet.

    Loss and accuracy are those on the validation set where there is one, else on the training set.
    """

    status: str
    """Of a runner, or of the store: "training", "finished", "diverged", …"""
    best_loss: float
    """The least so far, with the α that is followed now."""
    last_loss: float
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
    """The best loss and accuracy of a run so far, of all its snapshots: a history keeps only
    some of them."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Another run begins."""
        self.loss, self.accuracy = math.nan, math.nan
        self._alpha = math.nan

    def take(self, snapshots: Iterable[Snapshot]) -> None:
        for snapshot in snapshots:
            if snapshot.alpha != self._alpha:
                # with another α the cost is another function
                self.loss, self._alpha = math.nan, snapshot.alpha
            loss, accuracy = judged(snapshot)
            self.loss = float(np.fmin(self.loss, loss))
            self.accuracy = float(np.fmax(self.accuracy, accuracy))


def judged(snapshot: Snapshot) -> tuple[float, float]:
    """Loss and accuracy by which a run is judged: on the validation set, else in training."""
    if snapshot.validation_loss is None:
        return snapshot.train_loss, snapshot.train_accuracy
    accuracy = snapshot.validation_accuracy
    return snapshot.validation_loss, math.nan if accuracy is None else accuracy


def outcome(
    history: History,
    config: Config,
    status: str,
    *,
    tally: Tally | None = None,
    regression: bool = False,
) -> Outcome:
    """The figures of a run from its history, and its bests from ``tally`` where there is one."""
    if not len(history):
        basis = Basis.of(config, validated=config.data.validation > 0, regression=regression)
        nan = math.nan
        return Outcome(status, nan, nan, nan, nan, nan, 0.0, 0.0, 0.0, 0.0, basis)
    validated = not np.isnan(history.column("validation_loss")).all()
    part = "validation" if validated else "train"
    losses, accuracies = history.column(f"{part}_loss"), history.column(f"{part}_accuracy")
    alphas = history.column("alpha")
    last = {name: float(history.column(name)[-1]) for name in ("evaluations", "update", "epoch")}
    seconds = float(history.column("seconds")[-1])
    same_cost = losses[alphas == alphas[-1]]
    return Outcome(
        status=status,
        best_loss=tally.loss if tally else _finite(np.fmin.reduce(same_cost)),
        last_loss=float(losses[-1]),
        best_accuracy=tally.accuracy if tally else _finite(np.fmax.reduce(accuracies)),
        last_accuracy=float(accuracies[-1]),
        updates_per_second=last["update"] / seconds if seconds > 0 else math.nan,
        seconds=seconds,
        basis=Basis(
            config.training.cost,
            float(alphas[-1]),
            f"{config.data.set} {as_text(config.data.label)}",
            validated,
            regression,
        ),
        **last,
    )


def _finite(value: Any) -> float:
    return float(value)


def stored_outcome(run: StoredRun, *, regression: bool = False) -> Outcome:
    """The figures of a run of the store, as its row has them."""
    validated = run.validation_loss is not None
    loss = run.train_loss if run.validation_loss is None else run.validation_loss
    accuracy = run.validation_accuracy
    return Outcome(
        status=run.status,
        best_loss=run.best_loss,
        last_loss=loss,
        best_accuracy=run.best_accuracy,
        last_accuracy=run.train_accuracy if accuracy is None else accuracy,
        updates_per_second=run.update / run.seconds if run.seconds > 0 else math.nan,
        seconds=run.seconds,
        evaluations=float(run.evaluations),
        update=float(run.update),
        epoch=run.epoch,
        basis=Basis.of(run.now, validated=validated, regression=regression),
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over the seeds of a preset."""

    median: float
    """Of one run: its figure."""
    half_iqr: float | None = None
    """Half the distance of the quartiles; None for one run."""

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Median and quartiles as numpy has them; those that are not there (NaN) are left out."""
        there = np.array([value for value in values if not math.isnan(value)])
        if not there.size:
            return cls(math.nan)
        with np.errstate(invalid="ignore"):
            low, middle, high = np.percentile(there, [25, 50, 75])
        return cls(float(middle), float(high - low) / 2 if len(values) > 1 else None)


@dataclass(frozen=True, slots=True)
class Result:
    """How a preset, or a run, fares: each figure over its seeds."""

    best_loss: Spread
    last_loss: Spread
    best_accuracy: Spread
    last_accuracy: Spread
    updates_per_second: Spread
    seconds: Spread
    evaluations: Spread
    update: Spread
    epoch: Spread
    status: str
    """In words: "training", "finished"; of several "2 of 5 finished"."""
    diverged: bool
    """All of its runs have: it cannot be best."""
    ended: bool
    """All of its runs are over: finished, diverged or stopped."""
    basis: Basis

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Result:
        """At least one outcome; those that have not begun are left out of the medians."""
        spreads = {name: Spread.of([getattr(one, name) for one in outcomes]) for name in FIGURES}
        statuses = [one.status for one in outcomes]
        return cls(
            **spreads,
            status=_status(statuses),
            diverged=all(status == "diverged" for status in statuses),
            ended=all(status in ENDED for status in statuses),
            basis=outcomes[0].basis,
        )


ENDED = ("finished", "diverged", "failed", "stopped", "interrupted")


def _status(statuses: Sequence[str]) -> str:
    return statuses[0]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a result, as a row of the table."""

    name: str
    """Of the field in `Result`."""
    label: str
    short: str
    """The label where there is little room."""
    better: int
    """−1: the least is best, +1: the greatest, 0: there is no best."""
    text: Callable[[float], str]


def _accuracy(value: float) -> str:
    return significant(value)


FIGURES: Mapping[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure("best_loss", "best loss", "best loss", -1, significant),
        Figure("last_loss", "last loss", "last loss", -1, significant),
        Figure("best_accuracy", "best accuracy", "best acc.", 1, _accuracy),
        Figure("last_accuracy", "last accuracy", "last acc.", 1, _accuracy),
        Figure("updates_per_second", "updates/s", "upd/s", 0, rate),
        Figure("seconds", "time", "time", -1, duration),
        Figure("evaluations", "evaluations", "eval.", 0, count),
        Figure("update", "updates", "updates", 0, count),
        Figure("epoch", "epochs", "epochs", 0, significant),
    )
}
"""By the name of the field, in the order of the table."""


def label_of(results: Sequence[Result], figure: str, *, short: bool = False) -> str:
    """What a figure is called in these results: "best R²", where it is one."""
    about = FIGURES[figure]
    return about.short if short else about.label


def why_not_compared(results: Sequence[Result], figure: str) -> str:
    """Why no result is marked best by this figure; empty where the best is."""
    return ""


def best(results: Sequence[Result], figure: str) -> tuple[int, ...]:
    """The places of the best by this figure: all that share it, none where it means nothing."""
    better = FIGURES[figure].better
    if not better or why_not_compared(results, figure):
        return ()
    values = [getattr(result, figure).median for result in results]
    there = [
        place
        for place, (value, result) in enumerate(zip(values, results))
        if math.isfinite(value) and not result.diverged
    ]
    if not there:
        return ()
    top = max(better * values[place] for place in there)
    return tuple(place for place in there if better * values[place] == top)


def notes(results: Sequence[Result]) -> list[str]:
    """In sentences what of these results is not compared, and why."""
    return []


def order(results: Sequence[Result], figure: str) -> list[int]:
    """The places from the best to the worst by this figure, those without it last.

    Where there is no best the greatest is first.
    """
    sign = -FIGURES[figure].better or -1

    def key(place: int) -> tuple[bool, bool, float]:
        result = results[place]
        value = getattr(result, figure).median
        return result.diverged, math.isnan(value), 0.0 if math.isnan(value) else sign * value

    return sorted(range(len(results)), key=key)


def text_of(figure: str, spread: Spread) -> str:
    """ "0.0813", and of several seeds "0.0813 ± 0.002"."""
    about = FIGURES[figure]
    text = about.text(spread.median)
    if spread.half_iqr is None or math.isnan(spread.median):
        return text
    return f"{text} ± {about.text(spread.half_iqr)}"
