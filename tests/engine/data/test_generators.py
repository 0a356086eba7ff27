"""Generated sets: their shapes, their noise and their limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import DataError, catalogue, load
from engine.data.generators import GENERATORS

CLASSIFICATION = [name for name, made in GENERATORS.items() if made.kind == "classification"]
REGRESSION = [name for name, made in GENERATORS.items() if made.kind == "regression"]


def moved(name, noise):
    """Share of the labels, or root mean square of the targets, that ``noise`` changes."""
    clean, noisy = (load(name, n=4000, noise=level, seed=3) for level in (0.0, noise))
    np.testing.assert_array_equal(clean.X, noisy.X)
    if clean.labels is not None:
        return (clean.labels != noisy.labels).mean()
    return np.sqrt(((clean.targets - noisy.targets) ** 2).mean())


@pytest.mark.parametrize("name", GENERATORS)
def test_the_same_seed_draws_the_same_set(name):
    first, same, other = (load(name, n=50, noise=0.2, seed=seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first.X, same.X)
    assert not np.array_equal(first.X, other.X)


@given(st.sampled_from(CLASSIFICATION), st.integers(2, 300), st.integers(0, 99))
def test_without_noise_the_classes_are_of_equal_size(name, n, seed):
    made = load(name, n=n, noise=0, seed=seed)
    assert made.X.shape == (n, 2)
    assert min(np.bincount(made.labels, minlength=2)) == n // 2


@given(st.sampled_from(REGRESSION), st.integers(2, 300), st.floats(0, 1), st.integers(0, 99))
def test_regression_targets_stay_within_one(name, n, noise, seed):
    made = load(name, n=n, noise=noise, seed=seed)
    assert made.targets.shape == (n, 1)
    assert abs(made.X).max() <= 6
    assert abs(made.targets).max() <= 1


@pytest.mark.parametrize("name", CLASSIFICATION)
def test_the_order_is_random(name):
    labels = load(name, n=200, noise=0).labels
    assert (np.diff(labels) != 0).sum() > 60


def test_the_circle_is_a_disc_in_a_ring():
    made = load("circle", n=2000, noise=0)
    r = np.hypot(*made.X.T)
    assert r[made.labels == 1].max() < 2.5
    assert r[made.labels == 0].min() > 3.5
    assert 4.9 < r.max() <= 5


def test_xor_fills_four_squares_and_leaves_the_axes_free():
    made = load("xor", n=2000, noise=0)
    np.testing.assert_array_equal(made.labels, made.X.prod(axis=1) > 0)
    assert 0.3 <= abs(made.X).min() < 0.35
    assert 5.2 < abs(made.X).max() <= 5.3
    quadrants = np.unique(np.sign(made.X), axis=0, return_counts=True)[1]
    assert quadrants.tolist() == [500] * 4


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.5, 4.0)])
def test_gauss_is_two_clouds(noise, variance):
    made = load("gauss", n=20_000, noise=noise)
    for label, centre in ((0, -2), (1, 2)):
        cloud = made.X[made.labels == label]
        np.testing.assert_allclose(cloud.mean(axis=0), centre, atol=0.1)
        np.testing.assert_allclose(cloud.var(axis=0), variance, rtol=0.05)


def test_the_spiral_is_two_arms_half_a_turn_apart():
    made = load("spiral", n=1000, noise=0)
    arms = [made.X[made.labels == label] for label in (0, 1)]
    arms = [arm[np.argsort(np.hypot(*arm.T))] for arm in arms]
    np.testing.assert_allclose(arms[0], -arms[1], atol=1e-12)
    r, angle = np.hypot(*arms[1].T), np.unwrap(np.arctan2(*arms[1][1:].T))
    np.testing.assert_allclose(angle, r[1:] / 5 * 1.75 * 2 * np.pi, atol=1e-9)


def test_noise_of_the_spiral_is_bounded():
    clean, noisy = (load("spiral", n=500, noise=noise) for noise in (0, 0.3))
    assert 0.25 < abs(clean.X - noisy.X).max() <= 0.3


def test_the_plane_rises_to_one():
    made = load("plane", noise=0)
    np.testing.assert_allclose(made.targets[:, 0], made.X.sum(axis=1) / 12)


def test_multi_gauss_has_three_bumps_up_and_three_down():
    made = load("multi-gauss", n=50_000, noise=0)
    for x1, x2, sign in [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1)]:
        distance = np.hypot(made.X[:, 0] - x1, made.X[:, 1] - x2)
        near = distance < 1
        np.testing.assert_allclose(made.targets[near, 0], sign * (1 - distance[near] / 2))
    flat = abs(made.X[:, 0] - 2) < 0.01
    assert abs(made.targets[flat]).max() < 0.01


@pytest.mark.parametrize("name", ["circle", "xor", "plane", "multi-gauss"])
def test_more_noise_changes_more_labels_or_targets_and_no_point(name):
    assert 0 < moved(name, 0.1) < moved(name, 0.3)


def test_moons_are_half_circles_with_normal_noise():
    clean, noisy = (load("moons", n=20_000, noise=noise, seed=1) for noise in (0, 0.2))
    upper, lower = (clean.X[clean.labels == label] for label in (0, 1))
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    np.testing.assert_allclose(np.hypot(lower[:, 0] - 1, lower[:, 1] - 0.5), 1)
    np.testing.assert_allclose((noisy.X - clean.X).std(axis=0), 0.2, rtol=0.03)


@pytest.mark.reference
@pytest.mark.parametrize("n", [2, 101, 500])
def test_moons_are_those_of_scikit_learn(n):
    datasets = pytest.importorskip("sklearn.datasets")
    X, y = datasets.make_moons((n - n // 2, n // 2), shuffle=False)
    made = load("moons", n=n, noise=0)
    order, expected = (np.lexsort(points.T.round(9)) for points in (made.X, X))
    np.testing.assert_allclose(made.X[order], X[expected], atol=1e-12)
    np.testing.assert_array_equal(made.labels[order], y[expected])


@pytest.mark.parametrize(
    ("name", "wrong", "field", "message"),
    [
        ("circle", {"n": 1}, "data.n", "`data.n` must be from 2 to 100000 for circle, got 1"),
        ("plane", {"n": 100_001}, "data.n", "must be from 2 to 100000 for plane, got 100001"),
        ("moons", {"noise": -0.1}, "data.noise", "must be from 0 to 1 for moons, got -0.1"),
        ("moons", {"noise": 1.5}, "data.noise", "must be from 0 to 1 for moons, got 1.5"),
        ("moons", {"noise": float("nan")}, "data.noise", "must be from 0 to 1 .* got nan"),
        ("circle", {"label": "x1"}, "data.label", "for CSV files only; circle has none, got x1"),
    ],
)
def test_values_out_of_range_name_their_field(name, wrong, field, message):
    with pytest.raises(DataError, match=message) as caught:
        load(name, **wrong)
    assert caught.value.field == field


def test_noise_that_leaves_one_class_is_refused():
    seeds = range(50)
    with pytest.raises(DataError, match="examples are all of one class; two are needed"):  # noqa: PT012
        for seed in seeds:
            load("circle", n=2, noise=1, seed=seed)


def test_xor_table():
    table = load("xor-table")
    assert table.X.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert table.labels.tolist() == [0, 1, 1, 0]
    np.testing.assert_array_equal(table.raw, table.X)


def test_one_neuron_is_one_example_of_one_class():
    made = load("one-neuron")
    assert (made.X.tolist(), made.labels.tolist(), made.classes) == ([[1.0]], [0], ("0", "1"))


def test_the_catalogue_tells_the_defaults_of_the_noise():
    noisy = {entry.name: entry.noise for entry in catalogue() if entry.noise is not None}
    assert noisy == {name: made.noise for name, made in GENERATORS.items()}
