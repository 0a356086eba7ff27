"""Diverging: a loss that grows without end, and the layer in which it began."""

from __future__ import annotations

import numpy as np

from tuinn.findings.course import Course
from tuinn.findings.finding import Finding, Try
from tuinn.findings.words import norm
from tuinn.numbers import significant

DIVERGING = "diverging"

GROWN_LOSS = 10.0
"""Times the first loss. A step that overshoots once may multiply the loss, and the next ones mend
it: so it must be that high for all of…"""
LASTING = 3
"""…so many snapshots, and half of the updates."""
GROWN_NORM = 10.0
"""Times its first value, from which a norm of a layer has grown: the layer that is first is the one
in which it began."""
FIGURES = (("W", "weight_norm"), ("δ", "delta"), ("∂C/∂W", "gradient_norm"))


def diverging(course: Course) -> Finding | None:
    """The loss is beyond all bounds, or the figures of a layer are no longer finite."""
    loss = course.loss
    recent = loss[min(course.since(0.5), max(0, len(loss) - LASTING)) :]
    grown = len(loss) > LASTING and bool((recent > GROWN_LOSS * abs(loss[0])).all())
    figures = [getattr(layer, name) for layer in course.layers for _, name in FIGURES]
    if not grown and np.isfinite([loss[-1], *figures]).all():
        return None
    times = significant(loss[-1] / loss[0]) if loss[0] > 0 and np.isfinite(loss[-1]) else ""
    said = f"the loss is {times} times the first" if times else "there are numbers beyond all range"
    where = _first_layer(course)
    first = f"; {where} grew first, tenfold and more" if where else ""
    return Finding(
        DIVERGING,
        "alarm",
        f"Diverging: {said}{first}.",
        f"Diverging: {said}.",
        _tries(course),
    )


def _tries(course: Course) -> tuple[Try, ...]:
    smaller = [Try(",", "a smaller η")] if hasattr(course.config.optimizer, "eta") else []
    return (*smaller, Try("r", "begin anew"))


def _first_layer(course: Course) -> str:
    """Which norm of which layer was the first to grow: "‖W²‖"; empty where none did."""
    found = []
    for layer in course.layers:
        for symbol, name in FIGURES:
            column = course.layer(layer.layer, name)
            with np.errstate(all="ignore"):
                growth = column / column[0] if column[0] > 0 else np.full(len(column), np.nan)
            beyond = ~np.isfinite(column) | (growth > GROWN_NORM)
            if beyond.any():
                at = int(np.argmax(beyond))
                size = growth[at] if np.isfinite(growth[at]) else np.inf
                found.append((at, -size, norm(symbol, layer.layer)))
    return min(found)[2] if found else ""
