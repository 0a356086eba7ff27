"""The line under the title of the Race screen: how far every run is."""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tuinn.short_names import short_names
from tuinn.widgets.header import STATES, bar, passed

_LEAST_BAR = 4
_LEAST_NAME, _LONGEST_NAME = 5, 24
_BESIDE = len("1 ") + len(" ● ") + _LEAST_BAR + len(" 9.9 %")
"""Cells of a run beside its name."""


class Far(NamedTuple):
    """How far a run is."""

    number: int
    name: str
    state: str
    """Of `STATES`, or another word."""
    share: float
    """In [0, 1]."""
    word: str = ""
    """What is said in place of the share: "done"."""


class RaceLine(Widget):
    """``1 batch ● ━━━━━━╸──── 41 %   2 mini-batch ● ━━━━…   ● 2 of 3``"""

    DEFAULT_CSS = """
    RaceLine { height: 1; padding: 0 1; }
    """

    runs: reactive[tuple[Far, ...]] = reactive(())
    counts: reactive[str] = reactive("")

    def render(self) -> Content:
        runs, counts = self.runs, self.counts
        room = self.size.width - (len(counts) + 3 if counts else 0)
        if not runs or room < 10:
            return Content(counts)
        each = (room + 3) // len(runs) - 3
        room = max(min(each - _BESIDE, _LONGEST_NAME), 1)
        names = short_names([run.name for run in runs], room)
        if max(len(run.name) for run in runs) > room and room < _LEAST_NAME:
            names = [""] * len(runs)
        parts = [_part(run, name, each) for run, name in zip(runs, names, strict=True)]
        left = Content("   ").join(parts)
        gap = max(self.size.width - left.cell_length - len(counts), 1)
        return Content.assemble(left, " " * gap, (counts, "$foreground 62%"))


def _part(run: Far, name: str, width: int) -> Content:
    sign, _, colour = STATES.get(run.state, ("·", "", "$foreground 62%"))
    share = f" {run.word or passed(run.share):>5}"
    head = f"{run.number} {name} " if name else f"{run.number} "
    room = width - len(head) - len(sign) - 1
    tail = share if room - len(share) >= _LEAST_BAR else ""
    return Content.assemble(
        (head, "$foreground"),
        (sign, colour),
        " ",
        bar(run.share, max(room - len(tail), 0)),
        (tail, "$foreground 62%"),
    )
