"""The list of runs: what fits is whole, the order is right, only what is in sight is drawn."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs_driver import BEGUN, run
from textual.app import App, ComposeResult

from tuinn.store.run import StoredRun
from tuinn.widgets.run_columns import BY_NAME, ID, NAME, cut, fitting, in_order, plain_text
from tuinn.widgets.run_list import RunList


class Lists(App[None]):
    """A list of runs alone."""

    def __init__(self, runs: Sequence[StoredRun], at: int = 0, glyphs: Any = "braille") -> None:
        super().__init__()
        self._runs, self._at = runs, at
        self.list = RunList(glyphs=glyphs)
        self.sorts: list[str] = []
        self.toggled: list[int] = []
        self.opened = 0

    def compose(self) -> ComposeResult:
        yield self.list

    def on_mount(self) -> None:
        self.list.focus()
        self.list.show(self._runs, self._at, {3}, "id", False)

    def on_run_list_sort_wanted(self, event: RunList.SortWanted) -> None:
        self.sorts.append(event.column)

    def on_run_list_open_wanted(self, event: RunList.OpenWanted) -> None:
        self.opened += 1

    def on_run_list_toggled(self, event: RunList.Toggled) -> None:
        self.toggled.append(event.place)


def lines(app: Lists) -> list[str]:
    """What stands in the list, without its border."""
    height = app.list.size.height
    return ["".join(s.text for s in app.list.render_line(y)) for y in range(height)]


class Counted(Sequence[StoredRun]):
    """Very many runs that are made when they are asked for."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.asked: set[int] = set()

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(self.total))]
        self.asked.add(place)
        return run(self.total - place)

    def __iter__(self) -> Iterator[StoredRun]:
        raise AssertionError("nobody has the time to go through all of them")


async def test_of_very_many_only_those_in_sight_are_drawn() -> None:
    runs = Counted(1_000_000)
    app = Lists(runs)
    async with app.run_test(size=(100, 30)) as pilot:
        assert "1000000" in lines(app)[1]
        await pilot.press("end")
        assert app.list.at == 999_999
        assert "preset-1" in lines(app)[-1]
        await pilot.press("home", "pagedown")
        assert app.list.at == 26
    assert len(runs.asked) < 200


@given(st.integers(40, 300))
def test_columns_fill_the_width_and_never_more(width: int) -> None:
    columns, name = fitting(width)
    assert ID.width + 1 + name + sum(column.width + 1 for column in columns) == width
    assert name >= NAME.width
    # what matters most is there before anything else
    if columns:
        assert "best_loss" in [column.name for column in columns]


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("glyphs", ["braille", "ascii"])
async def test_long_names_and_many_tags_keep_to_their_column(width: int, glyphs: str) -> None:
    runs = [
        run(123456, name="a-preset-with-a-name-of-" + 60 * "x", tags=tuple("abcdefgh")),
        run(3, name="short", tags=("draft", "a-tag-that-is-rather-long" * 3, "z")),
        run(
            2,
            name="日本語-\t🙂",
            dataset="a-very-long-name-of-a-data-set.csv",
            status="interrupted",
        ),
        run(1, name="nan", train_loss=math.nan, validation_loss=None, best_loss=math.inf),
    ]
    app = Lists(runs, glyphs=glyphs)
    async with app.run_test(size=(width, 12)):
        shown = lines(app)
        assert all(len(line) == width - 2 for line in shown)
        titles = shown[0]
        assert "run" in titles
        assert "name" in titles
        if "began" in titles:
            # the last column ends where its title ends, whatever stands before it
            end = titles.index("began") + len("began")
            assert all(line[:end].rstrip()[-1].isdigit() for line in shown[1:5])
        assert "short" in shown[2]
        assert ("+" if glyphs == "ascii" else "◆") in shown[2][:4]
        if glyphs == "ascii":
            # signs of quantities stay
            assert all(line.replace("∞", "").isascii() for line in shown)
        if width >= 60:
            assert "+" in shown[1] or "…" in shown[1] or "." in shown[1]


values = st.one_of(st.none(), st.just(math.nan), st.floats(allow_nan=False, width=16))


@given(
    st.lists(st.tuples(values, st.sampled_from(["a", "B", "c"])), max_size=8),
    st.sampled_from(sorted(BY_NAME)),
    st.booleans(),
)
def test_the_order_is_that_of_the_column_and_what_is_unknown_comes_last(
    rows: list[tuple[float | None, str]], by: str, backward: bool
) -> None:
    runs = [
        run(
            number, name=name, validation_loss=value, best_loss=math.nan if value is None else value
        )
        for number, (value, name) in enumerate(rows, start=1)
    ]
    ordered = in_order(runs, by, backward)
    assert sorted(run.id for run in ordered) == [run.id for run in runs]
    keys = [BY_NAME[by].key(run) for run in ordered]
    known = [key for key in keys if key is not None and key == key]
    assert keys[: len(known)] == known
    falls = BY_NAME[by].falls is not backward
    assert known == sorted(known, reverse=falls)
    for one, two in itertools.pairwise(ordered):
        if BY_NAME[by].key(one) == BY_NAME[by].key(two):
            assert one.id > two.id


@given(st.text(max_size=30), st.integers(0, 20))
def test_texts_take_one_cell_for_each_character(text: str, width: int) -> None:
    shown = cut(plain_text(text), width)
    assert len(shown) <= width
    assert shown.isprintable()


async def test_clicks_choose_mark_and_sort() -> None:
    runs = [run(number) for number in range(9, 0, -1)]
    app = Lists(runs)
    async with app.run_test(size=(90, 20)) as pilot:
        await pilot.click(RunList, offset=(20, 4))
        assert (app.list.at, app.toggled) == (2, [])
        await pilot.click(RunList, offset=(2, 5))
        assert (app.list.at, app.toggled) == (3, [3])
        await pilot.click(RunList, offset=(1 + lines(app)[0].index("best acc."), 1))
        assert app.sorts == ["best_accuracy"]
        await pilot.click(RunList, offset=(20, 15))
        assert app.list.at == 3


async def test_two_clicks_open_a_run_but_not_its_mark_nor_a_title() -> None:
    app = Lists([run(number) for number in range(9, 0, -1)])
    async with app.run_test(size=(90, 20)) as pilot:
        await pilot.click(RunList, offset=(20, 4))
        assert app.opened == 0
        await pilot.double_click(RunList, offset=(20, 6))
        assert (app.list.at, app.opened) == (4, 1)
        await pilot.double_click(RunList, offset=(2, 7))
        await pilot.double_click(RunList, offset=(20, 1))
        assert app.opened == 1


def test_every_title_has_room_for_its_arrow() -> None:
    for column in BY_NAME.values():
        assert len(column.title) < column.width


@pytest.mark.parametrize("width", [60, 70, 80, 120])
async def test_of_tags_that_have_no_room_it_is_said_how_many_they_are(width: int) -> None:
    runs = [
        run(3, name="short", tags=("paper", "draft-for-the-talk", "second-" + 40 * "x")),
        run(2, name="a-name-that-is-rather-long-" + 90 * "x", tags=("paper",)),
        run(1, name="b", tags=("only",)),
    ]
    app = Lists(runs)
    async with app.run_test(size=(width, 12)):
        short, long, one = lines(app)[1:4]
        told = re.search(r"short(( #\S+)*) \+(\d)", short)
        assert told
        assert told[1].count("#") + int(told[3]) == 3
        assert re.search(r"a-name\S*…( #paper| \+1)", long)
        assert "b #only" in one


def test_accuracies_can_be_told_apart_and_times_are_in_seconds() -> None:
    close = [run(1, validation_accuracy=0.9831), run(2, validation_accuracy=0.9758)]
    assert [BY_NAME["accuracy"].text(one) for one in close] == ["0.983", "0.976"]
    assert BY_NAME["best_accuracy"].text(run(3, best_accuracy=0.9999)) == ">0.999"
    assert BY_NAME["seconds"].text(run(4, seconds=0.5252)) == "0.525"


async def test_the_chosen_run_keeps_its_line_when_others_come() -> None:
    runs = [run(number) for number in range(60, 0, -1)]
    app = Lists(runs, at=30)
    async with app.run_test(size=(90, 20)):
        line = next(n for n, text in enumerate(lines(app)) if "▸" in text)
        more = [run(61), *runs]
        app.list.show(more, 31, (), "id", False)
        assert "▸" in lines(app)[line]
        assert more[31].name in lines(app)[line]


def test_dates_say_as_much_as_is_needed() -> None:
    from datetime import datetime

    from tuinn.widgets.run_columns import moment

    noon = datetime(2026, 11, 22, 12, 30, 5)
    assert moment(noon.timestamp(), noon) == "12:30:05"
    assert moment(datetime(2026, 11, 21, 9, 5).timestamp(), noon) == "11-21 09:05"
    assert moment(datetime(2025, 11, 21).timestamp(), noon) == "2025-11-21"
    assert len(moment(BEGUN, noon)) <= 11
