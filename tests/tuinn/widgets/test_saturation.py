"""The saturation map: its bars, its strips by unit, and what it says of the output."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from engine_examples import examples, split_of
from rich.style import Style
from textual.app import App, ComposeResult

from engine import GradientDescent, LayerSnapshot, Network, Snapshot, Stop, Trainer
from engine.inside.units import Units, units
from tuinn.numbers import significant
from tuinn.widgets.saturation import SaturationMap


def moment(
    sizes: tuple[int, ...],
    activations: tuple[str, ...],
    cost: str = "cross-entropy",
    updates: int = 40,
) -> tuple[Snapshot, Units]:
    """A network after some training, in which units are saturated."""
    rng = np.random.default_rng(6)
    X = rng.normal(size=(60, sizes[0]))
    Y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], 60)] if sizes[-1] > 1 else X[:, :1] > 0
    network = Network(sizes, activations)
    trainer = Trainer(
        network,
        split_of(examples(X, Y)),
        cost=cost,
        optimizer=GradientDescent(0.1),
        theta=2 * network.draw("large", rng),
        stop=Stop(epochs=100),
    )
    trainer.run(updates)
    return trainer.snapshot(), units(network, trainer.theta, X.T, 1.0 * Y.T)


SIGMOIDS = moment((6, 12, 10), ("sigmoid", "sigmoid"), "quadratic")


def of_layers(count: int, **changes: float | str) -> Snapshot:
    """Bars of 12 % low and 19 % high each."""
    figures = {"saturated_low": 0.12, "saturated_high": 0.19, "sigma_prime": 0.183, **changes}
    layers = (
        replace(SIGMOIDS[0].layers[0], layer=layer, **figures) for layer in range(1, count + 1)
    )
    return replace(SIGMOIDS[0], layers=tuple(layers), output=None)


class MapApp(App[None]):
    def __init__(self, shown: SaturationMap | None = None) -> None:
        super().__init__()
        self.map = shown or SaturationMap()

    def compose(self) -> ComposeResult:
        yield self.map


def rows(panel: SaturationMap) -> list[str]:
    return [panel.render_line(y).text.rstrip() for y in range(panel.size.height)]


def styles(panel: SaturationMap, row: int) -> list[Style | None]:
    """The style of every cell of a row."""
    return [segment.style for segment in panel.render_line(row) for _ in segment.text]


async def test_an_empty_map_says_what_would_fill_it() -> None:
    async with MapApp().run_test(size=(60, 8)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        assert "press space to train" in "".join(rows(panel))
        panel.show(of_layers(2))
        assert "l=1" in "".join(rows(panel))
        panel.show(None)
        assert "press space to train" in "".join(rows(panel))
        panel.show(replace(of_layers(2), layers=()))
        assert "press space to train" in "".join(rows(panel))
        with pytest.raises(ValueError, match="units of 2 layers do not go with the figures of 3"):
            panel.show(of_layers(3), SIGMOIDS[1])


async def test_a_bar_in_one_line_has_its_figures() -> None:
    async with MapApp().run_test(size=(120, 8)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(of_layers(3))
        line = rows(panel)[0]
        assert "31 %  low 12 %" in line
        assert "high 19 %" in line
        assert line.endswith("mean σ′ 0.18")
        room = line.index("▏") - line.index("▕") - 1
        assert line.count("█") == round(0.12 * room)
        assert line.count("▒") == round(0.19 * room)


async def test_a_narrow_bar_takes_two_lines_if_there_are_rows() -> None:
    async with MapApp().run_test(size=(40, 8)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(of_layers(2))
        assert rows(panel)[1] == "    low 12 % high 19 % σ′ 0.18"
        panel.show(of_layers(6))
        assert rows(panel)[1].endswith("▏ low  12 % high  19 %")
        # what the figures are is always said
        lines = ["".join(map(chr, codes)).rstrip() for codes in panel.compose_cells(42, 8).codes]
        assert lines[1].endswith("31 %  low  12 % high  19 %")
        panel.show(of_layers(2, activation="relu", saturated_high=0.0, dead=0.05))
        assert rows(panel)[1] == "    low 12 % dead 5.0 % σ′ 0.18"


async def test_layers_have_their_figures_in_the_same_words_and_columns() -> None:
    first, second = of_layers(2).layers
    second = replace(second, saturated_low=0.0004, sigma_prime=0.00524)
    async with MapApp().run_test(size=(44, 8)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        # the first alone has room for "mean"
        panel.show(of_layers(1))
        assert "mean σ′ 0.18" in rows(panel)[1]
        panel.show(replace(of_layers(2), layers=(first, second)))
        assert rows(panel)[1] == "    low 12 %   high 19 % σ′ 0.18"
        assert rows(panel)[3] == "    low <0.1 % high 19 % σ′ 0.0052"


async def test_more_layers_than_rows_are_scrolled() -> None:
    async with MapApp().run_test(size=(60, 7)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(of_layers(9))
        assert panel.border_subtitle == "l=1 to 5 of 9 ↑↓"
        assert [key.action for key in panel.footer_keys] == ["focused.layer(1)"]
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
        assert panel.footer_keys == ()


async def test_the_output_is_parted_into_right_and_wrong_and_has_both_deltas() -> None:
    snapshot, _ = SIGMOIDS
    output = snapshot.output
    assert output is not None
    async with MapApp().run_test(size=(140, 10)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(snapshot)
        bar, deltas = rows(panel)[3:5]
        right, wrong = 100 * output.saturated_right, 100 * output.saturated_wrong
        assert right > 10
        assert wrong > 1
        assert f"saturated and right {right:.0f} %" in bar
        assert re.search(rf"saturated and wrong {wrong:.{int(wrong < 10)}f} %", bar)
        room = bar.index("▏") - bar.index("▕") - 1
        assert bar.count("█") == round(output.saturated_right * room)
        assert bar.count("▒") == round(output.saturated_wrong * room)
        kept, cancelled = output.delta_quadratic, output.delta_cross_entropy
        found = re.match(
            r"‖δᴸ‖ now \(quadratic\) (\S+) +with cross-entropy (\S+) +×(\S+): "
            "the σ′ that the quadratic cost keeps",
            deltas,
        )
        assert found
        expected = (kept, cancelled, cancelled / kept)
        assert np.allclose([float(figure) for figure in found.groups()], expected, rtol=6e-3)


@pytest.mark.parametrize(
    ("activations", "cost", "says"),
    [
        (("sigmoid", "sigmoid"), "cross-entropy", "the σ′ that the quadratic cost would keep"),
        (("sigmoid", "softmax"), "cross-entropy", "softmax is not for the quadratic cost"),
        (("sigmoid", "tanh"), "quadratic", "before its σ′"),
    ],
)
async def test_what_the_costs_make_of_other_outputs(
    activations: tuple[str, ...], cost: str, says: str
) -> None:
    snapshot, _ = moment((6, 12, 3), activations, cost)
    async with MapApp().run_test(size=(140, 10)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(snapshot)
        deltas = rows(panel)[4]
        found = re.match(rf"‖δᴸ‖ now \({cost}\) (\S+)", deltas)
        assert found
        assert np.isclose(float(found[1]), snapshot.layers[-1].delta, rtol=6e-3)
        assert says in deltas
        assert "–" not in deltas


async def test_a_strip_has_the_colour_of_every_unit() -> None:
    snapshot, shown = SIGMOIDS
    async with MapApp().run_test(size=(92, 20)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        assert panel.wants_units(2)
        panel.show(snapshot, shown)
        lines = rows(panel)
        a = next(row for row, line in enumerate(lines) if line.startswith("mean a"))
        assert lines[a].endswith("0 to 1")
        assert lines[a + 1].split() == ["σ′", "0", "to", "0.25"]
        # twelve units: five columns each, the last of which parts them
        for row, values, most in (
            (a, shown.layers[0].mean, 1.0),
            (a + 1, shown.layers[0].sigma_prime, 0.25),
        ):
            cells = styles(panel, row)[7 : 7 + 5 * 12]
            grounds = [style.bgcolor for style in cells if style is not None]
            assert len(grounds) == 60
            for unit in range(12):
                assert len(set(grounds[5 * unit : 5 * unit + 4])) == 1
                assert grounds[5 * unit + 4] == grounds[4] != grounds[5 * unit]
            shades = np.floor(values / most * 23 + 0.5)
            for one in range(12):
                for other in range(12):
                    same = grounds[5 * one] == grounds[5 * other]
                    assert same == (shades[one] == shades[other])
        # the steeper, the lighter
        order = np.argsort(shown.layers[0].sigma_prime)
        lightness = [sum(grounds[5 * unit].get_truecolor()) for unit in order]
        assert lightness == sorted(lightness)


async def test_without_colour_the_strips_are_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    snapshot, shown = SIGMOIDS
    async with MapApp(SaturationMap(glyphs="ascii")).run_test(size=(92, 20)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(snapshot, shown)
        line = next(line for line in rows(panel) if line.startswith("mean a"))
        for unit, mean in enumerate(shown.layers[0].mean):
            mark = " .:-=+*#%@"[int(mean * 23 + 0.5) * 10 // 24]
            assert line[7 + 5 * unit : 12 + 5 * unit] == 4 * mark + " "
        assert not re.search("[█▒▲·▕▏]", "".join(rows(panel)))


async def test_a_tall_map_has_the_plateaus_of_every_unit_as_a_column() -> None:
    snapshot, shown = SIGMOIDS
    async with MapApp().run_test(size=(92, 40)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(snapshot, shown)
        lines = rows(panel)
        top, bottom = (
            next(row for row, line in enumerate(lines) if line.strip().startswith(word))
            for word in ("high ", "low ")
        )
        height = bottom - top + 1
        assert height == 8
        for unit, (low, high) in enumerate(zip(shown.layers[0].low, shown.layers[0].high)):
            column = "".join(line[7 + 5 * unit] for line in lines[top : bottom + 1])
            assert column == "▒" * column.count("▒") + "·" * column.count("·") + "█" * (
                column.count("█")
            )
            assert abs(column.count("█") - low * height) <= 1
            assert abs(column.count("▒") - high * height) <= 1


async def test_rows_that_are_left_show_the_plateaus_of_units() -> None:
    snapshot, shown = moment((2, 4, 4, 4, 4, 1), ("sigmoid",) * 5)
    async with MapApp().run_test(size=(160, 60)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(snapshot, shown)
        for height in range(34, 60):
            lines = ["".join(map(chr, row)) for row in panel.compose_cells(160, height).codes]
            assert sum(line.startswith("  high ") for line in lines) == 5, height
            assert sum(line.startswith("   low ") for line in lines) == 5
            # two rows of a column at least, and few left empty below
            assert len("\n".join(lines)) - len("\n".join(lines).rstrip()) < 9 * 161


async def test_nothing_is_said_of_plateaus_where_there_are_none() -> None:
    snapshot, shown = moment((2, 8, 1), ("tanh", "identity"), "quadratic")
    async with MapApp().run_test(size=(140, 40)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(snapshot, shown)
        panel.focus()
        await pilot.press("down")
        lines = rows(panel)
        output = next(row for row, line in enumerate(lines) if line.startswith("l=2"))
        assert lines[output] == "l=2 identity: no plateau, σ′ is 1"
        text = "\n".join(lines[output:])
        assert not re.search("saturated|low|high|wrong|×", text)
        delta = significant(snapshot.layers[-1].delta)
        assert f"‖δᴸ‖ now (quadratic) {delta}, the whole error a − y: σ′ is 1" in text
        for width in range(8, 140):
            for height in (4, 8, 12):
                drawn = panel.compose_cells(width, height).codes
                lines = ["".join(map(chr, codes)).rstrip() for codes in drawn]
                assert "saturated" not in "".join(lines)
                own = next((line for line in lines if line.startswith("l=2")), "l=2 no plateau")
                assert own in ("l=2", "l=2 no plateau", "l=2 identity: no plateau, σ′ is 1")


async def test_keys_and_mouse_go_from_unit_to_unit() -> None:
    snapshot, shown = SIGMOIDS
    async with MapApp().run_test(size=(100, 20)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(snapshot, shown)
        panel.focus()
        assert [key.shown for key in panel.footer_keys] == ["←→", "↑↓"]

        def looked_at() -> str:
            return next(line for line in rows(panel) if " of 1" in line)

        def pointer() -> tuple[int, int]:
            return next((y, line.index("▲")) for y, line in enumerate(rows(panel)) if "▲" in line)

        assert looked_at().startswith("l=1 unit 1 of 12")
        await pilot.press("right", "right", "left", "right")
        layer = shown.layers[0]
        assert looked_at().startswith("l=1 unit 3 of 12")
        figures = [float(x) for x in re.findall(r"(?:mean a|mean σ′|low|high) (\S+)", looked_at())]
        expected = layer.mean[2], layer.sigma_prime[2], 100 * layer.low[2], 100 * layer.high[2]
        assert np.allclose(figures, expected, rtol=6e-3, atol=0.5)
        row, column = pointer()
        assert (column - 7) // 6 == 2
        await pilot.press("end", "right")
        assert looked_at().startswith("l=1 unit 12 of 12")
        await pilot.press("down")
        # the output has fewer units
        assert looked_at().startswith("l=2 unit 10 of 10")
        assert layer.wrong is None
        wrong = re.search(r"wrong (\S+) %", looked_at())
        assert wrong
        assert np.isclose(float(wrong[1]), 100 * shown.layers[1].wrong[9], atol=0.5)
        await pilot.press("home", "down", "down")
        assert looked_at().startswith("l=2 unit 1 of 10")
        await pilot.press("up", "up")
        assert pointer()[0] == row
        # into the strip of σ′, at the fifth unit; the border takes a row and a column
        await pilot.click(SaturationMap, offset=(1 + 7 + 6 * 4 + 1, row))
        assert looked_at().startswith("l=1 unit 5 of 12")


async def test_a_layer_that_is_too_wide_is_shown_in_parts() -> None:
    snapshot, shown = moment((3, 100, 2), ("relu", "sigmoid"))
    async with MapApp().run_test(size=(60, 20)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(snapshot, shown)
        panel.focus()
        room = 58 - 7 - 12
        assert any(line.endswith(f"1 to {room} of 100") for line in rows(panel))
        panel.action_unit(room)
        assert any(line.endswith(f"{room + 1} to {2 * room} of 100") for line in rows(panel))
        assert any(line.startswith(f"unit {room + 1}") for line in rows(panel))
        await pilot.press("end")
        assert any(line.endswith(f"{101 - room} to 100 of 100") for line in rows(panel))


async def test_units_are_wanted_only_where_they_would_be_seen() -> None:
    async with MapApp().run_test(size=(44, 7)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        assert not panel.wants_units(2)
        panel.show(*SIGMOIDS)
        assert not any(line.startswith("mean a") for line in rows(panel))
        await pilot.resize_terminal(44, 20)
        await pilot.pause()
        assert panel.wants_units(2)
        assert panel.wants_units(20)
        assert any(line.startswith("mean a") for line in rows(panel))
        panel.display = False
        await pilot.pause()
        assert not panel.wants_units(2)


NETWORKS = [
    ((6, 12, 10), ("sigmoid", "sigmoid"), "quadratic"),
    ((3, 40, 5, 5, 3), ("relu", "tanh", "identity", "softmax"), "cross-entropy"),
    ((2, 8, 1), ("tanh", "sigmoid"), "cross-entropy"),
]


@pytest.mark.parametrize(("sizes", "activations", "cost"), NETWORKS)
@pytest.mark.parametrize("glyphs", ["braille", "ascii"])
async def test_no_number_is_ever_cut_off(sizes, activations, cost, glyphs) -> None:
    """Each number in a narrow map is one that a very wide map shows too."""
    snapshot, shown = moment(sizes, activations, cost)

    def numbers(width: int, height: int) -> list[str]:
        lines = ["".join(map(chr, codes)) for codes in panel.compose_cells(width, height).codes]
        return [
            number
            for line in lines
            for number in re.findall(
                r"[\d.]*\d[\d.]*", re.sub(r"l=\d|^(mean a|    σ′).*", "", line)
            )
        ]

    async with MapApp(SaturationMap(glyphs=glyphs)).run_test(size=(80, 20)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(snapshot, shown)
        whole = {number for height in (5, 60) for number in numbers(250, height)}
        whole |= {f"{100 * share:.0f}" for layer in snapshot.layers for share in shares(layer)}
        assert len(whole) > 10
        for width in range(1, 120):
            for height in (1, 3, 9, 16, 34):
                part = {n for n in numbers(width, height) if n not in whole}
                # the parts of a layer that is too wide
                assert {n for n in part if float(n) > max(sizes)} == set(), (width, height)
                assert all(float(n).is_integer() for n in part), (width, height, part)


def shares(layer: LayerSnapshot) -> tuple[float, ...]:
    return layer.saturated_low, layer.saturated_high, layer.dead


async def test_figures_that_are_not_finite() -> None:
    snapshot, shown = moment((2, 8, 1), ("relu", "identity"), "quadratic")
    nothing = np.full(8, np.nan)
    first = replace(shown.layers[0], mean=nothing, sigma_prime=np.full(8, np.inf), low=nothing)
    layers = tuple(
        replace(layer, delta=np.nan, arriving=np.inf, sigma_prime=np.nan, saturated_low=np.nan)
        for layer in snapshot.layers
    )
    async with MapApp().run_test(size=(90, 30)) as pilot:
        panel = pilot.app.query_one(SaturationMap)
        panel.show(replace(snapshot, layers=layers), Units((first, shown.layers[1]), 60))
        text = "\n".join(rows(panel))
        assert "∞" in text
        assert "–" in text
