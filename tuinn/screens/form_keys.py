"""What the keys do in the fields of a form, on every screen that has one, and their names."""

from __future__ import annotations

from textual.screen import Screen
from textual.widgets import Input

from tuinn.widgets.field_editors import ChoiceList, FieldChoice, Pressable
from tuinn.widgets.footer import Key
from tuinn.widgets.form import More


class FormKeys(Screen[None]):
    """The actions of the field that has the keys."""

    def action_open_choice(self) -> None:
        """What enter does in the field that has the keys."""
        match self.focused:
            case Pressable() as editor:
                editor.action_open()
            case More() as more:
                more.action_flip()

    def action_next_choice(self) -> None:
        if isinstance(self.focused, FieldChoice):
            self.focused.action_cycle(1)

    def action_take_choice(self) -> None:
        if isinstance(self.focused, ChoiceList):
            self.focused.action_select()

    def action_choice(self, by: int) -> None:
        if isinstance(self.focused, ChoiceList) and by:
            self.focused.action_cursor_down()

    def action_close_choices(self) -> None:
        if isinstance(self.focused, ChoiceList):
            self.focused.action_close()


def types(focused: object) -> bool:
    """Whether letters are text there, and no keys of the screen."""
    return isinstance(focused, Input | ChoiceList)


def form_keys(focused: object, back: str = "back") -> list[Key]:
    """The keys of the field that has the focus; ``back``: where esc leads."""
    if isinstance(focused, ChoiceList):
        return [
            Key("enter", "take", "take_choice", 0),
            Key("↑↓", "choice", "choice(1)", 2),
            Key("a…z", "type to find", "choice(0)", 3),
            Key("esc", "close", "close_choices", 1),
        ]
    keys = [Key("↑↓", "field", "field(1)", 2), Key("esc", back, "back", 1)]
    if isinstance(focused, Input):
        return [Key("enter", "take", "turn", 0), *keys]
    if isinstance(focused, FieldChoice):
        return [
            Key("enter", "choose", "open_choice", 0),
            Key("←→", "next", "next_choice", 3),
            *keys,
        ]
    return [Key("enter", "open", "open_choice", 0), *keys]
