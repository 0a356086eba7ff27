"""Training, validation and test part of a set, and the scaling learnt on the training part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor, isfinite
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Dataset, Examples
from engine.data.errors import DataError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ScaleName = Literal["none", "standard", "unit"]
SCALES: Final[tuple[str, ...]] = get_args(ScaleName)


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """x ↦ (x − shift) · factor, column by column; usable on any inputs (n, d), such as a grid.

    ``standard``: shift the mean, factor 1/standard deviation (z-score). ``unit``: shift the
    minimum, factor 1/(maximum − minimum). A constant column has factor 0, so it becomes 0.
    ``none``: x as it is; shift and factor are empty.
    """

    name: str
    shift: FloatArray
    factor: FloatArray

    @classmethod
    def fit(cls, X: FloatArray, name: str) -> Scaling:
        """The scaling by the statistics of ``X`` (n, d), n >= 1."""
        if name not in SCALES:
            raise DataError(
                f"`data.scale` must be one of {', '.join(SCALES)}, got {name!r}", "data.scale"
            )
        if name == "none":
            return UNSCALED
        with np.errstate(over="ignore", invalid="ignore"):
            spread = np.ptp(X, axis=0)
            if name == "standard":
                # the deviation of equal numbers may round to 1e-17: the range tells a constant
                shift, size = X.mean(axis=0), np.where(spread > 0, X.std(axis=0), 0.0)
            else:
                shift, size = X.min(axis=0), spread
            factor = np.divide(1.0, size, out=np.zeros(X.shape[1]), where=size > 0)
        bad = ~(np.isfinite(shift) & np.isfinite(size) & np.isfinite(factor))
        if bad.any():
            raise DataError(
                f"`data.scale` = {name} cannot scale column {int(bad.argmax()) + 1}: its values, "
                f"up to {abs(X[:, bad.argmax()]).max():.3g} in size, are too large or too close",
                "data.scale",
            )
        return cls(name, shift, factor)

    def __call__(self, X: FloatArray) -> FloatArray:
        return X if self.name == "none" else (X - self.shift) * self.factor


UNSCALED: Final = Scaling("none", np.zeros(0), np.ones(0))


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The three parts of a set, scaled alike; validation and test may be empty."""

    train: Examples
    validation: Examples
    test: Examples
    scaling: Scaling = UNSCALED
    """What was applied to the inputs, learnt on the training part alone."""


def _count(field: str, size: float, n: int, at_most: int) -> int:
    """The number of examples ``size`` asks for: below 1 a share of ``n``, else a count.

    A share is rounded down, so that small sets keep their training examples.
    """
    number = float(size)
    whole = number >= 1 and number.is_integer()
    if not isfinite(number) or number < 0 or (number >= 1 and not whole):
        raise DataError(
            f"`{field}` must be a share from 0 to below 1 or a whole number of examples, "
            f"got {size}",
            field,
        )
    examples = int(number) if whole else floor(number * n + 1e-9)
    if examples > at_most:
        raise DataError(
            f"`{field}` must be at most {at_most} of the {n} examples here, got {size}"
            + ("" if whole else f" ({examples} examples)"),
            field,
        )
    return examples


def _sizes(
    dataset: Dataset, train: float | None, validation: float, test: float
) -> tuple[int, int, int]:
    n = dataset.n
    if dataset.test is not None and test != 0:
        raise DataError(
            f"`data.test` must be 0 for {dataset.name}, which comes with a test part of "
            f"{dataset.test.n} examples; got {test}",
            "data.test",
        )
    n_test = _count("data.test", test, n, n - 1)
    n_validation = _count("data.validation", validation, n, n - 1 - n_test)
    rest = n - n_test - n_validation
    shares = train is not None and max(train, validation, test) < 1
    if train is None or (shares and abs(train + validation + test - 1) < 1e-9):
        return rest, n_validation, n_test
    n_train = _count("data.train", train, n, rest)
    if n_train == 0:
        raise DataError(
            f"`data.train` must leave at least 1 of the {n} examples to train on, got {train}",
            "data.train",
        )
    return n_train, n_validation, n_test


def _take(dataset: Dataset, rows: IntArray, output: str, *, consecutive: bool) -> Examples:
    # a slice is a view: consecutive rows of a large set are not copied
    where = slice(rows[0], rows[-1] + 1) if consecutive and len(rows) else rows
    labels = None if dataset.labels is None else dataset.labels[where]
    return Examples(dataset.X[where], dataset.encoded(output)[where], labels, rows)


def _scaled(examples: Examples, scaling: Scaling) -> Examples:
    if scaling.name == "none":
        return examples
    return replace(examples, X=scaling(examples.X))


def split(
    dataset: Dataset,
    *,
    train: float | None = None,
    validation: float = 0.2,
    test: float = 0.0,
    shuffle: bool = True,
    scale: str = "none",
    output: str = "sigmoid",
    rng: np.random.Generator,
) -> Split:
    """Divide ``dataset``; encode its labels for the ``output`` activation; scale its inputs.

    A size below 1 is a share of the set (rounded down), from 1 on a number of examples;
    ``train = None`` takes all that is left. With ``shuffle`` the rows are permuted by ``rng``
    first. In that order training examples come from the front and test examples from the back,
    with the validation examples just before them: a smaller ``train`` leaves the other two as
    they were. A set with its own test part uses it, and asks for ``test = 0``.

    Raises `DataError` where the sizes do not fit, or where the training part of a set for
    classification would hold one class only.
    """
    n = dataset.n
    n_train, n_validation, n_test = _sizes(dataset, train, validation, test)
    order = rng.permutation(n) if shuffle else np.arange(n)
    front, back = order[:n_train], order[n - n_test :]
    middle = order[n - n_test - n_validation : n - n_test]
    if dataset.labels is not None and not dataset.one_class:
        present = np.unique(dataset.labels[front])
        if len(present) < 2:
            raise DataError(
                f"`data.train` must hold at least two classes, but its {n_train} examples are all "
                f"of class {dataset.classes[present[0]]!r}: take more, or shuffle, "
                "or change the seed",
                "data.train",
            )
    unscaled = _take(dataset, front, output, consecutive=not shuffle)
    scaling = Scaling.fit(unscaled.X, scale)
    own = dataset.test
    return Split(
        train=_scaled(unscaled, scaling),
        validation=_scaled(_take(dataset, middle, output, consecutive=not shuffle), scaling),
        test=_scaled(
            _take(dataset, back, output, consecutive=not shuffle)
            if own is None
            else _take(own, np.arange(own.n), output, consecutive=True),
            scaling,
        ),
        scaling=scaling,
    )
