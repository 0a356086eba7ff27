"""The screens that one works on, and how one goes from one to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.screen import Screen

from tuinn.screens.actions import Action
from tuinn.screens.help import HelpPage
from tuinn.widgets.header import PLACES

HOME = PLACES[0]
"""The screen that is always there, below the others."""


@runtime_checkable
class Place(Protocol):
    """A screen that one works on; the others are dialogs."""

    def offered(self) -> list[Action]:
        """The actions that can be done now."""

    def help_page(self) -> HelpPage:
        """What the help says of it."""

    def tell(self, text: str, level: str = "info") -> None:
        """Say something in the message line for a while."""


class Places:
    """Screens by the names of the title bar; each is made when it is first gone to, and stays."""

    def __init__(self, app: App[Any], make: Mapping[str, Callable[[], Screen[Any]]]) -> None:
        """``make``: how each place but `HOME` is made."""
        self._app, self._make = app, make

    @property
    def here(self) -> str | None:
        """The place that is shown; None while a dialog stands before it."""
        screen = self._app.screen
        if screen is self._app.screen_stack[0]:
            return HOME
        return next((place for place in self._make if self._made(place) is screen), None)

    def _made(self, place: str) -> Screen[Any] | None:
        return self._app.get_screen(place) if self._app.is_screen_installed(place) else None

    def screen(self, place: str) -> Screen[Any]:
        """The screen of that name."""
        if place == HOME:
            return self._app.screen_stack[0]
        if not self._app.is_screen_installed(place):
            self._app.install_screen(self._make[place](), place)
        return self._app.get_screen(place)

    def go(self, place: str) -> None:
        """Show that place; the one before it stays as it is. Nothing while a dialog asks."""
        here = self.here
        if here is None or here == place:
            return
        self.screen(place)
        if place == HOME:
            self._app.pop_screen()
        elif here == HOME:
            self._app.push_screen(place)
        else:
            self._app.switch_screen(place)

    def turn(self, by: int) -> None:
        """The next place (1) or the one before (−1), around."""
        if self.here is not None:
            self.go(PLACES[(PLACES.index(self.here) + by) % len(PLACES)])

    def tell(self, text: str, level: str = "info") -> None:
        """Say it in the place that is shown, or that stands behind the dialog which is."""
        for screen in reversed(self._app.screen_stack):
            if isinstance(screen, Place):
                screen.tell(text, level)
                return
