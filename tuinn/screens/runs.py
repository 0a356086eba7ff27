"""The Runs screen: all runs that are kept, to be found, looked at, gone on with and compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from tuinn.screens.actions import Action
from tuinn.screens.help import HelpPage
from tuinn.widgets.header import TitleBar
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.status import Sentence, StatusLine

if TYPE_CHECKING:
    from tuinn.screens.descent import Gate
    from tuinn.store import StoredRun


class RunsScreen(Screen[None]):
    """Lists the runs of the store in ``folder``; None: where they are kept."""

    AUTO_FOCUS: ClassVar[Any] = None

    class Open(Message):
        """A run is to be opened in the lab."""

        def __init__(self, run: StoredRun) -> None:
            super().__init__()
            self.run = run

    class Overlay(Message):
        """Runs are to be laid over each other in the race."""

        def __init__(self, runs: Sequence[StoredRun]) -> None:
            super().__init__()
            self.runs = tuple(runs)

    def __init__(
        self, folder: Path | None = None, *, fps: float, draw: Glyphs, gate: Gate | None = None
    ) -> None:
        """``gate``: what else goes on waits while this screen draws."""
        super().__init__()
        self.folder = folder
        self.fps = fps
        self.draw = draw
        self._gate = gate

    def compose(self) -> ComposeResult:
        yield TitleBar("Runs")
        yield StatusLine()

    def offered(self) -> list[Action]:
        """The actions that can be done now."""
        return []

    def help_page(self) -> HelpPage:
        """What the help says of this screen."""
        return HelpPage("", (), ())

    def tell(self, text: str, level: str = "info") -> None:
        """Say something in the message line for a while."""
        self.query_one(StatusLine).sentence = Sentence(text, level)

    def close(self) -> None:
        """Let go of the store; what was deleted is gone for good. For the end of the program."""
