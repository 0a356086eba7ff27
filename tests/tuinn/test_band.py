"""The median of curves and the band around it, against numpy and by hand."""

import numpy as np
import pytest

from tuinn.band import band


def curve(x, y):
    return np.array(x, float), np.array(y, float)


def test_on_a_common_grid_it_is_numpys_median_and_extremes():
    rng = np.random.default_rng(5)
    x = np.arange(40.0)
    values = rng.normal(size=(5, 40))
    found = band([(x, y) for y in values])
    np.testing.assert_array_equal(found.x, x)
    np.testing.assert_array_equal(found.median, np.median(values, axis=0))
    np.testing.assert_array_equal(found.low, values.min(axis=0))
    np.testing.assert_array_equal(found.high, values.max(axis=0))
    assert (found.there == 5).all()


def test_between_its_points_a_curve_is_a_straight_line():
    found = band([curve([0, 4], [0, 8]), curve([0, 1, 4], [10, 20, 20]), curve([0, 4], [1, 1])])
    assert found.x.tolist() == [0, 1, 4]
    assert found.low.tolist() == [0, 1, 1]
    assert found.median.tolist() == [1, 2, 8]
    assert found.high.tolist() == [10, 20, 20]


def test_where_too_few_are_there_is_nothing():
    curves = [curve([0, 1, 2, 3], [1, 1, 1, 1]), curve([0, 1, 2], [2, 2, 2]), curve([0, 1], [3, 3])]
    found = band(curves)
    assert found.there.tolist() == [3, 3, 2, 1]
    assert found.median[:3].tolist() == [2, 2, 1.5]
    assert np.isnan([found.median[3], found.low[3], found.high[3]]).all()
    assert band(curves, least=1).median[3] == 1
    assert np.isnan(band(curves, least=3).median[2])


def test_a_value_that_is_no_number_is_a_gap_in_its_curve_only():
    found = band([curve([0, 1, 2], [1, np.nan, 1]), curve([0, 1, 2], [3, np.inf, 3])], least=1)
    assert found.there.tolist() == [2, 0, 2]
    assert found.median[[0, 2]].tolist() == [2, 2]
    assert np.isnan(found.median[1])


def test_of_two_values_at_one_place_the_last_is_meant():
    found = band([curve([0, 1, 1, 2], [1, 1, 5, 5])])
    assert found.median.tolist() == [1, 5, 5]


def test_the_grid_is_thinned_and_keeps_its_ends():
    found = band([curve(np.arange(10_000), np.arange(10_000))], points=100)
    assert len(found.x) == 100
    assert (found.x[0], found.x[-1]) == (0, 9999)
    np.testing.assert_array_equal(found.median, found.x)


@pytest.mark.parametrize("curves", [[], [curve([], [])], [curve([], []), curve([], [])]])
def test_of_nothing_there_is_nothing(curves):
    assert len(band(curves).x) == 0


def test_a_curve_that_has_not_begun_is_not_there():
    found = band([curve([0, 1], [2, 4]), curve([], [])], least=1)
    assert found.median.tolist() == [2, 4]
