"""NPZ files."""

import numpy as np
import pytest

from engine.data import DataError, load

X = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])


@pytest.fixture
def read(tmp_path):
    """Save arrays to a file and load it."""
    path = tmp_path / "set.npz"

    def save_and_load(*, options=None, **arrays):
        np.savez(path, **arrays)
        return load(path, **(options or {}))

    save_and_load.path = path
    return save_and_load


@pytest.mark.parametrize(
    ("y", "classes", "labels"),
    [
        (np.array([3, 1, 3]), ("1", "3"), [1, 0, 1]),
        (np.array([0.0, 1.0, 1.0]), ("0", "1"), [0, 1, 1]),
        (np.array([True, False, True]), ("0", "1"), [1, 0, 1]),
        (np.array(["red", "blue", "red"]), ("blue", "red"), [1, 0, 1]),
    ],
)
def test_labels(read, y, classes, labels):
    made = read(X=X, y=y)
    assert (made.name, made.kind, made.classes) == ("set", "classification", classes)
    assert made.labels.tolist() == labels
    assert made.X.tolist() == X.tolist()


@pytest.mark.parametrize("y", [np.array([0.5, 1, 2]), np.array([[1, 2], [3, 4], [5, 6]])])
def test_targets(read, y):
    made = read(X=X, y=y)
    np.testing.assert_array_equal(made.targets, y.reshape(3, -1))


def test_regression_can_be_asked_for(read):
    assert read(X=X, y=np.array([0, 1, 1]), options={"regression": True}).kind == "regression"


def test_n_takes_the_first_examples(read):
    assert read(X=X, y=np.array([0, 1, 1]), options={"n": 2}).X.tolist() == X[:2].tolist()


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"X": X}, "must have arrays X and y, got X"),
        ({"data": X, "target": X}, "must have arrays X and y, got data, target"),
        ({}, "must have arrays X and y, got none"),
        ({"X": X[0], "y": X[0]}, r"X must be 2-D \(examples, columns\), got shape \(3,\)"),
        ({"X": X, "y": np.arange(2)}, r"y must be of shape \(3,\) or \(3, t\) .*; got \(2,\)"),
        ({"X": X, "y": np.array(1)}, r"y must be of shape .*; got \(\)"),
        ({"X": X, "y": np.array([0, 1, np.nan])}, "y must be finite, got nan in row 2"),
        ({"X": X * np.inf, "y": np.arange(3)}, "X must be finite, got inf in row 0, column 0"),
        ({"X": X.astype(str), "y": np.arange(3)}, "X must hold numbers, got <U"),
        ({"X": X * 1j, "y": np.arange(3)}, "X must hold numbers, got complex128"),
        ({"X": X, "y": np.arange(3) * 1j}, "y must hold numbers or text, got complex128"),
        ({"X": X, "y": np.ones(3)}, "y: at least two classes .* all 3 examples are of class '1'"),
        ({"X": X, "y": np.array(["a"] * 3)}, "y: at least two classes .* of class 'a'"),
        ({"X": X, "y": np.array([0, 1, None])}, "must be an NPZ file of plain arrays"),
        ({"X": X, "y": X.astype(str)}, "y must hold numbers for regression, got text"),
        ({"X": X[:0], "y": np.arange(0)}, "with at least one row"),
    ],
)
def test_errors_name_file_and_array(read, arrays, message):
    with pytest.raises(DataError, match=message) as caught:
        read(**arrays)
    assert str(caught.value).startswith(f"{read.path}: ")


def test_files_that_are_no_npz(tmp_path):
    path = tmp_path / "set.npz"
    np.savez(path, X=X, y=np.arange(3))
    whole = path.read_bytes()
    np.save(path.with_suffix(".npy"), X)
    for content in (b"", b"text", whole[:200], path.with_suffix(".npy").read_bytes()):
        path.write_bytes(content)
        with pytest.raises(DataError, match=f"{path}: must be an NPZ file"):
            load(path)


def test_a_damaged_array_is_refused(tmp_path):
    path = tmp_path / "set.npz"
    np.savez(path, X=X, y=np.arange(3))
    content = bytearray(path.read_bytes())
    content[200] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"{path}: must be an NPZ file of plain arrays"):
        load(path)
