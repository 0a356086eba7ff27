"""What the help says of the Race screen."""

from __future__ import annotations

from tuinn.screens.help import HelpPage
from tuinn.screens.panel_help import PanelHelp
from tuinn.screens.race_keys import RACE_ACTIONS, RACE_GROUPS

INTRO = (
    "Presets side by side, each trained in a process of its own from the same seed: where the "
    "architectures agree, the first weights and the order of the examples are the same, so that "
    "what differs in the curves comes from what differs in the settings. p picks 2 to 6 presets "
    "(tab marks them in the picker), space starts all, tab or a number focuses one of them. One "
    "cursor (← →, mouse) reads every run at the same x."
)
PANELS = (
    PanelHelp(
        "the large chart",
        "v: loss, accuracy, ‖δ‖, ‖W‖",
        "A curve for each run, told apart by its marker, its line and its colour. Loss and "
        "accuracy are those of the validation set, of training where there is none. By epoch a "
        "mini-batch run makes many updates where batch descent makes one; by evaluations methods "
        "without a gradient compare fairly; by seconds the speed counts.",
    ),
    PanelHelp(
        "the columns",
        "",
        "A run each, on axes shared with the other runs: loss and accuracy in training and on the "
        "validation set, the error ‖δ‖ of each layer (log), the norm ‖W‖ of each layer. A run that "
        "failed says why.",
    ),
    PanelHelp(
        "the table",
        "",
        "How each run fares, ★ is best, and below the settings in which they differ. Losses of "
        "different costs or data are not compared, nor accuracies on fewer than 10 examples, nor "
        "times where the runs share the cores. ↑ ↓ choose a row, S sorts the runs by it.",
    ),
    PanelHelp(
        "repeated",
        "median, least and most",
        "One run may be luck. n trains each preset 3, 5 or 10 times with other seeds: the line is "
        "the median, the dotted edges are the least and the greatest value; the table has the "
        "median ± half the distance between the quartiles. enter opens the run in the middle.",
    ),
    PanelHelp(
        "published curves",
        "",
        "l lays a curve from a CSV or JSON file behind the large chart, in grey, by epoch; its "
        "name and value stand below the chart.",
    ),
)


def help_page() -> HelpPage:
    actions = sorted(RACE_ACTIONS, key=lambda action: RACE_GROUPS.index(action.group))
    return HelpPage(INTRO, actions, PANELS)
