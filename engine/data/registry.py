"""Every data set by name: generated, bundled, or found in the folder that TUINN_DATA names."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from engine.data import bundled
from engine.data.csvfile import read_csv
from engine.data.dataset import Dataset, Kind
from engine.data.errors import DataError
from engine.data.features import Features
from engine.data.generators import CLASSES, GENERATORS, generate, one_neuron, xor_table
from engine.data.idx import FILE_NAMES, is_idx_folder, read_idx_folder
from engine.data.npz import read_npz

VARIABLE: Final = "TUINN_DATA"
"""The environment variable with the folder of the named sets that are not bundled."""

STORED: Final[dict[str, Callable[[], Dataset]]] = {
    "xor-table": xor_table,
    "one-neuron": one_neuron,
    "iris": bundled.iris,
    "digits": bundled.digits,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue."""

    name: str
    title: str
    kind: Kind
    examples: int
    """Number of examples; of a generated set, the number drawn unless `data.n` says otherwise."""
    inputs: int
    classes: tuple[str, ...]
    source: str
    generated: bool
    available: bool = True
    """Whether it can be loaded now: False for a set whose files are not there."""
    noise: float | None = None
    """The default of `data.noise`; None where the set has none."""
    noise_meaning: str = ""


_UCI = "UCI Machine Learning Repository, CC BY 4.0"
_TABLE = "built in"


def _stored_entry(
    name: str, title: str, shape: tuple[int, int], classes: str, source: str
) -> Entry:
    examples, inputs = shape
    return Entry(
        name, title, "classification", examples, inputs, tuple(classes.split()), source, False
    )


def catalogue() -> tuple[Entry, ...]:
    """The known sets; a user's own files in TUINN_DATA are named by `found`."""
    generated = tuple(
        Entry(
            name=made.name,
            title=made.title,
            kind=made.kind,
            examples=made.n,
            inputs=2,
            classes=CLASSES if made.kind == "classification" else (),
            source="generated",
            generated=True,
            noise=made.noise,
            noise_meaning=made.noise_meaning,
        )
        for made in GENERATORS.values()
    )
    ten = "0 1 2 3 4 5 6 7 8 9"
    return (
        _stored_entry("xor-table", "truth table of exclusive or", (4, 2), "0 1", _TABLE),
        *generated,
        _stored_entry("one-neuron", "one example: input 1, target 0", (1, 1), "0 1", _TABLE),
        _stored_entry(
            "iris", "iris flowers", (150, 4), "setosa versicolor virginica", f"Fisher; {_UCI}"
        ),
        _stored_entry(
            "digits", "handwritten digits, 8×8", (1797, 64), ten, f"Alpaydin and Kaynak; {_UCI}"
        ),
        Entry(
            name="mnist",
            title="handwritten digits, 28×28",
            kind="classification",
            examples=60_000,
            inputs=784,
            classes=tuple(ten.split()),
            source=f"IDX files in ${VARIABLE}",
            generated=False,
            available=_mnist_folder() is not None,
        ),
    )


def found() -> tuple[str, ...]:
    """The names of the sets in TUINN_DATA: NAME.csv, NAME.npz, and folders of IDX files."""
    root = _data_folder()
    if root is None or not root.is_dir():
        return ()
    return tuple(
        sorted(
            {
                path.stem if path.is_file() else path.name
                for path in root.iterdir()
                if (path.is_file() and path.suffix.lower() in (".csv", ".npz"))
                or is_idx_folder(path)
            }
        )
    )


def load(
    name_or_path: str | os.PathLike[str],
    *,
    n: int | None = None,
    noise: float | None = None,
    seed: int | np.random.SeedSequence = 0,
    features: Sequence[str] = (),
    degree: int | None = None,
    label: str | int | None = None,
    folder: str | os.PathLike[str] | None = None,
    regression: bool = False,
) -> Dataset:
    """The set of that name (see `catalogue`), or the one in a .csv or .npz file or IDX folder.

    A name is looked up in the catalogue, then in TUINN_DATA, then as a folder of IDX files in
    ``folder`` (default: the working folder). What contains a separator or ends in .csv or .npz is
    a path, relative to ``folder``.

    n: how many examples to generate (2 … 100 000), or the first n of a stored set.
    noise: of a generated set, 0 … 1; see `engine.data.generators`.
    seed: of a generated set.
    features, degree: the inputs made of a 2-D set; see `engine.data.features`.
    label: the label column of a CSV file, by name or position; default the last.
    regression: makes the labels of a CSV or NPZ file targets whatever they look like.

    Raises `DataError` with the ``field`` to blame where something does not fit.
    """
    name = os.fspath(name_or_path)
    if features and degree is not None:
        raise DataError(
            "`data.features` and `data.degree` exclude each other; give one of them",
            "data.features",
        )
    base = Path(folder) if folder is not None else Path()
    if name in GENERATORS:
        _require_unused("label", label, name)
        dataset = generate(name, n, noise, seed)
    else:
        _require_unused("noise", noise, name)
        dataset = _stored(name, base, n, label, regression)
    return _with_features(dataset, features, degree)


def _stored(
    name: str, base: Path, n: int | None, label: str | int | None, regression: bool
) -> Dataset:
    if name in STORED:
        _require_unused("label", label, name)
        return _first(STORED[name](), n)
    path = _locate(name, base)
    if path.is_dir():
        _require_unused("label", label, name)
        return read_idx_folder(path, name="mnist" if name == "mnist" else None, n=n)
    if path.suffix.lower() == ".csv":
        return _first(read_csv(path, label=label, regression=regression), n)
    if path.suffix.lower() == ".npz":
        _require_unused("label", label, name)
        return _first(read_npz(path, regression=regression), n)
    raise DataError(
        f"`data.set`: {path} must be a .csv or .npz file or a folder of IDX files", "data.set"
    )


def _require_unused(field: str, value: object, name: str) -> None:
    if value is not None:
        scope = {"noise": "generated sets", "label": "CSV files"}[field]
        raise DataError(
            f"`data.{field}` is for {scope} only; {name} has none, got {value}: leave it out",
            f"data.{field}",
        )


def _first(dataset: Dataset, n: int | None) -> Dataset:
    if n is None:
        return dataset
    least = 1 if dataset.one_class else 2
    if not least <= n <= dataset.n:
        raise DataError(
            f"`data.n` must be from {least} to {dataset.n} for {dataset.name}, got {n}", "data.n"
        )
    return dataset.first(n)


def _with_features(dataset: Dataset, features: Sequence[str], degree: int | None) -> Dataset:
    if degree is not None:
        return dataset.with_features(Features.polynomial(degree))
    if features:
        return dataset.with_features(Features(tuple(features)))
    return dataset.with_features(Features()) if dataset.d == 2 else dataset


def _locate(name: str, base: Path) -> Path:
    """The file or folder that ``name`` stands for; it exists."""
    separators = [separator for separator in (os.sep, os.altsep) if separator]
    is_path = name.lower().endswith((".csv", ".npz")) or any(s in name for s in separators)
    if not is_path:
        named = _in_data_folder(name)
        if named is not None:
            return named
    path = base / Path(name).expanduser()
    if is_path:
        if not path.exists():
            raise DataError(f"`data.set`: {path} does not exist", "data.set")
        if path.is_dir() and not is_idx_folder(path):
            raise DataError(
                f"`data.set`: {path} holds none of the IDX files {_expected()}", "data.set"
            )
        return path
    if name and is_idx_folder(path):
        return path
    raise DataError(_mnist_missing() if name == "mnist" else _unknown(name), "data.set")


def _data_folder() -> Path | None:
    value = os.environ.get(VARIABLE)
    return Path(value).expanduser() if value else None


def _mnist_folder() -> Path | None:
    root = _data_folder()
    if root is None:
        return None
    return next((path for path in (root / "mnist", root) if is_idx_folder(path)), None)


def _in_data_folder(name: str) -> Path | None:
    root = _data_folder()
    if root is None or not name:
        return None
    if name == "mnist" and (folder := _mnist_folder()) is not None:
        return folder
    if is_idx_folder(root / name):
        return root / name
    files = (root / f"{name}{suffix}" for suffix in (".csv", ".npz"))
    return next((path for path in files if path.is_file()), None)


def _expected() -> str:
    return f"{', '.join(FILE_NAMES)} (plain or .gz)"


def _mnist_missing() -> str:
    root = _data_folder()
    state = f"{VARIABLE} is not set" if root is None else f"{root} does not hold them"
    return (
        f"mnist: set {VARIABLE} to the folder with {_expected()}, or to the folder above it if "
        f"it is called mnist; {state}"
    )


def _unknown(name: str) -> str:
    known = list(dict.fromkeys((*(entry.name for entry in catalogue()), *found())))
    close = difflib.get_close_matches(name, known, n=2)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    return (
        f"`data.set` must be one of {', '.join(known)}, or the path of a .csv or .npz file or of "
        f"a folder of IDX files; got {name!r}.{hint}"
    )
