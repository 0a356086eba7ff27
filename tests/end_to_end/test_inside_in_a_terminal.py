"""The views of the inside, and the way back, in the real program in a real pseudo-terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest
from end_to_end.terminal import Terminal

LEFT, UP, SHIFT_UP = "\x1b[D", "\x1b[A", "\x1b[1;2A"
SMALL = """
title = "Small"
[data]
set = "circle"
n = 200
[network]
hidden = [8]
activation = "tanh"
[optimizer]
eta = 0.3
[stop]
epochs = 2
"""
"""32 updates: fewer than a curve has columns."""


@pytest.fixture(autouse=True)
def preset(home: Path) -> None:
    (home / "presets" / "small.toml").write_text(SMALL)


@pytest.mark.parametrize("colours", [True, False])
def test_each_view_is_one_key_away(start: Callable[..., Terminal], colours: bool) -> None:
    plain = {} if colours else {"NO_COLOR": "1"}
    arguments = () if colours else ("--draw", "ascii")
    with start("small", *arguments, **plain) as terminal:
        terminal.shows("○ ready|o ready|ready")
        terminal.press("e")
        terminal.shows("paused")
        for key, words in {
            "5": r"l=1 unit 1 of 8 +mean a",
            "6": r"weight decay",
            "8": r"\d at update 16 ",
            "9": r"weights w.*\n.*weighted inputs z",
            "n": r"l=1 . 8 tanh",
            "b": r"example 1 of 160",
            "v": r"40 validation examples",
        }.items():
            terminal.press(key)
            terminal.shows(words)
            terminal.until(lambda: "2 accuracy" not in terminal.text, "the view alone")
            terminal.press("1", "1")
            terminal.shows("2 accuracy")
        terminal.press("q")
        assert terminal.status() == 0
    assert b"Traceback" not in terminal.written


def test_a_person_looks_back_writes_a_weight_and_forks(start: Callable[..., Terminal]) -> None:
    with start("small") as terminal:
        before = terminal.modes()
        terminal.shows("○ ready")
        for made in range(1, 7):
            terminal.press("s")
            terminal.shows(rf"update {made} ")
        terminal.press(LEFT)
        terminal.press(LEFT)
        terminal.shows("Looking back: all panels show update 5,")
        terminal.press(LEFT)
        terminal.shows("all panels show update 4,")
        terminal.press("8")
        terminal.shows(r"at update 4, \d.* now")
        terminal.press("c", "f")
        terminal.shows("Fork at update 4: cost cross-entropy → quadratic")
        terminal.shows("‖ paused")
        terminal.press("n")
        terminal.shows(r"l=1 · 8 tanh")
        terminal.press(UP, "w")
        terminal.shows("write a weight")
        terminal.press("\x0b", "0", ".", "5", "enter")
        terminal.shows(r"w¹₁₁ = 0\.500")
        terminal.press(SHIFT_UP)
        terminal.shows(r"w¹₁₁ = 0\.5[1-9]\d")
        terminal.press("n", "space")
        terminal.shows("Finished: 2 epochs")
        terminal.press("1")
        terminal.shows("parent")
        terminal.press("q")
        assert terminal.status() == 0
        assert terminal.modes() == before
    assert b"Traceback" not in terminal.written
