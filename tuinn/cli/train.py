"""`tuinn train`: a run without the screen, or several of them side by side."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tuinn.cli.say import say
from tuinn.config import ConfigError
from tuinn.preset import Preset, find

if TYPE_CHECKING:
    from engine import Snapshot, Trainer
    from tuinn.cli.kept import Kept
    from tuinn.cli.outcome import Outcome
    from tuinn.cli.progress import Progress
    from tuinn.cli.repeat import Repeat, Verdict
    from tuinn.cli.single import Single


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "preset",
        nargs="*",
        metavar="PRESET",
        help="a preset, a .toml file, or a run string (tuinn1:…), which repeats a run and tells "
        "whether its curve is the same; several are trained side by side, from the same seed",
    )
    add(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        dest="changes",
        help="change a field, such as optimizer.eta=0.1; may be given again. FIELD= (nothing after "
        "it) leaves an optional field out. Another data.set leaves out what the preset says of its "
        "own: data.n, noise, features, degree and label",
    )
    add(
        "--epochs",
        metavar="N",
        help="passes over the data, or generations, iterations, chains (stop.epochs)",
    )
    add("--seed", metavar="N", help="of every random choice")
    add(
        "--repeat",
        metavar="N",
        type=_whole,
        default=1,
        help="train each preset with N seeds: the seed, the next one, …",
    )
    add(
        "--workers",
        metavar="N",
        type=_whole,
        help="how many of several runs train at once (default: one for each core)",
    )
    add("--unsaved", action="store_true", help="do not keep the run in the store of all runs")
    add("--quiet", action="store_true", help="no progress on stderr")
    add(
        "--json",
        action="store_true",
        help="one JSON object per epoch on stdout, and a final one; of several runs one for all",
    )
    add("--csv", metavar="FILE", type=Path, help="write one row per epoch to FILE")
    add(
        "--checkpoint",
        metavar="FILE",
        type=Path,
        help="write the state to FILE: every 30 s, at the end, and when interrupted",
    )
    add(
        "--resume",
        metavar="ID|FILE",
        help="go on with a run of the store (its number: `tuinn runs`) or from a checkpoint, bit "
        "for bit",
    )


def _whole(text: str) -> int:
    """A whole number >= 1."""
    if not (text.isdecimal() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"must be a whole number >= 1, got {text!r}")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Train as told; returns the exit status."""
    if not options.preset and options.resume is None:
        raise ConfigError(
            "name a PRESET, or a checkpoint to --resume, or the number of a run of the store; "
            "`tuinn presets` and `tuinn runs` list them"
        )
    if len(options.preset) > 1 or options.repeat > 1:
        _check_several(options)
        from tuinn.cli import side_by_side

        return side_by_side.run(options, [_named(text) for text in options.preset])
    if options.workers is not None:
        raise ConfigError("`--workers` is for several runs: name several PRESETs, or --repeat")
    return _one(options, options.preset[0] if options.preset else None)


def _check_several(options: argparse.Namespace) -> None:
    """Raise `ConfigError` for what means nothing where several runs are trained."""
    for name in ("csv", "checkpoint", "resume"):
        if getattr(options, name) is not None:
            raise ConfigError(
                f"`--{name}` is for a single run; several are kept in the store: `tuinn runs`"
            )


def _named(text: str) -> Preset:
    from tuinn.run_string import is_run_string

    if is_run_string(text):
        from tuinn.cli.repeat import preset_of

        return preset_of(text)
    return find(text)


def _one(options: argparse.Namespace, named: str | None) -> int:
    """Train one run; returns the exit status."""
    repeat = _repeated(named, options)
    preset = None if named is None else _named(named)

    from tuinn.cli import headless
    from tuinn.cli.outcome import Outcome
    from tuinn.cli.single import prepared
    from tuinn.records import CsvFile, json_line

    signals = headless.Signals()
    with signals.watched(), ExitStack() as stack:
        resumed = options.resume or ""
        of_store = f"run {resumed}" if resumed.isdecimal() else resumed
        called = "the run string" if repeat is not None else named or of_store
        single = prepared(options, preset, called)
        trainer = single.experiment.trainer
        until = None if repeat is None else repeat.begin(trainer, single.experiment.config)
        kept = None if options.unsaved else _kept(stack, single)
        first = trainer.snapshot()
        table = None
        if options.csv:
            append = single.resume is not None
            table = stack.enter_context(CsvFile(options.csv, first, append=append))

        def record(snapshot: Snapshot) -> None:
            if options.json:
                print(json_line(snapshot.record()), flush=True)
            if table is not None:
                table.add(snapshot)

        if single.resume is None:
            record(first)
        if kept is not None:
            kept.take(first, 0.0)
        last = headless.run(
            trainer,
            signals,
            _progress(options.quiet, trainer),
            record=record if (options.json or table is not None) and not single.over else None,
            checkpoint=(lambda: single.write(options.checkpoint)) if options.checkpoint else None,
            kept=kept,
            until=until,
        )
        outcome = Outcome(single.experiment, last, signals.number, single.over)
        if kept is not None and (lost := kept.end(outcome.status, outcome.reason, last)):
            say(f"the run is not kept as a whole: {lost}")
    verdict = None
    if repeat is not None and not outcome.cut_off:
        verdict = repeat.verdict(single.experiment)
    run = kept.id if kept is not None else None
    return _tell(options, single, outcome, verdict, run)


def _repeated(named: str | None, options: argparse.Namespace) -> Repeat | None:
    from tuinn.run_string import is_run_string

    if named is None or not is_run_string(named):
        return None
    if options.resume is not None:
        raise ConfigError("a run string begins a run anew: it does not go with `--resume`")
    from tuinn.cli.repeat import Repeat

    return Repeat(named)


def _kept(stack: ExitStack, single: Single) -> Kept:
    from tuinn.cli.kept import Kept

    kept = stack.enter_context(Kept())
    single.keep(kept)
    return kept


def _progress(quiet: bool, trainer: Trainer) -> Progress:
    import os

    from tuinn.cli.outcome import quality
    from tuinn.cli.progress import Bar, Lines, Silent
    from tuinn.experiment import planned_epochs

    if quiet or sys.stderr is None:
        return Silent()
    epochs, word = planned_epochs(trainer), trainer.optimizer.epoch_word
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return Bar(sys.stderr, epochs, word, quality(trainer))
    return Lines(sys.stderr, epochs, word, quality(trainer))


def _tell(
    options: argparse.Namespace,
    single: Single,
    outcome: Outcome,
    verdict: Verdict | None,
    run: int | None,
) -> int:
    """Print how it ended, and the line that repeats it; returns the exit status."""
    from tuinn.cli.repeat import exit_status, run_string
    from tuinn.records import json_line

    status = exit_status(verdict, outcome.exit)
    line = run_string(single.experiment, single.began, single.name, changed=single.changed)
    if options.json:
        final = {"final": True, "reason": outcome.reason, "exit": status, **outcome.final}
        final |= {"run": run, "curve_hash": single.experiment.trainer.curve_hash}
        if verdict is not None:
            final |= {"same_curve": verdict.same, "differs": list(verdict.differs)}
        print(json_line(final | {"run_string": line}), flush=True)
    else:
        print(outcome.text(single.experiment.config.title or single.name))
        if verdict is not None:
            print(verdict.text)
        number = "" if run is None else f"kept as run {run}; "
        print(f"{number}`tuinn train` with this line repeats it:\n{line}")
    if verdict is not None and verdict.same is not True and options.json:
        say(verdict.text)
    outcome.explain(options.checkpoint, run)
    return status
