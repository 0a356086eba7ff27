"""A backpropagation engine on numpy alone, to be read beside the textbook.

Layers are l = 1…L, m is the size of the training set, k that of a mini-batch, η the learning
rate, α the L2 parameter. See `Network`, `Trainer` and `engine.data`; `engine.optimizers.optimizer`
makes any optimiser by its name, and `engine.walk.Walk` lets it walk on one of `engine.surfaces`.
"""

from engine.divergence import Divergence
from engine.network import Network
from engine.optimizer import Optimizer
from engine.optimizers.sgd import GradientDescent
from engine.schedule import Schedule
from engine.snapshot import LayerSnapshot, OutputSnapshot, SearchSnapshot, Snapshot
from engine.stop import Stop
from engine.trainer import Trainer

__all__ = [
    "Divergence",
    "GradientDescent",
    "LayerSnapshot",
    "Network",
    "Optimizer",
    "OutputSnapshot",
    "Schedule",
    "SearchSnapshot",
    "Snapshot",
    "Stop",
    "Trainer",
]
