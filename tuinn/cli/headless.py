"""A run without the screen: train, report, keep checkpoints, and stop when asked to."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from engine import Snapshot, Trainer
from tuinn.cli.progress import Progress
from tuinn.cli.say import say
from tuinn.config import ConfigError

if TYPE_CHECKING:
    from tuinn.cli.kept import Kept

CHUNK_SECONDS = 0.05
"""How long the run trains between two looks at signals, the bar and the clock."""
CHECKPOINT_SECONDS = 30.0


class Signals:
    """The signal that asked the run to stop, 0 while there is none.

    The first one lets the run come to a clean stop; a second ctrl+c ends it where it is.
    """

    def __init__(self) -> None:
        self.number = 0

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.number and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.number = number

    @contextmanager
    def watched(self) -> Iterator[None]:
        names = ("SIGINT", "SIGTERM", "SIGHUP")
        numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
        before = {
            number: signal.signal(number, self._note)
            for number in numbers
            if signal.getsignal(number) is not signal.SIG_IGN
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def run(
    trainer: Trainer,
    signals: Signals,
    progress: Progress,
    *,
    record: Callable[[Snapshot], None] | None,
    checkpoint: Callable[[], None] | None,
    kept: Kept | None = None,
    until: int | None = None,
) -> Snapshot:
    """Train until the run is finished, has made ``until`` updates, or ``signals`` has one; returns
    the last snapshot.

    ``record`` gets a snapshot of every epoch and of the end; ``checkpoint`` is called every
    30 seconds and at the end. Both are called for the end however the run ends. ``kept`` is handed
    the snapshots and states that it wants, and not told of the end.
    """
    pace = _Pace(trainer)
    end = math.inf if until is None else until
    wants_all = record is not None or progress.every_epoch
    last: Snapshot | None = None
    looked, cost = 0.0, 0.0
    written = time.monotonic()
    try:
        while trainer.finished is None and not signals.number and trainer.update < end:
            pace.advance(end - trainer.update)
            now = time.monotonic()
            at_end = trainer.epoch.is_integer()
            keep = kept if kept is not None and kept.due(now, at_end) else None
            show = at_end and (wants_all or now - looked >= max(0.2, 10 * cost))
            if show or keep is not None:
                last = trainer.snapshot()
                looked = time.monotonic()
                cost = looked - now
                if at_end:
                    progress.seen(last)
                if at_end and record is not None:
                    record(last)
                if keep is not None:
                    keep.take(last, cost)
                    _tell(keep.news(), progress)
            if kept is not None:
                kept.checkpoint()
            progress.show(trainer.epoch, pace.updates_per_second, pace.seconds_left)
            if checkpoint is not None and now - written >= CHECKPOINT_SECONDS:
                _try(checkpoint, progress)
                written = now
    finally:
        # first of all: whoever hung up has taken the terminal of the progress with him, and to look
        # at a large network takes longer than there may be time for
        if kept is not None:
            kept.leave()
        if checkpoint is not None:
            checkpoint()
        progress.close()
    if last is None or last.update != trainer.update:
        last = trainer.snapshot()
        if record is not None:
            record(last)
    return last


def _tell(problem: str, progress: Progress) -> None:
    """The run goes on, whatever is wrong with the store; its person should know."""
    if problem:
        progress.close()
        say(f"{problem}; the run goes on, and what is missing is written when that is possible")


def _try(checkpoint: Callable[[], None], progress: Progress) -> None:
    """A checkpoint on the way: that it cannot be written now is no reason to end the run."""
    try:
        checkpoint()
    except ConfigError as error:
        progress.close()
        say(str(error))


class _Pace:
    """Advances a trainer by as many updates as fit into a short time, and knows its speed."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._updates = 1
        self._started = trainer.seconds, trainer.update

    def advance(self, most: float) -> None:
        """Train for a short time; at most that many updates."""
        before = self._trainer.seconds
        done = self._trainer.advance(int(min(self._updates, most)))
        seconds = self._trainer.seconds - before
        if done == self._updates:
            factor = CHUNK_SECONDS / max(seconds, 1e-6)
            self._updates = max(1, int(self._updates * min(factor, 10)))

    @property
    def updates_per_second(self) -> float:
        seconds, update = self._started
        return (self._trainer.update - update) / max(self._trainer.seconds - seconds, 1e-9)

    @property
    def seconds_left(self) -> float:
        """Seconds to the last planned update, or to the limit in seconds."""
        trainer = self._trainer
        left = (trainer.planned - trainer.update) / max(self.updates_per_second, 1e-9)
        if trainer.stop.seconds is not None:
            left = min(left, trainer.stop.seconds - trainer.seconds)
        return max(left, 0.0)
