"""Which functions of x1 and x2 a network gets as its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import SelectionList, Static

_WRITTEN = {
    "x1^2": "x1²",
    "x2^2": "x2²",
    "x1*x2": "x1 x2",
    "sin(x1)": "sin x1",
    "sin(x2)": "sin x2",
}


class Features(ModalScreen[tuple[str, ...] | None]):
    """Gives the chosen features in their order, None where the person turned back."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape", "dismiss", "back", id="features.back"),
        Binding("enter", "take", "take", priority=True, id="features.take"),
    ]

    DEFAULT_CSS = """
    Features { align: center middle; background: $background 60%; }
    Features > Vertical {
        width: 44; height: auto; background: $surface; border: round $border; padding: 0 1;
        border-title-color: $text; border-subtitle-color: $text-muted;
    }
    Features SelectionList { height: auto; border: none; background: $surface; padding: 0; }
    Features SelectionList:focus { border: none; }
    Features .number { color: $text-muted; margin: 1 0 0 0; }
    """

    def __init__(self, choices: Sequence[str], chosen: Sequence[str]) -> None:
        super().__init__()
        self._choices, self._chosen = choices, chosen

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "inputs"
            box.border_subtitle = "space on/off   enter take   esc back"
            yield SelectionList[str](
                *((_WRITTEN.get(name, name), name, name in self._chosen) for name in self._choices)
            )
            yield Static("", classes="number")

    def on_mount(self) -> None:
        self.query_one(SelectionList).focus()
        self._count()

    @on(SelectionList.SelectedChanged)
    def _count(self) -> None:
        number = len(self.query_one(SelectionList).selected)
        inputs = f"{number} input{'s' if number != 1 else ''}"
        text = inputs if number else "none chosen: the 2 coordinates as they are"
        self.query_one(".number", Static).update(text)

    def action_take(self) -> None:
        selected = set(self.query_one(SelectionList).selected)
        self.dismiss(tuple(name for name in self._choices if name in selected))
