"""The help: the keys by group, and what every panel shows."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from tuinn.screens.actions import APP_ACTIONS, PROGRAM, Action
from tuinn.screens.panel_help import PanelHelp

_KEY, _APART = 10, "  "
"""Cells for the keys, and what parts them from what is said of them."""


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
                    yield KeyList(group, [one for one in actions if one.group == group])
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


class KeyList(Widget):
    """The keys of a group, one below the other; what does not fit hangs below its own text."""

    DEFAULT_CSS = """
    KeyList { height: auto; margin: 0 0 1 0; }
    """

    def __init__(self, group: str, actions: Sequence[Action]) -> None:
        super().__init__()
        self._group, self._actions = group, actions

    def render(self) -> Content:
        lines = [Content.styled(self._group, "bold $text-primary")]
        for action, texts in zip(self._actions, self._texts(self.size.width), strict=True):
            key = (f"{action.shown:>{_KEY}}", "bold $footer-key-foreground")
            lines.append(Content.assemble(key, f"{_APART}{texts[0]}"))
            lines += [Content(f"{'':{_KEY}}{_APART}{text}") for text in texts[1:]]
        return Content("\n").join(lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 + sum(len(texts) for texts in self._texts(width))

    def _texts(self, width: int) -> list[list[str]]:
        """What is said of each key, in lines."""
        room = max(width - _KEY - len(_APART), 1)
        return [textwrap.wrap(action.help, room) or [""] for action in self._actions]
