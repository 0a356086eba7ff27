"""What a column of labels means: classes, or numbers to be fitted.

Text is always a class. Whole numbers of at most 20 distinct values are classes; other numbers
are regression targets. ``regression = True`` asks for targets whatever they look like.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.errors import DataError

MAX_NUMERIC_CLASSES: Final = 20

Classes = tuple[NDArray[np.int64], tuple[str, ...]]


def classes_of_numbers(values: NDArray[np.float64]) -> Classes | None:
    """Class numbers and names in increasing order, or None where the values are targets."""
    distinct, labels = np.unique(values, return_inverse=True)
    if len(distinct) > MAX_NUMERIC_CLASSES or not np.all(distinct == np.floor(distinct)):
        return None
    return labels.astype(np.int64), tuple(str(int(value)) for value in distinct)


def classes_of_text(values: list[str]) -> Classes:
    """Class numbers and names in alphabetical order."""
    distinct, labels = np.unique(np.array(values), return_inverse=True)
    return labels.astype(np.int64), tuple(str(name) for name in distinct)


def require_two(classes: tuple[str, ...], n: int, where: str) -> None:
    """Raise `DataError` about ``where`` unless there are two classes."""
    if len(classes) < 2:
        raise DataError(
            f"{where}: at least two classes are needed, but all {n} examples are of class "
            f"{classes[0]!r}"
        )
