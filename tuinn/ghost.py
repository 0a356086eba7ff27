"""A published or a saved curve, to be laid behind live ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tuinn.config import ConfigError

Array = NDArray[np.float64]

VALUE = "value"
"""The figure of a curve that does not say which it is."""


class GhostError(ConfigError):
    """A file that holds no curve; the message names it, the line and the column."""


@dataclass(frozen=True, slots=True, eq=False)
class Ghost:
    """The curves of a file, by figure."""

    name: str
    """Of the file, without its ending."""
    curves: Mapping[str, tuple[Array, Array]]
    """(epochs, values), (n,) each, by figure: "validation_loss", … or `VALUE` for one that does
    not say which it is. Epochs do not decrease; a value that is missing is NaN."""


def read_ghost(path: str | Path) -> Ghost:
    """The curves in the CSV or JSON file at ``path``.

    CSV: a column "epoch", and "value" or any of the figures of a run; or two columns of numbers
    without a header. JSON: a list of objects or of pairs, or an object of lists, of the same
    names. Raises `GhostError`.
    """
    raise GhostError(f"{path}: cannot be read yet")
