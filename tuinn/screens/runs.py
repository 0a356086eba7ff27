"""The Runs screen: all runs that are kept, to be found, looked at, gone on with and compared."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.events import DescendantBlur, DescendantFocus, Resize
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from tuinn.screens.actions import APP_ACTIONS, Action, bindings
from tuinn.screens.form_keys import types
from tuinn.screens.help import HelpPage
from tuinn.screens.runs_actions import MOST_OVERLAID, RUNS_ACTIONS
from tuinn.screens.runs_filter import PLACEHOLDER, RunsFilter
from tuinn.screens.runs_help import help_page
from tuinn.screens.runs_layout import CSS, classes_for
from tuinn.screens.runs_reader import CurveReader, uncollected
from tuinn.screens.runs_shelf import Shelf
from tuinn.screens.runs_states import empty, hint, message, title
from tuinn.store import Store, StoredRun, StoreError
from tuinn.store.absent import is_absent, is_there
from tuinn.widgets.field_editors import CalmInput
from tuinn.widgets.footer import Key, KeyBar
from tuinn.widgets.header import TitleBar
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.run_details import RunDetails
from tuinn.widgets.run_list import RunList
from tuinn.widgets.status import Sentence, StatusLine

if TYPE_CHECKING:
    from tuinn.screens.gate import Gate

LOOKS = 0.5
"""Seconds between two looks at what has changed in the store."""
TOLD_SECONDS = 6.0


class RunsScreen(RunsFilter):
    """Lists the runs of the store in ``folder``; see `RunsActions` for what the keys do."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[Any]] = bindings(RUNS_ACTIONS)

    DEFAULT_CSS = CSS

    class Open(Message):
        """A run is to be opened in the lab."""

        def __init__(self, run: StoredRun) -> None:
            super().__init__()
            self.run = run

    class Overlay(Message):
        """Runs are to be laid over each other in the race."""

        def __init__(self, runs: Sequence[StoredRun]) -> None:
            super().__init__()
            self.runs = tuple(runs)

    def __init__(
        self,
        folder: Path | None = None,
        *,
        fps: float,
        draw: Glyphs,
        gate: Gate | None = None,
        kept: bool = True,
    ) -> None:
        """``folder``: None: where runs are kept; ``gate``: what else goes on waits while this
        screen draws; ``kept``: the runs of this program are kept there."""
        super().__init__()
        self.folder = folder
        self.kept = kept
        self.fps = fps
        self._gate = gate
        self.shelf = Shelf()
        self.store: Store | None = None
        self.asked_to_delete = False
        self.deleted: list[list[int]] = []
        self.list = RunList(glyphs=draw)
        self.details = RunDetails(glyphs=draw)
        self.filter = CalmInput(placeholder=PLACEHOLDER, compact=True)
        self._reader: CurveReader | None = None
        self._version: int | None = None
        self.refused = ""
        """What is wrong with the filter that is typed."""
        self.insisted = False
        self._in_sight = False
        self._waits_since: float | None = None
        """Since when the curves of the chosen run are being read."""
        self._told = Sentence("")
        self._told_until = 0.0

    def compose(self) -> ComposeResult:
        yield TitleBar("Runs")
        with Horizontal(id="filter"):
            yield Static("/ filter", markup=False)
            yield self.filter
        with Container(id="ground"):
            yield self.list
            yield self.details
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.list.focus()
        self.set_interval(LOOKS, self._tick)

    def on_screen_resume(self) -> None:
        self._in_sight = True
        if self.store is None:
            self._open_store()
        self.look()
        self.show_all()

    def on_screen_suspend(self) -> None:
        self._in_sight = False
        if not isinstance(self.app.screen, ModalScreen):
            # a dialog does not end a visit
            self.asked_to_delete = False

    def on_unmount(self) -> None:
        self.close()

    def on_resize(self, event: Resize) -> None:
        width, height = event.size
        for name, fits in classes_for(width, height).items():
            self.set_class(fits, name)
        self.details.set_class(self.has_class("-narrow"), "-beside")

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        self._show_state()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        if event.widget is self.filter:
            self.leave_filter()
        self.show_keys()

    # the store

    def _open_store(self) -> None:
        self.list.refused = False
        try:
            if is_absent(self.folder):
                # it is not begun by looking at it
                return
            try:
                self.store = Store(self.folder)
            except StoreError as error:
                if error.kind != "readonly":
                    raise
                self.store = Store(self.folder, read_only=True)
                self.tell("The store can only be read: nothing can be noted or deleted.", "hint")
        except StoreError as error:
            self._refuse(error)
            return
        self._version = None
        self._reader = CurveReader(self.store, lambda: self.call_later(self._show_curves))

    def _refuse(self, error: StoreError) -> None:
        """Show why there is no list."""
        self.list.refused, self.list.empty = True, str(error)

    def look(self) -> None:
        """Take from the store what has changed in it."""
        if self.store is None and not self.list.refused and is_there(self.folder):
            self._open_store()
        if self.store is None:
            return
        try:
            with uncollected() if self._version is None else nullcontext():
                version = self.store.version()
                if version == self._version:
                    return
                self.shelf.take(self.store.runs())
        except StoreError as error:
            if self._version is None:
                # what was never read is not empty
                self._refuse(error)
                self.show_all()
            else:
                self.tell(str(error), "error")
            return
        self._version, self.list.refused = version, False
        self.show_all()

    def _tick(self) -> None:
        """What changes by itself; nothing is done out of sight."""
        if not self._in_sight:
            return
        self.look()
        if self._waits_since is not None and monotonic() - self._waits_since > LOOKS:
            self.details.draw(None, "the curves are being read")
        self._show_state()

    def close(self) -> None:
        """Let go of the store; what was deleted is gone for good. For the end of the program."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self.store is not None:
            self.store.close()
            self.store = None

    # what is shown

    def show_all(self) -> None:
        if not self.is_mounted:
            return
        if self._gate:
            self._gate.hold()
            self.call_after_refresh(self._gate.release)
        shelf = self.shelf
        if not self.list.refused:
            typing, deleted = self.focused is self.filter, sum(map(len, self.deleted))
            self.list.empty = empty(shelf, typing=typing, deleted=deleted, kept=self.kept)
        self.details.display = bool(shelf.all)
        self.list.show(shelf.shown, shelf.at, shelf.marks, shelf.sort, shelf.turned)
        self._show_run()

    def _show_run(self) -> None:
        """The details of the chosen run, and what can be done with it."""
        run = self.shelf.current
        self.details.show(run, self.shelf.compared, self.shelf.raced_with(run) if run else [])
        self._show_curves()
        self._show_state()

    def _show_curves(self) -> None:
        """Those of the run before stay until those of the chosen one are there."""
        run = self.shelf.current
        if run is None or self._reader is None or not self._in_sight:
            self._waits_since = None
            return
        found = self._reader.curves(run)
        if found is None:
            self._waits_since = self._waits_since or monotonic()
            return
        self._waits_since = None
        if isinstance(found, StoreError):
            self.details.draw(None, "no curves can be read")
            self.tell(str(found), "error")
        else:
            self.details.draw(found, "no figures yet")

    def _show_state(self) -> None:
        bar = self.query_one(TitleBar)
        bar.preset, bar.state = title(self.shelf, self.kept)
        self.query_one(StatusLine).sentence = self._sentence()
        self.show_keys()

    def _sentence(self) -> Sentence:
        if self.focused is self.filter:
            level = "error" if self.insisted else "hint"
            return Sentence(self.refused, level) if self.refused else hint(self.filter.value)
        if monotonic() < self._told_until:
            return self._told
        if self.list.refused:
            return Sentence("There is no list of runs.", "error")
        return message(self.shelf)

    def tell(self, text: str, level: str = "info") -> None:
        self._told, self._told_until = Sentence(text, level), monotonic() + TOLD_SECONDS
        self.show_all()

    # the list

    def on_run_list_chosen(self, event: RunList.Chosen) -> None:
        event.stop()
        if self.list.at != self.shelf.at:
            self.shelf.at, self._told_until = self.list.at, 0.0
            self._show_run()

    def on_run_list_toggled(self, event: RunList.Toggled) -> None:
        event.stop()
        if event.place < len(self.shelf.shown):
            self.shelf.toggle(self.shelf.shown[event.place])
            self.show_all()

    def on_run_list_sort_wanted(self, event: RunList.SortWanted) -> None:
        event.stop()
        self.shelf.sort_by(event.column)
        self.show_all()

    def on_run_list_open_wanted(self, event: RunList.OpenWanted) -> None:
        event.stop()
        self.action_open()

    def action_details(self, by: int) -> None:
        self.details.read_on(by)

    def columns_in_sight(self) -> list[str]:
        return self.list.columns_in_sight

    def action_open(self) -> None:
        run = self.shelf.current
        if run is not None:
            self.post_message(self.Open(run))

    def action_overlay(self) -> None:
        runs = self.shelf.meant
        if len(runs) > MOST_OVERLAID:
            self.tell(f"At most {MOST_OVERLAID} runs can be told apart; mark fewer.", "hint")
        elif runs:
            self.post_message(self.Overlay(runs))

    # keys

    def offered(self) -> list[Action]:
        """The actions that can be done now."""
        return [action for action in RUNS_ACTIONS if self._can(action.method)]

    def help_page(self) -> HelpPage:
        """What the help says of this screen."""
        return help_page()

    def _can(self, method: str) -> bool:
        match method:
            case "undo":
                return bool(self.deleted)
            case "back" | "turn":
                return True
            case "filter" | "sort(1)" | "invert" | "details(1)" | "details(-1)":
                return bool(self.shelf.all)
        return bool(self.shelf.meant)

    def show_keys(self) -> None:
        if types(self.focused):
            keys = [Key("enter", "take", "turn", 1), Key("esc", "list", "back", 2)]
        else:
            keys = [
                Key(action.shown, self._label(action), action.method, action.footer)
                for action in (*self.offered(), *APP_ACTIONS)
                if action.footer
            ]
        self.query_one(KeyBar).keys = tuple(keys)

    def _label(self, action: Action) -> str:
        current = self.shelf.current
        match action.method:
            case "mark":
                return "unmark" if current and current.id in self.shelf.marks else "mark"
            case "back":
                return "clear" if self.filter.value else "unmark" if self.shelf.marks else "lab"
        return action.label

    async def on_key_bar_pressed(self, event: KeyBar.Pressed) -> None:
        event.stop()
        await self.run_action(event.action)
