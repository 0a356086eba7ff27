"""Two processes that write and read one store at once, while a third one reads.

    python tests/bench/check_two_processes.py [--seconds 60]

Fails on any error, and on any row that was handed over and is not there.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from store_runs import keep_two_busy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs, rows = keep_two_busy(Path(folder) / "runs", options.seconds)
    print(f"{runs} runs, {rows} rows: all there, no error")


if __name__ == "__main__":
    main()
