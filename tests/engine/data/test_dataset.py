"""Datasets and the encoding of labels."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import DataError, Dataset, Examples, Features, encode, load

two = ("no", "yes")


def dataset(**changes):
    parts = {"X": np.eye(2), "labels": np.array([0, 1]), "classes": two, **changes}
    return Dataset("set", **parts)


@st.composite
def labelled(draw):
    n_classes = draw(st.integers(2, 12))
    labels = draw(st.lists(st.integers(0, n_classes - 1), max_size=30))
    return np.array(labels, dtype=np.int64), n_classes


@given(labelled(), st.sampled_from(["sigmoid", "tanh", "softmax", "identity", "relu"]))
def test_encoding_can_be_undone_and_uses_the_values_of_the_output(case, output):
    labels, n_classes = case
    Y = encode(labels, n_classes, output)
    false, true = (-1, 1) if output == "tanh" else (0, 1)
    assert np.isin(Y, (false, true)).all()
    if n_classes == 2 and output != "softmax":
        assert Y.shape == (len(labels), 1)
        np.testing.assert_array_equal(Y[:, 0] == true, labels == 1)
    else:
        assert Y.shape == (len(labels), n_classes)
        np.testing.assert_array_equal(np.isclose(Y, true).sum(axis=1), 1)
        np.testing.assert_array_equal(Y.argmax(axis=1), labels)


@pytest.mark.parametrize(
    ("labels", "n_classes", "message"),
    [
        ([0, 3], 3, "labels must be from 0 to 2, got 3"),
        ([-1, 0], 2, "labels must be from 0 to 1, got -1"),
        ([0.0, 1.0], 2, "labels must be whole numbers, got float64"),
        ([[0, 1]], 2, r"labels must be 1-D, got shape \(1, 2\)"),
        ([0, 0], 1, "n_classes must be at least 2, got 1"),
    ],
)
def test_labels_that_cannot_be_encoded(labels, n_classes, message):
    with pytest.raises(DataError, match=message):
        encode(labels, n_classes, "sigmoid")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"X": np.zeros(2)}, r"set: X must be 2-D \(examples, columns\), got shape \(2,\)"),
        ({"X": [[0, 1], [np.nan, 1]]}, "set: X must be finite, got nan in row 1, column 0"),
        ({"X": [[0, 1], [1, -np.inf]]}, "set: X must be finite, got -inf in row 1, column 1"),
        ({"X": [["a", "b"], ["c", "d"]]}, "set: X must be an array of numbers"),
        ({"X": np.zeros((0, 2))}, "set: X must have examples and columns"),
        ({"labels": np.array([0, 1, 1])}, "set: 2 labels are needed, got 3"),
        ({"labels": np.array([0, 2])}, "set: labels must be from 0 to 1, got 2"),
        ({"labels": np.array([1, 1])}, "at least two classes .* all 2 examples are of class 'yes'"),
        ({"classes": ("only",)}, r"at least two classes are needed, got \('only',\)"),
        ({"labels": None}, "either labels or targets must be given"),
        ({"targets": np.eye(2)}, "either labels or targets must be given"),
        ({"labels": None, "targets": np.eye(2)}, "classes belong to labels"),
        ({"labels": None, "targets": np.eye(3), "classes": ()}, "targets must have 2 rows"),
        ({"feature_names": ("a",)}, "2 feature names are needed, got 1"),
        ({"image_shape": (2, 2)}, r"an image of \(2, 2\) does not have 2 pixels"),
        ({"raw": np.eye(3)}, r"raw must be of shape \(2, 2\), got \(3, 3\)"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(changes, message):
    with pytest.raises(DataError, match=message):
        dataset(**changes)


def test_the_test_part_must_be_of_the_same_form():
    other = Dataset("t", np.eye(3), labels=np.array([0, 1, 1]), classes=two)
    with pytest.raises(DataError, match="the test part must have the 2 columns"):
        dataset(test=other)


def test_kind_size_and_output_units():
    classes = dataset()
    assert (classes.kind, classes.n, classes.d) == ("classification", 2, 2)
    assert (classes.outputs("sigmoid"), classes.outputs("softmax")) == (1, 2)
    assert classes.feature_names == ("x1", "x2")
    fitted = Dataset("fit", np.eye(2), targets=np.zeros((2, 3)))
    assert (fitted.kind, fitted.outputs("identity")) == ("regression", 3)
    assert fitted.encoded("identity") is fitted.targets


def test_whole_numbers_become_float64():
    assert dataset(X=np.array([[1, 2], [3, 4]])).X.dtype == np.float64


def test_features_replace_the_inputs_and_keep_the_points():
    points = load("circle", n=20)
    made = points.with_features(Features(("x1", "x1^2")))
    np.testing.assert_array_equal(made.raw, points.X)
    np.testing.assert_array_equal(made.X[:, 1], points.X[:, 0] ** 2)
    assert made.feature_names == ("x1", "x1^2")
    again = made.with_features(Features(("x2",)))
    np.testing.assert_array_equal(again.X[:, 0], points.X[:, 1])


def test_features_need_two_inputs():
    with pytest.raises(DataError, match="need a set with 2 inputs; iris has 4") as caught:
        load("iris").with_features(Features())
    assert caught.value.field == "data.features"


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"Y": np.zeros((3, 1))}, "Y must have 2 rows, as X has; got 3"),
        ({"labels": np.zeros(1, int)}, "labels must have 2 rows"),
        ({"Y": np.full((2, 1), np.inf)}, "Y must be finite"),
        ({"X": np.zeros(2)}, "X must be 2-D"),
    ],
)
def test_examples_that_do_not_fit_are_refused(parts, message):
    with pytest.raises(DataError, match=message):
        Examples(**{"X": np.eye(2), "Y": np.zeros((2, 1)), **parts})


def test_an_error_keeps_its_field_across_processes():
    error = pickle.loads(pickle.dumps(DataError("too many", "data.n")))
    assert (str(error), error.field) == ("too many", "data.n")
