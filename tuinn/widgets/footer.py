"""The keys of the moment, each of which can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

GAP = "   "


class Key(NamedTuple):
    """One key: how it is written, what it does in a word or two, and the action behind it."""

    shown: str
    label: str
    action: str
    """As a click runs it: "step", "app.quit"."""
    rank: int
    """The keys with the highest rank give way where the line is too short."""


class KeyBar(Widget):
    """``space pause   s update   …   ? help``, one line."""

    ALLOW_SELECT = False

    class Pressed(Message):
        """A key was clicked; ``action`` is what it does."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    DEFAULT_CSS = """
    KeyBar { height: 1; background: $panel; padding: 0 1; }
    """

    keys: reactive[tuple[Key, ...]] = reactive(())

    def render(self) -> Content:
        parts = [
            Content.assemble((key.shown, "bold $footer-key-foreground"), " ", key.label)
            for key in fitting(self.keys, self.size.width)
        ]
        return Content(GAP).join(parts)

    def on_click(self, event: Click) -> None:
        at = event.get_content_offset(self)
        key = self.key_at(at.x) if at else None
        if key:
            self.post_message(self.Pressed(key.action))

    def key_at(self, x: int) -> Key | None:
        """The key whose word covers the cell ``x`` of the line."""
        start = 0
        for key in fitting(self.keys, self.size.width):
            end = start + width_of(key)
            if start <= x < end:
                return key
            start = end + len(GAP)
        return None


def width_of(key: Key) -> int:
    return len(key.shown) + 1 + len(key.label)


def fitting(keys: Sequence[Key], width: int) -> list[Key]:
    """The keys that fit into ``width`` cells, in their order; the lowest ranks go first."""
    chosen: list[Key] = []
    room = width
    for key in sorted(keys, key=lambda key: key.rank):
        need = width_of(key) + (len(GAP) if chosen else 0)
        if need > room:
            continue
        room -= need
        chosen.append(key)
    return [key for key in keys if key in chosen]
