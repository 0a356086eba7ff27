"""The Surface screen in the app: who walks, from where, how far; keys, mouse and sizes."""

import numpy as np
import pytest
from app_driver import answered, app_of, lab_of, press, ready, shown_text, state, trained, until
from descent_driver import SIZES, app, chosen, footer, opened, row, said, write

from engine.surfaces import SURFACES
from engine.surfaces.settings import SETTINGS
from engine.walk import Walk
from tuinn.allowed import ConfigError
from tuinn.descent import check_start, find, make_optimizer, parse
from tuinn.screens.actions import APP_ACTIONS, LAB_ACTIONS
from tuinn.screens.descent import SurfaceScreen
from tuinn.screens.descent_actions import DESCENT_ACTIONS
from tuinn.screens.descent_help import help_page
from tuinn.screens.descent_states import leaders, message
from tuinn.screens.help import Help
from tuinn.screens.picker import Picker
from tuinn.widgets.field_editors import ChoiceList
from tuinn.widgets.header import TitleBar

ADAMS = {"surface": "rosenbrock", "optimizer": [{"name": "adam"}, {"name": "adamw"}]}


async def test_g_the_title_bar_and_escape_go_there_and_back() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        screen = await opened(pilot)
        assert "▸Surface" in shown_text(pilot)
        await press(pilot, "G")
        assert pilot.app.screen is lab
        assert "▸Lab" in shown_text(pilot)
        await pilot.click(TitleBar, offset=(len("tuinn   Lab   S"), 0))
        await until(pilot, lambda: pilot.app.screen is screen, "the same screen as before")
        await press(pilot, "escape")
        await until(pilot, lambda: pilot.app.screen is lab, "the lab")


async def test_a_step_is_one_update_of_each_and_is_the_engine_s() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "ravine-momentum")
        await press(pilot, *"sssss")
        preset = find("ravine-momentum").descent
        for settings in preset.optimizers:
            walk = Walk(SURFACES["ravine"], make_optimizer(settings))
            walk.advance(5)
            shown = row(screen, settings.name)
            assert (shown.x, shown.y) == tuple(walk.position)
            assert shown.cost == walk.cost
            assert shown.slope == pytest.approx(float(np.linalg.norm(walk.gradient)), rel=1e-15)
            assert (shown.evaluations, shown.updates) == (5, 5)
            assert shown.state == "paused"


async def test_sgd_is_played_to_a_minimum() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "bowl-eta-right")
        assert screen.speed == 0.2
        await press(pilot, *">>>>>>", "space")
        await until(pilot, lambda: row(screen, "sgd").state == "at a minimum", "the minimum")
        await until(pilot, lambda: "All walks have ended" in said(screen), "the message")
        assert "✓ ended" in shown_text(pilot)
        assert not screen.playing
        await press(pilot, "space")
        assert "press r" in said(screen)
        await press(pilot, "r")
        assert row(screen, "sgd").state == "ready"
        assert (row(screen, "sgd").x, row(screen, "sgd").y) == SURFACES["sphere"].start


async def test_a_divergence_is_told_with_its_update() -> None:
    async with app().run_test(size=(200, 50)) as pilot:
        screen = await opened(pilot, "bowl-eta-too-large")
        screen.walks.advance(1000.0, 10.0, allowance=60.0)
        screen.show_all()
        update = screen.walks.walks["sgd"].update
        assert row(screen, "sgd").state == f"diverged at update {update}"
        assert said(screen).startswith(f"sgd has diverged at update {update}")
        assert f"diverged at update {update}" in shown_text(pilot)


async def test_what_was_told_gives_way_to_a_divergence() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "rosenbrock-race")
        await write(pilot, screen, "sgd.eta", "1000")
        await press(pilot, "escape")
        assert said(screen) == "η of sgd is 1000: it begins anew."
        await press(pilot, "s")
        assert said(screen).startswith("sgd has diverged at update 1:")
        # and what is done after it is told again
        await press(pilot, "comma")
        assert said(screen).startswith("η of sgd 1 000 → 790")


async def test_what_was_told_gives_way_to_the_end() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "bowl-eta-right")
        await press(pilot, "comma")
        assert "begins anew" in said(screen)
        screen.walks.advance(1000.0, 10.0, allowance=60.0)
        screen.show_all()
        assert said(screen).startswith("All walks have ended. sgd was first")
        await press(pilot, "comma")
        assert "begins anew" in said(screen)


async def test_only_what_makes_a_difference_is_offered_at_the_end() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "bowl-eta-right")
        screen.walks.advance(1000.0, 10.0, allowance=60.0)
        screen.show_all()
        assert said(screen).endswith("r starts again.")
        await press(pilot, "R")
        assert said(screen) == "Seed 1, but nobody who takes part draws anything by chance."
        await press(pilot, "k", "a", "R")
        assert said(screen).startswith("Seed 2: the searches draw anew")
        screen.walks.advance(1000.0, 10.0, allowance=60.0)
        screen.show_all()
        assert said(screen).endswith("r starts again, R with another seed.")


async def test_v_is_offered_only_where_it_turns_something() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "local-minimum")
        walks = screen.walks
        assert "v turns the arrow v" in message(walks, "sgd", True, "").text
        assert "arrow" not in message(walks, "annealing", True, "").text
        assert "arrow" not in message(walks, "ants", True, "").text
        assert footer(screen)["v"] == "turn v"
        await press(pilot, "k")
        assert screen.current == "ants"
        assert "v" not in footer(screen)


async def test_another_row_ends_what_was_told_of_the_one_before() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "rosenbrock-race")
        names = list(screen.walks.settings)
        await press(pilot, "a")
        assert said(screen) == "sgd no longer takes part."
        await pilot.click(screen.table, offset=(10, 2 + names.index("adam")))
        await until(pilot, lambda: screen.current == "adam", "adam to be chosen")
        assert "sgd no longer" not in said(screen)
        await press(pilot, "a")
        assert said(screen) == "adam no longer takes part."
        await press(pilot, "j")
        assert "adam no longer" not in said(screen)


async def test_optimisers_take_part_by_key_and_by_mouse() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "rosenbrock-race")
        assert chosen(screen) == ("sgd", "momentum", "nesterov", "adam", "lbfgs")
        await press(pilot, "s", "j", "a")
        assert chosen(screen) == ("sgd", "nesterov", "adam", "lbfgs")
        await press(pilot, "a")
        assert chosen(screen) == ("sgd", "momentum", "nesterov", "adam", "lbfgs")
        assert row(screen, "momentum").updates == 0
        assert row(screen, "sgd").updates == 1
        names = list(screen.walks.settings)
        # on the mark, which stands behind the border and the arrow
        await pilot.click(screen.table, offset=(2, 2 + names.index("ants")))
        await until(pilot, lambda: "ants" in chosen(screen), "the ants")
        assert screen.current == "ants"
        await pilot.click(screen.table, offset=(10, 2 + names.index("adam")))
        await until(pilot, lambda: screen.current == "adam", "the focus on adam")
        assert "adam" in chosen(screen)
        assert screen.focused is screen.table
        await press(pilot, "down", "enter")
        assert screen.current == "adamw"
        assert "adamw" in chosen(screen)


async def test_nobody_walks_where_nobody_takes_part() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "bowl-eta-right")
        await press(pilot, "a", "s", "space")
        assert chosen(screen) == ()
        assert "No optimiser takes part" in said(screen)
        await press(pilot, "v", "c", "y", "r", "R")


async def test_a_click_sets_the_start() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "ravine-momentum")
        await press(pilot, "s", "s")
        top, left = screen.map._canvas_at
        await pilot.click(screen.map, offset=(left + 1 + 30, top + 1 + 5))
        await until(pilot, lambda: screen.walks.start != SURFACES["ravine"].start, "the start")
        assert screen.walks.start == screen.map._view.point(5, 30)
        assert all(walk.update == 0 for walk in screen.walks.walks.values())
        assert (row(screen, "sgd").x, row(screen, "sgd").y) == screen.walks.start
        assert "◇" not in said(screen)
        assert screen.form.row("start").shown == "{:g}, {:g}".format(*screen.walks.start)


async def test_the_arrows_and_enter_set_the_start() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "bowl-eta-right")
        x, y = screen.walks.start
        await press(pilot, "right", "right", "up")
        assert screen.map.cursor is not None
        assert "enter: start here" in str(screen.map.border_subtitle)
        cursor = screen.map.cursor
        assert cursor[0] > x
        assert cursor[1] > y
        await press(pilot, "enter")
        assert screen.walks.start == cursor
        await press(pilot, "escape")
        assert screen.map.cursor is None
        assert pilot.app.screen is screen


async def test_an_open_list_shows_its_own_keys_and_they_can_be_clicked() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        screen.form.row("surface").editor.focus()
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(screen.focused, ChoiceList), "the list")
        assert footer(screen)["a…z"] == "type to find"
        assert "space" not in footer(screen)
        await press(pilot, *"beale")
        await screen.run_action("take_choice")
        await until(pilot, lambda: screen.walks.surface.name == "beale", "the other surface")
        assert not isinstance(screen.focused, ChoiceList)


async def test_another_surface_comes_with_what_suits_it() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await press(pilot, "f")
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker), "the picker")
        await press(pilot, *"himmel", "enter")
        await until(pilot, lambda: pilot.app.screen is screen, "the screen again")
        assert screen.walks.surface.name == "himmelblau"
        assert screen.map.surface.name == "himmelblau"
        assert screen.walks.start == SURFACES["himmelblau"].start
        eta = SETTINGS["himmelblau"]["sgd"].parameters["eta"]
        assert screen.walks.settings["sgd"].eta == eta
        assert screen.form.row("sgd.eta").shown == f"{eta:g}"
        assert "Himmelblau" in str(screen.map.border_title)
        # nothing of the preset is left
        title = screen.query_one(TitleBar)
        assert (title.title, title.preset) == ("Himmelblau's four minima", "himmelblau")
        assert "edited" not in shown_text(pilot)
        screen.form.row("surface").editor.focus()
        await press(pilot, "right")
        await until(pilot, lambda: screen.walks.surface.name == "rastrigin", "the next surface")


async def test_a_preset_is_picked() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await press(pilot, "p")
        await until(pilot, lambda: isinstance(pilot.app.screen, Picker), "the picker")
        await press(pilot, *"local", "enter")
        await until(pilot, lambda: pilot.app.screen is screen, "the screen again")
        preset = find("local-minimum").descent
        assert screen.walks.surface.name == preset.surface
        assert screen.walks.start == preset.start
        assert chosen(screen) == tuple(settings.name for settings in preset.optimizers)
        assert preset.look_for in said(screen)
        assert "(edited)" not in shown_text(pilot)


async def test_reset_and_seed_begin_again() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "swarm-on-himmelblau")
        await press(pilot, *"ssss")
        first = screen.walks.walks["swarm"].path
        await press(pilot, "r", *"ssss")
        np.testing.assert_array_equal(screen.walks.walks["swarm"].path, first)
        await press(pilot, "R", *"ssss")
        assert screen.walks.seed == 1
        assert not np.array_equal(screen.walks.walks["swarm"].path, first)


async def test_a_bad_parameter_is_told_and_the_walk_goes_on_as_it_was() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "ravine-momentum")
        await press(pilot, "j", "s")
        await write(pilot, screen, "momentum.mu", "1")
        field = screen.form.row("momentum.mu")
        assert field.error == "must be ≥ 0 and < 1, got 1"
        assert "must be ≥ 0 and < 1" in said(screen)
        assert screen.walks.settings["momentum"].mu == 0.7
        assert row(screen, "momentum").updates == 1
        await press(pilot, "escape", "s")
        assert row(screen, "momentum").updates == 2
        await write(pilot, screen, "momentum.mu", "0.5")
        assert field.error == ""
        assert screen.walks.settings["momentum"].mu == 0.5
        assert row(screen, "momentum").updates == 0
        assert row(screen, "sgd").updates == 2


async def test_a_refused_text_does_not_stay_when_the_form_is_left() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "rosenbrock-race")
        budget = screen.form.row("budget")
        for leave in ("escape", "click"):
            await write(pilot, screen, "budget", "0")
            assert budget.error
            assert budget.shown == "0"
            if leave == "escape":
                await press(pilot, "escape")
            else:
                await pilot.click(screen.table, offset=(10, 2))
            await until(pilot, lambda: budget.shown == "1000", "the budget in force")
            assert budget.error == ""
            assert screen.walks.budget == 1000
        # not even typed to its end
        budget.editor.focus()
        await until(pilot, lambda: budget.editor.has_focus, "the field")
        await press(pilot, "home", "ctrl+k", "x", "escape")
        assert (budget.shown, budget.error, screen.walks.budget) == ("1000", "", 1000)
        # what can be taken is, as everywhere
        budget.editor.focus()
        await until(pilot, lambda: budget.editor.has_focus, "the field")
        await press(pilot, "home", "ctrl+k", "7", "escape")
        assert (budget.shown, screen.walks.budget) == ("7", 7)


async def test_the_budget_in_force_stands_in_the_empty_field() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "ravine-momentum")
        editor = screen.form.row("budget").editor
        assert editor.value == ""
        assert editor.placeholder == "400 (sgd)"
        assert "400 (sgd)" in shown_text(pilot)
        await press(pilot, "j")
        assert editor.placeholder == "150 (momentum)"
        screen.open_preset("plateau")
        await answered(pilot)
        stated = screen.walks.budget_of(screen.current)
        assert editor.placeholder.startswith(f"{stated} (")


async def test_nobody_leads_while_costs_are_equal() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "rosenbrock-race")
        assert "lowest" not in shown_text(pilot)
        # the first step of momentum is that of nesterov
        await press(pilot, "s", "s")
        least = screen.walks.least
        name = min(least, key=least.__getitem__)
        assert leaders(screen.walks) == (name, least[name])
        assert f"lowest: {name}" in shown_text(pilot)
        screen.walks.load(parse(ADAMS))
        assert leaders(screen.walks) == ("", None)
        await press(pilot, "s")
        assert leaders(screen.walks) == ("", None)
        screen.walks.toggle("sgd")
        screen.walks.set("sgd", "eta", 1e-9)
        await press(pilot, "s")
        # two share the first place
        assert screen.walks.least["adam"] == screen.walks.least["adamw"]
        assert leaders(screen.walks) == ("", screen.walks.least["adam"])
        assert "lowest: " in shown_text(pilot)
        assert "lowest: a" not in shown_text(pilot)


async def test_where_one_may_start_is_one_rule_for_all() -> None:
    """What a click or a field takes, the command takes too."""
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "rosenbrock-race")
        view = screen.map._view
        corners = [view.point(row, column) for row in (0, view.rows - 1) for column in (0, 1)]
        for corner in corners:
            check_start("rosenbrock", corner)
        with pytest.raises(ConfigError) as refused:
            check_start("rosenbrock", (50.0, 50.0))
        await write(pilot, screen, "start", "50, 50")
        assert str(refused.value) == f"`start` {screen.form.row('start').error}"


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("genetic.elite", "20", "≥ 0 and < 20"),
        ("genetic.population", "1", "≥ 2"),
        ("budget", "0", "whole number ≥ 1"),
        ("budget", "many", "whole number ≥ 1"),
        ("seed", "-1", "whole number ≥ 0"),
        ("start", "1", "two numbers"),
        ("start", "1, nan", "got y = nan"),
        ("start", "50, 50", "x in -8 … 8"),
        ("start", "1, 1e9", "y in"),
    ],
)
async def test_what_cannot_be_is_told_by_its_name(path: str, text: str, told: str) -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        screen.current = "genetic"
        screen.show_all()
        await until(pilot, lambda: screen.form.row("genetic.elite").is_mounted, "the fields")
        before = screen.walks.settings["genetic"], screen.walks.budget, screen.walks.start
        await write(pilot, screen, path, text)
        error = screen.form.row(path).error
        assert told in error
        assert said(screen) == f"{screen.form.row(path).parameter.label}: {error}"
        after = screen.walks.settings["genetic"], screen.walks.budget, screen.walks.start
        assert after == before


async def test_comma_and_point_change_eta_and_only_where_there_is_one() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "bowl-eta-right")
        await press(pilot, "s", ".")
        assert screen.walks.settings["sgd"].eta == 0.31
        assert row(screen, "sgd").updates == 0
        assert screen.form.row("sgd.eta").shown == "0.31"
        await press(pilot, "k", "comma")
        assert screen.current == "ants"
        assert "ants has no η" in said(screen)


async def test_fields_come_and_go_with_what_they_belong_to() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        screen.current = "swarm"
        screen.show_all()
        await until(pilot, lambda: screen.form.row("swarm.topology").is_mounted, "the fields")
        paths = [one.parameter.path for one in screen.form.rows]
        assert "swarm.neighbours" not in paths
        screen.form.row("swarm.topology").editor.focus()
        await press(pilot, "right")
        paths = [one.parameter.path for one in screen.form.rows]
        assert "swarm.neighbours" in paths


async def test_v_turns_and_the_slope_is_read_out() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "ravine-momentum")
        gx, gy = screen.walks.walks["sgd"].gradient
        downhill = np.degrees(np.arctan2(-gy, -gx))
        assert f"{downhill:.0f}°".replace("-", "−") in shown_text(pilot)
        screen.turn_to(0)
        along = screen.slope._shown.along(0)
        assert along == pytest.approx(gx)
        await press(pilot, "v")
        assert screen.angle == 15
        await press(pilot, "V", "V")
        assert screen.angle == -15
        screen.turn_to(round(downhill))
        assert "v is the steepest way down" in shown_text(pilot)


async def test_a_search_is_told_to_know_no_gradient() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "local-minimum")
        await press(pilot, "s", "k", "k", *"k" * 1)
        screen.current = "annealing"
        screen.show_all()
        assert "annealing knows no gradient" in shown_text(pilot)
        assert row(screen, "annealing").slope is None
        assert not screen.map._arrows


async def test_speed_is_shown_and_has_two_ends() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await press(pilot, *">>>>>>>>")
        assert screen.speed == 10
        assert "speed 10×" in shown_text(pilot)
        assert "200 updates/s" in shown_text(pilot)
        await press(pilot, *"<<<<<<<<")
        assert screen.speed == 0.1


async def test_colours_and_their_scale_change() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "rosenbrock-race")
        before = screen.map._strips[3]
        await press(pilot, "c")
        assert screen.map.palette == "blue to yellow"
        await until(pilot, lambda: screen.map._strips[3] not in (before, None), "other colours")
        await press(pilot, "y")
        assert not screen.map.log_scale
        screen.open_preset("bowl-eta-right")
        assert screen.map.palette == "blue to yellow"


async def test_nothing_walks_out_of_sight() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        lab = await ready(pilot)
        screen = await opened(pilot, "rosenbrock-race")
        await press(pilot, "space")
        await until(pilot, lambda: row(screen, "sgd").updates, "the first updates")
        assert footer(screen)["space"] == "pause"
        await press(pilot, "G")
        assert pilot.app.screen is lab
        made = screen.walks.walks["sgd"].update
        frames, shown = screen._frames, lab._frames
        await until(pilot, lambda: lab._frames > shown + 5, "frames of the lab")
        assert screen.walks.walks["sgd"].update == made
        assert screen._frames == frames
        await press(pilot, "g")
        await until(pilot, lambda: screen.walks.walks["sgd"].update > made, "more updates")


async def test_the_lab_goes_on_behind_and_is_not_drawn() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        await opened(pilot)
        made, drawn = lab.session.report.update, lab._frames
        await until(pilot, lambda: lab.session.report.update > made + 100, "the run to go on")
        assert lab._frames == drawn
        assert lab.session.status == "training"
        await press(pilot, "G", "space")
        await state(pilot, "paused")
        assert lab.session.history.last.update == lab.session.report.update
        assert str(lab.session.report.update)[-3:] in shown_text(pilot)


@pytest.mark.parametrize("size", [*SIZES, (110, 32), (40, 12), (20, 6)])
async def test_every_size_will_do(size: tuple[int, int]) -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, "rosenbrock-race")
        await press(pilot, "s", "s")
        await pilot.resize_terminal(*size)
        await press(pilot, "s", "v", "tab", "tab", "escape", "right", "enter")
        assert row(screen, "sgd").updates == 0
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: "rosenbrock" in shown_text(pilot), "the screen again")


async def test_at_80_by_24_table_and_settings_take_turns() -> None:
    async with app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert "nesterov" in shown_text(pilot)
        await press(pilot, "k")
        assert "ants" in shown_text(pilot)
        await press(pilot, "tab", "tab")
        assert "budget" in shown_text(pilot)
        assert "nesterov" not in shown_text(pilot)
        assert screen.map.display
        await press(pilot, "escape", "j")
        assert "nesterov" in shown_text(pilot)


async def test_the_help_and_the_palette_are_of_this_screen() -> None:
    async with app().run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await press(pilot, "question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help), "the help")
        assert "Optimisers walk over a cost" in shown_text(pilot)
        assert "While the lab is shown they rest" in " ".join(help_page().intro.split())
        await press(pilot, "escape")
        await press(pilot, "ctrl+p", *"another seed")
        await until(pilot, lambda: "Start again with another seed" in shown_text(pilot), "palette")
        await press(pilot, "down", "enter")
        await until(pilot, lambda: screen.walks.seed == 1, "the other seed")


def test_no_key_does_two_things_and_what_both_screens_do_has_one_key() -> None:
    actions = [*DESCENT_ACTIONS, *APP_ACTIONS]
    assert len({action.id for action in actions}) == len(actions)
    keys = [key for action in actions for key in action.keys.split(",")]
    assert len(set(keys)) == len(keys)
    in_lab = {action.id: action.keys for action in LAB_ACTIONS}
    for action in DESCENT_ACTIONS:
        assert in_lab.get(action.id, action.keys) == action.keys


async def test_it_opens_at_once_where_a_surface_is_asked_for() -> None:
    raw = app_of({"data": {"set": "circle", "n": 100}})
    raw._surface_preset = find("off-the-saddle")
    async with raw.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, SurfaceScreen), "the screen")
        assert pilot.app.screen.walks.surface.name == "saddle"
        assert lab_of(pilot)
