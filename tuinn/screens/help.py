"""The help: the keys by group, and what every panel shows."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tuinn.screens.actions import APP_ACTIONS, GROUPS, LAB_ACTIONS, with_panels
from tuinn.screens.panel_help import panel_names, panels_of
from tuinn.widgets.method_facts import MethodFacts


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

    def __init__(self, facts: MethodFacts | None = None) -> None:
        """``facts``: of the method of the run, to which the panels belong."""
        super().__init__()
        self._facts = facts or MethodFacts()

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "help"
            box.border_subtitle = "↑↓ scroll   esc back"
            with VerticalScroll():
                yield Static(
                    "Choose data, network and training in the form, press space, and watch "
                    "gradient descent work. η, α and the mini-batch may be changed while it "
                    "runs; everything else waits for r.",
                    markup=False,
                )
                for group in GROUPS:
                    yield Static(keys_of(group, self._facts))
                yield Static(Content.styled("Panels", "bold $text-primary"))
                for name, equation, text in panels_of(self._facts):
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


def keys_of(group: str, facts: MethodFacts) -> Content:
    """The keys of a group, one to a line."""
    actions = with_panels((*LAB_ACTIONS, *APP_ACTIONS), panel_names(facts))
    actions = [action for action in actions if action.group == group]
    lines = [
        Content.assemble((f"{action.shown:>10}", "bold $footer-key-foreground"), f"  {action.help}")
        for action in actions
    ]
    return Content("\n").join([Content.styled(group, "bold $text-primary"), *lines])
