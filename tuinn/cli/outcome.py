"""How a headless run ended: its exit status, its last figures, and the words for them."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuinn.cli.progress import figures, made, pair, speed
from tuinn.cli.say import say
from tuinn.numbers import significant

if TYPE_CHECKING:
    from engine import Snapshot, Trainer
    from tuinn.experiment import Experiment
    from tuinn.store import Status

DIVERGED = 3


def quality(trainer: Trainer) -> str:
    """What the accuracies of the run are called."""
    return "R²" if trainer.split.train.labels is None else "accuracy"


def over_already(trainer: Trainer) -> str | None:
    """Why a checkpoint that was just loaded leaves nothing to do; None: it goes on."""
    if trainer.finished is None or trainer.diverged is not None:
        return None
    asked = trainer.stop.epochs
    why = f"{asked} asked for" if trainer.epoch >= asked else trainer.finished
    place = f"{trainer.optimizer.epoch_word} {trainer.epoch:.4g}"
    return f"nothing done: the checkpoint is at {place} already ({why})"


@dataclass(frozen=True)
class Outcome:
    """The end of a run."""

    experiment: Experiment
    last: Snapshot
    signal: int
    """The one that asked it to stop; 0: none did."""
    nothing_done: str | None = None
    """Why there was nothing to do."""

    @property
    def exit(self) -> int:
        """The exit status: 0, 3 where it diverged, 128 + the signal that cut it off."""
        if self.experiment.trainer.diverged is not None:
            return DIVERGED
        return 0 if self._done or not self.signal else 128 + self.signal

    @property
    def cut_off(self) -> bool:
        """A signal ended it before its end."""
        return bool(self.signal) and self._done is None

    @property
    def _done(self) -> str | None:
        return self.experiment.trainer.finished

    @property
    def status(self) -> Status:
        """What the store calls it. ctrl+c is a person who leaves; other signals cut it off."""
        if self.experiment.trainer.diverged is not None:
            return "diverged"
        if self._done is not None:
            return "finished"
        return "stopped" if self.signal in (0, signal.SIGINT) else "interrupted"

    @property
    def reason(self) -> str:
        """Why it ended, in a sentence."""
        if self.nothing_done or self._done:
            return self.nothing_done or self._done or ""
        if self.signal:
            return f"interrupted by {signal.Signals(self.signal).name}"
        return f"repeated up to update {self.last.update}, where the other was left"

    @cached_property
    def final(self) -> dict[str, Any]:
        """The last figures, and those of the test set where there is one."""
        from engine.evaluation import evaluate

        found = self.last.record()
        del found["layers"]
        trainer, test = self.experiment.trainer, self.experiment.split.test
        if len(test.X) and trainer.diverged is None:
            loss, accuracy = evaluate(trainer.network, trainer.theta, test, trainer.cost)
            found |= {"test_loss": loss, "test_accuracy": accuracy}
        return found

    def text(self, title: str) -> str:
        """The end in three lines. Why it diverged is left to stderr, which may be the same
        terminal."""
        kind = quality(self.experiment.trainer)
        shown = figures(self.last, kind)
        if "test_loss" in self.final:
            test = pair(self.final["test_loss"], self.final["test_accuracy"], kind)
            shown += f"; test {test}"
        end = "diverged" if self.exit == DIVERGED else self.reason
        seconds = significant(self.last.seconds)
        return f"{title}: {end}\n{shown}\n{made(self.last)} in {seconds} s, {speed(self.last)}"

    def explain(self, checkpoint: Path | None, run: int | None) -> None:
        """What a person should know about a run that did not come to its planned end, on stderr:
        how it goes on from the ``checkpoint``, or from its state in the store."""
        trainer = self.experiment.trainer
        if trainer.diverged is not None:
            say(f"diverged: {trainer.diverged}")
        elif self.exit:
            where = f"{trainer.optimizer.epoch_word} {trainer.epoch:.4g}"
            kept = checkpoint if checkpoint is not None else run
            how = f"; `tuinn train --resume {kept}` goes on from there" if kept else ""
            say(f"{self.reason} at {where}{how}")
