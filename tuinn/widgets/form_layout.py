"""Which fields the form shows: those that matter for the configuration, the rare ones on demand."""

from __future__ import annotations

from enum import Enum

from tuinn.config import Config, Field, default, get, has
from tuinn.optimizers import WHOLE, Method


class Place(Enum):
    """Where a field stands."""

    SHOWN = "shown"
    RARE = "rare"
    """Only where all the fields are asked for."""
    OFF = "off"
    """Means nothing for this configuration."""


RARE = {
    "data.train",
    "data.shuffle",
    "data.label",
    "data.degree",
    "training.dtype",
    "optimizer.epsilon",
    "optimizer.crossover_rate",
    "optimizer.blend",
    "optimizer.index",
    "optimizer.sigma_decay",
    "optimizer.sigma_end",
    "optimizer.velocity_limit",
    "optimizer.adapt",
}
GENERATED_ONLY = {"data.noise"}
PLANE_ONLY = {"data.features", "data.degree"}
FILE_ONLY = {"data.label"}
OF_CHOICE = {
    "drop": ("schedule", ("step", "exponential")),
    "every": ("schedule", ("step",)),
    "blend": ("crossover", ("blend",)),
    "index": ("crossover", ("simulated-binary",)),
    "neighbours": ("topology", ("ring",)),
    "cooling_rate": ("cooling", ("geometric", "linear")),
}
"""Fields of an optimiser that mean something with some choices of another field only."""
DIALOGS = {"data.set", "data.features"}
"""Fields that are chosen in a dialog."""


def place(field: Field, config: Config, generated: bool, plane: bool, file: bool) -> Place:
    """Where ``field`` stands.

    ``generated``: the set is made by a rule, so it has a noise; ``plane``: its points have two
    coordinates, so features can be made of them; ``file``: it is a person's own file. A field
    that was given a value is never hidden.
    """
    path = field.path
    if not has(config, path):
        return Place.OFF
    method, whole = config.optimizer, config.optimizer.name in WHOLE
    if path == "training.batch_size" and whole:
        # whatever it is, the method looks at all the examples
        return Place.OFF
    if get(config, path) != default(config, path):
        return Place.SHOWN
    off = (
        (path in GENERATED_ONLY and not generated)
        or (path in PLANE_ONLY and not plane)
        or (path in FILE_ONLY and not file)
        or (path == "training.examples" and not whole)
        or (path == "optimizer.decay" and config.regularisation.alpha == 0)
        or not _applies(path.removeprefix("optimizer."), method)
    )
    if off:
        return Place.OFF
    rare = path in RARE or (path == "stop.evaluations" and not whole)
    return Place.RARE if rare and not (path in FILE_ONLY and file) else Place.SHOWN


def _applies(name: str, method: Method) -> bool:
    """Whether a field of ``method`` means something with what is chosen beside it."""
    if name not in OF_CHOICE:
        return True
    by, choices = OF_CHOICE[name]
    return getattr(method, by) in choices
