"""A single headless run at its start: what is trained, and from where."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

from tuinn.cli import checkpoints
from tuinn.cli.checkpoints import Resume
from tuinn.cli.kept import Kept, folder_of, refused_clearly
from tuinn.cli.options import with_options
from tuinn.cli.outcome import over_already
from tuinn.cli.say import say
from tuinn.config import Config, ConfigError
from tuinn.experiment import Experiment, build
from tuinn.mark import Mark
from tuinn.preset import Preset


@dataclass(frozen=True, slots=True)
class Single:
    """What is trained, from its first update or from a checkpoint on."""

    name: str
    """Of the preset; "" where that is not known."""
    experiment: Experiment
    began: Config
    """What the run followed from its first update; how it is to end may be told anew."""
    folder: str
    """Where relative paths of its data begin."""
    resume: Resume | None = None
    mark: Mark | None = None
    """What is not as it was before, where it goes on."""
    over: str | None = None
    """Why there is nothing to do."""

    @property
    def changed(self) -> bool:
        """It did not follow one configuration all the time."""
        earlier = self.resume is not None and self.resume.changed
        return earlier or self.mark is not None

    def keep(self, kept: Kept) -> None:
        """Begin to keep it, or go on with it under its own id."""
        if self.over:
            return
        run = self.resume.run if self.resume else None
        kept.begin(replace(self.experiment, config=self.began), self.name, self.folder, run)
        if self.resume is not None and self.experiment.config != self.resume.config:
            kept.changed(self.experiment, self.mark)

    def write(self, path: Path) -> None:
        """Write its state to a file; `ConfigError`."""
        checkpoints.write(path, self.experiment, self.name, self.changed)


def prepared(options: argparse.Namespace, preset: Preset | None, called: str) -> Single:
    """What the options of `tuinn train` ask for, built, and put where it is resumed; ``called``:
    what messages call the configuration.

    Raises `ConfigError`; what a person should know beside is said on stderr.
    """
    resume = None if options.resume is None else _resume(options.resume)
    config = preset.config if preset else resume.config if resume else Config()
    config = with_options(config, options)
    if resume is not None:
        resume.check(config)
    if options.checkpoint:
        checkpoints.check_writable(options.checkpoint)
    folder = resume.folder if resume else ""
    try:
        experiment = build(config, folder or None)
    except ConfigError as error:
        raise ConfigError(f"{called}: {error}", error.field) from error
    folder = folder or folder_of(experiment)
    name = preset.name if preset else resume.name if resume else ""
    if resume is None:
        return Single(name, experiment, config, folder)
    warnings, mark = resume.apply(experiment)
    for warning in warnings:
        say(warning)
    began = resume.began(config)
    over = over_already(experiment.trainer)
    return Single(name, experiment, began, folder, resume, mark, over)


def _resume(text: str) -> Resume:
    """The state of the run of that number, or in the file of that name; `ConfigError`."""
    if not text.isdecimal():
        return Resume.of_file(Path(text))
    from tuinn.store import Store

    with refused_clearly(""):
        store = Store(read_only=True)
        try:
            run = store.run(int(text))
            arrays = store.checkpoint(run.id)
        finally:
            store.close()
    if run.owner_pid is not None:
        raise ConfigError(
            f"run {run.id} is being trained by another process ({run.owner_pid}): end that first"
        )
    if arrays is None:
        raise ConfigError(f"run {run.id} cannot go on: there is no checkpoint of it")
    return Resume.of_run(run, arrays)
