"""What the views of the inside cost: the speed of training while they are seen, and hidden.

    python tests/bench/bench_inside.py [--rounds 3] [--seconds 3] [--only 5,n] [--runs 2-8-1]

In a real pseudo-terminal a network trains in the thread, with the base panels 1…6 on the screen and
with each view alone, in turn: base, view, base, view … so that what else the machine does falls on
both alike. Among the views are "1", a chart alone while all that looks inside is hidden, and
"wide", the base panels at 200×50 with a third column for the decision surface or the examples. Two
networks: 2-8-1 on the circle, and 64-30-10 on the digits.

In this process, before that: the time to compute and to draw a view once, times how often it is
drawn a second, as a share of a second.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import re
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.bench_app import SMOOTHINGS, update_shown, watch
from bench.key_latency import latencies
from end_to_end.terminal import Terminal
from inside_driver import PANELS

from tuinn.app import TuinnApp
from tuinn.config import parse
from tuinn.experiment import build
from tuinn.preset import Preset, save
from tuinn.screens.inside import PER_SECOND
from tuinn.screens.lab import Lab

FPS = 10.0
ENDLESS = {"stop": {"epochs": 10**8}}
RUNS: dict[str, dict[str, Any]] = {
    "2-8-1": {
        "data": {"set": "circle", "n": 500},
        "network": {"hidden": [8]},
        "regularisation": {"alpha": 0.1},
    }
    | ENDLESS,
    "64-30-10": {
        "data": {"set": "digits"},
        "network": {"hidden": [30], "output": "softmax"},
        "optimizer": {"eta": 0.05},
        "regularisation": {"alpha": 0.1},
    }
    | ENDLESS,
}
NARROW, WIDE = (120, 40), (200, 50)
ALL = ("1", *PANELS, "wide")
WORDS = {
    "base": "2 accuracy",
    "1": "1 loss",
    "5": "5 saturated",
    "6": "6 weight decay",
    "8": "8 δ",
    "9": "9 histograms",
    "n": "n network",
    "b": "b equations",
    "v": "v examples",
}


def headless(raw: dict[str, Any], seconds: float, per_second: float = 0.0) -> float:
    """Updates a second without a screen, with so many snapshots a second."""
    trainer = build(parse(raw)).trainer
    trainer.run(1000)
    started = taken = perf_counter()
    before = trainer.update
    while (now := perf_counter()) - started < seconds:
        trainer.run(200)
        if per_second and now - taken > 1 / per_second:
            trainer.snapshot()
            taken = now
    return (trainer.update - before) / (perf_counter() - started)


class Seen:
    """What was measured of a view and of the base panels right before it."""

    def __init__(self) -> None:
        self.ratios: list[float] = []
        self.frames: list[float] = []
        self.written: list[float] = []
        self.latency: list[float] = []


def begin(terminal: Terminal) -> None:
    terminal.until(lambda: (update_shown(terminal) or 0) > 2000, "updates")
    watch(terminal, 2.0)


def show(terminal: Terminal, view: str) -> None:
    """Go to a view alone, or from one to the base panels."""
    if view == "wide":
        terminal.resize(*WIDE)
        terminal.shows("7 decision|v examples")
    elif view == "base" and terminal.screen.columns != NARROW[0]:
        terminal.resize(*NARROW)
        terminal.until(lambda: not re.search("7 decision|v examples", terminal.text), "the base")
    else:
        if view == "base":
            # whatever is shown alone now: that of the first panel, and then all
            terminal.press("2")
            terminal.until(lambda: "1 loss" not in terminal.text, "one panel")
        terminal.press("2" if view == "base" else view)
        words, alone = WORDS[view], view != "base"
        terminal.until(lambda: words in terminal.text, view)
        terminal.until(lambda: (WORDS["base"] not in terminal.text) == alone, f"{view} alone")
    rows = WIDE[1] if view == "wide" else NARROW[1]
    terminal.until(lambda: "commands" in terminal.screen.display[rows - 1], "the footer")
    terminal.until(lambda: update_shown(terminal) is not None, "the line of progress")
    watch(terminal, 0.5)


def compare(
    terminal: Terminal, views: list[str], rounds: int, seconds: float, presses: int
) -> dict[str, Seen]:
    """The speed with each view as a share of that with the base panels, before and after it."""
    found = {view: Seen() for view in ("base", *views)}
    show(terminal, "base")
    for turn in range(rounds):
        before = watch(terminal, seconds)
        for view in views:
            show(terminal, view)
            frames, written, updates = watch(terminal, seconds)
            if turn == 0 and presses:
                found[view].latency = latencies(terminal, SMOOTHINGS, presses).tolist()
            show(terminal, "base")
            after = watch(terminal, seconds)
            seen = found[view]
            seen.ratios.append(updates / ((before[2] + after[2]) / 2))
            seen.frames.append(frames)
            seen.written.append(written)
            found["base"].ratios.append(after[2] / before[2])
            found["base"].frames.append(after[0])
            found["base"].written.append(after[1])
            before = after
    return found


def report(name: str, found: dict[str, Seen]) -> None:
    print(f"\n{name}")
    print("    view        updates, share of base       frames/s   kB/s   key p50  p95 ms")
    for view, seen in found.items():
        if not seen.ratios:
            continue
        low, middle, high = np.percentile(seen.ratios, [25, 50, 75])
        keys = "       –    –"
        if seen.latency:
            p50, p95 = np.percentile(seen.latency, [50, 95])
            keys = f"{p50:8.0f} {p95:4.0f}"
        print(
            f"    {view:10} {middle:6.1%} ({low:6.1%} … {high:6.1%})"
            f"    {np.mean(seen.frames):5.1f} {np.mean(seen.written) / 1e3:8.1f}  {keys}"
        )


async def computing(raw: dict[str, Any], size: tuple[int, int], times: int = 40) -> None:
    """Milliseconds of the processor for a view, once, and its share of a second at its rate."""
    config = parse(raw)
    app = TuinnApp(Preset("bench", config, Path("bench.toml"), own=True), fps=FPS)
    async with app.run_test(size=size) as pilot:
        lab = app.screen_stack[0]
        assert isinstance(lab, Lab)
        while lab.session.status != "ready" or not len(lab.session.history):
            await asyncio.sleep(0.01)
        lab.session.runner.epoch()
        while lab.session.report.epoch < 1:
            await asyncio.sleep(0.01)
        lab.session.runner.close()
        moments = lab.session.runner.rewind.moments
        for key, number in {"7": 7, **PANELS}.items():
            if number not in lab.dashboard.offered:
                continue
            lab.dashboard.enlarge(number)
            await pilot.pause(0.2)
            spent = []
            for turn in range(times):
                # another moment each time, as while it trains
                moment = moments[-1 - turn % min(len(moments), 8)].snapshot
                begun = process_time()
                if number in PER_SECOND:
                    lab.inside._drawn.clear()
                    assert moment.theta is not None
                    lab.inside.draw(lab.session, moment, 0)
                else:
                    lab._seen = None
                    lab.dashboard.show(lab.session.history, moment, "epoch", None, False)
                panel = lab.dashboard.panels[number]
                for row in range(panel.size.height):
                    panel.render_line(row)
                spent.append(1e3 * (process_time() - begun))
            each = float(np.median(spent))
            rate = PER_SECOND.get(number, FPS)
            share = f"{each * rate / 1e3:6.2%} of a second"
            print(f"    {key:4}{each:8.2f} ms × {rate:4.0f}/s = {share}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--presses", type=int, default=16)
    parser.add_argument("--only", default=",".join(ALL))
    parser.add_argument("--runs", default=",".join(RUNS))
    parser.add_argument("--skip-terminal", action="store_true")
    options = parser.parse_args()
    views = options.only.split(",")
    # whole rounds of what `m` is answered with
    presses = -(-options.presses // len(SMOOTHINGS)) * len(SMOOTHINGS)
    for name in options.runs.split(","):
        raw = RUNS[name]
        for size in (NARROW, WIDE):
            print(f"\n{name}, computing and drawing one view alone at {size[0]}×{size[1]}")
            asyncio.run(computing(raw, size))
    if options.skip_terminal:
        return
    for name in options.runs.split(","):
        raw = RUNS[name]
        bare, with_snapshots = headless(raw, 3.0), headless(raw, 3.0, FPS)
        print(f"\n{name} without a screen: {bare:,.0f} updates/s, with 10 snapshots a second")
        print(f"    {with_snapshots:,.0f} ({with_snapshots / bare:.1%})")
        with tempfile.TemporaryDirectory() as folder:
            preset = Path(folder) / "endless.toml"
            save(str(preset), parse(raw))
            env = os.environ | {
                "TUINN_HOME": folder,
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
            }
            command = [sys.executable, "-m", "tuinn", str(preset), "--demo"]
            with Terminal(command, *NARROW, env) as terminal:
                begin(terminal)
                found = compare(terminal, views, options.rounds, options.seconds, presses)
                _, _, updates = watch(terminal, options.seconds)
                report(f"{name}, 120×40: each view alone against panels 1…6", found)
                print(f"    base: {updates:,.0f} updates/s, {updates / bare:.0%} of headless")
                terminal.press("q")
                terminal.status()


if __name__ == "__main__":
    main()
