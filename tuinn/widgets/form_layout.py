"""Which fields the form shows: those that matter for the configuration, the rare ones on demand."""

from __future__ import annotations

from enum import Enum

from tuinn.config import Config, Field, get


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
}
GENERATED_ONLY = {"data.noise"}
PLANE_ONLY = {"data.features", "data.degree"}
FILE_ONLY = {"data.label"}
DIALOGS = {"data.set", "data.features"}
"""Fields that are chosen in a dialog."""


def place(field: Field, config: Config, generated: bool, plane: bool, file: bool) -> Place:
    """Where ``field`` stands.

    ``generated``: the set is made by a rule, so it has a noise; ``plane``: its points have two
    coordinates, so features can be made of them; ``file``: it is a person's own file. A field
    that was given a value is never hidden.
    """
    if get(config, field.path) != field.default:
        return Place.SHOWN
    path = field.path
    off = (
        (path in GENERATED_ONLY and not generated)
        or (path in PLANE_ONLY and not plane)
        or (path in FILE_ONLY and not file)
        or (path == "optimizer.drop" and config.optimizer.schedule not in ("step", "exponential"))
        or (path == "optimizer.every" and config.optimizer.schedule != "step")
    )
    if off:
        return Place.OFF
    return Place.RARE if path in RARE and not (path in FILE_ONLY and file) else Place.SHOWN
