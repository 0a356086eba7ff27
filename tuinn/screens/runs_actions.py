"""What the keys of the Runs screen do."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from threading import Thread

from textual.screen import Screen

from tuinn.allowed import ConfigError
from tuinn.numbers import count
from tuinn.screens.actions import Action
from tuinn.screens.ask import Ask, Choice
from tuinn.screens.prompt import Prompt
from tuinn.screens.runs_line import RunLine
from tuinn.screens.runs_shelf import Shelf
from tuinn.screens.runs_states import named
from tuinn.store import Store, StoredRun, StoreError
from tuinn.widgets.run_columns import BY_NAME

RUNS, LIST, NOTES = "Run", "List", "Notes"
MOST_OVERLAID = 6
"""Runs that can be told apart in one chart."""
MOST_NAMED = 3
"""Runs that a question names."""

RUNS_ACTIONS: tuple[Action, ...] = (
    Action("runs.open", "enter", "enter", "open", "open", "Open the run in the lab", RUNS, 2),
    Action(
        "view.overlay", "o", "o", "overlay", "overlay",
        "Lay the marked runs over each other in the race", RUNS, 5,
    ),
    Action(
        "presets.save", "ctrl+s", "^s", "export", "export",
        "Write to a file: .csv, .jsonl, .npz (weights), .html or .svg (report)", RUNS, 7,
    ),
    Action(
        "runs.line", "l", "l", "line", "run string",
        "Copy the line that repeats the run elsewhere, and show it", RUNS, 13,
    ),
    Action(
        "runs.delete", "delete,D", "D", "delete", "delete",
        "Delete; until you quit u brings it back", RUNS, 9,
    ),
    Action("runs.undo", "u", "u", "undo", "undo", "Bring back what was deleted last", RUNS, 6),
    Action(
        "runs.filter", "slash", "/", "filter", "filter",
        "Find runs by words or by an expression", LIST, 3,
    ),
    Action("runs.mark", "space", "space", "mark", "mark", "Mark the run, or no longer", LIST, 1),
    Action(
        "runs.mark_all", "asterisk", "*", "mark_all", "all",
        "Mark all runs in the list, or none", LIST, 14,
    ),
    Action(
        "runs.sort", "S", "S", "sort(1)", "sort",
        "Sort by the next column; a click on a title sorts by it", LIST, 8,
    ),
    Action(
        "runs.details_down", "shift+down,J", "shift+↓", "details(1)", "details",
        "Read on in the details (or J)", LIST,
    ),
    Action(
        "runs.details_up", "shift+up,K", "shift+↑", "details(-1)", "details",
        "Go back in the details (or K)", LIST,
    ),
    Action(
        "runs.invert", "I", "I", "invert", "turn", "Turn the order round", LIST, 16,
    ),
    Action("runs.tag", "number_sign", "#", "tag", "tag", "Write the tags", NOTES, 10),
    Action("runs.note", "w", "w", "note", "note", "Write the note of the run", NOTES, 12),
    Action(
        "view.turn", "tab,shift+tab", "tab", "turn", "filter",
        "Go to the filter and back to the list", LIST,
    ),
    Action(
        "view.back", "escape", "esc", "back", "back",
        "Back: clear the filter, take the marks away, go to the lab", LIST, 11,
    ),
)  # fmt: skip


class RunsActions(Screen[None]):
    """The actions. What is told goes to the message line."""

    shelf: Shelf
    store: Store | None
    asked_to_delete: bool
    """In this visit; it is asked again for several runs, and for what somebody wrote to."""
    deleted: list[list[int]]
    """What was deleted at once, the last one last."""

    @abstractmethod
    def tell(self, text: str, level: str = "info") -> None:
        """Say something in the message line for a while."""

    @abstractmethod
    def show_all(self) -> None:
        """Show what has changed, wherever it is shown."""

    @abstractmethod
    def look(self) -> None:
        """Take from the store what has changed in it."""

    @abstractmethod
    def columns_in_sight(self) -> list[str]:
        """The columns of the list that there is room for."""

    # the list

    def action_mark(self) -> None:
        run = self.shelf.current
        if run is not None:
            self.shelf.toggle(run)
            # the next one is likely to be marked, too
            self.shelf.at = min(self.shelf.at + 1, len(self.shelf.shown) - 1)
            self.show_all()

    def action_mark_all(self) -> None:
        self.shelf.toggle_all()
        self.show_all()

    def action_sort(self, by: int) -> None:
        self.shelf.next_sort(by, self.columns_in_sight())
        title = BY_NAME[self.shelf.sort].title
        self.tell(f"Sorted by {title}{'' if title.endswith('.') else '.'}")

    def action_invert(self) -> None:
        self.shelf.sort_by(self.shelf.sort)
        self.show_all()

    @abstractmethod
    def action_details(self, by: int) -> None: ...

    # a run, or those that are marked

    @abstractmethod
    def action_open(self) -> None: ...

    @abstractmethod
    def action_overlay(self) -> None: ...

    def action_line(self) -> None:
        run = self.shelf.current
        if run is None:
            return
        from tuinn.run_string import encode, of_stored

        try:
            line = encode(of_stored(run))
        except ConfigError as error:
            self.tell(str(error), "error")
            return
        self.app.copy_to_clipboard(line)
        self.app.push_screen(RunLine(run, line))

    def action_export(self) -> None:
        runs = self.shelf.meant
        if not runs:
            return
        name = f"run-{runs[0].id}.html" if len(runs) == 1 else "runs.html"
        warned: set[str] = set()

        def take(text: str) -> None:
            from tuinn.export import format_of

            if not text:
                raise ConfigError("name a file; its ending says what is written")
            format_of(text)
            path = Path(text).expanduser()
            if path.is_file() and text not in warned:
                warned.add(text)
                raise ConfigError(f"{path.absolute()} is there: enter again replaces it")
            self.tell(f"{_begun(named(runs))}: {text} is being written …")
            # what a long run has to say takes its time
            Thread(target=self._export, args=(runs, text), daemon=True).start()

        question = (
            f"Writes {_listed(runs)}. The ending says what is written: .csv or .jsonl the figures, "
            ".npz the weights, .html or .svg a report with the charts; a folder (name/) takes "
            f"TensorBoard's event files. A name alone is a file in {Path.cwd()}."
        )
        self.app.push_screen(Prompt(f"write {named(runs)} to a file", question, name, take))

    def _export(self, runs: list[StoredRun], path: str) -> None:
        """In a thread of its own."""
        from tuinn.export import export

        try:
            told = _written(export(self._opened, [run.id for run in runs], path)), "info"
        except (StoreError, ConfigError) as error:
            told = str(error), "error"
        self.call_later(self.tell, *told)

    def action_delete(self) -> None:
        runs = self.shelf.meant
        held = [run for run in runs if run.owner_pid is not None]
        if held:
            self.tell(f"{_begun(named(held))} cannot be deleted: a process has it open.", "hint")
        elif runs and self.asked_to_delete and not _worth_a_question(runs):
            self._delete(runs)
        elif runs:
            hidden = self.shelf.out_of_sight
            away = f" {count(hidden)} of them are not in the list." if hidden else ""
            what = f"{named(runs)}{f' ({runs[0].name})' if len(runs) == 1 else ''}"
            once = (
                "" if _worth_a_question(runs) else " In this visit it is not asked again for one."
            )
            text = (
                f"Delete {what} with all figures and weights?{away}{_noted(runs)} u brings back "
                f"what was deleted until you quit.{once}"
            )

            def answered(answer: str | None) -> None:
                if answer:
                    self.asked_to_delete = True
                    self._delete(runs)

            choices = [Choice("enter", "delete", "delete")]
            self.app.push_screen(Ask(f"delete {named(runs)}", text, choices), answered)

    def _delete(self, runs: list[StoredRun]) -> None:
        ids = [run.id for run in runs]
        try:
            self._opened.delete(ids)
        except StoreError as error:
            self.tell(str(error), "error")
            return
        self.deleted.append(ids)
        self.look()
        self.tell(f"{_begun(named(runs))} deleted; u brings back, until you quit.")

    def action_undo(self) -> None:
        if not self.deleted:
            self.tell("Nothing was deleted since the start.", "hint")
            return
        ids = self.deleted[-1]
        try:
            self._opened.restore(ids)
        except StoreError as error:
            self.tell(str(error), "error")
            return
        self.deleted.pop()
        self.look()
        self.shelf.choose(ids[0])
        what = f"Run {ids[0]} is" if len(ids) == 1 else f"{count(len(ids))} runs are"
        self.tell(f"{what} back.")

    # notes

    def action_tag(self) -> None:
        runs = self.shelf.meant
        if not runs:
            return
        before = [tag for tag in runs[0].tags if all(tag in run.tags for run in runs)]

        def take(text: str) -> None:
            after = [tag.lstrip("#") for tag in text.replace(",", " ").split()]
            after = [tag for tag in after if tag]
            gone = [tag for tag in before if tag not in after]
            try:
                self._opened.tag([run.id for run in runs], add=after, remove=gone)
            except StoreError as error:
                raise ConfigError(str(error)) from None
            self.look()

        whose = "its tags" if len(runs) == 1 else "the tags that all of them have"
        self.app.push_screen(
            Prompt(
                f"tags of {named(runs)}", f"{whose}, with spaces between", " ".join(before), take
            )
        )

    def action_note(self) -> None:
        run = self.shelf.current
        if run is None:
            return

        def take(text: str) -> None:
            try:
                self._opened.note(run.id, text)
            except StoreError as error:
                raise ConfigError(str(error)) from None
            self.look()

        question = "what there is to say of it; empty: nothing"
        self.app.push_screen(Prompt(f"note of run {run.id}", question, run.note, take))

    @property
    def _opened(self) -> Store:
        """The store; there are no runs to act on without one."""
        assert self.store is not None, "what is listed came from a store"
        return self.store


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _worth_a_question(runs: list[StoredRun]) -> bool:
    """More would be lost than one run that nobody wrote anything to."""
    return len(runs) > 1 or any(run.tags or run.note for run in runs)


def _noted(runs: list[StoredRun]) -> str:
    """What a person wrote would be lost, in a sentence; empty: nobody wrote anything."""
    noted = sum(bool(run.tags or run.note) for run in runs)
    if not noted:
        return ""
    if len(runs) == 1:
        return " It has tags or a note."
    return f" {count(noted)} of them {'has' if noted == 1 else 'have'} tags or a note."


def _listed(runs: list[StoredRun]) -> str:
    """ "runs 3 (circle), 5 (moons) and 2 more"."""
    few = ", ".join(f"{run.id} ({run.name})" for run in runs[:MOST_NAMED])
    rest = len(runs) - MOST_NAMED
    return f"run{'' if len(runs) == 1 else 's'} {few}{f' and {rest} more' if rest > 0 else ''}"


def _written(paths: list[Path]) -> str:
    first = paths[0].absolute()
    if len(paths) == 1:
        return f"Written: {first}"
    return f"Written: {len(paths)} files, the first is {first}"
