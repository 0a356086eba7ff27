"""The account of weight decay: what it takes of every ‖W^l‖, and what comes of it in an epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.snapshot import LayerSnapshot

Floats = NDArray[Any]

BALANCE = 0.1
"""In balance ‖W‖ changes in an epoch by less than this share of what decay takes in it."""
_HALF_AN_UPDATE = 1e-9
"""Epochs are sums of shares: what is so near to a whole epoch is one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One layer's account; changes are those of ‖W^l‖ per epoch."""

    layer: LayerSnapshot
    net: float
    """Δ‖W^l‖ per epoch, measured over `Ledger.epochs`; NaN where nothing went before."""
    taken: float
    """What decay alone takes in an epoch, ≤ 0: −‖(ηα/m) W^l‖ times the updates of an epoch."""
    balanced: bool
    """Over an epoch at least, decay took what the gradient gave: |net| ≤ `BALANCE` · |taken|."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The accounts of all layers at one moment."""

    alpha: float
    epochs: float
    """How many epochs the changes were measured over: the last whole one, several where no moment
    between was kept, less at the beginning and after α was changed; NaN where there is nothing."""
    since_change: bool
    """There was more, but with another α."""
    entries: tuple[Entry, ...]


def ledger(
    layers: Sequence[LayerSnapshot],
    epochs: Floats,
    updates: Floats,
    alphas: Floats,
    weight_norms: Floats,
) -> Ledger:
    """The account at the last of T moments, whose layers are ``layers``.

    ``epochs``, ``updates`` and ``alphas`` are (T,), T ≥ 1, and ``weight_norms`` is (L, T). The
    change is that since the latest moment that lies a whole epoch back; where there is none, since
    the first, scaled to an epoch. Moments before α was last changed do not count.
    ValueError where the shapes do not fit together.
    """
    columns = len(epochs), len(updates), len(alphas)
    shape = len(layers), len(epochs)
    if not len(epochs) or weight_norms.shape != shape or len(set(columns)) > 1:
        raise ValueError(
            f"{len(layers)} layers do not go with weight norms {weight_norms.shape}, epochs, "
            f"updates and alphas of lengths {columns}"
        )
    alpha = float(alphas[-1])
    changed = np.flatnonzero(alphas != alpha)
    since = int(changed[-1]) + 1 if changed.size else 0
    back = np.searchsorted(epochs, epochs[-1] - 1 + _HALF_AN_UPDATE, side="right") - 1
    start = max(int(back), since)
    span = float(epochs[-1] - epochs[start])
    known = span > 0
    per_epoch = float(updates[-1] - updates[start]) / span if known else np.nan
    entries = []
    for layer, norms in zip(layers, weight_norms, strict=True):
        net = float(norms[-1] - norms[start]) / span if known else np.nan
        taken = -layer.decay_step * per_epoch
        whole = span >= 1 - _HALF_AN_UPDATE
        balanced = whole and taken < 0 and abs(net) <= BALANCE * -taken
        entries.append(Entry(layer, net, taken, balanced))
    return Ledger(alpha, span if known else np.nan, start > max(int(back), 0), tuple(entries))
