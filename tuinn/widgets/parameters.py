"""The settings of the walks: what all share, and the parameters of one optimiser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from tuinn.widgets.field_editors import FieldChoice, FieldInput, FieldSwitch, Pressable

Check = Callable[[str, str], str]
"""(path, text) → what is wrong with the text for that parameter; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One line of the settings."""

    path: str
    """"momentum.eta"; without a point where all walks share it."""
    label: str
    help: str
    kind: Literal["text", "choice", "bool"]
    value: str
    choices: tuple[str, ...] = ()
    range: str = ""
    """Shown beside the value: "> 0"."""
    empty: str = ""
    """Shown where there is no value."""
    counts: bool = True
    """It matters with the others as they are; else it is not shown."""


class ParameterRow(Widget):
    """Label, editor and range, and below them what is wrong with the text, if anything is."""

    DEFAULT_CSS = """
    ParameterRow { height: auto; layout: vertical; }
    ParameterRow > .editor { width: 1fr; margin: 0 0 0 12; }
    ParameterRow > .editor.-ranged { margin: 0 7 0 12; }
    ParameterRow > .error { display: none; height: auto; color: $text-error; padding: 0 0 0 2; }
    ParameterRow.-wrong > .error { display: block; }
    """

    class Edited(Message):
        """The person has set the parameter."""

        def __init__(self, row: ParameterRow, text: str) -> None:
            super().__init__()
            self.row, self.text = row, text

    def __init__(self, parameter: Parameter, check: Check) -> None:
        super().__init__()
        self.parameter = parameter
        self.error = ""
        self._check = check
        self._value = parameter.value
        """What is set; `_taken` is the text that was taken last, or refused."""
        self._taken = parameter.value

    def compose(self) -> ComposeResult:
        parameter = self.parameter
        match parameter.kind:
            case "choice":
                editor: Widget = FieldChoice(parameter.value, parameter.choices)
            case "bool":
                editor = FieldSwitch(parameter.value)
            case _:
                editor = FieldInput(parameter.value, parameter.empty)
        editor.add_class("editor")
        editor.set_class(bool(self._hint), "-ranged")
        yield editor
        yield Static("", classes="error", markup=False)

    def render(self) -> Content:
        style = "bold $foreground" if self.has_focus_within else "$foreground 62%"
        label, hint = self.parameter.label, self._hint
        gap = max(self.size.width - len(label) - len(hint), 1)
        return Content.assemble((label, style), " " * gap, (hint, "$foreground 40%"))

    @property
    def _hint(self) -> str:
        low, _, high = self.parameter.range.partition(" and ")
        if not high:
            return low.replace(">=", "≥").replace("<=", "≤")
        # what is allowed itself needs no sign
        low = low.removeprefix(">= ").replace("> ", ">")
        return f"{low} … {high.removeprefix('<= ').replace('< ', '<')}"

    @property
    def editor(self) -> Widget:
        """What takes the focus."""
        return self.query_one(".editor")

    @property
    def shown(self) -> str:
        """What the editor holds, taken or not."""
        editor = self.editor
        assert isinstance(editor, FieldInput | Pressable)
        return editor.value

    def show(self, parameter: Parameter) -> None:
        """Put the value into the editor where it has changed, without a message to anyone.

        Where it has not, a text that was refused stays, with the reason.
        """
        if isinstance(self.editor, FieldInput):
            self.editor.placeholder = parameter.empty
        if parameter.value != self._value:
            self._value = parameter.value
            self._put_back()

    def put_right(self) -> None:
        """Show what is set in the place of a text that was refused."""
        if self.error:
            self._put_back()

    def _put_back(self) -> None:
        self._taken = self._value
        self.say("")
        editor = self.editor
        if isinstance(editor, FieldInput | Pressable):
            editor.value = self._value

    def say(self, message: str) -> None:
        """Show what is wrong; an empty message: nothing is."""
        self.error = message
        self.set_class(bool(message), "-wrong")
        self.query_one(".error", Static).update(f"✗ {message}" if message else "")

    def take(self) -> None:
        """Take what stands in the line of text, if it differs from what was taken last."""
        for line in self.query(FieldInput):
            if line.value != self._taken or self.error:
                self._taken = line.value
                self.post_message(self.Edited(self, line.value))

    def on_click(self, event: Click) -> None:
        self.editor.focus()

    def on_descendant_blur(self) -> None:
        self.take()
        self.refresh()

    def on_descendant_focus(self) -> None:
        self.refresh()

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self.take()

    @on(Input.Changed)
    def _look(self, event: Input.Changed) -> None:
        event.stop()
        # of now: another text may have been put there meanwhile
        text = event.input.value
        if text != self._taken:
            self.say(self._check(self.parameter.path, text))

    @on(FieldChoice.Chosen)
    def _choose(self, event: FieldChoice.Chosen) -> None:
        event.stop()
        if event.value != self._taken:
            self._taken = event.value
            self.post_message(self.Edited(self, event.value))

    @on(FieldSwitch.Changed)
    def _flip(self, event: FieldSwitch.Changed) -> None:
        event.stop()
        self._taken = "true" if event.value else "false"
        self.post_message(self.Edited(self, self._taken))


class ParameterGroup(Vertical):
    """Some parameters under a title."""

    DEFAULT_CSS = """
    ParameterGroup {
        height: auto; border-top: solid $border-blurred; border-title-color: $text; padding: 0 1;
    }
    """

    def __init__(self, title: str, parameters: Sequence[Parameter], check: Check) -> None:
        super().__init__()
        self.border_title = title
        self.rows = [ParameterRow(parameter, check) for parameter in parameters]

    def compose(self) -> ComposeResult:
        yield from self.rows


class Parameters(VerticalScroll, can_focus=False):
    """Two groups of fields, and what the optimiser of the second one does."""

    DEFAULT_CSS = """
    Parameters { width: 1fr; height: 1fr; scrollbar-size-vertical: 1; layout: horizontal; }
    Parameters > Vertical { width: 1fr; height: auto; min-height: 100%; }
    Parameters > Vertical > .rule {
        height: auto; padding: 1 1 0 1; color: $foreground 85%;
    }
    """

    def __init__(self, shared: Sequence[Parameter], check: Check, **names: Any) -> None:
        super().__init__(**names)
        self._check = check
        self._shared = ParameterGroup("walks", shared, check)
        self._own: dict[str, ParameterGroup] = {}
        self._at = ""
        self._left, self._right = Vertical(id="shared"), Vertical(id="own")
        self._rule = Static("", classes="rule", markup=False)

    def compose(self) -> ComposeResult:
        with self._left:
            yield self._shared
            yield self._rule
        yield self._right

    def show(self, shared: Sequence[Parameter]) -> None:
        """Put values into the fields that all share, in the order of those at first."""
        for row, parameter in zip(self._shared.rows, shared, strict=True):
            row.show(parameter)

    def put_right(self) -> None:
        """Show what is set in the place of every text that was refused."""
        for row in self.rows:
            row.put_right()

    def go_to(self, name: str, title: str, parameters: Sequence[Parameter], rule: str) -> None:
        """Show the parameters of an optimiser; a group is built when it is first wanted."""
        group = self._own.get(name)
        if group is None:
            group = self._own[name] = ParameterGroup(title, parameters, self._check)
            self._right.mount(group)
        for row, parameter in zip(group.rows, parameters, strict=True):
            row.display = parameter.counts
            if row.is_mounted:
                row.show(parameter)
        if name != self._at:
            self._at = name
            for other, there in self._own.items():
                there.display = other == name
            self._rule.update(rule)

    @property
    def rows(self) -> list[ParameterRow]:
        """The rows that are shown, in their order."""
        own = self._own.get(self._at)
        rows = [*self._shared.rows, *(own.rows if own else [])]
        return [row for row in rows if row.display]

    def row(self, path: str) -> ParameterRow:
        return next(row for row in self.rows if row.parameter.path == path)
