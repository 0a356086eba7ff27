"""Read a CSV file: a header line, one example per line, one column of labels."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Dataset
from engine.data.errors import DataError
from engine.data.labels import (
    MAX_NUMERIC_CLASSES,
    Classes,
    classes_of_numbers,
    classes_of_text,
    require_two,
)

Rows = list[tuple[int, list[str]]]


def read_csv(path: Path, *, label: str | int | None = None, regression: bool = False) -> Dataset:
    """The examples of a comma-separated UTF-8 file.

    ``label`` is the name of the label column or its position: 1 is the first, −1 (and None) the
    last. Labels are classes or regression targets by the rule of `engine.data.labels`;
    ``regression = True`` makes them targets. All other columns must be numbers.

    Raises `DataError` naming file, line and column.
    """
    header, rows = _lines(path)
    index = _label_column(path, header, label)
    inputs = [j for j in range(len(header)) if j != index]
    X = np.array(
        [[_number(path, line, header[j], cells[j]) for j in inputs] for line, cells in rows]
    )
    names = tuple(header[j] for j in inputs)
    labels = [(line, cells[index].strip()) for line, cells in rows]
    found = _targets_or_classes(path, header[index], labels, regression)
    if isinstance(found, np.ndarray):
        return Dataset(path.stem, X, targets=found[:, np.newaxis], feature_names=names)
    numbers, classes = found
    require_two(classes, len(rows), f"{path}: column {header[index]!r}")
    return Dataset(path.stem, X, labels=numbers, classes=classes, feature_names=names)


def _lines(path: Path) -> tuple[list[str], Rows]:
    """The header, and each line that is not blank with its number in the file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, skipinitialspace=True)
            lines = [(reader.line_num, cells) for cells in reader if cells]
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: must be UTF-8 text: {error}") from error
    except csv.Error as error:
        raise DataError(f"{path}: line {reader.line_num}: {error}") from error
    if not lines:
        raise DataError(f"{path}: is empty; a header line and examples are needed")
    header = [name.strip() for name in lines[0][1]]
    _check_header(path, header)
    if len(lines) == 1:
        raise DataError(f"{path}: has a header but no examples")
    for line, cells in lines[1:]:
        if len(cells) != len(header):
            raise DataError(
                f"{path}: line {line}: must have {len(header)} cells, as the header has; "
                f"got {len(cells)}"
            )
    return header, lines[1:]


def _check_header(path: Path, header: list[str]) -> None:
    if len(header) < 2:
        raise DataError(
            f"{path}: line 1: at least two columns, separated by commas, are needed; got {header}"
        )
    if all(_is_number(name) for name in header):
        raise DataError(f"{path}: line 1: must name the columns, got only numbers: {header}")
    for j, name in enumerate(header):
        if not name:
            raise DataError(f"{path}: line 1: column {j + 1} has no name")
        if name in header[:j]:
            raise DataError(f"{path}: line 1: two columns are named {name!r}")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _label_column(path: Path, header: list[str], label: str | int | None) -> int:
    if label is None:
        return len(header) - 1
    if isinstance(label, str) and label in header:
        return header.index(label)
    try:
        position = int(label)
    except ValueError:
        position = 0
    if 1 <= abs(position) <= len(header):
        return position - 1 if position > 0 else len(header) + position
    raise DataError(
        f"`data.label`: {path} has no column {label!r}; it must be one of {', '.join(header)}, "
        f"or a position from 1 to {len(header)} (-1: the last)",
        "data.label",
    )


def _number(path: Path, line: int, column: str, cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        got = repr(cell) if cell.strip() else "an empty cell"
        raise DataError(
            f"{path}: line {line}: column {column!r} must be a number, got {got}"
        ) from None
    if not np.isfinite(value):
        raise DataError(
            f"{path}: line {line}: column {column!r} must be a finite number, got {cell.strip()}"
        )
    return value


def _targets_or_classes(
    path: Path, column: str, labels: list[tuple[int, str]], regression: bool
) -> NDArray[np.float64] | Classes:
    """What the cells of the label column, given with their lines, stand for."""
    for line, cell in labels:
        if not cell:
            raise DataError(f"{path}: line {line}: column {column!r} must not be empty")
    text = [(line, cell) for line, cell in labels if not _is_number(cell)]
    if not text or regression:
        values = np.array([_number(path, line, column, cell) for line, cell in labels])
        found = None if regression else classes_of_numbers(values)
        return values if found is None else found
    classes = classes_of_text([cell for _, cell in labels])
    if len(text) < len(labels):
        for line, cell in labels:
            if _is_number(cell):
                # a missing value written "nan" is no class, even beside text
                _number(path, line, column, cell)
        if len(classes[1]) > MAX_NUMERIC_CLASSES:
            line, cell = text[0]
            raise DataError(
                f"{path}: line {line}: column {column!r} must hold numbers, or at most "
                f"{MAX_NUMERIC_CLASSES} classes, got {cell!r} beside numbers"
            )
    return classes
