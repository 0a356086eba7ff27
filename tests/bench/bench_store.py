"""The Runs screen over a store of very many runs: opening, choosing, filtering.

    python tests/bench/bench_store.py [--runs 10000] [--rows 1000] [--folder DIR] [--times 5]

Makes a store of ``runs`` runs with ``rows`` metric rows each (some 4 GB for 10 million), in DIR if
one is given, where it stays and is found again. Prints each figure beside what it should be.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from time import monotonic, perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.key_latency import latencies
from bench.many_runs import make
from end_to_end.terminal import Terminal

from tuinn.app import TuinnApp
from tuinn.numbers import count
from tuinn.screens.runs import RunsScreen
from tuinn.store import Store
from tuinn.store.filter import parse

FILTERS = (
    "digits",
    "best_accuracy > 95 %",
    'optimizer.name == "adam" and validation_loss < 0.1',
    "tag == draft and not status == diverged or network.hidden == [30]",
)


def read(folder: Path) -> tuple[float, float, list[float]]:
    """Milliseconds to open the store, to list the runs, and of each filter over them."""
    started = perf_counter()
    store = Store(folder)
    opened = perf_counter()
    runs = store.runs()
    listed = perf_counter()
    took = []
    for text in FILTERS:
        # as a person finds them: nothing of a configuration was parsed yet
        for run in runs:
            run.__dict__.clear()
        began = perf_counter()
        parse(text).select(runs)
        took.append((perf_counter() - began) * 1e3)
    store.close()
    return (opened - started) * 1e3, (listed - opened) * 1e3, took


async def piloted(times: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds from a key to what is drawn: the screen, another run, what a letter leaves."""
    opened, moved, filtered = [], [], []
    for _ in range(times):
        app = TuinnApp("circle", keep=False)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            began = perf_counter()
            app.places.go("Runs")
            await drawn(
                app, lambda screen: bool(screen.list._cells is not None and screen.shelf.shown)
            )
            opened.append((perf_counter() - began) * 1e3)
            screen = app.screen
            assert isinstance(screen, RunsScreen)
            await pilot.pause(0.5)
            for place in range(1, 6):
                began = perf_counter()
                screen.list.action_go(1)
                await drawn(app, lambda screen, place=place: screen.shelf.at == place)
                moved.append((perf_counter() - began) * 1e3)
            for text in FILTERS:
                for run in screen.shelf.all:
                    run.__dict__.clear()
                began = perf_counter()
                screen.filter.value = text
                await drawn(app, lambda screen, text=text: screen.shelf.filter.text == text)
                filtered.append((perf_counter() - began) * 1e3)
    return opened, moved, filtered


async def drawn(app: TuinnApp, holds) -> None:
    """Wait until something holds of the Runs screen and the frame after it is drawn."""
    while not (isinstance(app.screen, RunsScreen) and holds(app.screen)):
        await asyncio.sleep(0)
    done = asyncio.Event()
    app.screen.call_after_refresh(done.set)
    await done.wait()


def in_terminal(home: Path, runs: int, times: int) -> tuple[list[float], list[float], list[float]]:
    """The same in a pseudo-terminal, from the key to the bytes."""
    env = os.environ | {"TUINN_HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    command = [sys.executable, "-m", "tuinn", "circle", "--unsaved"]
    total = f"1 of {count(runs)}".encode()
    opened, moved, filtered = [], [], []
    for _ in range(times):
        with Terminal(command, 120, 40, env) as terminal:
            terminal.shows("Press space to start")
            opened += wait(terminal, "G", total)
            quiet(terminal)
            moved += latencies(terminal, [("\x1b[B", b"2 of"), ("\x1b[A", total)], 6).tolist()
            terminal.press("/")
            terminal.press(*"best_accuracy > 0.")
            quiet(terminal)
            filtered += wait(terminal, "9", f" of {count(runs)} runs".encode())
            terminal.press("escape")
            quiet(terminal)
            terminal.press("q")
            terminal.status()
    return opened, moved, filtered


def quiet(terminal: Terminal) -> None:
    until = monotonic() + 1.0
    while monotonic() < until:
        terminal.read(0.05)


def wait(terminal: Terminal, key: str, answer: bytes) -> list[float]:
    """Milliseconds from a key to the bytes that answer it."""
    seen, began = b"", perf_counter()
    terminal.press(key)
    while answer not in seen:
        seen += terminal.take(1.0)
        assert perf_counter() - began < 30, f"{answer!r} never came"
    took = (perf_counter() - began) * 1e3
    terminal.show(seen)
    return [took]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = options.folder or Path(temporary)
        store = home / "runs"
        if not store.exists():
            began = perf_counter()
            make(store, options.runs, options.rows)
            print(f"made in {perf_counter() - began:.0f} s")
        os.environ["TUINN_HOME"] = str(home)
        opened, listed, filters = read(store)
        pilot = asyncio.run(piloted(options.times))
        pty = in_terminal(home, options.runs, options.times)
    print(f"{count(options.runs)} runs, {count(options.runs * options.rows)} rows")
    for name, figure, wanted in (
        ("open the store", f"{opened:.0f} ms", ""),
        ("list its runs", f"{listed:.0f} ms", "< 150 ms"),
        ("a filter over them, worst", f"{max(filters):.0f} ms", "< 100 ms"),
        ("pilot: screen opens, worst", f"{max(pilot[0]):.0f} ms", "< 300 ms"),
        ("pilot: another run, p95", f"{np.percentile(pilot[1], 95):.0f} ms", "< 50 ms"),
        ("pilot: filter drawn, worst", f"{max(pilot[2]):.0f} ms", "< 100 ms"),
        ("terminal: screen opens, p50", f"{np.percentile(pty[0], 50):.0f} ms", ""),
        ("terminal: screen opens, worst", f"{max(pty[0]):.0f} ms", "< 300 ms"),
        ("terminal: another run, p95", f"{np.percentile(pty[1], 95):.0f} ms", "< 50 ms"),
        ("terminal: filter drawn, worst", f"{max(pty[2]):.0f} ms", "< 100 ms"),
    ):
        print(f"  {name:<32}{figure:>10}   {wanted}")


if __name__ == "__main__":
    main()
