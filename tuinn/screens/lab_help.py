"""What the help says of the lab."""

from __future__ import annotations

from tuinn.screens.actions import GROUPS, LAB_ACTIONS, with_panels
from tuinn.screens.help import HelpPage
from tuinn.screens.panel_help import intro_of, panel_names, panels_of
from tuinn.widgets.method_facts import MethodFacts


def help_page(method: MethodFacts) -> HelpPage:
    """Its keys and its panels, as they are with the method of the run."""
    actions = [
        action
        for action in with_panels(LAB_ACTIONS, panel_names(method))
        if method.rate or not action.method.startswith("nudge")
    ]
    by_group = sorted(actions, key=lambda action: GROUPS.index(action.group))
    return HelpPage(intro_of(method), by_group, panels_of(method))
