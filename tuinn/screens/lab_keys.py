"""Which keys of the lab can be pressed now, and how the footer and the help tell of them."""

from __future__ import annotations

import re

from textual.widgets import Input

from tuinn.config import has
from tuinn.screens.actions import APP_ACTIONS, LAB_ACTIONS, Action, with_panels
from tuinn.screens.form_keys import form_keys, types
from tuinn.screens.help import HelpPage
from tuinn.screens.lab_help import help_page
from tuinn.screens.lab_messages import LabMessages
from tuinn.screens.panel_help import panel_names
from tuinn.screens.panel_keys import panel_actions
from tuinn.widgets.footer import Key, KeyBar

RUN_KEYS = 4
"""Keys of the run, which stand before those of the panel in the footer."""


class LabKeys(LabMessages):
    """The footer, the palette's list and the help page, by what is shown and what has the keys."""

    def offered(self) -> list[Action]:
        """The actions that can be done now."""
        actions = with_panels(LAB_ACTIONS, panel_names(self.dashboard.method))
        return [action for action in actions if self._can(action.method)]

    def help_page(self) -> HelpPage:
        """What the help says of the lab and of the method of its run."""
        page = help_page(self.dashboard.method)
        return page._replace(actions=[*panel_actions(self.focused), *page.actions])

    def _can(self, method: str) -> bool:
        status = self.session.status
        if method in ("train", "step", "epoch"):
            return status in ("loading", "ready", "training", "paused")
        if panel := re.fullmatch(r"panel\((\d+)\)", method):
            return int(panel[1]) in self.dashboard.offered
        if method == "surface":
            return self.dashboard.planar
        if method == "fork":
            waits = bool(self.session.pending) and self.session.forkable
            return waits or self.looked_at is not None
        if method.startswith("nudge"):
            return has(self.form.config, "optimizer.eta")
        if method == "back":
            return (
                self._in_form()
                or self.dashboard.enlarged is not None
                or self.dashboard.pinned is not None
            )
        if method.partition("(")[0] in (
            "cursor",
            "zoom",
            "pan",
            "whole",
            "x_axis",
            "log_y",
            "smooth",
        ):
            return len(self.session.history) > 0
        return True

    def show_keys(self) -> None:
        focused = self.focused
        keys = form_keys(focused) if self._in_form() else []
        if isinstance(focused, Input):
            keys += [
                Key("^s", "save", "save", 5),
                Key("^p", "commands", "app.command_palette", 6),
            ]
        if not types(focused):
            keys += [
                Key(self._shown(action), self._label(action), action.method, self._rank(action))
                for action in (*LAB_ACTIONS, *APP_ACTIONS)
                if action.footer
                and self._can(action.method)
                and not (self._in_form() and action.method == "turn")
            ]
            # what the panel itself understands comes after what the run does
            keys[RUN_KEYS:RUN_KEYS] = getattr(focused, "footer_keys", ())
        self.query_one(KeyBar).keys = tuple(keys)

    def _shown(self, action: Action) -> str:
        return "[ ]" if action.method == "page(1)" else action.shown

    def _rank(self, action: Action) -> int:
        """The rank in the footer now."""
        if self._in_form() and action.method in ("presets", "app.quit"):
            return 3
        if self._in_form() and action.method == "app.help":
            return 4
        if action.method == "surface" and self.dashboard.aside is None:
            # the surface is not in sight, so the way to it is
            return 7
        return action.footer

    def _label(self, action: Action) -> str:
        match action.method:
            case "train":
                begun = self.session.report.update > 0
                return {"training": "pause"}.get(self.session.status, "go on" if begun else "start")
            case "epoch":
                return self.dashboard.method.epoch
            case "page(1)":
                return "panel"
            case "enlarge" if self.dashboard.enlarged is not None:
                return "all panels"
            case "log_y":
                return "linear" if self.dashboard.chart.log_y else "log"
        return action.label

    async def on_key_bar_pressed(self, event: KeyBar.Pressed) -> None:
        event.stop()
        await self.run_action(event.action)
