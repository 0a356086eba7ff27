"""A checksum of the data that a run trains on."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tuinn.experiment import Experiment


def fingerprint(experiment: Experiment) -> str:
    """A checksum of the training and validation data, 8 hexadecimal characters."""
    code = 0
    for part in (experiment.split.train, experiment.split.validation):
        for array in (part.X, part.Y):
            code = zlib.crc32(repr(array.shape).encode(), code)
            code = zlib.crc32(np.ascontiguousarray(array).data, code)
    return f"{code:08x}"
