"""The line under the title of the Surface screen: how far, how fast, and who is lowest."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tuinn.numbers import count, significant


@dataclass(frozen=True)
class Pace:
    """What the line says."""

    update: int = 0
    """Updates of the walk that made most."""
    evaluations: int = 0
    """Of all walks together."""
    speed: float = 1.0
    updates_per_second: float = 20.0
    evaluations_per_second: float = 120.0
    seed: int = 0
    lowest: str = ""
    """The optimiser of the least cost now; "" where several share it."""
    least: float | None = None
    """None: nobody leads yet."""


class PaceLine(Widget):
    """``speed 2×   40 updates/s, searches 240 eval./s   update 120 …   lowest: adam 0.013``"""

    DEFAULT_CSS = """
    PaceLine { height: 1; padding: 0 1; }
    """

    pace: reactive[Pace] = reactive(Pace())

    def render(self) -> Content:
        pace = self.pace
        speed = f"speed {pace.speed:g}×".ljust(len("speed 0.1×"))
        how = (
            f"{pace.updates_per_second:g} updates/s, "
            f"searches {pace.evaluations_per_second:g} evaluations/s"
        ).ljust(len("200 updates/s, searches 1200 evaluations/s"))
        done = f"update {count(pace.update)}".ljust(len("update 99 999"))
        asked = f"{count(pace.evaluations)} evaluations".ljust(len("999 999 evaluations"))
        seed = f"seed {pace.seed}".ljust(len("seed 00"))
        who = f"{pace.lowest} " if pace.lowest else ""
        lowest = "" if pace.least is None else f"lowest: {who}{significant(pace.least)}"
        parts = [(speed, "$foreground"), (how, ""), (done, ""), (asked, ""), (seed, "")]
        width = self.size.width - len(lowest)
        # the first to go is what can be read elsewhere
        for given_up in (asked, seed, how):
            if sum(len(text) + 3 for text, _ in parts) > width:
                parts = [part for part in parts if part[0] != given_up]
        left = Content("   ").join(
            [Content.styled(text, style or "$foreground 62%") for text, style in parts]
        )
        gap = max(self.size.width - left.cell_length - len(lowest), 1)
        return Content.assemble(left, " " * gap, (lowest, "$foreground 62%"))
