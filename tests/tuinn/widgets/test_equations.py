"""The equation inspector: its numbers are the textbook's, and it can be stepped through."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from by_hand import l2, layers_of, one_example
from engine_examples import examples, split_of
from textual.app import App, ComposeResult

from engine import GradientDescent, Network, Stop, Trainer
from engine.inside.walkthrough import Walkthrough, walkthrough
from engine.optimizers import optimizer
from tuinn.numbers import significant
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.equation_sentence import Sentence, products, wrapped
from tuinn.widgets.equation_text import entry, factor, lowered, shrinking, spelled
from tuinn.widgets.equations import EquationInspector
from tuinn.widgets.matrix_drawing import BOLD

NETS: dict[str, Any] = {
    "2-8-1": ((2, 8, 1), ("tanh", "sigmoid"), "cross-entropy"),
    "64-30-10": ((64, 30, 10), ("sigmoid", "softmax"), "cross-entropy"),
    "6-5-4-3": ((6, 5, 4, 3), ("relu", "sigmoid", "sigmoid"), "quadratic"),
}
ETA = 0.3
WALL = {"2-8-1": (240, 30), "64-30-10": (1700, 46), "6-5-4-3": (240, 30)}
"""Cells in which every matrix of these networks has room."""


def make(net: str, *, alpha: float = 0.0, method: Any = None, m: int = 40) -> Trainer:
    sizes, activations, cost = NETS[net]
    rng = np.random.default_rng(5)
    labels = rng.integers(0, max(sizes[-1], 2), m)
    Y = np.eye(sizes[-1])[labels] if sizes[-1] > 1 else labels[:, None]
    return Trainer(
        Network(sizes, activations),
        split_of(examples(rng.random((m, sizes[0])), Y, labels)),
        cost=cost,
        alpha=alpha,
        seed=5,
        batch_size=4,
        stop=Stop(epochs=100),
        optimizer=method or GradientDescent(ETA),
    )


def walk(trainer: Trainer, example: int = 3) -> Walkthrough:
    train = trainer.split.train
    return walkthrough(
        trainer.network,
        trainer.theta,
        train.X[example],
        train.Y[example],
        trainer.cost,
        eta=trainer.eta,
        alpha=trainer.alpha,
        m=trainer.m,
        method=trainer.optimizer,
        memory=trainer.dump(),
    )


class PanelApp(App[None]):
    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.options = options
        self.heard: list[Any] = []

    def compose(self) -> ComposeResult:
        yield EquationInspector(**self.options)

    def on_equation_inspector_example_changed(self, event: Any) -> None:
        self.heard.append(event.example)

    def on_equation_inspector_example_asked(self) -> None:
        self.heard.append("asked")


def the(pilot: Any) -> EquationInspector:
    panel = pilot.app.query_one(EquationInspector)
    panel.focus()
    return panel


def lines(cells: Cells) -> list[str]:
    return [row.tobytes().decode("utf-32-le").rstrip() for row in cells.codes.astype("<u4")]


def drawn(panel: EquationInspector) -> list[str]:
    return lines(panel.compose_cells(panel.size.width, panel.size.height))


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def emphasised(cells: Cells, left: int) -> list[float]:
    """The numbers that stand out, line by line: what has just been computed."""
    computed = (cells.inks >= BOLD) & (cells.inks % BOLD == INK["series-1"])
    codes = np.where(computed, cells.codes, ord(" "))[:, left:].astype("<u4")
    text = "\n".join(row.tobytes().decode("utf-32-le") for row in codes)
    words = re.findall(r"(?<!\S)−?\d[\d.]*(?:e−?\d+)?(?!\S)", text)
    return [number(word) for word in words]


def go(panel: EquationInspector, name: str, part: int = 0) -> None:
    places = [n for n, other in enumerate(panel.names) if other == name]
    panel.action_go_to(places[part])


@pytest.mark.parametrize("alpha", [0.0, 4.0])
@pytest.mark.parametrize("net", NETS)
async def test_every_number_drawn_is_the_textbooks(net: str, alpha: float) -> None:
    sizes, activations, cost = NETS[net]
    trainer = make(net, alpha=alpha)
    x, y, m = trainer.split.train.X[3], trainer.split.train.Y[3], trainer.m
    async with PanelApp().run_test(size=(80, 20)) as pilot:
        panel = the(pilot)
        for updates in (0, 7, 16):
            trainer.run(updates)
            theta = trainer.theta.copy()
            z, a, prime, delta, *_ = one_example(sizes, activations, cost, theta, x, y)
            expected = {}
            after = []
            for l, (W, b) in enumerate(layers_of(sizes, theta)):
                up = "¹²³"[l]
                dW = np.outer(delta[l], a[l])
                W_after = (1 - ETA * alpha / m) * W - ETA * dW
                expected |= {
                    f"z{up}": z[l],
                    f"a{up}": a[l + 1],
                    f"σ′(z{up})": prime[l],
                    f"δ{up}": delta[l],
                    f"∂C/∂b{up}": delta[l],
                    f"∂C/∂W{up}": dW,
                    f"new W{up}": W_after,
                    f"new b{up}": b - ETA * delta[l],
                }
                after.append(np.c_[W_after, b - ETA * delta[l]].ravel())
            new = np.concatenate(after)
            costs = [one_example(sizes, activations, cost, new, x, y)[-1], l2(sizes, new, alpha, m)]
            expected["cost"] = np.array([*costs, sum(costs)])
            panel.show(walk(trainer), update=trainer.update)
            panel.largest_first = False
            assert set(panel.names) == set(expected)
            for step, name in enumerate(panel.names):
                panel.action_go_to(step)
                cells = panel.compose_cells(*WALL[net])
                numbers = emphasised(cells, 30)
                # two digits at the least: three but where a sign and an exponent take the room
                assert len(numbers) == expected[name].size, name
                want = np.ravel(expected[name])
                np.testing.assert_allclose(numbers, want, rtol=0.051, atol=1e-300)
                share = np.isclose(numbers, want, rtol=0.0051, atol=1e-300).mean()
                assert share > 0.3, name
                # the selected entry is written out below to three digits
                rows = lines(cells)
                end = max(n for n, row in enumerate(rows) if row.endswith(("⎦", "]")))
                told = " ".join(rows[end + 1 :])
                sign = "→" if name == "cost" else "="
                assert f"{sign} {significant(want[0])}" in told or want[0] in (0, 1), name


async def test_the_small_net_is_shown_in_full_where_the_terminal_is_small() -> None:
    trainer = make("2-8-1", alpha=4.0)
    trainer.run(20)
    async with PanelApp().run_test(size=(80, 20)) as pilot:
        panel = the(pilot)
        panel.show(walk(trainer), examples=40)
        for size in ((78, 18), (88, 32), (168, 42)):
            for step, name in enumerate(panel.names):
                panel.action_go_to(step)
                cells = panel.compose_cells(*size)
                text = "\n".join(lines(cells))
                assert "⋯" not in text, name
                assert "⋮" not in text, name
                whole = {"W¹": 16, "z¹": 8, "W²": 8, "δ¹": 8}.get(name.split("∂")[-1][-2:])
                if whole:
                    assert len(emphasised(cells, 12)) == whole


async def test_an_entry_is_written_out_as_a_sum() -> None:
    trainer = make("2-8-1")
    record = walk(trainer)
    layer = record.layers[0]
    async with PanelApp().run_test(size=(110, 34)) as pilot:
        panel = the(pilot)
        panel.show(record)
        await pilot.press("down", "down")
        w, a, b, z = layer.W[2], layer.a_before, layer.b[2], layer.z[2]
        told = f"= {factor(w[0])}·{factor(a[0])} + {factor(w[1])}·{factor(a[1])} + {factor(b)}"
        text = "\n".join(drawn(panel))
        assert "z¹₃ = Σₖ w¹₃,ₖ a⁰ₖ + b¹₃ " + told in text
        assert f"= {significant(z)}" in text
        assert "unit 3 of 8" in str(panel.border_subtitle)
        go(panel, "δ¹")
        text = "\n".join(drawn(panel))
        arriving, prime = layer.arriving[2], layer.sigma_prime[2]
        assert f"δ¹₃ = {factor(arriving)}·{significant(prime)} =" in text
        go(panel, "new W¹")
        await pilot.press("shift+right")
        told = f"w¹₃,₂ ← {factor(layer.W[2, 1])} − 0.3·{factor(layer.weight_gradient[2, 1])} ="
        assert told in "\n".join(drawn(panel))


async def test_the_gradient_stands_beside_a_difference_quotient() -> None:
    record = walk(make("2-8-1"))
    wrong = 1.01 * record.layers[0].weight_gradient
    false = replace(
        record, layers=(replace(record.layers[0], weight_gradient=wrong), record.layers[1])
    )
    async with PanelApp().run_test(size=(110, 34)) as pilot:
        panel = the(pilot)
        panel.show(record)
        go(panel, "∂C/∂W¹")
        text = "\n".join(drawn(panel))
        assert "numerical" in text
        (right,) = re.findall(r"relative difference (\S+)", text)
        assert number(right) < 1e-6
        assert "(rounding)" in text
        panel.show(false)
        text = "\n".join(drawn(panel))
        (found,) = re.findall(r"relative difference (\S+)", text)
        assert number(found) == pytest.approx(0.0099, rel=0.01)
        assert "(rounding)" not in text
        go(panel, "∂C/∂b¹")
        rows = drawn(panel)
        beside = [re.findall(r"−?\d\.[\d]*(?:e−?\d+)?", row) for row in rows if row.count("⎢") == 4]
        assert len(beside) == 6
        for delta, gradient, slope, difference in beside:
            assert delta == gradient == slope
            assert number(difference) < 1e-6


async def test_a_slope_too_small_for_differences_is_not_held_against_the_gradient() -> None:
    trainer = make("2-8-1")
    # the third unit's only way on: nearly nothing comes back through it
    trainer.set_parameter(2, 0, 2, 1e-16)
    async with PanelApp().run_test(size=(110, 34)) as pilot:
        panel = the(pilot)
        panel.show(walk(trainer))
        for name, of in (("∂C/∂W¹", "w"), ("∂C/∂b¹", "b")):
            go(panel, name)
            assert "relative difference" in "\n".join(drawn(panel))
            await pilot.press("down", "down")
            text = "\n".join(drawn(panel))
            assert f"(C({of} + h) − C({of} − h))/2h" in text
            assert "too small to check by differences" in text
            assert "relative difference" not in text
            await pilot.press("up", "up")
        # in the column of differences as well
        assert sum(bool(re.search("– *⎥", row)) for row in drawn(panel)) == 1, drawn(panel)


async def test_keys_lead_through_the_steps() -> None:
    async with PanelApp().run_test(size=(80, 24)) as pilot:
        panel = the(pilot)
        panel.show(walk(make("2-8-1")))
        assert panel.names[:8] == ["z¹", "a¹", "σ′(z¹)", "z²", "a²", "σ′(z²)", "δ²", "δ¹"]
        assert panel.names[8:12] == ["∂C/∂b¹", "∂C/∂b²", "∂C/∂W¹", "∂C/∂W²"]
        assert panel.names[12:] == ["new W¹", "new b¹", "new W²", "new b²", "cost"]
        seen = []
        for _ in panel.names:
            rows = drawn(panel)
            (marked,) = [row for row in rows if row.startswith("▸")]
            seen.append(marked[1:9].strip())
            assert f"step {panel.step + 1} of 17" in str(panel.border_subtitle)
            panel.action_go_step(1)
        assert seen == panel.names
        assert panel.step == 16
        await pilot.press("right", "left", "left")
        assert panel.step == 14
        await pilot.press("home")
        assert panel.step == 0
        await pilot.press("left")
        assert panel.step == 0
        await pilot.press("end")
        assert "cost" in drawn(panel)[panel.step]
        # the step stays when other numbers come
        panel.show(walk(make("2-8-1"), 5), example=5, examples=40)
        assert panel.step == 16


async def test_a_large_matrix_is_cut_and_scrolled() -> None:
    async with PanelApp().run_test(size=(92, 26)) as pilot:
        panel = the(pilot)
        record = walk(make("64-30-10"))
        panel.show(record)
        panel.largest_first = False
        text = "\n".join(drawn(panel))
        assert "⋯" in text
        assert "⋮" in text
        assert "W¹ 30×64" in text
        shown = emphasised(panel.compose_cells(90, 24), 12)
        assert 5 < len(shown) < 30
        assert shown[0] == pytest.approx(record.layers[0].z[0], rel=0.051)
        panel.action_go_row(25)
        shown = emphasised(panel.compose_cells(90, 24), 12)
        assert record.layers[0].z[25] == pytest.approx(shown[-1], rel=0.051)
        assert "z¹₂₆ =" in "\n".join(drawn(panel))
        await pilot.press("pageup")
        assert "z¹₂₆ =" not in "\n".join(drawn(panel))
        await pilot.press("pagedown", "pagedown", "pagedown")
        assert "unit 30 of 30" in str(panel.border_subtitle)
        numbers = column_numbers(panel)
        assert numbers[0] == 1
        panel.action_go_column(20)
        assert column_numbers(panel)[-1] == 21
        panel.action_go_column(-20)
        assert column_numbers(panel) == numbers


def column_numbers(panel: EquationInspector) -> list[int]:
    """Above the first matrix."""
    rows = drawn(panel)
    (caption,) = [n for n, row in enumerate(rows) if "W¹ 30×64" in row][:1]
    words = re.split(r"\S*[a-z]", rows[caption + 1][12:])[0].split()
    return [int(word) for word in words]


async def test_the_inputs_that_matter_most_stand_first() -> None:
    async with PanelApp().run_test(size=(92, 26)) as pilot:
        panel = the(pilot)
        trainer = make("64-30-10")
        record = walk(trainer)
        panel.show(record)
        await pilot.press("down")
        W, a = layers_of(NETS["64-30-10"][0], trainer.theta)[0][0], record.x
        largest = (np.argsort(-np.abs(W[1] * a), kind="stable") + 1).tolist()
        numbers = column_numbers(panel)
        assert numbers == largest[: len(numbers)]
        first = largest[0] - 1
        assert f"= {factor(W[1, first])}·{factor(a[first])} +" in "\n".join(drawn(panel))
        # while it learns, nothing changes its place
        trainer.run(30)
        panel.show(walk(trainer), update=30)
        assert column_numbers(panel) == numbers
        await pilot.press("o")
        assert column_numbers(panel)[0] == 1
        await pilot.press("o")
        now = layers_of(NETS["64-30-10"][0], trainer.theta)[0][0][1] * a
        assert column_numbers(panel)[0] == np.abs(now).argmax() + 1


async def test_another_example_is_asked_for() -> None:
    async with PanelApp().run_test(size=(92, 26)) as pilot:
        panel, heard = the(pilot), pilot.app.heard
        await pilot.press("j", "w")
        assert heard == []
        panel.show(walk(make("2-8-1")), example=3, examples=5, update=1740, label="inside")
        text = drawn(panel)
        assert "example 4 of 5" in text[0]
        assert "class inside" in text[0]
        assert "at update 1 740   cross-entropy   k = 1   η = 0.3   α = 0" in text[1]
        # the cost is named where there is no room for all
        panel.show(walk(make("2-8-1")), example=3, examples=5, update=20077)
        narrow = "".join(map(chr, panel.compose_cells(56, 16).codes[1]))
        assert "cross-entropy   k = 1" in narrow
        await pilot.press("j")
        assert (heard, panel.example) == ([4], 4)
        await pilot.press("j")
        assert heard == [4]
        await pilot.press("k", "k", "w")
        assert heard == [4, 3, 2, "asked"]


async def test_all_that_keys_do_clicks_do() -> None:
    async with PanelApp().run_test(size=(92, 26)) as pilot:
        panel = the(pilot)
        panel.show(walk(make("2-8-1")), example=3, examples=9)
        await pilot.click(EquationInspector, offset=(4, 1 + 10))
        assert panel.names[panel.step] == "∂C/∂W¹"
        rows = drawn(panel)
        y = next(n for n, row in enumerate(rows) if "⎣" in row)
        x = rows[y].index("⎦", rows[y].index("⎦") + 1) - 3
        await pilot.click(EquationInspector, offset=(x + 1, y + 1))
        assert "∂C/∂w¹₈,₂ =" in "\n".join(drawn(panel))
        assert drawn(panel)[y].count("▸") == 1
        x = drawn(panel)[0].index("▸")
        await pilot.click(EquationInspector, offset=(x + 1, 1))
        x = drawn(panel)[0].index("◂")
        await pilot.click(EquationInspector, offset=(x + 1, 1))
        await pilot.click(EquationInspector, offset=(x + 5, 1))
        assert pilot.app.heard == [4, 3, "asked"]


async def test_the_footer_names_keys_that_there_are() -> None:
    async with PanelApp().run_test(size=(92, 26)) as pilot:
        panel = the(pilot)
        assert panel.footer_keys == ()
        panel.show(walk(make("64-30-10")))
        words = [key.label for key in panel.footer_keys]
        assert "in their order" in words
        for key in panel.footer_keys:
            name = key.action.removeprefix("focused.").partition("(")[0]
            assert callable(getattr(panel, f"action_{name}"))
        panel.show(walk(make("2-8-1")))
        assert "in their order" not in [key.label for key in panel.footer_keys]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("adam", "adam: θ ← θ − η M/(√V + ε)"),
        ("momentum", "momentum: v ← μ v − η ∇C,   θ ← θ + v,   ∇C with (α/m) w"),
        ("nesterov", "nesterov: v ← μ v − η ∇C(θ + μ v)"),
    ],
)
async def test_the_step_is_the_methods_own(name: str, rule: str) -> None:
    trainer = make("2-8-1", alpha=4.0, method=optimizer(name))
    trainer.run(7)
    record = walk(trainer)
    layer = record.layers[0]
    async with PanelApp().run_test(size=(110, 30)) as pilot:
        panel = the(pilot)
        panel.show(record)
        go(panel, "new W¹")
        text = "\n".join(drawn(panel))
        assert rule in text
        moved = layer.W_after[0, 0] - layer.W_before[0, 0]
        assert f"{name} moves it by {significant(moved)};" in text
        plain = -trainer.eta * (4 / 40 * layer.W_before[0, 0] + layer.weight_gradient[0, 0])
        assert f"plain descent would by {significant(plain)}" in text
        assert ("looks ahead" in text) is (name == "nesterov")
        assert "first update" not in text
        numbers = emphasised(panel.compose_cells(*WALL["2-8-1"]), 30)
        np.testing.assert_allclose(numbers, layer.W_after.ravel(), rtol=0.006)
        panel.show(replace(record, remembers=False))
        assert "as at its first update, with nothing remembered" in "\n".join(drawn(panel))


async def test_what_has_no_step_or_no_gradient_says_so() -> None:
    async with PanelApp().run_test(size=(100, 24)) as pilot:
        panel = the(pilot)
        assert "press space to train" in "\n".join(drawn(panel))
        panel.show(walk(make("2-8-1", method=optimizer("lbfgs"))))
        assert panel.names[-1] == "update"
        await pilot.press("end", "down", "shift+right", "pagedown")
        text = "\n".join(drawn(panel))
        assert "There is no step of one example: lbfgs compares costs" in text
        panel.show(None, search=True)
        assert "There is no δ without backpropagation" in "\n".join(drawn(panel))
        await pilot.press("right", "down", "end", "home", "o", "pageup")
        assert panel.border_subtitle == ""
        panel.show(None)
        assert "press space to train" in "\n".join(drawn(panel))


@pytest.mark.parametrize("size", [1e200, np.inf])
async def test_a_run_that_has_diverged_is_shown_as_it_is(size: float) -> None:
    for net in NETS:
        trainer = make(net, alpha=4.0)
        theta = trainer.theta * size
        train = trainer.split.train
        record = walkthrough(
            trainer.network, theta, train.X[3], train.Y[3], trainer.cost, eta=1, alpha=4, m=40
        )
        async with PanelApp().run_test(size=(92, 26)) as pilot:
            panel = the(pilot)
            panel.show(record)
            text = ""
            for step in range(len(panel.names)):
                panel.action_go_to(step)
                text += "\n".join(drawn(panel))
            assert "nan" not in text
            assert "∞" in text


async def test_the_cost_of_a_saturated_output_names_the_slope_that_cancels() -> None:
    record = walk(make("2-8-1"))
    layer = record.layers[-1]
    async with PanelApp().run_test(size=(110, 30)) as pilot:
        panel = the(pilot)
        panel.show(record)
        go(panel, "δ²")
        text = "\n".join(drawn(panel))
        a, y, prime = layer.a[0], record.y[0], layer.sigma_prime[0]
        assert "(cross-entropy: σ′ cancels)" in text
        assert f"∂C/∂a = {significant((a - y) / (a * (1 - a)))} times" in text
        assert f"= {significant((a - y) * prime)}" in text
        panel.show(walk(make("6-5-4-3")))
        go(panel, "δ³")
        assert "∇C = a³ − y   (quadratic)" in "\n".join(drawn(panel))


async def test_ascii_is_ascii_but_for_the_letters_of_quantities() -> None:
    async with PanelApp(glyphs="ascii").run_test(size=(92, 26)) as pilot:
        panel = the(pilot)
        seen = set()
        for net in NETS:
            panel.show(walk(make(net, alpha=4.0)), image=(8, 8) if net == "64-30-10" else None)
            for step in range(len(panel.names)):
                panel.action_go_to(step)
                for size in ((90, 24), (36, 4)):
                    for row in lines(panel.compose_cells(*size)):
                        seen |= set(row)
                assert not set(str(panel.border_subtitle)) - set(map(chr, range(128))) - set("←→↑↓")
        assert seen - set(map(chr, range(128))) <= set("σδηαΣ∂")
        go(panel, "δ²")
        assert "BP2   δ^2 = (W^3)^T δ^3 o σ'(z^2)" in "\n".join(drawn(panel))
        assert any(">" in row and "[" in row for row in drawn(panel))


@pytest.fixture
def whole_writes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written beyond the edge of the cells."""
    cut: list[str] = []
    write = Cells.write

    def watched(self: Cells, row: int, column: int, text: str, ink: int = 0) -> int:
        height, width = self.codes.shape
        if column < 0 or column + len(text.rstrip()) > width or not 0 <= row < height:
            cut.append(text)
        return write(self, row, column, text, ink)

    monkeypatch.setattr(Cells, "write", watched)
    return cut


@pytest.mark.parametrize("net", NETS)
async def test_nothing_is_cut_at_any_size(net: str, whole_writes: list[str]) -> None:
    async with PanelApp().run_test(size=(80, 20)) as pilot:
        panel = the(pilot)
        trainer = make(net, alpha=4.0)
        trainer.run(12)
        panel.show(walk(trainer), examples=60_000, update=123_456, label="7")
        for n, width in enumerate((3, 11, 18, 20, 27, 38, 51, 60, 61, 78, 88, 99, 101, 168)):
            panel.glyphs = "ascii" if n % 2 else "braille"
            for step in range(n % 4, len(panel.names), 4):
                panel.action_go_to(step)
                for height in (1, 2, 4, 6, 8, 13, 18, 32):
                    whole_writes.clear()
                    panel.compose_cells(width, height)
                    assert not whole_writes, (width, height, panel.names[step])


async def test_columns_stay_where_they_are_while_it_learns() -> None:
    trainer = make("6-5-4-3", alpha=4.0)
    async with PanelApp().run_test(size=(92, 34)) as pilot:
        panel = the(pilot)
        places: dict[str, Any] = {}
        for _ in range(3):
            panel.show(walk(trainer))
            for step, name in enumerate(panel.names):
                panel.action_go_to(step)
                frame = [
                    [n for n, c in enumerate(row) if c in "⎡⎢⎣⎤⎥⎦⋮"] for row in drawn(panel)[:20]
                ]
                assert places.setdefault(name, frame) == frame
            trainer.run(15)


async def test_an_image_is_drawn_beside_the_steps() -> None:
    async with PanelApp().run_test(size=(92, 34)) as pilot:
        panel = the(pilot)
        panel.show(walk(make("64-30-10")), image=(8, 8))
        assert "x = 8×8 pixels" in drawn(panel)[0]
        assert "numbered row by row" in drawn(panel)[0]
        assert "pixel" not in str(panel.border_subtitle)
        go(panel, "∂C/∂W¹")
        await pilot.press(*["shift+right"] * 21)
        at = panel._selected()[1]
        told = f"pixel {at + 1} (row {at // 8 + 1}, column {at % 8 + 1})"
        assert told in str(panel.border_subtitle)
        go(panel, "∂C/∂W²")
        assert "pixel" not in str(panel.border_subtitle)
        assert (panel.compose_cells(90, 32).inks[-4:, :8] >= 1000).all()
        panel.show(walk(make("64-30-10")))
        assert "x = 64 inputs" in drawn(panel)[0]
        assert not (panel.compose_cells(90, 32).inks[-4:, :8] >= 1000).any()


def test_numbers_of_a_matrix_have_as_many_digits_as_there_is_room_for() -> None:
    for x, width, text in (
        (0.034567, 7, "0.0346"),
        (-0.034567, 7, "−0.0346"),
        (-0.034567, 6, "−0.035"),
        (-0.0034567, 7, "−0.0035"),
        (-0.00034567, 7, "−3.5e−4"),
        (3.4567e-12, 6, "3e−12"),
        (-3e-200, 6, "≈0"),
        (0.0, 6, "0"),
        (-0.0, 6, "0"),
        (-1.0, 6, "−1"),
        (1234.5, 7, "1234"),
        (float("nan"), 6, "–"),
        (float("-inf"), 6, "−∞"),
    ):
        assert entry(x, width) == text
        assert len(entry(x, width)) <= width
    rng = np.random.default_rng(0)
    for x in rng.standard_normal(300) * 10 ** rng.uniform(-14, 14, 300):
        for width in (6, 7):
            text = entry(x, width)
            assert len(text) <= width
            assert number(text) == pytest.approx(x, rel=0.5)


def test_texts() -> None:
    assert spelled("z²₃,₇ = (W¹⁰)ᵀ ⊙ −1 · ½") == "z^2_3,7 = (W^10)^T o -1 * 1/2"
    assert lowered(2, 406) == "₃,₄₀₇"
    assert (factor(-0.5), factor(1.0), factor(0.25)) == ("(−0.500)", "1", "0.250")
    assert (shrinking(0.0005), shrinking(0.0), shrinking(4e-8)) == ("0.9995", "1", "(1 − 4e−8)")


def test_a_sum_that_is_too_long_keeps_its_largest_terms_and_its_value() -> None:
    pairs = [(n / 10, 1.0) for n in range(1, 101)]
    sentence = products(("z =",), pairs, ("+ 1.00", "= 506"))
    text = " ".join(wrapped(sentence, 40, 2))
    assert text.startswith("z = 10.0·1 + 9.90·1")
    written = text.count("·")
    rest = sum(sorted(n / 10 for n in range(1, 101))[: 100 - written])
    assert f"… ({100 - written} more: {significant(rest)}) + 1.00 = 506" in text
    assert wrapped(sentence, 12, 1) == ["z = 506"]
    assert wrapped(sentence, 4, 1) == ["…"]
    assert all(len(line) <= 25 for line in wrapped(sentence, 25, 9))
    assert wrapped(Sentence(("a",)), 5, 1) == ["a"]
