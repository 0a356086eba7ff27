"""Every optimiser by its name."""

from __future__ import annotations

from typing import Any

from engine.optimizer import Optimizer
from engine.optimizers.adagrad import AdaGrad
from engine.optimizers.adam import Adam, AdamW
from engine.optimizers.annealing import Annealing
from engine.optimizers.ants import Ants
from engine.optimizers.genetic import Genetic
from engine.optimizers.lbfgs import LBFGS
from engine.optimizers.momentum import Momentum
from engine.optimizers.nesterov import Nesterov
from engine.optimizers.rmsprop import RMSProp
from engine.optimizers.sgd import GradientDescent
from engine.optimizers.swarm import Swarm

OPTIMIZERS: dict[str, type[Optimizer]] = {
    method.name: method
    for method in (
        GradientDescent,
        Momentum,
        Nesterov,
        AdaGrad,
        RMSProp,
        Adam,
        AdamW,
        LBFGS,
        Genetic,
        Swarm,
        Annealing,
        Ants,
    )
}
"""The methods that follow the gradient, then those that know none."""


def optimizer(name: str, **parameters: Any) -> Optimizer:
    """The optimiser of that name, with the parameters of its class.

    ValueError lists the known names; it also tells of a parameter that is out of its range.
    """
    if name not in OPTIMIZERS:
        raise ValueError(f"`optimizer.name` must be one of {', '.join(OPTIMIZERS)}; got {name!r}")
    return OPTIMIZERS[name](**parameters)
