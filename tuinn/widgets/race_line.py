"""The line under the title of the Race screen: how far every run is."""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tuinn.short_names import short_names
from tuinn.widgets.header import STATES, bar, passed

_LEAST_BAR = 4
_LEAST_NAME, _LONGEST_NAME = 5, 24
_GAP = "   "
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
    ALLOW_SELECT = False

    class Chosen(Message):
        """A click on a run: it is to have the focus."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def render(self) -> Content:
        parts, counts = self._parts(), self.counts
        if not parts:
            return Content(counts)
        left = Content(_GAP).join(parts)
        gap = max(self.size.width - left.cell_length - len(counts), 1)
        return Content.assemble(left, " " * gap, (counts, "$foreground 62%"))

    def _parts(self) -> list[Content]:
        """What is said of each run; nothing where there is no room."""
        runs, counts = self.runs, self.counts
        room = self.size.width - (len(counts) + 3 if counts else 0)
        if not runs or room < 10:
            return []
        each = (room + len(_GAP)) // len(runs) - len(_GAP)
        room = max(min(each - _BESIDE, _LONGEST_NAME), 1)
        names = short_names([run.name for run in runs], room)
        if max(len(run.name) for run in runs) > room and room < _LEAST_NAME:
            names = [""] * len(runs)
        return [_part(run, name, each) for run, name in zip(runs, names, strict=True)]

    def on_click(self, event: Click) -> None:
        at = event.get_content_offset(self)
        left = 0
        for run, part in zip(self.runs, self._parts(), strict=False):
            if at is not None and left <= at.x < left + part.cell_length:
                self.post_message(self.Chosen(run.number - 1))
            left += part.cell_length + len(_GAP)


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
