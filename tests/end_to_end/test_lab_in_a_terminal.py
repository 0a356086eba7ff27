"""The real program in a real pseudo-terminal: what a person sees, and what is left behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from end_to_end.terminal import Terminal

ALTERNATE_SCREEN_LEFT = b"\x1b[?1049l"
CURSOR_SHOWN = b"\x1b[?25h"
MOUSE_OFF = b"\x1b[?1000l"
UPDATE = r"update (\d+(?: \d{3})*)"
SLOW = """
title = "Slow"
[data]
set = "circle"
n = 200
[network]
hidden = [8]
activation = "tanh"
[optimizer]
eta = 0.3
[stop]
epochs = 100000
"""


@pytest.fixture(autouse=True)
def preset(home: Path) -> None:
    (home / "presets" / "slow.toml").write_text(SLOW)


def test_train_resize_and_quit(start: Callable[..., Terminal]) -> None:
    with start("circle") as terminal:
        before = terminal.modes()
        terminal.shows("Press space to start")
        assert terminal.modes() != before
        terminal.press("space")
        terminal.shows(r"✓ finished|● training")
        terminal.shows("Finished: 100 epochs")
        terminal.press("2")
        terminal.until(lambda: "1 loss" not in terminal.text, "the accuracy alone")
        accuracy = terminal.shows(r"valid\. (0\.\d+|1)")
        assert float(accuracy[1]) > 0.9
        terminal.press("2")
        terminal.shows("1 loss")
        for columns, rows in ((80, 24), (200, 50)):
            terminal.resize(columns, rows)
            terminal.shows("decision surface" if columns == 200 else "1 loss")
            terminal.until(
                lambda c=columns, r=rows: "commands" in terminal.screen.display[r - 1],
                f"the footer at {columns}×{rows}",
            )
        terminal.press("q")
        assert terminal.status() == 0
        assert terminal.modes() == before
    left_behind(terminal)


def left_behind(terminal: Terminal) -> None:
    """The terminal is as it was: own screen, cursor, no mouse; nothing else was written."""
    for sequence in (ALTERNATE_SCREEN_LEFT, CURSOR_SHOWN, MOUSE_OFF):
        assert sequence in terminal.written
    assert b"Traceback" not in terminal.written


def test_a_run_goes_on_through_many_sizes(start: Callable[..., Terminal]) -> None:
    with start("slow", "--demo") as terminal:
        terminal.shows("● training")
        # another size at last than at first: the program may hear of the last alone
        for columns, rows in ((80, 24), (200, 50), (30, 8), (124, 42)):
            terminal.resize(columns, rows)
        made = terminal.shows(UPDATE)[1]
        terminal.until(lambda: terminal.shows(UPDATE)[1] != made, "the run to go on")
        terminal.shows("● training")
        terminal.press("q")
        assert terminal.status() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_as_it_was(
    start: Callable[..., Terminal], number: signal.Signals
) -> None:
    with start("slow", "--demo") as terminal:
        before = terminal.modes()
        terminal.shows("● training")
        terminal.send(number)
        assert terminal.status() == 128 + number
        assert terminal.modes() == before
    left_behind(terminal)


def test_80_by_24_is_usable(start: Callable[..., Terminal]) -> None:
    with start("circle", size=(80, 24)) as terminal:
        terminal.shows("Watch the surface")
        assert "hidden" not in terminal.text
        terminal.press("tab")
        terminal.shows("hidden")
        terminal.press("escape")
        terminal.shows("1 loss")
        terminal.press("]")
        terminal.shows("2 accuracy")
        terminal.press("space")
        terminal.shows("Finished")
        terminal.press("q")
        assert terminal.status() == 0


def test_without_colour_nothing_is_coloured(start: Callable[..., Terminal]) -> None:
    with start("slow", "--demo", NO_COLOR="1") as terminal:
        terminal.shows("● training")
        terminal.shows("2 accuracy")
        assert not coloured(terminal.written)
        terminal.press("q")
        assert terminal.status() == 0
    with start("slow") as terminal:
        terminal.shows("○ ready")
        assert coloured(terminal.written)


def coloured(written: bytes) -> bool:
    """Whether a colour was asked for whose red, green and blue differ."""
    colours = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)[;m]", written)
    return any(len(set(colour)) > 1 for colour in colours)


def test_without_a_terminal_it_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tuinn"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"TUINN_HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "needs a terminal" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
