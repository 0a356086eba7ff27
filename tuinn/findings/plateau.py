"""A plateau: a hidden layer is saturated, and the loss does not move."""

from __future__ import annotations

import numpy as np

from tuinn.findings.course import Course
from tuinn.findings.finding import Finding, Try, init
from tuinn.numbers import percent, significant

PLATEAU = "plateau by saturation"

SATURATED = 0.9
"""Share of a hidden layer's sigmoid or tanh units that are near a plateau of σ."""
MOVES = 0.02
"""From the lowest to the highest loss, as a part of their mean, over half of the updates."""
LASTING, LASTING_UPDATES = 0.04, 10
"""The settings have held for this part of the planned run, and so many updates."""


def plateau(course: Course) -> Finding | None:
    """The loss stands still at a height at which little is learned, and a layer is saturated."""
    candidates = [layer for layer in course.hidden if layer.activation in ("sigmoid", "tanh")]
    worst = max(candidates, key=lambda layer: layer.saturated, default=None)
    if worst is None or course.learned or not worst.saturated >= SATURATED:
        return None
    loss = course.loss
    if not course.goes_on(LASTING, LASTING_UPDATES):
        return None
    recent = loss[max(0, course.since(0.5) - 1) :]
    if not np.ptp(recent) < MOVES * abs(float(recent.mean())):
        return None
    share, prime = percent(worst.saturated), significant(worst.sigma_prime, 2)
    return Finding(
        PLATEAU,
        "alarm",
        f"Plateau by saturation: l={worst.layer} is {share} saturated (σ′ {prime}), and the loss "
        f"stays at {significant(float(loss[-1]))}.",
        f"Plateau: l={worst.layer} is {share} saturated, the loss stays.",
        _tries(course),
    )


def _tries(course: Course) -> tuple[Try, ...]:
    match course.config.network.init:
        case "given":
            tries = []
        case "large":
            tries = [init("scaled")]
        case "scaled":
            tries = [init("xavier")]
        case _:
            tries = [Try("i", "another init")]
    return (*tries, Try("tab", "relu"), Try("r", "begin anew"))
