"""What the help says of the Runs screen."""

from __future__ import annotations

from tuinn.screens.help import HelpPage
from tuinn.screens.panel_help import PanelHelp
from tuinn.screens.runs_actions import RUNS_ACTIONS
from tuinn.store.filter import fields
from tuinn.widgets.run_columns import STATES

INTRO = (
    "Every run that makes an update is kept: those of the lab and of the race, those of `tuinn "
    "train`, and those of other tuinn processes on this machine, which are followed as they go on. "
    "Choose one with the arrows; what it is stands beside the list. Mark several with space to "
    "compare, tag, export or delete them together; where none is marked, the keys act on the "
    "chosen one."
)


def help_page() -> HelpPage:
    signs = ", ".join(f"{sign} {word}" for word, sign in STATES.items())
    results = ", ".join(name for name in fields() if "." not in name)
    panels = [
        PanelHelp(
            "the list",
            "",
            f"{signs}. Stopped was left by its person; interrupted was ended by a signal, or its "
            "process is gone. Losses and accuracies are those of the validation set where there is "
            "one, else of the training set, and times are seconds of training. A click on a title "
            "sorts, a second one turns the order round; two clicks on a run open it, one on its "
            "sign marks it. ◆ is marked, # is a tag, +2 are two tags more. Before several runs, or "
            "one with tags or a note, are deleted, it is always asked; else once in a visit.",
        ),
        PanelHelp(
            "the details",
            "",
            "What differs is told from the first marked run, or else from the run above in the "
            "list, or from the defaults. With the same numpy, kernel and threads a run repeats to "
            "the last bit; its run string (l) holds all that it began with. Where they are longer "
            "than their room, shift+↓ and shift+↑ read on and back.",
        ),
        PanelHelp(
            "the filter",
            'optimizer.name == "adam" and validation_accuracy > 0.95',
            "Words are found in names, titles, tags, notes and data sets. Compared with == != < <= "
            "> >= in contains; joined with and, or, not and brackets, and without a word between "
            "them both must hold. Texts need quotes only where they have spaces; 95 % is 0.95; a "
            "figure that a run has not is none; days are 2026-11-22, today, yesterday. Every "
            f"setting is a field by its path (optimizer.eta), and so are {results}. While a filter "
            "is typed the list shows what it says so far.",
        ),
    ]
    return HelpPage(INTRO, RUNS_ACTIONS, panels)
