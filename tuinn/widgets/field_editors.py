"""What a field is edited with: a line of text, a choice, a switch, or a button to a dialog.

Each is one widget of one row: a form has some thirty, and Textual looks at every one of them for
every frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Any, ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.events import Blur, Click, Key, MouseDown
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

_MOVES = (
    Binding("up", "screen.field(-1)", "previous field", show=False),
    Binding("down", "screen.field(1)", "next field", show=False),
)


class CalmInput(Input):
    """A line of text whose cursor does not blink: nothing is sent while nothing happens."""

    def on_mount(self) -> None:
        self.cursor_blink = False


class FieldInput(CalmInput):
    """A line of text. Enter or leaving it takes the value; up and down go to other fields."""

    BINDINGS: ClassVar[list[Any]] = [*_MOVES]

    DEFAULT_CSS = """
    FieldInput { height: 1; background: $surface; }
    FieldInput:focus { background: $block-cursor-background; }
    """

    def __init__(self, value: str, placeholder: str = "") -> None:
        super().__init__(value, placeholder=placeholder, compact=True)
        self._just_focused = False

    def on_focus(self) -> None:
        self._just_focused = True
        # the press of the button that gave the keys comes next, if it was one
        self.call_later(setattr, self, "_just_focused", False)

    def on_mouse_down(self, event: MouseDown) -> None:
        """The click that gives the keys selects the text, as tab does, so typing replaces it."""
        if self._just_focused:
            event.prevent_default()


class Pressable(Widget, can_focus=True):
    """An editor of one row that shows a value; enter or a click opens it."""

    BINDINGS: ClassVar[list[Any]] = [*_MOVES, Binding("enter", "open", show=False)]

    DEFAULT_CSS = """
    Pressable { height: 1; background: $surface; }
    Pressable:focus, Pressable:focus-within { background: $block-cursor-background; }
    """

    value = var("")
    """What it shows, and what the field is set to."""

    def __init__(self, value: str, empty: str = "none") -> None:
        """``empty``: shown where there is no value."""
        super().__init__()
        self._empty = empty
        self.set_reactive(Pressable.value, value)

    def render(self) -> Content:
        width = max(self.size.width - 2, 1)
        text = self.value or self._empty
        shown = text if len(text) <= width else f"{text[: width - 1]}…"
        return Content.assemble(shown.ljust(width), (self.sign, "$foreground 50%"))

    @property
    def sign(self) -> str:
        return "▼"

    def watch_value(self) -> None:
        self.refresh()

    def action_open(self) -> None:
        raise NotImplementedError

    def on_click(self, event: Click) -> None:
        event.stop()
        self.action_open()


class FieldButton(Pressable):
    """A value that is chosen in a dialog."""

    class Opened(Message):
        """A person wants the dialog."""

    def action_open(self) -> None:
        self.post_message(self.Opened())


class FieldSwitch(Pressable):
    """Yes or no; left and right change it, too."""

    BINDINGS: ClassVar[list[Any]] = [Binding("left,right", "open", show=False)]

    class Changed(Message):
        def __init__(self, value: bool) -> None:
            super().__init__()
            self.value = value

    def render(self) -> Content:
        return Content("● yes" if self.value == "true" else "○ no")

    def action_open(self) -> None:
        self.value = "false" if self.value == "true" else "true"
        self.post_message(self.Changed(self.value == "true"))


class FieldChoice(Pressable):
    """One of a few choices; left and right go through them."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("left", "cycle(-1)", "previous choice", show=False),
        Binding("right", "cycle(1)", "next choice", show=False),
    ]

    class Chosen(Message):
        """The person took a choice, or asked for something else than the choices."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    def __init__(self, value: str, choices: Sequence[str], other: str = "") -> None:
        """``other``: a last line of the list, for what is none of the choices."""
        super().__init__(value)
        self.choices = tuple(choices)
        self._other = other

    @property
    def sign(self) -> str:
        return "▲" if self.children else "▼"

    def action_open(self) -> None:
        if self.children:
            self.close()
            return
        lines = [*self.choices, *([self._other] if self._other else [])]
        self.mount(ChoiceList(lines, self.value))
        self.refresh()

    def action_cycle(self, by: int) -> None:
        at = self.choices.index(self.value) if self.value in self.choices else -max(by, 0)
        self._choose(self.choices[(at + by) % len(self.choices)])

    def close(self) -> None:
        """Put the list away, and take the keys back if it had them."""
        had_keys = self.screen.focused in self.children
        self.remove_children()
        if had_keys:
            self.focus()
        self.call_after_refresh(self.refresh)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.close()
        if event.option_id is not None and event.option_id != self.value:
            self._choose(event.option_id)

    def _choose(self, value: str) -> None:
        if value != self._other:
            self.value = value
        self.post_message(self.Chosen(value))


TYPED_SECONDS = 1.5
"""Letters that follow each other within this time are of one word."""
OF_LIST = ("up", "down", "pageup", "pagedown", "home", "end", "enter", "escape")
"""Keys that mean something in an open list."""
LEAVING = ("tab", "shift+tab")
"""Keys that leave it for another field, and so put it away."""


class ChoiceList(OptionList):
    """The choices of a field, over what is below it. Letters go to the first choice they begin.

    No key but ctrl with another goes on to what is around it: they would act on the run.
    """

    BINDINGS: ClassVar[list[Any]] = [Binding("escape", "close", show=False)]

    DEFAULT_CSS = """
    ChoiceList {
        overlay: screen; constrain: none inside; offset: 0 1;
        width: 1fr; min-width: 18; height: auto; max-height: 14;
        background: $panel; border: round $border; padding: 0;
        scrollbar-size-vertical: 1;
    }
    ChoiceList:focus { border: round $accent; }
    """

    def __init__(self, choices: Sequence[str], value: str) -> None:
        super().__init__(*(Option(choice, id=choice) for choice in choices))
        self._value = value
        self._typed, self._typed_at = "", 0.0

    def on_mount(self) -> None:
        self.focus()
        if any(option.id == self._value for option in self.options):
            self.highlighted = self.get_option_index(self._value)

    def on_key(self, event: Key) -> None:
        if event.is_printable and event.character:
            self._find(event.character)
        elif event.key in (*OF_LIST, *LEAVING) or "ctrl+" in event.key:
            return
        event.stop()

    def _find(self, character: str) -> None:
        """Go to the first choice that begins with what was typed lately, or with this letter."""
        now = monotonic()
        if now - self._typed_at > TYPED_SECONDS:
            self._typed = ""
        self._typed_at = now
        for text in (self._typed + character, character):
            self._typed = text
            for place, option in enumerate(self.options):
                if str(option.prompt).casefold().startswith(text.casefold()):
                    self.highlighted = place
                    return

    def on_blur(self, event: Blur) -> None:
        self.action_close()

    def on_click(self, event: Click) -> None:
        # what is under the list is not meant
        event.stop()

    def action_close(self) -> None:
        if isinstance(self.parent, FieldChoice):
            self.parent.close()
