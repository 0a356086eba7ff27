"""How the learning rate η changes over the epochs."""

from __future__ import annotations

import math
from dataclasses import dataclass

NAMES = ("constant", "step", "exponential", "cosine")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A factor on η for each epoch e = 0, 1, 2, …

    - constant: 1
    - step: drop^⌊e / every⌋
    - exponential: drop^e
    - cosine: ½ (1 + cos(π e / epochs)), Loshchilov and Hutter 2017, equation 5, without restarts

    ``drop`` is in (0, 1], ``every`` at least 1.
    """

    name: str = "constant"
    drop: float = 0.5
    every: int = 10

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise ValueError(
                f"`optimizer.schedule` must be one of {', '.join(NAMES)}; got {self.name!r}"
            )
        if not 0 < self.drop <= 1:
            raise ValueError(f"`optimizer.drop` must be > 0 and ≤ 1; got {self.drop}")
        if self.every < 1:
            raise ValueError(f"`optimizer.every` must be ≥ 1; got {self.every}")

    def factor(self, epoch: int, epochs: int) -> float:
        """The factor during epoch number `epoch` (from 0) of `epochs` planned ones."""
        if self.name == "step":
            return float(self.drop ** (epoch // self.every))
        if self.name == "exponential":
            return float(self.drop**epoch)
        if self.name == "cosine":
            return (1 + math.cos(math.pi * min(epoch, epochs) / epochs)) / 2
        return 1.0
