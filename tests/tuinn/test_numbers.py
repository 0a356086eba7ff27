"""Numbers on the screens: what a person reads."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuinn import numbers


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0, "0"),
        (0.081299, "0.0813"),
        (0.5, "0.500"),
        (0.9996, "1.00"),
        (9.999, "10.0"),
        (24.34, "24.3"),
        (-0.0304, "−0.0304"),
        (999.6, "1 000"),
        (1740, "1 740"),
        (123456, "123 456"),
        (2.4e-7, "2.4e−7"),
        (9.9999e-5, "0.000100"),
        (-3.14159e15, "−3.14e15"),
        (1e6, "1e6"),
        (math.nan, "–"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_significant(x: float, text: str) -> None:
    assert numbers.significant(x) == text


def test_significant_digits_can_be_chosen() -> None:
    assert numbers.significant(math.pi, 5) == "3.1416"
    assert numbers.significant(math.pi, 1) == "3"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_significant_is_within_half_a_unit_of_the_third_digit(x: float) -> None:
    read = float(numbers.significant(x).replace(" ", "").replace("−", "-"))
    assert read == pytest.approx(x, rel=0.5001e-2, abs=1e-300)
    assert (read < 0) == (x < 0)


@pytest.mark.parametrize(
    ("per_second", "text"),
    [
        (0, "0"),
        (0.52, "0.520"),
        (410, "410"),
        (999.7, "1.00 k"),
        (24_310, "24.3 k"),
        (1.05e6, "1.05 M"),
        (math.inf, "∞"),
    ],
)
def test_rate(per_second: float, text: str) -> None:
    assert numbers.rate(per_second) == text


def test_count() -> None:
    assert [numbers.count(n) for n in (0, 999, 1740, 1_234_567, -1740)] == [
        "0",
        "999",
        "1 740",
        "1 234 567",
        "−1 740",
    ]
    assert numbers.count(math.nan) == "–"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (0.0004, "<0.1 %"),
        (0.021, "2.1 %"),
        (0.0996, "10 %"),
        (0.31, "31 %"),
        (0.992, "99.2 %"),
        (0.99999, ">99.9 %"),
        (1, "100 %"),
        (1.5, "150 %"),
        (-0.25, "−25 %"),
        (math.nan, "–"),
    ],
)
def test_percent(share: float, text: str) -> None:
    assert numbers.percent(share) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (8.99, "0:08"),
        (700, "11:40"),
        (3723, "1:02:03"),
        (-5, "−0:05"),
        (math.inf, "∞"),
        (math.nan, "–"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert numbers.duration(seconds) == text


def test_signed() -> None:
    assert [numbers.signed(x) for x in (0.25, -0.03, 0)] == ["+0.250", "−0.0300", "0"]
    assert numbers.signed(math.inf) == "+∞"
    assert numbers.signed(math.nan) == "–"
