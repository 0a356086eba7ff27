"""The Surface screen of the real program in a real pseudo-terminal."""

import re
from collections.abc import Callable

import pytest
from end_to_end.terminal import Terminal


def open_preset(terminal: Terminal, words: str, title: str) -> None:
    terminal.press("p")
    terminal.shows("surface presets")
    terminal.press(*words, "enter")
    terminal.shows(title)
    terminal.until(lambda: "surface presets" not in terminal.text, "the end of the list")


def click(terminal: Terminal, column: int, row: int) -> None:
    """Press and release the left button, as terminals report it."""
    terminal.press(f"\x1b[<0;{column + 1};{row + 1}M", f"\x1b[<0;{column + 1};{row + 1}m")


def place_of(terminal: Terminal, text: str) -> tuple[int, int]:
    """Column and row of the first place where a text stands, once it does."""
    terminal.shows(re.escape(text))
    for row, line in enumerate(terminal.screen.display):
        if text in line:
            return line.index(text), row
    raise AssertionError(f"{text!r} is not on the screen:\n{terminal.text}")


def test_descents_are_played_and_the_terminal_is_left_as_it_was(
    start: Callable[..., Terminal],
) -> None:
    with start("circle") as terminal:
        before = terminal.modes()
        terminal.shows("Press space to start")
        terminal.press("g")
        terminal.shows("▸Surface")
        open_preset(terminal, "eta-right", "Bowl, η right")
        terminal.press("space")
        terminal.shows("✓ at a minimum")
        terminal.shows("All walks have ended")
        for columns, rows in ((80, 24), (200, 50), (30, 8), (120, 40)):
            terminal.resize(columns, rows)
            terminal.press("r", "s")
        terminal.shows("‖ paused")
        terminal.shows(r"sgd +−0\.800 +0\.600")
        terminal.press("escape")
        terminal.shows("▸Lab")
        terminal.press("space")
        terminal.shows("✓ finished|● training")
        terminal.press("q")
        assert terminal.status() == 0
        assert terminal.modes() == before
    for left in (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l"):
        assert left in terminal.written
    assert b"Traceback" not in terminal.written


def test_the_mouse_sets_the_start_and_who_takes_part(start: Callable[..., Terminal]) -> None:
    with start("circle") as terminal:
        terminal.shows("Press space to start")
        click(terminal, *place_of(terminal, "Surface"))
        terminal.shows("▸Surface")
        open_preset(terminal, "ravine", "Momentum in a ravine")
        column, row = place_of(terminal, "✕")
        click(terminal, column + 5, row - 3)
        terminal.shows(r"The start is x = 0\.\d+, y = 0\.\d+")
        column, row = place_of(terminal, "adam ")
        terminal.shows("○ A adam")
        click(terminal, column - 4, row)
        terminal.shows("adam begins at the start")
        assert terminal.shows(r"adam +0\.\d+ +0\.\d+")
        terminal.press("q")
        assert terminal.status() == 0


def test_a_preset_of_a_surface_opens_its_screen_and_demo_plays_it(
    start: Callable[..., Terminal],
) -> None:
    with start("bowl-eta-right", "--demo") as terminal:
        terminal.shows("▸Surface")
        terminal.shows("Bowl, η right")
        terminal.shows(r"sgd .*at a minimum")
        terminal.press("escape")
        terminal.shows("Press space to start")
        terminal.press("q")
        assert terminal.status() == 0


@pytest.mark.parametrize("draw", ["braille", "block", "ascii"])
def test_it_reads_without_colour(start: Callable[..., Terminal], draw: str) -> None:
    with start("circle", "--draw", draw, NO_COLOR="1") as terminal:
        terminal.shows("Press space to start")
        terminal.press("g")
        terminal.shows("Surface")
        terminal.press("s", "s")
        terminal.shows("paused")
        terminal.shows("oS|●S|oL|●L|oA|●A")
        terminal.press("q")
        assert terminal.status() == 0
    colours = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)[;m]", terminal.written)
    assert all(len(set(colour)) == 1 for colour in colours)
