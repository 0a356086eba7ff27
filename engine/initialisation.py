"""How the first weights are drawn.

Each rule draws the biases and weights of one layer with n_in inputs and n_out units. For
`scaled` and `large` biases are N(0, 1), as in Nielsen, "Neural Networks and Deep Learning",
chapter 3; for the others they are zero.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Rule = Callable[[np.random.Generator, int, int], tuple[Array, Array]]


def scaled(rng: np.random.Generator, n_out: int, n_in: int) -> tuple[Array, Array]:
    """W ~ N(0, 1/n_in), so that z keeps a variance near one; b ~ N(0, 1)."""
    b = rng.standard_normal(n_out)
    return rng.standard_normal((n_out, n_in)) / np.sqrt(n_in), b


def large(rng: np.random.Generator, n_out: int, n_in: int) -> tuple[Array, Array]:
    """W ~ N(0, 1), b ~ N(0, 1): wide layers start saturated."""
    b = rng.standard_normal(n_out)
    return rng.standard_normal((n_out, n_in)), b


def xavier(rng: np.random.Generator, n_out: int, n_in: int) -> tuple[Array, Array]:
    """W ~ U(−r, r) with r = √(6/(n_in + n_out)) (Glorot and Bengio 2010, equation 16); b = 0."""
    r = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-r, r, (n_out, n_in)), np.zeros(n_out)


def he(rng: np.random.Generator, n_out: int, n_in: int) -> tuple[Array, Array]:
    """W ~ N(0, 2/n_in), for ReLU (He et al. 2015, equation 10); b = 0."""
    return rng.standard_normal((n_out, n_in)) * np.sqrt(2 / n_in), np.zeros(n_out)


def zeros(rng: np.random.Generator, n_out: int, n_in: int) -> tuple[Array, Array]:
    """W = 0, b = 0: all units of a layer stay alike for ever."""
    return np.zeros((n_out, n_in)), np.zeros(n_out)


RULES: dict[str, Rule] = {rule.__name__: rule for rule in (scaled, large, xavier, he, zeros)}


def rule(name: str) -> Rule:
    """The rule of that name; ValueError lists the known ones."""
    if name not in RULES:
        raise ValueError(f"`network.init` must be one of {', '.join(RULES)}; got {name!r}")
    return RULES[name]
