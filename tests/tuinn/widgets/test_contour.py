"""The map: one scale for both axes, the ground as the cost has it, trails without gaps."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from textual.app import App, ComposeResult

from engine.surfaces import SURFACES
from tuinn.widgets import contour_ink
from tuinn.widgets.cells import Cells
from tuinn.widgets.contour import ContourMap
from tuinn.widgets.contour_ground import SHADES, ground, scale
from tuinn.widgets.contour_ink import COLOURS, PALETTES, pair, parts, shade
from tuinn.widgets.contour_marks import Arrow, Canvas, Walker, draw_marks
from tuinn.widgets.contour_trails import line_dots
from tuinn.widgets.contour_view import View, fitted
from tuinn.widgets.raster import DOTS
from tuinn.widgets.walk_look import LETTERS

SIDES = st.integers(12, 150), st.integers(8, 60)


def view_of(name: str, width: int = 51, height: int = 27) -> View:
    return fitted(width, height, SURFACES[name].domain, ascii_only=False)[1]


def drawn(name: str, glyphs: str = "braille", *, coloured: bool = True) -> Canvas:
    """A map of a surface with nothing on it."""
    surface, view = SURFACES[name], view_of(name)
    shown = ground(surface.value, view, glyphs, log=surface.log, kept_free=np.array(surface.minima))
    cells = Cells.blank(view.columns, view.rows)
    return Canvas(cells, shown, glyphs, coloured=coloured, shaded=coloured)


@given(*SIDES)
def test_a_length_is_the_same_in_every_direction_and_the_domain_is_in_view(
    width: int, height: int
) -> None:
    for surface in SURFACES.values():
        framed, view = fitted(width, height, surface.domain, ascii_only=False)
        assert (view.columns, view.rows) == (framed.columns, framed.rows)
        per_column = (view.x[1] - view.x[0]) / max(view.columns - 1, 1)
        per_row = (view.y[1] - view.y[0]) / max(view.rows - 1, 1)
        assert per_row == pytest.approx(2 * per_column)
        for (low, high), (from_, to) in zip(surface.domain, (view.x, view.y), strict=True):
            assert from_ <= low + 1e-12
            assert high - 1e-12 <= to


@given(*SIDES, st.data())
def test_the_point_of_a_cell_is_in_that_cell(width: int, height: int, data: st.DataObject) -> None:
    _, view = fitted(width, height, SURFACES["rosenbrock"].domain, ascii_only=False)
    row = data.draw(st.integers(0, view.rows - 1))
    column = data.draw(st.integers(0, view.columns - 1))
    found = view.cells(np.array([view.point(row, column)]))
    assert [int(part[0]) for part in found] == [row, column, True]


@pytest.mark.parametrize("name", SURFACES)
def test_low_is_at_the_minima_and_shades_rise_with_the_cost(name: str) -> None:
    surface, view = SURFACES[name], view_of(name)
    canvas = drawn(name)
    row, column, inside = view.cells(np.array(surface.minima))
    assert inside.all()
    # Rastrigin's and the neuron's hollows are smaller than a cell, or hardly lower than others
    assert (canvas.ground.middle[row, column] <= SHADES // 5).all()
    costs = np.sort(surface.value(view.grid(2, 4)))
    share = scale(costs, surface.log).share(costs)
    assert (np.diff(share) >= 0).all()
    assert share[0] == 0
    assert share[-1] == 1


@pytest.mark.parametrize("name", SURFACES)
def test_numbers_stand_on_lines_of_their_cost(name: str) -> None:
    canvas = drawn(name)
    view, surface = canvas.ground.view, SURFACES[name]
    assert canvas.ground.scale.levels
    for row, column, text in canvas.ground.numbers:
        corners = [
            view.axes(1, 1)[0].value(float(column + across)) for across in (-0.5, len(text) - 0.5)
        ]
        heights = [view.axes(1, 1)[1].value(view.rows - 1 - row + up) for up in (-0.5, 0.5)]
        x = np.linspace(*corners, 40)
        points = np.array([(one, y) for one in x for y in np.linspace(*heights, 40)])
        costs = surface.value(points)
        level = float(text.replace("−", "-"))
        assert costs.min() <= level <= costs.max()


@pytest.mark.parametrize("name", SURFACES)
@pytest.mark.parametrize("size", [(49, 26), (78, 37), (49, 13)])
def test_there_are_numbers_enough_to_tell_up_from_down(name: str, size: tuple[int, int]) -> None:
    surface, view = SURFACES[name], view_of(name, *size)
    free = np.array([*surface.minima, surface.start])
    shown = ground(surface.value, view, "braille", log=surface.log, kept_free=free)
    assert len(shown.numbers) >= (3 if size[1] > 20 else 1)
    texts = [text for *_, text in shown.numbers]
    assert len(set(texts)) == len(texts)


def test_lines_run_around_the_hollows_of_an_egg_box() -> None:
    surface, view = SURFACES["rastrigin"], view_of("rastrigin")
    shown = ground(
        surface.value, view, "braille", log=surface.log, kept_free=np.array(surface.minima)
    )
    # around each of the hollows that are next to the deepest there is a line
    for x in (-1.0, 0.0, 1.0):
        for y in (-1.0, 0.0, 1.0):
            across = np.column_stack([np.linspace(x, x + 0.5, 50), np.full(50, y)])
            row, column, _ = view.cells(across)
            assert (shown.lines[row, column] > 0).any()
            hollow, ridge = surface.value(across[[0, -1]])
            assert any(hollow < level < ridge for level in shown.scale.levels)


def test_a_walk_at_a_minimum_is_drawn_on_it_where_two_cells_meet() -> None:
    canvas = drawn("rosenbrock")
    view = canvas.ground.view
    # exactly between two rows
    x_axis, y_axis = view.axes(1, 1)
    goal = float(x_axis.value(20.0)), float(y_axis.value(10.5))
    for shift in (-1e-5, 1e-5):
        part = drawn("rosenbrock")
        at = goal[0], goal[1] + shift
        draw_marks(part, [Walker("sgd", np.array([at]), at)], [goal], (0.0, 0.0), [], None)
        text = "".join(map(chr, part.cells.codes.ravel()))
        assert "●S" in text
        assert "✕" not in text
    far = goal[0], goal[1] + 2 * float(y_axis.value(1.0) - y_axis.value(0.0))
    draw_marks(canvas, [Walker("sgd", np.array([far]), far)], [goal], (0.0, 0.0), [], None)
    assert "✕" in "".join(map(chr, canvas.cells.codes.ravel()))


def test_costs_that_are_not_finite_are_drawn_high() -> None:
    view = view_of("sphere")

    def value(points: np.ndarray) -> np.ndarray:
        costs = SURFACES["sphere"].value(points)
        costs[points[:, 0] > 1] = np.nan
        costs[points[:, 1] > 1] = np.inf
        return costs

    shown = ground(value, view, "braille", log=True, kept_free=np.zeros((1, 2)))
    row, column, _ = view.cells(np.array([(1.8, 0.0), (0.0, 1.8), (0.0, 0.0)]))
    assert shown.middle[row, column].tolist()[:2] == [SHADES - 1, SHADES - 1]
    assert shown.middle[row[2], column[2]] < SHADES // 4


def test_a_level_ground_is_drawn_without_lines() -> None:
    shown = ground(
        lambda points: np.full(len(points), 3.0), view_of("sphere"), "braille",
        log=True, kept_free=np.zeros((1, 2)),
    )  # fmt: skip
    assert not shown.lines.any()


points = st.tuples(st.floats(-2, 2), st.floats(-2, 2))


@given(st.lists(points, min_size=1, max_size=12))
def test_a_trail_is_lit_at_every_point_and_without_gaps(path: list[tuple[float, float]]) -> None:
    view = view_of("sphere")
    places = np.array(path)
    lit = line_dots(places, view, 2, 4)
    at = np.floor(view.dots(places, 2, 4) + 0.5).astype(int)
    assert lit[at[:, 1], at[:, 0]].all()
    # whatever is lit hangs together with the first point
    reached = np.zeros_like(lit)
    reached[at[0, 1], at[0, 0]] = True
    while True:
        padded = np.pad(reached, 1)
        rows, columns = lit.shape
        grown = lit & np.any(
            [padded[y : y + rows, x : x + columns] for y in range(3) for x in range(3)], axis=0
        )
        if (grown == reached).all():
            break
        reached = grown
    assert (reached == lit).all()


def test_a_trail_that_leaves_for_good_is_cut_and_one_that_is_not_finite_is_broken() -> None:
    view = view_of("sphere")
    away = line_dots(np.array([(0.0, 0.0), (1e300, 0.0)]), view, 2, 4)
    middle = np.flatnonzero(away.any(axis=1))
    assert len(middle) == 1
    assert away[middle[0], away.shape[1] // 2 + 1 :].all()
    broken = np.array([(-1.0, 0.0), (np.nan, 0.0), (np.inf, np.inf), (1.0, 0.0)])
    assert line_dots(broken, view, 2, 4).sum() == 0


@given(st.floats(0, 2 * np.pi), st.floats(1.02, 3), st.integers(1, 120))
def test_a_line_through_the_map_is_that_line_however_far_its_ends(
    angle: float, growth: float, number: int
) -> None:
    view = view_of("sphere")
    direction = np.array([np.cos(angle), np.sin(angle)])
    # from side to side through the middle, as a descent with too large an η
    path = 0.1 * (-growth) ** np.arange(number)[:, None] * direction
    path = path[np.abs(path).max(axis=1) < 1e9]
    row, column = np.nonzero(line_dots(path, view, 2, 4))
    x_axis, y_axis = view.axes(2, 4)
    found = np.column_stack(
        [x_axis.value(column.astype(float)), y_axis.value(y_axis.dots - 1.0 - row)]
    )
    away = np.abs(found @ np.array([-direction[1], direction[0]]))
    assert away.max() <= 0.8 * (x_axis.value(1.0) - x_axis.value(0.0))


def test_lines_between_places_off_the_map_cross_it_only_where_they_lead_through() -> None:
    view = view_of("sphere")
    far = 1e9
    assert not line_dots(np.array([(far, 0.0), (0.0, far)]), view, 2, 4).any()
    assert not line_dots(np.array([(far, 3.0), (-far, 3.0)]), view, 2, 4).any()
    through = line_dots(np.array([(far, 1.0), (-far, 1.0)]), view, 2, 4)
    assert through.any(axis=0).all()
    assert through.any(axis=1).sum() == 1
    # beyond what the numbers can tell apart there is still no line as long as that
    line_dots(np.array([(1e40, 3e39), (-1e40, 1e40), (1e300, -1e300)]), view, 2, 4)


def test_pairs_are_numbers_and_come_apart_again() -> None:
    for bold in (False, True):
        for colour in (0, 7, COLOURS - 1):
            for under in (0, SHADES - 1, COLOURS - 1):
                assert parts(pair(colour, under, bold=bold)) == (colour, under, bold)
    assert parts(3) is None


def test_blue_to_yellow_rises_in_lightness_all_the_way() -> None:
    lightness = [shade(PALETTES[1], number).brightness for number in range(SHADES)]
    assert all(a < b for a, b in pairwise(lightness))
    blue, red = shade(PALETTES[0], 0), shade(PALETTES[0], SHADES - 1)
    assert blue.b > blue.r
    assert red.r > red.b


@pytest.mark.parametrize("glyphs", DOTS)
@pytest.mark.parametrize("coloured", [True, False])
def test_heads_letters_and_signs_are_where_they_belong(glyphs: str, coloured: bool) -> None:
    canvas = drawn("sphere", glyphs, coloured=coloured)
    view = canvas.ground.view
    path = np.array([(-1.6, 1.2), (-1.0, 1.0), (1.0, -0.5)])
    cloud = np.array([(0.5, 0.5), (1e9, 0.0), (np.nan, 0.0)])
    walkers = [
        Walker("swarm", path[:1], (-1.6, 1.2), cloud),
        Walker("adam", path, (1.0, -0.5)),
        Walker("sgd", path, (1.0, -0.5)),
    ]
    arrow = Arrow((1.0, -0.5), np.pi / 2, "down", "v")
    draw_marks(canvas, walkers, [(0.0, 0.0)], (-1.0, -1.0), [arrow], (0.9, -1.5))
    text = ["".join(map(chr, line)) for line in canvas.cells.codes.tolist()]

    def at(x: float, y: float) -> tuple[int, int]:
        row, column, _ = view.cells(np.array([(x, y)]))
        return int(row[0]), int(column[0])

    plain = glyphs == "ascii"
    row, column = at(1.0, -0.5)
    assert text[row][column : column + 3] == ("oSA" if plain else "●SA")
    for sign, point in (
        ("x" if plain else "✕", (0.0, 0.0)),
        ("@" if plain else "◇", (-1.0, -1.0)),
        ("+" if plain else "┼", (0.9, -1.5)),
    ):
        row, column = at(*point)
        assert text[row][column] == sign
    row, column = at(0.5, 0.5)
    cloudy = LETTERS["swarm"].lower() if not coloured else "*" if plain else "•"
    assert text[row][column] == cloudy
    assert any(line[at(1.0, 0)[1]] == ("^" if plain else "↑") for line in text)
    if plain:
        assert "".join(text).isascii()


def test_who_has_left_the_map_is_an_arrow_at_its_edge() -> None:
    canvas = drawn("sphere")
    gone = Walker("sgd", np.array([(0.0, 0.0), (50.0, 0.0)]), (50.0, 0.0))
    lost = Walker("adam", np.array([(0.0, 0.0)]), (np.nan, np.inf))
    draw_marks(canvas, [lost, gone], [(0.0, 0.0)], (0.0, 1.0), [], None)
    row = int(canvas.ground.view.cells(np.array([(0.0, 0.0)]))[0][0])
    assert "".join(map(chr, canvas.cells.codes[row].tolist())).endswith("S→")
    colours = {parts(int(ink)) for ink in canvas.cells.inks[row, -2:]}
    assert {found[0] for found in colours if found} == {contour_ink.WALK["sgd"]}


def test_the_arrow_of_who_has_left_stands_on_the_line_that_it_left_by() -> None:
    canvas = drawn("sphere")
    view = canvas.ground.view
    place = np.array([(4.0, -3.0)]) * 100
    gone = Walker("sgd", np.vstack([-place, place]), (400.0, -300.0))
    draw_marks(canvas, [gone], [(0.0, 0.0)], (0.0, 1.0), [], None)
    row, column = np.argwhere(canvas.cells.codes == ord("↘"))[0]
    trail = line_dots(gone.path, view, 1, 1)
    assert column == view.columns - 1
    assert trail[row, column]


async def test_a_number_is_written_whole_or_not_at_all() -> None:
    class One(App[None]):
        def compose(self) -> ComposeResult:
            yield ContourMap(SURFACES["rosenbrock"])

    async with One().run_test(size=(51, 27)) as pilot:
        contour = pilot.app.query_one(ContourMap)
        await pilot.pause()
        numbers = contour._ground(contour._view).numbers

        def texts() -> list[str]:
            top, left = contour._canvas_at
            return [
                "".join(
                    map(chr, contour._cells.codes[top + row, left + at : left + at + len(text)])
                )
                for row, at, text in numbers
            ]

        written = [text for *_, text in numbers]
        assert texts() == written
        row, column, _ = numbers[0]
        at = contour._view.point(row, column)
        contour.show([Walker("sgd", np.array([at]), at)], SURFACES["rosenbrock"].start)
        assert texts()[0].startswith("●S")
        assert texts()[1:] == written[1:]
        first = contour._view.point(row, column - 1)
        contour.show([Walker("sgd", np.array([first]), first)], SURFACES["rosenbrock"].start)
        assert texts()[0].startswith("S")
        assert not any(character.isdigit() for character in texts()[0])


@pytest.mark.parametrize("name", SURFACES)
async def test_in_ascii_powers_are_written_as_powers(name: str) -> None:
    class One(App[None]):
        def compose(self) -> ComposeResult:
            yield ContourMap(SURFACES[name], glyphs="ascii")

    async with One().run_test(size=(80, 27)) as pilot:
        note = str(pilot.app.query_one(ContourMap).border_subtitle)
        assert not set("²³½¼−π") & set(note)
        if "²" in SURFACES[name].formula:
            assert "^2" in note


@pytest.mark.parametrize("glyphs", ["braille", "ascii"])
async def test_a_formula_that_is_too_long_for_the_border_is_a_shorter_one(glyphs: str) -> None:
    class One(App[None]):
        def compose(self) -> ComposeResult:
            yield ContourMap(SURFACES["beale"], glyphs=glyphs)

    async with One().run_test(size=(100, 27)) as pilot:
        contour = pilot.app.query_one(ContourMap)
        await pilot.pause()
        long = str(contour.border_subtitle)
        await pilot.resize_terminal(51, 27)
        await pilot.pause()
        assert len(str(contour.border_subtitle)) <= 47 < len(long)


async def test_without_colours_there_is_no_colour_scale_but_its_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    class One(App[None]):
        def compose(self) -> ComposeResult:
            yield ContourMap(SURFACES["sphere"])

    async with One().run_test(size=(51, 27)) as pilot:
        await pilot.pause()
        contour = pilot.app.query_one(ContourMap)
        last = "".join(map(chr, contour._cells.codes[-1]))
        assert last.split()[0] == "C"
        assert "…" in last
        assert "─" not in last


def test_few_colours_are_those_that_such_terminals_have() -> None:
    for palette in PALETTES:
        found = [shade(palette, number, few=True) for number in range(SHADES)]
        assert len(set(found)) == 5
        for colour in found:
            assert colour.rich_color.downgrade(ColorSystem.EIGHT_BIT).get_truecolor() == (
                colour.rich_color.triplet
            )
    lightness = [shade(PALETTES[1], number, few=True).brightness for number in range(SHADES)]
    assert lightness == sorted(lightness)


def test_where_the_ground_has_no_colours_the_walks_keep_theirs() -> None:
    with_ground = drawn("sphere")
    canvas = Canvas(with_ground.cells, with_ground.ground, "block", coloured=True, shaded=False)
    walker = Walker("sgd", np.array([(0.0, -1.0), (1.0, -1.0)]), (1.0, -1.0))
    draw_marks(canvas, [walker], [(0.0, 0.0)], (0.0, 1.0), [], None)
    found = {parts(int(ink)) for ink in canvas.cells.inks.ravel() if ink}
    assert (contour_ink.WALK["sgd"], contour_ink.BARE, False) in found
    assert {under for _, under, _ in found} == {contour_ink.BARE}
