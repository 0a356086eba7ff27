"""Run strings on the command line: a run that is repeated, and whether it came out the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tuinn.config import Config
from tuinn.environment import environment
from tuinn.fingerprint import fingerprint
from tuinn.preset import Preset
from tuinn.run_string import RunString, decode, encode

if TYPE_CHECKING:
    from engine import Trainer
    from tuinn.experiment import Experiment

ANOTHER = 4
"""The exit status of a repeated run whose curve is another."""


def preset_of(text: str) -> Preset:
    """The run of a run string as a preset; `ConfigError` where it cannot be read."""
    said = decode(text)
    return Preset(said.name or "repeat", said.config, Path(), own=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a run that was repeated."""

    same: bool | None
    """Whether its curve is the same, bit for bit; None: there is nothing to compare."""
    text: str
    differs: tuple[str, ...] = ()
    """What differs of all that the last bits depend on: "numpy (2.4.6 there, 2.3.1 here)"."""


class Repeat:
    """A run that is said to come out as a run string says."""

    def __init__(self, text: str) -> None:
        """`ConfigError` where it cannot be read."""
        self._said = decode(text)
        self._asked_otherwise = False

    def begin(self, trainer: Trainer, config: Config) -> int | None:
        """Make ready for the run of ``config``; returns the update to which it is to be trained,
        None: to its end.

        What ended the other by the clock ends this one by the update, since it may be slower.
        """
        self._asked_otherwise = config != self._said.config
        if not self._said.curve_hash or self._asked_otherwise:
            return None
        trainer.change(stop=replace(trainer.stop, seconds=None))
        return self._said.update

    def verdict(self, experiment: Experiment) -> Verdict:
        """Whether the run as it is now is the other one; what differs where it is not."""
        there, trainer = self._said, experiment.trainer
        if self._asked_otherwise:
            return Verdict(None, "not compared: the options make it another run")
        if not there.curve_hash:
            return Verdict(
                None, "not compared: the run string has no hash, as that of a run that was changed"
            )
        differs = there.environment.differs(environment())
        data = fingerprint(experiment)
        if there.data_hash and there.data_hash != data:
            differs.append(f"data (checksum {there.data_hash} there, {data} here)")
        here = trainer.curve_hash
        if here == there.curve_hash:
            though = f", though {_and(differs)} {_verb(differs)}" if differs else ""
            return Verdict(True, f"the curve is the same (hash {here}){though}", tuple(differs))
        why = f"what differs: {_and(differs)}"
        if not differs:
            why = "nothing differs that is known to matter: numpy, CPU kernel, threads, data"
        text = f"the curve is another (hash {there.curve_hash} there, {here} here); {why}"
        return Verdict(False, text, tuple(differs))


def exit_status(verdict: Verdict | None, otherwise: int) -> int:
    """0 where the curve is the same, 4 where it is another; `otherwise` where that is not known."""
    if verdict is None or verdict.same is None:
        return otherwise
    return 0 if verdict.same else ANOTHER


def run_string(experiment: Experiment, began: Config, name: str, *, changed: bool) -> str:
    """The line that repeats the run as it is now; ``began``: what it followed from its beginning,
    unless it was ``changed``: it is then repeated without a comparison."""
    trainer = experiment.trainer
    return encode(
        RunString(
            config=began,
            environment=environment(),
            curve_hash="" if changed else trainer.curve_hash,
            data_hash=fingerprint(experiment),
            update=0 if changed else trainer.update,
            name=name,
        )
    )


def _verb(parts: list[str]) -> str:
    return "differs" if len(parts) == 1 else "differ"


def _and(parts: list[str]) -> str:
    """ "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
