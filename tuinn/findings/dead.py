"""ReLU units that are off for every example: their δ is 0, so nothing wakes them."""

from __future__ import annotations

from tuinn.findings.course import Course
from tuinn.findings.finding import Finding, Try, init
from tuinn.numbers import percent

DEAD = "dead ReLUs"

MOST_DEAD = 0.5
"""Share of a layer's units. Some are dead in many a network that learns well; with half of them
gone it is much narrower than it was meant to be."""


def dead(course: Course) -> Finding | None:
    """Half of the units of a hidden layer are dead, and the run has not learned."""
    worst = max(course.hidden, key=lambda layer: layer.dead, default=None)
    if worst is None or course.learned or not worst.dead >= MOST_DEAD:
        return None
    l, share = worst.layer, percent(worst.dead)
    cut = "nothing passes back through it" if worst.dead == 1 else "they learn nothing"
    return Finding(
        DEAD,
        "alarm",
        f"Dead ReLUs: {share} of the units of l={l} are off for every example: {cut}.",
        f"Dead ReLUs: {share} of l={l} are off for every example.",
        _tries(course),
    )


def _tries(course: Course) -> tuple[Try, ...]:
    tries = []
    if hasattr(course.config.optimizer, "eta"):
        tries.append(Try(",", "a smaller η"))
    if course.config.network.init != "he":
        tries.append(init("he"))
    else:
        tries.append(Try("tab", "tanh"))
    return (*tries, Try("r", "begin anew"))
