"""A question with one line for the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tuinn.widgets.field_editors import CalmInput


class Prompt(ModalScreen[str | None]):
    """Gives the answer, None where there is none. A refused answer stays, with the reason below."""

    BINDINGS: ClassVar[list[Any]] = [Binding("escape", "dismiss", "back", id="prompt.back")]

    DEFAULT_CSS = """
    Prompt { align: center middle; background: $background 60%; }
    Prompt > Vertical {
        width: 66; max-width: 100%; height: auto; background: $surface; border: round $border;
        padding: 0 1; border-title-color: $text; border-subtitle-color: $text-muted;
    }
    Prompt .question { color: $text-muted; margin: 0 0 1 0; }
    Prompt Input { background: $panel; padding: 0 1; }
    Prompt .error { color: $text-error; height: auto; min-height: 1; }
    """

    def __init__(
        self, title: str, question: str, answer: str, take: Callable[[str], object]
    ) -> None:
        """``take`` does what the answer is for, and raises ValueError where it cannot."""
        super().__init__()
        self._title, self._question, self._answer = title, question, answer
        self._do = take

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self._title
            box.border_subtitle = "enter take   esc back"
            yield Static(self._question, classes="question", markup=False)
            yield CalmInput(self._answer, compact=True)
            yield Static("", classes="error", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _edited(self) -> None:
        self.query_one(".error", Static).update("")

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        answer = event.value.strip()
        try:
            self._do(answer)
        except ValueError as error:
            self.query_one(".error", Static).update(f"✗ {error}")
        else:
            self.dismiss(answer)
