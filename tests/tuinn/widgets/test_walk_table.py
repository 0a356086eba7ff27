"""The table of the walks: every figure fits its column and says what it is, nothing is cut."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tuinn.widgets.walk_table import COLUMNS, STATES, Row, WalkTable, coordinate, figure, whole

numbers = st.builds(
    lambda mantissa, exponent: mantissa * 10.0**exponent,
    st.one_of(st.floats(-10, -1), st.floats(1, 10)),
    st.integers(-300, 300),
)


def read(text: str) -> float:
    """What a text says, and nothing may be left over."""
    unit = {"k": 1e3, "M": 1e6, "G": 1e9}.get(text[-1], 1.0)
    return float(text.rstrip("kMG").replace("−", "-").replace(" ", "")) * unit


def digits(text: str) -> int:
    """The significant digits that a text shows."""
    mantissa = text.rstrip("kMG").partition("e")[0]
    return max(1, len("".join(c for c in mantissa if c.isdigit()).lstrip("0")))


@given(numbers, st.sampled_from([7, 9]))
def test_a_figure_fits_and_is_right_to_the_digits_that_it_shows(value: float, width: int) -> None:
    text = figure(value, width)
    assert len(text) <= width
    assert math.isclose(read(text), value, rel_tol=0.51 * 10.0 ** (1 - min(digits(text), 3)))
    # trailing zeros are left out: the figure is right to two digits wherever there is room
    if value > 0 and (width == 9 or 1e-99 < value < 1e99):
        assert math.isclose(read(text), value, rel_tol=0.051)


@given(numbers)
def test_a_coordinate_fits_and_is_right_to_what_it_shows(value: float) -> None:
    text = coordinate(value)
    assert len(text) <= 6
    if abs(value) < 1000:
        decimals = len(text.partition(".")[2])
        assert abs(read(text) - value) <= 0.51 * 10.0**-decimals
    else:
        assert math.isclose(read(text), value, rel_tol=0.51)


@given(st.integers(0, 10**9))
def test_a_count_fits_and_is_right_to_three_digits(value: int) -> None:
    for width in (6, 7):
        text = whole(value, width)
        assert len(text) <= width
        assert math.isclose(read(text), value, rel_tol=0.0051)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.59e-10, "1.6e−10"), (0.000756, "7.56e−4"), (-1.57e-11, "−2e−11"), (2.97e7, "2.97e7")],
)
def test_exponents_stay_whole(value: float, text: str) -> None:
    assert figure(value, 7) == text


@pytest.mark.parametrize("value", [999.96, -999.96, 9.9996, -99.996, -0.0001, 0.0, -1e300])
def test_coordinates_at_the_edges_fit(value: float) -> None:
    assert len(coordinate(value)) <= 6


@given(numbers, st.integers(0, 10**9))
def test_no_column_is_narrower_than_its_text(value: float, n: int) -> None:
    row = Row("sgd", True, value, value, value, abs(value), n, n, value, "at rest")
    for column in COLUMNS:
        assert len(column.text(row)) <= column.width


async def test_in_ascii_all_of_it_is_ascii() -> None:
    class One(App[None]):
        def compose(self) -> ComposeResult:
            yield WalkTable("ascii")

    async with One().run_test(size=(100, 20)) as pilot:
        table = pilot.app.query_one(WalkTable)
        rows = [Row("swarm", True, -1.0, 2.0, 1e-9, None, 10, 10, 1e-9, state) for state in STATES]
        table.show(rows, "swarm")
        text = "".join(map(chr, table.compose_cells(95, 17).codes.ravel().tolist()))
        assert text.isascii()


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.00121, "0.0012"), (0.0013, "0.0013"), (0.00130001, "0.0013"), (0.00079, "7.9e−4")],
)
def test_neighbours_are_written_in_one_way(value: float, text: str) -> None:
    assert figure(value, 6) == text
