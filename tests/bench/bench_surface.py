"""The Surface screen in a real pseudo-terminal: frames, bytes, the answer to a key.

    python tests/bench/bench_surface.py [--seconds N] [--columns 120] [--rows 40]

Five optimisers walk over Rosenbrock's valley for as long as it is measured, so slowly that none
arrives. Prints each figure beside what it should be: as in the laboratory. With --training a tiny
network trains in the lab behind it.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import re
import sys
import tempfile
from pathlib import Path
from time import monotonic

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.key_latency import latencies
from end_to_end.terminal import Terminal

UPDATE = re.compile(r"update ([\d ]+?)\s{2,}")
NEVER_THERE = """
title = "Five that do not arrive"
surface = "rosenbrock"
budget = 1000000
[[optimizer]]
name = "sgd"
eta = 0.0004
[[optimizer]]
name = "momentum"
eta = 0.00002
[[optimizer]]
name = "adagrad"
eta = 0.02
[[optimizer]]
name = "adam"
eta = 0.0005
[[optimizer]]
name = "rmsprop"
eta = 0.0002
"""


def update_shown(terminal: Terminal) -> int:
    found = UPDATE.search(terminal.text)
    return int(found[1].replace(" ", "")) if found else 0


def watch(terminal: Terminal, seconds: float) -> tuple[float, float, float]:
    """(frames, bytes, updates) a second: a frame is a change of the update number."""
    first = last = update_shown(terminal)
    frames, start, before = 0, monotonic(), len(terminal.written)
    while monotonic() - start < seconds:
        terminal.read(0.02)
        now = update_shown(terminal)
        if now != last:
            frames, last = frames + 1, now
    passed = monotonic() - start
    return frames / passed, (len(terminal.written) - before) / passed, (last - first) / passed


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--columns", type=int, default=120)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--presses", type=int, default=60)
    parser.add_argument("--training", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        presets = Path(folder) / "presets"
        (presets / "surfaces").mkdir(parents=True)
        (presets / "surfaces" / "five.toml").write_text(NEVER_THERE)
        (presets / "endless.toml").write_text("[stop]\nepochs = 1000000\n")
        command = [sys.executable, "-m", "tuinn", "endless"]
        env = os.environ | {
            "TUINN_HOME": folder,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }
        with Terminal(command, options.columns, options.rows, env) as terminal:
            terminal.shows("Press space to start")
            if options.training:
                terminal.press("space")
                terminal.shows("training")
            terminal.press("g")
            terminal.shows("Press space to let them walk")
            terminal.press("p")
            terminal.shows("surface presets")
            terminal.press(*"five", "enter")
            terminal.shows("Five that do not arrive")
            terminal.press("space")
            terminal.until(lambda: update_shown(terminal) > 60, "updates")
            frames, written, updates = watch(terminal, options.seconds)
            light = latencies(
                terminal, [(">", "speed 2×".encode()), ("<", "speed 1×".encode())], options.presses
            )
            heavy = latencies(
                terminal,
                [("j", b"M momentum"), ("k", b"S sgd")],
                options.presses,
            )
            terminal.press("q")
            terminal.status()
    print(f"{options.columns} × {options.rows}, {options.seconds:g} s, five optimisers")
    for name, figure, wanted in (
        ("frames a second", f"{frames:.1f}", "10"),
        ("key to screen (speed), p50", f"{np.percentile(light, 50):.0f} ms", ""),
        ("key to screen (speed), p95", f"{np.percentile(light, 95):.0f} ms", "< 50 ms"),
        ("key to screen (next), p50", f"{np.percentile(heavy, 50):.0f} ms", ""),
        ("key to screen (next), p95", f"{np.percentile(heavy, 95):.0f} ms", "< 50 ms"),
        ("written", f"{written / 1e3:.1f} kB/s", "< 60 kB/s"),
        ("updates a second of each", f"{updates:.1f}", "20"),
    ):
        print(f"    {name:30}{figure:>12}    {wanted}")


if __name__ == "__main__":
    main()
