"""What the message line of the Runs screen says."""

from __future__ import annotations

from tuinn.numbers import count
from tuinn.screens.runs_shelf import Shelf
from tuinn.store import StoredRun
from tuinn.store.filter import fields
from tuinn.store.filter_typed import becomes, unfinished
from tuinn.widgets.status import Sentence

EMPTY = (
    "No run is kept yet. Every run that makes an update is: press g to go to the lab and space "
    "there to train, or run `tuinn train` in another terminal. Here it is followed as it goes on."
)
NONE_KEPT = (
    "No run is kept yet, and this tuinn keeps none: it was started with --unsaved. Runs of another "
    "tuinn, or of `tuinn train`, are listed here as soon as they train."
)
NOTHING_FOUND = "None of the runs matches the filter. esc clears it, / changes it."
NOTHING_SO_FAR = "None of the runs matches what is typed. ctrl+u takes it away."
EXAMPLES = (
    "Words, and expressions over settings and results: optimizer.name == adam and best_accuracy "
    "> 95 %, tag == draft, started >= yesterday, status != diverged, 30 in network.hidden."
)
LEAST = 3
"""Letters of a word from which on it is said which fields it may become."""


def empty(shelf: Shelf, *, typing: bool = False, deleted: int = 0, kept: bool = True) -> str:
    """What stands in the place of the list.

    ``typing``: a filter; ``deleted``: runs that can be brought back; ``kept``: the runs of this
    program are.
    """
    if shelf.shown:
        return ""
    if shelf.all:
        return NOTHING_SO_FAR if typing else NOTHING_FOUND
    if deleted:
        what = "The run was" if deleted == 1 else f"All {count(deleted)} runs were"
        return f"{what} deleted. u brings back what was deleted last, until you quit."
    return EMPTY if kept else NONE_KEPT


def title(shelf: Shelf, kept: bool = True) -> tuple[str, str]:
    """What the title bar says: how many there are, and how it goes. ``kept``: as in `empty`."""
    living = sum(run.status == "training" for run in shelf.all)
    total = f"{count(len(shelf.all))} {'run' if len(shelf.all) == 1 else 'runs'}"
    if shelf.filter.text:
        total = f"{count(len(shelf.shown))} of {total}"
    if not kept:
        total = f"{total}; this tuinn keeps none (--unsaved)"
    return total, "training" if living else "ready"


def named(runs: list[StoredRun]) -> str:
    """ "run 12", or "3 runs"."""
    return f"run {runs[0].id}" if len(runs) == 1 else f"{count(len(runs))} runs"


def message(shelf: Shelf) -> Sentence:
    """What is so, and what can be done with it."""
    if not shelf.all:
        return Sentence("The store of runs is empty.")
    if shelf.marks:
        n = len(shelf.marks)
        hidden = shelf.out_of_sight
        away = f" ({count(hidden)} not in the list)" if hidden else ""
        over = "o lays them over each other" if n > 1 else "mark more to lay them over each other"
        return Sentence(
            f"{count(n)} {'run is' if n == 1 else 'runs are'} marked{away}: {over}, ^s exports, "
            f"# tags, D deletes {'it' if n == 1 else 'them'}. esc takes the "
            f"{'mark' if n == 1 else 'marks'} away.",
            brief=f"{count(n)} marked{away}: o overlay, ^s export, # tag, D delete.",
        )
    run = shelf.current
    if run is None:
        return Sentence("/ changes the filter, esc clears it.")
    return Sentence(of_run(run))


def of_run(run: StoredRun) -> str:
    """How the chosen run stands, and what enter does."""
    who = f"Run {run.id}"
    if run.status == "training" and run.owner_pid is not None:
        return f"{who} trains in process {run.owner_pid}; its figures are followed here."
    if run.status == "diverged":
        return f"{who} diverged at update {count(run.update)}. enter opens it in the lab."
    if run.resumable:
        why = "was interrupted" if run.status == "interrupted" else f"is {run.status}"
        return f"{who} {why} at update {count(run.update)}: enter opens it in the lab to go on."
    return f"enter opens run {run.id} in the lab; space marks it, to compare it with others."


def hint(text: str) -> Sentence:
    """What is said while a filter is typed."""
    word = unfinished(text)
    names = [name for name in fields() if becomes(name, word, text != text.rstrip())]
    if not names or len(word) < LEAST:
        return Sentence(EXAMPLES, brief="As in: adam, or best_accuracy > 95 % and tag == draft.")
    more = f" … ({len(names)} in all)" if len(names) > 8 else ""
    return Sentence(f"Fields: {', '.join(names[:8])}{more}. Compare one, as in {names[0]} == …")
