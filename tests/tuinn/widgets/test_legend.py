"""The row above a chart: as much as fits, and no number cut off."""

from __future__ import annotations

import pytest

from tuinn.widgets.legend import Entry, legend

ENTRIES = [Entry("───", "train", "0.0813", "train"), Entry("┄┄┄", "validation", "0.0921", "test")]


def row(width: int, lead: tuple[str, ...] = ("",)) -> str:
    return "".join(text for text, _ in legend(ENTRIES, width, lead)).rstrip()


def test_with_room_there_is_everything() -> None:
    assert row(80) == "─── train 0.0813   ┄┄┄ validation 0.0921"
    lead = ("update 4 200   ", "4 200  ")
    assert row(80, lead) == "update 4 200   ─── train 0.0813   ┄┄┄ validation 0.0921"


def test_names_outlive_values_and_in_a_reading_values_outlive_names() -> None:
    assert row(37) == "─ train 0.0813  ┄ validation 0.0921"
    assert row(34) == "─── train   ┄┄┄ validation"
    assert row(20) == "─ train ┄ validation"
    assert row(30, ("update 4 200   ", "4 200  ")) == "4 200  ─ 0.0813  ┄ 0.0921"


@pytest.mark.parametrize("lead", [("",), ("update 4 200   ", "4 200  ")])
def test_it_never_takes_more_than_its_width(lead: tuple[str, ...]) -> None:
    whole = {"0.0813", "0.0921", "200", "4", "…", "update", "train", "validation", "─", "┄"}
    for width in range(1, 70):
        text = row(width, lead)
        assert len(text) <= width
        assert set(text.replace("───", "─").replace("┄┄┄", "┄").split()) <= whole


def test_a_thin_line_is_seen_in_one_cell_too() -> None:
    thin = Entry("⠁ ⠁", "±", "0.04", "dim")
    assert legend([thin], 8)[0][0] == "⠁"
