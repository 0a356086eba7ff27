"""The table of a race: all of it can be read at any width, and its columns can be sorted."""

from dataclasses import replace

import pytest
from textual.app import App, ComposeResult

from tuinn.comparison import FIGURES, Result, differing
from tuinn.config import Config, changed
from tuinn.outcome import Basis, Outcome
from tuinn.widgets.race_table import RaceTable

NAMES = ["batch", "mini-batch", "stochastic", "tiny-batch", "huge-batch", "some-batch"]
SIZES = ["full", 10, 1, 2, 100, 50]
LOSSES = [0.412, 0.0813, 0.096, 0.3, 0.2, 0.5]
BASIS = Basis("cross-entropy", 0.0, "digits", validated=True, regression=False)


def one(loss, status="finished", basis=BASIS):
    return Outcome(status, loss, loss, 1 - loss, 1 - loss, 24_300, loss, 4320, 4320, 30.0, basis)


def results_of(number, repeat=1, **options):
    return [
        Result.of([one(loss + n / 1000, **options) for n in range(repeat)])
        for loss in LOSSES[:number]
    ]


class Tabled(App[None]):
    def __init__(self, number=3, repeat=1, glyphs="braille", results=None) -> None:
        super().__init__()
        self.number, self.glyphs = number, glyphs
        self.results = results or results_of(number, repeat)
        self.said = []

    def compose(self) -> ComposeResult:
        yield RaceTable(self.glyphs)

    def on_mount(self) -> None:
        self.show()

    def show(self, **options) -> None:
        configs = [changed(Config(), "training.batch_size", k) for k in SIZES[: self.number]]
        self.table.show(NAMES[: self.number], differing(configs), self.results, **options)

    @property
    def table(self) -> RaceTable:
        return self.query_one(RaceTable)

    @property
    def lines(self) -> list[str]:
        width, height = self.table.size
        codes = self.table.compose_cells(width, height).codes
        return ["".join(map(chr, row)).rstrip() for row in codes.tolist()]

    def on_race_table_sorted(self, event: RaceTable.Sorted) -> None:
        self.said.append((event.key, event.label, event.places))

    def on_race_table_chosen(self, event: RaceTable.Chosen) -> None:
        self.said.append(event.place)


def cells(lines, label):
    """What stands in the row of that label."""
    (line,) = [line[1:] for line in lines if line[1:].startswith(label)]
    return line.removeprefix(label).split()


async def test_at_38_columns_three_runs_stand_beside_each_other():
    async with Tabled().run_test(size=(38, 24)) as pilot:
        lines = pilot.app.lines
        assert lines[0].split() == ["validation", "●", "batch", "▲", "mini.", "■", "stoc."]
        assert cells(lines, "mini-batch") == ["full", "10", "1"]
        assert cells(lines, "best loss") == ["0.412", "0.0813★", "0.0960"]
        assert cells(lines, "best acc.") == ["0.588", "0.919★", "0.904"]
        assert cells(lines, "upd/s") == ["24.3", "k"] * 3
        assert cells(lines, "state") == ["done"] * 3
        # how they fare, a rule, what differs
        rule = next(n for n, line in enumerate(lines) if line.startswith("─ what differs ──"))
        assert lines[1][1:].startswith("best loss")
        assert lines[rule - 1].strip().startswith("state")
        assert lines[rule + 1].strip().startswith("mini-batch")


async def test_with_room_labels_and_names_are_whole():
    async with Tabled().run_test(size=(100, 30)) as pilot:
        lines = pilot.app.lines
        assert lines[0].split() == ["●", "batch", "▲", "mini-batch", "■", "stochastic"]
        assert cells(lines, "best validation loss") == ["0.412", "0.0813", "★", "0.0960"]
        assert cells(lines, "state") == ["finished"] * 3


@pytest.mark.parametrize(("width", "height"), [(38, 20), (60, 30), (100, 30), (20, 10)])
@pytest.mark.parametrize(("number", "repeat"), [(1, 1), (2, 5), (6, 1), (6, 5)])
async def test_every_figure_can_be_read_whole(width, height, number, repeat):
    async with Tabled(number, repeat).run_test(size=(width, height)) as pilot:
        app, seen = pilot.app, []
        app.table.focus()
        await pilot.pause()
        while seen[-1:] != [app.lines]:
            seen.append(app.lines)
            app.table.action_go(1)
        text = " ".join(line for lines in seen for line in lines)
        # the median of five losses 0.001 apart is the third
        for loss in LOSSES[:number]:
            assert f"{loss + (repeat // 2) / 1000:.3g}".ljust(5, "0") in text
        # at 20 columns labels are cut, figures are not
        assert "…" not in text.replace("mini-bat…", "")
        if repeat > 1:
            assert "±0.001" in text.replace(" ", "")


@pytest.mark.parametrize(
    ("loss", "shown"), [(0.000635, "6.4e−4"), (1.59e-10, "2e−10"), (123_456.7, "1.23e5")]
)
async def test_a_figure_that_is_too_long_keeps_its_first_digits(loss, shown):
    results = [Result.of([one(loss)]), Result.of([one(0.5)])]
    async with Tabled(2, results=results).run_test(size=(30, 24)) as pilot:
        assert cells(pilot.app.lines, "time (s)")[0].rstrip("★") == shown
        assert "…" not in " ".join(pilot.app.lines)


async def test_what_does_not_fit_is_told_and_the_names_stay():
    async with Tabled(5).run_test(size=(60, 8)) as pilot:
        app = pilot.app
        app.table.focus()
        await pilot.pause()
        rows = 1 + 1 + 1 + len(FIGURES) + 1
        assert app.table.border_subtitle == f"S sorts, {rows - 6} more below"
        head = app.lines[0]
        app.table.action_go(20)
        assert app.lines[0] == head
        assert app.lines[-1].startswith("▸mini-batch")


async def test_sorting_by_a_row_and_back():
    async with Tabled().run_test(size=(100, 30)) as pilot:
        app = pilot.app
        app.table.focus()
        await pilot.press("S")
        assert app.said == [("best_loss", "best validation loss", (1, 2, 0))]
        assert app.lines[0].split()[1::2] == ["mini-batch", "stochastic", "batch"]
        assert cells(app.lines, "mini-batch") == ["10", "1", "full"]
        assert cells(app.lines, "best validation loss") == ["0.0813", "★", "0.0960", "0.412"]
        await pilot.press(*["down"] * 20, "S")
        assert app.said[-1] == ("training.batch_size", "mini-batch", (2, 1, 0))
        await pilot.press("S")
        assert app.said[-1] == ("", "", (0, 1, 2))


async def test_nothing_jumps_while_figures_change():
    async with Tabled().run_test(size=(100, 30)) as pilot:
        app = pilot.app
        app.table.focus()
        await pilot.press("down", "S")
        app.results = app.results[::-1]
        app.show()
        assert app.table.places == (1, 2, 0)
        await pilot.press("S")
        # they stood in another order by then: the best comes first again
        assert app.said[-1][2] == (1, 0, 2)


async def test_clicks_choose_runs_and_sort_rows():
    async with Tabled().run_test(size=(38, 24)) as pilot:
        app = pilot.app
        await pilot.click(RaceTable, offset=(1 + 11 + 8 + 3, 1))
        assert app.said == [1]
        line = next(n for n, text in enumerate(app.lines) if "best acc." in text)
        await pilot.click(RaceTable, offset=(3, 1 + line))
        assert app.said[-1] == ("best_accuracy", "best acc.", (1, 2, 0))
        assert app.lines[line].startswith("▸best acc.")


async def test_the_one_in_focus_is_underlined():
    async with Tabled().run_test(size=(60, 20)) as pilot:
        app = pilot.app
        app.show(focused=2)
        await pilot.pause()
        segments = list(app.table.render_line(0))
        lined = "".join(one.text for one in segments if one.style and one.style.underline)
        assert lined == "■ stochastic"


async def test_without_results_it_says_what_would_fill_it():
    async with Tabled(results=[]).run_test(size=(60, 20)) as pilot:
        table = pilot.app.table
        table.show([], [], [])
        assert pilot.app.lines[0] == "no runs yet: p chooses presets"
        table.focus()
        await pilot.press("down", "S")
        await pilot.click(RaceTable, offset=(5, 3))
        assert pilot.app.said == []


async def test_what_is_not_compared_is_told_below():
    mixed = [
        Result.of([one(0.1)]),
        Result.of([one(0.2, basis=Basis("quadratic", 0.0, "digits", True, False))]),
    ]
    async with Tabled(2, results=mixed).run_test(size=(38, 24)) as pilot:
        text = " ".join(" ".join(pilot.app.lines).split())
        assert "losses of different costs are not compared" in text
        assert cells(pilot.app.lines, "best loss") == ["0.100", "0.200"]
        assert cells(pilot.app.lines, "best acc.") == ["0.900", "★", "0.800"]


async def test_six_runs_stand_beside_each_other_in_60_cells():
    async with Tabled(6).run_test(size=(62, 24)) as pilot:
        lines = pilot.app.lines
        assert [mark for mark in "●▲■◆○△" if mark in lines[0]] == list("●▲■◆○△")
        assert len(cells(lines, "mini-batch")) == len(cells(lines, "best loss")) == 6


async def test_the_word_for_the_examples_is_whole():
    # no label of a row is as long
    async with Tabled(3).run_test(size=(48, 24)) as pilot:
        pilot.app.table.show(NAMES[:3], [], results_of(3))
        assert pilot.app.lines[0].split()[0] == "validation"


async def test_nothing_is_best_and_nothing_differs_before_the_start():
    still = [Result.of([replace(one(0.5), update=0.0)]) for _ in range(2)]
    async with Tabled(1, results=still[:1]).run_test(size=(60, 24)) as pilot:
        assert "what differs" not in " ".join(pilot.app.lines)
    async with Tabled(2, results=still).run_test(size=(60, 24)) as pilot:
        assert "★" not in " ".join(pilot.app.lines)


@pytest.mark.parametrize(("width", "repeat"), [(38, 1), (38, 5), (60, 1), (100, 5)])
async def test_the_lines_are_known_beforehand(width, repeat):
    async with Tabled(3, repeat).run_test(size=(width + 2, 60)) as pilot:
        app = pilot.app
        table, first = app.table, [Result.of([one(0.5)] * repeat)] * 3
        configs = [changed(Config(), "training.batch_size", k) for k in SIZES[:3]]
        there = table.lines_in(NAMES[:3], differing(configs), first, width)
        shown = len([line for line in app.lines if line])
        assert shown <= there <= shown + (9 if repeat > 1 else 0)


async def test_where_all_seeds_are_alike_no_spread_takes_a_line():
    alike = [Result.of([one(loss)] * 3) for loss in LOSSES[:3]]
    async with Tabled(3, results=alike).run_test(size=(38, 40)) as pilot:
        assert "±" not in " ".join(pilot.app.lines)
        assert pilot.app.lines[2][1:].startswith("last loss")


async def test_in_ascii_a_spread_is_written_as_in_plain_text():
    async with Tabled(3, 5, glyphs="ascii").run_test(size=(40, 40)) as pilot:
        text = "\n".join(pilot.app.lines)
        assert "+-0.001" in text
        assert "~" not in text


@pytest.mark.parametrize("width", [38, 100])
async def test_in_ascii_all_that_is_drawn_is_ascii(width):
    worst = [
        Result.of([one(loss, "diverged"), one(loss), one(0.2)]) for loss in (float("inf"), 0.2, 1.0)
    ]
    async with Tabled(results=worst, glyphs="ascii").run_test(size=(width, 40)) as pilot:
        pilot.app.table.focus()
        await pilot.press("down", "S")
        assert "".join(pilot.app.lines).isascii()
        assert str(pilot.app.table.border_subtitle).isascii()
