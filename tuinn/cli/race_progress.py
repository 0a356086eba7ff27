"""How far several runs are, on stderr: a line for each that is trained, and one for each end."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, TextIO

from tuinn.cli.progress import REDRAW, Bar, figures

if TYPE_CHECKING:
    from tuinn.race.lane import Lane
    from tuinn.race.race import Race


class RaceProgress:
    """Tells of the runs of a race as they are.

    On a terminal the lines of the runs that train are drawn over and over below those that have
    ended; elsewhere there are only the ends.
    """

    def __init__(self, race: Race, stream: TextIO | None) -> None:
        """``stream``: None: say nothing."""
        self._race, self._stream = race, stream
        self._redraws = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
        self._ended: set[Lane] = set()
        self._drawn = 0
        """Lines that are to be drawn over."""
        self._next = 0.0

    def show(self) -> None:
        """The runs as they are now; called often."""
        if self._stream is None:
            return
        ends = [(name, lane) for name, lane in self._lanes() if lane.ended]
        news = [(name, lane) for name, lane in ends if lane not in self._ended]
        self._ended.update(lane for _, lane in news)
        now = time.monotonic()
        if not news and (not self._redraws or now < self._next):
            return
        self._next = now + REDRAW
        lines = [_end(name, lane) for name, lane in news]
        going = self._going() if self._redraws else []
        self._write("".join(f"{line}\n" for line in [*lines, *going]))
        self._drawn = len(going)

    def close(self) -> None:
        """The runs are over, or rest: leave the lines free for other text."""
        if self._stream is not None and self._drawn:
            self._write("")
            self._drawn = 0

    def _write(self, text: str) -> None:
        assert self._stream is not None
        over = f"\x1b[{self._drawn}F\x1b[J" if self._drawn else ""
        self._stream.write(over + text)
        self._stream.flush()

    def _lanes(self) -> list[tuple[str, Lane]]:
        """Each run by its name, round by seed."""
        names = {id(lane): one.name for one in self._race.racers for lane in one.lanes}
        return [(self._named(names[id(lane)], lane), lane) for lane in self._race.lanes]

    def _named(self, name: str, lane: Lane) -> str:
        return f"{name}, seed {lane.seed}" if self._race.seeds > 1 else name

    def _going(self) -> list[str]:
        assert self._stream is not None
        try:
            size = os.get_terminal_size(self._stream.fileno())
        except OSError:
            size = os.terminal_size((80, 24))
        columns, rows = size.columns or 80, size.lines or 24
        going = [(name, lane) for name, lane in self._lanes() if lane.going and lane.facts]
        # what is longer than the screen cannot be drawn over
        going = going[: rows - 2]
        width = min(max((len(name) for name, _ in going), default=0), columns // 3)
        return [
            f"{name[:width]:<{width}}  {_bar(lane, self._stream, columns - width - 3)}"
            for name, lane in going
        ]


def _bar(lane: Lane, stream: TextIO, columns: int) -> str:
    facts, report, last = lane.facts, lane.report, lane.history.last
    assert facts is not None
    bar = Bar(stream, facts.planned_epochs, facts.epoch_word, _quality(lane))
    if last is not None:
        bar.seen(last)
    left = max(facts.planned_updates - report.update, 0) / max(report.updates_per_second, 1e-9)
    return bar.line(columns, report.epoch, report.updates_per_second, left)


def _end(name: str, lane: Lane) -> str:
    """ "batch: 30 epochs done; train loss 0.412, accuracy 0.8710"."""
    last, report = lane.history.last, lane.report
    text = f"{name}: {report.message or report.status}"
    return text if last is None or not last.update else f"{text}; {figures(last, _quality(lane))}"


def _quality(lane: Lane) -> str:
    """What the accuracies of the run are called."""
    return "R²" if lane.regression else "accuracy"
