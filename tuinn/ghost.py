"""A published or a saved curve, to be laid behind live ones."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tuinn.config import ConfigError

Array = NDArray[np.float64]

VALUE = "value"
"""The figure of a curve that does not say which it is."""
FIGURES = (VALUE, "train_loss", "train_accuracy", "validation_loss", "validation_accuracy")
"""The columns that are read, beside "epoch"; others are left alone."""
OTHER_NAMES = {
    "loss": "train_loss",
    "accuracy": "train_accuracy",
    "acc": "train_accuracy",
    "val_loss": "validation_loss",
    "val_accuracy": "validation_accuracy",
    "val_acc": "validation_accuracy",
}
"""What Keras calls them in its histories."""
MOST_BYTES = 100_000_000
ALLOWED = (
    f'it needs a column "epoch" and one of {", ".join(FIGURES)}, or two columns of numbers: '
    "epoch and value"
)
_EMPTY = ("", "nan", "null", "none", "-", "na", "n/a")
"""How a value that is missing is written."""


class GhostError(ConfigError):
    """A file that holds no curve; the message names it, the line and the column."""


@dataclass(frozen=True, slots=True, eq=False)
class Ghost:
    """The curves of a file, by figure."""

    name: str
    """Of the file, without its ending."""
    curves: Mapping[str, tuple[Array, Array]]
    """(epochs, values), (n,) each, by figure: "validation_loss", … or `VALUE` for one that does
    not say which it is. Epochs do not decrease; a value that is missing is NaN."""

    def curve(self, figure: str) -> tuple[Array, Array] | None:
        """The curve to be laid behind that figure: its own, or the one that does not say what it
        is; None where the file has another."""
        return self.curves.get(figure, self.curves.get(VALUE))


def read_ghost(path: str | Path) -> Ghost:
    """The curves in the CSV or JSON file at ``path``.

    CSV (with commas, semicolons or tabs; lines that begin with # are left out): a column "epoch",
    and "value" or any of `FIGURES`, or two columns of numbers without a header. JSON: a list of
    objects, or one in each line, or a list of pairs, or an object of lists. Raises `GhostError`.
    """
    path = Path(path).expanduser()
    text = _text(path)
    if not text.strip():
        raise GhostError(f"{path}: is empty; {ALLOWED}")
    is_json = text.lstrip()[0] in "[{"
    table = _from_json(path, text) if is_json else _from_csv(path, text)
    if not table.rows:
        raise GhostError(f"{path}: has no points; {ALLOWED}")
    return Ghost(path.stem, _curves(table))


@dataclass(frozen=True, slots=True)
class _Table:
    """Numbers by rows: epoch first, then a value for each of the figures."""

    figures: list[str]
    rows: list[list[float]]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise GhostError(f"{path}: is larger than {MOST_BYTES // 1_000_000} MB")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise GhostError(f"{path}: is no UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise GhostError(f"{path}: cannot be read: {error.strerror}") from None


def _curves(table: _Table) -> dict[str, tuple[Array, Array]]:
    """In the order of the epochs; of rows of the same epoch in that of the file."""
    numbers = np.array(table.rows, np.float64)
    numbers = numbers[np.argsort(numbers[:, 0], kind="stable")]
    return {
        figure: (numbers[:, 0].copy(), numbers[:, place].copy())
        for place, figure in enumerate(table.figures, start=1)
    }


def _from_csv(path: Path, text: str) -> _Table:
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines:
        raise GhostError(f"{path}: has no points; {ALLOWED}")
    # a comma beside one of the others may be that of a decimal
    delimiter = next((sign for sign in "\t;" if sign in lines[0][1]), ",")
    cells = csv.reader([line for _, line in lines], delimiter=delimiter, strict=True)
    try:
        rows = [(number, row) for (number, _), row in zip(lines, cells, strict=True)]
    except (csv.Error, ValueError):
        raise GhostError(f"{path}: is no CSV file: a quotation mark is not closed") from None
    first, header = rows[0]
    if all(_number(cell) is not None for cell in header):
        if len(header) != 2:
            raise GhostError(
                f"{path}, line {first}: {len(header)} columns without names; {ALLOWED}"
            )
        places, figures, body = [0, 1], [VALUE], rows
    else:
        places, figures = _chosen(f"{path}, line {first}", header)
        body = rows[1:]
    found = []
    for number, row in body:
        if len(row) != len(header):
            raise GhostError(
                f"{path}, line {number}: {len(row)} values, but the first line has {len(header)}"
            )
        names = ["epoch", *figures]
        found.append(
            [
                _value(_number(row[at]), row[at], f"{path}, line {number}, column {at + 1}", name)
                for at, name in zip(places, names, strict=True)
            ]
        )
    return _Table(figures, found)


def _from_json(path: Path, text: str) -> _Table:
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Extra data"):
            where = f"{path}, line {error.lineno}, column {error.colno}"
            raise GhostError(f"{where}: is no valid JSON: {error.msg}") from None
        return _from_records(path, _json_lines(path, text), "line")
    except (RecursionError, ValueError) as error:
        # lists within lists without end, or an integer of thousands of digits
        raise GhostError(f"{path}: is no JSON of a curve: {error}") from None
    if isinstance(tree, dict) and any(isinstance(value, list) for value in tree.values()):
        return _from_columns(path, tree)
    records = tree if isinstance(tree, list) else [tree]
    return _from_records(path, list(enumerate(records, start=1)), "entry")


def _json_lines(path: Path, text: str) -> list[tuple[int, Any]]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                found.append((number, json.loads(line)))
            except json.JSONDecodeError as error:
                where = f"{path}, line {number}, column {error.colno}"
                raise GhostError(f"{where}: is no valid JSON: {error.msg}") from None
            except (RecursionError, ValueError) as error:
                where = f"{path}, line {number}"
                raise GhostError(f"{where}: is no JSON of a curve: {error}") from None
    return found


def _from_columns(path: Path, tree: dict[str, Any]) -> _Table:
    """An object of lists."""
    names = list(tree)
    places, figures = _chosen(str(path), names)
    columns = []
    for place in places:
        column = tree[names[place]]
        if not isinstance(column, list):
            raise GhostError(f'{path}: "{names[place]}" must be a list of numbers')
        columns.append(column)
    for place, column in zip(places, columns, strict=True):
        if len(column) != len(columns[0]):
            raise GhostError(
                f'{path}: "{names[place]}" has {len(column)} values, but "{names[places[0]]}" '
                f"has {len(columns[0])}"
            )
    rows = [
        [
            _json_value(column[at], f'{path}, "{names[place]}", entry {at + 1}', name)
            for place, column, name in zip(places, columns, ["epoch", *figures], strict=True)
        ]
        for at in range(len(columns[0]))
    ]
    return _Table(figures, rows)


def _from_records(path: Path, records: Sequence[tuple[int, Any]], word: str) -> _Table:
    """Objects with the same names, or pairs of numbers."""
    records = [
        (number, record)
        for number, record in records
        # the last line of `tuinn train --json` tells of the whole run
        if not (isinstance(record, dict) and record.get("final") is True)
    ]
    if not records:
        return _Table([VALUE], [])
    first = records[0][1]
    if isinstance(first, dict):
        names = list(first)
        places, figures = _chosen(f"{path}, {word} {records[0][0]}", names)
        wanted = [names[place] for place in places]
    else:
        wanted, figures = ["epoch", VALUE], [VALUE]
    rows = []
    for number, record in records:
        where = f"{path}, {word} {number}"
        if isinstance(first, dict):
            if not isinstance(record, dict) or wanted[0] not in record:
                raise GhostError(f'{where}: must be an object with "{wanted[0]}", like the first')
            values = [record.get(name) for name in wanted]
        else:
            if not isinstance(record, list) or len(record) != 2:
                raise GhostError(f"{where}: must be a pair [epoch, value] or an object; {ALLOWED}")
            values = record
        rows.append(
            [
                _json_value(value, f'{where}, "{name}"', figure)
                for value, name, figure in zip(values, wanted, ["epoch", *figures], strict=True)
            ]
        )
    return _Table(figures, rows)


def _chosen(where: str, names: Iterable[str]) -> tuple[list[int], list[str]]:
    """The places of the epoch and of the figures among these names, and the figures."""
    known = [name.strip().lower() for name in names]
    known = [OTHER_NAMES.get(name, name) for name in known]
    if "epoch" not in known or not set(known) & set(FIGURES):
        shown = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
        raise GhostError(f"{where}: the columns are {shown}; {ALLOWED}")
    figures = [figure for figure in FIGURES if figure in known]
    return [known.index(name) for name in ("epoch", *figures)], figures


def _number(text: str) -> float | None:
    """The number that is written there, NaN where nothing is; None where it is no number."""
    text = text.strip()
    if text.lower() in _EMPTY:
        return math.nan
    try:
        return float(text)
    except ValueError:
        return None


def _json_value(value: Any, where: str, name: str) -> float:
    number: float | None = None
    if value is None:
        number = math.nan
    elif isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf if value > 0 else -math.inf
    return _value(number, json.dumps(value, ensure_ascii=False), where, name)


def _value(number: float | None, text: str, where: str, name: str) -> float:
    """The number, where it can be that of the column ``name``; else `GhostError`."""
    text = text if len(text) <= 30 else f"{text[:29]}…"
    if number is None:
        raise GhostError(f"{where}: {name} must be a number, got {text!r}")
    if name == "epoch" and not 0 <= number < math.inf:
        raise GhostError(f"{where}: epoch must be a number >= 0, got {text!r}")
    return number
