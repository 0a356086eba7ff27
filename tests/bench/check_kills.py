"""Kill -9 at random moments: nothing that was committed is lost, and the curve stays the same.

    python tests/bench/check_kills.py [--kills 50] [--seed 0]

Each run is killed ten times while it trains, each time in another process that goes on with it,
and then comes to its end: its hash and its rows must be those of a run that was never cut off.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from store_runs import Kills

TIMES = 10
EPOCHS = 50_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    done, before_any, most_missing = 0, 0, 0.0
    while done < options.kills:
        with tempfile.TemporaryDirectory() as folder:
            kills = Kills(Path(folder) / "runs", EPOCHS, seed=options.seed + done)
            while kills.kills < min(TIMES, options.kills - done) and not kills.ended:
                kills.kill()
            kills.finish()
        done += kills.kills
        before_any += kills.before_any
        most_missing = max(most_missing, kills.most_missing)
        print(f"{done} kills: the same hash and rows as without", flush=True)
    print(f"{before_any} came before the first row; at most {most_missing:.3g} s of rows missing")


if __name__ == "__main__":
    main()
