"""Costs of two parameters, on which the same optimisers walk as on a network's."""

from engine.surfaces.functions import (
    BEALE_SURFACE,
    HIMMELBLAU,
    RASTRIGIN,
    RAVINE,
    ROSENBROCK,
    SADDLE,
    SPHERE,
)
from engine.surfaces.neuron import NEURON
from engine.surfaces.surface import REACHED, Surface

__all__ = ["REACHED", "SURFACES", "Surface", "surface"]

SURFACES: dict[str, Surface] = {
    one.name: one
    for one in (
        SPHERE,
        RAVINE,
        ROSENBROCK,
        HIMMELBLAU,
        RASTRIGIN,
        BEALE_SURFACE,
        SADDLE,
        NEURON,
    )
}
"""All of them by name, the simplest first."""


def surface(name: str) -> Surface:
    """The surface of that name; ValueError lists the known ones."""
    if name not in SURFACES:
        raise ValueError(f"`surface` must be one of {', '.join(SURFACES)}; got {name!r}")
    return SURFACES[name]
