"""A set of examples with its meaning, and the encoding of labels as target vectors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.data.errors import DataError
from engine.data.features import Features

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Kind = Literal["classification", "regression"]


def matrix(values: ArrayLike, what: str) -> FloatArray:
    """``values`` as a finite C-ordered (n, d) float64 array, or a `DataError` about ``what``."""
    try:
        array = np.ascontiguousarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"{what} must be an array of numbers: {error}") from error
    if np.ndim(values) != 2:
        raise DataError(f"{what} must be 2-D (examples, columns), got shape {np.shape(values)}")
    finite = np.isfinite(array)
    if not finite.all():
        row, column = (int(i) for i in np.argwhere(~finite)[0])
        raise DataError(
            f"{what} must be finite, got {array[row, column]} in row {row}, column {column} "
            "(counted from 0)"
        )
    return array


def label_vector(labels: ArrayLike, n_classes: int, what: str) -> IntArray:
    """``labels`` as an (n,) int64 array of class numbers 0 … n_classes − 1."""
    array = np.asarray(labels)
    if array.ndim != 1:
        raise DataError(f"{what} must be 1-D, got shape {array.shape}")
    if array.size and array.dtype.kind not in "iu":
        raise DataError(f"{what} must be whole numbers, got {array.dtype}")
    if array.size and not 0 <= array.min() <= array.max() < n_classes:
        wrong = array.min() if array.min() < 0 else array.max()
        raise DataError(f"{what} must be from 0 to {n_classes - 1}, got {wrong}")
    return array.astype(np.int64)


def encode(labels: ArrayLike, n_classes: int, output: str) -> FloatArray:
    """Target vectors (n, t) for the class numbers ``labels`` (n,) and an output activation.

    Two classes share one column, except under ``output = "softmax"``; otherwise there is one
    column per class (one-hot). False and true are 0 and 1, under ``output = "tanh"`` −1 and +1.
    """
    if n_classes < 2:
        raise DataError(f"n_classes must be at least 2, got {n_classes}")
    y = label_vector(labels, n_classes, "labels")
    if n_classes == 2 and output != "softmax":
        Y = y[:, np.newaxis].astype(np.float64)
    else:
        Y = np.zeros((y.size, n_classes))
        Y[np.arange(y.size), y] = 1.0
    if output == "tanh":
        Y = 2.0 * Y - 1.0
    return Y


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Examples as rows, with either class numbers or regression targets.

    Raises `DataError` where the arrays do not fit together, hold a value that is not finite, or
    the labels hold fewer than two classes.
    """

    name: str
    X: FloatArray
    """Inputs (n, d), finite."""
    labels: IntArray | None = None
    """Class numbers (n,), 0 … len(classes) − 1; None for regression."""
    targets: FloatArray | None = None
    """Regression targets (n, t); None for classification."""
    classes: tuple[str, ...] = ()
    """The names of the classes; empty for regression."""
    feature_names: tuple[str, ...] = ()
    """One per column of X; x1 … xd unless given."""
    image_shape: tuple[int, int] | None = None
    """(height, width) where a row of X is an image."""
    test: Dataset | None = None
    """The test part of a set that comes with its own."""
    raw: FloatArray | None = None
    """The points (n, 2) of a 2-D set before its features were made."""
    features: Features | None = None
    """What made X of ``raw``; None where the set is not 2-D."""
    one_class: bool = False
    """True lets the labels hold a single class: the one-neuron set, and test parts, may."""

    def __post_init__(self) -> None:
        def keep(field: str, value: Any) -> None:
            object.__setattr__(self, field, value)

        X = matrix(self.X, f"{self.name}: X")
        n, d = X.shape
        if n == 0 or d == 0:
            raise DataError(f"{self.name}: X must have examples and columns, got shape {X.shape}")
        keep("X", X)
        if (self.labels is None) == (self.targets is None):
            raise DataError(f"{self.name}: either labels or targets must be given, and not both")
        if self.labels is not None:
            keep("labels", self._checked_labels(self.labels))
        if self.targets is not None:
            if self.classes:
                raise DataError(f"{self.name}: classes belong to labels, but targets were given")
            targets = matrix(self.targets, f"{self.name}: targets")
            if len(targets) != n or targets.shape[1] == 0:
                raise DataError(
                    f"{self.name}: targets must have {n} rows, as X has, and a column; "
                    f"got shape {targets.shape}"
                )
            keep("targets", targets)
        names = self.feature_names or tuple(f"x{j}" for j in range(1, d + 1))
        if len(names) != d:
            raise DataError(f"{self.name}: {d} feature names are needed, got {len(names)}")
        keep("feature_names", tuple(names))
        if self.image_shape is not None and self.image_shape[0] * self.image_shape[1] != d:
            raise DataError(f"{self.name}: an image of {self.image_shape} does not have {d} pixels")
        if self.raw is not None:
            raw = matrix(self.raw, f"{self.name}: raw")
            if raw.shape != (n, 2):
                raise DataError(f"{self.name}: raw must be of shape {(n, 2)}, got {raw.shape}")
            keep("raw", raw)
        if self.test is not None and (self.test.d != d or self.test.classes != self.classes):
            raise DataError(
                f"{self.name}: the test part must have the {d} columns and the classes "
                f"{self.classes} of the training part, got {self.test.d} and {self.test.classes}"
            )

    def _checked_labels(self, values: IntArray) -> IntArray:
        if len(self.classes) < 2:
            raise DataError(f"{self.name}: at least two classes are needed, got {self.classes}")
        labels = label_vector(values, len(self.classes), f"{self.name}: labels")
        if len(labels) != len(self.X):
            raise DataError(f"{self.name}: {len(self.X)} labels are needed, got {len(labels)}")
        if not self.one_class and labels.min() == labels.max():
            raise DataError(
                f"{self.name}: at least two classes are needed, but all {len(labels)} examples "
                f"are of class {self.classes[labels[0]]!r}"
            )
        return labels

    @property
    def kind(self) -> Kind:
        return "regression" if self.labels is None else "classification"

    @property
    def n(self) -> int:
        """Number of examples."""
        return len(self.X)

    @property
    def d(self) -> int:
        """Number of inputs: columns of X."""
        return int(self.X.shape[1])

    def encoded(self, output: str) -> FloatArray:
        """The target vectors Y (n, t): encoded labels, or the regression targets."""
        if self.labels is not None:
            return encode(self.labels, len(self.classes), output)
        assert self.targets is not None
        return self.targets

    def outputs(self, output: str) -> int:
        """t, the number of output units that a network with this output activation needs."""
        if self.targets is not None:
            return int(self.targets.shape[1])
        return 1 if len(self.classes) == 2 and output != "softmax" else len(self.classes)

    def first(self, n: int) -> Dataset:
        """The first ``n`` examples in the order of the set; its test part stays whole."""
        if n == self.n:
            return self
        return replace(
            self,
            X=self.X[:n],
            labels=None if self.labels is None else self.labels[:n],
            targets=None if self.targets is None else self.targets[:n],
            raw=None if self.raw is None else self.raw[:n],
        )

    def with_features(self, features: Features) -> Dataset:
        """This 2-D set with the inputs ``features`` makes of its points."""
        points = self.raw if self.raw is not None else self.X
        if points.shape[1] != 2:
            raise DataError(
                f"`data.features` and `data.degree` need a set with 2 inputs; "
                f"{self.name} has {points.shape[1]}",
                "data.features",
            )
        return replace(
            self,
            X=features(points),
            raw=points,
            features=features,
            feature_names=self.feature_names if features.is_plain else features.names,
            test=None if self.test is None else self.test.with_features(features),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """One part of a split: inputs X (n, d), targets Y (n, t), class numbers (n,) or None.

    A part may be empty. ``rows`` (n,) are the row numbers in the set it was taken from.
    """

    X: FloatArray
    Y: FloatArray
    labels: IntArray | None = None
    rows: IntArray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "X", matrix(self.X, "X"))
        object.__setattr__(self, "Y", matrix(self.Y, "Y"))
        for what, part in (("Y", self.Y), ("labels", self.labels), ("rows", self.rows)):
            if part is not None and len(part) != len(self.X):
                raise DataError(f"{what} must have {len(self.X)} rows, as X has; got {len(part)}")

    @property
    def n(self) -> int:
        """Number of examples."""
        return len(self.X)

    @property
    def d(self) -> int:
        """Number of inputs."""
        return int(self.X.shape[1])
