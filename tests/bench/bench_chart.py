"""What a frame of a live chart costs, in time and in bytes: `python tests/bench/bench_chart.py`.

100 × 25 cells, four curves of 10 000 points of which each frame brings a few more, on a fixed x
axis. Time is that of the widget: from new data to the changed lines of text. plotext alone draws
the same curves, all points of them, or only the least and greatest value of every column of dots
(without which nothing live is possible). Bytes are those the app writes to a real terminal.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import asyncio
import fcntl
import pty
import select
import statistics
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable

import numpy as np
from plotext._figure import _figure_class
from textual.app import App, ComposeResult

from tuinn.widgets.chart import Chart, Series
from tuinn.widgets.raster import Axis, envelope

POINTS = 10_000
COLUMNS, ROWS = 100, 25
FRAMES = 100
PER_SECOND = 10
X = np.arange(float(POINTS))


def curves(noise: float) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [
        np.exp(-X / (1500 * (k + 1))) + 0.1 * k + noise * rng.normal(size=POINTS) for k in range(4)
    ]


def series(ys: list[np.ndarray], n: int) -> list[Series]:
    styles = ("solid", "dashed", "dotted", "dashdot")
    return [
        Series(f"run {k}", X[:n], y[:n], styles[k], f"series-{k + 1}") for k, y in enumerate(ys)
    ]


class Bench(App[None]):
    """A chart of 100 × 25 cells; with frames to show, it feeds itself and ends."""

    CSS = "Chart { border: none; }"

    def __init__(self, noise: float = 0.0, live: bool = False) -> None:
        super().__init__()
        self.ys = curves(noise)
        self.live = live
        self.frame = 0

    def compose(self) -> ComposeResult:
        yield Chart("1 loss", y_range=(0.0, 1.5), x_label="update")

    def on_mount(self) -> None:
        if self.live:
            self.set_interval(1 / PER_SECOND, self.step)

    def step(self) -> None:
        self.frame += 1
        self.query_one(Chart).show(series(self.ys, 2000 + 50 * self.frame), (0.0, POINTS))


async def widget(noise: float) -> float:
    """Median milliseconds of a frame."""
    app = Bench(noise)
    times = []
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        chart = app.query_one(Chart)
        for frame in range(FRAMES):
            start = time.perf_counter()
            chart.show(series(app.ys, POINTS - FRAMES + frame), (0.0, POINTS))
            for y in range(ROWS):
                chart.render_line(y)
            times.append(time.perf_counter() - start)
            await pilot.pause()
    return 1e3 * statistics.median(times)


def plotext_alone(noise: float, decimated: bool) -> float:
    """Milliseconds of the same figure by plotext."""

    def draw() -> None:
        figure = _figure_class()
        figure._limit_size(False, False)
        figure.plot_size(COLUMNS, ROWS)
        figure.theme("clear")
        figure.xlim(0, POINTS)
        figure.ylim(0, 1.5)
        for y in ys:
            if decimated:
                curve = envelope(X, y, Axis(0.0, float(POINTS), COLUMNS, 2))
                x = np.repeat(curve.column * POINTS / (2 * COLUMNS), 2).tolist()
                y = np.stack([curve.low, curve.high], axis=1).ravel()
            else:
                x = X.tolist()
            figure.plot(x, y.tolist(), marker="braille")
        figure.build()

    ys = curves(noise)
    return best(draw, 3)


def best(function: Callable[[], None], times: int) -> float:
    function()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        spent.append(time.perf_counter() - start)
    return 1e3 * min(spent)


def bytes_per_frame(noise: float) -> float:
    """What a live chart writes to its terminal, per frame, once it is under way."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    child = subprocess.Popen(
        [sys.executable, __file__, "--live", str(noise)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        start_new_session=True,
    )
    os.close(slave)
    try:
        drain(master, 3.0)
        seconds = 5.0
        return drain(master, seconds) / (seconds * PER_SECOND)
    finally:
        child.terminate()
        drain(master, 0.5)
        child.wait()
        os.close(master)


def drain(master: int, seconds: float) -> int:
    end = time.monotonic() + seconds
    total = 0
    while (left := end - time.monotonic()) > 0:
        if select.select([master], [], [], left)[0]:
            try:
                total += len(os.read(master, 1 << 16))
            except OSError:
                break
    return total


def main() -> None:
    if sys.argv[1:2] == ["--live"]:
        Bench(float(sys.argv[2]), live=True).run()
        return
    print(f"{COLUMNS} × {ROWS} cells, 4 curves of {POINTS} points\n")
    print(f"{'':34}{'smooth':>10}{'noisy':>10}")
    noises = (0.0, 0.05)
    ours = [asyncio.run(widget(noise)) for noise in noises]
    print(f"{'tuinn, ms per frame':34}{ours[0]:10.2f}{ours[1]:10.2f}")
    for name, decimated in (("plotext, decimated", True), ("plotext, all points", False)):
        theirs = [plotext_alone(noise, decimated) for noise in noises]
        ratios = [f"{t:.0f} ({t / o:.0f}×)" for t, o in zip(theirs, ours, strict=True)]
        print(f"{name + ', ms per frame':34}{ratios[0]:>10}{ratios[1]:>10}")
    sizes = [bytes_per_frame(noise) for noise in noises]
    print(f"{'tuinn, bytes per frame':34}{sizes[0]:10.0f}{sizes[1]:10.0f}")


if __name__ == "__main__":
    main()
