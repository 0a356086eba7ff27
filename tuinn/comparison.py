"""What differs between runs, how each fares, and which of them is best."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tuinn.allowed import as_text
from tuinn.config import Config, fields, get, has
from tuinn.fields import leaves, spelt
from tuinn.fork import SPOKEN
from tuinn.numbers import MINUS, NONE, count, rate, significant
from tuinn.optimizers import WHOLE
from tuinn.outcome import Basis, Outcome, stored_outcome

if TYPE_CHECKING:
    from tuinn.store import StoredRun

ETA = "optimizer.eta"
LONGEST = 40
"""Characters of a value, as of the weights of a network, that are shown."""
ENDED = ("finished", "diverged", "failed", "stopped", "interrupted")
"""The statuses of runs that are over."""
FEW = 10
"""Accuracies on fewer examples are not compared: one example more or less decides on them."""
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
    """How each is shown: "as usual", "all" or "none" where it is empty,
    "–" where it means nothing."""


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
        texts = [_shown(path, value) if m else NONE for value, m in zip(values, means)]
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


def _shown(path: str, value: Any) -> str:
    text = spelt(path, value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over the seeds of a preset."""

    median: float
    """Of one run: its figure. NaN where there is none."""
    half_iqr: float | None = None
    """Half the distance of the quartiles; None where there are not two runs."""

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Median and quartiles, between two values by a straight line; NaN are left out."""
        there = sorted(value for value in values if not math.isnan(value))
        if len(there) < 2:
            return cls(there[0] if there else math.nan)
        low, middle, high = (_quantile(there, q) for q in (0.25, 0.5, 0.75))
        return cls(middle, 0.0 if low == high else (high - low) / 2)


def _quantile(ordered: Sequence[float], q: float) -> float:
    """As `numpy.percentile`, but of ∞ as well, which has no line to it: diverged runs are ∞."""
    place = q * (len(ordered) - 1)
    below, above = ordered[math.floor(place)], ordered[math.ceil(place)]
    return below if below == above else float(np.interp(place % 1, [0, 1], [below, above]))


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
    statuses: tuple[str, ...]
    """Of each run."""
    basis: Basis
    crowd: tuple[int, int] | None = None
    """Runs that train at once, and the fewer cores that they share; None where each has its own, or
    nothing is known."""

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Result:
        """Of at least one run; those that have not begun are left out of the medians."""
        spreads: dict[str, Any] = {
            name: Spread.of([getattr(one, name) for one in outcomes]) for name in FIGURES
        }
        return cls(
            **spreads, statuses=tuple(one.status for one in outcomes), basis=outcomes[0].basis
        )

    @property
    def status(self) -> str:
        """In words: "training"; of several "2 of 5 finished, 1 diverged"."""
        if len(set(self.statuses)) == 1:
            return self.statuses[0]
        parts = [f"{self.statuses.count('finished')} of {len(self.statuses)} finished"]
        ill = [word for word in ("diverged", "failed") if word in self.statuses]
        return ", ".join([*parts, *(f"{self.statuses.count(word)} {word}" for word in ill)])

    @property
    def diverged(self) -> bool:
        """All its runs have, or its loss has gone to ∞ in most of them: it cannot be best."""
        return set(self.statuses) == {"diverged"} or math.isinf(self.last_loss.median)

    @property
    def ended(self) -> bool:
        """All its runs are over, one way or another."""
        return all(status in ENDED for status in self.statuses)


def stored_result(run: StoredRun) -> Result:
    """How a run of the store fares."""
    return Result.of([stored_outcome(run)])


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a result: a row of the table."""

    name: str
    """Of the field in `Result`."""
    label: str
    """With {loss} and {accuracy} for what these are called."""
    short: str
    """The label where there is little room."""
    better: int
    """−1: the least is best, +1: the greatest, 0: there is no best."""
    text: Callable[[float], str]
    spread: Callable[[float], str]
    """Of half the distance of the quartiles."""


def _accuracy(value: float) -> str:
    """What only comes near 1 is not told as 1."""
    return ">0.999" if 0.9995 <= value < 1 else significant(value)


def _two(value: float) -> str:
    """Two digits, in at most six characters."""
    text = significant(value, 2)
    if len(text) <= 6 or not math.isfinite(value):
        return text
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}".replace("-", MINUS)


FIGURES: Mapping[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure("best_loss", "best {loss}", "best loss", -1, significant, _two),
        Figure("last_loss", "last {loss}", "last loss", -1, significant, _two),
        Figure("best_accuracy", "best {accuracy}", "best {acc}", 1, _accuracy, _two),
        Figure("last_accuracy", "last {accuracy}", "last {acc}", 1, _accuracy, _two),
        Figure("updates_per_second", "updates/s", "upd/s", 0, rate, rate),
        Figure("seconds", "time (s)", "time (s)", -1, significant, _two),
        Figure("evaluations", "evaluations", "evals", 0, count, _two),
        Figure("update", "update", "update", 0, count, _two),
        Figure("epoch", "epoch", "epoch", 0, significant, _two),
    )
}
"""By the name of the field, in the order of the table."""
LOSSES = ("best_loss", "last_loss")
ACCURACIES = ("best_accuracy", "last_accuracy")


def label_of(results: Sequence[Result], figure: str, *, short: bool = False) -> str:
    """What a figure is called in these results: "best validation loss", "last R²"."""
    parts = {part_of(result.basis) for result in results}
    part = f"{parts.pop()} " if len(parts) == 1 else ""
    kinds = {result.basis.regression for result in results}
    quality, acc = ("R²", "R²") if kinds == {True} else ("accuracy", "acc.")
    if len(kinds) == 2:
        quality, acc = "accuracy, R²", "acc., R²"
    about = FIGURES[figure]
    text = about.short if short else about.label
    return text.format(loss=f"{part}loss", accuracy=f"{part}{quality}", acc=acc)


def part_of(basis: Basis) -> str:
    """The examples by which a run is judged: "validation" or "training"."""
    return "validation" if basis.validated else "training"


def why_not_compared(results: Sequence[Result], figure: str) -> str:
    """Why no result can be called best by this figure, in a sentence; empty where one can."""
    bases = [result.basis for result in results]
    if figure in (*LOSSES, *ACCURACIES):
        word = "losses" if figure in LOSSES else "accuracies"
        if len({basis.data for basis in bases}) > 1:
            return f"{word} on different sets of data are not compared"
        if len({basis.validated for basis in bases}) > 1:
            return f"{word} in training and in validation are not compared"
        if figure in LOSSES:
            if len({basis.cost for basis in bases}) > 1:
                return "losses of different costs are not compared"
            if len({basis.alpha for basis in bases}) > 1:
                return "losses with L2 terms of different α are not compared"
            return ""
        counts = [basis.examples for basis in bases if basis.examples is not None]
        if counts and min(counts) < FEW:
            many = "a single example" if min(counts) == 1 else f"{min(counts)} examples"
            return f"accuracies on {many} are not compared"
    if figure == "seconds":
        if len({basis.data for basis in bases}) > 1:
            return "times on different sets of data are not compared"
        if crowd := next((result.crowd for result in results if result.crowd), None):
            runs, cores = crowd
            share = "one core" if cores == 1 else f"{cores} cores"
            return f"{runs} runs share {share}: times are not compared"
        if len({basis.stop for basis in bases}) > 1:
            return "times to different ends are not compared"
        if not all(result.ended for result in results):
            return "times are compared when all runs are over"
    return ""


def notes(results: Sequence[Result]) -> list[str]:
    """In a sentence what of loss and accuracy is not compared, and why; none where all is."""
    reasons = [why_not_compared(results, figure) for figure in ("best_loss", "best_accuracy")]
    loss, accuracy = reasons
    if not (loss and accuracy):
        return [reason for reason in reasons if reason]
    if loss.partition(" ")[2] == accuracy.partition(" ")[2]:
        return [f"losses and {accuracy}"]
    return [f"{loss.removesuffix(' are not compared')} and {accuracy}"]


def time_notes(results: Sequence[Result]) -> list[str]:
    """Why the times of runs that had the same to do are not compared; none where they are."""
    crowded = any(result.crowd for result in results)
    return [why_not_compared(results, "seconds")] if crowded and len(results) > 1 else []


def deciding(results: Sequence[Result]) -> str:
    """The figure by which runs of these kinds can be told better or worse, whatever their values:
    the best loss, else the best accuracy; empty where there is none."""
    if len(results) < 2:
        return ""
    figures = "best_loss", "best_accuracy"
    return next((figure for figure in figures if not why_not_compared(results, figure)), "")


def best(results: Sequence[Result], figure: str) -> tuple[int, ...]:
    """The places of the best by this figure: all that share it, none where it means nothing.

    A run that has diverged is never best, nor one that has not made an update, and one that did
    not finish has no time.
    """
    better = FIGURES[figure].better
    if not better or len(results) < 2 or why_not_compared(results, figure):
        return ()
    values = [getattr(result, figure).median for result in results]
    there = [
        place
        for place, (value, result) in enumerate(zip(values, results))
        if math.isfinite(value)
        and result.update.median > 0
        and not result.diverged
        and (figure != "seconds" or set(result.statuses) == {"finished"})
    ]
    top = max((better * values[place] for place in there), default=math.nan)
    return tuple(place for place in there if better * values[place] == top)


def order(results: Sequence[Result], figure: str) -> list[int]:
    """The places from the best to the worst by this figure; diverged ones, then those without it
    last. Where there is no best the greatest is first."""
    sign = -(FIGURES[figure].better or 1)

    def key(place: int) -> tuple[bool, bool, float]:
        result = results[place]
        value = getattr(result, figure).median
        return math.isnan(value), result.diverged, 0.0 if math.isnan(value) else sign * value

    return sorted(range(len(results)), key=key)


def order_by_values(values: Sequence[Any]) -> list[int]:
    """The places by the values of a difference: numbers from the least, then texts, none last."""

    def key(place: int) -> tuple[int, float, str]:
        value = values[place]
        if value is None:
            return 2, 0.0, ""
        if isinstance(value, int | float):
            return 0, float(value), ""
        return 1, 0.0, as_text(value)

    return sorted(range(len(values)), key=key)
