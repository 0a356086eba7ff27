"""Sets that are drawn rather than read: points of the plane, with n, noise and a seed.

Except for the moons they follow the shapes of TensorFlow Playground. Classes are "0" and "1"
("1" is Playground's +1, and the lower moon), as equal in number as n allows where noise is 0;
the examples come in random order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Dataset, Kind
from engine.data.errors import DataError

FloatArray = NDArray[np.float64]
Points = tuple[FloatArray, NDArray[Any]]
"""X (n, 2), and class numbers or targets (n,)."""
Draw = Callable[[int, float, np.random.Generator], Points]

MIN_N: Final = 2
MAX_N: Final = 100_000
CLASSES: Final = ("0", "1")


def _halves(n: int) -> tuple[int, int]:
    """How many examples of class 0 and of class 1."""
    return n - n // 2, n // 2


def _jitter(n: int, radius: float, noise: float, rng: np.random.Generator) -> FloatArray:
    """Uniform displacements (n, 2) within ± radius · noise."""
    return rng.uniform(-radius, radius, (n, 2)) * noise


def circle(n: int, noise: float, rng: np.random.Generator) -> Points:
    """A disc of radius 2.5 (class 1) in a ring from 3.5 to 5 (class 0).

    Noise displaces, by up to 5 · noise, the point whose class is taken; the point itself stays.
    """
    outside, inside = _halves(n)
    r = np.concatenate([rng.uniform(0, 2.5, inside), rng.uniform(3.5, 5, outside)])
    phi = rng.uniform(0, 2 * np.pi, n)
    X = np.column_stack([r * np.sin(phi), r * np.cos(phi)])
    seen = X + _jitter(n, 5, noise, rng)
    return X, np.hypot(seen[:, 0], seen[:, 1]) < 2.5


def xor(n: int, noise: float, rng: np.random.Generator) -> Points:
    """Four squares 0.3 … 5.3 from the axes; class 1 where x1 and x2 have the same sign.

    Noise displaces, by up to 5 · noise, the point whose class is taken; the point itself stays.
    """
    quadrant = np.arange(n) % 4
    signs = np.column_stack([np.where(quadrant < 2, 1, -1), np.where(quadrant % 3 == 0, 1, -1)])
    X = signs * (rng.uniform(0, 5, (n, 2)) + 0.3)
    seen = X + _jitter(n, 5, noise, rng)
    return X, seen[:, 0] * seen[:, 1] >= 0


def gauss(n: int, noise: float, rng: np.random.Generator) -> Points:
    """Normal clouds at (−2, −2) (class 0) and (2, 2) (class 1), of variance 0.5 + 7 · noise."""
    low, high = _halves(n)
    y = np.repeat([0, 1], [low, high])
    centres = np.where(y == 1, 2.0, -2.0)[:, np.newaxis]
    return centres + rng.normal(0, np.sqrt(0.5 + 7 * noise), (n, 2)), y


def spiral(n: int, noise: float, rng: np.random.Generator) -> Points:
    """Two arms of 1¾ turns out to radius 5; noise moves each coordinate by up to ± noise."""
    arms = []
    for label, size in enumerate(_halves(n)):
        s = np.arange(size) / size
        t = 1.75 * 2 * np.pi * s + (0 if label == 1 else np.pi)
        arms.append(np.column_stack([5 * s * np.sin(t), 5 * s * np.cos(t)]))
    X = np.concatenate(arms) + _jitter(n, 1, noise, rng)
    return X, np.repeat([0, 1], _halves(n))


def moons(n: int, noise: float, rng: np.random.Generator) -> Points:
    """Two interleaved half circles of radius 1; noise is the standard deviation of normal noise."""
    upper, lower = (np.linspace(0, np.pi, size) for size in _halves(n))
    X = np.concatenate(
        [
            np.column_stack([np.cos(upper), np.sin(upper)]),
            np.column_stack([1 - np.cos(lower), 0.5 - np.sin(lower)]),
        ]
    )
    return X + rng.normal(0, 1, (n, 2)) * noise, np.repeat([0, 1], _halves(n))


def plane(n: int, noise: float, rng: np.random.Generator) -> Points:
    """(x1 + x2) / 12 on [−6, 6]².

    Noise displaces, by up to 6 · noise but not out of the square, where it is evaluated: the
    targets stay in [−1, 1], which a tanh can reach.
    """
    X = rng.uniform(-6, 6, (n, 2))
    return X, np.clip(X + _jitter(n, 6, noise, rng), -6, 6).sum(axis=1) / 12


BUMPS: Final = np.array(
    [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]
)
"""Centres and signs of the six cones of `multi_gauss`: rows x1, x2, ±1."""


def multi_gauss(n: int, noise: float, rng: np.random.Generator) -> Points:
    """Six cones of height ±1 and radius 2 on [−6, 6]², and 0 between them.

    Noise displaces, by up to 6 · noise, where the surface is evaluated.
    """
    X = rng.uniform(-6, 6, (n, 2))
    seen = X + _jitter(n, 6, noise, rng)
    distance = np.hypot(
        seen[:, :1] - BUMPS[:, 0], seen[:, 1:] - BUMPS[:, 1]
    )  # (n, 6); the cones do not overlap
    return X, (BUMPS[:, 2] * np.clip(1 - distance / 2, 0, 1)).sum(axis=1)


@dataclass(frozen=True, slots=True)
class Generator:
    """A generated set: how it is drawn, its defaults, and what its noise is."""

    name: str
    title: str
    kind: Kind
    draw: Draw
    n: int
    noise: float
    noise_meaning: str


_LABEL_NOISE = "share of the half width by which the point whose class is taken is displaced"
_TARGET_NOISE = "share of the half width by which the point whose target is taken is displaced"

GENERATORS: Final[dict[str, Generator]] = {
    generator.name: generator
    for generator in (
        Generator("circle", "disc in a ring", "classification", circle, 500, 0.0, _LABEL_NOISE),
        Generator("xor", "four squares", "classification", xor, 500, 0.0, _LABEL_NOISE),
        Generator(
            "gauss", "two clouds", "classification", gauss, 500, 0.1, "variance 0.5 + 7 · noise"
        ),
        Generator(
            "spiral", "two spiral arms", "classification", spiral, 500, 0.0, "± per coordinate"
        ),
        Generator(
            "moons", "two half moons", "classification", moons, 500, 0.1, "standard deviation"
        ),
        Generator("plane", "tilted plane", "regression", plane, 1200, 0.0, _TARGET_NOISE),
        Generator(
            "multi-gauss", "six bumps, up and down", "regression", multi_gauss, 1200, 0.0,
            _TARGET_NOISE,
        ),
    )
}  # fmt: skip


def generate(
    name: str,
    n: int | None = None,
    noise: float | None = None,
    seed: int | np.random.SeedSequence = 0,
) -> Dataset:
    """Draw ``n`` examples (2 … 100 000) with ``noise`` (0 … 1); None takes the set's default."""
    generator = GENERATORS[name]
    n = generator.n if n is None else n
    noise = generator.noise if noise is None else noise
    if not MIN_N <= n <= MAX_N:
        raise DataError(f"`data.n` must be from {MIN_N} to {MAX_N} for {name}, got {n}", "data.n")
    if not 0 <= noise <= 1:
        raise DataError(f"`data.noise` must be from 0 to 1 for {name}, got {noise}", "data.noise")
    rng = np.random.default_rng(seed)
    X, y = generator.draw(n, noise, rng)
    order = rng.permutation(n)
    X, y = X[order], y[order]
    if generator.kind == "regression":
        return Dataset(name, X, targets=y[:, np.newaxis])
    if np.all(y == y[0]):
        raise DataError(
            f"`data.n` must be larger for {name} with seed {seed} and noise {noise}: "
            f"its {n} examples are all of one class; two are needed",
            "data.n",
        )
    return Dataset(name, X, labels=y.astype(np.int64), classes=CLASSES)


def xor_table() -> Dataset:
    """The truth table of exclusive or: four examples, always in the same order."""
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return Dataset("xor-table", X, labels=np.array([0, 1, 1, 0]), classes=CLASSES)


def one_neuron() -> Dataset:
    """The single example of the saturated neuron: input 1, target 0."""
    return Dataset(
        "one-neuron", np.ones((1, 1)), labels=np.zeros(1, np.int64), classes=CLASSES, one_class=True
    )
