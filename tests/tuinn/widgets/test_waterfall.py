"""δ over time: which number has which colour, what is told of a cell, what keys and mouse do."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import pytest
from textual import on
from textual.app import App, ComposeResult
from watched_runs import SHAPES, Run, matrices, run, slope, value

from engine.inside.cause import Cause
from engine.snapshot import LayerSnapshot, Snapshot
from tuinn.history import History
from tuinn.widgets.heat import SHADES
from tuinn.widgets.raster import Axis, Glyphs
from tuinn.widgets.series import Mark
from tuinn.widgets.waterfall import Waterfall
from tuinn.widgets.waterfall_moments import Moments
from tuinn.widgets.waterfall_words import brief, fitting, wordings

NAN = math.nan


def snapshot(update: int, deltas: Sequence[float], activation: str = "sigmoid") -> Snapshot:
    """Of layers whose δ is that of the one above times whatever gives ``deltas``."""
    figures = {**dict.fromkeys(LayerSnapshot.__slots__, 0.0), "units": 3, "sigma_prime": 0.2}
    return Snapshot(
        epoch=update / 10,
        update=update,
        seconds=update / 100,
        eta=0.5,
        alpha=0.0,
        batch_size=10,
        train_loss=0.3,
        train_accuracy=0.9,
        validation_loss=None,
        validation_accuracy=None,
        layers=tuple(
            LayerSnapshot(
                **{
                    **figures,
                    "layer": l,
                    "activation": activation,
                    "delta": delta,
                    "arriving": 5 * delta,
                }
            )
            for l, delta in enumerate(deltas, start=1)
        ),
    )


def history(*snapshots: Snapshot) -> History:
    kept = History()
    for one in snapshots:
        kept.append(one)
    return kept


def falling(layers: int = 3, moments: int = 21) -> History:
    """δ^l = 10^−(layers − l) all the time; from update to update ten updates."""
    deltas = [10.0 ** (l - layers) for l in range(1, layers + 1)]
    return history(*(snapshot(10 * n, deltas) for n in range(moments)))


class WaterfallApp(App[None]):
    def __init__(self, glyphs: Glyphs = "braille") -> None:
        super().__init__()
        self.waterfall = Waterfall(glyphs=glyphs, id="waterfall")
        self.messages: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.waterfall

    @on(Waterfall.CursorMoved)
    def note_cursor(self, message: Waterfall.CursorMoved) -> None:
        self.messages.append(("cursor", message.x))

    @on(Waterfall.ViewChanged)
    def note_view(self, message: Waterfall.ViewChanged) -> None:
        self.messages.append(("view", message.view))


def rows(panel: Waterfall, width: int = 0, height: int = 0) -> list[str]:
    codes = panel.compose_cells(width or panel.size.width, height or panel.size.height).codes
    return ["".join(map(chr, row)).rstrip() for row in codes]


def number(text: str, before: str) -> float:
    found = re.search(re.escape(before) + r" *([+−]?\d+(?:\.\d+)?(?:e[+−]?\d+)?)", text)
    assert found is not None, (before, text)
    return float(found[1].replace("−", "-"))


def by_hand(of: Run, theta: np.ndarray) -> list[dict[str, float]]:
    """Means over the examples, all at once: BP1 and BP2 in columns."""
    layers, a, zs = matrices(of, theta), of.X.T, []
    for (W, b), name in zip(layers, of.activations, strict=True):
        zs.append(W @ a + b[:, None])
        a = np.stack([value(name, z) for z in zs[-1].T], axis=1)
    arriving, found = a - of.Y.T, []
    for l in reversed(range(len(layers))):
        prime = np.stack([slope(of.activations[l], z) for z in zs[l].T], axis=1)
        whole = l == len(layers) - 1 and of.cost == "cross-entropy"
        delta = arriving if whole else arriving * prime
        found.insert(
            0,
            {
                "delta": np.linalg.norm(delta, axis=0).mean(),
                "arriving": np.linalg.norm(arriving, axis=0).mean(),
                "mean": prime.mean(),
            },
        )
        arriving = layers[l][0].T @ delta
    return found


@pytest.mark.parametrize("alpha", [0.0, 2.0])
@pytest.mark.parametrize("shape", SHAPES)
async def test_its_numbers_are_those_of_the_run(shape: str, alpha: float) -> None:
    ran = run(shape, alpha)
    app = WaterfallApp()
    async with app.run_test(size=(150, 24)):
        panel = app.waterfall
        panel.show(history(*ran.snapshots), "update")
        now = by_hand(ran, ran.snapshots[-1].theta)
        for place in ran.moments:
            panel.cursor = float(ran.snapshots[place].update)
            expected = by_hand(ran, ran.snapshots[place].theta)
            ratio = expected[0]["delta"] / expected[-1]["delta"]
            head = rows(panel)[0]
            assert number(head, "‖δ¹‖/‖δᴸ‖") == pytest.approx(ratio, rel=0.006)
            last = now[0]["delta"] / now[-1]["delta"]
            before = f"at update {ran.snapshots[place].update}"
            assert before in head
            if place < len(ran.snapshots) - 1:
                assert number(head, f"{before},") == pytest.approx(last, rel=0.006)
            else:
                assert "now" not in head
            for l, parts in enumerate(expected, start=1):
                panel.selected = l
                text = rows(panel)
                beside = next(line for line in text if f"▸l={l}" in line)
                assert number(beside.partition("┤")[2].lstrip(), "") == pytest.approx(
                    parts["delta"], rel=0.006
                )
                words = " ".join(text[-5:])
                raised = "⁰¹²³⁴"[l]
                assert number(words, f"‖δ{raised}‖") == pytest.approx(parts["delta"], rel=0.006)
                if l == len(expected):
                    arrives = f"‖a{raised} − y‖"
                else:
                    above = "⁰¹²³⁴"[l + 1]
                    arrives = f"‖(W{above})ᵀδ{above}‖"
                    passed = parts["arriving"] / expected[l]["delta"]
                    assert number(words, "pass on") == pytest.approx(passed, rel=0.06)
                assert number(words, arrives) == pytest.approx(parts["arriving"], rel=0.006)
                if "cancels" in words:
                    assert number(words, "(mean") == pytest.approx(parts["mean"], rel=0.06)
                else:
                    through = parts["delta"] / parts["arriving"]
                    assert number(words, "× σ′") == pytest.approx(through, rel=0.06)
                    mean = number(words, "its mean over all units is")
                    assert mean == pytest.approx(parts["mean"], rel=0.06)


def test_a_cell_has_the_mean_of_its_moments() -> None:
    rng = np.random.default_rng(0)
    updates = np.sort(rng.choice(400, 150, replace=False))
    deltas = 10.0 ** rng.uniform(-3, 0, (150, 2))
    deltas[7, 0] = 0.0
    moments = Moments.of(
        history(*(snapshot(int(u), d) for u, d in zip(updates, deltas, strict=True))), "update"
    )
    assert moments is not None
    for axis in (Axis(0, 500, 40, 1), Axis(0, 500, 300, 1), Axis(100, 150, 30, 1)):
        shares = moments.shares(axis, (-3.0, 0.0))
        width = (axis.high - axis.low) / (axis.cells - 1)
        for cell in range(axis.cells):
            left = axis.low + (cell - 0.5) * width
            inside = (updates >= left) & (updates < left + width)
            before = np.flatnonzero(updates < left)
            for l in range(2):
                logs = np.log10(np.maximum(deltas[:, l], 1e-3)) / 3 + 1
                if inside.any():
                    assert shares[l, cell] == pytest.approx(logs[inside].mean())
                elif before.size and left < updates[-1]:
                    assert shares[l, cell] == pytest.approx(logs[before[-1]])
                else:
                    assert math.isnan(shares[l, cell])


def test_the_scale_has_round_ends_that_stay_while_they_serve() -> None:
    def limits(low: float, high: float, previous: tuple[float, float] | None) -> list[float]:
        moments = Moments.of(history(snapshot(0, [low, high])), "update")
        assert moments is not None
        return [round(10**end, 12) for end in moments.limits(previous)]

    assert limits(0.0031, 0.7, None) == [0.002, 1.0]
    assert limits(0.0021, 0.49, None) == [0.002, 0.5]
    assert limits(0.004, 0.9, (-3.0, 0.0)) == [0.001, 1.0]
    assert limits(0.4, 0.9, (-3.0, 0.0)) == [0.1, 1.0]
    assert limits(0.4, 1.9, (-3.0, 0.0)) == [0.2, 2.0]
    # what is too small to be told apart from nothing does not stretch it
    assert limits(1e-30, 1.0, None) == [1e-8, 1.0]
    assert limits(0.0, 0.0, None) == [0.1, 1.0]
    assert limits(1e-300, math.inf, None)[1] == pytest.approx(1e-300)


async def test_layers_go_down_from_the_output_and_colours_from_bright_to_dark() -> None:
    app = WaterfallApp()
    async with app.run_test(size=(60, 14)) as pilot:
        app.waterfall.show(falling(), "update", (0.0, 400.0))
        labels = re.findall(r"l=(\d)", "".join(rows(app.waterfall)[:9]))
        assert labels == ["3", "2", "1"]
        await pilot.pause()
        grounds = []
        for layer in ("l=3", "l=2", "l=1"):
            y = next(n for n, line in enumerate(rows(app.waterfall)) if layer in line)
            cells = [
                segment.style.bgcolor
                for segment in app.waterfall.render_line(y)
                for _ in segment.text
                if segment.style is not None
            ]
            # 60 cells with the border: the run is over half of the canvas
            assert cells[8] == cells[20]
            assert cells[8] != cells[50]
            grounds.append(sum(cells[8].get_truecolor()))  # type: ignore[union-attr]
        assert grounds == sorted(grounds, reverse=True)
        assert len(set(grounds)) == 3
        assert "1" in str(app.waterfall.border_subtitle)
        assert "0.01" in str(app.waterfall.border_subtitle)


@pytest.mark.parametrize(("glyphs", "ramp"), [("braille", " ░▒▓█"), ("ascii", " .:-=+*#%@")])
async def test_without_colour_characters_carry_the_values(
    glyphs: Glyphs, ramp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = WaterfallApp(glyphs)
    async with app.run_test(size=(60, 14)):
        app.waterfall.show(falling(), "update", (0.0, 400.0))
        text = rows(app.waterfall)
        line = "|" if glyphs == "ascii" else "┤"
        drawn = [
            next(row for row in text if f"l={l}" in row).partition(line)[2][5] for l in (1, 2, 3)
        ]
        assert drawn[2] == ramp[-1]
        # the least value is not blank: that is for where there is nothing
        assert 0 < ramp.index(drawn[0]) < ramp.index(drawn[1]) < len(ramp) - 1
        after = next(row for row in text if "l=3" in row).partition(line)[2]
        assert after[40:44].strip() == ""
        assert ramp[1] in str(app.waterfall.border_subtitle)


async def test_keys_move_the_cursor_of_all_charts_and_choose_a_layer() -> None:
    app = WaterfallApp()
    async with app.run_test(size=(70, 14)) as pilot:
        panel = app.waterfall
        panel.show(falling(), "update", (0.0, 400.0))
        panel.focus()
        await pilot.press("left")
        assert panel.cursor == 200
        await pilot.press("left", "left")
        assert panel.cursor == 180
        assert app.messages[-1] == ("cursor", 180.0)
        assert "at update 180" in rows(panel)[0]
        assert "▸l=1" in "".join(rows(panel))
        await pilot.press("up")
        assert "▸l=2" in "".join(rows(panel))
        await pilot.press("up", "up", "up")
        assert panel.selected == 3
        await pilot.press("down")
        assert panel.selected == 2
        await pilot.press("plus")
        assert panel.view is not None
        assert app.messages[-1] == ("view", panel.view)
        await pilot.press("home")
        assert panel.view is None
        await pilot.press("escape")
        assert panel.cursor is None
        assert [key.shown for key in panel.footer_keys] == ["←→", "↑↓"]


async def test_a_click_sets_moment_and_layer() -> None:
    app = WaterfallApp()
    async with app.run_test(size=(60, 14)) as pilot:
        panel = app.waterfall
        panel.show(falling(), "update", (0.0, 400.0))
        await pilot.pause()
        text = rows(panel)
        y = next(n for n, line in enumerate(text) if "l=3" in line)
        # the border is one cell wide
        await pilot.click(panel, offset=(16, y + 1))
        assert panel.selected == 3
        x = panel.x_at(15)
        assert x is not None
        assert panel.cursor == pytest.approx(x, abs=5.1)
        assert rows(panel)[y][15] == "◆"
        await pilot.hover(panel, offset=(20, y + 4))
        assert "▸l=3" not in "".join(rows(panel))


async def test_the_cursor_may_come_from_another_chart() -> None:
    app = WaterfallApp()
    async with app.run_test(size=(60, 14)) as pilot:
        panel = app.waterfall
        panel.show(falling(), "update")
        panel.cursor = 57.0
        await pilot.pause()
        # the last moment before it
        assert "at update 50" in rows(panel)[0]
        panel.view = (0.0, 50.0)
        await pilot.pause()
        assert "◆" not in "".join(rows(panel))


async def test_marks_of_the_run_are_drawn() -> None:
    app = WaterfallApp()
    async with app.run_test(size=(60, 14)):
        app.waterfall.show(falling(), "update", None, [Mark(100.0, "η 0.5→0.1")])
        assert "┊" in rows(app.waterfall)[2]


async def test_more_layers_than_rows_follow_the_chosen_one() -> None:
    app = WaterfallApp()
    async with app.run_test(size=(50, 8)) as pilot:
        panel = app.waterfall
        panel.show(falling(9), "update")
        panel.focus()
        await pilot.pause()
        assert re.findall(r"l=(\d)┤", "".join(rows(panel))) == ["5", "4", "3", "2", "1"]
        assert "l=5 to 1 ↑↓" in str(panel.border_subtitle)
        await pilot.press(*["up"] * 8)
        assert re.findall(r"l=(\d)┤", "".join(rows(panel))) == ["9", "8", "7", "6", "5"]
        await pilot.resize_terminal(50, 20)
        await pilot.pause()
        assert "↑↓" not in str(panel.border_subtitle)


async def test_nothing_to_show() -> None:
    app = WaterfallApp()
    async with app.run_test(size=(60, 10)) as pilot:
        panel = app.waterfall
        panel.focus()
        for none in (None, History(), history(snapshot(0, []))):
            panel.show(falling(), "update")
            panel.show(none)
            assert "press space to train" in "".join(rows(panel))
            await pilot.press("left", "up", "plus")
        panel.show(history(snapshot(0, [0.1, 0.2])))
        assert "‖δ¹‖/‖δᴸ‖ 0.500" in "".join(rows(panel)) + str(panel.border_title)


async def test_what_is_zero_or_not_finite() -> None:
    app = WaterfallApp()
    async with app.run_test(size=(90, 16)):
        panel = app.waterfall
        for deltas in ([0.0, 0.0], [NAN, NAN], [math.inf, 1.0], [0.0, 1.0], [1e-300, 1.0]):
            panel.show(history(snapshot(0, [0.1, 1.0]), snapshot(10, deltas)), "update")
            text = "".join(rows(panel))
            assert "l=1" in text
            assert "nan" not in text
        panel.show(history(snapshot(0, [NAN, NAN])), "update")
        assert "not a finite number" in " ".join(rows(panel))


@pytest.mark.parametrize("glyphs", ["braille", "ascii"])
@pytest.mark.parametrize("colour", [True, False])
async def test_no_number_is_ever_cut_off(
    glyphs: Glyphs, colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not colour:
        monkeypatch.setenv("NO_COLOR", "1")
    app = WaterfallApp(glyphs)
    async with app.run_test(size=(80, 20)):
        panel = app.waterfall
        panel.show(history(snapshot(0, [0.0123, 0.456]), snapshot(1234, [0.0123, 0.456])), "update")
        # what is told of layers 1 and 2, as far as it goes
        whole = {"1", "234", "0.0123", "0.0615", "0.456", "0.20", "0.25", "0.13", "0.0270"}
        whole |= {"0.012", "0.061", "0.027", "2.3"}
        for width in range(12, 120, 7):
            for height in (1, 2, 3, 5, 6, 9, 14, 34):
                text = rows(panel, width, height)
                if glyphs == "ascii":
                    assert set("".join(text)) - set(map(chr, range(128))) <= set("‖δ¹²ᴸᵀσ′−…")
                # the ticks of the x axis are the frame's
                for line in text:
                    if re.fullmatch(r"[ \d.kM]*", line):
                        continue
                    line = re.sub(r"l=\d|W²|δ[¹²ᴸ]", "", line)
                    numbers = set(re.findall(r"\d+(?:\.\d+)?", line))
                    assert numbers <= whole, (width, height, line)


async def test_the_longest_numbers_have_room_beside_the_rows() -> None:
    app = WaterfallApp()
    async with app.run_test(size=(80, 20)):
        panel = app.waterfall
        panel.show(history(snapshot(0, [3.456e-101, 0.000286, 0.5])))
        for width in (60, 78, 83, 84, 110):
            text = "\n".join(rows(panel, width, 16)[:10])
            assert "3.5e−101" in text
            assert "0.000286" in text


async def test_colours_say_what_the_shades_are() -> None:
    app = WaterfallApp()
    async with app.run_test(size=(60, 14)):
        panel = app.waterfall
        panel.show(falling(), "update")
        ramp = panel._ramp()
        shades = [f"on {panel._colour('rising', shade).hex}" for shade in (0, SHADES - 1)]
        assert [str(ramp[0].spans[0].style), str(ramp[-1].spans[0].style)] == shades


@pytest.mark.parametrize(
    ("cause", "short", "said"),
    [
        (Cause(2, "sigmoid", 0.02, 0.1, 0.2, 1.0), "small weights", "only 0.10 of ‖δ³‖ gets"),
        (Cause(2, "sigmoid", 0.01, 1.0, 0.2, 1.0), "saturation", "σ′ is 0.040 of its largest"),
        (Cause(2, "sigmoid", 0.2, 0.9, 0.2, 1.0), "σ′ ≤ 0.25", "σ′ of a sigmoid is at most 0.25"),
        (Cause(2, "sigmoid", 0.7, 3.0, 0.2, 1.0), "comes through", "is 0.70 of the one above"),
        (Cause(2, "sigmoid", 2.5, 11.0, 0.2, 1.0), "grows", "is 2.5 times the one above"),
        (Cause(2, "relu", 0.1, 1.0, 0.2, 1.0), "units off", "units that are off"),
        (Cause(3, "sigmoid", 0.7, 0.7, 0.02, NAN), "σ′ cancelled", "the cost cancels σ′"),
        (Cause(2, "sigmoid", 0.0, 0.0, 0.2, 0.0), "no error", "no error arrives"),
        (Cause(2, "sigmoid", NAN, NAN, 0.2, NAN), "not finite", "not a finite number"),
    ],
)
def test_every_reason_has_its_words(cause: Cause, short: str, said: str) -> None:
    texts = wordings(cause, "update 1 200")
    assert brief(cause) == short
    spoken = " ".join(fitting(texts, 400, 1))
    # of the two σ′ of a line it is said what they are
    assert ("where δ arrives" in spoken) == ("mean over all units" in spoken)
    assert said in spoken
    assert spoken.startswith(f"l={cause.layer}, update 1 200: ‖δ")
    assert fitting(texts, 3, 1) == ["…"]
    assert fitting(texts, 80, 0) == []
    # wordings grow shorter, and each fits into its own length
    assert len(texts[-1]) == min(map(len, texts))
    for text in texts:
        assert len(fitting([text], len(text), 1)) == 1
