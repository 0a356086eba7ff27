"""A question with a few answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tuinn.widgets.footer import Key, KeyBar


class Choice(NamedTuple):
    """One answer."""

    key: str
    """As Textual names it; what is shown is its name there: "enter", "q"."""
    label: str
    value: str


class Ask(ModalScreen[str | None]):
    """Gives the value of the answer, None for esc."""

    BINDINGS: ClassVar[list[Any]] = [Binding("escape", "dismiss", "back", id="ask.back")]

    DEFAULT_CSS = """
    Ask { align: center middle; background: $background 60%; }
    Ask > Vertical {
        width: 76; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $border; padding: 0 1;
        border-title-color: $text;
    }
    Ask .question { color: $foreground; margin: 0 0 1 0; height: auto; }
    Ask KeyBar { background: $surface; padding: 0; }
    """

    def __init__(self, title: str, text: str, choices: Sequence[Choice], back: str = "") -> None:
        """``back``: what esc does, where it does more than to go back."""
        super().__init__()
        self._title, self._text = title, text
        self._choices, self._back = tuple(choices), back

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self._title
            yield Static(self._text, classes="question", markup=False)
            yield KeyBar()

    def on_mount(self) -> None:
        answers = [
            Key(choice.key, choice.label, f"screen.answer({choice.value!r})", rank)
            for rank, choice in enumerate(self._choices)
        ]
        back = Key("esc", self._back or "back", "screen.dismiss", len(answers))
        self.query_one(KeyBar).keys = (*answers, back)

    async def on_key_bar_pressed(self, event: KeyBar.Pressed) -> None:
        event.stop()
        await self.run_action(event.action)

    def on_key(self, event: events.Key) -> None:
        for choice in self._choices:
            if event.key == choice.key:
                event.stop()
                self.dismiss(choice.value)

    def action_answer(self, value: str) -> None:
        self.dismiss(value)
