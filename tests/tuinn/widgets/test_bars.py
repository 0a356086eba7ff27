"""Panels by layer: whole numbers at any size, bars in proportion."""

from __future__ import annotations

import re

import pytest
from textual.app import App, ComposeResult

from engine.snapshot import LayerSnapshot, Snapshot
from tuinn.widgets.bars import LayerPanel, SaturationPanel


def snapshot(layers: int, alpha: float = 5.0, **changes: float) -> Snapshot:
    def layer(number: int) -> LayerSnapshot:
        values = {
            "delta": 0.1,
            "delta_of_mean": 0.1,
            "arriving": 0.5,
            "sigma_prime": 0.183,
            "saturated_low": 0.12,
            "saturated_high": 0.19,
            "dead": 0.0,
            "weight_norm": 3.0,
            "bias_norm": 1.0,
            "gradient_norm": 0.2,
            "decay_step": 1e-4 if alpha else 0.0,
            "gradient_step": 1e-2,
            "cosine": -0.92,
            "update_ratio": 0.0031,
        }
        return LayerSnapshot(number, 30, "sigmoid", **{**values, **changes})

    return Snapshot(
        epoch=1.0,
        update=10,
        seconds=1.0,
        eta=0.5,
        alpha=alpha,
        batch_size=10,
        train_loss=0.3,
        train_accuracy=0.9,
        validation_loss=None,
        validation_accuracy=None,
        layers=tuple(layer(number) for number in range(1, layers + 1)),
    )


class PanelApp(App[None]):
    def __init__(self, panel: LayerPanel) -> None:
        super().__init__()
        self.panel = panel

    def compose(self) -> ComposeResult:
        yield self.panel


def rows(panel: LayerPanel) -> list[str]:
    return [panel.render_line(y).text.rstrip() for y in range(panel.size.height)]


@pytest.mark.parametrize("panel", [SaturationPanel])
async def test_an_empty_panel_says_what_would_fill_it(panel: type[LayerPanel]) -> None:
    async with PanelApp(panel()).run_test(size=(60, 8)) as pilot:
        shown = pilot.app.query_one(LayerPanel)
        assert "press space to train" in "".join(rows(shown))
        shown.show(snapshot(2))
        assert "l=1" in "".join(rows(shown))
        shown.show(None)
        assert "press space to train" in "".join(rows(shown))


async def test_saturation_in_one_line_has_bar_and_figures() -> None:
    async with PanelApp(SaturationPanel()).run_test(size=(120, 8)) as pilot:
        panel = pilot.app.query_one(SaturationPanel)
        panel.show(snapshot(3))
        line = rows(panel)[0]
        assert "31 %  low 12 %" in line
        assert "high 19 %" in line
        assert line.endswith("mean σ′ 0.18")
        room = line.index("▏") - line.index("▕") - 1
        assert line.count("█") == round(0.12 * room)
        assert line.count("▒") == round(0.19 * room)


async def test_narrow_saturation_takes_two_lines_if_there_are_rows() -> None:
    async with PanelApp(SaturationPanel()).run_test(size=(40, 8)) as pilot:
        panel = pilot.app.query_one(SaturationPanel)
        panel.show(snapshot(2))
        assert rows(panel)[1] == "    low 12 % high 19 % σ′ 0.18"
        panel.show(snapshot(6))
        assert rows(panel)[1].endswith("31 %  low  12 high  19")


@pytest.mark.parametrize("alpha", [0.0, 5.0])
@pytest.mark.parametrize("panel", [SaturationPanel])
@pytest.mark.parametrize("glyphs", ["braille", "ascii"])
async def test_no_number_is_ever_cut_off(
    panel: type[LayerPanel], alpha: float, glyphs: str
) -> None:
    whole = {"12", "19", "31", "0.18", "0.00010", "0.010", "0.0031", "0.92", "0"}
    async with PanelApp(panel(glyphs=glyphs)).run_test(size=(80, 20)) as pilot:
        shown = pilot.app.query_one(LayerPanel)
        shown.show(snapshot(4, alpha))
        seen = set()
        for width in range(3, 110):
            for height in (1, 3, 9):
                for codes in shown.compose_cells(width, height).codes:
                    text = re.sub(r"l=\d", "", "".join(map(chr, codes)))
                    numbers = set(re.findall(r"[\d.]*\d[\d.]*", text))
                    assert numbers <= whole, (width, text)
                    seen |= numbers
        assert len(seen) >= 3


async def test_more_layers_than_rows_are_scrolled() -> None:
    async with PanelApp(SaturationPanel()).run_test(size=(60, 7)) as pilot:
        panel = pilot.app.query_one(SaturationPanel)
        panel.show(snapshot(9))
        assert panel.border_subtitle == "l=1 to 5 of 9 ↑↓"
        panel.focus()
        await pilot.press("down", "down")
        assert panel.border_subtitle == "l=3 to 7 of 9 ↑↓"
        assert rows(panel)[0].startswith("l=3")
        await pilot.press(*["down"] * 9)
        assert rows(panel)[-1].startswith("l=9")
        await pilot.press("up")
        assert panel.border_subtitle == "l=4 to 8 of 9 ↑↓"
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert panel.border_subtitle == ""
        assert rows(panel)[0].startswith("l=1")
