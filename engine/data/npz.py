"""Read an NPZ file: arrays X (n, d) and y (n,) or (n, t)."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Dataset, matrix
from engine.data.errors import DataError
from engine.data.labels import Classes, classes_of_numbers, classes_of_text, require_two


def read_npz(path: Path, *, regression: bool = False) -> Dataset:
    """The examples of an NPZ file with the arrays ``X`` and ``y``; nothing in it is unpickled.

    ``X`` (n, d) holds numbers. ``y`` (n,) holds text or numbers, which are classes or targets by
    the rule of `engine.data.labels`; ``y`` (n, t), or ``regression = True``, holds targets.

    Raises `DataError` naming file and array.
    """
    arrays = _arrays(path)
    X, y = arrays["X"], arrays["y"]
    if X.dtype.kind not in "biuf":
        raise DataError(f"{path}: X must hold numbers, got {X.dtype}")
    X = matrix(X, f"{path}: X")
    if y.dtype.kind not in "biufU":
        raise DataError(f"{path}: y must hold numbers or text, got {y.dtype}")
    if y.ndim not in (1, 2) or len(y) != len(X) or not len(y):
        raise DataError(
            f"{path}: y must be of shape ({len(X)},) or ({len(X)}, t) with at least one row, "
            f"as X has; got {y.shape}"
        )
    found = _classes(path, y, regression)
    if found is None:
        targets = matrix(y.reshape(len(y), -1), f"{path}: y")
        return Dataset(path.stem, X, targets=targets)
    labels, classes = found
    require_two(classes, len(y), f"{path}: y")
    return Dataset(path.stem, X, labels=labels, classes=classes)


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        # numpy leaves a file that it opened itself open where the content is broken
        with path.open("rb") as file:
            arrays = np.load(file, allow_pickle=False)
            if not isinstance(arrays, np.lib.npyio.NpzFile):
                raise DataError(f"{path}: must be an NPZ file of plain arrays, got one array")
            if not {"X", "y"} <= set(arrays.files):
                raise DataError(
                    f"{path}: must have arrays X and y, got {', '.join(arrays.files) or 'none'}"
                )
            return {name: arrays[name] for name in ("X", "y")}
    except DataError:
        raise
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path}: must be an NPZ file of plain arrays: {error}") from error


def _classes(path: Path, y: NDArray[Any], regression: bool) -> Classes | None:
    if y.dtype.kind == "U":
        if regression or y.ndim != 1:
            raise DataError(f"{path}: y must hold numbers for regression, got text")
        return classes_of_text([str(value) for value in y])
    if regression or y.ndim != 1:
        return None
    return classes_of_numbers(matrix(y[:, np.newaxis], f"{path}: y")[:, 0])
