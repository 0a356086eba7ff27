"""Runs that are cut off, raced and listed, in a real terminal."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from end_to_end.terminal import Terminal

from tuinn.store import Store

UPDATE = r"Run 1 at update (\d+(?: \d{3})*)"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_run_that_is_cut_off_is_offered_at_the_next_start(
    start: Callable[..., Terminal], home: Path, number: signal.Signals
) -> None:
    with start("digits", "--demo") as terminal:
        terminal.shows("● training")
        terminal.until(lambda: kept(home), "the run in the store")
        terminal.send(number)
        ended = terminal.status()
        assert ended == (-number if number == signal.SIGKILL else 128 + number)
    (update,) = kept(home)
    assert update
    with start("circle") as terminal:
        terminal.shows("A run that was cut off")
        terminal.shows(r"digits \(run 1\)")
        if number != signal.SIGKILL:
            terminal.shows(f"ended by {number.name}")
        terminal.press("enter")
        there = int(re.sub(r"\D", "", terminal.shows(UPDATE)[1]))
        # a kill may come between a row and the checkpoint of the next
        assert there == update if number != signal.SIGKILL else 0 < there <= update
        terminal.press("space")
        terminal.until(lambda: kept(home) > [update], "the run to go on")
        terminal.press("q")
        assert terminal.status() == 0


def kept(home: Path) -> list[int]:
    """Updates of the runs in the store."""
    if not (home / "runs" / "runs.sqlite3").exists():
        return []
    store = Store(home / "runs", read_only=True)
    try:
        return [run.update for run in store.runs()]
    finally:
        store.close()


def test_three_presets_are_raced_and_found_in_the_list(
    start: Callable[..., Terminal], home: Path
) -> None:
    with start("batch", "mini-batch", "stochastic") as terminal:
        terminal.shows("▸Race")
        for name in ("batch", "mini-batch", "stochastic"):
            terminal.shows(name)
        terminal.press("space")
        terminal.until(lambda: len(kept(home)) == 3, "three runs in the store")
        workers = children(terminal.pid)
        assert len(workers) == 3
        terminal.press("g")
        terminal.shows("▸Runs")
        terminal.shows("stochastic")
        terminal.press("q")
        assert terminal.status() == 0
        # on a busy machine they may still be writing; they end by themselves
        terminal.until(lambda: not any(map(alive, workers)), "the end of the workers")
    assert b"Traceback" not in terminal.written


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
