"""The line of the Runs screen in which a filter is typed."""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from tuinn.screens.runs_actions import RunsActions
from tuinn.screens.runs_states import unfinished
from tuinn.store.filter import FilterError, parse
from tuinn.widgets.run_list import RunList

PLACEHOLDER = "words, or as in  optimizer.name == adam and best_accuracy > 95 %"


class RunsFilter(RunsActions):
    """What is typed is done at once; the keys go to the line and back to the list."""

    list: RunList
    filter: Input
    refused: str
    """What is wrong with the filter that is typed."""

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._filter(event.value, finished=False)

    @on(Input.Submitted)
    def _finished(self, event: Input.Submitted) -> None:
        event.stop()
        self._filter(event.value, finished=True)
        if not self.refused:
            self.list.focus()

    def _filter(self, text: str, finished: bool) -> None:
        """Show what matches. A field that is still being typed is left out, as nothing has it."""
        try:
            found = parse(text)
            word = "" if finished else unfinished(text)
            if word and not any(map(found.matches, self.shelf.all)):
                found = parse(text.rstrip().removesuffix(word))
        except FilterError as error:
            text = f"The filter, {error}"
            # it may end with: did you mean adam?
            self.refused = text if text.endswith("?") else f"{text}."
        else:
            self.refused = ""
            self.shelf.show_only(found)
        self.show_all()

    def action_filter(self) -> None:
        # at once: what is typed next is meant for it
        self.set_focus(self.filter)

    def action_turn(self) -> None:
        (self.list if self.focused is self.filter else self.filter).focus()

    def action_back(self) -> None:
        if self.focused is self.filter:
            self._filter(self.filter.value, finished=True)
            self.list.focus()
        elif self.filter.value:
            self.filter.value = ""
        elif self.shelf.marks:
            self.shelf.marks.clear()
            self.show_all()
        else:
            self.app.call_later(self.app.run_action, "app.home")
