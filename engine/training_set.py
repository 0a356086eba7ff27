"""The examples that a run learns from, as its network takes them."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from engine.data import Examples
from engine.network import Network

Array = NDArray[Any]

PROBE = 10, 100, 1_500
"""Examples of the default probe: at least, with 10 000 to 100 000 parameters, and at most. With
more parameters they get fewer, so that the diagnostics of a live run stay under a hundredth of its
time; with fewer they get more, so that the gradient of a small set is that of all its examples."""
WORK = 1_000_000, 10_000_000
"""Examples times parameters: of a probe above 100 examples at most, of one below 100 at most."""


class TrainingSet:
    """X (m, n_0) and Y (m, n_L) of the examples, and columns of them.

    ValueError where there are none, or the network has other inputs and outputs.
    """

    def __init__(self, network: Network, examples: Examples) -> None:
        self.X, self.Y = examples.X, examples.Y
        self.m = len(self.X)
        self._network = network
        if self.m == 0:
            raise ValueError("the training set must have at least 1 example; got 0")
        inputs, outputs = self.X.shape[1], self.Y.shape[1]
        if (inputs, outputs) != (network.sizes[0], network.sizes[-1]):
            raise ValueError(
                f"the data have {inputs} inputs and {outputs} targets, but the network has "
                f"{network.sizes[0]} inputs and {network.sizes[-1]} outputs"
            )

    def columns(self, rows: Any) -> tuple[Array, Array]:
        """x (n_0, k) and y (n_L, k) of some examples, in the network's precision."""
        dtype = self._network.dtype
        return self.X[rows].T.astype(dtype, copy=False), self.Y[rows].T.astype(dtype, copy=False)

    def probe(self, examples: int | None) -> tuple[Array, Array]:
        """The first examples as columns: so many, or as many as the diagnostics have time for."""
        if examples is None:
            examples = default_probe(self._network.parameters)
        if examples < 1:
            raise ValueError(f"`probe` must be ≥ 1; got {examples}")
        return self.columns(slice(0, examples))


def default_probe(parameters: int) -> int:
    """How many examples the diagnostics look at, where nothing else is asked for."""
    least, usual, most = PROBE
    many, few = (work // parameters for work in WORK)
    return min(many, most) if many >= usual else max(least, min(usual, few))
