"""The lines above and below: progress, keys, and the log file."""

import logging
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from app_driver import LONG, app_of, keys_shown, ready, said, until
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tuinn.config import changed, parse
from tuinn.experiment import build
from tuinn.screens.actions import APP_ACTIONS, LAB_ACTIONS
from tuinn.screens.architecture import parts_of
from tuinn.screens.log import LogFile, log_path
from tuinn.widgets.footer import Key, fitting, width_of
from tuinn.widgets.header import Progress, ProgressLine, bar, passed
from tuinn.widgets.status import Sentence, StatusLine


def test_remaining_time_follows_the_speed_of_now() -> None:
    progress = Progress(epoch=5, epochs=10, update=50, planned=100, seconds=4.0)
    assert progress.remaining == 4.0
    quick = Progress(5, 10, 50, updates_per_second=100.0, seconds=4.0, planned=100)
    assert quick.remaining == 0.5
    assert Progress().remaining is None


def test_a_budget_of_evaluations_is_part_of_the_progress() -> None:
    search = Progress(5, 100, 50, seconds=4.0, planned=200, evaluations=400, budget=800)
    assert search.share == 0.5
    assert search.remaining == 4.0
    fast = replace(search, updates_per_second=10.0)
    assert fast.evaluations_per_second == 80.0
    assert fast.remaining == 15.0


@pytest.mark.parametrize(
    ("width", "searches", "there", "left_out"),
    [
        (160, False, ("eval. 12 345", "update 12 345", "1.50 k upd/s"), ()),
        (120, False, ("update 12 345", "1.50 k upd/s"), ("eval.",)),
        (80, False, ("1.50 k upd/s", "left"), ("eval.", "update")),
        (120, True, ("eval. 12 345", "1.50 k eval./s", "gone"), ("update",)),
        (80, True, ("eval. 12 345", "left"), ("update", "eval./s")),
        (40, True, ("generation 150/300",), ("eval.", "gone")),
    ],
)
async def test_the_line_of_progress_leaves_out_what_matters_least(
    width: int, searches: bool, there: tuple[str, ...], left_out: tuple[str, ...]
) -> None:
    progress = Progress(150.5, 300, 12345, 1500.0, 8.0, 99999, 12345)
    if searches:
        progress = replace(progress, word="generation", searches=True)
    text = await line_of(progress, width)
    assert len(text) <= width - 2
    assert all(word in text for word in there), text
    assert not any(word in text for word in left_out), text
    assert "━" in text


async def line_of(progress: Progress, width: int = 120) -> str:
    class Line(App[None]):
        def compose(self) -> ComposeResult:
            yield ProgressLine()

    async with Line().run_test(size=(width, 3)) as pilot:
        line = pilot.app.query_one(ProgressLine)
        line.progress = progress
        return line.render().plain


async def test_a_run_that_has_ended_has_no_time_left_whatever_it_has_done() -> None:
    going = Progress(14, 67, 14, 10.0, 3.0, 67, 700, 2000, "generation", searches=True)
    assert "21 %" in (await line_of(replace(going, evaluations=420)))
    assert "left" in (await line_of(going))
    ended = await line_of(replace(going, ended=True))
    assert "left" not in ended
    assert "%" not in ended
    assert " done " in ended
    assert "━" in ended
    assert "─" in ended
    assert len(ended) == len(await line_of(going))


async def test_what_the_budget_is_enough_for_is_told_from_what_was_asked_for() -> None:
    asked = Progress(0, 42, searches=True, word="generation", budget=2000)
    budget = replace(asked, by_budget=True)
    assert (await line_of(asked)).startswith("generation  0/42 ─")
    assert (await line_of(budget)).startswith("generation  0/≈42 by the budget ─")
    narrow = await line_of(budget, 60)
    assert narrow.startswith("generation  0/≈42 ─")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (50 / 2000, "2.5 %"),
        (146 / 2000, "7.3 %"),
        (0.07, "7 %"),
        (0.0999, "9.9 %"),
        (0.419, "41 %"),
        (0.29, "29 %"),
        (0.9999, "99 %"),
        (1, "100 %"),
    ],
)
def test_no_more_is_said_to_be_done_than_is(share: float, text: str) -> None:
    assert passed(share) == text


@given(st.floats(0, 1), st.integers(0, 200))
def test_the_bar_fills_its_cells_and_no_more(share: float, width: int) -> None:
    drawn = bar(share, width).plain
    assert len(drawn) == width
    assert drawn.rstrip("─").strip("━") in ("", "╸")


def test_the_parts_of_the_data_in_a_line_or_two() -> None:
    config = parse({"data": {"set": "digits"}, "network": {"output": "softmax"}})
    assert parts_of(build(config)) == "1 438 train · 359 valid."
    with_test = build(changed(config, "data.test", 0.2))
    assert parts_of(with_test) == "1 079 train · 359 valid.\n359 test"
    own = replace(with_test.dataset, test=with_test.dataset)
    assert parts_of(replace(with_test, dataset=own)).endswith("\n359 test (own files)")


KEYS = [Key(str(n), "word" * n, f"action{n}", rank=n) for n in range(1, 8)]


@given(st.integers(0, 300))
def test_the_keys_that_fit_are_those_of_the_lowest_ranks_in_their_order(width: int) -> None:
    chosen = fitting(KEYS, width)
    assert sum(width_of(key) for key in chosen) + 3 * max(len(chosen) - 1, 0) <= width
    assert chosen == sorted(chosen, key=KEYS.index)
    if width >= width_of(KEYS[0]):
        assert KEYS[0] in chosen


def test_every_action_has_its_own_id_and_no_key_does_two_things() -> None:
    actions = [*LAB_ACTIONS, *APP_ACTIONS]
    ids = [action.id for action in actions]
    keys = [key for action in actions for key in action.keys.split(",")]
    assert len(set(ids)) == len(ids)
    assert len(set(keys)) == len(keys)


def test_warnings_go_to_the_log_file_and_are_news(home: Path) -> None:
    log = LogFile()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        log.open()
        warnings.warn("overflow in the exponent", RuntimeWarning, stacklevel=1)
        logging.getLogger("tuinn").info("not news")
        log.close()
    assert log_path() == home / "log" / "tuinn.log"
    text = log_path().read_text()
    assert "overflow in the exponent" in text
    assert "not news" in text
    assert "overflow in the exponent" in log.news()
    assert log.news() == ""


def test_a_log_that_cannot_be_written_is_news(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TUINN_HOME", str(tmp_path / "file"))
    log = LogFile()
    log.open()
    log.close()
    assert "no log is written" in log.news()


async def test_a_warning_reaches_the_message_line() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        logging.getLogger("tuinn").warning("the disk is nearly full")
        await until(pilot, lambda: "the disk is nearly full" in said(pilot), "the warning")


LONG_TEXT = "Press space to start. " + "All is right after some 350 generations, or before. " * 4


@pytest.mark.parametrize("height", ["2", "auto"])
@pytest.mark.parametrize("level", ["info", "hint"])
async def test_a_sentence_that_does_not_fit_is_cut_at_a_word_with_an_ellipsis(
    height: str, level: str
) -> None:
    class Line(App[None]):
        CSS = f"StatusLine {{ height: {height}; }}"

        def compose(self) -> ComposeResult:
            yield StatusLine()

    most = 2 if height == "2" else 3
    async with Line().run_test(size=(200, 6)) as pilot:
        line = pilot.app.query_one(StatusLine)
        line.sentence = Sentence(LONG_TEXT.strip(), level)
        words = LONG_TEXT.split()
        for width in (200, 100, 80, 40, 20):
            await pilot.resize_terminal(width, 6)
            await pilot.pause()
            shown = line.render().plain.splitlines()
            assert line.size.height == (2 if height == "2" else len(shown))
            assert len(shown) <= most
            assert all(len(row) <= width - 2 for row in shown)
            told = " ".join(shown).removeprefix("▲ ").split()
            whole = told == words
            assert whole or (told[-1] == "…" and told[:-1] == words[: len(told) - 1])
            # no word more would fit
            assert whole or len(shown[-1]) + len(words[len(told) - 1]) >= width - 3


async def test_where_there_is_little_room_what_to_watch_goes_before_the_key() -> None:
    watch = "Watch how the curve of the loss falls, stands still and falls again. " * 2
    async with app_of(LONG | {"look_for": watch.strip()}).run_test(size=(120, 40)) as pilot:
        await ready(pilot)
        line = pilot.app.screen.query_one(StatusLine)
        assert line.render().plain.startswith("Press space to start. Watch")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert " ".join(line.render().plain.split()) == watch.strip()
        assert keys_shown(pilot)["space"] == "start"
