"""The app in a real pseudo-terminal: frames, bytes, the answer to a key, the speed of training.

    python tests/bench/bench_app.py [--seconds N] [--columns 160] [--rows 45]

A tiny network (2-8-1, mini-batch 10) trains in the thread for as long as it is measured, with
all panels on the screen. Prints each figure beside what it should be. The speed is compared with
the same training without a screen, before and after, in this process.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import re
import sys
import tempfile
from pathlib import Path
from time import monotonic, perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.key_latency import latencies
from end_to_end.terminal import Terminal

from tuinn.config import Config, changed
from tuinn.experiment import build
from tuinn.preset import save

UPDATE = re.compile(r"update ([\d\s\u2009\u202f]+?)\s{2,}")
EPOCHS = 10**6


def tiny() -> Config:
    config = Config(title="a tiny network that never ends")
    return changed(changed(config, "data.n", 500), "stop.epochs", EPOCHS)


def headless(seconds: float) -> float:
    """Updates a second without a screen."""
    trainer = build(tiny()).trainer
    trainer.run(1000)
    started, before = perf_counter(), trainer.update
    while perf_counter() - started < seconds:
        trainer.run(5000)
    return (trainer.update - before) / (perf_counter() - started)


def update_shown(terminal: Terminal) -> int | None:
    found = UPDATE.search(terminal.text)
    return int(re.sub(r"\D", "", found[1])) if found else None


def watch(terminal: Terminal, seconds: float) -> tuple[float, float, float]:
    """(frames, bytes, updates) a second: a frame is a change of the update number."""
    first = last = update_shown(terminal)
    frames, start, before = 0, monotonic(), len(terminal.written)
    while monotonic() - start < seconds:
        terminal.read(0.02)
        now = update_shown(terminal)
        if now is not None and now != last:
            frames, last = frames + 1, now
    passed = monotonic() - start
    assert first is not None
    assert last is not None
    return frames / passed, (len(terminal.written) - before) / passed, (last - first) / passed


SMOOTHINGS = (
    ("m", b"Smoothing 0.6"),
    ("m", b"Smoothing 0.9"),
    ("m", b"Smoothing 0.97"),
    ("m", b"No smoothing"),
)
"""What `m` is answered with, one press after another."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--columns", type=int, default=160)
    parser.add_argument("--rows", type=int, default=45)
    parser.add_argument("--presses", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        preset = Path(folder) / "tiny.toml"
        save(str(preset), tiny())
        alone_before = headless(options.seconds / 3)
        command = [sys.executable, "-m", "tuinn", str(preset), "--demo"]
        env = os.environ | {
            "TUINN_HOME": folder,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }
        with Terminal(command, options.columns, options.rows, env) as terminal:
            terminal.until(lambda: (update_shown(terminal) or 0) > 10_000, "updates")
            watch(terminal, 2.0)
            frames, written, updates = watch(terminal, options.seconds)
            milliseconds = latencies(terminal, SMOOTHINGS, options.presses)
            terminal.press("q")
            terminal.status()
        alone = (alone_before + headless(options.seconds / 3)) / 2
    print(f"{options.columns} × {options.rows}, {options.seconds:g} s")
    p50, p95 = np.percentile(milliseconds, [50, 95])
    for name, figure, wanted in (
        ("frames a second", f"{frames:.1f}", "10"),
        ("key to screen, p50", f"{p50:.0f} ms", ""),
        ("key to screen, p95", f"{p95:.0f} ms", "< 50 ms"),
        ("written", f"{written / 1e3:.1f} kB/s", "< 60 kB/s"),
        ("speed of headless", f"{updates / alone:.0%}", "≥ 70 %"),
        ("updates a second", f"{updates:,.0f} of {alone:,.0f}", ""),
    ):
        print(f"    {name:24}{figure:>24}    {wanted}")


if __name__ == "__main__":
    main()
