"""What is said of runs of the store where they are offered, opened, or left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuinn.environment import environment
from tuinn.numbers import count, significant
from tuinn.store import StoredRun

if TYPE_CHECKING:
    from tuinn.screens.session import Session


def offered(run: StoredRun, now: float) -> str:
    """ "digits (run 12): ended by SIGHUP at epoch 12.3 of 30, 3 minutes ago"."""
    why = run.reason or "its program ended without a word"
    epochs = run.now.stop.epochs
    ago = since(now - (run.ended or run.started))
    return f"{run.name} (run {run.id}): {why}, at epoch {run.epoch:.3g} of {count(epochs)}, {ago}"


def since(seconds: float) -> str:
    """ "3 minutes ago"."""
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        number = int(seconds // size)
        if number:
            return f"{number} {unit}{'' if number == 1 else 's'} ago"
    return "just now"


def told_of(run: StoredRun, *, copied: bool) -> str:
    """What is said where a run of the store is opened."""
    if copied:
        place = f"update {count(run.curve_update)}"
        return f"A copy of run {run.id} at {place}: the run itself goes on elsewhere."
    place = f"update {count(run.update)}"
    loss = run.train_loss if run.validation_loss is None else run.validation_loss
    text = f"Run {run.id} at {place}, loss {significant(loss)}"
    if not run.resumable:
        return f"{text}: {run.reason or run.status}."
    differs = ", ".join(run.environment.differs(environment()))
    others = f" Its last bits may differ: {differs}." if differs else ""
    return f"{text}. space goes on.{others}"


def left_behind(session: Session) -> str:
    """ "Run 7 was stopped." where another takes the place of one that trains; else empty."""
    if session.status != "training":
        return ""
    run = session.runner.run_id
    return "The run that was here was stopped." if run is None else f"Run {run} was stopped."
