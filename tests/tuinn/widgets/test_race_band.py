"""A curve with a band: what it takes of the axis, how its edges are drawn, what is refused."""

import numpy as np
import pytest

from tuinn.widgets.frame import frame
from tuinn.widgets.grid import INK
from tuinn.widgets.plot import Curves, curves, plot
from tuinn.widgets.series import Series

X = np.arange(0.0, 11.0)
MIDDLE = np.full(11, 2.0)


def banded(**fields: object) -> Series:
    given = {"low": MIDDLE - 1, "high": MIDDLE + 1, "ink": "series-2", "marker": "▲"}
    return Series("median", X, MIDDLE, **(given | fields))


def shown(*series: Series, log: bool = False) -> Curves:
    return curves(series, (0.0, 10.0), 0.0, log=log)


def test_the_edges_are_within_the_axis() -> None:
    found = shown(banded())
    assert (found.low, found.high) == (1.0, 3.0)
    assert (shown(banded(low=None, high=None)).low, found.log) == (2.0, False)


def test_the_edges_are_sparse_lines_in_the_ink_of_the_curve_without_a_marker() -> None:
    found = shown(banded())
    low, high, own = found.series
    assert [one.style for one in found.series] == ["sparse", "sparse", "solid"]
    assert (low.name, high.name, own.name) == ("", "", "median")
    framed = frame(60, 12, (0.0, 10.0), (0.0, 4.0))
    for glyphs in ("braille", "block", "ascii"):
        cells = plot(found, (), framed, (0.0, 10.0), (0.0, 4.0), glyphs, 0).cells
        inked = [row for row in range(12) if (cells.inks[row] == INK["series-2"]).any()]
        assert len(inked) == 3
        marked = (cells.codes == ord("^" if glyphs == "ascii" else "▲")).any(axis=1)
        assert list(np.flatnonzero(marked)) == [inked[1]]


def test_the_markers_of_several_banded_curves_stand_apart() -> None:
    one, other = banded(), banded(marker="●", ink="series-1")
    framed = frame(60, 12, (0.0, 10.0), (0.0, 4.0))
    cells = plot(shown(one, other), (), framed, (0.0, 10.0), (0.0, 4.0), "braille", 0).cells
    at = {mark: set(np.nonzero(cells.codes == ord(mark))[1].tolist()) for mark in "●▲"}
    assert at["●"]
    assert at["▲"]
    assert not at["●"] & at["▲"]


def test_an_edge_that_a_logarithm_cannot_show_is_no_value_that_is_missing() -> None:
    found = shown(banded(low=MIDDLE - 2), log=True)
    assert found.dropped == 0
    assert np.isnan(found.values[0]).all()
    assert found.low == 2.0


def test_only_the_curve_is_read() -> None:
    assert banded().at(5.0) == 2.0
    low, high = banded().edges
    assert (low.y[0], high.y[0]) == (1.0, 3.0)
    assert banded(low=None, high=None).edges == ()


@pytest.mark.parametrize("fields", [{"low": None}, {"high": None}, {"low": MIDDLE[1:]}])
def test_half_a_band_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"series 'median': (a band has two edges|edge is)"):
        banded(**fields)
