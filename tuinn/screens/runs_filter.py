"""The line of the Runs screen in which a filter is typed."""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from tuinn.screens.runs_actions import RunsActions
from tuinn.store.filter import FilterError, parse
from tuinn.store.filter_typed import so_far
from tuinn.widgets.run_list import RunList

PLACEHOLDER = "words, or as in  optimizer.name == adam and best_accuracy > 95 %"


class RunsFilter(RunsActions):
    """What is typed is done at once; the keys go to the line and back to the list."""

    list: RunList
    filter: Input
    refused: str
    """What is wrong with the filter that is typed."""
    insisted: bool
    """Somebody wanted to have it all the same."""

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.insisted = False
        self._filter(event.value, finished=self.focused is not self.filter)

    @on(Input.Submitted)
    def _finished(self, event: Input.Submitted) -> None:
        event.stop()
        self._filter(event.value, finished=True)
        if self.refused:
            self.insisted = True
            self.show_all()
        else:
            self.list.focus()

    def _filter(self, text: str, finished: bool) -> None:
        """Show what matches; of a filter that is still being typed, what matches so far."""
        self.refused = ""
        try:
            found = parse(text)
        except FilterError as error:
            told = f"The filter, {error}"
            # it may end with: did you mean adam?
            self.refused = told if told.endswith("?") else f"{told}."
        if not finished:
            self.shelf.show_only(so_far(text, self.shelf.all))
        elif not self.refused:
            self.shelf.show_only(found)
        self.show_all()

    def leave_filter(self) -> None:
        """Take what is typed, as far as it can be understood: the line tells what the list is."""
        self._filter(self.filter.value, finished=True)
        if self.refused:
            self.refused, kept = "", self.shelf.filter.text
            self.filter.value = kept
            self.tell(
                f"What could not be understood is left out of the filter: {kept}"
                if kept
                else "The filter could not be understood, and is left out.",
                "hint",
            )

    def action_filter(self) -> None:
        # at once: what is typed next is meant for it
        self.set_focus(self.filter)

    def action_turn(self) -> None:
        (self.list if self.focused is self.filter else self.filter).focus()

    def action_back(self) -> None:
        if self.focused is self.filter:
            self.list.focus()
        elif self.filter.value:
            self.filter.value = ""
        elif self.shelf.marks:
            self.shelf.marks.clear()
            self.show_all()
        else:
            self.app.call_later(self.app.run_action, "app.home")
