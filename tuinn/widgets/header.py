"""The two lines at the top: what is open and how it goes; how far the run is."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tuinn.widgets.numbers import count, duration, percent, rate

STATES = {
    "loading": ("◌", "loading", "$foreground 62%"),
    "ready": ("○", "ready", "$foreground 62%"),
    "training": ("●", "training", "$text-success"),
    "paused": ("‖", "paused", "$text-warning"),
    "finished": ("✓", "finished", "$text-primary"),
    "diverged": ("✗", "diverged", "$text-error"),
    "failed": ("✗", "failed", "$text-error"),
}
"""Sign, word and colour of every state of a runner."""


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

    @property
    def share(self) -> float:
        return min(self.epoch / self.epochs, 1.0)

    @property
    def remaining(self) -> float | None:
        """Seconds left, by the speed of now; while there is none by the mean pace so far."""
        if self.epoch <= 0:
            return None
        if self.updates_per_second:
            return max(self.planned - self.update, 0) / self.updates_per_second
        return self.seconds * (self.epochs - self.epoch) / self.epoch


class TitleBar(Widget):
    """``tuinn  Lab  …  preset  ● state``"""

    DEFAULT_CSS = """
    TitleBar { height: 1; background: $panel; padding: 0 1; }
    """

    preset = reactive("")
    title = reactive("")
    """What the preset is about; shown where there is room."""
    state = reactive("loading")
    edited = reactive(False)
    """The form differs from the preset."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place

    def render(self) -> Content:
        left = Content.assemble(("tuinn", "bold $text-primary"), "   ", (self._place, "bold"))
        sign, word, colour = STATES[self.state]
        name = f"{self.preset}{' (edited)' if self.edited else ''}"
        title = f"   {self.title}" if self.title else ""
        right = Content.assemble((name, "$foreground"), "   ", (f"{sign} {word}".ljust(10), colour))
        gap = self.size.width - left.cell_length - right.cell_length
        if gap > len(title) + 2:
            left = Content.assemble(left, (title, "$foreground 62%"))
            gap -= len(title)
        return Content.assemble(left, " " * max(gap, 2), right)


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
        epoch = f"epoch {done:>{len(total)}}/{total} "
        share = f" {percent(int(100 * progress.share + 1e-9) / 100).rjust(5)}"
        speed = progress.updates_per_second
        remaining = progress.remaining
        figures = [
            f"update {count(progress.update)}".ljust(len("update 999 999")),
            f"{rate(speed) if speed else '–'} upd/s".ljust(len("99.9 k upd/s")),
            f"{duration(progress.seconds)} gone".ljust(len("9:59 gone")),
            f"{duration(remaining) if remaining is not None else '–'} left".ljust(len("9:59 left")),
        ]
        width = self.size.width
        while figures and width - len(epoch) - len(share) - len("   ".join(figures)) - 3 < 10:
            figures.pop(0)
        right = share + "".join(f"   {figure}" for figure in figures)
        room = max(width - len(epoch) - len(right), 0)
        return Content.assemble(
            (epoch, "$foreground"), bar(progress.share, room), (right, "$foreground 62%")
        )


def bar(share: float, width: int) -> Content:
    """A bar of ``width`` cells, half a cell fine; full and empty parts differ in form too."""
    halves = round(share * width * 2)
    full, half = divmod(halves, 2)
    done = "━" * full + ("╸" if half else "")
    return Content.assemble((done, "$primary"), ("─" * (width - len(done)), "$border-blurred"))
