"""The state of a random generator as an array, so that it can be kept with other arrays."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray


def random_state(rng: np.random.Generator) -> NDArray[Any]:
    """Where the generator stands, as a text in a 0-d array (its integers have 128 bits)."""
    return np.array(json.dumps(dict(rng.bit_generator.state)))


def set_random_state(rng: np.random.Generator, state: NDArray[Any]) -> None:
    """Let the generator go on from what `random_state` gave."""
    rng.bit_generator.state = json.loads(str(state))
