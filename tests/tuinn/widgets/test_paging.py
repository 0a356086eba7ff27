"""Which panels share a page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tuinn.widgets.paging import GROUPS, HISTOGRAMS, KEYS, SURFACE, WATERFALL, Shape, pages

ALL = [number for group in GROUPS for number in group]
SHAPES = st.builds(Shape.of, st.integers(10, 300), st.integers(3, 90))


def test_every_panel_has_a_key() -> None:
    assert sorted(ALL) == list(range(1, len(KEYS) + 1))
    assert KEYS[:9] == "123456789"


@given(st.sets(st.sampled_from(ALL), min_size=1), SHAPES, st.sampled_from([None, *ALL]))
def test_every_panel_that_is_offered_is_on_one_page(
    offered: set[int], shape: Shape, aside: int | None
) -> None:
    found = pages(offered, shape, aside)
    numbers = [number for page in found for number in page]
    assert sorted(numbers) == sorted(offered - {aside})
    for page in found:
        assert 1 <= len(page) <= max(shape.panels, 1)
        assert sum(bool(set(page) & set(group)) for group in GROUPS) == 1
        columns = shape.columns_for(page)
        assert columns <= shape.columns
        assert columns * shape.rows >= len(page)


def test_at_120_by_40_six_panels_stand_together() -> None:
    shape = Shape.of(90, 36)
    assert pages(ALL, shape)[0] == (1, 2, 3, 4, 5, 6)
    assert pages(ALL, shape)[1:] == [(SURFACE,), (WATERFALL, HISTOGRAMS), (10,), (11,), (12,)]
    assert shape.columns_for((WATERFALL, HISTOGRAMS)) == 1
    assert shape.columns_for((1, 2, 3, 4, 5, 6)) == 2


def test_a_low_terminal_shows_one_at_a_time() -> None:
    assert pages(range(1, 5), Shape.of(80, 20)) == [(1,), (2,), (3,), (4,)]


def test_what_stands_aside_is_on_no_page() -> None:
    assert all(SURFACE not in page for page in pages(ALL, Shape.of(170, 44), SURFACE))
