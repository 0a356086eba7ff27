"""The Surface screen: optimisers walk over a map of a cost of two parameters."""

from __future__ import annotations

from time import monotonic
from typing import Any, ClassVar

import numpy as np
from textual.app import ComposeResult
from textual.containers import Grid
from textual.events import DescendantBlur, DescendantFocus, Resize

from tuinn.allowed import ConfigError
from tuinn.descent import SurfacePreset
from tuinn.screens.actions import APP_ACTIONS, Action, bindings
from tuinn.screens.descent_actions import DESCENT_ACTIONS, SurfaceActions
from tuinn.screens.descent_help import help_page
from tuinn.screens.descent_layout import CSS, classes_for
from tuinn.screens.descent_settings import (
    own_parameters,
    refusal,
    rule_of,
    shared_parameters,
    take,
    title_of,
)
from tuinn.screens.descent_states import hint, leaders, message, news, rows_of, slope_of
from tuinn.screens.descent_walks import EVALUATIONS_PER_SECOND, UPDATES_PER_SECOND, Walks
from tuinn.screens.form_keys import form_keys, types
from tuinn.screens.gate import Gate
from tuinn.screens.help import HelpPage
from tuinn.widgets.contour import ContourMap
from tuinn.widgets.contour_marks import Arrow, Walker
from tuinn.widgets.footer import Key, KeyBar
from tuinn.widgets.header import TitleBar
from tuinn.widgets.pace_line import Pace, PaceLine
from tuinn.widgets.parameters import Parameter, ParameterRow, Parameters
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.slope import Slope, SlopePanel
from tuinn.widgets.status import Sentence, StatusLine
from tuinn.widgets.walk_chart import WalkChart
from tuinn.widgets.walk_table import WalkTable

TOLD_SECONDS = 6
CURVES_PER_SECOND = 5
LONGEST_FRAME = 0.25
"""Seconds of walking that one frame may make up for."""


class SurfaceScreen(SurfaceActions):
    """Lets the walks go on while it is shown; see `SurfaceActions` for what the keys do."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[Any]] = bindings(DESCENT_ACTIONS)

    DEFAULT_CSS = CSS

    def __init__(
        self, preset: SurfacePreset, fps: float, draw: Glyphs, gate: Gate | None = None
    ) -> None:
        """``gate``: what else goes on waits while this screen draws."""
        super().__init__()
        self.preset = preset
        self.fps = fps
        self._gate = gate
        self.walks = Walks(preset.descent)
        self.current = self.walks.chosen[0]
        self.playing = False
        self.speed = preset.descent.speed
        self.angle = 45
        self.map = ContourMap(self.walks.surface, glyphs=draw, id="map")
        self.table = WalkTable(glyphs=draw)
        self.slope = SlopePanel(glyphs=draw)
        self.chart = WalkChart(glyphs=draw)
        self.form = Parameters(
            shared_parameters(self.walks, self.current), self._refusal, id="settings"
        )
        self._in_sight = False
        self._drawing = False
        self._dirty = True
        self._clock = monotonic()
        self._frames = 0
        self._told = Sentence("")
        self._told_until = 0
        self._told_after: object = None
        """The news there was when it was told: what comes later replaces it."""

    def compose(self) -> ComposeResult:
        yield TitleBar("Surface")
        yield PaceLine()
        with Grid(id="ground"):
            yield self.map
            yield self.table
            yield self.form
            yield self.slope
            yield self.chart
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.map.focus()
        self.set_interval(1 / self.fps, self.frame)
        self.show_all()

    def on_screen_resume(self) -> None:
        self._in_sight, self._clock = True, monotonic()
        self.show_all()

    def on_screen_suspend(self) -> None:
        self._in_sight = False

    def on_resize(self, event: Resize) -> None:
        width, height = event.size
        classes = classes_for(width, height)
        for name, fits in classes.items():
            self.set_class(fits, name)
        # a grid is filled in the order of what is in it
        first, second = (self.chart, self.slope) if classes["-wide"] else (self.slope, self.chart)
        self.query_one("#ground").move_child(first, before=second)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        self.set_class(self.in_form(), "-form")
        if not self.in_form():
            self.form.put_right()
        self._show_state()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        self.show_keys()

    # frames

    def frame(self) -> None:
        """Let time pass and show what came of it; nothing is done out of sight.

        A frame is skipped while the one before it is not drawn yet.
        """
        if not self._in_sight or self._drawing:
            return
        now = monotonic()
        seconds, self._clock = min(now - self._clock, LONGEST_FRAME), now
        self._frames += 1
        if self.playing:
            self.walks.advance(seconds, self.speed)
            self.playing = self.walks.running
            self._dirty = True
        if self._dirty or self._frames == self._told_until:
            self._dirty = False
            self._show()
            if not self.playing or self._frames % max(1, round(self.fps / CURVES_PER_SECOND)) == 0:
                self._show_curves()

    def show_all(self) -> None:
        if self.is_mounted:
            self._show()
            self._show_curves()
            self._show_form()

    def _show_curves(self) -> None:
        walks = self.walks
        costs = {name: np.array(found, np.float64) for name, found in walks.costs.items()}
        diverged = [name for name, walk in walks.walks.items() if walk.diverged]
        self.chart.show_costs(costs if walks.begun else {}, self.current, diverged)

    def _show(self) -> None:
        """What changes while they walk."""
        self._drawing = True
        if self._gate:
            self._gate.hold()
        walks, current = self.walks, self.current
        walkers = [
            Walker(
                name,
                walk.path,
                (float(walk.position[0]), float(walk.position[1])),
                None if walk.optimizer.needs_gradient or not walk.update else walk.cloud,
            )
            for name, walk in walks.walks.items()
        ]
        walkers.sort(key=lambda walker: walker.name == current)
        slope = slope_of(walks, current, self.angle)
        self.map.show(walkers, walks.start, self._arrows(slope))
        self.table.show(rows_of(walks, self.playing), current, walks.surface.axes)
        self.slope.show(slope)
        self._show_state()
        self.call_after_refresh(self._drawn)

    def _drawn(self) -> None:
        self._drawing = False
        if self._gate:
            self._gate.release()

    def _arrows(self, slope: object) -> list[Arrow]:
        walk = self.walks.walks.get(self.current)
        if walk is None or not isinstance(slope, Slope) or not slope.norm < np.inf or slope.level:
            return []
        at = float(walk.position[0]), float(walk.position[1])
        return [
            Arrow(at, float(np.radians(self.angle)), "direction", "v"),
            Arrow(at, float(np.radians(slope.downhill)), "down", "−∇C"),
        ]

    def _show_state(self) -> None:
        walks = self.walks
        title = self.query_one(TitleBar)
        descent = self.preset.descent
        on = walks.surface
        if on.name == descent.surface:
            title.preset, title.edited = self.preset.name, walks.differ(descent)
            title.title = descent.title
        else:
            # nothing of the preset is left
            title.preset, title.edited, title.title = on.name, False, on.title
        title.state = (
            "playing"
            if self.playing
            else "ready"
            if not walks.begun
            else "paused"
            if walks.running
            else "ended"
        )
        lowest, least = leaders(walks)
        self.query_one(PaceLine).pace = Pace(
            update=max((walk.update for walk in walks.walks.values()), default=0),
            evaluations=sum(walk.evaluations for walk in walks.walks.values()),
            speed=self.speed,
            updates_per_second=self.speed * UPDATES_PER_SECOND,
            evaluations_per_second=self.speed * EVALUATIONS_PER_SECOND,
            seed=walks.seed,
            lowest=lowest,
            least=least,
        )
        self.query_one(StatusLine).sentence = self._sentence()
        self.show_keys()

    def _sentence(self) -> Sentence:
        row = next((row for row in self.form.rows if row.has_focus_within), None)
        if row and row.error:
            return Sentence(f"{row.parameter.label}: {row.error}", "error")
        if self._frames < self._told_until and self._told_after == news(self.walks):
            return self._told
        if row:
            return Sentence(f"{row.parameter.label}: {row.parameter.help}.")
        return hint(self.walks) or message(self.walks, self.current, self.playing, self._look_for)

    @property
    def _look_for(self) -> str:
        """What the preset is to show, while it is what is shown."""
        return "" if self.walks.differ(self.preset.descent) else self.preset.descent.look_for

    def tell(self, text: str, level: str = "info") -> None:
        self._told, self._told_after = Sentence(text, level), news(self.walks)
        self._told_until = self._frames + round(TOLD_SECONDS * self.fps)
        self.show_all()

    def forget(self) -> None:
        self._told_until = 0

    # the settings

    def _show_form(self) -> None:
        walks, current = self.walks, self.current
        self.form.show(shared_parameters(walks, current))
        self.form.go_to(current, title_of(current), self._own(), rule_of(current))

    def _own(self) -> list[Parameter]:
        return own_parameters(self.walks.settings[self.current])

    def _refusal(self, path: str, text: str) -> str:
        return refusal(self.walks, path, text)

    def on_parameter_row_edited(self, event: ParameterRow.Edited) -> None:
        event.stop()
        row, path = event.row, event.row.parameter.path
        if path == "surface":
            self.take_surface(event.text)
            return
        try:
            told = take(self.walks, path, event.text)
        except (ConfigError, ValueError) as error:
            row.say(refusal(self.walks, path, event.text))
            self.tell(f"{row.parameter.label}: {row.error or error}", "error")
        else:
            row.say("")
            self.tell(told)
        if not self.in_form():
            self.form.put_right()

    def on_slope_panel_turned(self, event: SlopePanel.Turned) -> None:
        event.stop()
        self.turn_to(event.degrees)

    # keys

    def offered(self) -> list[Action]:
        """The actions that can be done now."""
        return [action for action in DESCENT_ACTIONS if self._can(action.method)]

    def help_page(self) -> HelpPage:
        """What the help says of this screen."""
        return help_page()

    def _can(self, method: str) -> bool:
        match method:
            case "play" | "step":
                return self.walks.running
            case "choose":
                return self.map.cursor is not None
            case "back":
                # what leads to the lab is in the title, and on a key of its own
                return self.map.cursor is not None or self.focused is not self.map
            case "nudge(-1)" | "nudge(1)":
                return hasattr(self.walks.settings[self.current], "eta")
            case "turn_v(1)" | "turn_v(-1)":
                return self.walks.sees(self.current)
        return True

    def show_keys(self) -> None:
        in_form = self.in_form()
        keys = form_keys(self.focused, back="map") if in_form else []
        if not types(self.focused):
            keys += [
                Key(action.shown, self._label(action), action.method, action.footer)
                for action in (*DESCENT_ACTIONS, *APP_ACTIONS)
                if (action.footer or (action.method == "choose" and not in_form))
                and self._can(action.method)
                and not (in_form and action.method in ("turn", "back"))
            ]
        self.query_one(KeyBar).keys = tuple(keys)

    def _label(self, action: Action) -> str:
        match action.method:
            case "play":
                return "pause" if self.playing else "go on" if self.walks.begun else "play"
            case "take_part":
                return "drop" if self.current in self.walks.chosen else "add"
            case "log":
                return "linear" if self.map.log_scale else "log"
            case "turn":
                return "table" if self.focused is self.map else "settings"
            case "back":
                return "map"
        return action.label

    async def on_key_bar_pressed(self, event: KeyBar.Pressed) -> None:
        event.stop()
        await self.run_action(event.action)

    def action_back(self) -> None:
        if self.map.cursor is not None:
            self.map.cursor = None
        elif self.focused is not self.map:
            self.remove_class("-form")
            self.form.put_right()
            self.map.focus()
        else:
            self.app.call_later(self.app.run_action, "app.home")
        self.show_keys()
