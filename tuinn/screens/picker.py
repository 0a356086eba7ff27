"""A list to search and pick from, with what the highlighted item is beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import MouseDown
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tuinn.widgets.field_editors import CalmInput


class Item(NamedTuple):
    """One thing to pick."""

    name: str
    title: str
    about: str
    preview: str = ""
    """Lines that say what it sets or holds."""
    tag: str = ""
    """A word at the right of the list: "own"."""

    def matches(self, words: Sequence[str]) -> bool:
        text = f"{self.name} {self.title} {self.about} {self.tag}".lower()
        return all(word in text for word in words)

    def place(self, words: Sequence[str]) -> int:
        """Where it stands among what matches, first 0: words in the name count before others."""
        name = self.name.lower()
        begins = bool(words) and name.startswith(words[0])
        return -2 * sum(word in name for word in words) - begins


class Several(NamedTuple):
    """What may be done with several items at once."""

    verb: str
    """As in "race 3 side by side"."""
    most: int
    take: Callable[[tuple[str, ...]], None]
    """Gets the names in the order in which they were marked."""


_MARK = 2
"""Columns in which the marks stand."""


class Picker(ModalScreen[str | None]):
    """Gives the name of the picked item, None where nothing was picked, or several were taken."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("escape", "dismiss", "back", id="picker.back"),
        Binding("up", "move(-1)", show=False, id="picker.up"),
        Binding("down", "move(1)", show=False, id="picker.down"),
        Binding("pageup", "move(-10)", show=False, id="picker.page_up"),
        Binding("pagedown", "move(10)", show=False, id="picker.page_down"),
        Binding("tab", "mark", show=False, id="picker.mark"),
    ]

    DEFAULT_CSS = """
    Picker { align: center middle; background: $background 60%; }
    Picker > Vertical {
        width: 104; max-width: 100%; height: 30; max-height: 100%;
        background: $surface; border: round $border; padding: 0 1;
        border-title-color: $text; border-subtitle-color: $text-muted;
    }
    Picker Input { background: $panel; padding: 0 1; margin: 0 0 1 0; }
    Picker Horizontal { height: 1fr; }
    Picker OptionList {
        width: 40; height: 1fr; border: none; background: $surface; padding: 0;
        scrollbar-size-vertical: 1;
    }
    Picker OptionList:focus { border: none; background-tint: $foreground 0%; }
    Picker VerticalScroll { width: 1fr; height: 1fr; padding: 0 0 0 2; }
    """

    def __init__(
        self,
        title: str,
        items: Sequence[Item],
        current: str = "",
        prompt: str = "type to search",
        paths: bool = False,
        several: Several | None = None,
    ) -> None:
        """``paths``: what is typed may also be the path of a file, and is then offered as such.

        ``several``: items may be marked, and enter then takes those.
        """
        super().__init__()
        self._title = title
        self._items = {item.name: item for item in items}
        self._current = current
        self._prompt = prompt
        self._paths = paths
        self._several = several
        self._marked: list[str] = []
        self._at_mark = False
        """The pointer went down where the marks stand."""

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self._title
            yield CalmInput(placeholder=self._prompt, compact=True)
            with Horizontal():
                # the search line keeps the focus; the list follows the arrows and the mouse
                options = OptionList(compact=True)
                options.can_focus = False
                yield options
                with VerticalScroll(can_focus=False):
                    yield Static("", id="preview", markup=False)

    def on_mount(self) -> None:
        self._say_keys()
        self._fill("")
        self.query_one(Input).focus()

    def _say_keys(self) -> None:
        mark, take = "", "take"
        if self._several:
            mark = f"   tab or a click on · mark to {self._several.verb}"
            if len(self._marked) == self._several.most:
                mark = f"   {self._several.most} are marked, the most there can be"
            if self._taken:
                take = f"{self._several.verb} {len(self._marked)}"
        box = self.query_one(Vertical)
        box.border_subtitle = f"↑↓ choose{mark}   enter {take}   esc back"

    @property
    def _taken(self) -> bool:
        """Enter takes the marked ones."""
        return len(self._marked) > 1

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted)
    def _take(self) -> None:
        options = self.query_one(OptionList)
        if self._several and self._taken:
            self.dismiss(None)
            self._several.take(tuple(self._marked))
        elif options.highlighted is not None:
            self.dismiss(options.get_option_at_index(options.highlighted).id)

    def on_mouse_down(self, event: MouseDown) -> None:
        region = self.query_one(OptionList).region
        self._at_mark = self._several is not None and event.screen_x - region.x < _MARK

    @on(OptionList.OptionSelected)
    def _click(self, event: OptionList.OptionSelected) -> None:
        if self._at_mark:
            self.action_mark()
        else:
            self.dismiss(event.option_id)

    def action_mark(self) -> None:
        """Mark the highlighted item, or unmark it, and go to the next."""
        options = self.query_one(OptionList)
        at = options.highlighted
        name = None if at is None else options.get_option_at_index(at).id
        if self._several is None or at is None or name not in self._items:
            return
        if name in self._marked:
            self._marked.remove(name)
        elif len(self._marked) < self._several.most:
            self._marked.append(name)
        options.replace_option_prompt_at_index(at, self._line(self._items[name]))
        if not self._at_mark:
            self.action_move(1)
        self._at_mark = False
        self._say_keys()

    @on(OptionList.OptionHighlighted)
    def _show(self, event: OptionList.OptionHighlighted) -> None:
        name = event.option_id or ""
        self._preview(self._items.get(name) or _file(name))

    def action_move(self, by: int) -> None:
        options = self.query_one(OptionList)
        if options.option_count:
            at = (options.highlighted or 0) + by
            options.highlighted = min(max(at, 0), options.option_count - 1)

    def _fill(self, text: str) -> None:
        words = text.lower().split()
        items = sorted(
            (item for item in self._items.values() if item.matches(words)),
            key=lambda item: item.place(words),
        )
        if self._paths and ("/" in text or "." in text):
            items.append(_file(text.strip()))
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(self._line(item), id=item.name) for item in items)
        if items:
            names = [item.name for item in items]
            # what was searched for comes first, whatever is open now
            here = not words and self._current in names
            options.highlighted = names.index(self._current) if here else 0
        else:
            nothing = Item("", "", f"Nothing is called “{text}”. Delete letters to see more.")
            self._preview(nothing)

    def _line(self, item: Item) -> Content:
        mark = ""
        if self._several:
            place = self._marked.index(item.name) + 1 if item.name in self._marked else 0
            mark = f"{place} " if place else "· "
        tag = (f"  {item.tag}", "$text-accent") if item.tag else ""
        return Content.assemble((mark, "$text-accent"), item.name, tag)

    def _preview(self, item: Item) -> None:
        self.query_one("#preview", Static).update(
            Content.assemble(
                (item.title, "bold $foreground"),
                "\n\n" if item.title else "",
                (item.about, "$foreground"),
                "\n\n",
                (item.preview, "$foreground 62%"),
            )
        )


def _file(path: str) -> Item:
    return Item(path, path, "The file of this name: .csv, .npz, or a folder of IDX files.")
