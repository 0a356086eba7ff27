"""Keys that are pressed before the screen that they are meant for is there."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from textual.app import App
from textual.events import Key
from textual.screen import Screen
from textual.widget import Widget


class TypedAhead:
    """Keeps such keys, in their order, until the new screen has its focus.

    A key is sent to what has the focus and comes back to the app, which looks for what it does on
    the screen of that moment. Between the two another key may have opened a screen, or given the
    focus to a field: then the key was sent to the wrong place, and must be sent again.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._sent: WeakKeyDictionary[Key, tuple[Screen[Any], Widget | None]] = WeakKeyDictionary()
        """Where keys have gone that may still come back."""
        self._kept: list[Key] = []

    def keeps(self, key: Key) -> bool:
        """Whether the app is to leave this key, of the terminal or come back, to be sent later."""
        if not self._app.screen_stack:
            return False
        screen = self._app.screen
        here = screen, screen.focused
        if not key.is_forwarded:
            if not self._kept:
                self._sent[key] = here
                return False
            self._kept.append(key)
            return True
        if self._sent.pop(key, here) == here:
            return False
        if not self._kept:
            self._wait_for(screen)
        self._kept.append(Key(key.key, key.character))
        return True

    def _wait_for(self, screen: Screen[Any]) -> None:
        """Go on when the screen is made, and the focus that it asked the app for is given."""
        if not screen.call_later(self._app.call_later, self._go_on):
            self._app.call_later(self._go_on)

    async def _go_on(self) -> None:
        kept, self._kept = self._kept, []
        for key in kept:
            await self._app.on_event(key)
