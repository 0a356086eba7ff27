"""Why δ is as large as it is: what the weights pass on, and what σ' lets through.

Source: Nielsen, "Neural Networks and Deep Learning", chapter 2 (BP1, BP2) and chapter 5 (the
vanishing gradient problem).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

LARGEST = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0, "identity": 1.0, "softmax": 0.25}
"""The largest σ'(z) of each activation; of softmax that of the diagonal a(1 − a)."""
SMALL = 0.5
"""A part below this is small: it alone takes more than half of δ."""
LARGE = 2.0
"""A δ of more than so many times the one above it grows."""
_ROUNDED = 1 + 1e-5

Reason = Literal[
    "small weights", "saturation", "largest", "passes", "grows", "cancelled", "nothing", "unknown"
]
"""What makes δ^l of what is above it:

- "small weights": W^(l+1) passes on less than half of δ^(l+1), and takes more than σ' does;
- "saturation": σ' is less than half of its largest value where δ arrives, and takes more;
- "largest": neither is small, but a sigmoid's σ' is at most 0.25;
- "passes": at least half of δ^(l+1) comes through; "grows": more than twice of it;
- "cancelled": the output's cost cancels σ', so that δ^L = a^L − y;
- "nothing": nothing arrives; "unknown": a figure is not finite.
"""


@dataclass(frozen=True, slots=True)
class Cause:
    """The parts of ‖δ^l‖ = ‖(W^(l+1))ᵀδ^(l+1)‖ · `through`, means over the probe's examples."""

    layer: int
    """l = 1…L."""
    activation: str
    delta: float
    """‖δ^l‖."""
    arriving: float
    """‖(W^(l+1))ᵀδ^(l+1)‖; of the output layer ‖a^L − y‖."""
    sigma_prime: float
    """Mean of σ'(z^l) over units and examples."""
    above: float
    """‖δ^(l+1)‖; NaN for the output layer."""

    @property
    def output(self) -> bool:
        """It is the last layer: what arrives there is the error of the answer."""
        return math.isnan(self.above)

    @property
    def largest(self) -> float:
        """The largest value that σ' can have."""
        return LARGEST[self.activation]

    @property
    def passed(self) -> float:
        """‖(W^(l+1))ᵀδ^(l+1)‖ / ‖δ^(l+1)‖, what the weights pass on; NaN for the output layer."""
        return _share(self.arriving, self.above)

    @property
    def through(self) -> float:
        """‖δ^l‖ / ‖(W^(l+1))ᵀδ^(l+1)‖, what σ' lets through: its mean where δ arrives.

        At most `largest`; the mean over all units, `sigma_prime`, is another number where δ comes
        to units that are steeper than the others, or flatter.
        """
        return _share(self.delta, self.arriving)

    @property
    def product(self) -> float:
        """What ‖δ^l‖ would be if δ came to all units alike: arriving · mean σ'."""
        return self.arriving * self.sigma_prime

    @property
    def steep(self) -> float:
        """`through` as a share of the largest σ', in [0, 1]: 1 where no unit is saturated."""
        return self.through / self.largest

    @property
    def ratio(self) -> float:
        """‖δ^l‖ / ‖δ^(l+1)‖ = `passed` · `through`; of the output layer `through`."""
        return self.through if self.output else _share(self.delta, self.above)

    @property
    def reason(self) -> Reason:
        """What makes δ^l as small, or as large, as it is."""
        if not all(map(math.isfinite, (self.delta, self.arriving, self.sigma_prime))):
            return "unknown"
        if self.arriving == 0:
            return "nothing"
        if self.output and self.through > self.largest * _ROUNDED:
            # no σ' lets through so much: BP1 is a − y
            return "cancelled"
        if self.ratio >= SMALL:
            return "grows" if self.ratio > LARGE else "passes"
        passed = math.inf if self.output else self.passed
        if min(passed, self.steep) >= SMALL and self.largest < 1:
            return "largest"
        return "small weights" if passed < self.steep else "saturation"


def _share(part: float, whole: float) -> float:
    """part / whole; NaN where there is no whole."""
    return part / whole if whole else math.nan
