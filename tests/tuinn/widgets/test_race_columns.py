"""The columns of a race: room, shared axes, readings that do not jump, why a run is no more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tuinn.widgets.plot import Plot
from tuinn.widgets.race_column import LEAST_CANVAS, Small, canvases, fitting
from tuinn.widgets.race_columns import MOST, Column, RaceColumns
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.series import Series

X = np.arange(0.0, 11.0)


class Columns(App[None]):
    def __init__(self, number: int, glyphs: Glyphs = "braille") -> None:
        super().__init__()
        self.columns = RaceColumns(glyphs)
        self.number = number

    def compose(self) -> ComposeResult:
        yield self.columns

    def fill(self, scale: float = 1.0, note: str = "") -> None:
        """Curves that fall from 1, 2, … times ``scale``."""
        self.columns.room = self.size.width, self.size.height
        self.columns.put_in_order(range(self.number))
        for place in range(self.number):
            top = scale * (place + 1)
            series = (
                Series("train", X, np.linspace(top, top / 2, 11), ink="train"),
                Series("valid.", X, np.linspace(top, top / 3, 11), "dashed", "validation", "◇"),
            )
            smalls = (Small("loss", series), Small("accuracy", series, short="acc."))
            column = Column(f"{place + 1} run", "● training", smalls, note if place == 0 else "")
            self.columns.take(place, column)
        self.columns.draw(range(self.number), (0.0, 20.0))

    def lines(self, place: int) -> list[str]:
        column = self.columns.columns[place]
        return [column.render_line(y).text for y in range(column.size.height)]


@given(st.integers(3, 90), st.integers(1, 4))
def test_the_rows_of_the_small_charts_are_all_of_the_room(height: int, wanted: int) -> None:
    charts = fitting(height, wanted)
    assert 1 <= charts <= wanted
    rows = canvases(height, charts)
    assert max(rows) - min(rows) <= 1
    if charts > 1:
        assert min(rows) >= LEAST_CANVAS
    if height >= 4:
        # a line above each, the x axis below the last
        assert sum(rows) + charts + 2 == height


@pytest.mark.parametrize(
    ("width", "number", "shown", "pages"), [(120, 6, 6, 1), (80, 6, 3, 2), (80, 4, 4, 1)]
)
async def test_what_does_not_fit_is_on_another_page(
    width: int, number: int, shown: int, pages: int
) -> None:
    app = Columns(number)
    async with app.run_test(size=(width, 24)) as pilot:
        app.fill()
        await pilot.pause()
        assert (len(app.columns.shown), app.columns.pages) == (shown, pages)
        seen = [column.place for column in app.columns.shown]
        app.columns.go(pages - 1)
        await pilot.pause()
        seen += [column.place for column in app.columns.shown]
        assert set(seen) == set(range(number))
        app.columns.reveal(0)
        assert app.columns.page == 0
        assert sum(column.display for column in app.columns.columns) == shown < MOST + 1


async def test_the_axes_are_shared_with_the_runs_of_other_pages() -> None:
    app = Columns(6)
    async with app.run_test(size=(80, 24)) as pilot:
        app.fill()
        await pilot.pause()
        columns = app.columns.columns
        # the highest of all is on the second page
        for column in app.columns.shown:
            assert column.limits[0][1] >= 6.0
            assert column.x_limits == (0.0, 20.0)
        plots = [column._plots for column in app.columns.shown]
        assert len({tuple(top for _, top, _, _ in found) for found in plots}) == 1
        assert all(isinstance(found[0][3], Plot) for found in plots)
        assert columns[0].full_view == columns[5].x_limits or not columns[5].display


async def test_only_what_is_due_is_drawn_unless_an_axis_has_changed() -> None:
    app = Columns(3)
    async with app.run_test(size=(120, 24)) as pilot:
        app.fill()
        await pilot.pause()
        before = [column._plots for column in app.columns.shown]
        columns = app.columns
        columns.take(0, Column("1 run", "● training", columns.columns[0].smalls))
        columns.draw([0], (0.0, 20.0))
        after = [column._plots for column in columns.shown]
        assert [one is other for one, other in zip(before, after, strict=True)] == [
            False, True, True,
        ]  # fmt: skip
        steep = Small("loss", (Series("train", X, X * 100, ink="train"),))
        columns.take(0, Column("1 run", "● training", (steep, columns.columns[0].smalls[1])))
        columns.draw([0], (0.0, 20.0))
        assert all(
            one is not other
            for one, other in zip(after, [column._plots for column in columns.shown], strict=True)
        )


async def test_another_x_axis_finds_the_limits_of_all_that_is_in_it() -> None:
    app = Columns(2)
    async with app.run_test(size=(120, 24)) as pilot:
        app.fill()
        await pilot.pause()
        # by updates the curves go much further, and up
        steep = Small("loss", (Series("train", 100 * X, 10 * X, ink="train"),))
        for place in range(2):
            app.columns.take(place, Column("1 run", "✓ finished", (steep, steep)))
        app.columns.draw([0, 1], (0.0, 1000.0))
        for column in app.columns.shown:
            assert column.x_limits == (0.0, 1000.0)
            assert column.limits[0][1] >= 100.0


async def test_cursor_and_view_are_those_of_all() -> None:
    app = Columns(3)
    async with app.run_test(size=(120, 24)) as pilot:
        app.fill()
        await pilot.pause()
        assert "train 0.500" in app.lines(0)[0]
        app.columns.set_all(cursor=0.0)
        assert "train 1.00" in app.lines(0)[0]
        assert "train 3.00" in app.lines(2)[0]
        app.columns.set_all(cursor=None, view=(0.0, 5.0))
        assert {column._plots[0][3].x_axis.high for column in app.columns.shown} == {5.0}


async def test_a_name_with_brackets_is_a_name() -> None:
    app = Columns(1)
    async with app.run_test(size=(60, 24)) as pilot:
        app.fill()
        app.columns.take(0, Column("1 ● of [c] me", "○ ready", app.columns.columns[0].smalls))
        await pilot.pause()
        title = app.columns.columns[0]._border_title
        assert title is not None
        assert title.plain == "1 ● of [c] me"


@pytest.mark.parametrize("width", [20, 26, 40, 66])
async def test_readings_stay_where_they_are_whatever_is_read(width: int) -> None:
    app = Columns(1)
    async with app.run_test(size=(width, 24)) as pilot:
        places = set()
        for scale in (1.0, 1.234e-7, 9.9e5, 0.05):
            app.fill(scale)
            await pilot.pause()
            line = app.lines(0)[0]
            assert len(line) == width - 2
            places.add(line.index("◇"))
        assert len(places) == 1


async def test_why_a_run_is_no_more_is_told_and_the_axes_stay_where_they_are() -> None:
    app = Columns(2)
    async with app.run_test(size=(80, 24)) as pilot:
        app.fill(note="✗ its process was killed (SIGKILL): out of memory?")
        await pilot.pause()
        text = "\n".join(app.lines(0))
        assert "✗ its process was killed (SIGKILL):" in text
        assert "memory?" in text
        assert app.lines(0)[-2:] == app.lines(1)[-2:]
        assert "accuracy" not in text
        assert "accuracy" in "\n".join(app.lines(1))


async def test_a_run_that_never_began_tells_why_in_the_middle() -> None:
    app = Columns(1, "ascii")
    async with app.run_test(size=(40, 12)) as pilot:
        app.columns.room = 40, 12
        app.columns.put_in_order([0])
        app.columns.take(0, Column("1 ● run", "✗ failed", (Small("loss", ()),), "no such file"))
        app.columns.draw([0], None)
        await pilot.pause()
        assert any("no such file" in line for line in app.lines(0))
        assert str(app.columns.columns[0].border_title) == "1 o run"
