"""Histograms over time: what is drawn where is what the weights of that moment are."""

from __future__ import annotations

import dataclasses
import re
from typing import NamedTuple

import numpy as np
import pytest
from engine_examples import blobs, split_of
from textual.app import App, ComposeResult

from engine import GradientDescent, Network, Stop, Trainer
from engine.inside.histogram import KINDS, Spread
from engine.snapshot import Snapshot
from tuinn.histogram_strip import HistogramStrip
from tuinn.numbers import significant
from tuinn.widgets.histogram_words import heading
from tuinn.widgets.histograms import Histograms
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.panels import Panels
from tuinn.widgets.zoomable import Zoomable


class Kept(NamedTuple):
    snapshot: Snapshot


def trained(
    sizes: tuple[int, ...] = (2, 8, 1), sigmas: tuple[str, ...] = ("tanh", "sigmoid")
) -> tuple[Trainer, tuple[Kept, ...]]:
    """A run of 3 epochs of 6 updates."""
    trainer = Trainer(
        Network(sizes, sigmas),
        split_of(blobs(m=60)),
        optimizer=GradientDescent(1.0),
        stop=Stop(epochs=3),
    )
    kept = [Kept(trainer.snapshot())]
    while trainer.finished is None:
        trainer.run(1)
        kept.append(Kept(trainer.snapshot()))
    return trainer, tuple(kept)


def strip_of(trainer: Trainer) -> HistogramStrip:
    train = trainer.split.train
    return HistogramStrip(
        trainer.network, trainer.cost, (train.X[:30].T, train.Y[:30].T), budget=10
    )


class PanelApp(App[None]):
    def __init__(self, **options: str) -> None:
        super().__init__()
        self.panel = Histograms(**options)  # type: ignore[arg-type]
        self.told: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.panel

    def on_histograms_kind_chosen(self, event: Histograms.KindChosen) -> None:
        self.told.append(event.kind)

    def on_zoomable_cursor_moved(self, event: Zoomable.CursorMoved) -> None:
        self.told.append(event.x)


def rows(panel: Histograms) -> list[str]:
    return [panel.render_line(y).text.rstrip() for y in range(panel.size.height)]


def weights(trainer: Trainer, moment: Kept, layer: int) -> np.ndarray:
    assert moment.snapshot.theta is not None
    return trainer.network.W(moment.snapshot.theta)[layer - 1]


async def test_an_empty_panel_says_what_would_fill_it() -> None:
    app = PanelApp()
    async with app.run_test(size=(60, 12)):
        assert "press space to train" in "".join(rows(app.panel))
        trainer, moments = trained()
        app.panel.show(strip_of(trainer), moments)
        assert "l=1" in "".join(rows(app.panel))
        app.panel.show(None)
        assert "press space to train" in "".join(rows(app.panel))


async def test_the_numbers_are_those_of_the_moment_shown() -> None:
    trainer, moments = trained()
    strip = strip_of(trainer)
    app = PanelApp()
    async with app.run_test(size=(120, 30)):
        for shown in (moments[0], moments[9], moments[-1]):
            app.panel.show(strip, moments, shown=shown.snapshot)
            heads = [row for row in rows(app.panel) if "median" in row]
            for layer, head in enumerate(heads, start=1):
                values = weights(trainer, shown, layer)
                assert f"l={layer} " in head
                for name, share in (("min", 0), ("5 %", 0.05), ("median", 0.5), ("max", 1)):
                    number = significant(float(np.quantile(values, share)))
                    assert f"{name} {number} " in head + " ", head
            assert len(heads) == 2
            assert f"at {significant(shown.snapshot.epoch)} epoch" in rows(app.panel)[-1]


async def test_each_column_of_the_strip_is_the_histogram_of_its_moment() -> None:
    """Drawn as characters, in one row per value and one column per moment."""
    trainer, moments = trained((2, 8, 1))
    strip = strip_of(trainer)
    app = PanelApp(glyphs="ascii")
    app.no_color = True  # type: ignore[misc]
    left = 10
    async with app.run_test(size=(46, 14)):
        app.panel.alone = True
        app.panel.show(strip, moments, x_range=(0.0, 3.0))
        drawn = [row.ljust(200) for row in rows(app.panel)]
        # a row of kinds, two of numbers, the strip, a row of epochs
        top, count = 3, len(drawn) - 4
        assert drawn[1].startswith("l=1")
        high, low = (float(drawn[row][:9]) for row in (top, top + count - 1))
        cells = app.panel.size.width - left
        for column in range(cells):
            end = (column + 1) / cells * 3
            moment = [m for m in moments if m.snapshot.epoch <= end + 1e-9][-1]
            values = weights(trainer, moment, 1).ravel()
            row_of = np.clip(((high - values) / (high - low) * count).astype(int), 0, count - 1)
            marked = {row for row in range(count) if drawn[top + row][left + column] != " "}
            # where a bin lies on the border of two rows both show it
            assert set(row_of.tolist()) <= marked, column
            assert all({row - 1, row, row + 1} & set(row_of.tolist()) for row in marked)
            assert len(marked) <= 2 * len(set(row_of.tolist()))


async def test_the_bars_are_in_proportion() -> None:
    trainer, moments = trained((2, 40, 1))
    app = PanelApp(glyphs="ascii")
    async with app.run_test(size=(100, 14)):
        app.panel.alone = True
        app.panel.show(strip_of(trainer), moments)
        left = app.panel.size.width - 16
        drawn = rows(app.panel)[2:-1]
        lengths = [row[left:].count("#") for row in drawn]
        values = weights(trainer, moments[-1], 1)
        high, low = float(drawn[0][:9]), float(drawn[-1][:9])
        counts = np.histogram(values, np.linspace(low, high, len(lengths) + 1))[0][::-1]
        assert max(lengths) == 16
        for length, number in zip(lengths, counts.tolist(), strict=True):
            assert abs(length - 16 * number / counts.max()) <= 1.5


async def test_z_goes_through_the_kinds_and_a_click_chooses_one() -> None:
    trainer, moments = trained()
    app = PanelApp()
    async with app.run_test(size=(100, 20)) as pilot:
        app.panel.show(strip_of(trainer), moments)
        app.panel.focus()
        assert "[weights w]" in rows(app.panel)[0]
        for kind in (*KINDS[1:], KINDS[0]):
            await pilot.press("z")
            await pilot.pause()
            assert app.panel.kind == kind == app.told[-1]
        at = rows(app.panel)[0].index("activations a")
        await pilot.click(Histograms, offset=(at + 2, 1))
        await pilot.pause()
        assert app.panel.kind == "a"
        assert "[activations a]" in rows(app.panel)[0]
        assert "activations" in str(app.panel.border_title)
        # the activations of a tanh and of a sigmoid
        drawn = "\n".join(rows(app.panel))
        assert re.search(r"−1\.00\b", drawn)


async def test_a_search_offers_no_slopes() -> None:
    trainer, moments = trained()
    app = PanelApp()
    async with app.run_test(size=(100, 20)) as pilot:
        app.panel.show(strip_of(trainer), moments)
        app.panel.focus()
        app.panel.kind = "gradient"
        assert "∂C₀/∂w" in rows(app.panel)[0]
        app.panel.slopes = False
        await pilot.pause()
        assert app.panel.kind == "w"
        assert "∂" not in "\n".join(rows(app.panel))
        for kind in ("z", "a", "w"):
            await pilot.press("z")
            assert app.panel.kind == kind


def test_the_panels_of_a_search_have_histograms_without_slopes() -> None:
    panels = Panels("braille")
    for name, slopes in (("swarm", False), ("adam", True), ("annealing", False)):
        panels.use(MethodFacts.named(name))
        assert panels.histograms.slopes is slopes


async def test_layers_are_scrolled_or_shown_alone() -> None:
    trainer, moments = trained((2, 5, 4, 3, 1), ("tanh",) * 3 + ("sigmoid",))
    app = PanelApp()
    async with app.run_test(size=(80, 16)) as pilot:
        app.panel.show(strip_of(trainer), moments)
        app.panel.focus()
        assert "l=1 to 2 of 4" in str(app.panel.border_subtitle)
        await pilot.press("down", "down", "down", "down")
        assert "l=3 to 4 of 4" in str(app.panel.border_subtitle)
        await pilot.press("o")
        await pilot.pause()
        assert "l=3 of 4" in str(app.panel.border_subtitle)
        await pilot.press("down")
        assert "l=4 of 4" in str(app.panel.border_subtitle)
        assert [key.shown for key in app.panel.footer_keys] == ["z", "←→", "o", "↑↓"]


async def test_the_cursor_goes_along_the_moments() -> None:
    trainer, moments = trained()
    app = PanelApp()
    async with app.run_test(size=(80, 16)) as pilot:
        app.panel.show(strip_of(trainer), moments, x_range=(0.0, 3.0))
        app.panel.focus()
        await pilot.press("left", "left")
        await pilot.pause()
        assert app.told == [3.0, pytest.approx(17 / 6)]
        at = {row.index("│", 10) for row in rows(app.panel)[3:6]}
        assert len(at) == 1
        await pilot.press("right")
        await pilot.pause()
        assert app.told[-1] == 3.0
        await pilot.click(Histograms, offset=(11, 5))
        await pilot.pause()
        assert app.told[-1] == 0.0


@pytest.mark.parametrize("glyphs", ["braille", "ascii"])
async def test_no_number_is_ever_cut_off(glyphs: str) -> None:
    trainer, moments = trained((2, 6, 1), ("relu", "sigmoid"))
    strip = strip_of(trainer)
    app = PanelApp(glyphs=glyphs)
    async with app.run_test(size=(100, 20)):
        for kind in KINDS:
            app.panel.kind = kind
            app.panel.show(strip, moments)
            whole = set()
            for spread in strip.spreads:
                for value in (
                    spread.least,
                    spread.low,
                    spread.median,
                    spread.high,
                    spread.greatest,
                ):
                    text = significant(value)
                    whole.add(text.replace("−", "-") if glyphs == "ascii" else text)
            seen = set()
            for width in (18, 20, 27, 36, 41, 58, 77, 88, 120, 168):
                for height in (1, 4, 9, 18):
                    lines = app.panel.compose_cells(width, height).codes
                    for codes in lines:
                        text = "".join(map(chr, codes))
                        if "median" in text or " … " in text:
                            said = re.sub(r"l=\d|\d+ (relu|sigmoid)|(dead )?[\d.]+ %", "", text)
                            numbers = set(re.findall(r"[−-]?\d[\d.]*(?:e[−-]?\d+)?", said))
                            expected = {
                                n.replace("−", "-") if glyphs == "ascii" else n for n in whole
                            }
                            assert numbers <= expected, (width, text)
                            seen |= numbers
                    if glyphs == "ascii":
                        drawn = set("".join("".join(map(chr, codes)) for codes in lines))
                        assert not drawn & set("█▏▎▍▌▋▊▉░▒▓│▀"), drawn
            assert len(seen) >= 4


async def test_dead_units_are_told() -> None:
    trainer, moments = trained((2, 6, 1), ("relu", "sigmoid"))
    theta = np.array(moments[-1].snapshot.theta)
    trainer.network.b(theta)[0][:3] = -1000.0
    theta.flags.writeable = False
    last = Kept(dataclasses.replace(moments[-1].snapshot, theta=theta))
    app = PanelApp()
    async with app.run_test(size=(110, 20)):
        app.panel.show(strip_of(trainer), (*moments[:-1], last))
        head = next(row for row in rows(app.panel) if "l=1" in row)
        W = trainer.network.W(theta)[0]
        z = W @ trainer.split.train.X[:30].T + trainer.network.b(theta)[0][:, None]
        share = (z <= 0).all(axis=1).mean()
        assert share >= 0.5
        assert f"dead {100 * share:.0f} %" in head
        assert "dead" not in next(row for row in rows(app.panel) if "l=2" in row)


async def test_without_colour_the_shares_are_characters() -> None:
    trainer, moments = trained((2, 40, 1))
    app = PanelApp()
    app.no_color = True  # type: ignore[misc]
    async with app.run_test(size=(80, 16)):
        app.panel.show(strip_of(trainer), moments)
        drawn = set("".join(rows(app.panel)))
        assert {"░", "▓"} <= drawn


async def test_a_run_that_diverged_is_shown_as_far_as_there_are_numbers() -> None:
    trainer, moments = trained()
    nothing = np.full(trainer.network.parameters, np.nan)
    nothing.flags.writeable = False
    last = Kept(dataclasses.replace(moments[-1].snapshot, theta=nothing))
    app = PanelApp()
    async with app.run_test(size=(130, 16)):
        for kept in ((*moments[:-1], last), (last,)):
            for kind in KINDS:
                app.panel.kind = kind
                app.panel.show(strip_of(trainer), kept)
                assert "not finite" in "".join(rows(app.panel))


def test_the_longest_numbers_do_not_touch() -> None:
    spread = Spread(1, 30, "relu", 9, -2.09e-4, -3.35e-12, -1.12e-4, 1.6e-12, 3.12e300, 2, 0.125)
    for width in range(1, 140):
        for most in (1, 2):
            lines = heading(spread, width, most)
            assert len(lines) <= most
            for line in lines:
                said = "".join(text for text, _ in line)
                assert len(said.rstrip()) <= width
                for number in (-2.09e-4, -3.35e-12, -1.12e-4, 1.6e-12, 3.12e300):
                    shown = significant(number)
                    if shown in said:
                        assert re.search(rf" {re.escape(shown)}( |$)", said)
    full = "".join(text for text, _ in heading(spread, 140, 1)[0])
    assert full.startswith("l=1 30 relu")
    assert full.endswith("dead 12 % 2 not finite")
