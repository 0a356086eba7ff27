"""The rules in order of precedence, and the finding that they lead to."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tuinn.config import Config
from tuinn.findings import (
    dead,
    decay,
    deltas,
    diverging,
    learning,
    output,
    overfitting,
    plateau,
    search,
    steps,
)
from tuinn.findings.course import Course
from tuinn.findings.finding import Finding
from tuinn.history import History


class Rule(NamedTuple):
    """A state and how it is found."""

    name: str
    """Of the findings that it makes."""
    find: Callable[[Course], Finding | None]


def _overfitting(course: Course) -> Finding | None:
    searches = not course.layers
    axis = "evaluations" if searches else "epoch"
    return overfitting.overfitting(course.history, course.begin, axis, eta=not searches)


def _of_search(
    find: Callable[[str, History], Finding | None],
) -> Callable[[Course], Finding | None]:
    def found(course: Course) -> Finding | None:
        last = course.last
        if last.search is None or last.train_accuracy >= search.SOLVED:
            return None
        return find(course.config.optimizer.name, course.history)

    return found


OF_GRADIENTS = (
    Rule(diverging.DIVERGING, diverging.diverging),
    Rule(dead.DEAD, dead.dead),
    Rule(steps.TOO_LARGE, steps.too_large),
    Rule(decay.DECAY, decay.decay),
    Rule(output.SATURATED_OUTPUT, output.saturated_output),
    Rule(deltas.VANISHING, deltas.vanishing),
    Rule(plateau.PLATEAU, plateau.plateau),
    Rule(overfitting.OVERFITTING, _overfitting),
    Rule(steps.TOO_SMALL, steps.too_small),
    Rule(learning.AT_REST, learning.at_rest),
    Rule(learning.LEARNING, learning.learning),
)
"""For runs that follow gradients. What has made a run useless comes before what slows it down, and
the cause before its consequence: steps that are too large saturate units and kill them."""
OF_SEARCHES = (
    Rule(search.TOO_EARLY, _of_search(search.converged_early)),
    Rule(search.FROZEN, _of_search(search.frozen)),
    Rule(search.TOO_HOT, _of_search(search.too_hot)),
    Rule(overfitting.OVERFITTING, _overfitting),
)
"""For runs without gradients: what hinders a gradient says nothing of a search."""
RULES = (*OF_GRADIENTS, *OF_SEARCHES[:-1])
"""All of them, each once."""


def finding(config: Config, history: History) -> Finding | None:
    """What is going on in a run of ``config``; None before its first update, or if it is not known.

    The first rule of the table that finds something; it takes well under a millisecond.
    """
    last = history.last
    if last is None or last.update == 0 or not len(history):
        return None
    course = Course(config, history, last)
    # figures of a run that has diverged are ∞ and NaN
    with np.errstate(all="ignore"):
        for rule in OF_GRADIENTS if last.layers else OF_SEARCHES:
            if found := rule.find(course):
                return found
    return None
