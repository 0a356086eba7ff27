"""Axes: limits that cover the data and stay put, ticks at round numbers."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tuinn.widgets import scale

values = st.floats(-1e9, 1e9).filter(lambda x: x == 0 or abs(x) > 1e-9)
counts = st.integers(2, 12)


@given(values, values)
def test_limits_cover_the_data_and_are_mostly_filled(a: float, b: float) -> None:
    low, high = sorted((a, b))
    lower, upper = scale.linear_limits(low, high)
    slack = 1e-6 * (upper - lower)
    assert lower - slack <= low <= high <= upper + slack
    assert lower < upper
    if high - low > 1e-6 * max(abs(low), abs(high)):
        # from 0 where the data reach down to half of their maximum, and at most twice too large
        assert upper - lower <= 5 * (high - low)


@given(values, values)
def test_limits_stay_while_the_data_are_the_same(a: float, b: float) -> None:
    low, high = sorted((a, b))
    first = scale.linear_limits(low, high)
    assert scale.linear_limits(low, high, first) == first


def test_limits_stay_while_data_grow_within_them_and_move_when_they_leave() -> None:
    limits = scale.linear_limits(0.3, 2.3)
    assert limits == (0, 3)
    assert scale.linear_limits(0.1, 2.9, limits) == limits
    assert scale.linear_limits(0.1, 3.1, limits) == (0, 4)
    # far too wide for what is left: a run was reset
    assert scale.linear_limits(0.0, 0.02, limits) == (0, 0.02)


@pytest.mark.parametrize(
    ("low", "high", "limits"),
    [
        (0.1, 0.98, (0, 1)),
        (0.93, 0.98, (0.92, 0.98)),
        (5, 5, (0, 10)),
        (0, 0, (-1, 1)),
        (-3, -2.9, (-3, -2.9)),
        (-2, 1, (-2, 1)),
    ],
)
def test_limits_a_person_would_choose(low: float, high: float, limits: tuple[float, float]) -> None:
    assert scale.linear_limits(low, high) == pytest.approx(limits)


@given(st.floats(-12, 12), st.floats(0, 12))
def test_log_limits_cover_the_data_with_round_numbers(low: float, extent: float) -> None:
    high = low + extent
    lower, upper = scale.log_limits(low, high)
    assert lower - 1e-6 <= low <= high <= upper + 1e-6
    assert upper > lower
    for limit in (lower, upper):
        mantissa = 10 ** (limit - math.floor(limit + 1e-9))
        assert min(abs(mantissa - k) for k in (1, 2, 5)) < 1e-6
    assert scale.log_limits(low, high, (lower, upper)) == (lower, upper)


@given(values, values, counts)
def test_ticks_are_few_even_and_within(a: float, b: float, most: int) -> None:
    low, high = sorted((a, b))
    assume(high - low > 1e-6 * max(abs(low), abs(high)))
    ticks = scale.linear_ticks(low, high, most)
    slack = 1e-6 * (high - low)
    assert 2 <= len(ticks) <= most
    assert low - slack <= ticks[0] < ticks[-1] <= high + slack
    steps = [after - before for before, after in pairwise(ticks)]
    assert max(steps) - min(steps) <= slack
    # they span at least a third of the axis
    assert ticks[-1] - ticks[0] >= (high - low) / 3


@given(values, values, counts)
def test_ticks_on_round_limits_are_round(a: float, b: float, most: int) -> None:
    low, high = sorted((a, b))
    limits = scale.linear_limits(low, high)
    ticks = scale.linear_ticks(*limits, most)
    labels = scale.linear_labels(ticks)
    assert len(set(labels)) == len(ticks)
    for tick in ticks:
        digits = f"{abs(tick):.9e}".split("e")[0].rstrip("0").rstrip(".").replace(".", "")
        # a narrow range far from 0 needs the digits that tell its ticks apart, and one more
        apart = math.log10(max(abs(limits[0]), abs(limits[1])) / (limits[1] - limits[0]))
        assert len(digits) <= max(apart, 0) + 4


@pytest.mark.parametrize(
    ("low", "high", "most", "labels"),
    [
        (0, 30, 4, ["0", "10", "20", "30"]),
        (0, 30, 3, ["0", "15", "30"]),
        (0, 2.5, 6, ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        (0, 1, 3, ["0.0", "0.5", "1.0"]),
        (0, 10_000, 6, ["0", "2 k", "4 k", "6 k", "8 k", "10 k"]),
        (-1, 1, 3, ["−1", "0", "1"]),
        (0, 4e-5, 3, ["0", "2e−5", "4e−5"]),
        (0, 3e6, 4, ["0", "1 M", "2 M", "3 M"]),
        (3.7, 9.2, 3, ["4", "6", "8"]),
        (-2.5, -1.5, 2, ["−2.5", "−1.5"]),
    ],
)
def test_labels(low: float, high: float, most: int, labels: list[str]) -> None:
    assert scale.linear_labels(scale.linear_ticks(low, high, most)) == labels


@pytest.mark.parametrize(
    ("low", "high", "most", "labels"),
    [
        (-4, 0, 5, ["1e−4", "1e−3", "0.01", "0.1", "1"]),
        (-4, 0, 3, ["1e−4", "0.01", "1"]),
        (-5, 2, 4, ["1e−4", "0.01", "1", "100"]),
        (0, math.log10(5), 4, ["1", "2", "5"]),
        (math.log10(0.2), math.log10(5), 5, ["0.2", "0.5", "1", "2", "5"]),
        (math.log10(0.2), math.log10(5), 4, ["0.2", "1", "5"]),
        (math.log10(0.2), math.log10(5), 3, ["0.2", "1", "5"]),
        (math.log10(0.2), math.log10(5), 2, ["0.2", "5"]),
        (-1, 0, 4, ["0.1", "0.2", "0.5", "1"]),
        (-1, 0, 2, ["0.1", "1"]),
        (-2, math.log10(0.5), 4, ["0.01", "0.1", "0.5"]),
        (-1, 0, 3, ["0.1", "1"]),
        (3, 5, 3, ["1000", "1e4", "1e5"]),
    ],
)
def test_log_labels(low: float, high: float, most: int, labels: list[str]) -> None:
    assert scale.log_labels(scale.log_ticks(low, high, most)) == labels


@given(st.integers(-30, 30), st.floats(0.25, 1.99), st.floats(0, 1), counts)
def test_log_ticks_of_less_than_two_decades_are_1_2_5(
    power: int, extent: float, start: float, most: int
) -> None:
    low, high = scale.log_limits(power + start, power + start + extent)
    assume(high - low < 2 - 1e-6)
    ticks = scale.log_ticks(low, high, most)
    assert 2 <= len(ticks) <= most
    for tick in ticks:
        mantissa = 10 ** (tick - math.floor(tick + 1e-9))
        assert min(abs(mantissa - k) for k in (1, 2, 5)) < 1e-6
    assert low - 1e-6 <= ticks[0] < ticks[-1] <= high + 1e-6
    # a third of the axis at most is beyond them
    assert ticks[-1] - ticks[0] >= 0.6 * (high - low)


@given(st.integers(-300, 300), st.integers(2, 300), counts)
def test_log_ticks_are_decades(low: int, decades: int, most: int) -> None:
    ticks = scale.log_ticks(low, low + decades, most)
    assert 2 <= len(ticks) <= most
    assert all(tick == int(tick) and low <= tick <= low + decades for tick in ticks)


@given(st.floats(1e-6, 1e12), st.floats(1, 1.2))
def test_a_growing_axis_grows_in_steps(reached: float, more: float) -> None:
    end = scale.grown(reached)
    assert reached * (1 - 1e-6) <= end <= 1.51 * reached
    assert scale.grown(reached * more) >= end
    assert scale.grown(end) == pytest.approx(end)
