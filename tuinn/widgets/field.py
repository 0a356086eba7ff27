"""One field of the form: its label, an editor, its unit or range, and what is wrong with it."""

from __future__ import annotations

import functools
import re
from functools import cached_property
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from tuinn.config import Config, ConfigError, Field, as_text, changed, fields, get, has
from tuinn.fields import EMPTY
from tuinn.widgets.field_editors import (
    FieldButton,
    FieldChoice,
    FieldInput,
    FieldSwitch,
    Pressable,
)
from tuinn.widgets.method_facts import MethodFacts

OTHER = "one each…"
"""The choice that opens a question, where a field takes one of its choices for every layer."""

SHORT_LABELS = {"target accuracy": "target acc."}
SHORT_UNITS = {
    "examples": "ex.",
    "generations": "gener.",
    "iterations": "iter.",
    "evaluations": "eval.",
}
"""For the narrow columns of the form."""

INTERVALS = {"≥ 0 and < 1": "[0, 1)", "> 0 and < 1": "(0, 1)", "> 0 and ≤ 1": "(0, 1]"}
"""Ranges that are too long for the columns of the hint."""

LABEL_CELLS, HINT_CELLS = 12, 7
"""Columns of a row: before and after the editor."""


class FieldRow(Widget):
    """The row of one field, and under it, where there is one, what is wrong with its value."""

    DEFAULT_CSS = """
    FieldRow { height: auto; layout: vertical; }
    FieldRow > .editor { width: 1fr; margin: 0 0 0 12; }
    FieldRow > .editor.-hinted { margin: 0 7 0 12; }
    FieldRow > .error { display: none; height: auto; color: $text-error; padding: 0 0 0 2; }
    FieldRow.-wrong > .error { display: block; }
    """

    class Edited(Message):
        """The person has set the field; ``value`` is as `tuinn.config.changed` takes it."""

        def __init__(self, row: FieldRow, value: Any) -> None:
            super().__init__()
            self.row = row
            self.value = value

    class Typed(Message):
        """What stands in the line of text is allowed: ``config`` is what it would make."""

        def __init__(self, row: FieldRow, config: Config) -> None:
            super().__init__()
            self.row = row
            self.config = config

    class Asked(Message):
        """The field wants a dialog: its choices need more room than the form has."""

        def __init__(self, row: FieldRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, field: Field, config: Config, dialog: bool = False) -> None:
        super().__init__(id=row_id(field.path))
        self.field = field
        self.config = config
        self._error = self._clash = ""
        """What is wrong with the value by itself, and with it beside those of other fields."""
        self._dialog = dialog
        self._typing = False
        """The text differs, or has differed, from what was taken last."""
        self._taken = self._text()
        """The text of the editor when it was last taken."""

    @property
    def path(self) -> str:
        return self.field.path

    @property
    def error(self) -> str:
        """What is wrong with the value; empty where nothing is."""
        return self._error or self._clash

    def compose(self) -> ComposeResult:
        yield self.editor
        yield self._wrong

    def render(self) -> Content:
        """Label and hint; the editor stands between them."""
        label = self.label
        style = "bold $foreground" if self.has_focus_within else "$foreground 62%"
        hint = self.hint if self._hint_fits else ""
        gap = max(self.size.width - len(label) - len(hint), 1)
        return Content.assemble((label, style), " " * gap, (hint, "$foreground 40%"))

    @property
    def _hint_fits(self) -> bool:
        """Whether the text of the editor, and its cursor, leave the room of the hint."""
        editor = self.editor
        return not isinstance(editor, FieldInput) or (
            len(editor.value) < self.size.width - LABEL_CELLS - HINT_CELLS
        )

    def _share_room(self) -> None:
        """A text that is too long beside the hint takes its room."""
        self.editor.set_class(bool(self.hint) and self._hint_fits, "-hinted")
        self.refresh()

    def on_resize(self) -> None:
        self._share_room()

    @cached_property
    def editor(self) -> Widget:
        """What takes the focus; made once, when there is a screen."""
        editor = self._made_editor()
        editor.add_class("editor")
        return editor

    @cached_property
    def _wrong(self) -> Static:
        """Where it is said what is wrong."""
        return Static("", classes="error", markup=False)

    def _made_editor(self) -> Widget:
        field = self.field
        if self._dialog:
            return FieldButton(self._taken, EMPTY.get(self.path, "none"))
        if field.kind == "bool":
            return FieldSwitch(self._taken)
        if field.kind == "choice":
            other = OTHER if self.path == "network.activation" else ""
            return FieldChoice(self._taken, field.choices, other)
        return FieldInput(self._taken, self._placeholder())

    @property
    def label(self) -> str:
        """What stands before the editor."""
        return SHORT_LABELS.get(self.field.label, self.field.label)

    @property
    def hint(self) -> str:
        """The unit or the range, short; the line under the form says more."""
        field = self.field
        if field.kind in ("choice", "bool") or self._dialog:
            return ""
        unit = unit_of(field, self.config)
        unit = SHORT_UNITS.get(unit, unit)
        limits = field.range.replace(">=", "≥").replace("<=", "≤")
        return unit or INTERVALS.get(limits, limits)

    def _placeholder(self) -> str:
        return EMPTY.get(self.path, "none") if self.field.optional else ""

    # what the person does

    def on_click(self, event: Click) -> None:
        """A click beside the editor is meant for it."""
        self.editor.focus()

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self.take()

    def on_descendant_blur(self) -> None:
        self.take()
        self.refresh()

    def on_descendant_focus(self) -> None:
        self.refresh()

    def take(self) -> None:
        """Take what stands in the line of text, if it differs from what was taken last."""
        line = self.editor
        if isinstance(line, FieldInput) and (line.value != self._taken or self._error):
            self._taken, self._typing = line.value, False
            self.post_message(self.Edited(self, line.value))

    @on(Input.Changed)
    def _check_input(self, event: Input.Changed) -> None:
        event.stop()
        self._share_room()
        # of now: another text may have been put there meanwhile
        text = event.input.value
        if not has(self.config, self.path) or (text == self._taken and not self._typing):
            return
        self._typing = text != self._taken
        try:
            config = changed(self.config, self.path, text)
        except ConfigError as error:
            self.say(str(error))
        else:
            self.say("")
            self.post_message(self.Typed(self, config))

    @on(FieldChoice.Chosen)
    def _choose(self, event: FieldChoice.Chosen) -> None:
        event.stop()
        if event.value == OTHER:
            self.post_message(self.Asked(self))
        elif event.value != self._taken:
            self._taken = event.value
            self.post_message(self.Edited(self, event.value))

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
        self._error = in_place(message, self.path)
        self._show_error()

    def say_clash(self, message: str) -> None:
        """Show why its value and those of other fields do not go together, or that they do."""
        self._clash = in_place(message, self.path)
        self._show_error()

    def _show_error(self) -> None:
        self.set_class(bool(self.error), "-wrong")
        self._wrong.update(f"✗ {self.error}" if self.error else "")

    def follow(self, config: Config) -> None:
        """The configuration is another, but not in this field."""
        unit = unit_of(self.field, self.config)
        self.config = config
        if unit_of(self.field, config) != unit:
            self._share_room()

    def show(self, config: Config) -> None:
        """Show the field's value in ``config``, without a message to anyone."""
        self.follow(config)
        self._taken, self._typing = self._text(), False
        text = self._taken
        self._clash = ""
        self.say("")
        editor = self.editor
        if isinstance(editor, FieldInput | Pressable):
            editor.value = text

    def _text(self) -> str:
        """The field's value as text; its default where the optimiser has no such field."""
        shown = has(self.config, self.path)
        return as_text(get(self.config, self.path) if shown else self.field.default)


def in_place(message: str, path: str) -> str:
    """A refusal as it reads beside its field, which it need not name; others by their labels."""
    for part, name in re.findall(r"^(`(.+?)` )", message):
        if name == path:
            message = message.removeprefix(part)
        elif item := re.fullmatch(re.escape(path) + r"\[(\d+)\]", name):
            message = f"number {int(item[1]) + 1} {message.removeprefix(part)}"
    return labelled(message).replace(">=", "≥").replace("<=", "≤")


def labelled(message: str) -> str:
    """A refusal that calls the fields what the form calls them, not by their paths."""
    return re.sub(r"`([a-z_0-9.]+)`", lambda found: _labels().get(found[1], found[0]), message)


@functools.cache
def _labels() -> dict[str, str]:
    return {field.path: field.label for field in fields()}


def unit_of(field: Field, config: Config) -> str:
    """The unit of a field; what an epoch is called follows the optimiser."""
    if field.unit != "epochs":
        return field.unit
    return MethodFacts.named(config.optimizer.name).epochs


def row_id(path: str) -> str:
    """The id of a field's row: "optimizer-eta"."""
    return path.replace(".", "-")
