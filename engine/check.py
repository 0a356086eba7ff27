"""Ranges of numbers that a person gives; a value outside is refused by the name of its field."""

from __future__ import annotations

import math

import numpy as np


def require(
    field: str,
    value: float,
    *,
    whole: bool = False,
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
) -> None:
    """ValueError unless ``value`` is a finite number within the limits given.

    ``whole``: it must be an integer. The message names ``field`` (as in a preset:
    "optimizer.mu"), what is allowed and what was got.
    """
    limits = (
        (">", above, above is None or value > above),
        ("≥", at_least, at_least is None or value >= at_least),
        ("<", below, below is None or value < below),
        ("≤", at_most, at_most is None or value <= at_most),
    )
    kind = not whole or isinstance(value, int | np.integer)
    if kind and math.isfinite(value) and all(held for *_, held in limits):
        return
    parts = [f"{sign} {limit:g}" for sign, limit, _ in limits if limit is not None]
    allowed = " and ".join(parts) if parts else "finite"
    number = "a whole number " if whole else ""
    finite = " and finite" if parts and below is None and at_most is None and not whole else ""
    raise ValueError(f"`{field}` must be {number}{allowed}{finite}; got {value}")
