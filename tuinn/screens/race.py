"""The Race screen: presets, or runs that were kept, side by side on the same axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.message import Message
from textual.screen import Screen

from tuinn.screens.actions import Action, bindings
from tuinn.screens.race_actions import RACE_ACTIONS
from tuinn.widgets.raster import Glyphs

if TYPE_CHECKING:
    from tuinn.ghost import Ghost
    from tuinn.race import Race, Racer


class RaceScreen(Screen[None]):
    """Follows a race while it is shown, and listens to it once a second while it is not."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[Any]] = bindings(RACE_ACTIONS)

    class PickWanted(Message):
        """Presets are to be picked; the app then calls `open`."""

    class Enter(Message):
        """A run is to be opened in the lab."""

        def __init__(self, racer: Racer) -> None:
            super().__init__()
            self.racer = racer

    def __init__(
        self,
        race: Race | None,
        *,
        fps: float,
        draw: Glyphs,
        gate: Any = None,
        ghosts: Sequence[Ghost] = (),
    ) -> None:
        """``race``: None until presets are picked; ``gate``: what else goes on waits while this
        screen draws (`hold`, `release`); ``ghosts``: published curves laid behind.
        """
        super().__init__()
        self.race = race
        self.fps, self.draw_with, self._gate = fps, draw, gate
        self.ghosts = list(ghosts)

    def open(self, race: Race) -> None:
        """Show another race; the one before is closed."""
        if self.race is not None:
            self.race.close()
        self.race = race

    def offered(self) -> list[Action]:
        """The actions that can be done now."""
        return list(RACE_ACTIONS)

    def tell(self, text: str, level: str = "info") -> None:
        """Say something in the message line for a while."""
