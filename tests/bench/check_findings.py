"""What is found in the runs of the presets: each state, with the updates at which it was found.

    python tests/bench/check_findings.py [preset …] [--seeds 10] [--pictures 150] [--alarms]

Prints a table in Markdown. Every preset is trained in full, with seeds 0, 1, 2, … (without
``--seeds``: with its own), and looked at densely in the beginning and then that many times in
the run; with ``--pictures 0`` at the end of each epoch only. ``--alarms``: alarms only. The presets
of MNIST take a minute for each seed; TUINN_DATA names the folder that holds mnist/.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import sys
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from recorded_runs import watched

from tuinn.config import changed
from tuinn.experiment import build, make_trainer
from tuinn.findings import Finding
from tuinn.preset import find, presets


class Row(NamedTuple):
    """A state in a run."""

    name: str
    level: str
    first: int
    last: int
    times: int
    text: str


def states(run: list[tuple[int, Finding | None]]) -> list[Row]:
    """The states of a run in the order in which they first came; "–" where nothing was found."""
    rows = []
    known = [(update, found) for update, found in run if update > 0]
    by_name = sorted(known, key=lambda pair: pair[1].name if pair[1] else "")
    for name, pairs in groupby(by_name, key=lambda pair: pair[1].name if pair[1] else ""):
        pairs = list(pairs)
        middle = pairs[len(pairs) // 2][1]
        level, text = (middle.level, middle.text) if middle else ("", "")
        rows.append(Row(name or "–", level, pairs[0][0], pairs[-1][0], len(pairs), text))
    return sorted(rows, key=lambda row: row.first)


def check(names: list[str], seeds: int | None, pictures: int, alarms: bool) -> int:
    """Print what is found; return how many alarms there were."""
    print("| preset | seed | state | from update | to | seen | what is said, once |")
    print("|---|---|---|---|---|---|---|")
    count = 0
    for name in names:
        config = find(name).config
        experiment = None
        for seed in range(seeds) if seeds else [config.seed]:
            own = changed(config, "seed", seed)
            if experiment is not None and config.data.set == "mnist":
                # in the order of the files, whatever the seed: need not be read again
                trainer = make_trainer(own, experiment.dataset, experiment.split)
            else:
                experiment = build(own)
                trainer = experiment.trainer
            run = [
                (snapshot.update, found) for snapshot, found, _ in watched(trainer, own, pictures)
            ]
            for row in states(run):
                count += row.level == "alarm"
                if row.level == "alarm" or not alarms:
                    told = f"{row.first} | {row.last} | {row.times} of {len(run)} | {row.text}"
                    print(f"| `{name}` | {seed} | {row.name} | {told} |", flush=True)
    return count


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("presets", nargs="*")
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--pictures", type=int, default=150)
    parser.add_argument("--alarms", action="store_true")
    options = parser.parse_args()
    chosen = options.presets or [preset.name for preset in presets()]
    alarms = check(chosen, options.seeds, options.pictures, options.alarms)
    print(f"\n{alarms} alarms")
