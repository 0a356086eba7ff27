"""When a run ends."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(slots=True)
class Patience:
    """The memory of early stopping: the best loss so far and the epochs since."""

    best_loss: float = math.inf
    epochs_since: int = 0

    def see(self, loss: float) -> None:
        if loss < self.best_loss:
            self.best_loss, self.epochs_since = loss, 0
        else:
            self.epochs_since += 1


@dataclass(frozen=True, slots=True)
class Stop:
    """The conditions; the first that holds ends the run. All but `seconds` and `evaluations` are
    checked at the end of an epoch; only `seconds` makes a run's length depend on the machine.

    Loss and accuracy are those of the validation set, or of the training set where there is none.
    """

    epochs: int = 30
    target_loss: float | None = None
    target_accuracy: float | None = None
    seconds: float | None = None
    patience: int | None = None
    """Early stopping: epochs in a row without a loss below the best one so far."""
    evaluations: int | None = None
    """Budget of costs and gradients, one gradient counting as one; an update that is begun is
    finished, so a population may go beyond it by less than its size."""

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise ValueError(f"`stop.epochs` must be ≥ 1; got {self.epochs}")
        if self.seconds is not None and not self.seconds > 0:
            raise ValueError(f"`stop.seconds` must be > 0; got {self.seconds}")
        if self.patience is not None and self.patience < 1:
            raise ValueError(f"`stop.patience` must be ≥ 1; got {self.patience}")
        if self.evaluations is not None and self.evaluations < 1:
            raise ValueError(f"`stop.evaluations` must be ≥ 1; got {self.evaluations}")

    @property
    def needs_evaluation(self) -> bool:
        """Whether loss and accuracy must be known at the end of every epoch."""
        return any(
            condition is not None
            for condition in (self.target_loss, self.target_accuracy, self.patience)
        )

    def passed(
        self, epochs: int, seconds: float, evaluations: int = 0, epoch_word: str = "epoch"
    ) -> str | None:
        """Why a run of that length ends, in a sentence; None: it goes on.

        ``epoch_word``: what the method calls an epoch.
        """
        if self.evaluations is not None and evaluations >= self.evaluations:
            return f"the budget of {_counted(self.evaluations, 'evaluation')} is spent"
        if epochs >= self.epochs:
            return f"{_counted(self.epochs, epoch_word)} done"
        if self.seconds is not None and seconds >= self.seconds:
            verb = "is" if self.seconds == 1 else "are"
            return f"{_counted(self.seconds, 'second')} of training {verb} over"
        return None

    def reached(self, loss: float, accuracy: float, patience: Patience) -> str | None:
        """Why a run with these figures ends after this epoch, in a sentence; None: it goes on."""
        if self.target_loss is not None and loss <= self.target_loss:
            return f"target loss {self.target_loss:g} reached: {loss:.3g}"
        if self.target_accuracy is not None and accuracy >= self.target_accuracy:
            beyond = f": {accuracy:.3g}" if accuracy > self.target_accuracy else ""
            return f"target accuracy {self.target_accuracy:g} reached{beyond}"
        if self.patience is not None and patience.epochs_since >= self.patience:
            best = patience.best_loss
            return f"no better loss for {_counted(self.patience, 'epoch')}; the best was {best:.3g}"
        return None


def _counted(n: float, unit: str) -> str:
    """ "1 epoch", "30 epochs"."""
    number = n if isinstance(n, int) else f"{n:g}"
    return f"{number} {unit}{'' if n == 1 else 's'}"
