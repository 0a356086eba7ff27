"""The order of the training examples, epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Order:
    """A permutation of the examples 0…m−1 for every epoch, drawn or given.

    Parameters
    ----------
    m
        Number of training examples.
    rng
        What permutations are drawn with.
    permutations
        One permutation (m,) per epoch, in place of drawn ones.
    """

    def __init__(
        self, m: int, rng: np.random.Generator, permutations: Iterable[Array] | None = None
    ) -> None:
        self.m = m
        self.current: Array = np.arange(m)
        self._rng = rng
        self._given: Iterator[Array] | None = None if permutations is None else iter(permutations)
        self._taken = 0

    @property
    def given(self) -> bool:
        """Whether the permutations come from outside."""
        return self._given is not None

    def renew(self, *, full: bool) -> bool:
        """The next epoch begins; `full`: one batch holds all examples. Whether the order changed.

        ValueError where the given permutations have come to an end, or are none of 0…m−1.
        """
        if self._given is not None:
            self.current = self._next(self._given)
        elif full:
            # a sum over all examples is the same in any order
            return False
        else:
            self.current = self._rng.permutation(self.m)
        return True

    def _next(self, given: Iterator[Array]) -> Array:
        self._taken += 1
        try:
            # a copy, since the giver may go on shuffling the same array
            order = np.array(next(given))
        except StopIteration:
            raise ValueError(
                "`permutations` must give one order per epoch; there is none for epoch number "
                f"{self._taken}"
            ) from None
        whole = order.shape == (self.m,) and order.dtype.kind in "iu"
        if not (whole and (np.sort(order) == np.arange(self.m)).all()):
            raise ValueError(
                f"`permutations` must hold each of 0 … {self.m - 1} once in every epoch; "
                f"epoch number {self._taken} has {order.dtype} of shape {order.shape}"
            )
        return order

    @property
    def random_state(self) -> dict[str, Any]:
        """Where the generator stands, as plain data."""
        return dict(self._rng.bit_generator.state)

    def resume(self, current: Array, random_state: dict[str, Any], begun: int) -> None:
        """Go on with the order `current`; of given permutations the first `begun` are skipped."""
        if self._given is not None:
            for _ in range(begun):
                self._next(self._given)
        self.current = np.array(current)
        self._rng.bit_generator.state = random_state


class Seeds(NamedTuple):
    """Independent seeds of a run, so that changing how one is used leaves the others' draws."""

    weights: np.random.SeedSequence
    order: np.random.SeedSequence
    optimizer: np.random.SeedSequence
    part: np.random.SeedSequence
    """Of the fixed part of the training set that a search looks at."""

    @classmethod
    def of(cls, seed: int | np.random.SeedSequence) -> Seeds:
        """The same ones every time."""
        if isinstance(seed, np.random.SeedSequence):
            # spawning from the given sequence itself would change what it spawns next
            sequence = np.random.SeedSequence(seed.entropy, spawn_key=seed.spawn_key)
        else:
            sequence = np.random.SeedSequence(seed)
        return cls(*sequence.spawn(len(cls._fields)))


def fixed_part(examples: int | Literal["full"], m: int, rng: np.random.Generator) -> Array | None:
    """The rows of a part of the training set that is the same at every update; None: all m.

    ValueError unless `examples` is 1 … m or "full".
    """
    if examples == "full":
        return None
    if not (isinstance(examples, int | np.integer) and 1 <= examples <= m):
        raise ValueError(
            f'`training.examples` must be 1 … {m} (the training examples) or "full"; got {examples}'
        )
    return None if examples == m else np.sort(rng.permutation(m)[:examples])
