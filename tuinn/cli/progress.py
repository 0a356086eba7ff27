"""How far a run is, on stderr: a bar that is redrawn on a terminal, a line per epoch elsewhere."""

from __future__ import annotations

import os
import time
from typing import Protocol, TextIO

from engine import Snapshot
from tuinn.numbers import count, duration, percent, rate, significant

ACCURACY = "accuracy"
REDRAW = 0.1
"""Seconds between two pictures of the bar."""


class Progress(Protocol):
    every_epoch: bool
    """Whether it wants a snapshot of every epoch, however short."""

    def show(self, epoch: float, updates_per_second: float, seconds_left: float) -> None:
        """The run as it is now; called often."""

    def seen(self, snapshot: Snapshot) -> None:
        """The figures at the end of an epoch."""

    def close(self) -> None:
        """The run is over, or rests: leave the line free for other text."""


class Silent:
    every_epoch = False

    def show(self, epoch: float, updates_per_second: float, seconds_left: float) -> None:
        pass

    def seen(self, snapshot: Snapshot) -> None:
        pass

    def close(self) -> None:
        pass


class Lines:
    """One line for each epoch."""

    every_epoch = True

    def __init__(
        self, stream: TextIO, epochs: int, word: str = "epoch", quality: str = ACCURACY
    ) -> None:
        """``epochs``: how many are planned; ``word``: what the method calls one; ``quality``: what
        stands beside the loss, R² for a regression."""
        self._stream, self._epochs = stream, epochs
        self._word, self._quality = word, quality

    def show(self, epoch: float, updates_per_second: float, seconds_left: float) -> None:
        pass

    def seen(self, snapshot: Snapshot) -> None:
        searched = f"{search}; " if (search := searching(snapshot)) else ""
        text = f"{searched}{figures(snapshot, self._quality)}"
        line = f"{self._word} {snapshot.epoch:g}/{self._epochs}  {text}"
        print(line, file=self._stream, flush=True)

    def close(self) -> None:
        pass


class Bar:
    """One line, drawn over and over."""

    every_epoch = False

    def __init__(
        self, stream: TextIO, epochs: int, word: str = "epoch", quality: str = ACCURACY
    ) -> None:
        """``epochs``: how many are planned; ``word``: what the method calls one; ``quality``: what
        stands beside the loss, R² for a regression."""
        self._stream, self._epochs = stream, epochs
        self._word, self._quality = word, quality
        self._figures: tuple[str, ...] = ()
        self._next = 0.0
        encoding = stream.encoding or "ascii"
        try:
            "━╸─".encode(encoding)
            self._full, self._half, self._empty = "━", "╸", "─"
        except UnicodeEncodeError:
            self._full, self._half, self._empty = "#", "#", "-"

    def show(self, epoch: float, updates_per_second: float, seconds_left: float) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + REDRAW
        try:
            columns = os.get_terminal_size(self._stream.fileno()).columns or 80
        except OSError:
            columns = 80
        line = self.line(columns - 1, epoch, updates_per_second, seconds_left)
        self._write(f"\r{line}\x1b[K")

    def line(
        self, columns: int, epoch: float, updates_per_second: float, seconds_left: float
    ) -> str:
        """The bar in at most ``columns`` columns; what is least needed goes first."""
        share = min(epoch / self._epochs, 1.0)
        head = f"{self._word} {int(epoch)}/{self._epochs} "
        parts = [
            f" {percent(share)}",
            f"  {duration(seconds_left)} left",
            *(f"  {text}" for text in self._figures),
            f"  {rate(updates_per_second)} upd/s",
        ]
        while parts and len(head) + sum(map(len, parts)) + 10 > columns:
            parts.pop()
        width = max(0, min(40, columns - len(head) - sum(map(len, parts))))
        return (head + self._drawn(share, width) + "".join(parts))[:columns]

    def _drawn(self, share: float, width: int) -> str:
        halves = int(share * width * 2)
        full, half = divmod(halves, 2)
        return self._full * full + self._half * half + self._empty * (width - full - half)

    def seen(self, snapshot: Snapshot) -> None:
        texts = (
            searching(snapshot, short=True),
            figures(snapshot, self._quality, short=True),
        )
        self._figures = tuple(text for text in texts if text)

    def close(self) -> None:
        self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def figures(snapshot: Snapshot, quality: str = ACCURACY, short: bool = False) -> str:
    """Losses and accuracies (or what `quality` names) in words; ``short``: those of validation
    only, where there is one."""
    train = pair(snapshot.train_loss, snapshot.train_accuracy, quality)
    if snapshot.validation_loss is None or snapshot.validation_accuracy is None:
        return train if short else f"train {train}"
    validation = pair(snapshot.validation_loss, snapshot.validation_accuracy, quality)
    return f"val. {validation}" if short else f"train {train}; validation {validation}"


def searching(snapshot: Snapshot, short: bool = False) -> str:
    """How far a search has come: evaluations and the best cost; empty for other methods."""
    if snapshot.search is None:
        return ""
    unit = "eval." if short else f"evaluation{'' if snapshot.evaluations == 1 else 's'}"
    best = f"best {'' if short else 'cost '}{significant(snapshot.search.best)}"
    return f"{count(snapshot.evaluations)} {unit}, {best}"


def pair(loss: float, accuracy: float, quality: str = ACCURACY) -> str:
    """A loss and an accuracy, or an R² where `quality` says so."""
    return f"loss {significant(loss)}, {quality} {accuracy:.4f}"


def made(snapshot: Snapshot) -> str:
    """ "1 740 updates"; of a method that needs more evaluations than updates these, too."""
    n, evaluations = snapshot.update, snapshot.evaluations
    text = f"{count(n)} update{'' if n == 1 else 's'}"
    return text if evaluations <= n else f"{text}, {count(evaluations)} evaluations"


def speed(snapshot: Snapshot) -> str:
    """ "24.3 k a second": updates, or evaluations where a method makes many in one update."""
    made = max(snapshot.update, snapshot.evaluations)
    return f"{rate(made / snapshot.seconds) if snapshot.seconds else '0'} a second"
