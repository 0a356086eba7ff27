"""Races of presets that come with the program, to their end, in a real terminal of each size."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from end_to_end.terminal import Terminal

THREE = ("batch", "mini-batch", "stochastic")
NEURONS = ("saturated-neuron-quadratic", "saturated-neuron-cross-entropy")
LEFT = "\x1b[D"
VALUE = r"(?:[\d.e−]+|–)"
"""A run that was at its end before has none."""


def run_to_the_end(terminal: Terminal, names: tuple[str, ...]) -> None:
    terminal.shows("▸Race")
    terminal.shows("Press space to start")
    terminal.press("space")
    terminal.shows(f"{len(names)} runs   ✓ finished")


def go_to_page(terminal: Terminal, word: str, key: str = "]") -> None:
    """Turn the pages until one shows the word; each page is waited for."""
    number, pages = map(int, terminal.shows(r"page (\d) of (\d)").groups())
    for _ in range(pages):
        if re.search(word, terminal.text):
            return
        number = (number % pages if key == "]" else (number - 2) % pages) + 1
        terminal.press(key)
        terminal.shows(f"page {number} of {pages}")
    raise AssertionError(f"{word!r} is on no page:\n{terminal.text}")


def read_all_by(terminal: Terminal, axis: str, shown: tuple[str, ...]) -> None:
    """Set the cursor and take it away; all runs are read at the same place."""
    terminal.press(LEFT, LEFT)
    values = "".join(rf"[^│]*{name} {VALUE}" for name in shown)
    # where there is not room for all, the word is left out
    read = rf"│ *({axis} )?\d[\d. k]* [^│]*{values}"
    terminal.shows(read)
    terminal.press("escape")
    terminal.until(lambda: not re.search(read, terminal.text), "no cursor")


def overlay_and_read(terminal: Terminal, shown: tuple[str, ...]) -> None:
    """All runs in one chart, then by another axis, then side by side again."""
    terminal.press("o")
    terminal.until(lambda: "‖W‖" not in terminal.text, "the overlay")
    read_all_by(terminal, "epochs", shown)
    terminal.press("x")
    terminal.shows("updates ─╯")
    read_all_by(terminal, "updates", shown)
    terminal.press("x", "x", "x")
    terminal.shows("epochs ─╯")
    terminal.press("o")
    terminal.until(lambda: terminal.text.count("epochs ─╯") == 1, "the columns")


def test_three_ways_to_descend(start: Callable[..., Terminal]) -> None:
    with start(*THREE, size=(120, 40)) as terminal:
        run_to_the_end(terminal, THREE)
        terminal.shows("stochastic has won: best validation loss")
        for size in ((120, 40), (200, 50)):
            terminal.resize(*size)
            terminal.shows(r"best loss +[\d.]+ +0\.0\d+ +0\.0\d+ ★")
            for number, name in enumerate(THREE, start=1):
                terminal.shows(rf"─ {number} . {name}")
            read_all_by(terminal, "epochs", THREE)
            overlay_and_read(terminal, THREE)
        terminal.resize(80, 24)
        terminal.shows("page 1 of 4")
        go_to_page(terminal, r"best validation loss +[\d.]+ +0\.0\d+ +0\.0\d+ ★")
        go_to_page(terminal, "─ validation loss")
        overlay_and_read(terminal, THREE)
        terminal.press("q")
        assert terminal.status() == 0
    assert b"Traceback" not in terminal.written


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
def test_a_saturated_neuron_with_two_costs(
    start: Callable[..., Terminal], size: tuple[int, int]
) -> None:
    shown = "quadratic", r"cross-ent\S+"
    with start(*NEURONS, size=size) as terminal:
        run_to_the_end(terminal, NEURONS)
        # with other costs and rates, and one example, nothing says who is better
        terminal.shows("No run has won. Losses of different costs and accuracies on a single")
        if size[0] < 100:
            for word in (r"cost +quadratic", r"─ 1 ● ", r"─ training loss", r"─ 1 ● "):
                go_to_page(terminal, word)
            go_to_page(terminal, r"best training accuracy +1\.00 +0 ", key="[")
            go_to_page(terminal, r"─ training loss", key="[")
        else:
            terminal.shows(r"best (acc\.|training accuracy) +1\.00 +0 ")
            terminal.shows("cost +quadratic")
        overlay_and_read(terminal, shown)
        terminal.press("q")
        assert terminal.status() == 0
    assert b"Traceback" not in terminal.written
