"""The account of weight decay: bars in proportion, whole numbers at any size, what it says."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from textual.app import App, ComposeResult
from watched_runs import SHAPES, K, M, matrices, run

from engine.optimizers import optimizer
from engine.snapshot import LayerSnapshot, Snapshot
from tuinn.history import History
from tuinn.widgets.ledger import NO_STEP, DecayLedger
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.raster import Glyphs

FIGURES = {
    **dict.fromkeys(LayerSnapshot.__slots__, 0.0),
    "units": 30,
    "activation": "sigmoid",
    "weight_norm": 3.0,
    "gradient_step": 1e-2,
    "cosine": -0.92,
    "update_ratio": 0.0031,
}


def snapshot(layers: int, alpha: float = 5.0, epoch: float = 1.0, **changes: float) -> Snapshot:
    """Ten updates to an epoch."""
    decay = {"decay_step": 1e-4 if alpha else 0.0}
    return Snapshot(
        epoch=epoch,
        update=round(10 * epoch),
        seconds=1.0,
        eta=0.5,
        alpha=alpha,
        batch_size=10,
        train_loss=0.3,
        train_accuracy=0.9,
        validation_loss=None,
        validation_accuracy=None,
        layers=tuple(
            LayerSnapshot(**{**FIGURES, **decay, **changes, "layer": number})
            for number in range(1, layers + 1)
        ),
    )


def history(*snapshots: Snapshot) -> History:
    kept = History()
    for one in snapshots:
        kept.append(one)
    return kept


class LedgerApp(App[None]):
    def __init__(self, glyphs: Glyphs = "braille") -> None:
        super().__init__()
        self.ledger = DecayLedger(glyphs=glyphs)

    def compose(self) -> ComposeResult:
        yield self.ledger


def rows(panel: DecayLedger, width: int = 0, height: int = 0) -> list[str]:
    codes = panel.compose_cells(width or panel.size.width, height or panel.size.height).codes
    return ["".join(map(chr, row)).rstrip() for row in codes]


def number(text: str, before: str) -> float:
    """The number that stands after some words."""
    found = re.search(re.escape(before) + r" *([+−]?[\d.]+(?:e[+−]?\d+)?)", text)
    assert found is not None, text
    return float(found[1].replace("−", "-"))


@pytest.mark.parametrize("alpha", [0.0, 2.0])
@pytest.mark.parametrize("shape", SHAPES)
async def test_its_numbers_are_those_of_the_run(shape: str, alpha: float) -> None:
    ran = run(shape, alpha)
    whole = history(*ran.snapshots)
    norms = [
        [math.sqrt((W * W).sum()) for W, _ in matrices(ran, one.theta)] for one in ran.snapshots
    ]
    app = LedgerApp()
    async with app.run_test(size=(140, 30)):
        for place in ran.moments:
            app.ledger.show(ran.snapshots[place], whole)
            text = rows(app.ledger)
            epoch = M // K
            updates = [one.update for one in ran.snapshots]
            back = [n for n, update in enumerate(updates) if update <= updates[place] - epoch]
            start = max(back, default=0)
            epochs = (updates[place] - updates[start]) / epoch
            for l in range(len(ran.activations)):
                bars, figures = text[1 + 2 * l : 3 + 2 * l]
                size = norms[place][l]
                assert number(figures, "‖W‖") == pytest.approx(size, rel=0.006)
                if alpha:
                    decay = 0.3 * alpha / M * size
                    assert number(bars, f"l={l + 1}") == pytest.approx(decay, rel=0.06)
                if place == 0:
                    assert "Δ‖W‖ –" in figures
                    continue
                net = (size - norms[start][l]) / epochs
                assert number(figures, "Δ‖W‖") == pytest.approx(net, rel=0.06)
                if alpha:
                    taken = number(figures, "by decay alone")
                    assert taken == pytest.approx(-decay * epoch, rel=0.06)


async def test_an_empty_ledger_says_what_would_fill_it() -> None:
    app = LedgerApp()
    async with app.run_test(size=(60, 8)):
        assert "press space to train" in "".join(rows(app.ledger))
        app.ledger.show(snapshot(2))
        assert "l=1" in "".join(rows(app.ledger))
        app.ledger.show(None)
        assert "press space to train" in "".join(rows(app.ledger))


async def test_decay_and_gradient_share_one_scale() -> None:
    app = LedgerApp()
    async with app.run_test(size=(120, 8)) as pilot:
        panel = app.ledger
        panel.show(snapshot(2))
        head, line = rows(panel)[:2]
        assert head.split("│")[0].strip() == "decay step ▒"
        assert head.index("│") == line.index("│")
        assert "0.00010" in line.split("▒")[0]
        assert "cos −0.92" in line
        # 0.01 is the full bar, 1e-4 is two of four decades
        assert panel.border_subtitle == "α 5.00 · log, 1e−6 to 0.01"
        assert line.count("▒") == pytest.approx(line.count("█") / 2, abs=1)
        panel.log_bars = False
        await pilot.pause()
        line = rows(panel)[1]
        assert panel.border_subtitle == "α 5.00 · full bar 0.01"
        assert line.count("▒") <= 1 < line.count("█")


async def test_the_scale_stays_for_small_changes() -> None:
    app = LedgerApp()
    async with app.run_test(size=(120, 8)):
        notes = []
        for step in (0.03, 0.09, 0.02, 0.008, 0.5, 1e-5):
            app.ledger.show(snapshot(1, gradient_step=step, decay_step=1e-6))
            notes.append(str(app.ledger.border_subtitle).partition(" · ")[2])
        assert notes == [
            *["log, 1e−5 to 0.1"] * 4,
            "log, 0.0001 to 1",
            "log, 1e−9 to 1e−5",
        ]


async def test_without_decay_the_gradient_stands_alone_and_the_key_is_named() -> None:
    app = LedgerApp()
    async with app.run_test(size=(100, 8)):
        app.ledger.show(snapshot(2, alpha=0.0))
        text = rows(app.ledger)
        assert text[0].startswith("no weight decay (α = 0)")
        assert "A adds weight decay" in text[0]
        assert "▒" not in "".join(text)
        assert "cos" not in "".join(text)
        assert text[1].count("█") > 20
        # what the numbers are is said in the narrowest head, too
        assert rows(app.ledger, 38, 5)[0] == "█ gradient step (α = 0: A adds decay)"
        assert rows(app.ledger, 16, 5)[:2] == ["gradient step", "l=1 0.010"]


async def test_numbers_alone_have_their_names_above_them() -> None:
    app = LedgerApp()
    async with app.run_test(size=(100, 8)):
        app.ledger.show(snapshot(5))
        text = rows(app.ledger, 26, 6)
        assert text[0] == "    decay / gradient step"
        assert text[1] == "l=1 0.00010 / 0.010"


async def test_the_border_says_on_how_many_examples_the_gradient_is_measured() -> None:
    app = LedgerApp()
    async with app.run_test(size=(100, 8)) as pilot:
        app.ledger.show(snapshot(2))
        app.ledger.examples = 400
        await pilot.pause()
        note = "α 5.00 · log, 1e−6 to 0.01 · gradient on 400 examples"
        assert app.ledger.border_subtitle == note
        rows(app.ledger, 46, 8)
        assert app.ledger.border_subtitle == "α 5.00 · log, 1e−6 to 0.01 · on 400 examples"
        rows(app.ledger, 38, 8)
        assert app.ledger.border_subtitle == "α 5.00 · log, 1e−6 to 0.01 · 400 ex."
        rows(app.ledger, 34, 8)
        assert app.ledger.border_subtitle == "α 5.00 · log, 1e−6 to 0.01"
        app.ledger.show(snapshot(2, alpha=0.0))
        assert app.ledger.border_subtitle == "log, 1e−6 to 0.01 · gradient on 400 examples"


async def test_a_small_ledger_keeps_cosine_and_change_under_the_bars() -> None:
    app = LedgerApp()
    async with app.run_test(size=(100, 20)):
        now = snapshot(2, weight_norm=2.969)
        app.ledger.show(now, history(snapshot(2, epoch=0.0), now))
        text = rows(app.ledger, 38, 5)
        assert text[2] == "    cos −0.92  Δ‖W‖ −0.031/epoch"
        assert text[3].startswith("l=2")


async def test_balance_is_stated_when_it_is_reached() -> None:
    app = LedgerApp()
    async with app.run_test(size=(150, 20)):
        begin, now = snapshot(2, epoch=0.0), snapshot(2, weight_norm=3.00005)
        # ten updates of 1e-4 take 0.001, of which 5e-5 is less than a tenth
        app.ledger.show(now, history(begin, now))
        text = rows(app.ledger)
        assert text[2].endswith("balance: decay takes what the gradient gives")
        assert "in balance" in " ".join(text[-3:])
        assert rows(app.ledger, 38, 5)[2] == "    cos −0.92  ‖W‖ in balance"
        off = snapshot(2, weight_norm=3.002)
        app.ledger.show(off, history(begin, off))
        assert "balance" not in "".join(rows(app.ledger))


async def test_all_layers_are_told_of_in_the_same_way() -> None:
    app = LedgerApp()
    async with app.run_test(size=(150, 20)):
        begin, now = snapshot(2, epoch=0.0), snapshot(2)
        moved = replace(now.layers[1], weight_norm=3.002)
        now = replace(now, layers=(now.layers[0], moved))
        app.ledger.show(now, history(begin, now))
        for width in range(60, 150):
            text = rows(app.ledger, width, 12)
            places = [text[2].find(word) for word in ("ΔW/W", "‖W‖ 3", "alone", "(decay")]
            assert places == [text[4].find(word) for word in ("ΔW/W", "‖W‖ 3", "alone", "(decay")]
            assert "balance" in text[2]
            assert "balance" not in text[4]


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("sgd", {}, "W ← (1 − ηα/m) W − η ∂C₀/∂W"),
        ("momentum", {}, "momentum, coupled: (α/m) W is a part of the gradient"),
        ("nesterov", {"decay": "decoupled"}, "nesterov, decoupled: −ηα/m W beside the velocity"),
        ("adam", {}, "adam, decoupled (AdamW): −ηα/m W beside the adaptive step"),
        ("adam", {"decay": "coupled"}, "adam, coupled: (α/m) W is a part of the gradient"),
        ("adamw", {}, "adamw, decoupled (AdamW)"),
        ("rmsprop", {"decay": "coupled"}, "goes through √s"),
    ],
)
async def test_it_tells_how_decay_is_applied(
    name: str, settings: dict[str, str], said: str
) -> None:
    app = LedgerApp()
    async with app.run_test(size=(120, 20)) as pilot:
        app.ledger.show(snapshot(2))
        app.ledger.method = MethodFacts.of(optimizer(name, **settings))
        await pilot.pause()
        assert said in "\n".join(rows(app.ledger))
        mode = "" if name == "sgd" else f" {app.ledger.method.decay}"
        assert str(app.ledger.border_subtitle).startswith(f"α 5.00{mode} · ")
        # without decay there is nothing to apply
        app.ledger.show(snapshot(2, alpha=0.0))
        assert said not in "\n".join(rows(app.ledger))


async def test_it_says_what_the_change_was_measured_over() -> None:
    app = LedgerApp()
    moments = [snapshot(1, epoch=epoch) for epoch in (0.0, 0.5, 1.0, 20.0)]
    changed = [replace(one, alpha=1.0) for one in moments[:2]] + moments[2:3]
    async with app.run_test(size=(120, 20)):
        for seen, said in (
            (moments[:1], "nothing went before"),
            (moments[:2], "over 0.500 of an epoch since the start"),
            (moments[:3], "that of the last epoch"),
            (moments, "over the last 19.0 epochs"),
            (changed, "nothing went before"),
        ):
            app.ledger.show(seen[-1], history(*seen))
            assert said in "\n".join(rows(app.ledger))


async def test_a_past_moment_is_shown_as_it_was() -> None:
    app = LedgerApp()
    moments = [snapshot(1, epoch=float(n), weight_norm=3.0 + n * n) for n in range(5)]
    async with app.run_test(size=(120, 20)):
        app.ledger.show(moments[2], history(*moments))
        assert "Δ‖W‖ +3.0 " in rows(app.ledger)[2]
        # what was changed later does not matter
        app.ledger.show(moments[2], history(*moments[:3], replace(moments[3], alpha=1.0)))
        assert "Δ‖W‖ +3.0 " in rows(app.ledger)[2]
        # a moment that the history has dropped has its place all the same
        app.ledger.show(moments[3], history(moments[0], moments[2], moments[4]))
        assert "Δ‖W‖ +5.0 " in rows(app.ledger)[2]


@pytest.mark.parametrize("alpha", [0.0, 5.0])
@pytest.mark.parametrize("glyphs", ["braille", "ascii"])
async def test_no_number_is_ever_cut_off(alpha: float, glyphs: Glyphs) -> None:
    # the figures, and what the words have: α/m, √, 1 − ηα/m, the range of the log scale
    whole = {"0.00010", "0.010", "0.0031", "0.92", "0", "3.00", "0.031", "0.0010", "1", "0.500"}
    app = LedgerApp(glyphs)
    async with app.run_test(size=(80, 20)):
        now = snapshot(4, alpha, weight_norm=2.9845)
        app.ledger.show(now, history(snapshot(4, alpha, epoch=0.5), now))
        whole.add("2.98")
        seen = set()
        for width in range(3, 150):
            for height in (1, 3, 9, 14):
                for text in rows(app.ledger, width, height):
                    if glyphs == "ascii":
                        drawn = set(text) - set(map(chr, range(128)))
                        assert drawn <= set("αηδΔ‖∂₀←√v̂…–"), text
                    text = re.sub(r"l=\d", "", text)
                    numbers = set(re.findall(r"[\d.]*\d[\d.]*", text))
                    assert numbers <= whole, (width, text)
                    seen |= numbers
        assert len(seen) >= 4


async def test_more_layers_than_rows_are_scrolled() -> None:
    app = LedgerApp()
    async with app.run_test(size=(60, 7)) as pilot:
        panel = app.ledger
        panel.show(snapshot(9))
        assert str(panel.border_subtitle).startswith("l=1 to 4 of 9 ↑↓")
        panel.focus()
        await pilot.press("down", "down")
        assert rows(panel)[1].startswith("l=3")
        await pilot.press(*["down"] * 9)
        assert rows(panel)[-1].startswith("l=9")
        await pilot.press("up")
        assert rows(panel)[-1].startswith("l=8")
        await pilot.resize_terminal(60, 24)
        await pilot.pause()
        assert "↑↓" not in str(panel.border_subtitle)


async def test_figures_that_are_not_finite() -> None:
    app = LedgerApp()
    async with app.run_test(size=(100, 8)):
        app.ledger.show(snapshot(1, gradient_step=math.inf, decay_step=math.nan, cosine=math.nan))
        line = rows(app.ledger)[1]
        assert "∞" in line
        assert "–" in line
        assert "nan" not in line


async def test_where_there_is_no_step_by_eta_it_says_so_instead_of_drawing_nothing() -> None:
    app = LedgerApp()
    async with app.run_test(size=(60, 12)) as pilot:
        panel = app.ledger
        panel.show(snapshot(2, decay_step=0.0, gradient_step=0.0, cosine=0.0, update_ratio=0.0))
        panel.method = MethodFacts.named("lbfgs")
        await pilot.pause()
        text = " ".join(rows(panel))
        assert "There is no step by η" in text
        assert not re.search(r"\d", text)
        for width in range(1, 60):
            for height in (1, 2, 8):
                drawn = [
                    "".join(map(chr, codes)) for codes in panel.compose_cells(width, height).codes
                ]
                assert all(line.endswith((" ", "…")) or width < 14 for line in drawn)
                assert "".join(drawn).strip()
        assert NO_STEP[0].split()[0] in rows(panel)[0]
        panel.method = MethodFacts()
        await pilot.pause()
        assert "│" in "".join(rows(panel))


def test_how_a_method_applies_decay_is_read_from_it() -> None:
    assert MethodFacts.of(optimizer("adam", decay="coupled")).decay == "coupled"
    assert MethodFacts.named("adam").decay == "decoupled"
    assert MethodFacts.named("momentum").decay == "coupled"
    for name in ("sgd", "lbfgs", "genetic"):
        assert MethodFacts.named(name).decay == ""
    assert MethodFacts.named("adamw").decay == "decoupled"


# the steps over the run

WIDTH, HEIGHT = 88, 32
DOTS = re.compile("[⠁-⣿●▲]")


def steady(alpha: float = 5.0, **changes: float) -> History:
    """Twenty epochs with one gradient step, 0.01, and one of decay, 0.0001."""
    return history(
        *(snapshot(1, alpha, float(epoch), **changes) for epoch in np.linspace(0, 20, 21))
    )


def canvas(text: list[str]) -> dict[str, str]:
    """What is drawn beside each label of the y axis."""
    found = {}
    for line in text:
        label, tick, drawn = line.partition("┤")
        if tick and label.strip():
            found[label.strip()] = drawn
    return found


async def test_each_step_is_a_line_at_its_height() -> None:
    run = steady()
    app = LedgerApp()
    async with app.run_test(size=(WIDTH, HEIGHT)):
        ledger = app.ledger
        ledger.show(run.last, run)
        text = rows(ledger, WIDTH, HEIGHT)
        (key,) = [line for line in text if "over epochs" in line]
        assert "gradient step" in key
        assert "decay step" in key
        drawn = canvas(text)
        lines = {label: len(DOTS.findall(line)) for label, line in drawn.items()}
        assert lines["0.01"] > 60
        # dashes: more than a third of the width, and less than all of it
        assert 25 < lines["1e−4"] < lines["0.01"]
        assert sum(lines.values()) == lines["0.01"] + lines["1e−4"]


async def test_without_decay_the_gradient_is_alone() -> None:
    run = steady(alpha=0.0)
    app = LedgerApp()
    async with app.run_test(size=(WIDTH, HEIGHT)):
        ledger = app.ledger
        ledger.show(run.last, run)
        text = rows(ledger, WIDTH, HEIGHT)
        assert any("gradient step" in line for line in text)
        assert not any("decay step" in line for line in text)


async def test_a_line_stands_where_one_looks_back() -> None:
    run = steady()
    app = LedgerApp()
    async with app.run_test(size=(WIDTH, HEIGHT)):
        ledger = app.ledger
        ledger.show(snapshot(1, epoch=10.0), run)
        columns = [
            {at for at, character in enumerate(line) if character == "│"}
            for line in canvas(rows(ledger, WIDTH, HEIGHT)).values()
        ]
        common = set.intersection(*(found for found in columns if found))
        assert len(common) == 1
        widest = max(len(line) for line in canvas(rows(ledger, WIDTH, HEIGHT)).values())
        assert abs(common.pop() - widest / 2) <= 2


@pytest.mark.parametrize("glyphs", ["block", "ascii"])
async def test_other_characters_will_do(glyphs: Glyphs) -> None:
    run = steady()
    app = LedgerApp(glyphs)
    async with app.run_test(size=(WIDTH, HEIGHT)):
        ledger = app.ledger
        ledger.show(run.last, run)
        text = rows(ledger, WIDTH, HEIGHT)
        assert any("over epochs" in line for line in text)
        if glyphs == "ascii":
            drawn = "".join(line for line in text if "|" in line and "step" not in line)
            assert not DOTS.search(drawn)


@pytest.mark.parametrize("size", [(88, 12), (40, 8), (20, 3)])
async def test_where_there_is_little_room_the_bars_have_it(size: tuple[int, int]) -> None:
    run = steady()
    app = LedgerApp()
    async with app.run_test(size=(WIDTH, HEIGHT)):
        ledger = app.ledger
        ledger.show(run.last, run)
        assert not any("over epochs" in line for line in rows(ledger, *size))


async def test_a_run_that_has_not_begun_has_no_lines() -> None:
    begun = history(snapshot(1, epoch=0.0))
    app = LedgerApp()
    async with app.run_test(size=(WIDTH, HEIGHT)):
        ledger = app.ledger
        ledger.show(begun.last, begun)
        assert not any("over epochs" in line for line in rows(ledger, WIDTH, HEIGHT))
