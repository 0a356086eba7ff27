"""A hash over the whole course of a run, by which two runs are known to be the same bit for bit."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

BITS = 7
"""Significant bits of the epochs that count: 1 … 127, then every 2nd, from 256 on every 4th, …"""
JUDGED_BITS = 5
"""Of those by which runs are judged: 1 … 31, then every 2nd, from 64 on every 4th, … Each costs an
evaluation, which may take as long as an epoch, so these are fewer."""
BYTES = 8
"""Of a digest: two different curves have the same one once in 10^19."""
BEGIN = bytes(BYTES).hex()
"""The chain of a run before its first epoch has ended."""


def on_grid(epoch: int) -> bool:
    """Whether the state at the end of that epoch (from 1) is part of the hash.

    The grid does not depend on the plan, so that a run that is prolonged has the hash of one that
    was long from the start; and it takes at most 64 epochs of each octave, so that hashing costs
    next to nothing however long a run is.
    """
    return epoch & (_step(epoch, BITS) - 1) == 0


def next_judged(epoch: int) -> int:
    """The first epoch by which runs are judged that ends after ``epoch`` epochs."""
    step = _step(epoch + 1, JUDGED_BITS)
    return -(-(epoch + 1) // step) * step


def is_judged(epoch: float) -> bool:
    """Whether a run that has come to ``epoch`` is at the end of one by which runs are judged.

    All who train look there, whatever that costs; which other places they look at is a matter of
    the clock, and a run that was looked at more often must not be the better for it.
    """
    return (
        epoch >= 1
        and float(epoch).is_integer()
        and int(epoch) & (_step(int(epoch), JUDGED_BITS) - 1) == 0
    )


def _step(epoch: int, bits: int) -> int:
    return 1 << max(epoch.bit_length() - bits, 0)


class CurveHash:
    """A chain of digests over (epoch, update, evaluations, θ) at the ends of the epochs of a grid.

    Nothing else goes into it: neither when a run was looked at or paused, nor the clock.
    """

    def __init__(self, chain: str = BEGIN) -> None:
        self.chain = chain
        """The digest so far in hex; "" where it is not known (a checkpoint of an older version)."""

    def end_epoch(self, epoch: int, update: int, evaluations: int, theta: Array) -> None:
        """Take the state at the end of an epoch of the grid into the chain."""
        if self.chain:
            self.chain = _digest(self.chain, epoch, update, evaluations, theta)

    def at(self, epoch: int, update: int, evaluations: int, theta: Array) -> str:
        """The hash of the run up to this state, 16 hexadecimal characters; "" where not known."""
        return _digest(self.chain, epoch, update, evaluations, theta) if self.chain else ""


def _digest(chain: str, epoch: int, update: int, evaluations: int, theta: Array) -> str:
    digest = blake2b(bytes.fromhex(chain), digest_size=BYTES)
    digest.update(b"%d %d %d " % (epoch, update, evaluations))
    digest.update(np.ascontiguousarray(theta).data)
    return digest.hexdigest()
