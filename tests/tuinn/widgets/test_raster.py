"""Curves as dots, against what slow and plain loops say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuinn.widgets import raster
from tuinn.widgets.raster import Axis

FAR = 10**6


def random_curve(seed: int, n: int, *, gaps: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-0.2, 1.2, n))
    y = np.cumsum(rng.normal(size=n)) / math.sqrt(n)
    y[rng.uniform(size=n) < gaps] = np.nan
    return x, y


def slow_trace(
    x: np.ndarray, y: np.ndarray, x_axis: Axis, y_axis: Axis
) -> tuple[list[int], list[int]]:
    """The runs of dots of a curve, column by column and point by point."""
    columns = x_axis.dots

    def dot(place: float) -> int:
        return math.floor(place + 0.5)

    finite = [(x[i], y[i], i) for i in range(x.size) if math.isfinite(y[i])]
    inside = [k for k, (xk, _, _) in enumerate(finite) if 0 <= dot(x_axis.place(xk)) < columns]
    before = [k for k, (xk, _, _) in enumerate(finite) if dot(x_axis.place(xk)) < 0]
    after = [k for k, (xk, _, _) in enumerate(finite) if dot(x_axis.place(xk)) >= columns]
    kept = [*before[-1:], *inside, *after[:1]]
    runs: dict[int, list[int]] = {}
    joined: dict[int, bool] = {}
    previous: tuple[int, float, float, int] | None = None
    for k in kept:
        xk, yk, index = finite[k]
        place = x_axis.place(xk)
        column = min(max(dot(place), -1), columns)
        row = y_axis.place(yk)
        if previous is not None:
            other, other_place, other_row, other_index = previous
            linked = index == other_index + 1
            for between in range(other + 1, column):
                if linked:
                    part = (between - other_place) / (place - other_place)
                    runs[between] = [dot(other_row + part * (row - other_row))] * 2
                    joined[between] = True
            if column != other:
                joined[column] = linked
        run = runs.setdefault(column, [dot(row), dot(row)])
        run[0], run[1] = min(run[0], dot(row)), max(run[1], dot(row))
        previous = (column, place, row, index)
    grown = {column: list(run) for column, run in runs.items()}
    for column in runs:
        if column - 1 in runs and joined.get(column, False):
            (low, high), (left_low, left_high) = runs[column], runs[column - 1]
            if low > left_high + 1:
                middle = (left_high + low) // 2
                grown[column - 1][1] = max(grown[column - 1][1], middle)
                grown[column][0] = min(grown[column][0], middle + 1)
            elif high < left_low - 1:
                middle = (high + left_low) // 2
                grown[column][1] = max(grown[column][1], middle)
                grown[column - 1][0] = min(grown[column - 1][0], middle + 1)
    lows = [grown.get(column, [FAR, -FAR])[0] for column in range(columns)]
    highs = [grown.get(column, [FAR, -FAR])[1] for column in range(columns)]
    return lows, highs


@pytest.mark.parametrize("n", [0, 1, 2, 7, 30, 200, 3000])
@pytest.mark.parametrize("gaps", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("dots_per_cell", [1, 2])
def test_trace_is_what_loops_over_points_draw(n: int, gaps: float, dots_per_cell: int) -> None:
    for seed in range(6):
        x, y = random_curve(seed, n, gaps=gaps)
        x_axis, y_axis = Axis(0.0, 1.0, 20, dots_per_cell), Axis(-1.5, 1.5, 8, 4)
        low, high = raster.trace(raster.envelope(x, y, x_axis), x_axis, y_axis)
        slow_low, slow_high = slow_trace(x, y, x_axis, y_axis)
        assert low.tolist() == slow_low
        assert high.tolist() == slow_high


@given(st.integers(0, 10**6), st.integers(1, 400))
def test_decimation_keeps_least_and_greatest_value_of_every_column(seed: int, n: int) -> None:
    x, y = random_curve(seed, n)
    axis = Axis(0.0, 1.0, 15, 2)
    curve = raster.envelope(x, y, axis)
    columns = np.floor(axis.place(x) + 0.5)
    for column, low, high in zip(curve.column, curve.low, curve.high, strict=True):
        if 0 <= column < axis.dots:
            here = y[columns == column]
            assert (low, high) == (here.min(), here.max())
    assert set(np.unique(columns[(columns >= 0) & (columns < axis.dots)])) == {
        column for column in curve.column.tolist() if 0 <= column < axis.dots
    }


@given(st.integers(0, 10**6), st.integers(2, 60))
def test_every_joined_column_touches_its_neighbour(seed: int, n: int) -> None:
    x, y = random_curve(seed, n)
    x_axis, y_axis = Axis(0.0, 1.0, 20, 2), Axis(-3.0, 3.0, 10, 4)
    low, high = raster.trace(raster.envelope(x, y, x_axis), x_axis, y_axis)
    there = low <= high
    pairs = there[1:] & there[:-1]
    assert (low[1:][pairs] <= high[:-1][pairs] + 1).all()
    assert (high[1:][pairs] >= low[:-1][pairs] - 1).all()
    # no hole between the first and the last column that has dots
    at = np.flatnonzero(there)
    assert at.size == 0 or there[at[0] : at[-1]].all()


def test_a_value_falls_into_the_cell_of_its_tick() -> None:
    axis = Axis(0.0, 2.0, 5, 4)
    for cell, value in enumerate((0.0, 0.5, 1.0, 1.5, 2.0)):
        assert math.floor(axis.place(value) + 0.5) // 4 == cell
        assert axis.value(axis.place(value)) == pytest.approx(value)


def test_values_beyond_the_canvas_are_not_drawn_at_its_edge() -> None:
    x_axis, y_axis = Axis(0.0, 9.0, 10, 1), Axis(0.0, 1.0, 4, 1)
    x = np.arange(10.0)
    y = np.where(x < 5, 0.5, 1e250)
    low, high = raster.trace(raster.envelope(x, y, x_axis), x_axis, y_axis)
    lit = raster.dots(low, high, 4)
    assert lit[:, :4].any(axis=0).all()
    assert not lit[:, 6:].any()


def test_braille_masks_against_the_standard_numbering() -> None:
    # dots 1, 2, 3, 7 go down the left side and 4, 5, 6, 8 down the right one
    numbers = [[1, 4], [2, 5], [3, 6], [7, 8]]
    for row in range(4):
        for column in range(2):
            lit = np.zeros((4, 2), np.bool_)
            lit[row, column] = True
            mask = raster.pack(lit, "braille")
            assert mask.tolist() == [[1 << (numbers[row][column] - 1)]]
            assert chr(raster.codes(mask, "braille")[0, 0]) == chr(0x2800 + int(mask[0, 0]))


def test_blocks_and_ascii() -> None:
    lit = np.array([[1, 0, 1, 0], [0, 1, 1, 0]], np.bool_)
    mask = raster.pack(lit, "block")
    assert "".join(map(chr, raster.codes(mask, "block")[0])) == "▀▄█ "
    texts = {
        style: "".join(map(chr, raster.codes(raster.pack(lit[:1], "ascii"), "ascii", style)[0]))
        for style in raster.LINE_STYLES
    }
    assert texts["solid"] == "* * "
    assert len(set(texts.values())) == len(raster.LINE_STYLES)


@pytest.mark.parametrize("glyphs", ["braille", "block", "ascii"])
def test_line_styles_can_be_told_apart_without_colour(glyphs: raster.Glyphs) -> None:
    samples = [raster.sample(style, glyphs, 8) for style in raster.LINE_STYLES]
    assert len(set(samples)) == len(samples)


def test_a_steep_dashed_line_is_broken_up_along_its_length() -> None:
    low, high = np.zeros(2, np.intp), np.full(2, 35, np.intp)
    lit = raster.dots(low, high, 36, "dashed")
    assert 0.4 < lit.mean() < 0.9
    assert (lit.sum(axis=0) > 0).all()


def test_dashes_stay_where_they_are_when_a_line_grows() -> None:
    x_axis, y_axis = Axis(0.0, 99.0, 50, 2), Axis(-2.0, 2.0, 10, 4)
    x = np.arange(100.0)
    y = np.sin(x / 9)
    short, long = (
        raster.dots(
            *raster.trace(raster.envelope(x[:n], y[:n], x_axis), x_axis, y_axis), 40, "dashed"
        )
        for n in (60, 61)
    )
    changed = np.flatnonzero((short != long).any(axis=0))
    assert changed.min() >= 59


@given(st.integers(0, 10**6), st.integers(1, 300), st.floats(0.01, 0.999), st.floats(0.0, 0.5))
def test_smoothing_is_the_bias_corrected_recurrence(
    seed: int, n: int, beta: float, gaps: float
) -> None:
    rng = np.random.default_rng(seed)
    y = rng.normal(size=n)
    y[rng.uniform(size=n) < gaps] = np.nan
    mean = weight = 0.0
    expected = []
    for value in y:
        mean, weight = beta * mean, beta * weight
        if math.isfinite(value):
            mean, weight = mean + (1 - beta) * value, weight + (1 - beta)
            expected.append(mean / weight)
        else:
            expected.append(value)
    np.testing.assert_allclose(raster.smoothed(y, beta), expected, rtol=1e-9, atol=1e-12)


def test_smoothing_of_a_constant_is_that_constant_over_many_blocks() -> None:
    y = np.full(5000, 3.25)
    np.testing.assert_allclose(raster.smoothed(y, 0.05), y, rtol=1e-12)
    assert raster.smoothed(y, 0.0) is y
    with pytest.raises(ValueError, match="below 1, got 1"):
        raster.smoothed(y, 1.0)


def test_log_of_an_envelope_is_the_envelope_of_the_log() -> None:
    x, y = random_curve(3, 500)
    y = np.exp(y)
    axis = Axis(0.0, 1.0, 20, 2)
    after, before = (
        raster.in_log10(raster.envelope(x, y, axis)),
        raster.envelope(x, np.log10(y), axis),
    )
    for field in ("low", "high", "first", "last"):
        np.testing.assert_allclose(getattr(after, field), getattr(before, field))
