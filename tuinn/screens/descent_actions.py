"""What the keys of the Surface screen do."""

from __future__ import annotations

from abc import abstractmethod

from engine.surfaces import SURFACES
from tuinn.allowed import ConfigError
from tuinn.descent import SurfacePreset, find, surface_presets
from tuinn.numbers import significant
from tuinn.screens.actions import FORM, RUN, Action
from tuinn.screens.descent_settings import about
from tuinn.screens.descent_states import NOBODY
from tuinn.screens.descent_walks import SPEEDS, Walks
from tuinn.screens.form_keys import FormKeys
from tuinn.screens.picker import Item, Picker
from tuinn.widgets.contour import ContourMap
from tuinn.widgets.contour_ink import PALETTES
from tuinn.widgets.parameters import Parameters
from tuinn.widgets.walk_table import WalkTable

MAP, WALKS = "Map", "Optimisers"
DESCENT_GROUPS = (RUN, WALKS, MAP, FORM)

TURN = 15
"""Degrees by which a key turns v."""

DESCENT_ACTIONS: tuple[Action, ...] = (
    Action("run.toggle", "space", "space", "play", "play", "Let them walk, or pause", RUN, 1),
    Action(
        "run.step", "s", "s", "step", "step",
        "One update of each; of a population one generation", RUN, 3,
    ),
    Action("run.reset", "r", "r", "reset", "reset", "All go back to the start", RUN, 2),
    Action(
        "run.seed", "R", "R", "new_seed", "new seed",
        "Start again with another seed for all that is drawn by chance", RUN, 13,
    ),
    Action("run.slower", "less_than_sign", "<", "speed(-1)", "slower", "Walk slower", RUN, 10),
    Action("run.faster", "greater_than_sign", ">", "speed(1)", "faster", "Walk faster", RUN, 10),
    Action(
        "walks.next", "j", "j", "go(1)", "next",
        "The next optimiser: its arrow, its parameters", WALKS, 7,
    ),
    Action("walks.previous", "k", "k", "go(-1)", "previous", "The optimiser before", WALKS),
    Action(
        "walks.toggle_current", "a", "a", "take_part", "add/drop",
        "Let the chosen optimiser take part, or no longer", WALKS, 5,
    ),
    Action(
        "run.eta_down", "comma", ",", "nudge(-1)", "η down",
        "Lower its η by a tenth of a decade", WALKS,
    ),
    Action(
        "run.eta_up", "full_stop", ".", "nudge(1)", "η up",
        "Raise its η by a tenth of a decade", WALKS,
    ),
    Action("map.left", "left", "←", "cursor(-1,0)", "cursor", "Move the cursor left", MAP),
    Action("map.right", "right", "→", "cursor(1,0)", "cursor", "Move the cursor right", MAP),
    Action("map.up", "up", "↑", "cursor(0,-1)", "cursor", "Move the cursor up", MAP),
    Action("map.down", "down", "↓", "cursor(0,1)", "cursor", "Move the cursor down", MAP),
    Action(
        "map.start", "enter", "enter", "choose", "start here",
        "Start where the cursor is", MAP,
    ),
    Action(
        "map.turn", "v", "v", "turn_v(1)", "turn v",
        "Turn the direction v, counterclockwise", MAP, 9,
    ),
    Action("map.turn_back", "V", "V", "turn_v(-1)", "turn v", "Turn v clockwise", MAP),
    Action(
        "map.surface", "f", "f", "surface", "surface",
        "Choose the surface that they walk on", MAP, 8,
    ),
    Action(
        "map.colours", "c", "c", "colours", "colours",
        "Blue to red, or blue to yellow, which all colour vision can order", MAP, 12,
    ),
    Action(
        "curves.log", "y", "y", "log", "log",
        "Logarithmic or linear colours of the cost", MAP, 14,
    ),
    Action("presets.pick", "p", "p", "presets", "presets", "Pick a preset", FORM, 6),
    Action(
        "view.turn", "tab", "tab", "turn", "settings",
        "Go on to the table, to the settings, and back to the map", FORM, 4,
    ),
    Action("view.turn_back", "shift+tab", "shift+tab", "turn_back", "settings", "Go back", FORM),
    Action(
        "view.back", "escape", "esc", "back", "back",
        "Back: to the map, then to the lab", FORM, 11,
    ),
)  # fmt: skip


class SurfaceActions(FormKeys):
    """The actions. What is told goes to the message line."""

    walks: Walks
    preset: SurfacePreset
    map: ContourMap
    table: WalkTable
    form: Parameters
    current: str
    playing: bool
    speed: float
    angle: int

    @abstractmethod
    def tell(self, text: str, level: str = "info") -> None:
        """Say something in the message line for a while, or until walks diverge or end."""

    @abstractmethod
    def forget(self) -> None:
        """Say it no longer: it was about something else."""

    @abstractmethod
    def show_all(self) -> None:
        """Show what has changed, wherever it is shown."""

    # the walks

    def action_play(self) -> None:
        if not self.playing and not self.walks.running:
            self.tell(self._why_not(), "hint")
            return
        self.playing = not self.playing
        self.show_all()

    def action_step(self) -> None:
        self.playing = False
        if not self.walks.step():
            self.tell(self._why_not(), "hint")
        self.show_all()

    def _why_not(self) -> str:
        if not self.walks.walks:
            return NOBODY
        return "All walks have ended: press r to start again, or set another start."

    def action_reset(self) -> None:
        self.walks.reset()
        self.tell("All are at the start.")

    def action_new_seed(self) -> None:
        self.walks.sow(self.walks.seed + 1)
        self.tell(
            f"Seed {self.walks.seed}: the searches draw anew; the gradient methods draw nothing."
            if self.walks.draws
            else f"Seed {self.walks.seed}, but nobody who takes part draws anything by chance."
        )

    def action_speed(self, by: int) -> None:
        faster = [speed for speed in SPEEDS if speed > self.speed]
        slower = [speed for speed in SPEEDS if speed < self.speed]
        if by > 0 and faster:
            self.speed = faster[0]
        elif by < 0 and slower:
            self.speed = slower[-1]
        self.show_all()

    # the optimisers

    def action_go(self, by: int) -> None:
        names = list(self.walks.settings)
        self.current = names[(names.index(self.current) + by) % len(names)]
        self.forget()
        self.show_all()

    def on_walk_table_chosen(self, event: WalkTable.Chosen) -> None:
        event.stop()
        self.current = event.name
        self.forget()
        self.show_all()

    def on_walk_table_toggled(self, event: WalkTable.Toggled) -> None:
        event.stop()
        self.current = event.name
        self.action_take_part()

    def action_take_part(self) -> None:
        if self.walks.toggle(self.current):
            self.tell(f"{self.current} begins at the start.")
        else:
            self.tell(f"{self.current} no longer takes part.")

    def action_nudge(self, by: int) -> None:
        eta = getattr(self.walks.settings[self.current], "eta", None)
        if eta is None:
            self.tell(f"{self.current} has no η.", "hint")
            return
        nudged = float(f"{eta * 10 ** (by / 10):.2g}")
        self.walks.set(self.current, "eta", nudged)
        self.tell(
            f"η of {self.current} {significant(eta)} → {significant(nudged)}: it begins anew."
        )

    # the map

    def action_cursor(self, columns: int, rows: int) -> None:
        self.map.move(columns, rows)

    def action_choose(self) -> None:
        self.map.choose()

    def on_contour_map_start_chosen(self, event: ContourMap.StartChosen) -> None:
        event.stop()
        try:
            self.walks.start_at((event.x, event.y))
        except ConfigError as error:
            self.tell(str(error), "error")
            return
        x, y = self.walks.surface.axes
        self.tell(f"The start is {x} = {significant(event.x)}, {y} = {significant(event.y)}.")

    def action_turn_v(self, by: int) -> None:
        self.turn_to(self.angle + TURN * by)

    def turn_to(self, degrees: float) -> None:
        """Let v point there."""
        self.angle = (round(degrees) + 180) % 360 - 180
        self.show_all()

    def action_colours(self) -> None:
        place = PALETTES.index(self.map.palette) + 1
        self.map.palette = PALETTES[place % len(PALETTES)]
        self.tell(f"Cost from {self.map.palette}.")

    def action_log(self) -> None:
        self.map.log_scale = not self.map.log_scale
        self.tell(
            f"Colours by {'the logarithm of the cost' if self.map.log_scale else 'the cost'}."
        )

    def action_surface(self) -> None:
        items = [
            Item(
                surface.name, surface.title, f"C = {surface.formula}",
                "\n".join(
                    [
                        f"minimum at {', '.join(_at(point) for point in surface.minima)}",
                        f"start    at {_at(surface.start)}",
                    ]
                ),
            )
            for surface in SURFACES.values()
        ]  # fmt: skip
        self.app.push_screen(Picker("surface", items, self.walks.surface.name), self.take_surface)

    def take_surface(self, name: str | None) -> None:
        """Go to another surface, with the settings that suit it."""
        if name is None or name == self.walks.surface.name:
            return
        self.playing = False
        self.walks.go_to(name)
        self.map.surface = self.walks.surface
        self.tell(f"{self.walks.surface.title}: every optimiser is set to suit it.")

    def action_presets(self) -> None:
        items = [
            Item(
                preset.name,
                preset.descent.title or preset.name,
                preset.descent.look_for,
                about(preset.descent),
                "own" if preset.own else "",
            )
            for preset in surface_presets()
        ]
        self.app.push_screen(Picker("surface presets", items, self.preset.name), self.open_preset)

    def open_preset(self, name: str | None) -> None:
        """Go to what a preset describes."""
        if name is None:
            return
        try:
            preset = find(name)
        except ValueError as error:
            self.tell(str(error), "error")
            return
        self.preset, self.playing = preset, False
        self.speed = preset.descent.speed
        self.walks.load(preset.descent)
        self.current = self.walks.chosen[0]
        self.map.surface = self.walks.surface
        self.tell(preset.descent.look_for or preset.descent.title)

    # the focus

    def _places(self) -> list[object]:
        return [self.map, self.table, *(row.editor for row in self.form.rows)]

    def _place(self) -> int:
        around = list(self.focused.ancestors_with_self) if self.focused else []
        for number, place in enumerate(self._places()):
            if place in around:
                return number
        return 0

    def action_turn(self) -> None:
        self._go_to_place(self._place() + 1)

    def action_turn_back(self) -> None:
        self._go_to_place(self._place() - 1)

    def action_field(self, by: int) -> None:
        self._go_to_place(self._place() + by)

    def _go_to_place(self, number: int) -> None:
        places = self._places()
        place = places[number % len(places)]
        in_form = place is not self.map and place is not self.table
        # it must be in sight to take the focus
        self.set_class(in_form, "-form")
        assert isinstance(place, ContourMap | WalkTable) or hasattr(place, "focus")
        place.focus()

    def in_form(self) -> bool:
        return self.focused is not None and self.form in self.focused.ancestors


def _at(point: tuple[float, float]) -> str:
    return f"({significant(point[0])}, {significant(point[1])})"
