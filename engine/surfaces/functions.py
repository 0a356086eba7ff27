"""Test functions of optimisation, with their gradients.

Every function takes points (k, 2), real or complex, and gives costs (k,) or gradients (k, 2).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.surfaces.surface import Surface

Array = NDArray[Any]

CONDITION = 50.0
"""κ of the ravine, the ratio of its curvatures. Descent at its best shrinks the error by
(κ − 1)/(κ + 1) = 0.96 in an update, momentum at its best by (√κ − 1)/(√κ + 1) = 0.75 (Polyak
1964)."""
A = 10.0
"""Height of the waves of Rastrigin's function."""


def _sphere(p: Array) -> Array:
    x, y = p.T
    return np.asarray(x**2 + y**2)


def _sphere_gradient(p: Array) -> Array:
    return np.asarray(2 * p)


def _ravine(p: Array) -> Array:
    x, y = p.T
    return np.asarray((x**2 + CONDITION * y**2) / 2)


def _ravine_gradient(p: Array) -> Array:
    return np.asarray(p * np.array([1.0, CONDITION]))


def _rosenbrock(p: Array) -> Array:
    x, y = p.T
    return np.asarray((1 - x) ** 2 + 100 * (y - x**2) ** 2)


def _rosenbrock_gradient(p: Array) -> Array:
    x, y = p.T
    across = 200 * (y - x**2)
    return np.stack([-2 * (1 - x) - 2 * x * across, across], axis=1)


def _himmelblau(p: Array) -> Array:
    x, y = p.T
    return np.asarray((x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2)


def _himmelblau_gradient(p: Array) -> Array:
    x, y = p.T
    u, v = x**2 + y - 11, x + y**2 - 7
    return np.stack([4 * x * u + 2 * v, 2 * u + 4 * y * v], axis=1)


def _rastrigin(p: Array) -> Array:
    return np.asarray((p**2 + A * (1 - np.cos(2 * np.pi * p))).sum(axis=1))


def _rastrigin_gradient(p: Array) -> Array:
    return np.asarray(2 * p + 2 * np.pi * A * np.sin(2 * np.pi * p))


BEALE = (1.5, 2.25, 2.625)
"""Beale's data c_i; its residuals are c_i − x (1 − y^i)."""


def _beale(p: Array) -> Array:
    x, y = p.T
    return np.asarray(sum((c - x * (1 - y**i)) ** 2 for i, c in enumerate(BEALE, start=1)))


def _beale_gradient(p: Array) -> Array:
    x, y = p.T
    gradient = np.zeros_like(p)
    for i, c in enumerate(BEALE, start=1):
        residual = c - x * (1 - y**i)
        gradient[:, 0] -= 2 * residual * (1 - y**i)
        gradient[:, 1] += 2 * residual * i * x * y ** (i - 1)
    return gradient


def _saddle(p: Array) -> Array:
    x, y = p.T
    return np.asarray(x**2 + (y**2 - 2) ** 2 / 4)


def _saddle_gradient(p: Array) -> Array:
    x, y = p.T
    return np.stack([2 * x, y * (y**2 - 2)], axis=1)


SPHERE = Surface(
    name="sphere",
    title="Round bowl",
    formula="x² + y²",
    value=_sphere,
    gradient=_sphere_gradient,
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    minima=((0.0, 0.0),),
    start=(-1.6, 1.2),
)
"""The simplest bowl: equally steep all around. De Jong 1975, F1."""

RAVINE = Surface(
    name="ravine",
    title="Ravine: an ill-conditioned bowl",
    formula="½ (x² + 50 y²)",
    value=_ravine,
    gradient=_ravine_gradient,
    domain=((-2.5, 2.5), (-2.5, 2.5)),
    minima=((0.0, 0.0),),
    start=(-2.2, 0.8),
    log=True,
)
"""A bowl that is κ = 50 times as curved across as along. Descent zigzags: η < 2/50 keeps it from
climbing the walls, and is slow along the floor. Momentum's textbook case: Polyak 1964, "Some
methods of speeding up the convergence of iteration methods"."""

ROSENBROCK = Surface(
    name="rosenbrock",
    title="Rosenbrock's curved valley",
    formula="(1 − x)² + 100 (y − x²)²",
    value=_rosenbrock,
    gradient=_rosenbrock_gradient,
    domain=((-2.0, 2.0), (-1.0, 3.0)),
    minima=((1.0, 1.0),),
    start=(-1.2, 1.0),
    log=True,
)
"""Rosenbrock 1960, "An automatic method for finding the greatest or least value of a function",
with its start. The floor of the valley y = x² is almost flat."""

HIMMELBLAU = Surface(
    name="himmelblau",
    title="Himmelblau's four minima",
    formula="(x² + y − 11)² + (x + y² − 7)²",
    value=_himmelblau,
    gradient=_himmelblau_gradient,
    domain=((-6.0, 6.0), (-6.0, 6.0)),
    minima=(
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.7793102533777469, -3.2831859912861694),
        (3.5844283403304917, -1.8481265269644036),
    ),
    start=(-0.5, -1.0),
    log=True,
)
"""Himmelblau 1972, "Applied Nonlinear Programming". Four minima, all of cost 0; the start is near
the maximum between them, at (−0.2708, −0.9230) with cost 181.617."""

RASTRIGIN = Surface(
    name="rastrigin",
    title="Rastrigin's egg box",
    formula="20 + x² − 10 cos 2πx + y² − 10 cos 2πy",
    value=_rastrigin,
    gradient=_rastrigin_gradient,
    domain=((-5.12, 5.12), (-5.12, 5.12)),
    minima=((0.0, 0.0),),
    start=(3.3, -2.7),
)
"""A bowl full of local minima, one near every pair of whole numbers; only (0, 0) is global.
Rastrigin 1974, "Systems of Extremal Control", in the form of Mühlenbein, Schomisch and Born 1991,
with A = 10."""

BEALE_SURFACE = Surface(
    name="beale",
    title="Beale's flat valley",
    formula="(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
    short="Σ (cᵢ − x + xyⁱ)², c = 1.5, 2.25, 2.625",
    value=_beale,
    gradient=_beale_gradient,
    domain=((-4.5, 4.5), (-4.5, 4.5)),
    minima=((3.0, 0.5),),
    start=(1.0, 1.0),
    log=True,
)
"""Beale 1958, "On an iterative method for finding a local minimum of a function of more than one
variable"; start and minimum as in Moré, Garbow and Hillstrom 1981, problem 5. Steep at the corners
of the map, nearly flat around the minimum."""

SADDLE = Surface(
    name="saddle",
    title="Saddle between two minima",
    formula="x² + ¼ (y² − 2)²",
    value=_saddle,
    gradient=_saddle_gradient,
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    minima=((0.0, 1.4142135623730951), (0.0, -1.4142135623730951)),
    start=(-1.6, 0.001),
)
"""x² − y² + y⁴/4 + 1: about (0, 0) it is the saddle x² − y², and y⁴ makes it end in two minima. The
start is a hair beside the ridge y = 0, on which a descent would walk into the saddle point and
stay. After the saddle of Dauphin and others 2014, "Identifying and attacking the saddle point
problem"."""
