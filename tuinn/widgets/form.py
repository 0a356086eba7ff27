"""The form at the left of the lab: every field of the configuration, in five groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tuinn.config import GROUPS, Config, ConfigError, Field, changed, fields, has
from tuinn.experiment import check
from tuinn.optimizers import Optimizer, are_twins
from tuinn.widgets.field import FieldRow, unit_of
from tuinn.widgets.form_layout import DIALOGS, Place, place

SUMMARY_LINES = {"Data": 1, "Network": 2}
"""Groups that say above their fields what these come to."""


class SetFacts(NamedTuple):
    """What decides which fields a named data set has."""

    generated: bool
    plane: bool
    """Its points have two coordinates."""


class Group(Vertical):
    """The fields of one group under its title."""

    DEFAULT_CSS = """
    Group {
        height: auto; border-top: solid $border-blurred; border-title-color: $text; padding: 0 1;
    }
    Group > .summary { color: $text-muted; height: auto; }
    """

    def __init__(self, title: str, rows: list[FieldRow]) -> None:
        super().__init__(id=f"group-{title.lower()}")
        self.border_title = title
        self._rows = rows
        self._lines = SUMMARY_LINES.get(title, 0)

    def compose(self) -> ComposeResult:
        if self._lines:
            # the room is kept from the start, so that no field moves when the data arrive
            yield Static("\n" * (self._lines - 1), classes="summary", markup=False)
        yield from self._rows

    def summarise(self, text: str) -> None:
        """Say above the fields what they come to."""
        self.query_one(".summary", Static).update(text)


class More(Widget, can_focus=True):
    """Shows the rarely used fields, or puts them away."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("enter", "flip", "show", show=False),
        Binding("up", "screen.field(-1)", show=False),
        Binding("down", "screen.field(1)", show=False),
    ]
    DEFAULT_CSS = """
    More { height: 1; padding: 0 1; color: $text-muted; }
    More:focus { background: $block-cursor-background; color: $text; }
    """

    class Flipped(Message):
        """The person wants more fields, or fewer."""

    def __init__(self) -> None:
        super().__init__(id="more")
        self.open = False
        self.number = 0

    def render(self) -> str:
        return (
            "▾ fewer fields"
            if self.open
            else f"▸ {self.number} more field{'s' if self.number != 1 else ''}"
        )

    def action_flip(self) -> None:
        self.open = not self.open
        self.post_message(self.Flipped())

    def on_click(self, event: Click) -> None:
        event.stop()
        self.action_flip()


class Form(Widget):
    """All the fields. `config` is the last valid configuration; a wrong field keeps its text."""

    DEFAULT_CSS = """
    Form { width: 32; height: 1fr; layout: vertical; }
    Form > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    Form .column { width: 1fr; height: auto; }
    Form > .about { height: auto; min-height: 2; max-height: 4; color: $text-muted; padding: 0 1; }
    """

    class Changed(Message):
        """The configuration has changed by the person's hand."""

        def __init__(self, config: Config, path: str) -> None:
            super().__init__()
            self.config = config
            self.path = path

    class Asked(Message):
        """A field wants its dialog."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    def __init__(
        self,
        config: Config,
        sets: Mapping[str, SetFacts],
        refusal: Callable[[str, Config], str] = lambda path, config: "",
    ) -> None:
        """``sets``: what is known of the named sets, by name; other names are files.

        ``refusal(path, config)``: why the field's value cannot be taken now though it is valid
        by itself, empty where it can.
        """
        super().__init__(id="form")
        self.config = config
        self._sets = sets
        self._refusal = refusal
        self._clash = ""
        """The field at which it stands that some fields do not go together."""
        self._typed: dict[str, Optimizer] = {}
        """What was last set for each optimiser that is not the chosen one."""
        self.rows: list[FieldRow] = []
        """In the order of the form; those of an optimiser are made when it is first chosen."""
        self._make_rows()

    def compose(self) -> ComposeResult:
        groups = {
            name: Group(name, [row for row in self.rows if row.field.group == name])
            for name in GROUPS
        }
        with VerticalScroll(can_focus=False):
            with Vertical(classes="column"):
                yield groups["Data"]
                yield groups["Network"]
            with Vertical(classes="column"):
                yield groups["Training"]
                yield groups["Regularisation"]
                yield groups["Stop"]
                yield More()
        yield Static("", classes="about", markup=False)

    def on_mount(self) -> None:
        self._place_fields()

    # what it knows

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong now, by field."""
        return {row.path: row.error for row in self.rows if row.error}

    @property
    def editors(self) -> list[Widget]:
        """The editors that can be reached now, in their order, and the line for more fields."""
        return [*(row.editor for row in self.rows if row.display), self.query_one(More)]

    def row(self, path: str) -> FieldRow:
        return next(row for row in self.rows if row.path == path)

    # what happens to it

    def load(self, config: Config) -> None:
        """Show another configuration; nobody is told."""
        self.config = config
        self._clash = ""
        self._typed.clear()
        self._add_rows()
        for row in self.rows:
            row.show(config)
        self._place_fields()

    def set(self, path: str, value: Any) -> None:
        """Set one field as if the person had typed it."""
        self._edit(self.row(path), value)
        self.row(path).show(self.config)

    def say(self, path: str, message: str) -> bool:
        """Show beside a field why some do not go together, until one of them changes.

        An empty ``message``: they do. False where there is no such field.
        """
        found = {row.path: row for row in self.rows if row.path in (path, self._clash)}
        if self._clash in found:
            found[self._clash].say_clash("")
        self._clash = ""
        if message and path in found:
            found[path].display = True
            found[path].say_clash(message)
            self._clash = path
        return path in found

    def judge(self, config: Config | None = None) -> None:
        """Say at its field what does not go together, in ``config`` or in what is set now."""
        try:
            check(config or self.config)
        except ConfigError as error:
            self.say(error.field, str(error))
        else:
            self.say(self._clash, "")

    def on_field_row_typed(self, event: FieldRow.Typed) -> None:
        event.stop()
        if why := self._refusal(event.row.path, event.config):
            event.row.say(why)
        elif has(self.config, event.row.path):
            self.judge(event.config)

    def summarise(self, group: str, text: str) -> None:
        """Say above the fields of a group what they come to."""
        self.query_one(f"#group-{group.lower()}", Group).summarise(text)

    def take(self) -> None:
        """Take the text of a line that is still being edited."""
        for row in self.rows:
            row.take()

    def on_field_row_edited(self, event: FieldRow.Edited) -> None:
        event.stop()
        self._edit(event.row, event.value)

    def on_field_row_asked(self, event: FieldRow.Asked) -> None:
        event.stop()
        self.post_message(self.Asked(event.row.field))

    def on_more_flipped(self, event: More.Flipped) -> None:
        event.stop()
        self._place_fields()

    def on_descendant_focus(self) -> None:
        self._say_about()

    def on_descendant_blur(self) -> None:
        self._say_about()

    def _say_about(self) -> None:
        """Say what the field is that has the keys now (losing and taking them come unordered)."""
        focused = self.screen.focused
        around = focused.ancestors_with_self if focused else []
        row = next((node for node in around if isinstance(node, FieldRow)), None)
        self.query_one(".about", Static).update(about(row.field, row.config) if row else "")

    def _edit(self, row: FieldRow, value: Any) -> None:
        if not has(self.config, row.path):
            # it went with its optimiser while this was on its way
            return
        try:
            config = self._with_typed(changed(self.config, row.path, value))
        except ConfigError as error:
            row.say(str(error))
            return
        if why := self._refusal(row.path, config):
            row.say(why)
            return
        row.say("")
        if config != self.config:
            another = config.optimizer.name != self.config.optimizer.name
            self.config = config
            self._add_rows()
            for other in self.rows:
                if another and other.field.methods:
                    other.show(config)
                else:
                    other.follow(config)
            self.judge(config)
            self._place_fields()
            self.post_message(self.Changed(config, row.path))

    def _make_rows(self) -> list[FieldRow]:
        """Make the rows of the fields that there are now, where there were none; returns these."""
        made = [
            FieldRow(field, self.config, field.path in DIALOGS)
            for field in in_order()
            if has(self.config, field.path) and field.path not in {row.path for row in self.rows}
        ]
        order = [field.path for field in in_order()]
        self.rows = sorted([*self.rows, *made], key=lambda row: order.index(row.path))
        return made

    def _add_rows(self) -> None:
        """Show rows for the fields that have none yet, each in its place."""
        for row in reversed(self._make_rows()):
            after = self.rows[self.rows.index(row) + 1 :]
            below = next((other for other in after if other.field.group == row.field.group), None)
            self.query_one(f"#group-{row.field.group.lower()}", Group).mount(row, before=below)

    def _with_typed(self, config: Config) -> Config:
        """``config``; where it is another optimiser, with what was last set for that one.

        What a twin has, too, is as it is set now.
        """
        old, name = self.config.optimizer, config.optimizer.name
        if name == old.name:
            return config
        self._typed[old.name] = old
        new = self._typed.get(name, config.optimizer)
        if are_twins(old.name, name):
            both = {*old.__struct_fields__} & {*new.__struct_fields__}
            new = msgspec.structs.replace(new, **{field: getattr(old, field) for field in both})
        return msgspec.structs.replace(config, optimizer=new)

    def _place_fields(self) -> None:
        """Show the fields that matter now."""
        name = self.config.data.set
        entry = self._sets.get(name)
        more, rare = self.query_one(More), 0
        for row in self.rows:
            where = place(
                row.field,
                self.config,
                generated=entry is not None and entry.generated,
                plane=entry is not None and entry.plane,
                file=entry is None and Path(name).suffix != "",
            )
            rare += where is Place.RARE
            row.display = (
                where is Place.SHOWN or bool(row.error) or (where is Place.RARE and more.open)
            )
        more.number = rare
        more.refresh()


LAST = ("seed", "training.batch_size", "training.examples", "training.dtype")
"""Fields that stand at the end of their group: after what they are of."""


def in_order() -> list[Field]:
    """The fields as the form shows them, from the top down."""

    def place(field: Field) -> tuple[int, int]:
        last = LAST.index(field.path) if field.path in LAST else -1
        return GROUPS.index(field.group), last

    return sorted(fields(), key=place)


def about(field: Field, config: Config) -> Content:
    """What a field is, and what it takes."""
    limits = field.range.replace(">=", "≥").replace("<=", "≤")
    allowed = ", ".join(part for part in (limits, unit_of(field, config)) if part)
    label = (field.label, "bold $foreground")
    return Content.assemble(label, f"  {field.help}", f" ({allowed})" if allowed else "")
