"""The message line above the footer: what is going on in plain words, and what to press."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

from textual.content import Content
from textual.geometry import Size
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
    brief: str = ""
    """What it says where there is no room for the text; empty: as much of the text as there is."""


class StatusLine(Widget):
    """One sentence; where it does not fit it takes a second line, and then it is cut at a word."""

    DEFAULT_CSS = """
    StatusLine { height: auto; max-height: 3; min-height: 1; padding: 0 1; }
    """

    sentence: reactive[Sentence] = reactive(Sentence(""), layout=True)

    def render(self) -> Content:
        sign, colour = SIGNS[self.sentence.level]
        style = "$foreground" if self.sentence.level == "error" else "$foreground 85%"
        first, *rest = self._lines(self.size.width)
        text = "\n".join((first[len(self._prefix) :], *rest))
        return Content.assemble((f"{sign} " if self._prefix else "", colour), (text, style))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    @property
    def _prefix(self) -> str:
        sign = SIGNS[self.sentence.level][0].strip()
        return f"{sign} " if sign else ""

    @property
    def _most(self) -> int:
        """Lines that there may be."""
        limit = self.styles.max_height if self.styles.is_auto_height else self.styles.height
        return int(limit.value) if limit is not None else 1

    def _lines(self, width: int) -> list[str]:
        """The sentence in lines of so many cells, its sign before it."""
        brief = self.sentence.brief or self.sentence.text
        most = self._most
        for text in (self.sentence.text, brief):
            lines = textwrap.wrap(self._prefix + text, max(width, 1), break_on_hyphens=False)
            if len(lines) <= most:
                return lines or [""]
        return textwrap.wrap(
            self._prefix + brief,
            max(width, 2),
            max_lines=max(most, 1),
            placeholder=" …",
            break_on_hyphens=False,
        )
