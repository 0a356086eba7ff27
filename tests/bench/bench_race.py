"""Runs side by side: their throughput against one after the other, without and with the screen.

    python tests/bench/bench_race.py [--seconds N] [--rounds N] [--kind tiny|digits|mnist]
                                     [--unsaved] [--screen] [--keys]

Two runs of equal kind train in worker processes, in turns alone and together, again and again, so
that whatever else the machine does falls on all of them. The throughput is the sum of their speeds
together, each as a share of its own speed alone: 2 where neither disturbs the other, 1 where it is
as good to train one after the other. Beside it stands the same by the time of the processors that
the workers were given, which tells on a busy machine what an idle one would do. ``--screen``: the
same with the app drawing them, its updates taken from the store. ``--keys``: the answer to a key
and the frames a second with six runs. MNIST is looked for as the tests do it (TUINN_DATA).
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.key_latency import latencies
from end_to_end.terminal import Terminal

from tuinn.config import Config, changed
from tuinn.preset import save
from tuinn.runners.keep import KeepElsewhere
from tuinn.runners.process import ProcessRunner
from tuinn.store import Store, StoredRun

EPOCHS = 10**6
INTERVAL = 0.1
WANTED, WANTED_WITH_SCREEN = 1.7, 1.4
TICKS = os.sysconf("SC_CLK_TCK")


def configs(kind: str) -> list[Config]:
    """Two endless runs: mini-batch and stochastic on small nets, two mini-batches on MNIST."""
    changes = {
        "tiny": ({"data.n": 500}, {"data.n": 500, "training.batch_size": 1}),
        "digits": (
            {"data.set": "digits", "network.hidden": (30,)},
            {"data.set": "digits", "network.hidden": (30,), "training.batch_size": 1},
        ),
        "mnist": (
            {"data.set": "mnist", "network.hidden": (30,)},
            {"data.set": "mnist", "network.hidden": (30,), "optimizer.eta": 0.1},
        ),
    }[kind]
    found = []
    for fields in changes:
        config = changed(Config(), "stop.epochs", EPOCHS)
        for field, value in fields.items():
            config = changed(config, field, value)
        found.append(config)
    return found


class Racing:
    """A worker that trains for a while, and how fast it was."""

    def __init__(self, config: Config, keep: KeepElsewhere | None) -> None:
        self.runner = ProcessRunner(config, interval=INTERVAL, keep=keep)
        self._until(lambda status, _: status == "ready")
        self.update = 0

    def _until(self, condition: Callable[[str, int], bool]) -> int:
        while True:
            report = self.runner.poll()
            if report.status == "failed":
                raise SystemExit(report.message)
            if condition(report.status, report.update):
                return report.update
            sleep(0.005)

    def cpu(self) -> float:
        """Seconds of the processors that the worker was given."""
        fields = Path(f"/proc/{self.runner.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def speeds(runs: Sequence[Racing], seconds: float) -> list[tuple[float, float]]:
    """Updates per second of the clock, and of the processors, of runs that train together."""
    before, used = [run.update for run in runs], [run.cpu() for run in runs]
    began = monotonic()
    for run in runs:
        run.runner.start()
    while monotonic() - began < seconds:
        for run in runs:
            # as a screen would do it
            run.runner.poll()
        sleep(INTERVAL)
    for run in runs:
        run.runner.pause()
    for run in runs:
        run.update = run._until(lambda status, _: status == "paused")
    passed = monotonic() - began
    return [
        ((run.update - first) / passed, (run.update - first) / max(run.cpu() - cpu, 1e-9))
        for run, first, cpu in zip(runs, before, used, strict=True)
    ]


def throughput(kind: str, seconds: float, rounds: int, keep: bool) -> None:
    """Print the ratio of every round, and the median."""
    runs = [
        Racing(config, KeepElsewhere(f"{kind} {place}") if keep else None)
        for place, config in enumerate(configs(kind))
    ]
    try:
        speeds(runs, 1.0)
        found = []
        for number in range(rounds):
            alone = [speeds([run], seconds)[0] for run in runs]
            together = speeds(runs, seconds)
            clock, cpu = (
                sum(b[which] / a[which] for a, b in zip(alone, together, strict=True))
                for which in (0, 1)
            )
            found.append((clock, cpu))
            shown = ", ".join(
                f"{a[0]:,.0f} -> {b[0]:,.0f}" for a, b in zip(alone, together, strict=True)
            )
            load = os.getloadavg()[0]
            print(
                f"    round {number + 1}: {clock:.2f} ({cpu:.2f} by processor time), "
                f"updates/s {shown}, load {load:.1f}"
            )
    finally:
        for run in runs:
            run.runner.close()
        for run in runs:
            run.runner.wait()
    clock, cpu = np.median(found, axis=0)
    best = max(one for one, _ in found)
    line = f"{clock:.2f}, best {best:.2f} ({cpu:.2f})"
    print(f"  {kind:8} side by side, headless {line:>28}    >= {WANTED}")


@contextmanager
def app(configs: Sequence[Config], folder: Path, columns: int, rows: int) -> Iterator[Terminal]:
    """The app with a race of these, started."""
    paths = []
    for place, config in enumerate(configs):
        paths.append(str(folder / f"run{place + 1}.toml"))
        save(paths[-1], config)
    env = os.environ | {
        "TUINN_HOME": str(folder / "home"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }
    command = [sys.executable, "-m", "tuinn", *paths]
    with Terminal(command, columns, rows, env) as terminal:
        terminal.shows("Press space to start")
        terminal.until(lambda: "loading" not in terminal.text, "the runs")
        terminal.press("space")
        terminal.shows(f"{len(configs)} of {len(configs)}")
        terminal.until(lambda: len(kept(folder)) == len(configs), "the runs in the store")
        yield terminal
        terminal.press("q")
        terminal.status()


def kept(folder: Path) -> list[StoredRun]:
    """The runs in the store of the app, in the order in which they came."""
    store = Store(folder / "home" / "runs", read_only=True)
    try:
        return sorted(store.runs(), key=lambda run: run.id)
    finally:
        store.close()


def watch(terminal: Terminal, folder: Path, seconds: float) -> tuple[list[float], float]:
    """Updates a second of each run, and frames a second: changes of what the screen shows."""
    frames, before, first = 0, terminal.text, kept(folder)
    began = monotonic()
    while monotonic() - began < seconds:
        terminal.read(0.02)
        if terminal.text != before:
            frames, before = frames + 1, terminal.text
    passed = monotonic() - began
    found = [
        (run.update - was.update) / max(run.ended - was.ended, 1e-9)
        for was, run in zip(first, kept(folder), strict=True)
    ]
    return found, frames / passed


def with_screen(kind: str, seconds: float, rounds: int) -> None:
    """The throughput with the app drawing both, against each alone without a screen."""
    found = []
    for number in range(rounds):
        folder = Path(tempfile.mkdtemp(prefix="bench_race_"))
        try:
            alone = []
            for config in configs(kind):
                run = Racing(config, None)
                speeds([run], 1.0)
                alone.append(speeds([run], seconds / 2)[0][0])
                run.runner.close()
                run.runner.wait()
            with app(configs(kind), folder, 120, 40) as terminal:
                watch(terminal, folder, 2.0)
                together, frames = watch(terminal, folder, seconds)
            ratio = sum(b / a for a, b in zip(alone, together, strict=True))
            found.append(ratio)
            load = os.getloadavg()[0]
            print(f"    round {number + 1}: {ratio:.2f}, {frames:.1f} frames/s, load {load:.1f}")
        finally:
            # the workers may still write for a moment
            shutil.rmtree(folder, ignore_errors=True)
    line = f"{np.median(found):.2f}, best {max(found):.2f}"
    print(f"  {kind:8} side by side, on the screen {line:>25}    >= {WANTED_WITH_SCREEN}")


SMOOTHINGS = (
    ("m", b"0.6"),
    ("m", b"0.9"),
    ("m", b"0.97"),
    ("m", b"No smoothing"),
)
"""What `m` is answered with, one press after another."""


def keys(seconds: float, presses: int) -> None:
    """Frames a second and the answer to a key with six runs."""
    with tempfile.TemporaryDirectory(prefix="bench_race_", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with app(configs("tiny") * 3, folder, 120, 40) as terminal:
            watch(terminal, folder, 2.0)
            _, frames = watch(terminal, folder, seconds)
            milliseconds = latencies(terminal, SMOOTHINGS, presses)
    p50, p95 = np.percentile(milliseconds, [50, 95])
    load = os.getloadavg()[0]
    print(f"  six runs: {frames:.1f} frames a second (wanted 10), load {load:.1f}")
    print(f"  six runs: key to screen p50 {p50:.0f} ms, p95 {p95:.0f} ms (wanted < 50 ms)")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kind", choices=("tiny", "digits", "mnist"), action="append")
    parser.add_argument("--unsaved", action="store_true", help="without keeping the runs")
    parser.add_argument("--screen", action="store_true", help="with the app drawing them")
    parser.add_argument("--keys", action="store_true", help="the answer to a key with six runs")
    parser.add_argument("--presses", type=int, default=60)
    options = parser.parse_args()
    kinds = options.kind or ["tiny", "digits", "mnist"]
    if options.keys:
        keys(options.seconds, options.presses)
        return
    for kind in kinds:
        if options.screen:
            with_screen(kind, options.seconds, options.rounds)
            continue
        with tempfile.TemporaryDirectory(prefix="bench_race_") as home:
            os.environ["TUINN_HOME"] = home
            throughput(kind, options.seconds, options.rounds, not options.unsaved)


if __name__ == "__main__":
    main()
