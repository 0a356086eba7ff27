"""Splitting and scaling."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.data import DataError, Dataset, Scaling, load, split


def numbered(n, test=None):
    """A set whose rows tell their number; the classes alternate."""
    return Dataset(
        "rows",
        np.column_stack([np.arange(n), np.full(n, 7.0)]),
        labels=np.arange(n) % 2,
        classes=("even", "odd"),
        test=test,
    )


def parts(dataset, seed=0, **sizes):
    return split(dataset, rng=np.random.default_rng(seed), **sizes)


@st.composite
def fitting(draw):
    n = draw(st.integers(4, 60))
    validation = draw(st.integers(0, n - 2))
    test = draw(st.integers(0, n - 2 - validation))
    train = draw(st.none() | st.integers(2, n - validation - test))
    return n, train, validation, test


@given(fitting(), st.booleans(), st.integers(0, 1000))
def test_parts_have_the_sizes_asked_for_and_share_no_row(sizes, shuffle, seed):
    n, train, validation, test = sizes
    try:
        made = parts(
            numbered(n), seed, train=train, validation=validation, test=test, shuffle=shuffle
        )
    except DataError as error:
        assume("at least two classes" not in str(error))
        raise
    assert made.train.n == (n - validation - test if train is None else train)
    assert (made.validation.n, made.test.n) == (validation, test)
    rows = np.concatenate([part.rows for part in (made.train, made.validation, made.test)])
    assert len(set(rows.tolist())) == len(rows)
    for part in (made.train, made.validation, made.test):
        np.testing.assert_array_equal(part.X[:, 0], part.rows)
        np.testing.assert_array_equal(part.labels, part.rows % 2)
        np.testing.assert_array_equal(part.Y[:, 0], part.labels)
    if not shuffle:
        np.testing.assert_array_equal(rows, np.sort(rows))
        assert made.train.rows[0] == 0


@given(st.integers(2, 400), st.floats(0, 0.999), st.floats(0, 0.999))
def test_a_share_is_never_exceeded(n, validation, test):
    assume(validation + test < 1)
    try:
        made = parts(numbered(n), validation=validation, test=test)
    except DataError as error:
        assume("at least two classes" not in str(error))
        raise
    assert made.validation.n <= validation * n + 1e-6
    assert made.test.n <= test * n + 1e-6
    assert made.train.n + made.validation.n + made.test.n == n


@pytest.mark.parametrize(
    ("n", "validation", "count"), [(150, 0.2, 30), (100, 0.29, 29), (4, 0.2, 0)]
)
def test_a_share_is_rounded_down_but_not_by_the_error_of_the_product(n, validation, count):
    assert parts(numbered(n), validation=validation).validation.n == count


def test_shares_that_make_one_leave_nothing_over():
    made = parts(numbered(7), train=0.8, validation=0.2)
    assert (made.train.n, made.validation.n) == (6, 1)


def test_one_is_a_count_and_not_a_share():
    assert parts(numbered(10), validation=1.0).validation.n == 1


def test_without_shuffling_the_parts_are_in_order_of_the_file():
    made = parts(numbered(10), validation=2, test=3, shuffle=False)
    assert made.train.rows.tolist() == [0, 1, 2, 3, 4]
    assert made.validation.rows.tolist() == [5, 6]
    assert made.test.rows.tolist() == [7, 8, 9]


@pytest.mark.parametrize("shuffle", [True, False])
def test_fewer_training_examples_leave_the_other_parts_as_they_were(shuffle):
    many = parts(numbered(50), validation=10, test=5, shuffle=shuffle)
    few = parts(numbered(50), train=8, validation=10, test=5, shuffle=shuffle)
    np.testing.assert_array_equal(few.validation.rows, many.validation.rows)
    np.testing.assert_array_equal(few.test.rows, many.test.rows)
    np.testing.assert_array_equal(few.train.rows, many.train.rows[:8])


def test_the_seed_decides():
    first, same, other = (parts(numbered(50), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.train.rows, same.train.rows)
    assert (first.train.rows != other.train.rows).any()


def test_a_test_part_of_its_own_is_used_whole():
    made = parts(numbered(10, test=numbered(4)), validation=3)
    assert (made.train.n, made.validation.n, made.test.n) == (7, 3, 4)
    assert made.test.rows.tolist() == [0, 1, 2, 3]


def test_the_single_example_of_one_class_is_a_training_set():
    made = parts(load("one-neuron"), output="sigmoid")
    assert (made.train.n, made.validation.n) == (1, 0)
    assert made.train.X.tolist() == [[1.0]]
    assert made.train.Y.tolist() == [[0.0]]


@pytest.mark.parametrize(
    ("sizes", "field", "message"),
    [
        ({"train": 9, "validation": 2}, "data.train", "at most 8 of the 10 examples here, got 9"),
        ({"train": 0.9, "validation": 2}, "data.train", r"got 0.9 \(9 examples\)"),
        ({"train": 0}, "data.train", "at least 1 of the 10 examples"),
        ({"train": 0.01}, "data.train", "at least 1 of the 10 examples"),
        ({"train": 2.5}, "data.train", "a share from 0 to below 1 or a whole number .*, got 2.5"),
        ({"train": 1}, "data.train", "at least two classes, but its 1 examples are all of class"),
        ({"validation": 10}, "data.validation", "at most 9 of the 10 examples here, got 10"),
        ({"validation": 5, "test": 6}, "data.validation", "at most 3 of the 10"),
        ({"validation": -0.1}, "data.validation", "a share from 0 .*, got -0.1"),
        ({"validation": float("nan")}, "data.validation", "got nan"),
        ({"test": float("inf")}, "data.test", "got inf"),
        ({"test": 10}, "data.test", "at most 9 of the 10"),
        ({"scale": "log"}, "data.scale", "must be one of none, standard, unit, got 'log'"),
    ],
)
def test_sizes_that_do_not_fit_name_their_field(sizes, field, message):
    with pytest.raises(DataError, match=message) as caught:
        parts(numbered(10), **sizes)
    assert caught.value.field == field
    assert str(caught.value).startswith(f"`{field}` must")


def test_test_examples_cannot_be_taken_where_there_is_a_test_part():
    with pytest.raises(DataError, match=r"`data.test` must be 0 for rows, .* 4 examples; got 0.1"):
        parts(numbered(10, test=numbered(4)), test=0.1)


def test_sorted_classes_without_shuffling_are_refused():
    with pytest.raises(DataError, match="its 50 examples are all of class 'setosa'"):
        parts(load("iris"), train=50, shuffle=False)


def test_standard_scaling_uses_the_training_part_alone():
    made = parts(numbered(100), validation=40, scale="standard")
    rows = made.train.rows.astype(float)
    np.testing.assert_allclose(made.train.X[:, 0], (rows - rows.mean()) / rows.std())
    np.testing.assert_allclose(
        made.validation.X[:, 0], (made.validation.rows - rows.mean()) / rows.std()
    )


def test_unit_scaling_uses_the_training_part_alone():
    made = parts(numbered(100), validation=40, scale="unit", shuffle=False)
    assert (made.train.X[:, 0].min(), made.train.X[:, 0].max()) == (0, 1)
    assert made.validation.X[0, 0] == pytest.approx(60 / 59)


@pytest.mark.parametrize("scale", ["standard", "unit"])
def test_a_constant_column_becomes_zero(scale):
    made = parts(numbered(10), validation=3, scale=scale)
    assert not made.train.X[:, 1].any()
    assert not made.validation.X[:, 1].any()


def test_a_constant_whose_mean_is_rounded_is_still_constant():
    X = np.full((3, 1), 0.1)
    assert X.std() > 0
    assert not Scaling.fit(X, "standard")(X).any()


def test_the_scaling_is_kept_for_other_points():
    dataset = load("circle", n=40, features=("x1^2",))
    made = parts(dataset, scale="standard")
    grid = np.array([[1.0, 2.0], [3.0, 4.0]])
    inputs = made.scaling(dataset.features(grid))
    np.testing.assert_allclose(
        inputs, (grid[:, :1] ** 2 - made.scaling.shift) * made.scaling.factor
    )


def test_no_scaling_leaves_the_inputs_alone():
    X = np.arange(6.0).reshape(3, 2)
    assert Scaling.fit(X, "none")(X) is X


@pytest.mark.parametrize(
    ("column", "scale"),
    [([-1e308, 1e308], "unit"), ([0.0, 1e200], "standard"), ([0.0, 5e-324], "unit")],
)
def test_numbers_that_cannot_be_scaled_are_refused(column, scale):
    with pytest.raises(DataError, match=f"`data.scale` = {scale} cannot scale column 2"):
        Scaling.fit(np.column_stack([[1.0, 2.0], column]), scale)
