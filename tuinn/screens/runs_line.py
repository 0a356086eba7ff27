"""Shows a run string: the one line that repeats a run elsewhere."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tuinn.store import StoredRun


class RunLine(ModalScreen[None]):
    """The line, which was copied to the clipboard of the terminal; any of esc, enter, q closes."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape,enter,q,l", "dismiss", "back", id="line.back"),
    ]

    DEFAULT_CSS = """
    RunLine { align: center middle; background: $background 60%; }
    RunLine > Vertical {
        width: 88; max-width: 100%; height: auto; max-height: 100%; background: $surface;
        border: round $border; padding: 0 1; border-title-color: $text;
        border-subtitle-color: $text-muted;
    }
    RunLine VerticalScroll { height: auto; max-height: 14; background: $panel; padding: 0 1; }
    RunLine .about { color: $text-muted; margin: 1 0 0 0; }
    """

    def __init__(self, run: StoredRun, line: str) -> None:
        super().__init__()
        self._run, self._line = run, line

    def compose(self) -> ComposeResult:
        about = (
            "It was copied, where the terminal allows that. On any machine `tuinn train` with this "
            "line trains the same again, and says whether the curve is the same to the last bit."
        )
        if self._run.changed:
            about += " This run was changed by hand: the line repeats only what it began with."
        with Vertical() as box:
            box.border_title = f"run string of run {self._run.id}"
            box.border_subtitle = "esc back"
            with VerticalScroll(can_focus=False):
                yield Static(self._line, markup=False)
            yield Static(about, classes="about", markup=False)
