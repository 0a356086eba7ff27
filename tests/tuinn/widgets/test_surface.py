"""The decision surface: colours, points, and what is left of it without colour."""

from __future__ import annotations

import numpy as np
import pytest
from textual.app import App, ComposeResult

from tuinn.widgets.raster import Glyphs
from tuinn.widgets.surface import SurfaceMap

POINTS = np.array([[-1.0, -1.0], [1.0, 1.0], [99.0, 0.0]])
LABELS = np.array([0, 1, 1])


class SurfaceApp(App[None]):
    def __init__(self, glyphs: Glyphs = "braille") -> None:
        super().__init__()
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        yield SurfaceMap(glyphs=self.glyphs)


def rows(surface: SurfaceMap) -> list[str]:
    return [surface.render_line(y).text for y in range(surface.size.height)]


def half(width: int, height: int) -> np.ndarray:
    """0 on the left and 1 on the right."""
    return np.tile((np.arange(width) >= width // 2).astype(float), (height, 1))


async def test_an_empty_map_says_what_would_fill_it() -> None:
    async with SurfaceApp().run_test(size=(80, 12)) as pilot:
        surface = pilot.app.query_one(SurfaceMap)
        assert "press space to train" in "".join(rows(surface))
        surface.show(half(4, 4), (-1, 1), (-1, 1), POINTS, LABELS)
        assert "press space" not in "".join(rows(surface))
        surface.clear()
        assert "press space" in "".join(rows(surface))


async def test_pixels_are_two_to_a_cell() -> None:
    async with SurfaceApp().run_test(size=(60, 20)) as pilot:
        surface = pilot.app.query_one(SurfaceMap)
        surface.show(half(4, 4), (-1, 1), (-1, 1), POINTS, LABELS)
        columns, pixel_rows = surface.pixels
        text = rows(surface)
        assert columns == 58 - text[0].index("┤") - 1
        assert pixel_rows == 2 * (18 - 2)
        assert text[0].startswith(" 1.0┤")
        assert text[15].startswith("−1.0┤")


async def test_colours_go_from_blue_to_orange_and_the_first_row_is_below() -> None:
    async with SurfaceApp().run_test(size=(60, 20)) as pilot:
        surface = pilot.app.query_one(SurfaceMap)
        surface.show(half(4, 4).T, (-1, 1), (-1, 1), POINTS[:0], LABELS[:0])

        def background(row: int) -> tuple[int, int, int]:
            style = list(surface.render_line(row))[-1].style
            assert style is not None
            assert style.bgcolor is not None
            assert style.bgcolor.triplet is not None
            return tuple(style.bgcolor.triplet)

        above, below = background(1), background(14)
        assert above[0] > above[2]
        assert below[2] > below[0]


async def test_half_blocks_show_two_values_in_a_cell() -> None:
    async with SurfaceApp().run_test(size=(60, 20)) as pilot:
        surface = pilot.app.query_one(SurfaceMap)
        surface.show(half(4, 4), (-1, 1), (-1, 1), POINTS[:0], LABELS[:0])
        columns, pixel_rows = surface.pixels
        stripes = np.tile((np.arange(pixel_rows) % 2).astype(float)[:, None], (1, columns))
        surface.show(stripes, (-1, 1), (-1, 1), POINTS[:0], LABELS[:0])
        assert rows(surface)[3].count("▀") == columns


async def test_points_show_their_class_by_glyph_and_colour() -> None:
    async with SurfaceApp().run_test(size=(60, 20)) as pilot:
        surface = pilot.app.query_one(SurfaceMap)
        surface.show(
            half(8, 8),
            (-1, 1),
            (-1, 1),
            POINTS,
            LABELS,
            (np.array([[0.0, 0.0]]), np.array([1])),
            names=("outside", "inside"),
        )
        text = rows(surface)
        left = text[0].index("┤") + 1
        assert text[15][left] == "○"
        assert text[0][57] == "●"
        assert "".join(text).count("●") == 1
        assert "".join(text).count("◆") == 1
        assert surface.border_subtitle == "○ outside  ● inside  ◇◆ validation"
        first, last = list(surface.render_line(15)), list(surface.render_line(0))
        colours = {s.style.color for s in first + last if s.style and s.text in {"○", "●"}}
        assert len(colours) == 2


async def test_several_classes_are_areas() -> None:
    async with SurfaceApp().run_test(size=(60, 20)) as pilot:
        surface = pilot.app.query_one(SurfaceMap)
        grid = np.eye(3)[np.arange(30).repeat(30).reshape(30, 30).T // 10]
        # from two classes to three: the same inks mean other colours now
        surface.show(half(8, 8), (-1, 1), (-1, 1), POINTS, LABELS)
        surface.show(grid, (-1, 1), (-1, 1), POINTS, np.array([0, 2, 1]))
        line = surface.render_line(8)
        areas = [
            s.style.bgcolor for s in line if s.style and not s.text.strip() and s.style.bgcolor
        ]
        assert len(set(areas[-3:])) == 3
        assert surface.border_subtitle == "○ 0  ● 1  ▲ 2"
        assert "▲" in rows(surface)[0]


async def test_without_colour_values_are_a_ramp_of_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with SurfaceApp().run_test(size=(60, 20)) as pilot:
        surface = pilot.app.query_one(SurfaceMap)
        ramp = np.tile(np.linspace(0, 1, 50), (20, 1))
        surface.show(ramp, (-1, 1), (-1, 1), POINTS, LABELS)
        text = rows(surface)[5].split("│")[-1].split("┤")[-1]
        assert "".join(dict.fromkeys(text)) == " ░▒▓█"
        assert surface.pixels[1] == 16


async def test_ascii_map() -> None:
    async with SurfaceApp("ascii").run_test(size=(60, 20)) as pilot:
        surface = pilot.app.query_one(SurfaceMap)
        surface.show(half(8, 8), (-1, 1), (-1, 1), POINTS, LABELS, names=("a", "b"))
        assert all(row.isascii() for row in rows(surface))
        assert str(surface.border_subtitle).isascii()


async def test_any_size_and_any_grid_draws() -> None:
    async with SurfaceApp().run_test(size=(60, 20)) as pilot:
        surface = pilot.app.query_one(SurfaceMap)
        for grid in (half(1, 1), half(3, 7), half(200, 300), np.full((5, 5), np.nan)):
            surface.show(grid, (-1, 1), (-1, 1), POINTS, LABELS)
            for size in ((3, 2), (10, 4), (20, 7), (300, 100)):
                assert surface.compose_cells(*size).codes.shape == size[::-1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"grid": np.zeros(3)}, r"grid must be \(h, w\) or \(h, w, classes\), got \(3,\)"),
        ({"x_range": (1, 1)}, "ranges must have a lower and a higher end"),
        ({"labels": LABELS[:1]}, r"points are \(3, 2\) and labels \(1,\)"),
        ({"points": POINTS[:, :1]}, r"points are \(3, 1\)"),
    ],
)
async def test_bad_input(change: dict, message: str) -> None:
    arguments = {
        "grid": half(2, 2),
        "x_range": (-1, 1),
        "y_range": (-1, 1),
        "points": POINTS,
        "labels": LABELS,
    }
    with pytest.raises(ValueError, match=message):
        SurfaceMap().show(**{**arguments, **change})
