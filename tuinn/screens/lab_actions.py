"""What the keys of the lab do."""

from __future__ import annotations

from abc import abstractmethod

import msgspec
from textual.message import Message

from engine.data import catalogue
from tuinn.config import Config, Field, as_text, changed, get
from tuinn.history import AXES
from tuinn.numbers import rate
from tuinn.preset import Preset, find, own_folder, save
from tuinn.race import MOST
from tuinn.screens.choices import data_items, preset_items
from tuinn.screens.features import Features
from tuinn.screens.picker import Picker, Several
from tuinn.screens.prompt import Prompt
from tuinn.screens.reopened import Reopened
from tuinn.screens.sentences import drawn_by_seed
from tuinn.screens.what_if import WhatIf
from tuinn.widgets.equations import EquationInspector
from tuinn.widgets.examples import ExamplesPanel
from tuinn.widgets.field import labelled
from tuinn.widgets.form import Form
from tuinn.widgets.network_view import NetworkView
from tuinn.widgets.paging import EQUATIONS, SURFACE
from tuinn.widgets.zoomable import Zoomable

SMOOTHINGS = (0.0, 0.6, 0.9, 0.97)
ENDED = {
    "finished": "The run is finished: press r to reset, or let it go on by the form (tab).",
    "diverged": "The run has diverged: lower η, then press r to reset.",
    "failed": "There is no run: change what is wrong in the form, then press r.",
}
NO_SURFACE = "The decision surface needs data with two coordinates: circle, xor, spiral, moons …"
NO_DELTA = "There is no δ without backpropagation: this panel needs a method with gradients."


class LabActions(WhatIf):
    """The actions. What is told goes to the message line."""

    preset: Preset
    axis: str

    class RaceWanted(Message):
        """Presets of these names are to be raced."""

        def __init__(self, names: tuple[str, ...]) -> None:
            super().__init__()
            self.names = names

    @abstractmethod
    def show_curves(self) -> None:
        """Draw the panels anew."""

    @abstractmethod
    def show_state(self) -> None:
        """Show what the header, the message line and the footer say."""

    # the run

    def _may_train(self) -> bool:
        refused = ENDED.get(self.session.status)
        if refused:
            self.tell(refused, "hint")
        return refused is None

    def action_train(self) -> None:
        if self.session.status == "training":
            self.session.pause()
        elif self._may_train():
            self.session.start()

    def action_step(self) -> None:
        if self._may_train():
            self.session.step()

    def action_epoch(self) -> None:
        if self._may_train():
            self.session.epoch()

    def action_reset(self) -> None:
        self.form.take()
        # that the form has changed may not have been told yet
        self.session.config = self.form.config
        self.session.reset()

    def action_new_seed(self) -> None:
        self.form.take()
        seed = self.session.config.seed + 1
        self.form.set("seed", seed)
        self.session.config = self.form.config
        self.session.reset()
        generated = {entry.name for entry in catalogue() if entry.generated}
        drawn = drawn_by_seed(self.session.config, self.session.config.data.set in generated)
        self.tell(f"Seed {seed}: {drawn}. Press space to start.")

    def action_speed(self, by: int) -> None:
        self.session.change_speed(by)
        pace = self.session.pace
        if pace is None:
            self.tell("Full speed; < is slower.")
        else:
            self.tell(f"At most {rate(pace)} updates a second; > is faster, < slower.")

    # form and focus

    def _in_form(self) -> bool:
        return self.focused is not None and self.form in self.focused.ancestors

    def _editor_at(self) -> int:
        """The place of the editor that has the keys, −1 where none has."""
        focused = self.focused
        around: list[object] = list(focused.ancestors_with_self) if focused else []
        for place, editor in enumerate(self.form.editors):
            if editor in around:
                return place
        return -1

    def action_turn(self) -> None:
        self._go_to_editor(self._editor_at() + 1)

    def action_turn_back(self) -> None:
        at = self._editor_at()
        self._go_to_editor(at - 1 if at >= 0 else len(self.form.editors) - 1)

    def action_field(self, by: int) -> None:
        editors = self.form.editors
        self._go_to_editor((self._editor_at() + by) % len(editors))

    def _go_to_editor(self, place: int) -> None:
        """Give the keys to an editor; past either end, to the dashboard."""
        editors = self.form.editors
        if 0 <= place < len(editors):
            self.remove_class("-dashboard")
            self.add_class("-form")
            editors[place].focus()
        else:
            self._leave_form()

    def _leave_form(self) -> None:
        self.remove_class("-form")
        self.add_class("-dashboard")
        self.dashboard.take_focus()

    def action_back(self) -> None:
        if self._in_form():
            self._leave_form()
        elif self.dashboard.enlarged is not None:
            self.dashboard.give_back()
        else:
            self.dashboard.release_cursor()

    # curves

    def action_x_axis(self) -> None:
        self.axis = AXES[(AXES.index(self.axis) + 1) % len(AXES)]
        self.dashboard.set_charts(view=None)
        self.dashboard.release_cursor()
        self.show_curves()

    def action_log_y(self) -> None:
        chart = self.dashboard.chart
        chart.log_y = not chart.log_y
        self.show_state()

    def action_smooth(self) -> None:
        now = self.dashboard.charts[0].smoothing
        beta = SMOOTHINGS[(SMOOTHINGS.index(now) + 1) % len(SMOOTHINGS)]
        self.dashboard.set_charts(smoothing=beta)
        self.tell(f"Smoothing {beta:g}" if beta else "No smoothing")

    def action_cursor(self, by: int) -> None:
        self.dashboard.chart.action_step_cursor(by)

    def action_zoom(self, by: int) -> None:
        self.dashboard.chart.zoom(1.5**by)

    def action_pan(self, by: int) -> None:
        self.dashboard.chart.pan(0.25 * by)

    def action_whole(self) -> None:
        self.dashboard.chart.reset_view()
        self.dashboard.release_cursor()

    # panels

    def action_page(self, by: int) -> None:
        self._leave_form()
        self.dashboard.turn(by)

    def action_enlarge(self) -> None:
        self.action_panel(self.dashboard.current)

    def action_panel(self, number: int) -> None:
        """Enlarge a panel; the same again gives back the others."""
        dashboard = self.dashboard
        if number not in dashboard.offered:
            self.tell(NO_SURFACE if number == SURFACE else NO_DELTA, "hint")
            return
        self._leave_form()
        if dashboard.enlarged == number:
            dashboard.give_back()
        else:
            dashboard.enlarge(number)

    def action_surface(self) -> None:
        self.action_panel(SURFACE)

    def on_zoomable_maximise(self, event: Zoomable.Maximise) -> None:
        event.stop()
        number = self.dashboard.number_of(event.chart)
        if number is not None:
            self.action_panel(number)

    def on_network_view_edited(self, event: NetworkView.Edited) -> None:
        event.stop()
        self.session.edit(event.layer, event.row, event.column, event.value)

    def on_network_view_write_asked(self, event: NetworkView.WriteAsked) -> None:
        event.stop()
        self.ask_weight(event.layer, event.row, event.column, event.value, event.name)

    def on_network_view_refused(self, event: NetworkView.Refused) -> None:
        event.stop()
        if self.session.status == "diverged" and self.looked_at is None:
            self.tell("The run has diverged: no weight can mend it.", "hint")
        elif self.session.facts.searches:
            self.tell("A search proposes its own weights: none is written by hand.", "hint")
        else:
            self.tell("The past cannot be changed: f forks from here, then w writes.", "hint")

    def on_network_view_selected(self, event: NetworkView.Selected) -> None:
        event.stop()
        self.show_state()

    def on_equation_inspector_example_asked(self, event: EquationInspector.ExampleAsked) -> None:
        event.stop()
        self.ask_example()

    def on_examples_panel_chosen(self, event: ExamplesPanel.Chosen) -> None:
        event.stop()
        if EQUATIONS not in self.dashboard.offered:
            self.tell(NO_DELTA, "hint")
            return
        self.inside.look_at(event.example, trained_on=False)
        if self.dashboard.enlarged is None:
            self.dashboard.go(EQUATIONS)
        else:
            self.dashboard.enlarge(EQUATIONS)

    # presets and dialogs

    def action_presets(self) -> None:
        several = Several("race", MOST, self._race)
        picker = Picker("presets", preset_items(), current=self.preset.name, several=several)
        self.app.push_screen(picker, self._open_preset)

    def _race(self, names: tuple[str, ...]) -> None:
        self.post_message(self.RaceWanted(names))

    def _open_preset(self, name: str | None) -> None:
        if name is None:
            return
        try:
            preset = find(name)
        except ValueError as error:
            self.tell(str(error), "error")
            return
        self.open_preset(preset)

    def open_preset(self, preset: Preset) -> None:
        """Begin with a preset, in place of the run that is here."""
        self.preset = preset
        self.form.load(preset.config)
        self.session.open(preset.config, preset.folder, preset.name)
        self.dashboard.set_charts(view=None)
        self.dashboard.release_cursor()
        self.tell(preset.config.look_for or preset.config.title)

    def reopen(self, run: Reopened, told: str) -> None:
        """Go on with a run from elsewhere, in place of the one that is here; ``told``: what of."""
        self.preset = run.preset
        self.form.load(run.config)
        self.session.reopen(run)
        self.dashboard.set_charts(view=None)
        self.dashboard.release_cursor()
        self.show_curves()
        self.tell(told)

    def action_save(self) -> None:
        self.form.take()
        if errors := self.form.errors:
            path, error = next(iter(errors.items()))
            self.tell(f"Not saved: {labelled(f'`{path}`')} {error}", "error")
            return
        question = (
            f"It is written to {own_folder()}; a preset of that name there is replaced, "
            "and its comments stay."
        )
        self.app.push_screen(Prompt("save as preset", question, self.preset.name, self._save))

    def _save(self, name: str) -> None:
        config = self.form.config
        if name != self.preset.name and config != self.preset.config:
            # another experiment than the one that title and hint tell of
            config = msgspec.structs.replace(config, title=name, look_for="")
        path = save(name, config)
        self.form.config = self.session.config = config
        self.preset = Preset(name, config, path, own=True)
        self.tell(f"Saved as {name} in {path}")

    def on_form_asked(self, event: Form.Asked) -> None:
        event.stop()
        field, config = event.field, self.form.config

        def take(value: object) -> None:
            if value is not None:
                self.form.set(field.path, value)

        match field.path:
            case "data.set":
                items = data_items(catalogue())
                prompt = "type to search, or the path of a file"
                picker = Picker("data", items, config.data.set, prompt, paths=True)
                self.app.push_screen(picker, take)
            case "data.features":
                self.app.push_screen(Features(field.choices, config.data.features), take)
            case _:
                self.app.push_screen(self._question(field, config), take)

    def _question(self, field: Field, config: Config) -> Prompt:
        number = len(config.network.hidden)
        question = f"One for each of the {number} hidden layers: {', '.join(field.choices)}."
        value = get(config, field.path)
        names = value if isinstance(value, tuple) else (value,) * number
        return Prompt(
            field.label,
            question,
            as_text(names),
            lambda text: changed(config, field.path, text),
        )
