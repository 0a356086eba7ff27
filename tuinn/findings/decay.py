"""Weight decay that takes more than the gradient gives."""

from __future__ import annotations

import math
from collections.abc import Iterable

from tuinn.findings.course import Course
from tuinn.findings.finding import Finding, Try
from tuinn.numbers import percent, significant

DECAY = "decay dominates"

OUTWEIGHS = 2.0
"""Times the gradient step, over all layers. At the rest that decay is meant to lead to they are
equal, and the noise of mini-batches makes now one and now the other larger."""
FALLEN = 0.9
"""Part of the first ‖W‖ that is left: decay has begun to win."""
WON = 0.2
"""Part of the first ‖W‖ that is left: decay has won, whatever the steps are now."""


def decay(course: Course) -> Finding | None:
    """‖W‖ falls, or has fallen to nothing, and nothing is learned."""
    if course.config.regularisation.alpha == 0 or course.learned:
        return None
    columns = [course.layer(layer.layer, "weight_norm") for layer in course.layers]
    now, before = (_norm(float(column[place]) for column in columns) for place in (-1, 0))
    layers = range(1, len(columns) + 1)
    first = _norm(float(course.history.layer_column(l, "weight_norm")[0]) for l in layers)
    # weights that come back after α was turned down are no longer lost
    if not 0 < now < before:
        return None
    left = now / max(first, before)
    decays = _norm(layer.decay_step for layer in course.layers)
    learns = _norm(layer.gradient_step for layer in course.layers)
    tries = (Try("a", "a smaller α"), Try("r", "begin anew"))
    if left < WON:
        return Finding(
            DECAY,
            "alarm",
            f"Decay dominates, and has won: {percent(left)} of ‖W‖ is left, the output is "
            "nearly the same for all.",
            f"Decay has won: {percent(left)} of ‖W‖ is left.",
            tries,
        )
    if left < FALLEN and decays > OUTWEIGHS * learns:
        times = f"{significant(decays / learns, 2)} times" if learns > 0 else "all there is beside"
        return Finding(
            DECAY,
            "alarm",
            f"Decay dominates: its step is {times} the gradient's; {percent(left)} of ‖W‖ is left.",
            f"Decay dominates: {percent(left)} of ‖W‖ is left.",
            tries,
        )
    return None


def _norm(parts: Iterable[float]) -> float:
    return math.hypot(*parts)
