"""The two lines at the top: what is open and how it goes; how far the run is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tuinn.numbers import count, duration, rate

STATES = {
    "loading": ("◌", "loading", "$foreground 62%"),
    "ready": ("○", "ready", "$foreground 62%"),
    "training": ("●", "training", "$text-success"),
    "playing": ("●", "playing", "$text-success"),
    "paused": ("‖", "paused", "$text-warning"),
    "finished": ("✓", "finished", "$text-primary"),
    "ended": ("✓", "ended", "$text-primary"),
    "diverged": ("✗", "diverged", "$text-error"),
    "failed": ("✗", "failed", "$text-error"),
}
"""Sign, word and colour of every state of a runner, and of the walks over a surface."""
PLACES = ("Lab", "Surface", "Race", "Runs")
"""The screens that one goes between."""


@dataclass(frozen=True)
class Progress:
    """How far a run is; None: not known yet."""

    epoch: float = 0.0
    epochs: int = 1
    update: int = 0
    updates_per_second: float | None = None
    seconds: float = 0.0
    planned: int = 0
    """Updates of the whole run."""
    evaluations: int = 0
    budget: int | None = None
    """Evaluations after which the run ends, if not before."""
    word: str = "epoch"
    """What an epoch is called."""
    searches: bool = False
    """The method knows no gradient: its evaluations are told of, not its updates."""
    by_budget: bool = False
    """So many epochs are what the budget is about enough for; more were asked for."""
    ended: bool = False
    """Nothing is left to do, whatever part of it was done."""

    @property
    def share(self) -> float:
        spent = self.evaluations / self.budget if self.budget else 0.0
        return min(max(self.epoch / self.epochs, spent), 1.0)

    @property
    def evaluations_per_second(self) -> float | None:
        if not self.updates_per_second or not self.update:
            return None
        return self.updates_per_second * self.evaluations / self.update

    @property
    def remaining(self) -> float | None:
        """Seconds left, by the speed of now; while there is none by the mean pace so far."""
        if self.share <= 0 or self.ended:
            return None
        if self.updates_per_second:
            return max(self.planned - self.update, 0) / self.updates_per_second
        return self.seconds * (1 - self.share) / self.share


class TitleBar(Widget):
    """``tuinn  ▸Lab  Surface  …  preset  ● state``; a click on a screen's name goes there."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    TitleBar { height: 1; background: $panel; padding: 0 1; }
    """

    class Called(Message):
        """A person wants another screen."""

        def __init__(self, place: str) -> None:
            super().__init__()
            self.place = place

    preset = reactive("")
    title = reactive("")
    """What the preset is about; shown where there is room."""
    state = reactive("loading")
    edited = reactive(False)
    """The form differs from the preset."""
    unkept = reactive(False)
    """What is trained is not kept in the store."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place

    def render(self) -> Content:
        left = Content.assemble(
            ("tuinn", "bold $text-primary"),
            *(
                (f"  ▸{place}", "bold $foreground")
                if place == self._place
                else (f"   {place}", "$foreground 62%")
                for place in PLACES
            ),
        )
        sign, word, colour = STATES[self.state]
        name = f"{self.preset}{' (edited)' if self.edited else ''}"
        name += "   not kept" if self.unkept else ""
        title = f"   {self.title}" if self.title else ""
        right = Content.assemble((name, "$foreground"), "   ", (f"{sign} {word}".ljust(10), colour))
        gap = self.size.width - left.cell_length - right.cell_length
        if gap > len(title) + 2:
            left = Content.assemble(left, (title, "$foreground 62%"))
            gap -= len(title)
        return Content.assemble(left, " " * max(gap, 2), right)

    def on_click(self, event: Click) -> None:
        at = event.get_content_offset(self)
        place = place_at(at.x) if at else None
        if place and place != self._place:
            self.post_message(self.Called(place))


def place_at(x: int) -> str | None:
    """The screen whose name stands at the cell ``x`` of the title bar."""
    start = len("tuinn")
    for place in PLACES:
        end = start + 3 + len(place)
        if start < x < end:
            return place
        start = end
    return None


class ProgressLine(Widget):
    """``epoch 12/30 ━━━╸────  41 %   update 1 740   24.3 k upd/s   0:08 gone, 0:11 left``

    Every figure keeps its place: the line does not move as the numbers grow.
    """

    DEFAULT_CSS = """
    ProgressLine { height: 1; padding: 0 1; }
    """

    progress: reactive[Progress] = reactive(Progress())

    def render(self) -> Content:
        progress = self.progress
        total = str(progress.epochs)
        done = int(progress.epoch + 1e-9)
        about = "≈" if progress.by_budget else ""
        epoch = f"{progress.word} {done:>{len(total)}}/{about}{total} "
        share = f" {'done' if progress.ended else passed(progress.share):>5}"
        figures = _figures(progress)
        width = self.size.width
        for scarcest in _GIVING_WAY:
            room = width - len(epoch) - len(share) - len("   ".join(figures.values())) - 3
            if room < (_LONG_BAR if scarcest == "as many" else _LEAST_BAR):
                figures.pop(scarcest, None)
        right = share + "".join(f"   {figure}" for figure in figures.values())
        room = max(width - len(epoch) - len(right), 0)
        if progress.by_budget and room >= len(_BY_BUDGET) + _LEAST_BAR:
            epoch, room = epoch + _BY_BUDGET, room - len(_BY_BUDGET)
        return Content.assemble(
            (epoch, "$foreground"), bar(progress.share, room), (right, "$foreground 62%")
        )


_BY_BUDGET = "by the budget "
_LEAST_BAR = 10
_LONG_BAR = 40
"""What tells nothing new gives way to a bar of this length."""
_GIVING_WAY = ("as many", "eval./s", "update", "upd/s", "gone", "evaluations", "left")
"""The figures from the first to be left out to the last."""


def passed(share: float) -> str:
    """A share in [0, 1] in percent, never rounded up: "2.5 %", "99 %"."""
    value = 100 * share + 1e-9
    return f"{math.floor(10 * value) / 10:g} %" if value < 10 else f"{math.floor(value)} %"


def _figures(progress: Progress) -> dict[str, str]:
    """What stands behind the bar, each in the room that it may need."""
    remaining = math.nan if progress.remaining is None else progress.remaining
    times = {
        "gone": f"{duration(progress.seconds)} gone".ljust(len("9:59 gone")),
        "left": ("" if progress.ended else f"{duration(remaining)} left").ljust(len("9:59 left")),
    }
    speed = progress.updates_per_second
    if not progress.searches:
        return {
            # one for each update
            "as many": f"eval. {count(progress.evaluations)}".ljust(len("eval. 999 999")),
            "update": f"update {count(progress.update)}".ljust(len("update 999 999")),
            "upd/s": f"{rate(speed) if speed else '–'} upd/s".ljust(len("99.9 k upd/s")),
            **times,
        }
    of = f"/{count(progress.budget)}" if progress.budget else ""
    room = len(f"eval. {of[1:] or '999 999'}{of}")
    speed = progress.evaluations_per_second
    return {
        "evaluations": f"eval. {count(progress.evaluations)}{of}".ljust(room),
        "eval./s": f"{rate(speed) if speed else '–'} eval./s".ljust(len("99.9 k eval./s")),
        **times,
    }


def bar(share: float, width: int) -> Content:
    """A bar of ``width`` cells, half a cell fine; full and empty parts differ in form too."""
    halves = round(share * width * 2)
    full, half = divmod(halves, 2)
    done = "━" * full + ("╸" if half else "")
    return Content.assemble((done, "$primary"), ("─" * (width - len(done)), "$border-blurred"))
