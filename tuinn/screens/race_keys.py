"""What can be done on the Race screen, as data: keys, footer, palette and help follow from it."""

from __future__ import annotations

from tuinn.race import MOST
from tuinn.screens.actions import FORM, RUN, Action

RUNS, CURVES = "Runs", "Curves"
RACE_GROUPS = (RUN, RUNS, CURVES, FORM)

REPEATS = (1, 3, 5, 10)
"""How often each preset is trained, with other seeds; n goes from one to the next."""
SMOOTHINGS = (0.0, 0.6, 0.9, 0.97)
"""β of the moving average that is drawn; m goes from one to the next."""

RACE_ACTIONS: tuple[Action, ...] = (
    Action(
        "run.toggle", "space", "space", "train", "start",
        "Start or pause all runs, or the one in focus", RUN, 1,
    ),
    Action("run.step", "s", "s", "step", "update", "One update of each", RUN, 9),
    Action("run.epoch", "e", "e", "epoch", "epoch", "Each to the end of one epoch", RUN, 10),
    Action(
        "run.reset", "r", "r", "reset", "reset",
        "Go back to the first weights, from the same seed", RUN, 3,
    ),
    Action(
        "race.repeat", "n", "n", "repeat", "repeat",
        "Train each preset 1, 3, 5 or 10 times, with as many seeds: median, least and most",
        RUN, 7,
    ),
    Action(
        "race.predict", "u", "u", "predict", "who will win?",
        "Say who will win, before the start; you are told whether you were right", RUN, 8,
    ),
    Action("presets.pick", "p", "p", "presets", "presets", "Pick 2 to 6 presets", FORM, 5),
    Action(
        "race.next", "tab", "tab", "turn(1)", "next run",
        "Focus the next run; behind the last one all of them", RUNS, 4,
    ),
    Action("race.previous", "shift+tab", "shift+tab", "turn(-1)", "run before",
           "Focus the run before", RUNS),
    *(
        Action(
            f"race.run{number}", str(number), str(number), f"only({number - 1})", f"run {number}",
            f"Focus run {number}, or all again", RUNS,
        )
        for number in range(1, MOST + 1)
    ),
    Action(
        "race.enter", "enter", "enter", "enter", "open in the lab",
        "Open the run in focus in the lab", RUNS, 3,
    ),
    Action("view.back", "escape", "esc", "back", "back",
           "Back: hide the cursor, then all runs again, then the lab", RUNS, 6),
    Action(
        "race.overlay", "o", "o", "overlay", "overlay",
        "All runs in one large chart, or side by side again", CURVES, 4,
    ),
    Action(
        "race.figure", "v", "v", "figure(1)", "figure",
        "What the large chart shows: loss, accuracy, ‖δ‖, ‖W‖", CURVES, 5,
    ),
    Action("race.figure_back", "V", "V", "figure(-1)", "figure", "The figure before", CURVES),
    Action(
        "curves.x", "x", "x", "x_axis", "axis",
        "Count x in epochs, updates, evaluations or seconds", CURVES, 6,
    ),
    Action("curves.log", "y", "y", "log_y", "log",
           "Logarithmic or linear y of the large chart", CURVES, 11),
    Action("curves.smooth", "m", "m", "smooth", "smooth",
           "Smooth the curves: 0, 0.6, 0.9, 0.97", CURVES, 14),
    Action("curves.left", "left", "←", "cursor(-1)", "cursor",
           "Move the cursor left, on all charts", CURVES),
    Action("curves.right", "right", "→", "cursor(1)", "cursor",
           "Move the cursor right, on all charts", CURVES),
    Action("curves.in", "plus,equals_sign", "+", "zoom(1)", "zoom in", "Zoom in on x", CURVES),
    Action("curves.out", "minus", "-", "zoom(-1)", "zoom out", "Zoom out", CURVES),
    Action("curves.pan_left", "shift+left", "shift+←", "pan(-1)", "pan", "Pan left", CURVES),
    Action("curves.pan_right", "shift+right", "shift+→", "pan(1)", "pan", "Pan right", CURVES),
    Action("curves.whole", "0", "0", "whole", "whole",
           "Show the whole runs again, and hide the cursor", CURVES),
    Action(
        "race.ghost", "l", "l", "ghost", "published curve",
        "Lay a published or saved curve behind: a CSV or JSON file with epoch and value",
        CURVES, 13,
    ),
    Action("view.next", "right_square_bracket", "]", "page(1)", "next",
           "The next page, where there is not room for all", CURVES, 2),
    Action("view.previous", "left_square_bracket", "[", "page(-1)", "previous",
           "The page before", CURVES),
    Action("race.row_down", "down", "↓", "row(1)", "row", "The next row of the table", RUNS),
    Action("race.row_up", "up", "↑", "row(-1)", "row", "The row of the table above", RUNS),
    Action("race.sort", "S", "S", "sort", "sort",
           "Sort the runs by the row of the table, and back", RUNS, 12),
    Action("race.report", "ctrl+s", "^s", "report", "report",
           "Write a report of these runs to a file", FORM, 15),
)  # fmt: skip
