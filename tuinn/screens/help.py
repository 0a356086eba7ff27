"""The help: the keys by group, and what every panel shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tuinn.screens.actions import APP_ACTIONS, PROGRAM, Action
from tuinn.screens.panel_help import PanelHelp


class HelpPage(NamedTuple):
    """What the help says of a screen."""

    intro: str
    actions: Sequence[Action]
    """In the order of their groups."""
    panels: Sequence[PanelHelp]


class Help(ModalScreen[None]):
    """Scrolls with the arrows; any of esc, q, ? or enter closes it."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss", "back", id="help.back")
    ]

    DEFAULT_CSS = """
    Help { align: center middle; background: $background 60%; }
    Help > Vertical {
        width: 84; max-width: 100%; height: 100%; max-height: 46; margin: 1 2;
        background: $surface; border: round $border; padding: 0 1;
        border-title-color: $text; border-subtitle-color: $text-muted;
    }
    Help VerticalScroll { scrollbar-size-vertical: 1; padding: 0 1; }
    Help Static { margin: 0 0 1 0; }
    """

    def __init__(self, page: HelpPage) -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "help"
            box.border_subtitle = "↑↓ scroll   esc back"
            with VerticalScroll():
                yield Static(self._page.intro, markup=False)
                actions = (*self._page.actions, *APP_ACTIONS)
                groups = dict.fromkeys(action.group for action in self._page.actions)
                for group in (*groups, PROGRAM):
                    yield Static(keys_of(group, actions))
                yield Static(Content.styled("Panels", "bold $text-primary"))
                for name, equation, text in self._page.panels:
                    yield Static(
                        Content.assemble(
                            (name, "bold $foreground"),
                            "   ",
                            (equation, "$text-accent"),
                            f"\n{text}",
                        )
                    )

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()


def keys_of(group: str, actions: Sequence[Action]) -> Content:
    """The keys of a group, one to a line."""
    lines = [
        Content.assemble((f"{action.shown:>10}", "bold $footer-key-foreground"), f"  {action.help}")
        for action in actions
        if action.group == group
    ]
    return Content("\n").join([Content.styled(group, "bold $text-primary"), *lines])
