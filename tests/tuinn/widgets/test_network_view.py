"""The picture of the network: where everything lies, what is drawn, what keys and clicks do."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from engine_examples import blobs, examples, split_of
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from engine import GradientDescent, Network, Stop, Trainer
from engine.inside.maps import Maps, plane_maps, weight_maps
from tuinn.numbers import significant
from tuinn.widgets.network_layout import FOOT, HEAD, LEAST_GAP, Layout, Shape, laid_out
from tuinn.widgets.network_links import CHOSEN, FAINT, NEGATIVE, POSITIVE
from tuinn.widgets.network_view import NetworkView

SHAPES = st.lists(
    st.builds(
        Shape,
        layer=st.just(0),
        units=st.integers(1, 800),
        label=st.integers(1, 10),
        tail=st.integers(1, 10),
        aspect=st.sampled_from([0.5, 1.0, 1.0, 2.0]),
        most=st.sampled_from([1, 4, 8]),
        pixels=st.sampled_from([0, 0, 8, 28]),
    ),
    min_size=2,
    max_size=12,
)


# where everything lies


def layout_of(shapes: list[Shape], width: int, height: int, **options: Any) -> Layout | None:
    numbered = [
        Shape(n, s.units, s.label, s.tail, s.aspect, s.most, s.block, s.pixels)
        for n, s in enumerate(shapes)
    ]
    return laid_out(numbered, width, height, **{"firsts": {}, **options})


@settings(max_examples=150)
@given(
    SHAPES, st.integers(1, 180), st.integers(1, 50), st.booleans(), st.booleans(), st.integers(0)
)
def test_boxes_lie_within_the_picture_and_apart(
    shapes: list[Shape], width: int, height: int, halves: bool, image: bool, first: int
) -> None:
    if image:
        shapes[0] = Shape(0, 64, 0, 1, most=14, block=True, pixels=8)
    focus = first % len(shapes)
    layout = layout_of(
        shapes, width, height, halves=halves, focus=focus, firsts={focus: first % 900}
    )
    if layout is None:
        return
    assert focus in [column.layer for column in layout.columns]
    assert layout.columns[0].start >= 0
    assert layout.columns[-1].end <= width
    for before, after in pairwise(layout.columns):
        assert after.layer == before.layer + 1
        assert after.start - before.end >= LEAST_GAP - 1
    for column in layout.columns:
        assert 1 <= column.shown <= column.shape.boxes
        assert 0 <= column.units.start <= column.units.stop - 1 < column.shape.boxes
        room = (HEAD + 1, height - FOOT - 1) if column.paged else (HEAD, height - FOOT)
        rows = [column.row(unit) for unit in column.units]
        assert room[0] <= rows[0]
        assert rows[-1] + column.height <= room[1]
        for above, below in pairwise(rows):
            assert below - above >= column.height + (not halves)
        for unit in column.units:
            assert column.unit_at(column.row(unit)) == unit
            assert column.unit_at(column.row(unit) + column.height - 1) == unit
        assert column.unit_at(rows[0] - 1) is None


def plain_shapes(*sizes: int) -> list[Shape]:
    return [Shape(0, n, 3, 1) for n in sizes]


@pytest.mark.parametrize("size", [(60, 20), (90, 34), (170, 44)])
@pytest.mark.parametrize("sizes", [(2, 8, 1), (2, 4, 4, 1), (2, 2, 1)])
def test_small_networks_are_shown_whole(sizes: tuple[int, ...], size: tuple[int, int]) -> None:
    layout = layout_of(plain_shapes(*sizes), *size)
    assert layout is not None
    assert layout.whole


def test_more_room_is_used_for_larger_boxes() -> None:
    heights = []
    for size in ((60, 20), (90, 34), (170, 44)):
        layout = layout_of(plain_shapes(2, 8, 1), *size)
        assert layout is not None
        heights.append(layout.columns[1].height)
    assert heights == [2, 3, 4]


def test_pixels_of_an_image_are_equally_large() -> None:
    shapes = [Shape(0, 64, 0, 1, most=14, block=True, pixels=8), Shape(0, 30, 3, 1, pixels=8)]
    for height in range(12, 50):
        layout = layout_of([*shapes, Shape(0, 10, 3, 1, most=4)], 120, height)
        assert layout is not None
        for column in layout.columns[:2]:
            assert 2 * column.height < 8 or 2 * column.height % 8 == 0


# a real network in a real app


def trained(sizes: tuple[int, ...], activations: tuple[str, ...], updates: int = 60) -> Trainer:
    if sizes[-1] == 1:
        train = blobs(seed=3, m=60, n=sizes[0])
    else:
        rng = np.random.default_rng(0)
        labels = rng.integers(0, sizes[-1], 60)
        X = rng.standard_normal((60, sizes[0])) + labels[:, None]
        train = examples(X, np.eye(sizes[-1])[labels], labels)
    trainer = Trainer(
        Network(sizes, activations),
        split_of(train),
        cost="cross-entropy",
        optimizer=GradientDescent(0.5),
        batch_size=10,
        stop=Stop(epochs=50),
        seed=2,
    )
    trainer.run(updates)
    return trainer


def plane(network: Network, theta: np.ndarray, rows: int, columns: int) -> Maps:
    x1, x2 = np.meshgrid(np.linspace(-3, 3, columns), np.linspace(-3, 3, rows))
    return plane_maps(network, theta, np.column_stack([x1.ravel(), x2.ravel()]), rows, columns)


class ViewApp(App[None]):
    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.view = NetworkView(**options)
        self.heard: list[Any] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.focus()

    def on_network_view_selected(self, message: NetworkView.Selected) -> None:
        self.heard.append((message.layer, message.row, message.column))

    def on_network_view_edited(self, message: NetworkView.Edited) -> None:
        self.heard.append((message.layer, message.row, message.column, message.value))

    def on_network_view_write_asked(self, message: NetworkView.WriteAsked) -> None:
        place = message.layer, message.row, message.column
        self.heard.append(("write", *place, message.value, message.name))


def rows(view: NetworkView) -> list[str]:
    return [view.render_line(y).text for y in range(view.size.height)]


def shown(app: ViewApp, trainer: Trainer, **options: Any) -> NetworkView:
    view, network, theta = app.view, trainer.network, trainer.theta.copy()
    maps = (
        plane(network, theta, *view.pixels)
        if network.sizes[0] == 2
        else weight_maps(network, theta, options.pop("image", None))
    )
    view.show(network, theta, maps, **options)
    return view


CIRCLE = ((2, 8, 1), ("tanh", "sigmoid"))
IMAGES = ((64, 30, 10), ("sigmoid", "softmax"))
IRIS = ((4, 8, 3), ("tanh", "softmax"))


async def test_an_empty_view_says_what_would_fill_it() -> None:
    app = ViewApp()
    async with app.run_test(size=(90, 34)) as pilot:
        assert "press space to train" in "".join(rows(app.view))
        view = shown(app, trained(*CIRCLE))
        assert "press space" not in "".join(rows(view))
        await pilot.press("right")
        view.show(None)
        assert "press space to train" in "".join(rows(view))
        assert view.selected is None


@pytest.mark.parametrize("size", [(32, 10), (40, 8), (23, 5), (5, 3)])
async def test_too_little_room_is_said(size: tuple[int, int]) -> None:
    app = ViewApp()
    async with app.run_test(size=size) as pilot:
        view = shown(app, trained(*CIRCLE))
        text = "".join(rows(view))
        assert "more room" in text or not text.strip()
        await pilot.press("right", "down", "o", "w", "z")


@pytest.mark.parametrize("size", [(62, 22), (92, 36), (172, 46)])
async def test_layers_have_their_names_and_units_their_numbers(size: tuple[int, int]) -> None:
    app = ViewApp()
    async with app.run_test(size=size) as pilot:
        view = shown(app, trained(*CIRCLE), inputs=("x1", "x2"))
        head, *body = rows(view)
        assert "2 inputs" in head
        assert "l=1 · 8 tanh" in head
        assert "l=2 · 1 sigmoid" in head
        text = "\n".join(body)
        assert all(name in text for name in ("x1", "x2"))
        assert not view.border_subtitle
        layout = view.placed
        assert layout is not None
        for column in layout.columns[1:]:
            for unit in column.units:
                label = body[column.middle(unit) - 1][column.start : column.left]
                assert label.strip() == str(unit + 1)
        await pilot.press("end")


@pytest.mark.parametrize("updates", [0, 20, 200])
async def test_pictures_of_units_show_what_they_answer(
    monkeypatch: pytest.MonkeyPatch, updates: int
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ViewApp(glyphs="ascii")
    trainer = trained(*CIRCLE, updates)
    theta = np.array(trainer.theta)
    W1, b1 = theta[:24].reshape(8, 3)[:, :2], theta[:24].reshape(8, 3)[:, 2]
    w2, b2 = theta[24:32], theta[32]
    async with app.run_test(size=(92, 36)):
        height, width = 12, 7
        view = app.view
        view.show(trainer.network, theta, plane(trainer.network, theta, height, width))
        lines, layout = rows(view), view.placed
        assert layout is not None
        places_x2 = np.linspace(3, -3, height)
        places_x1 = np.linspace(-3, 3, width)
        for column in layout.columns[1:]:
            for unit in column.units:
                for row in range(column.height):
                    for across in range(column.width):
                        # means of what falls into a cell, two halves of it first
                        picked = []
                        for half in (2 * row, 2 * row + 1):
                            i = slots(height, 2 * column.height, half)
                            j = slots(width, column.width, across)
                            cell = []
                            for x2 in places_x2[i]:
                                for x1 in places_x1[j]:
                                    a = np.tanh(W1 @ [x1, x2] + b1)
                                    if column.layer == 1:
                                        cell.append((a[unit] + 1) / 2)
                                    else:
                                        cell.append(1 / (1 + np.exp(-(w2 @ a + b2))))
                            picked.append(np.mean(cell))
                        share = float(np.mean(picked))
                        mark = lines[column.row(unit) + row][column.left + across]
                        at = max(" .:-=+*#%@".index(mark), 1)
                        expected = int(share * 23 + 0.5) * 10 // 24
                        assert abs(at - max(expected, 1)) <= (abs(share * 23 % 1 - 0.5) < 1e-6)


def slots(have: int, want: int, place: int) -> slice:
    """Which of so many values are shown at a place of fewer, or of more."""
    if want >= have:
        return slice(place * have // want, place * have // want + 1)
    return slice(place * have // want, (place + 1) * have // want)


def inks_of(view: NetworkView, links: Any, number: int) -> set[int]:
    cells = view.compose_cells(*view.size)
    found = np.argwhere(links.owner == number)
    return {int(cells.inks[row, links.left + column]) for row, column in found}


@pytest.mark.parametrize("glyphs", ["braille", "block", "ascii"])
async def test_links_are_coloured_by_sign(glyphs: str) -> None:
    app = ViewApp(glyphs=glyphs)
    trainer = trained(*CIRCLE)
    async with app.run_test(size=(172, 46)):
        view = shown(app, trainer)
        W = [
            np.array(trainer.theta)[:24].reshape(8, 3)[:, :2],
            np.array(trainer.theta)[None, 24:32],
        ]
        for links, weights in zip(view.links, W, strict=True):
            drawn = set(zip(links.units.tolist(), links.sources.tolist(), strict=True))
            sizes = np.abs(weights) / np.abs(weights).max()
            assert drawn == {(j, k) for j, k in np.ndindex(*weights.shape) if sizes[j, k] >= 0.02}
            for number, place in enumerate(zip(links.units, links.sources, strict=True)):
                sign = POSITIVE if weights[place] > 0 else NEGATIVE
                assert inks_of(view, links, number) == {sign}


async def test_larger_weights_are_thicker() -> None:
    app = ViewApp()
    network = Network((2, 2, 1), ("tanh", "sigmoid"))
    async with app.run_test(size=(92, 36)):
        dots = []
        for w in (1.0, 0.5, 0.2, 0.01):
            theta = network.pack([[[w, 0], [0, 1.0]], [[1.0, 1.0]]], [[0, 0], [0]])
            app.view.show(network, theta, plane(network, theta, 8, 8))
            cells = app.view.compose_cells(*app.view.size)
            links = app.view.links[0]
            owned = np.argwhere(np.isin(links.owner, np.flatnonzero(links.units == 0)))
            codes = cells.codes[owned[:, 0], links.left + owned[:, 1]].tolist()
            dots.append(sum((code - 0x2800).bit_count() for code in codes))
        assert dots[0] == pytest.approx(3 * dots[2], rel=0.1)
        assert dots[1] == pytest.approx(2 * dots[2], rel=0.1)
        # a hundredth of the largest is not drawn
        assert dots[3] == 0


async def test_without_colour_negative_links_are_dotted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ViewApp()
    network = Network((2, 2, 1), ("tanh", "sigmoid"))
    theta = network.pack([[[1.0, 0], [0, -1.0]], [[1.0, -1.0]]], [[0] * 2, [0]])
    async with app.run_test(size=(92, 36)):
        app.view.show(network, theta, plane(network, theta, 8, 8))
        links = app.view.links[0]
        lengths = {
            int(unit): int((links.owner == number).sum()) for number, unit in enumerate(links.units)
        }
        assert lengths[1] < 0.8 * lengths[0]


async def test_many_links_are_left_out_and_that_is_said() -> None:
    app = ViewApp()
    trainer = trained(*IMAGES, 30)
    async with app.run_test(size=(92, 36)) as pilot:
        view = shown(app, trainer, image=(8, 8), outputs=tuple("0123456789"))
        (links,) = view.links
        note = re.fullmatch(
            r"not all units  (\d+) largest of (\d+) links", str(view.border_subtitle)
        )
        assert note is not None
        assert len(links.units) == int(note[1])
        W2 = np.array(trainer.theta)[30 * 65 :].reshape(10, 31)[:, :30]
        visible = np.abs(W2[:, :6])
        assert int(note[1]) < int(note[2]) == (visible >= 0.02 * np.abs(W2).max()).sum()
        least = min(visible[j, k] for j, k in zip(links.units, links.sources, strict=True))
        assert (visible > least).sum() == len(links.units) - 1
        # all of a unit that is selected are there
        view.select(2, 3)
        await pilot.pause()
        sources = {
            int(k)
            for links in view.links
            for j, k in zip(links.units, links.sources, strict=True)
            if j == 3
        }
        assert len(sources) == 6
        await pilot.press("z")
        assert all(set(links.units.tolist()) == {3} for links in view.links)
        assert "links of the unit" in str(view.border_subtitle)


async def test_more_units_than_rows_are_paged() -> None:
    app = ViewApp()
    async with app.run_test(size=(92, 36)) as pilot:
        view = shown(app, trained(*IMAGES, 5), image=(8, 8))
        assert "… 24 more" in "\n".join(rows(view))
        await pilot.press("right", *["down"] * 7)
        assert view.selected is not None
        assert view.selected[:2] == (1, 7)
        text = "\n".join(rows(view))
        assert "… 2 more" in text
        assert "… 22 more" in text
        await pilot.press("end")
        text = "\n".join(rows(view))
        assert "30▶" in text
        assert text.count("more") == 1
        await pilot.press("home")
        assert " 1▶" in "\n".join(rows(view))
        # a click on the line pages, the wheel scrolls
        line = next(y for y, text in enumerate(rows(view)) if "… 24 more" in text)
        await pilot.click(view, offset=(rows(view)[line].index("24 more") + 1, line + 1))
        assert "… 18 more" in "\n".join(rows(view))
        assert view.selected is not None
        assert view.selected.unit == 6


async def test_layers_that_do_not_fit_are_walked_along() -> None:
    app = ViewApp()
    async with app.run_test(size=(62, 22)) as pilot:
        view = shown(app, trained((2, *[3] * 8, 1), (*["tanh"] * 8, "sigmoid"), 5))
        assert str(view.border_subtitle).startswith("l=0 to")
        await pilot.press(*["right"] * 12)
        assert "to 9 of 9" in str(view.border_subtitle)
        assert view.selected is not None
        assert view.selected.layer == 9


async def test_arrows_follow_the_links() -> None:
    app = ViewApp()
    async with app.run_test(size=(92, 36)) as pilot:
        view = shown(app, trained(*CIRCLE))
        await pilot.press("right")
        assert view.selected == (1, 0, 0)
        await pilot.press("down", "down", "o")
        assert view.selected == (1, 2, 1)
        await pilot.press("right")
        assert view.selected == (2, 0, 2)
        await pilot.press("u")
        assert view.selected == (2, 0, 1)
        await pilot.press("left")
        assert view.selected == (1, 1, 0)
        await pilot.press("u")
        assert view.selected == (1, 1, 2)  # the bias
        await pilot.press("o", "o", "left")
        assert view.selected == (0, 1, 0)
        await pilot.press("left", "w", "shift+up", "o")
        assert view.selected == (0, 1, 0)
        await pilot.press("up", "up")
        assert view.selected == (0, 0, 0)
        assert app.heard[0] == (1, 0, 0)
        assert (1, 1, None) in app.heard
        assert app.heard[-1] == (0, 0, None)


async def test_what_is_selected_is_read_out() -> None:
    app = ViewApp()
    trainer = trained(*CIRCLE)
    theta = np.array(trainer.theta)
    gradient = np.linspace(-0.5, 0.5, theta.size)
    async with app.run_test(size=(122, 36)) as pilot:
        view = shown(app, trainer, gradient=gradient, inputs=("x1", "x1^2"))
        view.select(1, 2, 1)
        await pilot.pause()
        upper, lower = rows(view)[-2:]
        w, b = theta[2 * 3 + 1], theta[2 * 3 + 2]
        assert f"w¹₃₂ = {w:.3g}".replace("-", "−") in lower
        assert f"∂C/∂w = {gradient[7]:.3g}".replace("-", "−") in lower
        assert "from x1^2 to unit 3 of l=1" in lower
        assert "unit 3 of l=1 (tanh)" in upper
        assert f"b¹₃ = {b:.3g}".replace("-", "−") in upper
        view.select(2, 0, 8)
        await pilot.pause()
        assert f"b²₁ = {theta[-1]:.3g}".replace("-", "−") in rows(view)[-1]
        assert "bias of unit 1 of l=2" in rows(view)[-1]
        assert f"∂C/∂b = {gradient[-1]:.3g}" in rows(view)[-1]
        # the lines of others step back
        view.select(1, 4, 0)
        await pilot.pause()
        for number, unit in enumerate(view.links[0].units):
            inks = inks_of(view, view.links[0], number)
            chosen = unit == 4 and view.links[0].sources[number] == 0
            if chosen:
                assert inks == {CHOSEN}
            else:
                assert inks <= {POSITIVE, NEGATIVE} if unit == 4 else min(inks) > FAINT


async def test_units_of_images_and_classes_have_their_words() -> None:
    app = ViewApp()
    async with app.run_test(size=(122, 36)) as pilot:
        view = shown(app, trained(*IMAGES, 5), image=(8, 8), outputs=tuple("0123456789"))
        view.select(1, 11, 8 * 2 + 5)
        await pilot.pause()
        assert "from pixel 22 (row 3, column 6) to unit 12 of l=1" in rows(view)[-1]
        assert "w¹₁₂,₂₂ = " in rows(view)[-1]
        assert sum(line.count("◇") for line in rows(view)) == 2
        view.select(2, 3, 4)
        await pilot.pause()
        assert "unit 4 of l=2 (softmax) for 3" in rows(view)[-2]
        await pilot.press("left", "left", "left")
        assert view.selected is not None
        assert view.selected.layer == 1


async def test_it_is_said_what_the_squares_of_inputs_are() -> None:
    app = ViewApp()
    trainer = trained((4, 5, 3), ("tanh", "softmax"))
    async with app.run_test(size=(90, 30)) as pilot:
        view = shown(app, trainer)
        assert "‖w‖ from each" in "\n".join(rows(view))
        view.select(0, 2)
        await pilot.pause()
        W = trainer.network.W(trainer.theta)[0]
        norm = significant(float(np.sqrt((W[:, 2] ** 2).sum())))
        assert f"its square shows ‖w‖ = {norm} of the links from it" in rows(view)[-2]
        # where not all inputs are shown the row is that of their number
        view = shown(app, trained((70, 3, 1), ("relu", "sigmoid"), 5))
        assert re.search(r"… \d+ more", "\n".join(rows(view)))


async def test_a_weight_is_written_and_nudged() -> None:
    app = ViewApp()
    trainer = trained(*CIRCLE)
    theta = np.array(trainer.theta)
    async with app.run_test(size=(92, 36)) as pilot:
        view = shown(app, trainer)
        view.select(1, 3, 1)
        await pilot.pause()
        app.heard.clear()
        await pilot.press("w")
        assert app.heard == [("write", 1, 3, 1, theta[10], "w¹₄₂ from input 2 to unit 4 of l=1")]
        app.heard.clear()
        largest = np.abs(theta[:24].reshape(8, 3)[:, :2]).max()

        def step(w: float) -> float:
            return max(0.1 * abs(w), 0.05 * largest)

        await pilot.press("shift+up", "shift+up", "shift+down")
        once = float(f"{theta[10] + step(theta[10]):.2e}")
        twice = float(f"{once + step(once):.2e}")
        back = float(f"{twice - step(twice):.2e}")
        assert app.heard == [(1, 3, 1, once), (1, 3, 1, twice), (1, 3, 1, back)]
        # what the trainer made of it counts from then on
        trainer.theta[10] = 0.75
        shown(app, trainer)
        app.heard.clear()
        await pilot.press("shift+down")
        assert app.heard == [(1, 3, 1, float(f"{0.75 - step(0.75):.2e}"))]
        view.select(2, 0, 8)
        await pilot.pause()
        app.heard.clear()
        await pilot.press("w")
        assert app.heard == [("write", 2, 0, None, theta[-1], "b²₁ bias of unit 1 of l=2")]
        view.editable = False
        app.heard.clear()
        await pilot.press("w", "shift+up")
        assert app.heard == []
        assert "write" not in "".join(rows(view))
        assert "focused.write" not in [key.action for key in view.footer_keys]


async def test_a_network_that_diverged_is_still_drawn() -> None:
    app = ViewApp()
    network = Network(*CIRCLE)
    async with app.run_test(size=(92, 36)) as pilot:
        for bad in (np.nan, np.inf, 1e300):
            theta = np.full(network.parameters, bad)
            app.view.show(network, theta, plane(network, theta, 8, 8))
            app.view.select(1, 2, 1)
            await pilot.press("shift+up", "u", "shift+up")
            assert "l=1 · 8 tanh" in rows(app.view)[0]


async def click(
    pilot: Pilot[None], view: NetworkView, row: int, column: int, times: int = 1
) -> None:
    await pilot.click(view, offset=(column + 1, row + 1), times=times)
    await pilot.pause()


async def test_a_click_selects_what_it_hits() -> None:
    app = ViewApp()
    trainer = trained(*CIRCLE)
    async with app.run_test(size=(92, 36)) as pilot:
        view = shown(app, trainer)
        layout = view.placed
        assert layout is not None
        hidden = layout.columns[1]
        await click(pilot, view, hidden.row(4) + 1, hidden.left + 2)
        assert view.selected == (1, 4, 0)
        await click(pilot, view, hidden.row(5) + hidden.height - 1, hidden.right)
        assert view.selected == (1, 5, 2)
        before = layout.columns[0]
        await click(pilot, view, before.row(1), before.left)
        assert view.selected == (0, 1, 0)
        view.selected = None
        await pilot.pause()
        for links in view.links:
            for number in (0, len(links.units) - 1):
                row, column = np.argwhere(links.owner == number)[0]
                place = int(links.units[number]), int(links.sources[number])
                view.selected = None
                await click(pilot, view, int(row), links.left + int(column))
                assert view.selected == (links.layer, *place)
                view.selected = None
                await pilot.pause()
        links = view.links[1]
        row, column = np.argwhere(links.owner == len(links.units) - 1)[-1]
        app.heard.clear()
        await click(pilot, view, int(row), links.left + int(column), times=2)
        assert app.heard[-1][0] == "write"


async def test_ascii_draws_nothing_else() -> None:
    quantities = set("‖σ′δ∂η")
    app = ViewApp(glyphs="ascii")
    async with app.run_test(size=(122, 36)) as pilot:
        for trainer, options in (
            (trained(*CIRCLE), {"gradient": None}),
            (trained(*IMAGES, 5), {"image": (8, 8), "outputs": tuple("0123456789")}),
            (trained(*IRIS), {"inputs": ("sepal length (cm)", "a", "b", "c")}),
        ):
            view = shown(app, trainer, **options)
            for key in ("right", "down", "o", "right", "z", "z"):
                text = "".join(rows(view)) + str(view.border_subtitle)
                assert set(text) - quantities <= set(map(chr, range(32, 127)))
                await pilot.press(key)


async def test_no_number_is_cut_at_any_size() -> None:
    app = ViewApp()
    trainer = trained(*IMAGES, 5)
    async with app.run_test(size=(172, 46)) as pilot:
        view = shown(app, trainer, image=(8, 8))
        view.select(1, 11, 20)
        await pilot.pause()
        whole = set(re.findall(r"= ([−\d.e]+)", "\n".join(rows(view)[-2:])))
        for width in range(3, 150, 3):
            for height in (3, 9, 11, 20, 34):
                cells = view.compose_cells(width, height)
                lines = ["".join(map(chr, line)) for line in cells.codes]
                found = set(re.findall(r"= ([−\d.e]+)", "\n".join(lines)))
                assert found <= whole, (width, height, found)


@pytest.mark.parametrize("glyphs", ["braille", "block", "ascii"])
async def test_any_network_at_any_size(glyphs: str) -> None:
    app = ViewApp(glyphs=glyphs)
    async with app.run_test(size=(80, 24)):
        for trainer, options in (
            (trained((1, 1), ("sigmoid",)), {}),
            (trained((2, 1), ("sigmoid",)), {}),
            (trained((12, 40, 3), ("relu", "softmax"), 5), {"image": (3, 4)}),
            (trained((70, 3, 1), ("relu", "sigmoid"), 5), {}),
            (trained((2, *[3] * 6, 1), (*["relu"] * 6, "sigmoid"), 5), {}),
        ):
            view = shown(app, trainer, **options)
            for width, height in ((3, 1), (38, 6), (36, 10), (48, 11), (60, 20), (90, 34)):
                cells = view.compose_cells(width, height)
                assert cells.codes.shape == (height, width)
