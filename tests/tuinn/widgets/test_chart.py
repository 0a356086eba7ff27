"""The live chart in a small app: what is drawn, what is repainted, what keys and mouse do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

from tuinn.widgets.chart import Chart, Mark, Series
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.scale import Limits
from tuinn.widgets.series import layer_series

X = np.arange(0.0, 21.0)
TRAIN = Series("train", X, 2.0 - X / 20, ink="train")
VALIDATION = Series("validation", X, 2.5 - X / 20, "dashed", "validation")


class ChartApp(App[None]):
    def __init__(self, glyphs: Glyphs = "braille", y_range: Limits | None = None) -> None:
        super().__init__()
        self.chart = Chart("1 loss", x_label="epoch", glyphs=glyphs, y_range=y_range, id="chart")
        self.messages: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.chart

    def on_zoomable_cursor_moved(self, message: Chart.CursorMoved) -> None:
        self.messages.append(("cursor", message.x))

    def on_zoomable_view_changed(self, message: Chart.ViewChanged) -> None:
        self.messages.append(("view", message.view))

    def on_zoomable_maximise(self, message: Chart.Maximise) -> None:
        self.messages.append(("maximise", message.chart.id))


def rows(chart: Chart) -> list[str]:
    return [chart.render_line(y).text for y in range(chart.size.height)]


@contextmanager
def refreshed(chart: Chart, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Region]]:
    """The regions repainted meanwhile; a repaint of everything counts as the whole widget."""
    regions: list[Region] = []
    refresh = type(chart).refresh

    def watched(self: Chart, *dirty: Region, **options: bool) -> Chart:
        if self is chart:
            regions.extend(dirty or [self.size.region])
        return refresh(self, *dirty, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Chart, "refresh", watched)
        yield regions


async def shown(pilot: Pilot[None], *series: Series, **options: object) -> Chart:
    chart = pilot.app.query_one(Chart)
    chart.show(series, **options)  # type: ignore[arg-type]
    await pilot.pause()
    return chart


async def test_an_empty_chart_says_what_would_fill_it() -> None:
    async with ChartApp().run_test(size=(60, 12)) as pilot:
        chart = pilot.app.query_one(Chart)
        assert "press space to train" in "".join(rows(chart))
        await shown(pilot, Series("train", X, np.full(21, np.nan)))
        assert "press space to train" in "".join(rows(chart))
        await shown(pilot, TRAIN)
        assert "press space to train" not in "".join(rows(chart))


async def test_a_chart_has_title_axes_legend_and_curves() -> None:
    async with ChartApp().run_test(size=(80, 16)) as pilot:
        chart = await shown(pilot, TRAIN, VALIDATION, x_range=(0, 30))
        text = rows(chart)
        assert (chart.border_title, chart.border_subtitle) == ("1 loss", "epoch")
        assert "train 1.00" in text[0]
        assert "validation 1.50" in text[0]
        assert text[-1].split() == ["0", "5", "10", "15", "20", "25", "30"]
        assert [row[3] for row in text[1:-2]].count("0") >= 1
        braille = [row for row in text[1:] if any("\u2800" < c <= "\u28ff" for c in row)]
        assert len(braille) >= 5


@pytest.mark.parametrize("glyphs", ["braille", "block", "ascii"])
async def test_every_cell_shows_the_curve_that_passes_through_it(glyphs: Glyphs) -> None:
    async with ChartApp(glyphs).run_test(size=(46, 15)) as pilot:
        chart = await shown(pilot, Series("line", X, 2 * X), x_range=(0, 20))
        canvas = [row[5:] for row in rows(chart)[1:-2]]
        height, width = len(canvas), len(canvas[0])
        for column in range(width):
            expected = height - 1 - column / (width - 1) * (height - 1)
            drawn = [row for row in range(height) if canvas[row][column] != " "]
            assert drawn
            assert all(abs(row - expected) <= 1.01 for row in drawn)


async def test_ascii_charts_are_drawn_with_ascii_alone_and_leave_words_as_they_are() -> None:
    async with ChartApp("ascii").run_test(size=(70, 15)) as pilot:
        y = np.exp(-X)
        chart = await shown(pilot, layer_series(3, X, y), TRAIN, marks=[Mark(8, "η 0.5→0.1")])
        chart.log_y = True
        chart.move_cursor(3)
        await pilot.pause()
        text = "".join(rows(chart))
        assert "η 0.5→0.1" in text
        assert text.replace("η 0.5→0.1", "").isascii()
        chart.title = "4 mutation σ ≥ 0"
        chart.log_y = False
        await pilot.pause()
        assert str(chart.border_title) == "4 mutation σ ≥ 0"


async def test_one_more_point_repaints_its_own_columns_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with ChartApp().run_test(size=(100, 20)) as pilot:
        x = np.arange(200.0)
        y = 1 + np.sin(x / 20)
        chart = await shown(pilot, Series("train", x[:150], y[:150]), x_range=(0, 200))
        before = rows(chart)
        with refreshed(chart, monkeypatch) as regions:
            chart.show([Series("train", x[:151], y[:151])], x_range=(0, 200))
        after = rows(chart)
        assert regions
        assert sum(region.area for region in regions) <= 12
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            for column in range(len(new)):
                if old[column] != new[column]:
                    assert any(region.contains(column, number) for region in regions)
        with refreshed(chart, monkeypatch) as regions:
            chart.show([Series("train", x[:151], y[:151])], x_range=(0, 200))
        assert regions == []


async def test_axes_do_not_move_while_data_grow_within_them() -> None:
    async with ChartApp(y_range=(0, 0)).run_test(size=(80, 16)) as pilot:
        x = np.arange(1.0, 301)
        y = 2.3 * np.exp(-x / 60)
        labels = set()
        for n in range(10, 300, 10):
            chart = await shown(pilot, Series("train", x[:n], y[:n]), x_range=(0, 300))
            labels.add(tuple(row[:5] for row in rows(chart)[1:]))
        assert len(labels) == 1
        ends = {
            (await shown(pilot, Series("train", x[:n], y[:n]))).full_view[1] for n in range(1, 300)
        }
        assert len(ends) < 30


async def test_log_axis_leaves_out_what_it_cannot_show_and_says_so() -> None:
    async with ChartApp().run_test(size=(80, 16)) as pilot:
        y = np.array([0.0, -1.0, *10.0 ** -np.arange(17.0), np.nan, np.inf])
        chart = await shown(pilot, Series("train", X, y))
        chart.log_y = True
        await pilot.pause()
        assert chart.border_subtitle == "2 values ≤ 0 not drawn · epoch"
        assert chart.border_title == "1 loss (log)"
        text = rows(chart)
        assert "1┤" in text[1]
        assert "1e−16┤" in text[-3]
        await shown(pilot, Series("train", X, -np.ones(21)))
        assert chart.border_subtitle == "21 values ≤ 0 not drawn · epoch"


async def test_the_cursor_reads_exact_values() -> None:
    async with ChartApp().run_test(size=(90, 16)) as pilot:
        rng = np.random.default_rng(1)
        x = np.arange(5000.0)
        y = rng.normal(size=5000)
        chart = await shown(
            pilot, Series("a", x, y), Series("b", x[:100], y[:100]), x_range=(0, 5000)
        )
        chart.smoothing = 0.9
        chart.move_cursor(1234.4)
        assert chart.cursor == 1234
        reading = chart.readings()
        assert reading["a"] == y[1234]
        assert np.isnan(reading["b"])
        await pilot.pause()
        text = rows(chart)
        assert text[0].split()[:2] == ["epoch", "1"]
        assert "1 234" in text[0]
        assert "b –" in text[0]
        assert sum(row.count("│") for row in text[1:]) > len(text[1:-2])
        assert pilot.app.messages == [("cursor", 1234.0)]
        chart.cursor = None
        await pilot.pause()
        assert chart.readings()["a"] == y[-1]
        # set from outside: no message, or charts kept in step would echo each other
        assert pilot.app.messages == [("cursor", 1234.0)]


async def test_keys_move_the_cursor_and_the_view() -> None:
    async with ChartApp().run_test(size=(90, 16)) as pilot:
        chart = await shown(pilot, TRAIN, VALIDATION, x_range=(0, 20))
        chart.focus()
        await pilot.press("left")
        assert chart.cursor == 20
        await pilot.press("left")
        assert chart.cursor == 19
        await pilot.press("right", "right")
        assert chart.cursor == 20
        await pilot.press("minus")
        assert chart.view is None
        await pilot.press("plus")
        assert chart.view == pytest.approx((20 / 3, 20), rel=1e-3)
        await pilot.press("shift+left")
        assert chart.view == pytest.approx((10 / 3, 50 / 3), rel=1e-3)
        await pilot.press("home")
        assert chart.view is None
        assert pilot.app.messages[-1] == ("view", None)
        await pilot.press("escape")
        assert chart.cursor is None
        assert pilot.app.messages[-1] == ("cursor", None)
        await pilot.press("enter")
        assert pilot.app.messages[-1] == ("maximise", "chart")


async def test_a_zoomed_chart_shows_its_part_of_the_curve() -> None:
    async with ChartApp().run_test(size=(90, 16)) as pilot:
        chart = await shown(pilot, Series("line", X, X), x_range=(0, 20))
        chart.zoom(4, at=10)
        await pilot.pause()
        assert chart.view == (7.5, 12.5)
        text = rows(chart)
        # the curve leaves through both sides, and y has the limits of what is seen
        canvas = [row[5:] for row in text[1:-2]]
        for column in (0, -1):
            assert any(row[column] != " " for row in canvas)
        assert text[1].split("┤")[0].strip() in {"13", "14"}
        chart.pan(-9)
        assert chart.view == (0, 5)
        chart.pan(9)
        assert chart.view == (15, 20)
        for _ in range(40):
            chart.zoom(10)
        assert chart.view is not None
        assert chart.view[1] > chart.view[0]
        chart.zoom(1e-9)
        assert chart.view is None


async def test_mouse_reads_zooms_pans_and_maximises() -> None:
    async with ChartApp().run_test(size=(90, 16)) as pilot:
        chart = await shown(pilot, TRAIN, x_range=(0, 20))
        await pilot.hover("#chart", offset=(89 // 2 + 3, 6))
        assert chart.cursor == pytest.approx(10, abs=1)
        await pilot.click("#chart", offset=(50, 6), times=2)
        assert ("maximise", "chart") in pilot.app.messages
        chart.zoom(2, at=10)
        view = chart.view
        await pilot.mouse_down("#chart", offset=(50, 6))
        await pilot.hover("#chart", offset=(40, 6))
        await pilot.mouse_up("#chart", offset=(40, 6))
        assert view is not None
        assert chart.view is not None
        assert chart.view[0] > view[0]
        assert chart.view[1] - chart.view[0] == pytest.approx(view[1] - view[0])


async def test_marks_stand_where_they_belong() -> None:
    async with ChartApp().run_test(size=(90, 16)) as pilot:
        chart = await shown(
            pilot, TRAIN, x_range=(0, 20), marks=[Mark(10, "η 0.5→0.1"), Mark(99, "no")]
        )
        text = rows(chart)
        column = text[5].index("┊")
        assert column == 5 + round(10 / 20 * (len(text[5]) - 6))
        assert any("η 0.5→0.1" in row for row in text)
        assert not any("no" in row for row in text)


async def test_a_fork_is_named_where_there_is_no_room_for_what_differs() -> None:
    mark = Mark(10, "fork: cost quadratic → cross-entropy")
    async with ChartApp().run_test(size=(90, 16)) as pilot:
        chart = await shown(pilot, TRAIN, x_range=(0, 20), marks=[mark])
        assert any(mark.text in row for row in rows(chart))
        await pilot.resize_terminal(50, 16)
        await pilot.pause()
        text = rows(chart)
        assert not any("cost" in row for row in text)
        assert any("┊fork " in row for row in text)


async def test_smoothing_is_drawn_and_named() -> None:
    async with ChartApp().run_test(size=(90, 16)) as pilot:
        y = np.where(np.arange(200) % 2, 0.0, 1.0)
        chart = await shown(pilot, Series("batch", np.arange(200.0), y))
        noisy = sum(c != " " for row in rows(chart)[1:-2] for c in row[5:])
        chart.smoothing = 0.95
        await pilot.pause()
        smooth = sum(c != " " for row in rows(chart)[1:-2] for c in row[5:])
        assert smooth < noisy / 3
        assert chart.border_subtitle == "smoothed 0.95 · epoch"
        with pytest.raises(ValueError, match="below 1, got 1"):
            chart.smoothing = 1.0


async def test_a_hidden_chart_does_no_work_and_catches_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with ChartApp().run_test(size=(60, 12)) as pilot:
        chart = await shown(pilot, TRAIN)
        drawn = []
        compose = Chart.compose_cells

        def counted(self: Chart, width: int, height: int) -> object:
            drawn.append((width, height))
            return compose(self, width, height)

        monkeypatch.setattr(Chart, "compose_cells", counted)
        chart.display = False
        await pilot.pause()
        chart.show([VALIDATION])
        assert drawn == []
        chart.display = True
        await pilot.pause()
        assert drawn
        assert "validation" in rows(chart)[0]


async def test_any_size_draws() -> None:
    async with ChartApp().run_test(size=(80, 20)) as pilot:
        chart = await shown(
            pilot, layer_series(1, X, np.exp(-X)), VALIDATION, marks=[Mark(3, "η 0.5→0.1")]
        )
        chart.move_cursor(7)
        for glyphs in ("braille", "block", "ascii"):
            for log in (False, True):
                chart.glyphs, chart.log_y = glyphs, log
                for size in (
                    (3, 2),
                    (5, 4),
                    (9, 5),
                    (14, 7),
                    (20, 10),
                    (300, 100),
                    (80, 3),
                    (4, 60),
                ):
                    await pilot.resize_terminal(*size)
                    cells = chart.compose_cells(*size)
                    assert cells.codes.shape == size[::-1]
                    assert {len(row) for row in rows(chart)} <= {chart.size.width}


@pytest.mark.parametrize(
    "y",
    [
        np.full(21, 3.0),
        np.zeros(21),
        np.where(X == 7, 1.0, np.nan),
        np.where(X < 7, np.inf, 1.0),
        np.where(X < 7, 1e308, -1e308),
        np.where(X < 7, 1e300, 1e-300),
        -X,
    ],
    ids=["constant", "zero", "one point", "inf", "huge", "wide", "negative"],
)
async def test_odd_data_draw(y: np.ndarray) -> None:
    async with ChartApp().run_test(size=(60, 14)) as pilot:
        chart = await shown(pilot, Series("odd", X, y))
        for log in (True, False):
            chart.log_y = log
            chart.smoothing = 0.5 if log else 0.0
            await pilot.pause()
            assert len(rows(chart)) == 12


async def test_without_colour_curves_still_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with ChartApp().run_test(size=(90, 16)) as pilot:
        assert pilot.app.no_color
        chart = await shown(pilot, TRAIN, x_range=(0, 30))
        solid = [row[5:] for row in rows(chart)[1:-2]]
        await shown(pilot, Series("train", X, TRAIN.y, "dotted", "train"), x_range=(0, 30))
        dotted = [row[5:] for row in rows(chart)[1:-2]]
        assert solid != dotted
        await shown(pilot, layer_series(2, X, TRAIN.y), x_range=(0, 30))
        assert any("▲" in row[5:] for row in rows(chart)[1:-2])
        # the app paints in greys alone
        for strip in pilot.app.screen._compositor.render_strips():
            for segment in strip:
                colour = segment.style.color if segment.style else None
                if colour is not None and colour.triplet is not None:
                    assert colour.triplet.red == colour.triplet.green == colour.triplet.blue


async def test_in_ascii_each_layer_is_drawn_with_its_own_character() -> None:
    async with ChartApp("ascii").run_test(size=(60, 16)) as pilot:
        layers = [layer_series(layer, X, layer + X / 20) for layer in (1, 2, 3)]
        chart = await shown(pilot, *layers, x_range=(0, 20))
        legend, *lines = rows(chart)
        assert [legend[legend.index(name) - 4 :][:3] for name in ("l=1", "l=2", "l=3")] == [
            "ooo",
            "^^^",
            "###",
        ]
        drawn = "".join(line[6:] for line in lines[:-2])
        assert set(drawn) - {" "} == set("o^#")
        assert min(map(drawn.count, "o^#")) > 40


async def test_in_ascii_curves_that_coincide_take_turns() -> None:
    async with ChartApp("ascii").run_test(size=(60, 16)) as pilot:
        same = Series("validation", X, TRAIN.y, "dashed", "validation", marker="◇")
        chart = await shown(pilot, TRAIN, same, x_range=(0, 20))
        drawn = "".join(line[6:] for line in rows(chart)[1:-2])
        assert drawn.count("*") > 20
        assert drawn.count("+") + drawn.count("&") > 20
        layers = [layer_series(layer, X, TRAIN.y) for layer in (1, 2, 3)]
        chart = await shown(pilot, *layers, x_range=(0, 20))
        drawn = "".join(line[6:] for line in rows(chart)[1:-2])
        assert min(map(drawn.count, "o^#")) > 10


async def test_without_colour_there_are_more_markers(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    monkeypatch.delenv("NO_COLOR", raising=False)
    for _ in range(2):
        async with ChartApp().run_test(size=(80, 16)) as pilot:
            layers = [layer_series(layer, X, layer + X / 20) for layer in (1, 2, 3)]
            chart = await shown(pilot, *layers, x_range=(0, 20))
            drawn = "".join(line[6:] for line in rows(chart)[1:-2])
            found.append([drawn.count(mark) for mark in "●▲■"])
        monkeypatch.setenv("NO_COLOR", "1")
    coloured, plain = found
    assert all(
        2 * few - 1 <= many <= 2 * few + 1 for few, many in zip(coloured, plain, strict=True)
    )
    assert min(plain) >= 11


async def test_a_theme_changes_the_colours() -> None:
    async with ChartApp().run_test(size=(90, 16)) as pilot:
        chart = await shown(pilot, TRAIN)

        def colours() -> set[object]:
            return {s.style.color for s in chart.render_line(6) if s.style is not None}

        dark = colours()
        pilot.app.theme = "textual-light"
        await pilot.pause()
        assert dark.isdisjoint(colours())
