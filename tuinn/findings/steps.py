"""η too large, so that the loss jumps about, or too small, so that it hardly moves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tuinn.findings.course import Array, Course
from tuinn.findings.finding import Finding, Try
from tuinn.findings.words import norm
from tuinn.numbers import percent, significant

TOO_LARGE = "η too large"
TOO_SMALL = "η too small"

LEAP = 4.0
"""Times its first ‖W‖, with…"""
ALL_SATURATED = 0.9
"""…this share of a hidden layer saturated and…"""
NO_BETTER = 0.8
"""…this part of the first loss still there: steps that leapt over everything. Learning, too, makes
‖W‖ grow and units saturate, but then the loss has fallen."""

AMPLITUDE = 0.15
"""From the lowest to the highest loss in either half of the window, as a part of the mean. The
noise of mini-batches shakes a loss that has not fallen yet by less, or now and then only."""
TREND = 0.25
"""Fall from the first third of the window to its last, as a part of the lowest to the highest: what
falls by more is learning, however much it shakes."""
TURNS = 4
"""Changes between up and down at least."""
UNLEARNED = 0.5
"""Part of the first loss that is still there: what shakes far below it has learned something, and
mini-batches shake it."""

SLOW = 0.2
"""Part of the loss that all the planned updates would take off together, at the pace of now."""
NEVER_FASTER = 2.0
"""Times that: the pace of the run was never more, with the same η. Where it was, another cause has
slowed it down."""
SMALL_STEP = 1e-3
"""‖ΔW‖/‖W‖ of one update: about a thousandth is a step of the right size. On a plateau the
loss moves as little, but its last layer at least goes on with larger steps."""
STEADY = 0.2
"""Part of the up and down of the loss that is up: a loss on rails."""
LASTING, LASTING_UPDATES = 0.02, 10
"""The settings have held for this part of the planned run, and so many updates: the first ones may
stumble."""


class Swing(NamedTuple):
    """The up and down of a loss."""

    low: float
    high: float
    rises: float
    """Part of all its way that leads up, 0 … 1."""
    turns: int


def swing(loss: Array) -> Swing:
    """Of a loss over some snapshots, two at least. ``rises`` is 0 where it does not move."""
    steps = np.diff(loss)
    way = float(np.abs(steps).sum())
    signs = np.sign(steps[steps != 0])
    rises = float(steps[steps > 0].sum()) / way if way > 0 else 0.0
    return Swing(float(loss.min()), float(loss.max()), rises, int((np.diff(signs) != 0).sum()))


def too_large(course: Course) -> Finding | None:
    """The steps leapt over everything, or the loss goes up and down and does not fall."""
    if course.learned or not np.isfinite(course.loss).all() or not _has_eta(course):
        return None
    return _oscillating(course) or _leapt(course)


def _oscillating(course: Course) -> Finding | None:
    recent = course.loss[course.since(0.5) :]
    if len(recent) < TURNS + 2 or not course.goes_on(LASTING, LASTING_UPDATES):
        return None
    low, high, _, turns = swing(recent)
    level, third = float(recent.mean()), len(recent) // 3
    fall = float(recent[:third].mean() - recent[-third:].mean())
    halves = (recent[: len(recent) // 2], recent[len(recent) // 2 :])
    lasting = min(float(np.ptp(half)) for half in halves) >= AMPLITUDE * level
    stays = level > UNLEARNED * float(course.loss[0]) and fall < TREND * (high - low)
    if not stays or not lasting or turns < TURNS:
        return None
    saturated = max(course.hidden, key=lambda layer: layer.saturated, default=None)
    why = ""
    if saturated is not None and saturated.saturated >= ALL_SATURATED:
        why = f"; l={saturated.layer} is {percent(saturated.saturated)} saturated"
    between = f"the loss goes up and down between {significant(low)} and {significant(high)}"
    return Finding(
        TOO_LARGE,
        "alarm",
        f"η too large: {between} and does not fall{why}.",
        f"η too large: {between}.",
        (Try(",", "a smaller η"), Try("r", "begin anew")),
    )


def _leapt(course: Course) -> Finding | None:
    loss = course.loss
    if not loss[-1] > NO_BETTER * loss[0]:
        return None
    for layer in course.hidden:
        weights = course.layer(layer.layer, "weight_norm")
        if layer.saturated >= ALL_SATURATED and 0 < LEAP * weights[0] < weights[-1]:
            W = norm("W", layer.layer)
            leap = f"{W} leapt from {significant(weights[0])} to {significant(weights[-1])}"
            return Finding(
                TOO_LARGE,
                "alarm",
                f"η too large: {leap}, so l={layer.layer} is {percent(layer.saturated)} saturated, "
                "and the loss no better.",
                f"η too large: {leap}.",
                (Try(",", "a smaller η"), Try("r", "begin anew")),
            )
    return None


def too_small(course: Course) -> Finding | None:
    """The loss falls as on rails, but all the planned updates would hardly bring it down."""
    if course.learned or not _has_eta(course) or len(course.loss) < 3:
        return None
    step = max(layer.update_ratio for layer in course.layers)
    whole = course.pace * course.planned
    if not (0 < whole < SLOW and 0 < step < SMALL_STEP):
        return None
    if float(np.nanmax(course.paces)) * course.planned > NEVER_FASTER * SLOW:
        return None
    if not course.goes_on(LASTING, LASTING_UPDATES):
        return None
    recent = course.loss[course.since(0.5) :]
    if len(recent) < 2 or swing(recent).rises > STEADY or recent[-1] >= recent[0]:
        return None
    return Finding(
        TOO_SMALL,
        "alarm",
        f"η too small: the loss falls, but at this pace by {percent(whole)} in the whole run; an "
        f"update moves W by {significant(step, 2)} of ‖W‖.",
        f"η too small: at this pace the loss falls by {percent(whole)} in all.",
        (Try(".", "a larger η"),),
    )


def _has_eta(course: Course) -> bool:
    return hasattr(course.config.optimizer, "eta")
