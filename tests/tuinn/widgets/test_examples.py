"""The confusion matrix and the misread examples: counts, pictures, and what keys and clicks do."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from textual.app import App, ComposeResult

from engine import Network, Stop, Trainer
from engine.data import Dataset, Examples, load, split
from engine.inside.reading import Reading, reading
from tuinn.numbers import percent, significant
from tuinn.widgets.confusion import matrix
from tuinn.widgets.examples import ExamplesPanel
from tuinn.widgets.pictures import fitted, size

Shown = tuple[Reading, Examples, Dataset, str]


def read(dataset: Dataset, hidden: int, output: str, updates: int, cost: str) -> Shown:
    rng = np.random.default_rng(0)
    parts = split(dataset, validation=0.2, output=output, rng=rng)
    network = Network((dataset.d, hidden, dataset.outputs(output)), ("sigmoid", output))
    trainer = Trainer(network, parts, cost=cost, stop=Stop(epochs=50), seed=1)
    trainer.run(updates)
    found = reading(network, trainer.theta, parts.validation, len(dataset.classes))
    return found, parts.validation, dataset, "validation"


@cache
def digits() -> Shown:
    return read(load("digits"), 12, "softmax", 300, "cross-entropy")


@cache
def moons() -> Shown:
    dataset = load("moons", n=120)
    return read(dataset, 3, "sigmoid", 20, "cross-entropy")


@cache
def iris() -> Shown:
    return read(load("iris"), 3, "softmax", 30, "cross-entropy")


@cache
def line() -> Shown:
    rng = np.random.default_rng(3)
    X = rng.standard_normal((50, 3))
    dataset = Dataset("line", X, targets=X @ [[1.0, 0.3], [2.0, 0.1], [0.5, -1.0]])
    return read(dataset, 4, "identity", 30, "quadratic")


class PanelApp(App[None]):
    def __init__(self, **options: str) -> None:
        super().__init__()
        self.panel = ExamplesPanel(**options)  # type: ignore[arg-type]
        self.told: list[int] = []

    def compose(self) -> ComposeResult:
        yield self.panel

    def on_examples_panel_chosen(self, event: ExamplesPanel.Chosen) -> None:
        self.told.append(event.example)


def rows(panel: ExamplesPanel) -> list[str]:
    return [panel.render_line(y).text.rstrip() for y in range(panel.size.height)]


def text(panel: ExamplesPanel) -> str:
    return "\n".join(rows(panel))


async def test_an_empty_panel_says_what_would_fill_it() -> None:
    app = PanelApp()
    async with app.run_test(size=(60, 12)):
        assert "press space to train" in text(app.panel)
        app.panel.show(*digits())
        assert "misread" in text(app.panel)
        app.panel.show(None)
        assert "press space to train" in text(app.panel)
        assert app.panel.example is None


async def test_the_matrix_has_the_counts_and_marks() -> None:
    found, examples, *_ = digits()
    assert examples.labels is not None
    read_as = found.outputs.argmax(axis=1)
    app = PanelApp()
    async with app.run_test(size=(120, 40)):
        app.panel.show(*digits())
        wrong = int((read_as != examples.labels).sum())
        share = percent(float((read_as == examples.labels).mean()))
        assert f"{share} right" in rows(app.panel)[0]
        assert f"{wrong} of {len(read_as)} validation examples misread" in rows(app.panel)[0]
        assert app.panel.border_subtitle == "rows: true class · columns: read as"
        beside = []
        for true in range(10):
            line = rows(app.panel)[2 + true][: 2 + 4 * 10]
            assert line[0] == str(true)
            for column in range(10):
                number = int(((examples.labels == true) & (read_as == column)).sum())
                cell = line[2 + 4 * column : 6 + 4 * column]
                assert cell.strip(" =!>") == (str(number) if number else "·"), (true, column)
                assert ("=" in cell) == (true == column and number > 0)
                if true != column:
                    beside.append((number, "!" in cell))
        assert sum(marked for _, marked in beside) == 3
        least = min(number for number, marked in beside if marked)
        assert all(number <= least for number, marked in beside if not marked)


async def test_the_worst_come_first_and_the_keys_go_through_them() -> None:
    found, examples, *_ = digits()
    assert examples.labels is not None
    app = PanelApp()
    async with app.run_test(size=(100, 40)) as pilot:
        app.panel.show(*digits())
        app.panel.focus()
        expected = sorted(
            np.flatnonzero(found.outputs.argmax(axis=1) != examples.labels),
            key=lambda i: -found.wrongness[i],
        )
        seen = [app.panel.example]
        for _ in range(3):
            await pilot.press("j")
            seen.append(app.panel.example)
        assert seen == expected[:4]
        example = expected[3]
        shown = text(app.panel)
        true, taken = examples.labels[example], found.outputs[example].argmax()
        assert f"true {true} → read {taken}" in shown
        assert f"4 of {len(expected)}" in shown
        for k, value in enumerate(found.outputs[example]):
            mark = "=" if k == true else "!" if k == taken else " "
            assert re.search(
                rf"{re.escape(mark)}{k} ?▕.*▏ {re.escape(significant(value, 2))}\b", shown
            )
        await pilot.press("k", "k")
        assert app.panel.example == expected[1]
        await pilot.press("end")
        assert app.panel.example == expected[-1]
        await pilot.press("home", "right", "left", "down", "up")
        assert app.panel.example == expected[0]
        await pilot.press("l")
        await pilot.pause()
        assert app.told == [expected[0]]


async def test_a_cell_lists_its_examples_until_u() -> None:
    found, examples, *_ = digits()
    assert examples.labels is not None
    read_as = found.outputs.argmax(axis=1)
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (examples.labels, read_as), 1)
    np.fill_diagonal(confusion, 0)
    app = PanelApp()
    async with app.run_test(size=(100, 40)) as pilot:
        app.panel.show(*digits())
        app.panel.focus()
        await pilot.press("o")
        true, taken = divmod(int(confusion.argmax()), 10)
        assert app.panel.cell == (true, taken)
        number = confusion.max()
        assert f"{number} of true {true} read as {taken}" in str(app.panel.border_subtitle)
        listed = []
        for _ in range(number):
            listed.append(app.panel.example)
            await pilot.press("j")
        of_cell = np.flatnonzero((examples.labels == true) & (read_as == taken))
        assert sorted(listed) == of_cell.tolist()
        await pilot.press("up", "left")
        assert app.panel.cell == (max(true - 1, 0), max(taken - 1, 0))
        await pilot.press("u")
        assert app.panel.cell is None
        assert not app.panel.in_matrix
        assert app.panel.border_subtitle == "rows: true class · columns: read as"
        # the cell of 8 read as 8: within the border, after the name and eight cells of four
        await pilot.click(ExamplesPanel, offset=(1 + 2 + 4 * 8 + 2, 1 + 2 + 8))
        assert app.panel.cell == (8, 8)
        right = np.flatnonzero((examples.labels == 8) & (read_as == 8))
        assert app.panel.example == max(right, key=lambda i: found.wrongness[i])
        await pilot.click(ExamplesPanel, offset=(1 + 2 + 4 * 8 + 2, 1 + 2 + 8))
        assert app.panel.cell is None


async def test_a_click_selects_an_example() -> None:
    found, *_ = digits()
    app = PanelApp()
    async with app.run_test(size=(100, 40)) as pilot:
        app.panel.show(*digits())
        line = next(y for y, row in enumerate(rows(app.panel)) if row.count("→") >= 3)
        second = [at.start() for at in re.finditer("→", rows(app.panel)[line])][1]
        await pilot.click(ExamplesPanel, offset=(1 + second, 1 + line))
        assert app.panel.example == found.wrong[1]


async def test_the_example_selected_stays_so_when_it_is_read_again() -> None:
    found, examples, dataset, part = digits()
    app = PanelApp()
    async with app.run_test(size=(100, 40)) as pilot:
        app.panel.show(*digits())
        app.panel.focus()
        await pilot.press("j", "j", "j")
        example = app.panel.example
        other = read(load("digits"), 12, "softmax", 360, "cross-entropy")[0]
        app.panel.show(other, examples, dataset, part)
        if example in other.wrong:
            assert app.panel.example == example
        app.panel.show(found, examples, dataset, part)
        assert app.panel.example in found.wrong


async def test_images_are_drawn_as_they_are() -> None:
    found, examples, dataset, _ = digits()
    app = PanelApp(glyphs="ascii")
    app.no_color = True  # type: ignore[misc]
    async with app.run_test(size=(60, 12)):
        app.panel.show(*digits())
        assert examples.rows is not None
        example = int(found.wrong[0])
        image = dataset.X[examples.rows[example]].reshape(8, 8)
        # eight rows of text hold the image twice as large
        large = image.repeat(2, axis=0).repeat(2, axis=1)
        ramp = " .:-=+*#%@"
        for y in range(8):
            shares = large[2 * y : 2 * y + 2].mean(axis=0)
            shades = (shares * 23 + 0.5).astype(int)
            line = "".join(ramp[shade * 10 // 24] for shade in shades)
            assert rows(app.panel)[1 + y].ljust(16)[:16] == line


async def test_two_dimensional_data_are_told_by_their_coordinates() -> None:
    found, examples, dataset, _ = moons()
    app = PanelApp()
    async with app.run_test(size=(90, 24)):
        app.panel.show(*moons())
        example = app.panel.example
        assert example is not None
        assert examples.rows is not None
        x, y = dataset.X[examples.rows[example]]
        shown = text(app.panel)
        assert f"x₁ {significant(x)}" in shown
        assert f"x₂ {significant(y)}" in shown
        assert f"than of {found.labels[example]} by " in shown


async def test_features_are_told_by_name() -> None:
    _, examples, dataset, _ = iris()
    app = PanelApp()
    async with app.run_test(size=(90, 24)):
        app.panel.show(*iris())
        example = app.panel.example
        assert example is not None
        assert examples.rows is not None
        for name, value in zip(dataset.feature_names, dataset.X[examples.rows[example]]):
            assert f"{name} {significant(value)}" in text(app.panel)


async def test_regression_shows_the_largest_errors_and_no_matrix() -> None:
    found, examples, *_ = line()
    app = PanelApp()
    async with app.run_test(size=(90, 24)) as pilot:
        app.panel.show(*line())
        app.panel.focus()
        error = np.linalg.norm(found.outputs - examples.Y, axis=1)
        assert app.panel.example == error.argmax()
        shown = text(app.panel)
        assert "R²" in rows(app.panel)[0]
        assert f"error {significant(error.max(), 2)}" in shown
        assert f"y {significant(examples.Y[error.argmax()][0], 2)} " in shown
        await pilot.press("o", "j")
        assert not app.panel.in_matrix
        assert app.panel.example == np.argsort(-error)[1]
        assert [key.shown for key in app.panel.footer_keys] == ["jk", "l"]


async def test_regression_has_output_target_and_zero_on_one_scale() -> None:
    found, examples, *_ = line()
    app = PanelApp()
    async with app.run_test(size=(90, 24)) as pilot:
        app.panel.show(*line())
        app.panel.focus()
        both = np.concatenate([found.outputs.ravel(), examples.Y.ravel(), [0.0]])
        low, high = both.min(), both.max()
        for place in range(5):
            example = np.argsort(-np.linalg.norm(found.outputs - examples.Y, axis=1))[place]
            drawn = re.findall(r"a(\d)▕(.+)▏ (\S+)", text(app.panel))
            assert [number for number, *_ in drawn] == ["1", "2"]
            for k, (_, bar, number) in enumerate(drawn):
                a, y = float(found.outputs[example, k]), float(examples.Y[example, k])
                assert number == significant(a, 2)
                cells = [min(int((x - low) / (high - low) * 24), 23) for x in (0.0, a, y)]
                zero, end, target = cells
                assert len(bar) == 24
                assert bar[target] == "y"
                assert bar[zero] == ("│" if zero != target else "y")
                for cell in range(24):
                    if cell not in (zero, target):
                        inside = min(zero, end) <= cell <= max(zero, end)
                        assert (bar[cell] == "█") == inside
            assert "│ 0   y the target" in text(app.panel)
            await pilot.press("j")


async def test_where_there_is_room_for_one_part_o_shows_the_other() -> None:
    found, *_ = digits()
    app = PanelApp()
    async with app.run_test(size=(38, 10)) as pilot:
        app.panel.show(*digits())
        app.panel.focus()
        assert "true" in text(app.panel)
        await pilot.press("o")
        true, taken, number = found.confusions()[0]
        assert f"{number} × {true} → {taken}" in rows(app.panel)[1]
        await pilot.press("down")
        assert app.panel.cell == found.confusions()[1][:2]
        await pilot.press("o")
        assert "true {} → read {}".format(*found.confusions()[1]) in text(app.panel)


@pytest.mark.parametrize("shown", [digits, moons, iris, line])
@pytest.mark.parametrize("glyphs", ["braille", "ascii"])
async def test_every_size_can_be_drawn(shown: object, glyphs: str) -> None:
    app = PanelApp(glyphs=glyphs)
    async with app.run_test(size=(40, 12)):
        app.panel.show(*shown())  # type: ignore[operator]
        found, *_ = shown()  # type: ignore[operator]
        accuracy = percent(found.accuracy) if found.labels is not None else "R²"
        for in_matrix in (False, True):
            app.panel.in_matrix = in_matrix
            for width in (1, 3, 18, 20, 36, 43, 58, 88, 168):
                for height in (1, 3, 4, 10, 20, 32, 42):
                    lines = app.panel.compose_cells(width, height).codes
                    drawn = ["".join(map(chr, codes)) for codes in lines]
                    if width >= 36:
                        assert accuracy in drawn[0]
                    if width < 18:
                        continue
                    for row in re.findall(r"▏ \S*", "\n".join(drawn)):
                        assert len(row) == 2 or re.fullmatch(r"▏ [−\d.e]+", row)
                    if glyphs == "ascii":
                        assert not set("".join(drawn)) & set("█▕▏░▒▓│▀●→"), (width, height)


def test_the_matrix_takes_shares_where_counts_have_no_room() -> None:
    confusion = np.array([[1000, 250, 0], [1, 2000, 500], [0, 0, 0]])
    names = ("a", "b", "c")
    wide, tight = matrix(confusion, names, 60), matrix(confusion, names, 14)
    assert wide is not None
    assert tight is not None
    assert wide.texts[0] == ("1000", "250", "·")
    assert not wide.in_percent
    assert tight.in_percent
    assert tight.texts == (("80", "20", "·"), ("<1", "80", "20"), ("·", "·", "·"))
    assert matrix(confusion, names, 8) is None
    # what is less than half a per cent is told from what is nothing, and what is not all from 100
    shares = matrix(np.array([[9949, 50, 1], [9990, 10, 0], [0, 0, 3]]), names, 14)
    assert shares is not None
    assert shares.texts == (("99", "1", "<1"), (">99", "<1", "·"), ("·", "·", "100"))
    assert wide.cell_at(1, wide.before) == (0, 0)
    assert wide.cell_at(3, wide.width - 1) == (2, 2)
    assert wide.cell_at(0, wide.before) is None


async def test_the_matrix_says_how_it_is_to_be_read() -> None:
    for glyphs, arrows in (("braille", "true ↓ read →"), ("ascii", "true v read >")):
        app = PanelApp(glyphs=glyphs)
        async with app.run_test(size=(120, 40)) as pilot:
            app.panel.show(*digits())
            assert rows(app.panel)[12].startswith(f"examples, {arrows}")
            found, examples, *others = digits()
            assert found.confusion is not None
            many = replace(found, confusion=1000 * found.confusion)
            app.panel.show(many, examples, *others)
            await pilot.resize_terminal(50, 40)
            await pilot.pause()
            assert rows(app.panel)[12].startswith(f"% of each row, {arrows}")


async def test_what_is_read_right_is_said_and_offers_no_keys() -> None:
    found, examples, *others = moons()
    assert found.labels is not None
    right = replace(found, wrong=found.wrong[:0], predicted=found.labels, accuracy=1.0)
    app = PanelApp()
    async with app.run_test(size=(100, 30)):
        app.panel.show(found, examples, *others)
        assert [key.shown for key in app.panel.footer_keys] == ["jk", "l", "o"]
        app.panel.show(right, examples, *others)
        assert (
            rows(app.panel)[0] == f"100 % right   all {found.n} validation examples are read right"
        )
        assert "worst" not in text(app.panel)
        assert [key.shown for key in app.panel.footer_keys] == ["o"]


async def test_the_margin_is_told_in_words() -> None:
    found, *_ = moons()
    assert found.labels is not None
    app = PanelApp()
    async with app.run_test(size=(90, 24)):
        app.panel.show(*moons())
        example = found.wrong[0]
        a, true = float(found.outputs[example, 0]), int(found.labels[example])
        margin = significant(abs(2 * a - 1), 2)
        assert f"surer of {1 - true} than of {true} by {margin}" in text(app.panel)
        app.panel.cell = (1, 1)
        assert "surer of 1 than of any other by " in text(app.panel)
        # in little room by its name, which the help explains
        app.panel.show(*digits())
        assert "margin 0.62" in "\n".join(
            "".join(map(chr, codes)) for codes in app.panel.compose_cells(120, 40).codes
        )


def test_images_are_made_smaller_by_means() -> None:
    image = np.random.default_rng(0).random((28, 28))
    assert size((28, 28), 28, 14) == (28, 14)
    assert size((28, 28), 14, 14) == (14, 7)
    small = fitted(image, 14, 7)
    assert np.allclose(small, image.reshape(14, 2, 14, 2).mean(axis=(1, 3)))
    # 28 pixels in threes: nine whole ones and one of a single pixel
    odd = fitted(image, 10, 5)
    assert odd.shape == (10, 10)
    assert np.isclose(odd[9, 9], image[27, 27])
    assert np.isclose(odd[0, 9], image[:3, 27].mean())
    assert np.array_equal(fitted(image[:8, :8], 16, 8)[::2, ::2], image[:8, :8])
    assert np.isnan(fitted(image[:7, :8], 8, 4)[7]).all()
