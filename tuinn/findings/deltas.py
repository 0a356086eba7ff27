"""δ that vanishes on its way back, and why: small weights, or saturation."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise

from engine.snapshot import LayerSnapshot
from tuinn.findings.course import Course
from tuinn.findings.finding import Finding, Try, init
from tuinn.findings.words import norm
from tuinn.numbers import significant

VANISHING = "vanishing δ"

PASSED = 1 / 64
"""‖δ¹‖ over ‖δᴸ‖: less than three sigmoids at their steepest, σ′ = ¼ each, let through."""
LAGS = 0.1
"""The first layer's ‖ΔW‖/‖W‖ over the last one's, over half of the updates. Adaptive methods scale
every layer's steps by itself: with them a small δ hinders nobody."""
LEAST_LAYERS = 3
"""With one hidden layer δ has no way to go."""
STEEP = {"sigmoid": 0.25, "tanh": 1.0}
"""σ′ at its steepest."""
FLAT = 0.4
"""Part of the steepest σ′ below which saturation is to blame."""


def vanishing(course: Course) -> Finding | None:
    """The first layer gets next to nothing of the error of the last, and little is learned."""
    layers = course.layers
    first, last = layers[0], layers[-1]
    if len(layers) < LEAST_LAYERS or course.learned or not last.delta > 0:
        return None
    if not first.delta < PASSED * last.delta or first.delta == 0:
        return None
    recent = course.since(0.5)
    steps = [float(course.layer(l, "update_ratio")[recent:].mean()) for l in (1, last.layer)]
    if not steps[0] < LAGS * steps[1]:
        return None
    ratio = significant(first.delta / last.delta, 2)
    by_sigma = _mean(layer.delta / layer.arriving for layer in layers[:-1])
    by_weights = _mean(here.arriving / above.delta for here, above in pairwise(layers))
    flattest = min(layers[:-1], key=_steepness)
    what = f"‖δ¹‖ is {ratio} of {norm('δ', last.layer)}"
    saturated = _steepness(flattest) < FLAT
    if saturated:
        why = f"saturation: σ′ of l={flattest.layer} is {significant(flattest.sigma_prime, 2)}"
    else:
        why = f"W passes on {significant(by_weights, 2)} a layer, σ′ {significant(by_sigma, 2)}"
    return Finding(
        VANISHING,
        "alarm",
        f"Vanishing δ: {what}, the first layers hardly learn; {why}.",
        f"Vanishing δ: {what}: the first layers hardly learn.",
        _tries(course, saturated),
    )


def _steepness(layer: LayerSnapshot) -> float:
    """Mean σ′ as a part of the steepest."""
    return layer.sigma_prime / STEEP.get(layer.activation, 1.0)


def _mean(factors: Iterable[float]) -> float:
    """The geometric mean."""
    logs = [math.log(factor) for factor in factors if factor > 0]
    return math.exp(math.fsum(logs) / len(logs)) if logs else 0.0


def _tries(course: Course, saturated: bool) -> tuple[Try, ...]:
    """Fewer layers first, which always helps; then what lets each layer pass on more."""
    names = {layer.activation for layer in course.hidden}
    sigmoid = "sigmoid" in names
    tries = [Try("tab", "fewer layers, tanh or adam" if sigmoid else "fewer layers or adam")]
    better = "he" if names == {"relu"} else "xavier"
    if sigmoid and not saturated:
        # W is to make up for σ′ ≤ ¼
        better = "large"
    if course.config.network.init not in (better, "given"):
        tries.append(init(better))
    return (*tries, Try("r", "begin anew"))
