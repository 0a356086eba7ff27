"""The step that a method makes of the gradient of one example."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy, deepcopy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.gradient_method import GradientMethod
from engine.optimizer import Optimizer
from engine.state import OPTIMIZER

Array = NDArray[Any]


def method_at(
    method: Optimizer, theta: Array, mask: Array, memory: Mapping[str, Array] | None
) -> Optimizer:
    """A copy of ``method`` that stands at θ, in float64, and remembers what ``memory`` says.

    ``memory`` is either what `Optimizer.state` gave, or the arrays of a checkpoint (`Trainer.dump`,
    `Moment.arrays`), in which the names of the optimiser's arrays begin with "optimizer."; None: it
    remembers nothing, as before the first update. ValueError where an array is missing.
    """
    # a gradient method gets new arrays at its start, so that the old ones, to which another thread
    # may be writing, need not be copied
    own_copy = copy(method) if isinstance(method, GradientMethod) else deepcopy(method)
    # no gradient method draws by chance
    own_copy.start(np.array(theta, np.float64), mask, np.random.default_rng(0))
    if memory is not None:
        named = any(name.startswith(OPTIMIZER) for name in memory)
        own = {
            name.removeprefix(OPTIMIZER): array
            for name, array in memory.items()
            if not named or name.startswith(OPTIMIZER)
        }
        own.setdefault("theta", np.asarray(theta))
        try:
            own_copy.restore(own)
        except KeyError as error:
            raise ValueError(
                f"the state is not one of {method.name}: it has no {error.args[0]!r}"
            ) from error
    return own_copy
