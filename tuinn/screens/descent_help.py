"""What the help says of the Surface screen."""

from __future__ import annotations

from tuinn.screens.descent_actions import DESCENT_ACTIONS, DESCENT_GROUPS
from tuinn.screens.descent_rules import RULES
from tuinn.screens.descent_walks import EVALUATIONS_PER_SECOND, UPDATES_PER_SECOND
from tuinn.screens.help import HelpPage
from tuinn.screens.panel_help import PanelHelp
from tuinn.widgets.walk_look import LETTERS

INTRO = (
    "Optimisers walk over a cost C of two parameters, which can be seen as a map. Choose the "
    "surface and who takes part, set the start with a click or with the arrows and enter, press "
    f"space, and compare. At 1× a method that follows the gradient makes {UPDATES_PER_SECOND:g} "
    f"updates a second, and a search {EVALUATIONS_PER_SECOND:g} evaluations a second, in whole "
    "generations. One evaluation is one cost, or one cost with its gradient. While the lab is "
    "shown they rest."
)
PANELS = (
    PanelHelp(
        "the map",
        "C(x, y)",
        "Blue is low and red is high (c: blue to yellow, which all colour vision can order). Lines "
        "join places of equal cost, with its value beside some of them. ✕ is a global minimum, ◇ "
        "the start, ● where a walk stands with the letter of its optimiser; a population is a "
        "cloud of dots. What has left the map is an arrow at its edge. A length is the same in "
        "every direction, so that −∇C stands at a right angle on the lines.",
    ),
    PanelHelp(
        "the table",
        "cost, ‖∇C‖, evaluations",
        "All optimisers; ● takes part, ○ does not. At a minimum: within 0.001 of a global minimum, "
        "and settled there. At rest: no slope, but no global minimum either: a local one, or a "
        "saddle. Budget spent: no evaluations are left. Diverged: it left the map for good.",
    ),
    PanelHelp(
        "the slope",
        "∇C·v = ‖∇C‖ cos(angle between ∇C and v)",
        "How fast the cost changes in the direction v, a length of 1, where the chosen optimiser "
        "stands. It is least, −‖∇C‖, when v points along −∇C: that is why −∇C is the steepest way "
        "down. It is 0 along the contour lines. v, V or a click on the curve turn v.",
    ),
    PanelHelp(
        "cost by evaluations",
        "",
        "The cost where each walk stands, of a search that of the best point it has found, by what "
        "it took: the fair comparison, for one update of a population costs as many evaluations as "
        "it has members.",
    ),
)


def help_page() -> HelpPage:
    actions = sorted(DESCENT_ACTIONS, key=lambda action: DESCENT_GROUPS.index(action.group))
    rules = [
        PanelHelp(f"{LETTERS[name]} {name}", "", f"{rule}\n{about}")
        for name, (rule, about) in RULES.items()
    ]
    return HelpPage(INTRO, actions, [*PANELS, *rules])
