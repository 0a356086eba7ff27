"""Input features of 2-D sets."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import SELECTABLE, DataError, Features, count, load
from engine.data.features import exponents

POINTS = np.array([[0.5, -2.0], [3.0, 1.5]])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("x1", [0.5, 3.0]),
        ("x2", [-2.0, 1.5]),
        ("x1^2", [0.25, 9.0]),
        ("x2^2", [4.0, 2.25]),
        ("x1*x2", [-1.0, 4.5]),
        ("sin(x1)", [math.sin(0.5), math.sin(3.0)]),
        ("sin(x2)", [math.sin(-2.0), math.sin(1.5)]),
    ],
)
def test_each_feature_is_what_its_name_says(name, values):
    assert name in SELECTABLE
    np.testing.assert_allclose(Features((name,))(POINTS)[:, 0], values)


def test_features_come_in_the_order_asked_for():
    X = Features(("x1*x2", "x1"))(POINTS)
    np.testing.assert_array_equal(X, [[-1.0, 0.5], [4.5, 3.0]])


def test_all_terms_of_degree_two():
    features = Features.polynomial(2)
    assert features.names == ("x1", "x2", "x1^2", "x1*x2", "x2^2")
    np.testing.assert_allclose(features(POINTS)[0], [0.5, -2.0, 0.25, -1.0, 4.0])


@given(st.integers(1, 12))
def test_the_number_of_terms_is_the_one_shown(degree):
    features = Features.polynomial(degree)
    assert count(degree) == features.d == len(set(features.names)) == features(POINTS).shape[1]
    assert max(p + q for p, q in exponents(degree)) == degree


@given(st.integers(0, 6), st.integers(1, 5))
def test_count_by_enumeration(degree, d):
    terms = np.indices((degree + 1,) * d).reshape(d, -1).sum(axis=0)
    assert count(degree, d) == (terms <= degree).sum() - 1


@given(
    st.lists(st.floats(-6, 6), min_size=2, max_size=2),
    st.integers(1, 12),
)
def test_a_term_is_the_product_its_name_spells(point, degree):
    features = Features.polynomial(degree)
    x1, x2 = point
    expected = [eval(name.replace("^", "**"), {"x1": x1, "x2": x2}) for name in features.names]
    np.testing.assert_allclose(features(np.array([point]))[0], expected, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize(
    ("make", "field", "message"),
    [
        (lambda: Features(("x3",)), "data.features", r"must be some of x1, x2, .*; got 'x3'"),
        (lambda: Features(()), "data.features", "got none"),
        (lambda: Features(("x1", "x1")), "data.features", "each feature once, got x1, x1"),
        (lambda: Features.polynomial(0), "data.degree", "must be from 1 to 12, got 0"),
        (lambda: Features.polynomial(13), "data.degree", "must be from 1 to 12, got 13"),
        (
            lambda: load("circle", features=("x1",), degree=2),
            "data.features",
            "exclude each other",
        ),
        (lambda: load("digits", features=("x1",)), "data.features", "digits has 64"),
        (lambda: load("iris", degree=2), "data.features", "iris has 4"),
    ],
)
def test_features_that_cannot_be(make, field, message):
    with pytest.raises(DataError, match=message) as caught:
        make()
    assert caught.value.field == field


def test_features_need_points_of_the_plane():
    with pytest.raises(DataError, match=r"points of shape \(n, 2\), got \(3, 3\)"):
        Features()(np.eye(3))


@pytest.mark.reference
@pytest.mark.parametrize("degree", [1, 2, 3, 6])
def test_polynomial_terms_are_those_of_scikit_learn(degree):
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    points = np.random.default_rng(0).normal(size=(20, 2))
    expected = preprocessing.PolynomialFeatures(degree, include_bias=False).fit_transform(points)
    np.testing.assert_allclose(Features.polynomial(degree)(points), expected, rtol=1e-12)
