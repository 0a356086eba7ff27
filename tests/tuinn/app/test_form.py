"""The form in the app: typing, the mouse, what is wrong, and whose the keys are."""

import re

import pytest
from app_driver import (
    LONG,
    app_of,
    keys_shown,
    lab_of,
    press,
    ready,
    said,
    shown_text,
    state,
    trained,
    until,
    write,
)
from textual.pilot import Pilot

from tuinn.optimizers import Momentum
from tuinn.screens.features import Features
from tuinn.screens.picker import Picker
from tuinn.widgets.field import FieldRow
from tuinn.widgets.field_editors import ChoiceList, FieldChoice, FieldInput
from tuinn.widgets.form import More


async def test_tab_walks_through_the_form_and_back_to_the_dashboard() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        panel = lab.focused
        assert panel is lab.dashboard.panels[1]
        reached = []
        for _ in lab.form.editors:
            await press(pilot, "tab")
            reached.append(lab.focused)
        assert reached == lab.form.editors
        await press(pilot, "tab")
        assert lab.focused is panel
        await press(pilot, "shift+tab")
        assert lab.focused is lab.form.query_one(More)


async def test_a_focused_text_field_keeps_its_letters_and_escape_gives_the_keys_back() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.row("network.hidden").editor.focus()
        await until(pilot, lambda: isinstance(lab.focused, FieldInput), "focus")
        await press(pilot, "space", "s", "q", "r")
        assert lab.session.report.update == 0
        assert "s" in lab.focused.value
        await press(pilot, "escape", "s")
        await until(pilot, lambda: lab.session.report.update == 1, "an update")
        assert lab.form.errors


async def test_space_on_a_choice_trains() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.row("training.cost").editor.focus()
        await until(pilot, lambda: isinstance(lab.focused, FieldChoice), "focus")
        await press(pilot, "space")
        await state(pilot, "training")


async def test_a_wrong_value_is_said_at_the_field_and_the_run_goes_on() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await write(pilot, "optimizer.eta", "-3")
        row = lab.form.row("optimizer.eta")
        assert row.error == "must be > 0, got -3"
        assert row.query_one(".error").display
        assert row.editor.value == "-3"
        assert lab.form.config.optimizer.eta == 0.5
        made = lab.session.report.update
        await until(pilot, lambda: lab.session.report.update > made, "the run to go on")
        await until(pilot, lambda: "must be > 0" in said(pilot), "the message line")
        assert lab.session.last.eta == 0.5
        await write(pilot, "optimizer.eta", "0.2")
        assert row.error == ""
        assert not row.query_one(".error").display
        await until(pilot, lambda: lab.session.last.eta == 0.2, "the new η")


async def test_what_is_wrong_is_said_while_it_is_typed() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        row = lab.form.row("network.hidden")
        row.editor.focus()
        await until(pilot, lambda: row.editor.has_focus, "focus")
        await press(pilot, "home", "ctrl+k", "3", "0", ",", "0")
        assert row.error == "number 2 must be ≥ 1, got 0"
        assert lab.form.config.network.hidden == (4,)


async def test_a_click_on_a_choice_opens_it_and_a_click_takes_one() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        select = lab.form.row("network.init").editor
        await pilot.click(select)
        await until(pilot, lambda: select.children, "the choices")
        await press(pilot, "down", "enter")
        assert lab.form.config.network.init == "large"


async def test_letters_find_a_choice_in_an_open_list_and_do_nothing_else() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        optimiser = lab.form.row("optimizer.name").editor
        optimiser.focus()
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(lab.focused, ChoiceList), "the list")
        choices = lab.focused
        at = lambda: choices.options[choices.highlighted].id  # noqa: E731
        found = []
        for key in (*"rms", *"adamw", "space", "z", "left", "f5", "q", "s"):
            await press(pilot, key)
            found.append(at())
        assert found == [
            *["rmsprop"] * 3,
            *["adagrad", "adagrad", "adagrad", "adam", "adamw"],
            *["adamw"] * 5,
            "sgd",
        ]
        assert keys_shown(pilot)["a…z"] == "type to find"
        assert "space" not in keys_shown(pilot)
        made = lab.session.report.update
        await until(pilot, lambda: lab.session.report.update > made > 20, "the run to go on")
        assert lab.dashboard.charts[0].smoothing == 0
        assert lab.form.config.optimizer.name == "sgd"
        await press(pilot, "r", "enter")
        assert lab.form.config.optimizer.name == "rmsprop"
        assert lab.focused is optimiser
        assert lab.session.status == "training"


async def test_letters_typed_long_after_each_other_each_begin_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr("tuinn.widgets.field_editors.monotonic", lambda: now[0])
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.row("optimizer.name").editor.focus()
        await press(pilot, "enter", "s")
        choices = lab.focused
        now[0] += 10
        await press(pilot, "w")
        assert choices.options[choices.highlighted].id == "sgd"
        await press(pilot, "s", "w")
        assert choices.options[choices.highlighted].id == "swarm"


async def test_tab_leaves_an_open_list_and_escape_closes_it() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        optimiser = lab.form.row("optimizer.name").editor
        for key, then in (("escape", optimiser), ("tab", lab.form.row("optimizer.eta").editor)):
            optimiser.focus()
            await press(pilot, "enter")
            await until(pilot, lambda: optimiser.children, "the list")
            await press(pilot, key)
            await until(pilot, lambda: not optimiser.children, "the list put away")
            assert lab.focused is then


async def test_an_open_list_stands_out_from_the_form() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.row("optimizer.name").editor.focus()
        await press(pilot, "enter")
        await until(pilot, lambda: "annealing" in shown_text(pilot), "the list")
        (line,) = [line for line in shown_text(pilot).splitlines() if "annealing" in line]
        assert re.search(r"│annealing *│", line)


async def test_left_and_right_go_through_the_choices() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.row("network.activation").editor.focus()
        await press(pilot, "right")
        assert lab.form.config.network.activation == "tanh"
        await press(pilot, "left", "left")
        assert lab.form.config.network.activation == "identity"


async def test_a_click_turns_a_switch() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await pilot.click("#more")
        await until(pilot, lambda: lab.form.row("data.shuffle").display, "more fields")
        await pilot.click(lab.form.row("data.shuffle").editor)
        assert lab.form.config.data.shuffle is False


async def test_the_data_are_picked_by_search() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.row("data.set").editor.focus()
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker), "the picker")
        await press(pilot, *"iris", "enter")
        await until(pilot, lambda: pilot.app.screen is lab, "the lab again")
        assert lab.form.config.data.set == "iris"
        assert not lab.form.row("data.features").display
        await until(pilot, lambda: not lab.dashboard.planar, "the run on iris")


async def test_features_are_chosen_from_a_list_with_their_number() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await pilot.click(lab.form.row("data.features").editor)
        await until(pilot, lambda: isinstance(pilot.app.screen, Features), "the list")
        await press(pilot, "space", "down", "space", "down", "space")
        number = pilot.app.screen.query_one(".number")
        await until(pilot, lambda: "3 inputs" in str(number.content), "the number")
        await press(pilot, "enter")
        await until(pilot, lambda: pilot.app.screen is lab, "the lab again")
        assert lab.form.config.data.features == ("x1", "x2", "x1^2")
        experiment = lambda: lab.session.experiment  # noqa: E731
        await until(pilot, lambda: experiment().trainer.network.sizes[0] == 3, "three inputs")


async def test_an_activation_for_each_layer_is_asked_for() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await write(pilot, "network.hidden", "4, 3")
        select = lab.form.row("network.activation").editor
        select.focus()
        await press(pilot, "enter", "end", "enter")
        await until(pilot, lambda: pilot.app.screen is not lab, "the question")
        await press(pilot, "home", "ctrl+k", *"tanh", "enter")
        assert pilot.app.screen is lab
        assert lab.form.config.network.activation == "tanh"
        select.focus()
        await press(pilot, "enter", "end", "enter")
        await until(pilot, lambda: pilot.app.screen is not lab, "the question")
        await press(pilot, "home", "ctrl+k", *"tanh, relu", "enter")
        await until(pilot, lambda: pilot.app.screen is lab, "the lab again")
        assert lab.form.config.network.activation == ("tanh", "relu")
        assert select.value == "tanh, relu"


async def test_fields_come_and_go_with_what_they_belong_to() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        assert not lab.form.row("optimizer.every").display
        lab.form.set("optimizer.schedule", "step")
        assert lab.form.row("optimizer.every").display
        assert lab.form.row("optimizer.drop").display
        lab.form.set("data.set", "digits")
        assert not lab.form.row("data.noise").display


async def test_enter_on_more_fields_shows_them() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        assert not lab.form.row("training.dtype").display
        lab.form.query_one(More).focus()
        await press(pilot, "enter")
        assert lab.form.row("training.dtype").display
        await press(pilot, "enter")
        assert not lab.form.row("training.dtype").display


async def test_a_long_text_takes_the_room_of_the_unit() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        await until(pilot, lambda: "units" in shown_text(pilot), "the unit")
        await write(pilot, "network.hidden", "30, 30, 30, 30")
        await press(pilot, "escape")
        await until(pilot, lambda: "30, 30, 30, 30" in shown_text(pilot), "the whole text")
        assert "units" not in shown_text(pilot).split("activation")[0]
        lab.form.set("network.hidden", (4,))
        await until(pilot, lambda: "units" in shown_text(pilot).split("activation")[0], "the unit")


async def test_what_a_field_is_can_be_read_to_its_end() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        lab.form.row("training.batch_size").editor.focus()
        await until(pilot, lambda: "(≥ 1," in shown_text(pilot), "the help")
        await until(pilot, lambda: "examples)" in shown_text(pilot), "its end")


async def test_a_click_selects_the_text_and_one_more_sets_the_cursor() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        editor = lab.form.row("stop.epochs").editor
        await pilot.click(editor, offset=(2, 0))
        await until(pilot, lambda: editor.selected_text == "1000000", "the selection")
        await press(pilot, "7")
        assert editor.value == "7"
        await press(pilot, "7", "7")
        await pilot.click(editor, offset=(1, 0))
        await until(pilot, lambda: editor.selection == (1, 1), "the cursor")


async def test_a_click_on_a_label_goes_to_its_editor() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        for path in ("stop.epochs", "network.init"):
            row = lab.form.row(path)
            await pilot.click(row, offset=(1, 0))
            await until(pilot, lambda row=row: row.editor.has_focus, f"focus on {path}")


async def test_another_optimiser_brings_its_fields_and_keeps_the_focus() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        form, optimiser = lab.form, lab.form.row("optimizer.name").editor
        optimiser.focus()
        await press(pilot, "right")
        assert form.config.optimizer == Momentum()
        assert lab.focused is optimiser
        shown = [row.path for row in form.rows if row.display]
        at = shown.index("optimizer.name")
        assert shown[at + 1 : at + 3] == ["optimizer.eta", "optimizer.mu"]
        assert form.row("optimizer.eta").editor.value == "0.1"
        assert [row.path for row in form.query(FieldRow) if row.display] == shown
        await press(pilot, "down", "down", "down")
        assert lab.focused is form.row("optimizer.schedule").editor
        lines = [line.strip() for line in shown_text(pilot).splitlines()]
        (place,) = [i for i, line in enumerate(lines) if line.startswith("optimiser")]
        assert lines[place + 2].startswith("μ ")


async def test_back_to_an_optimiser_its_fields_are_as_they_were_typed() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        form = lab.form
        await write(pilot, "optimizer.eta", "0.7")
        form.set("optimizer.name", "momentum")
        await pilot.pause()
        await write(pilot, "optimizer.mu", "0.5")
        form.set("optimizer.name", "genetic")
        assert not form.row("optimizer.mu").display
        assert not form.row("training.batch_size").display
        form.set("optimizer.name", "momentum")
        assert (form.config.optimizer.mu, form.row("optimizer.mu").editor.value) == (0.5, "0.5")
        form.set("optimizer.name", "sgd")
        assert (form.config.optimizer.eta, form.row("optimizer.eta").editor.value) == (0.7, "0.7")
        form.load(form.config)
        form.set("optimizer.name", "momentum")
        assert form.config.optimizer.mu == 0.9


async def test_a_twin_has_what_is_set_for_the_other_now() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        form = (await ready(pilot)).form
        for name, eta in (("adam", 0.02), ("adamw", 0.3), ("adam", 0.04)):
            form.set("optimizer.name", name)
            form.set("optimizer.eta", eta)
        form.set("optimizer.decay", "coupled")
        form.set("optimizer.name", "adamw")
        assert form.config.optimizer.eta == 0.04
        form.set("optimizer.name", "adam")
        assert (form.config.optimizer.eta, form.config.optimizer.decay) == (0.04, "coupled")
        form.set("optimizer.name", "sgd")
        assert form.config.optimizer.eta == 0.5


async def test_what_is_wrong_goes_with_the_optimiser_it_is_wrong_for() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        form = lab.form
        form.set("optimizer.name", "momentum")
        await pilot.pause()
        await write(pilot, "optimizer.mu", "1")
        assert form.row("optimizer.mu").error == "must be ≥ 0 and < 1, got 1"
        assert form.config.optimizer.mu == 0.9
        form.set("optimizer.name", "adam")
        assert form.errors == {}
        assert not form.row("optimizer.mu").display


async def test_parameters_that_do_not_go_together_are_told_at_the_field() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        form = lab.form
        form.set("optimizer.name", "genetic")
        await pilot.pause()
        await write(pilot, "optimizer.population", "1")
        assert form.row("optimizer.population").error == "must be ≥ 2, got 1"
        await write(pilot, "optimizer.population", "4")
        await write(pilot, "optimizer.elite", "4")
        error = lambda: form.row("optimizer.elite").error  # noqa: E731
        await until(pilot, lambda: "< 4" in error(), "the refusal")
        await write(pilot, "optimizer.elite", "1")
        assert error() == ""


async def typed(pilot: Pilot[None], path: str, text: str) -> None:
    """Type into a field, and stay there."""
    editor = lab_of(pilot).form.row(path).editor
    editor.focus()
    await until(pilot, lambda: editor.has_focus, f"focus on {path}")
    await press(pilot, "home", "ctrl+k", *text)


async def test_what_does_not_go_together_is_told_while_it_is_typed_and_no_longer() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        form = lab.form
        form.set("optimizer.name", "genetic")
        await pilot.pause()
        elite, population = form.row("optimizer.elite"), form.row("optimizer.population")
        await typed(pilot, "optimizer.elite", "60")
        assert "< 50; got 60" in elite.error
        await until(pilot, lambda: said(pilot).startswith("elite: must be"), "the message line")
        assert said(pilot).endswith("Until then it is 2.")
        await press(pilot, "backspace")
        assert elite.error == ""
        await press(pilot, "0", "enter")
        await state(pilot, "failed")
        await until(pilot, lambda: said(pilot).startswith("elite must be"), "the label")
        assert "< 50; got 60" in elite.error
        await typed(pilot, "optimizer.population", "2")
        assert (population.error, "< 2; got 60" in elite.error) == ("", True)
        await press(pilot, *"00")
        assert form.errors == {}
        await press(pilot, "backspace", "backspace", "enter")
        assert "< 2; got 60" in elite.error
        await typed(pilot, "optimizer.population", "1")
        assert population.error == "must be ≥ 2, got 1"
        await press(pilot, *"00", "enter")
        assert form.errors == {}
        await ready(pilot)


async def test_back_to_the_value_of_before_a_field_is_right_again() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        row = lab.form.row("stop.epochs")
        await typed(pilot, "stop.epochs", "1000000x")
        assert row.error
        await press(pilot, "backspace")
        assert row.error == ""


async def test_a_run_goes_on_beside_settings_that_do_not_go_together() -> None:
    raw = LONG | {"optimizer": {"name": "genetic", "population": 6}}
    async with app_of(raw).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await write(pilot, "optimizer.elite", "6")
        error = lab.form.row("optimizer.elite").error
        assert error == "must be a whole number ≥ 0 and < 6; got 6"
        await until(pilot, lambda: said(pilot) == f"elite: {error}.", "the message line")
        assert lab.session.status == "training"


async def test_what_an_epoch_is_called_follows_the_optimiser() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        form = (await ready(pilot)).form
        epochs, every = form.row("stop.epochs"), form.row("optimizer.every")
        assert (epochs.hint, every.hint) == ("epochs", "epochs")
        hints = []
        for name in ("genetic", "swarm", "annealing", "lbfgs", "adam"):
            form.set("optimizer.name", name)
            hints.append(epochs.hint)
        assert hints == ["gener.", "iter.", "chains", "eval.", "epochs"]
        form.set("optimizer.name", "genetic")
        epochs.editor.focus()
        await until(pilot, lambda: "gener." in shown_text(pilot), "the unit")
        await until(pilot, lambda: "(≥ 1, generations)" in shown_text(pilot).replace("\n", " ")
                    or "generations)" in shown_text(pilot), "the whole word")  # fmt: skip


async def test_another_optimiser_waits_for_the_reset_of_a_run_and_its_eta_does_too() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        lab.form.set("optimizer.name", "adam")
        await pilot.pause()
        assert lab.session.pending == ["optimizer.name"]
        await write(pilot, "optimizer.eta", "0.02")
        made = lab.session.report.update
        await until(pilot, lambda: lab.session.report.update > made + 50, "the run to go on")
        assert lab.session.last.eta == 0.5
        assert lab.session.pending == ["optimizer.name"]
        await press(pilot, "escape", "r", "space")
        await until(pilot, lambda: lab.session.last and lab.session.last.eta == 0.02, "adam")
        await write(pilot, "optimizer.eta", "0.03")
        await until(pilot, lambda: lab.session.last.eta == 0.03, "the new η in the run")
        assert lab.session.pending == []


async def test_eta_is_nudged_where_there_is_one() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        nudges = {action.method for action in lab.offered() if action.method.startswith("nudge")}
        assert len(nudges) == 2
        lab.form.set("optimizer.name", "ants")
        assert not nudges & {action.method for action in lab.offered()}
        await press(pilot, "full_stop")
        await until(pilot, lambda: "ants has no learning rate η" in said(pilot), "the message")
