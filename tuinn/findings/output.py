"""Output units that are saturated and wrong, under a cost whose δ has σ′ as a factor."""

from __future__ import annotations

import math

from tuinn.findings.course import Course
from tuinn.findings.finding import Finding, Try, init
from tuinn.numbers import percent, significant

SATURATED_OUTPUT = "saturation at the output"

WRONG = 1 / 3
"""Outputs per example that are on the wrong plateau. Of ten outputs, one of which is to be high, a
network that knows nothing has one."""
SHRUNK = 6.0
"""‖a − y‖ over ‖(a − y) ⊙ σ′‖, what σ′ takes away. It is 4 at least with a sigmoid; 1 with tanh."""
LASTING, LASTING_UPDATES = 0.02, 5
"""It lasts for this part of the planned run, and so many updates: a good run leaves it at once."""


def saturated_output(course: Course) -> Finding | None:
    """The quadratic cost learns little from outputs that are saturated on the wrong side."""
    config, layer, output = course.config, course.output, course.last.output
    if config.training.cost != "quadratic" or layer.activation not in ("sigmoid", "tanh"):
        return None
    if output is None or course.learned or not output.saturated_wrong * layer.units >= WRONG:
        return None
    arriving, delta = (course.layer(layer.layer, name) for name in ("arriving", "delta"))
    if not course.lasts(arriving > SHRUNK * delta, LASTING, LASTING_UPDATES):
        return None
    sigmoid = layer.activation == "sigmoid"
    times = factor(layer.arriving, layer.delta)
    other = "cross-entropy's" if sigmoid else "the error"
    what = f"{percent(output.saturated_wrong)} saturated and wrong"
    why = f"σ′ makes ‖δ‖ {significant(times, 2)} times smaller than {other}"
    return Finding(
        SATURATED_OUTPUT,
        "alarm",
        f"Saturation at the output, l={layer.layer}: {what}; {why}.",
        f"Saturation at the output, l={layer.layer}: {what}.",
        _tries(course, sigmoid),
    )


def _tries(course: Course, sigmoid: bool) -> tuple[Try, ...]:
    tries = [Try("c", "cross-entropy")] if sigmoid else []
    match course.config.network.init:
        case "given":
            tries.append(Try("tab", "smaller weights"))
        case "large":
            tries.append(init("scaled"))
        case _ if not sigmoid:
            tries.append(Try("i", "another init"))
    return (*tries, Try("r", "begin anew"))


def factor(arriving: float, delta: float) -> float:
    """What σ′ takes away at the output: ‖a − y‖ / ‖δ‖; ∞ where no δ is left."""
    return arriving / delta if delta > 0 else math.inf
