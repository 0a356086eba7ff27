"""What keeping a headless run in the store costs: the same run kept and unsaved, in turns.

    python tests/bench/bench_kept.py [TURNS]

Of each the least wall and processor time of all turns, as a whole process; wanted is a throughput
that drops by at most 2 % (`train`: seconds in which it trained, as the program tells them).
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

RUNS = (
    ["circle", "--epochs", "20000"],
    ["digits", "--epochs", "1000"],
    ["digits", "--set", "network.hidden=[512,512]", "--epochs", "60"],
)
MODES = {"unsaved": ["--unsaved"], "kept": []}


def once(words: list[str], home: str) -> tuple[float, float, float]:
    """(wall, processor, training) seconds of one process."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    checkpoint = Path(home) / "end.npz"
    subprocess.run(
        [sys.executable, "-m", "tuinn", "train", *words, "--quiet", "--checkpoint", checkpoint],
        env={**os.environ, "TUINN_HOME": home},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    with np.load(checkpoint) as arrays:
        trained = json.loads(str(arrays["numbers"]))["seconds"]
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, trained


def main(turns: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        for words in RUNS:
            seen: dict[str, list[tuple[float, float, float]]] = {mode: [] for mode in MODES}
            for turn in range(turns):
                for mode in list(MODES)[:: 1 if turn % 2 else -1]:
                    seen[mode].append(once([*words, *MODES[mode]], home))
            least = {
                mode: [min(figure) for figure in zip(*seen[mode], strict=True)] for mode in MODES
            }
            print(" ".join(words))
            for place, name in enumerate(("wall", "processor", "train")):
                kept, unsaved = least["kept"][place], least["unsaved"][place]
                figures = f"unsaved {unsaved:.3f} s  kept {kept:.3f} s  {kept / unsaved - 1:+.1%}"
                print(f"  {name:9}  {figures}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
