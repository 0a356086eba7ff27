"""`tuinn train A B C`: several runs side by side, each in a process of its own."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuinn.cli.options import with_options
from tuinn.cli.say import say
from tuinn.config import Config, ConfigError
from tuinn.preset import Preset

if TYPE_CHECKING:
    from tuinn.cli.headless import Signals
    from tuinn.race.lane import RacingRunner
    from tuinn.race.race import Race
    from tuinn.race.racer import Racer

DONE, DIED, DIVERGED = 0, 1, 3
GRACE = 12.0
"""Seconds for all workers to keep their runs and to end; one that does not is killed before."""
LOOK = 0.05
"""Seconds between two looks at the workers, the signals and the progress."""


def run(options: argparse.Namespace, presets: Sequence[Preset]) -> int:
    """Train them from the same seed and print what differs and how each fares.

    The exit status: 0 done, 1 a worker died, 3 a run diverged, 128 + n ended by signal n.
    """
    raced = [replace(one, config=_config(one, options)) for one in presets]
    if not options.unsaved:
        _check_store()

    from tuinn.cli.headless import Signals
    from tuinn.cli.race_progress import RaceProgress
    from tuinn.race.race import Race
    from tuinn.runners.cores import cores

    signals, workers = Signals(), Workers()
    with signals.watched():
        race = Race(
            raced,
            repeat=options.repeat,
            workers=options.workers or cores(),
            keep=not options.unsaved,
            make=workers,
        )
        progress = RaceProgress(race, None if options.quiet else sys.stderr)
        try:
            _train(race, signals, progress)
        finally:
            # first of all: whoever hung up has taken the terminal of the progress with him
            race.close(*_ending(signals.number))
            race.wait(GRACE)
    numbers = workers.numbers()
    status = _exit(race, signals.number)
    try:
        progress.close()
        _tell(race, numbers, status, as_json=options.json)
    except OSError:
        # a terminal that hung up takes no results, and they are in the store
        if not signals.number:
            raise
    return status


class Workers:
    """Makes the runners of a race, and finds their runs in the store."""

    def __init__(self) -> None:
        self._race = ""

    def __call__(self, config: Config, folder: Path | None, **options: Any) -> RacingRunner:
        from tuinn.race.maker import in_a_process

        keep = options["keep"]
        self._race = keep.race if keep else ""
        return in_a_process(config, folder, **options)

    def numbers(self) -> dict[tuple[str, int], int]:
        """Of the runs that were kept, by name and seed."""
        if not self._race:
            return {}
        from tuinn.cli.kept import refused_clearly
        from tuinn.store import Store

        with refused_clearly(""):
            store = Store(read_only=True)
            try:
                runs = [one for one in store.runs() if one.race == self._race]
            finally:
                store.close()
        return {(one.name, one.seed): one.id for one in runs}


def _config(preset: Preset, options: argparse.Namespace) -> Config:
    from tuinn.experiment import check

    try:
        config = with_options(preset.config, options)
        check(config)
    except ConfigError as error:
        raise ConfigError(f"{preset.name}: {error}", error.field) from error
    return config


def _check_store() -> None:
    """`ConfigError` where the runs cannot be kept: before they are trained, not after."""
    from tuinn.cli.kept import refused_clearly
    from tuinn.store import Store

    with refused_clearly("; `--unsaved` trains without keeping the runs"):
        Store().close()


def _train(race: Race, signals: Signals, progress: Any) -> None:
    """Until all runs have ended, or a signal says so."""
    race.start()
    told: set[str] = set()
    while not signals.number and not all(lane.ended for lane in race.lanes):
        race.poll()
        progress.show()
        for lane in race.lanes:
            if lane.problem and lane.problem not in told:
                told.add(lane.problem)
                progress.close()
                say(f"not kept: {lane.problem}")
        time.sleep(LOOK)
    progress.show()


def _ending(number: int) -> tuple[Any, str]:
    """How the store shall call runs that are not at their end: ctrl+c is a person who leaves."""
    if not number:
        return "stopped", ""
    status = "stopped" if number == signal.SIGINT else "interrupted"
    return status, f"interrupted by {signal.Signals(number).name}"


def _exit(race: Race, number: int) -> int:
    statuses = {lane.report.status for lane in race.lanes}
    # a hangup ends the workers, too, and may be noticed there first
    if number and statuses - {"finished", "diverged"}:
        return 128 + number
    if "failed" in statuses:
        return DIED
    return DIVERGED if "diverged" in statuses else DONE


def _tell(race: Race, numbers: dict[tuple[str, int], int], status: int, *, as_json: bool) -> None:
    """Results on stdout; on stderr why a run did not come to its planned end."""
    from tuinn.records import json_line
    from tuinn.text_table import only_ascii, text_table

    if as_json:
        print(json_line(_record(race, numbers, status)), flush=True)
    else:
        names = [racer.name for racer in race.racers]
        width = shutil.get_terminal_size((80, 24)).columns
        plain = only_ascii(sys.stdout)
        kept = [_kept(racer, numbers) for racer in race.racers]
        print(
            text_table(
                names,
                race.differences,
                race.results,
                # of several seeds they would be wider than the figures
                numbers=[", ".join(ids) for ids in kept] if numbers and race.seeds == 1 else (),
                width=width,
                ascii_only=plain,
            )
        )
        if numbers:
            print(f"\n{_told_kept(names, kept)}")
    for racer in race.racers:
        for lane in racer.lanes:
            if lane.report.status in ("failed", "diverged"):
                seed = f", seed {lane.seed}" if race.seeds > 1 else ""
                message = lane.report.message.removeprefix("diverged: ")
                say(f"{racer.name}{seed} {lane.report.status}: {message}")
    if status > 128:
        go_on = "; `tuinn train --resume RUN` goes on with one of them" if numbers else ""
        say(f"interrupted by {signal.Signals(status - 128).name}{go_on}")


def _kept(racer: Racer, numbers: dict[tuple[str, int], int]) -> list[str]:
    """The numbers of its runs in the store, in the order of their seeds."""
    found = (numbers.get((racer.name, lane.seed)) for lane in racer.lanes)
    return [str(number) for number in found if number is not None]


def _told_kept(names: Sequence[str], kept: Sequence[Sequence[str]]) -> str:
    """ "kept as runs 2, 1", in the order of the columns; by name where they have several each."""
    ids = [number for those in kept for number in those]
    word = f"kept as run{'s' if len(ids) > 1 else ''}"
    if all(len(those) <= 1 for those in kept) or len(names) == 1:
        return f"{word} {', '.join(ids)}"
    lines = (f"  {name}: {', '.join(those)}" for name, those in zip(names, kept) if those)
    return "\n".join([word, *lines])


def _record(race: Race, numbers: dict[tuple[str, int], int], status: int) -> dict[str, Any]:
    """The comparison as plain values, like that of `tuinn compare --json`."""
    from tuinn.comparison import FIGURES, best

    results = race.results
    return {
        "seed": race.seed,
        "repeat": race.seeds,
        "runs": [
            {
                "name": racer.name,
                "status": result.status,
                "results": {field: getattr(result, field).median for field in FIGURES},
                "half_iqr": {field: getattr(result, field).half_iqr for field in FIGURES},
                "seeds": [
                    {
                        "seed": lane.seed,
                        "run": numbers.get((racer.name, lane.seed)),
                        "status": lane.report.status if lane.report.update else lane.status,
                        "reason": lane.report.message,
                    }
                    for lane in racer.lanes
                ],
            }
            for racer, result in zip(race.racers, results, strict=True)
        ],
        "differences": [
            {"field": each.path, "label": each.label, "values": list(each.values)}
            for each in race.differences
        ],
        "best": {
            field: [race.racers[place].name for place in best(results, field)] for field in FIGURES
        },
        "exit": status,
    }
