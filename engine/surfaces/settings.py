"""Parameters that suit each optimiser on each surface, and the evaluations it needs there.

The defaults of the Surface screen and of the command line; a test holds them to their word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Setting:
    """How one optimiser is set on one surface.

    From the surface's start it comes within `engine.surfaces.REACHED` of a global minimum before
    its budget is spent, for at least 18 of 20 seeds; where ``reaches`` is False it is not expected
    to, and ends elsewhere.
    """

    parameters: Mapping[str, Any]
    """Keywords of the optimiser's constructor; the others are at their defaults."""
    budget: int
    """Evaluations."""
    reaches: bool = True


SETTINGS: dict[str, dict[str, Setting]] = {
    "sphere": {
        "sgd": Setting({"eta": 0.1}, 100),
    },
    "ravine": {
        "sgd": Setting({"eta": 0.038}, 400),
    },
    "rosenbrock": {
        "sgd": Setting({"eta": 0.0015}, 20_000),
    },
    "himmelblau": {
        "sgd": Setting({"eta": 0.01}, 200),
    },
    "rastrigin": {
        "sgd": Setting({"eta": 0.002}, 200, reaches=False),
    },
    "beale": {
        "sgd": Setting({"eta": 0.02}, 2_000),
    },
    "saddle": {
        "sgd": Setting({"eta": 0.1}, 200),
    },
    "neuron": {
        "sgd": Setting({"eta": 5.0}, 200),
    },
}
"""By surface, then by optimiser."""
