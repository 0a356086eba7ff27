"""Overfitting: the validation loss rises while the training loss goes on falling."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tuinn.findings.course import Array
from tuinn.findings.finding import Finding, Try
from tuinn.history import History
from tuinn.numbers import percent, significant

OVERFITTING = "overfitting"

BINS = 20
"""Parts of the run over which the losses are averaged, since mini-batches shake them; and…"""
SMOOTH = 4
"""…so many bins together, of which the lowest and the last are compared."""
RISEN = 0.03
"""Rise of the validation loss above its lowest, as a part of that; and…"""
SURE = 4.0
"""…in standard errors, which the shaking from bin to bin since then gives: the lowest is the lowest
of many."""
FALLEN = 0.8
"""Part of the training loss at that lowest that is left: it goes on falling."""
GAP = 4.0
"""Validation loss over training loss: below that a rise of the one is noise, or harmless."""
SEEN = 0.1
"""Part of the largest loss of the run that a rise must be to be seen on a linear axis: a tenth of a
chart of ten rows is one of them."""


class Overfit(NamedTuple):
    """Where it began, and by how much the validation loss has risen since."""

    since: float
    rise: float
    """As a part of the lowest; both are means over some parts of the run."""


def overfit(x: Array, train: Array, validation: Array) -> Overfit | None:
    """Whether a run overfits; ``x``: epochs or evaluations of the snapshots, ascending."""
    known = np.isfinite(validation) & np.isfinite(train)
    if not known[-1:].any() or known.sum() < BINS // 2 or not x[-1] > x[0]:
        return None
    places = np.minimum((BINS * (x - x[0]) / (x[-1] - x[0])).astype(int), BINS - 1)[known]
    counts = np.bincount(places, minlength=BINS)
    held = counts > 0
    means = [
        np.bincount(places, column[known], BINS)[held] / counts[held]
        for column in (validation, train, x)
    ]
    if len(means[0]) < 2 * SMOOTH:
        return None
    v, t, at = (np.convolve(mean, np.full(SMOOTH, 1 / SMOOTH), "valid") for mean in means)
    lowest = int(v.argmin())
    shakes = np.diff(means[0][lowest + SMOOTH // 2 :])
    error = float(np.sqrt(np.mean(shakes**2) / SMOOTH)) if len(shakes) else 0.0
    rise = v[-1] - v[lowest]
    if lowest > len(v) - 1 - SMOOTH or rise < RISEN * v[lowest] or rise < SURE * error:
        return None
    if t[-1] > FALLEN * t[lowest] or v[-1] < GAP * t[-1]:
        return None
    return Overfit(float(at[lowest]), float(rise / v[lowest]))


def overfitting(history: History, begin: int, axis: str, eta: bool) -> Finding | None:
    """Of a run whose settings hold since the snapshot ``begin``; ``axis`` counts its progress.

    ``eta``: it follows gradients, and can be forked and go on with another α.
    """
    columns = (history.x(axis), history.column("train_loss"), history.column("validation_loss"))
    found = overfit(*(column[begin:] for column in columns))
    if found is None:
        return None
    where = f"{axis.removesuffix('s')} {significant(found.since)}"
    rise = f"validation loss rose {percent(found.rise)} on average"
    back = f"going back to {where} (←), then a fork"
    tries = [Try("A", "a larger α"), Try("f", back)] if eta else []
    losses = np.concatenate([column[begin:] for column in columns[1:]])
    if found.rise * float(np.nanmin(columns[2][begin:])) < SEEN * float(np.nanmax(losses)):
        tries.append(Try("y", "a logarithmic loss to see it"))
    return Finding(
        OVERFITTING,
        "alarm",
        f"Overfitting since {where}: {rise}, train loss goes on falling.",
        f"Overfitting since {where}: {rise}.",
        (*tries, Try("tab", "more examples, patience")),
    )
