"""The message line above the footer: what is going on in plain words, and what to press."""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

SIGNS = {
    "info": (" ", "$foreground 62%"),
    "hint": ("▲", "$text-warning"),
    "error": ("✗", "$text-error"),
}


class Sentence(NamedTuple):
    """What the line says, and how much it matters: "info", "hint" or "error"."""

    text: str
    level: str = "info"


class StatusLine(Widget):
    """One sentence; where it does not fit it takes a second line."""

    DEFAULT_CSS = """
    StatusLine { height: auto; max-height: 3; min-height: 1; padding: 0 1; }
    """

    sentence: reactive[Sentence] = reactive(Sentence(""), layout=True)

    def render(self) -> Content:
        sign, colour = SIGNS[self.sentence.level]
        style = "$foreground" if self.sentence.level == "error" else "$foreground 85%"
        prefix = Content.styled(f"{sign} ", colour) if sign.strip() else Content("")
        return Content.assemble(prefix, (self.sentence.text, style))
