"""`tuinn train`: a run without the screen."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuinn.cli.say import say
from tuinn.config import Config, ConfigError, changed, get
from tuinn.preset import find

if TYPE_CHECKING:
    from engine import Snapshot, Trainer
    from tuinn.cli.progress import Progress
    from tuinn.experiment import Experiment

DIVERGED = 3
OF_ONE_SET = ("data.n", "data.noise", "data.features", "data.degree", "data.label")
"""Fields that a preset gives for its own set of data, and that may not suit another one."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("preset", nargs="?", metavar="PRESET", help="a preset, or a .toml file")
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
    add("--quiet", action="store_true", help="no progress on stderr")
    add("--json", action="store_true", help="one JSON object per epoch on stdout, and a final one")
    add("--csv", metavar="FILE", type=Path, help="write one row per epoch to FILE")
    add(
        "--checkpoint",
        metavar="FILE",
        type=Path,
        help="write the state to FILE: every 30 s, at the end, and when interrupted",
    )
    add("--resume", metavar="FILE", type=Path, help="go on from a checkpoint, bit for bit")


def run(options: argparse.Namespace) -> int:
    """Train as told; returns the exit status."""
    if options.preset is None and options.resume is None:
        raise ConfigError("name a PRESET, or a checkpoint to --resume; `tuinn presets` lists them")
    preset = None if options.preset is None else find(options.preset)

    from tuinn.cli import checkpoints, headless
    from tuinn.records import CsvFile, json_line
    from tuinn.experiment import build

    name = str(options.preset if preset else options.resume)
    resume = checkpoints.Resume(options.resume) if options.resume else None
    config = preset.config if preset else resume.config if resume else Config()
    config = _with_options(config, options)
    if resume is not None:
        resume.check(config)
    if options.checkpoint:
        checkpoints.check_writable(options.checkpoint)

    signals = headless.Signals()
    with signals.watched(), ExitStack() as stack:
        try:
            experiment = build(config)
        except ConfigError as error:
            raise ConfigError(f"{name}: {error}", error.field) from error
        trainer = experiment.trainer
        for warning in resume.apply(experiment) if resume is not None else ():
            say(warning)
        over = _over_already(trainer) if resume is not None else None
        first = trainer.snapshot()
        table = None
        if options.csv:
            table = stack.enter_context(CsvFile(options.csv, first, append=resume is not None))

        def record(snapshot: Snapshot) -> None:
            if options.json:
                print(json_line(snapshot.record()), flush=True)
            if table is not None:
                table.add(snapshot)

        if resume is None:
            record(first)
        last = headless.run(
            trainer,
            signals,
            _progress(options.quiet, trainer),
            record=record if (options.json or table is not None) and not over else None,
            checkpoint=(lambda: checkpoints.write(options.checkpoint, experiment))
            if options.checkpoint
            else None,
        )

    status = _status(experiment, signals.number)
    reason = over or _reason(experiment, signals.number)
    final = _final(experiment, last)
    if options.json:
        print(json_line({"final": True, "reason": reason, "exit": status, **final}), flush=True)
    else:
        # the whole reason of a divergence is told on stderr, which may be the same terminal
        end = "diverged" if status == DIVERGED else reason
        print(_result(config.title or name, end, last, final, _quality(trainer)))
    _explain(experiment, status, signals.number, options.checkpoint)
    return status


def _with_options(config: Config, options: argparse.Namespace) -> Config:
    """``config`` with the changes of the command line."""
    before = config.data.set
    changes = [("stop.epochs", options.epochs, "--epochs"), ("seed", options.seed, "--seed")]
    for text in options.changes:
        field, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(f"`--set` takes FIELD=VALUE, got {text!r}")
        changes.append((field.strip(), value, "--set"))
    # another optimiser has other fields, so it is set before them, wherever it is named
    changes.sort(key=lambda change: change[0] != "optimizer.name")
    for field, value, source in changes:
        if value is None:
            continue
        try:
            config = changed(config, field, value)
        except ConfigError as error:
            raise ConfigError(f"{source}: {error}", error.field) from None
    if config.data.set != before:
        given = {field for field, _, _ in changes}
        for field in OF_ONE_SET:
            if field not in given:
                config = changed(config, field, get(Config(), field))
    return config


def _progress(quiet: bool, trainer: Trainer) -> Progress:
    import os

    from tuinn.cli.progress import Bar, Lines, Silent
    from tuinn.experiment import planned_epochs

    if quiet or sys.stderr is None:
        return Silent()
    epochs, word = planned_epochs(trainer), trainer.optimizer.epoch_word
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return Bar(sys.stderr, epochs, word, _quality(trainer))
    return Lines(sys.stderr, epochs, word, _quality(trainer))


def _quality(trainer: Trainer) -> str:
    """What the accuracies of the run are called."""
    return "R²" if trainer.split.train.labels is None else "accuracy"


def _status(experiment: Experiment, signal_number: int) -> int:
    if experiment.trainer.diverged is not None:
        return DIVERGED
    return 0 if experiment.trainer.finished is not None else 128 + signal_number


def _over_already(trainer: Trainer) -> str | None:
    """Why a checkpoint that was just loaded leaves nothing to do; None: it goes on."""
    if trainer.finished is None or trainer.diverged is not None:
        return None
    asked = trainer.stop.epochs
    why = f"{asked} asked for" if trainer.epoch >= asked else trainer.finished
    place = f"{trainer.optimizer.epoch_word} {trainer.epoch:.4g}"
    return f"nothing done: the checkpoint is at {place} already ({why})"


def _reason(experiment: Experiment, signal_number: int) -> str:
    import signal

    if experiment.trainer.finished is not None:
        return experiment.trainer.finished
    return f"interrupted by {signal.Signals(signal_number).name}"


def _final(experiment: Experiment, last: Snapshot) -> dict[str, Any]:
    """The last figures, and those of the test set where there is one."""
    from engine.evaluation import evaluate

    figures = last.record()
    del figures["layers"]
    trainer, test = experiment.trainer, experiment.split.test
    if len(test.X) and trainer.diverged is None:
        loss, accuracy = evaluate(trainer.network, trainer.theta, test, trainer.cost)
        figures |= {"test_loss": loss, "test_accuracy": accuracy}
    return figures


def _result(title: str, reason: str, last: Snapshot, final: dict[str, Any], quality: str) -> str:
    """The end of the run in three lines."""
    from tuinn.cli.progress import figures, made, pair, speed
    from tuinn.widgets.numbers import significant

    text = figures(last, quality)
    if "test_loss" in final:
        text += f"; test {pair(final['test_loss'], final['test_accuracy'], quality)}"
    return (
        f"{title}: {reason}\n{text}\n{made(last)} in {significant(last.seconds)} s, {speed(last)}"
    )


def _explain(
    experiment: Experiment, status: int, signal_number: int, checkpoint: Path | None
) -> None:
    """What a person should know about a run that did not come to its planned end."""
    diverged = experiment.trainer.diverged
    if diverged is not None:
        say(f"diverged: {diverged}")
    elif status:
        where = f"{experiment.trainer.optimizer.epoch_word} {experiment.trainer.epoch:.4g}"
        kept = f"; `tuinn train --resume {checkpoint}` goes on from there" if checkpoint else ""
        say(f"{_reason(experiment, signal_number)} at {where}{kept}")
