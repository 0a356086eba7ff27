"""How a network reads a set of examples: which it takes for what, and which it misreads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data import Examples
from engine.network import Network

Array = NDArray[Any]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a network makes of n examples; arrays are read-only.

    Of a regression there are no classes: ``confusion``, ``labels`` and ``predicted`` are None, and
    every example is wrong by some error.
    """

    outputs: Array
    """a^L, (n, n_L)."""
    wrongness: Array
    """(n,). Classification: the largest output of a wrong class less that of the right class, above
    0 where it is misread; with a single output a, classes 0 and 1 are taken to have outputs 1 − a
    and a (tanh: (1 − a)/2 and (1 + a)/2). Regression: ‖a^L − y‖."""
    accuracy: float
    """The share of right answers in [0, 1]; for regression R², at most 1. See `evaluation`."""
    wrong: Indices
    """The examples that are misread, the worst first; for regression all of them."""
    labels: Indices | None
    """The true classes (n,)."""
    predicted: Indices | None
    """The classes (n,) that they are taken for."""
    confusion: NDArray[np.int64] | None
    """(classes, classes): how many of the true class (row) are taken for the class (column)."""

    @property
    def n(self) -> int:
        """Number of examples."""
        return len(self.outputs)

    def of_cell(self, true: int, read: int) -> Indices:
        """The examples of class ``true`` that are read as ``read``.

        The worst first, which is of those that are read right the least sure. Empty for regression.
        """
        if self.labels is None or self.predicted is None:
            return np.empty(0, np.int64)
        inside = np.flatnonzero((self.labels == true) & (self.predicted == read))
        return inside[np.argsort(-self.wrongness[inside], kind="stable")]

    def confusions(self) -> list[tuple[int, int, int]]:
        """(true, read, count) of the cells beside the diagonal, the largest count first."""
        if self.confusion is None:
            return []
        beside = self.confusion.copy()
        np.fill_diagonal(beside, 0)
        order = np.argsort(-beside, axis=None, kind="stable")[: np.count_nonzero(beside)]
        rows, columns = np.unravel_index(order, beside.shape)
        return [
            (int(row), int(column), int(beside[row, column]))
            for row, column in zip(rows, columns, strict=True)
        ]


def reading(network: Network, theta: Array, examples: Examples, classes: int) -> Reading:
    """One forward pass over the examples, of which there must be at least one.

    ``classes`` is their number, of a classification (where the examples have labels).
    """
    if examples.n == 0:
        raise ValueError("there must be at least 1 example to read; got 0")
    with np.errstate(all="ignore"):
        outputs = network.forward(theta, examples.X)
        if examples.labels is None:
            return _regression(outputs, examples.Y)
        tanh = network.activations[-1].name == "tanh"
        return _classification(outputs, examples.labels, classes, tanh)


def _classification(outputs: Array, labels: Indices, classes: int, tanh: bool) -> Reading:
    n = len(outputs)
    scores = outputs
    if outputs.shape[1] == 1:
        # what stands for 1, whatever the targets are; as in `evaluation`, the midpoint is class 0
        one = (1 + outputs[:, 0]) / 2 if tanh else outputs[:, 0]
        scores = np.stack([1 - one, one], axis=1)
        predicted = (outputs[:, 0] > (0.0 if tanh else 0.5)).astype(np.int64)
    else:
        predicted = outputs.argmax(axis=1)
    rows = np.arange(n)
    others = scores.copy()
    others[rows, labels] = -np.inf
    wrongness = others.max(axis=1) - scores[rows, labels]
    misread = np.flatnonzero(predicted != labels)
    order = misread[np.argsort(-wrongness[misread], kind="stable")]
    confusion = np.bincount(labels * classes + predicted, minlength=classes * classes)
    return Reading(
        outputs=_read_only(outputs),
        wrongness=_read_only(wrongness),
        accuracy=(n - len(misread)) / n,
        wrong=_read_only(order),
        labels=_read_only(labels.copy()),
        predicted=_read_only(predicted),
        confusion=_read_only(confusion.reshape(classes, classes)),
    )


def _regression(outputs: Array, targets: Array) -> Reading:
    squares = ((outputs - targets) ** 2).sum(axis=1)
    spread = float(((targets - targets.mean(axis=0)) ** 2).sum())
    residual = float(squares.sum())
    unexplained = residual / spread if spread else float(residual > 0)
    wrongness = np.sqrt(squares)
    return Reading(
        outputs=_read_only(outputs),
        wrongness=_read_only(wrongness),
        accuracy=1 - unexplained,
        wrong=_read_only(np.argsort(-wrongness, kind="stable")),
        labels=None,
        predicted=None,
        confusion=None,
    )


def _read_only(array: Array) -> Array:
    array.flags.writeable = False
    return array
