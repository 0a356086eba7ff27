"""A run that learns, and one that has come to rest."""

from __future__ import annotations

import numpy as np

from tuinn.findings.course import Course
from tuinn.findings.finding import Finding, Try
from tuinn.numbers import count, percent, significant

AT_REST = "at rest"
LEARNING = "learning"

REST = 1e-5
"""Change of the loss and of every ‖W‖, as a part of themselves, over half of the updates: no run
that learns is so still, and mini-batches never let one be."""
LASTING, LASTING_UPDATES = 0.05, 20
"""The settings have held for this part of the planned run, and so many updates."""

SPAN = 0.1
"""Part of the planned epochs over which a fall is told, one epoch at least; and early on…"""
RECENT = 0.25
"""…this part of the updates so far."""
FELL = 0.01
"""The least fall that is told."""
SURE = 3.0
"""The fall in standard errors, which the loss's shaking from one snapshot to the next gives."""


def at_rest(course: Course) -> Finding | None:
    """Neither the loss nor any ‖W‖ moves: the gradient is nearly 0, or in balance with decay."""
    recent = course.since(0.5)
    columns = [course.layer(layer.layer, "weight_norm") for layer in course.layers]
    if len(course.loss) - recent < 2 or not course.goes_on(LASTING, LASTING_UPDATES):
        return None
    for column in (course.loss, *columns):
        if not float(np.ptp(column[recent:])) <= REST * abs(float(column[-1])):
            return None
    last, still = course.last, count(course.updates[-1] - course.updates[recent])
    loss, right = significant(last.train_loss), percent(last.train_accuracy)
    more = () if course.learned else (Try("tab", "more or larger layers"), Try("r", "begin anew"))
    return Finding(
        AT_REST,
        "info",
        f"At rest: for {still} updates neither W nor the loss has moved; loss {loss}, training "
        f"accuracy {right}.",
        f"At rest for {still} updates: loss {loss}, accuracy {right}.",
        more,
    )


def learning(course: Course) -> Finding | None:
    """The mean loss of the last epochs is lower than that of as many before, beyond doubt."""
    updates, loss = course.updates, course.loss
    per_epoch = course.planned / course.config.stop.epochs
    span = min(
        max(1.0, SPAN * course.config.stop.epochs) * per_epoch,
        RECENT * (updates[-1] - updates[0]),
    )
    before, now = (
        int(np.searchsorted(updates, updates[-1] - times * span, side="left")) for times in (2, 1)
    )
    old, new = loss[before:now], loss[now:]
    if min(len(old), len(new)) < 2 or not np.isfinite(loss[before:]).all():
        return None
    noise = float(np.sqrt(np.mean(np.diff(loss[before:]) ** 2) / 2))
    error = noise * (1 / len(old) + 1 / len(new)) ** 0.5
    fall = float(old.mean() - new.mean())
    level = float(old.mean())
    if not level > 0 or not fall >= max(FELL * level, SURE * error):
        return None
    share = percent(fall / level)
    epochs = span / per_epoch
    when = f"{significant(epochs, 2)} epochs" if epochs >= 1.05 else "epoch"
    when = f"{count(span)} updates" if epochs < 0.95 else when
    return Finding(
        LEARNING,
        "info",
        f"Learning: the loss fell {share} in the last {when}, on average.",
        f"Learning: the loss fell {share} in the last {when}.",
    )
