"""Which keys of the Race screen can be pressed now, and how the footer tells of them."""

from __future__ import annotations

from tuinn.screens.actions import APP_ACTIONS, Action
from tuinn.screens.help import HelpPage
from tuinn.screens.race_actions import RaceActions
from tuinn.screens.race_help import help_page
from tuinn.screens.race_keys import RACE_ACTIONS
from tuinn.screens.race_layout import Page
from tuinn.screens.race_sentences import nobody_wins
from tuinn.widgets.footer import Key, KeyBar

_WITHOUT_A_RACE = ("presets", "back")
_OF_CURVES = ("cursor", "zoom", "pan", "whole", "x_axis", "log_y", "smooth", "figure")


class RaceFooter(RaceActions):
    """The footer, the palette's list and the help page, by what is shown and what has the focus."""

    @property
    def pages(self) -> list[Page]:
        """What is shown by turns."""
        raise NotImplementedError

    def offered(self) -> list[Action]:
        """The actions that can be done now."""
        return [action for action in RACE_ACTIONS if self._can(action.method)]

    def help_page(self) -> HelpPage:
        """What the help says of this screen."""
        return help_page()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # without a race there is nothing to be changed
        return self.race is not None or action in (*_WITHOUT_A_RACE, "enter")

    def _can(self, method: str) -> bool:
        race, name = self.race, method.partition("(")[0]
        if race is None:
            return name in _WITHOUT_A_RACE
        match name:
            case "train" | "step" | "epoch":
                lanes = race.lanes if self.current is None else race.racers[self.current].lanes
                return not race.stored and not all(lane.ended for lane in lanes)
            case "reset":
                return not race.stored
            case "repeat":
                return race.repeatable
            case "predict":
                begun = race.stored or any(lane.report.update for lane in race.lanes)
                return not begun and not nobody_wins(race)
            case "enter":
                return self.current is not None
            case "only":
                return method in {f"only({place})" for place in self.order}
            case "page":
                return len(self.pages) > 1
            case name if name in _OF_CURVES:
                return any(len(lane.history) for lane in race.lanes)
        return True

    @property
    def _gives_back(self) -> bool:
        """There is something here that escape ends, before it goes to the lab."""
        return self.current is not None or self.chart.cursor is not None or self.table.has_focus

    def show_keys(self) -> None:
        self.query_one(KeyBar).keys = tuple(
            Key(self._shown(action), self._label(action), action.method, self._rank(action))
            for action in (*RACE_ACTIONS, *APP_ACTIONS)
            if action.footer and self._can_here(action)
        )

    def _can_here(self, action: Action) -> bool:
        return action in APP_ACTIONS or self._can(action.method)

    def _shown(self, action: Action) -> str:
        return "[ ]" if action.method == "page(1)" else action.shown

    def _rank(self, action: Action) -> int:
        """The rank in the footer now: g leads to the lab, too."""
        return 16 if action.method == "back" and not self._gives_back else action.footer

    def _label(self, action: Action) -> str:
        match action.method:
            case "back" if not self._gives_back:
                return "lab"
            case "train" if self.race is not None:
                begun = any(lane.report.update for lane in self.race.lanes)
                alone = "" if self.current is None else f" {self.current + 1}"
                if self._going(self.race):
                    return f"pause{alone}"
                return ("go on" if begun else "start") + alone
            case "repeat" if self.race is not None:
                return f"repeat ×{self.race.seeds}" if self.race.seeds > 1 else "repeat"
            case "overlay" if self.overlaid:
                return "side by side"
            case "log_y":
                return "linear" if self.chart.log_y else "log"
            case "page(1)":
                return f"page {self.page_number + 1} of {len(self.pages)}"
        return action.label

    async def on_key_bar_pressed(self, event: KeyBar.Pressed) -> None:
        event.stop()
        await self.run_action(event.action)
