"""Curves: what is read at a place, and what cannot be a curve."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tuinn.widgets.series import Series, layer_series

X = np.array([0.0, 1.0, 2.0, 4.0])
CURVE = Series("train", X, np.array([5.0, 6.0, math.nan, 8.0]))


def test_values_are_read_exactly() -> None:
    assert [CURVE.at(x) for x in (0, 1, 1.9, 4, 4.5)] == [5, 6, 6, 8, 8]
    # before the first, at a gap, and well past the end nothing was recorded
    assert all(math.isnan(CURVE.at(x)) for x in (-0.1, 2, 3, 6))
    assert math.isnan(Series("none", X[:0], X[:0]).at(1))


def test_nearest_recorded_place() -> None:
    assert [CURVE.nearest(x) for x in (-9, 0.4, 0.6, 2.9, 3.1, 9)] == [0, 0, 1, 2, 4, 4]
    assert [CURVE.nearest(1.1, after=1), CURVE.nearest(0.9, after=1)] == [2, 0]
    assert CURVE.nearest(9, after=4) is None
    assert CURVE.nearest(-9, after=0) is None
    assert Series("none", X[:0], X[:0]).nearest(1) is None


@pytest.mark.parametrize(
    ("x", "y", "options", "message"),
    [
        ([0, 1], [1], {}, r"'loss': x is \(2,\) and y \(1,\)"),
        ([1, 0], [1, 1], {}, "'loss': x must be finite and not decrease"),
        ([0, math.nan, 2], [1, 1, 1], {}, "'loss': x must be finite"),
        ([0], [1], {"style": "wavy"}, "'loss': style must be one of"),
        ([0], [1], {"ink": "pink"}, "'loss': ink must be one of .* got 'pink'"),
    ],
)
def test_bad_series(x: list[float], y: list[float], options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Series("loss", np.array(x), np.array(y), **options)


def test_layers_differ_in_colour_and_in_marker() -> None:
    layers = [layer_series(layer, [0.0], [1.0]) for layer in range(1, 9)]
    assert len({layer.ink for layer in layers}) == len({layer.marker for layer in layers}) == 8
    assert layers[1].name == "l=2"


def test_at_the_next_point_of_another_curve_one_that_has_ended_reads_nothing():
    epochs = np.arange(31.0)
    curve = Series("ended", epochs, epochs)
    assert curve.at(30.5) == curve.at(30) == 30
    assert math.isnan(curve.at(31))
    assert Series("one point", epochs[:1], epochs[:1]).at(0) == 0


def test_a_median_ends_where_too_few_of_its_curves_go_on():
    y = np.array([3.0, 2.0, np.nan])
    assert Series("median", np.arange(3.0), y, low=y - 1, high=y + 1).last == 2
    assert math.isnan(Series("one that diverged", np.arange(3.0), y).last)
