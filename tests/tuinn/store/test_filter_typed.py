"""What a filter says while it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs_driver import run

from tuinn.store.filter import parse
from tuinn.store.filter_typed import so_far

RUNS = [run(1, name="adam-run"), run(2, name="other", tags=("paper",))]


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("adam an", "adam"),
        ("adam and", "adam"),
        ("adam and best_accuracy >", "adam"),
        ("adam and best_accuracy > 0.9", "adam and best_accuracy > 0.9"),
        ("other or (adam and no", "other"),
        ('other name == "ad', "other"),
        ("optimizer.name == ada", ""),
        ("(adam", ""),
        ("nowhere", "nowhere"),
        ("adam &", "adam"),
        ("", ""),
    ],
)
def test_as_much_is_taken_as_can_be_understood(typed: str, understood: str) -> None:
    assert so_far(typed, RUNS).text == understood


@given(st.text(alphabet="adm and or not()[]<>=!\"',%0.", max_size=30))
def test_whatever_is_typed_its_beginning_is_a_filter(text: str) -> None:
    found = so_far(text, RUNS)
    assert text.strip().startswith(found.text)
    assert parse(found.text).select(RUNS) == found.select(RUNS)
