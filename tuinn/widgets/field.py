"""One field of the form: its label, an editor, its unit or range, and what is wrong with it."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Input, Select, Static

from tuinn.config import Config, ConfigError, Field, as_text, changed, get

OTHER = "one each…"
"""The choice that opens a question, where a field takes one of its choices for every layer."""

SHORT_LABELS = {"target accuracy": "target acc."}
SHORT_UNITS = {"examples": "ex."}
"""For the narrow columns of the form."""

EMPTY = {
    "data.n": "as usual",
    "data.noise": "as usual",
    "data.features": "as they are",
    "data.train": "the rest",
    "data.label": "the last",
}
"""What a field that is left out comes to; else "none"."""

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
    FieldInput { width: 1fr; height: 1; background: $surface; }
    FieldInput:focus { background: $block-cursor-background; }
    """


class FieldSelect(Select[str]):
    """One of a few choices: enter opens them, left and right go through them."""

    # Select itself opens with space, up and down too; here space trains, and they move on
    BINDINGS: ClassVar[list[Any]] = [
        *_MOVES,
        Binding("left", "cycle(-1)", "previous choice", show=False),
        Binding("right", "cycle(1)", "next choice", show=False),
        Binding("space", "screen.train", "start or pause", show=False),
    ]

    DEFAULT_CSS = """
    FieldSelect { width: 1fr; height: 1; }
    FieldSelect > SelectCurrent { background: $surface; padding: 0 1 0 0 !important; height: 1; }
    FieldSelect:focus > SelectCurrent { background: $block-cursor-background; }
    FieldSelect > SelectOverlay { border: round $border; min-width: 18; }
    """

    def action_cycle(self, by: int) -> None:
        values = [value for _, value in self._options if value != OTHER]
        at = values.index(self.value) if self.value in values else 0
        self.value = values[(at + by) % len(values)]


class FieldSwitch(Widget, can_focus=True):
    """Yes or no: enter, left, right or a click changes it."""

    BINDINGS: ClassVar[list[Any]] = [*_MOVES, Binding("enter,left,right", "flip", show=False)]

    DEFAULT_CSS = """
    FieldSwitch { width: 1fr; height: 1; background: $surface; }
    FieldSwitch:focus { background: $block-cursor-background; }
    """

    value = var(False)

    class Changed(Message):
        def __init__(self, value: bool) -> None:
            super().__init__()
            self.value = value

    def render(self) -> str:
        return "● yes" if self.value else "○ no"

    def watch_value(self) -> None:
        self.refresh()

    def action_flip(self) -> None:
        self.value = not self.value
        self.post_message(self.Changed(self.value))

    def on_click(self) -> None:
        self.action_flip()


class FieldButton(Widget, can_focus=True):
    """A value that is chosen in a dialog: enter or a click opens it."""

    BINDINGS: ClassVar[list[Any]] = [*_MOVES, Binding("enter", "open", show=False)]

    DEFAULT_CSS = """
    FieldButton { width: 1fr; height: 1; background: $surface; padding: 0 1 0 0; }
    FieldButton:focus { background: $block-cursor-background; }
    """

    value = var("")

    def __init__(self, empty: str) -> None:
        """``empty``: shown where there is no value."""
        super().__init__()
        self._empty = empty

    class Opened(Message):
        """A person wants the dialog."""

    def render(self) -> Content:
        width = max(self.size.width - 1, 1)
        text = self.value or self._empty
        shown = text if len(text) <= width else f"{text[: width - 1]}…"
        return Content.assemble(shown.ljust(width), ("▼", "$foreground 50%"))

    def watch_value(self) -> None:
        self.refresh()

    def action_open(self) -> None:
        self.post_message(self.Opened())

    def on_click(self, event: Click) -> None:
        event.stop()
        self.action_open()


class FieldRow(Vertical):
    """The row of one field, and under it, where there is one, what is wrong with its value."""

    DEFAULT_CSS = """
    FieldRow { height: auto; }
    FieldRow > Horizontal { height: 1; }
    FieldRow .label { width: 12; color: $text-muted; }
    FieldRow .hint { width: 7; color: $text-disabled; text-align: right; }
    FieldRow:focus-within .label { color: $text; text-style: bold; }
    FieldRow > .error { display: none; height: auto; color: $text-error; padding: 0 0 0 2; }
    FieldRow.-wrong > .error { display: block; }
    """

    class Edited(Message):
        """The person has set the field; ``value`` is as `tuinn.config.changed` takes it."""

        def __init__(self, row: FieldRow, value: Any) -> None:
            super().__init__()
            self.row = row
            self.value = value

    class Asked(Message):
        """The field wants a dialog: its choices need more room than the form has."""

        def __init__(self, row: FieldRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, field: Field, config: Config, dialog: bool = False) -> None:
        super().__init__(id=row_id(field.path))
        self.field = field
        self.config = config
        self.error = ""
        self._dialog = dialog
        self._taken = ""
        """The text of the editor when it was last taken."""

    @property
    def path(self) -> str:
        return self.field.path

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(
                SHORT_LABELS.get(self.field.label, self.field.label), classes="label", markup=False
            )
            yield self._editor()
            if hint := self._hint():
                yield Static(hint, classes="hint", markup=False)
        yield Static("", classes="error", markup=False)

    def _editor(self) -> Widget:
        field, value = self.field, get(self.config, self.field.path)
        self._taken = as_text(value)
        if self._dialog:
            button = FieldButton(EMPTY.get(self.path, "none"))
            button.set_reactive(FieldButton.value, self._taken)
            return button
        if field.kind == "bool":
            switch = FieldSwitch()
            switch.set_reactive(FieldSwitch.value, value)
            return switch
        if field.kind == "choice":
            return FieldSelect(
                self._options(self._taken), value=self._taken, allow_blank=False, compact=True
            )
        return FieldInput(self._taken, placeholder=self._placeholder(), compact=True)

    def _options(self, text: str) -> list[tuple[str, str]]:
        choices = list(self.field.choices)
        if text not in choices:
            choices.append(text)
        if isinstance(self.field.default, str) and self.path == "network.activation":
            choices.append(OTHER)
        return [(choice, choice) for choice in choices]

    def _hint(self) -> str:
        """The unit or the range, short; the line under the form says more."""
        field = self.field
        if field.kind in ("choice", "bool") or self._dialog:
            return ""
        unit = SHORT_UNITS.get(field.unit, field.unit)
        return unit or field.range.replace(">=", "≥").replace("<=", "≤")

    def _placeholder(self) -> str:
        return EMPTY.get(self.path, "none") if self.field.optional else ""

    # what the person does

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self.take()

    def on_descendant_blur(self) -> None:
        self.take()

    def take(self) -> None:
        """Take what stands in the line of text, if it differs from what was taken last."""
        for line in self.query(FieldInput):
            if line.value != self._taken or self.error:
                self._taken = line.value
                self.post_message(self.Edited(self, line.value))

    @on(Input.Changed)
    def _check_input(self, event: Input.Changed) -> None:
        event.stop()
        if event.value == self._taken:
            return
        try:
            changed(self.config, self.path, event.value)
        except ConfigError as error:
            self.say(str(error))
        else:
            self.say("")

    @on(Select.Changed)
    def _choose(self, event: Select.Changed) -> None:
        event.stop()
        if event.value == OTHER:
            self.query_one(FieldSelect).value = self._taken
            self.post_message(self.Asked(self))
        elif event.value != self._taken:
            self._taken = str(event.value)
            self.post_message(self.Edited(self, self._taken))

    @on(FieldSwitch.Changed)
    def _flip(self, event: FieldSwitch.Changed) -> None:
        event.stop()
        self.post_message(self.Edited(self, event.value))

    @on(FieldButton.Opened)
    def _open(self, event: FieldButton.Opened) -> None:
        event.stop()
        self.post_message(self.Asked(self))

    # what it shows

    def say(self, message: str) -> None:
        """Show what is wrong with the field; an empty message: nothing is."""
        self.error = message.removeprefix(f"`{self.path}` ")
        self.set_class(bool(message), "-wrong")
        self.query_one(".error", Static).update(f"✗ {self.error}" if message else "")

    def show(self, config: Config) -> None:
        """Show the field's value in ``config``, without a message to anyone."""
        self.config = config
        value = get(config, self.path)
        self._taken = text = as_text(value)
        self.say("")
        for line in self.query(FieldInput):
            line.value = text
        for button in self.query(FieldButton):
            button.value = text
        for switch in self.query(FieldSwitch):
            switch.value = bool(value)
        for select in self.query(FieldSelect):
            with select.prevent(Select.Changed):
                if text not in select._legal_values:
                    select.set_options(self._options(text))
                select.value = text

    @property
    def editor(self) -> Widget:
        """What takes the focus."""
        return self.query_one("FieldInput, FieldSelect, FieldSwitch, FieldButton")


def row_id(path: str) -> str:
    """The id of a field's row: "optimizer-eta"."""
    return path.replace(".", "-")
