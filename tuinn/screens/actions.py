"""Every action of the lab as data: one table for the keys, the footer, the palette and the help.

An action's ``id`` names its binding, so that keys can be remapped; its method is the screen's
``action_<method>``; whether it can be done now is the screen's ``check_action``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from textual.binding import Binding

from tuinn.screens.panel_help import panel_names
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.paging import KEYS


@dataclass(frozen=True)
class Action:
    """One thing a person can do on a screen."""

    id: str
    keys: str
    """As Textual names them, separated by commas."""
    shown: str
    """The key as people read it."""
    method: str
    """The action string: ``action_<method>`` of the screen or the app, with its arguments."""
    label: str
    """A word or two, for the footer."""
    help: str
    """A sentence without its full stop, for the palette and the help."""
    group: str
    footer: int = 0
    """Rank in the footer, 0: not there. The highest ranks give way where it is too narrow."""

    def binding(self) -> Binding:
        return Binding(
            self.keys, self.method, self.label, key_display=self.shown, id=self.id, show=False
        )


RUN, CURVES, PANELS, FORM, PROGRAM = "Run", "Curves", "Panels", "Form", "Program"
GROUPS = (RUN, CURVES, PANELS, FORM, PROGRAM)

LAB_ACTIONS: tuple[Action, ...] = (
    Action(
        "run.toggle", "space", "space", "train", "start",
        "Start or pause the training", RUN, 1,
    ),
    Action("run.step", "s", "s", "step", "update", "Do one update", RUN, 5),
    Action("run.epoch", "e", "e", "epoch", "epoch", "Train to the end of one epoch", RUN, 6),
    Action(
        "run.reset", "r", "r", "reset", "reset",
        "Go back to the same first weights, with the settings of the form", RUN, 2,
    ),
    Action(
        "run.seed", "R", "R", "new_seed", "new seed",
        "Start again with another seed for all that is drawn by chance", RUN, 12,
    ),
    Action(
        "run.eta_down", "comma", ",", "nudge(-1)", "η down",
        "Lower η by a tenth of a decade, at once", RUN,
    ),
    Action(
        "run.eta_up", "full_stop", ".", "nudge(1)", "η up",
        "Raise η by a tenth of a decade, at once", RUN,
    ),
    Action(
        "run.alpha_down", "a", "a", "decay(-1)", "α down",
        "Lower α one step of 1, 2, 5, 10, in the end to 0, at once", RUN,
    ),
    Action(
        "run.alpha_up", "A", "A", "decay(1)", "α up",
        "Raise α one step of 1, 2, 5, 10, at once", RUN,
    ),
    Action(
        "run.cost", "c", "c", "other_cost", "cost",
        "Take the other cost; r or f then makes use of it", RUN,
    ),
    Action(
        "run.init", "i", "i", "next_init", "init",
        "Take the next way to draw the first weights; r then makes use of it", RUN,
    ),
    Action(
        "run.fork", "f", "f", "fork", "fork",
        "Go on from the moment at the cursor, with the settings of the form", RUN, 3,
    ),
    Action(
        "run.slower", "less_than_sign", "<", "speed(-1)", "slower",
        "Train at half the speed", RUN,
    ),
    Action(
        "run.faster", "greater_than_sign", ">", "speed(1)", "faster",
        "Train at twice the speed, in the end as fast as possible", RUN,
    ),
    Action("presets.pick", "p", "p", "presets", "presets", "Pick a preset", FORM, 7),
    Action("presets.save", "ctrl+s", "^s", "save", "save", "Save the form as a preset", FORM, 16),
    Action(
        "view.turn", "tab", "tab", "turn", "form",
        "Go to the form and back to the dashboard", FORM, 3,
    ),
    Action(
        "view.turn_back", "shift+tab", "shift+tab", "turn_back", "form",
        "Go to the end of the form", FORM,
    ),
    Action(
        "view.back", "escape", "esc", "back", "back",
        "Back: leave the form, or the maximised panel", FORM,
    ),
    Action(
        "curves.x", "x", "x", "x_axis", "axis",
        "Count x in epochs, updates, evaluations or seconds", CURVES, 8,
    ),
    Action(
        "curves.log", "y", "y", "log_y", "log",
        "Logarithmic or linear y of the focused chart", CURVES, 9,
    ),
    Action(
        "curves.smooth", "m", "m", "smooth", "smooth",
        "Smooth the curves: 0, 0.6, 0.9, 0.97", CURVES, 13,
    ),
    Action(
        "curves.left", "left", "←", "cursor(-1)", "cursor",
        "Move the cursor left, on all charts", CURVES,
    ),
    Action(
        "curves.right", "right", "→", "cursor(1)", "cursor",
        "Move the cursor right, on all charts", CURVES,
    ),
    Action("curves.in", "plus,equals_sign", "+", "zoom(1)", "zoom in", "Zoom in on x", CURVES),
    Action("curves.out", "minus", "-", "zoom(-1)", "zoom out", "Zoom out", CURVES),
    Action("curves.pan_left", "shift+left", "shift+←", "pan(-1)", "pan", "Pan left", CURVES),
    Action("curves.pan_right", "shift+right", "shift+→", "pan(1)", "pan", "Pan right", CURVES),
    Action(
        "curves.whole", "0", "0", "whole", "whole",
        "Show the whole run again, and hide the cursor", CURVES,
    ),
    Action("view.next", "right_square_bracket", "]", "page(1)", "next", "Next panel", PANELS, 10),
    Action(
        "view.previous", "left_square_bracket", "[", "page(-1)", "previous",
        "Previous panel", PANELS,
    ),
    Action(
        "view.enlarge", "enter", "enter", "enlarge", "enlarge",
        "Enlarge the focused panel, and back", PANELS, 11,
    ),
    *(
        Action(
            f"view.panel{number}", KEYS[number - 1], KEYS[number - 1], f"panel({number})", name,
            f"Enlarge panel {KEYS[number - 1]}: {name}", PANELS,
        )
        for number, name in panel_names(MethodFacts()).items()
    ),
    Action(
        "view.surface", "d", "d", "surface", "surface",
        "Show the decision surface of 2-D data", PANELS, 14,
    ),
)  # fmt: skip

APP_ACTIONS: tuple[Action, ...] = (
    Action(
        "app.help", "question_mark,f1", "?", "app.help", "help",
        "Keys, and what each panel shows", PROGRAM, 1,
    ),
    Action(
        "app.palette", "ctrl+p", "^p", "app.command_palette", "commands",
        "Every action that can be done now", PROGRAM, 4,
    ),
    Action(
        "app.place", "g", "g", "app.go(1)", "screen",
        "Go to the next of Lab, Surface, Race and Runs", PROGRAM, 9,
    ),
    Action(
        "app.place_back", "G", "G", "app.go(-1)", "screen",
        "Go to the one before", PROGRAM,
    ),
    Action("app.theme", "t", "t", "app.change_theme", "theme", "Choose the colours", PROGRAM),
    Action(
        "app.suspend", "ctrl+z", "^z", "app.suspend_process", "suspend",
        "Put tuinn to sleep; fg wakes it", PROGRAM,
    ),
    Action("app.quit", "q", "q", "app.quit", "quit", "Quit", PROGRAM, 15),
)  # fmt: skip


def with_panels(actions: Iterable[Action], names: Mapping[int, str]) -> list[Action]:
    """The actions, where those of the panels are of these, by number, and tell their names."""
    panels = {
        action.method: number
        for number in range(1, len(KEYS) + 1)
        for action in LAB_ACTIONS
        if action.method == f"panel({number})"
    }
    found = []
    for action in actions:
        number = panels.get(action.method)
        if number is None:
            found.append(action)
        elif number in names:
            name = names[number]
            about = f"Enlarge panel {KEYS[number - 1]}: {name}"
            found.append(replace(action, label=name, help=about))
    return found


def bindings(actions: tuple[Action, ...]) -> list[Binding]:
    return [action.binding() for action in actions]
