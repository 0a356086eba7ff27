"""The weights of a run as arrays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from engine import Network
from engine.state import State
from tuinn.allowed import ConfigError
from tuinn.config import tree
from tuinn.export.aside import written_aside
from tuinn.store import Store, StoredRun


def write(store: Store, run: StoredRun, path: Path) -> Path:
    """W1, b1, … WL, bL as they were last kept: W^l is (n_l, n_(l−1)) and b^l is (n_l,).

    Beside them "sizes" (L + 1,), "activations" (L,), "update", "epochs" (finished ones) and
    "config", the configuration as JSON. Nothing in it needs pickle. `ConfigError` where the run
    has no weights.
    """
    arrays = store.checkpoint(run.id)
    if arrays is None:
        raise ConfigError(f"run {run.id} has no checkpoint, so its weights are not known")
    try:
        state = State.of(arrays, {})
    except ValueError as error:
        raise ConfigError(f"run {run.id}: {error}") from error
    sizes, activations = state.identity["sizes"], state.identity["activations"]
    network = Network(sizes, activations, state.theta.dtype)
    held: dict[str, Any] = {}
    for layer, (W, b) in enumerate(zip(network.W(state.theta), network.b(state.theta)), start=1):
        held |= {f"W{layer}": W, f"b{layer}": b}
    held |= {
        "sizes": np.array(sizes),
        "activations": np.array(activations),
        "update": np.array(state.update),
        "epochs": np.array(state.epochs),
        "config": np.array(json.dumps(tree(run.now), ensure_ascii=False)),
    }
    with written_aside(path) as file:
        np.savez(file, **held)
    return path
