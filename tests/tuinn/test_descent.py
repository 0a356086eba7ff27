"""Descents on surfaces: what their files may say, and that each preset shows what it says."""

from functools import cache
from typing import get_args

import numpy as np
import pytest

from engine.surfaces import SURFACES, surface
from engine.surfaces.settings import SETTINGS
from engine.walk import Walk
from tuinn.allowed import ConfigError
from tuinn.descent import (
    SurfaceName,
    budget_of,
    find,
    make_optimizer,
    make_walks,
    parse,
    read,
    settings_for,
    surface_presets,
)
from tuinn.optimizers import METHODS, Adam, Sgd
from tuinn.preset import PresetError, presets


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TUINN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def of(**fields):
    return parse({"surface": "rosenbrock", "optimizer": [{"name": "adam"}]} | fields)


# the record


def test_the_surfaces_that_may_be_named_are_those_of_the_engine():
    assert get_args(SurfaceName) == tuple(SURFACES)


def test_what_is_left_out_is_as_it_suits_the_surface():
    descent = of(optimizer=[{"name": "adam", "beta1": 0.5}, {"name": "sgd"}])
    adam, sgd = descent.optimizers
    stated = SETTINGS["rosenbrock"]
    assert adam == Adam(eta=stated["adam"].parameters["eta"], beta1=0.5)
    assert sgd == Sgd(eta=stated["sgd"].parameters["eta"])
    assert (descent.start, descent.budget, descent.seed, descent.speed) == (None, None, 0, 1.0)
    assert budget_of(descent, "adam") == stated["adam"].budget
    assert budget_of(of(budget=7), "adam") == 7


@pytest.mark.parametrize("on", SURFACES)
@pytest.mark.parametrize("name", METHODS)
def test_the_settings_of_the_engine_are_settings_here(on, name):
    settings = settings_for(on, name)
    assert settings.name == name
    for field, value in SETTINGS[on][name].parameters.items():
        assert getattr(settings, field) == value
    assert make_optimizer(settings).name == name


def test_the_walks_are_those_of_the_engine():
    walks = make_walks(of(start=[0, 1.5], budget=50, seed=4, optimizer=[{"name": "swarm"}]))
    stated = make_optimizer(settings_for("rosenbrock", "swarm"))
    expected = Walk(surface("rosenbrock"), stated, (0.0, 1.5), seed=4, budget=50)
    for walk in (walks["swarm"], expected):
        walk.advance(100)
    assert (walks["swarm"].path == expected.path).all()
    assert walks["swarm"].finished == "budget of 50 evaluations spent"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"surface": "rosenbrok"}, r"`surface` must be \"sphere\", .*did you mean rosenbrock"),
        ({"budget": 0}, "`budget` must be >= 1, got 0"),
        ({"budget": 2.5}, "`budget` must be a whole number >= 1, got 2.5"),
        ({"seed": -1}, "`seed` must be >= 0, got -1"),
        ({"speed": 20}, "`speed` must be 0.1 … 10, got 20"),
        ({"start": 3}, "`start` must be a list of numbers, got 3"),
        ({"start": [1]}, r"`start` must be a list of two numbers, x and y, got \[1\]"),
        ({"start": [1, "up"]}, r"`start\[1\]` must be a number"),
        ({"start": [9, 1]}, "`start` must have x in -8 … 8, at most 2 widths .*, got x = 9"),
        ({"start": [1, -7.1]}, "`start` must have y in -7 … 9, at most 2 widths .*, got y = -7.1"),
        ({"start": [0, float("nan")]}, r"`start\[1\]` must be a number"),
        ({"stat": [9, 1]}, "unknown field `stat`; .*did you mean start"),
        ({"optimizers": []}, "unknown field `optimizers`; .*did you mean optimizer"),
        ({"optimizer": []}, r"`optimizer` must be a list .*\[\[optimizer\]\], got nothing"),
        ({"optimizer": {"name": "sgd"}}, r"`optimizer` must be a list .*, got a table"),
        ({"optimizer": [3]}, r"`optimizer\[0\]` must be a table with the name of an optimiser"),
        ({"optimizer": [{"eta": 3}]}, r"`optimizer\[0\]` must be a table with the name"),
        ({"optimizer": [{"name": "adan"}]}, r"`optimizer\[0\].name` .*did you mean adam"),
        (
            {"optimizer": [{"name": "sgd"}, {"name": "sgd"}]},
            r"`optimizer\[1\].name` must be of an optimiser that is not there yet, got \"sgd\"",
        ),
        (
            {"optimizer": [{"name": "momentum", "mu": 1}]},
            r"`optimizer\[0\].mu` must be >= 0 and < 1, got 1",
        ),
        (
            {"optimizer": [{"name": "adam", "beta2": 1}]},
            r"`optimizer\[0\].beta2` must be >= 0 and < 1, got 1",
        ),
        (
            {"optimizer": [{"name": "genetic", "population": 1}]},
            r"`optimizer\[0\].population` must be >= 2, got 1",
        ),
        (
            {"optimizer": [{"name": "annealing", "temperature": 0}]},
            r"`optimizer\[0\].temperature` must be > 0, got 0",
        ),
        (
            {"optimizer": [{"name": "genetic", "population": 4, "elite": 4}]},
            r"`optimizer\[0\].elite` must be a whole number ≥ 0 and < 4; got 4",
        ),
        ({"optimizer": [{"name": "sgd", "mu": 0.5}]}, r"`optimizer\[0\].mu` is no field of sgd"),
        (
            {"optimizer": [{"name": "sgd", "schedule": "step"}]},
            r"`optimizer\[0\].schedule` means nothing on a surface: there are no epochs",
        ),
        (
            {"optimizer": [{"name": "adam", "decay": "coupled"}]},
            r"`optimizer\[0\].decay` means nothing on a surface: there are no weights",
        ),
    ],
)
def test_what_cannot_be_used_is_told_by_its_field(fields, message):
    with pytest.raises(ConfigError, match=message):
        of(**fields)


def test_a_surface_must_be_named():
    with pytest.raises(ConfigError, match=r'`surface` must be "sphere", .*, got nothing'):
        parse({"optimizer": [{"name": "sgd"}]})


def test_a_file_is_named_where_it_cannot_be_used(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("surface = \n")
    with pytest.raises(ConfigError, match=r"mine\.toml: line 1, column 11"):
        read(path)
    path.write_text('surface = "sphere"\nbudget = 0\n')
    with pytest.raises(ConfigError, match=r"mine\.toml: `budget` must be >= 1, got 0"):
        find(path)
    with pytest.raises(PresetError, match=r"none\.toml: cannot be read: No such file"):
        find(tmp_path / "none.toml")


def test_own_presets_win_by_name_and_broken_ones_are_left_out(home):
    folder = home / "presets" / "surfaces"
    folder.mkdir(parents=True)
    (folder / "ridge.toml").write_text('surface = "saddle"\n[[optimizer]]\nname = "sgd"\n')
    (folder / "plateau.toml").write_text('surface = "sphere"\n[[optimizer]]\nname = "sgd"\n')
    (folder / "broken.toml").write_text("surface = 3\n")
    found = {preset.name: preset for preset in surface_presets()}
    assert found["ridge"].own
    assert found["plateau"].descent.surface == "sphere"
    assert not found["off-the-saddle"].own
    assert "broken" not in found
    with pytest.raises(ConfigError, match="`surface` must be"):
        find("broken")


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(PresetError, match=r"no surface preset 'plateua'; there are .*mean plateau"):
        find("plateua")


# the shipped presets


def test_every_preset_has_a_title_and_a_sentence():
    found = surface_presets()
    assert [preset.name for preset in found] == sorted(preset.name for preset in found)
    assert not any(preset.own for preset in found)
    for preset in found:
        assert preset.descent.title
        assert preset.descent.look_for.endswith(".")


def test_surface_presets_are_not_among_those_of_the_laboratory():
    names = {preset.name for preset in surface_presets()}
    assert not names & {preset.name for preset in presets()}
    assert not names & set(SURFACES)


def test_the_presets_that_people_are_told_of_are_there():
    names = {preset.name for preset in surface_presets()}
    assert names >= {
        *("bowl-eta-too-small", "bowl-eta-right", "bowl-eta-too-large"),
        *("ravine-momentum", "local-minimum"),
    }


@cache
def walked(name, **changes):
    """The walks of a preset, each to its end."""
    descent = find(name).descent
    for field, value in changes.items():
        assert hasattr(descent, field)
        descent = type(descent)(
            **{f: getattr(descent, f) for f in descent.__struct_fields__} | {field: value}
        )
    walks = make_walks(descent)
    for walk in walks.values():
        walk.advance(10**6)
    return walks


def far(walk):
    """Distance of every point of the path from the origin."""
    return np.linalg.norm(walk.path, axis=1)


def when(walk, true):
    """The first update after which the position, (x, y), is as asked."""
    return int(np.argmax(true(*walk.path.T)))


def test_too_small_an_eta_does_not_come_half_of_the_way():
    (walk,) = walked("bowl-eta-too-small").values()
    distance = far(walk)
    assert distance[1:] / distance[:-1] == pytest.approx(0.996)
    assert walk.update == 150
    assert distance[-1] > distance[0] / 2


def test_the_right_eta_halves_the_distance_with_each_step():
    (walk,) = walked("bowl-eta-right").values()
    distance = far(walk)
    assert distance[1:] / distance[:-1] == pytest.approx(0.5)
    assert walk.finished == "at a minimum"
    assert walk.update <= 12


def test_too_large_an_eta_leaps_across_and_diverges():
    (walk,) = walked("bowl-eta-too-large").values()
    assert walk.path[1:] == pytest.approx(-1.1 * walk.path[:-1])
    assert walk.diverged


def test_the_three_bowls_differ_in_eta_alone():
    descents = [find(f"bowl-eta-{name}").descent for name in ("too-small", "right", "too-large")]
    assert len({(d.surface, d.start, d.budget, d.seed) for d in descents}) == 1
    assert [type(d.optimizers[0]) for d in descents] == [Sgd, Sgd, Sgd]


def test_momentum_needs_less_than_a_third_of_the_updates_in_a_ravine():
    walks = walked("ravine-momentum")
    assert {walk.finished for walk in walks.values()} == {"at a minimum"}
    assert walks["sgd"].optimizer.eta == walks["momentum"].optimizer.eta
    # which bears less of it
    assert 0.5 < walks["nesterov"].optimizer.eta / walks["sgd"].optimizer.eta < 0.55
    assert "Nesterov with about half that η" in find("ravine-momentum").descent.look_for
    assert walks["momentum"].update < walks["sgd"].update / 3
    assert walks["nesterov"].update < walks["sgd"].update / 3
    # it zigzags: y changes its sign with every step
    y = walks["sgd"].path[:60, 1]
    assert (y[1:] * y[:-1] < 0).all()


def test_descent_stays_in_its_hollow_and_annealing_gets_out():
    walks = walked("local-minimum")
    sgd, annealing = walks["sgd"], walks["annealing"]
    assert (sgd.path[0] == annealing.path[0]).all()
    assert sgd.finished.startswith("at rest")
    assert np.abs(sgd.path - (2, -2)).max() < 0.5
    assert annealing.distance < 0.1
    assert np.diff(annealing.surface.value(annealing.path)).max() > 5
    # not by the luck of one seed
    others = [walked("local-minimum", seed=seed)["annealing"].distance for seed in range(20)]
    assert sum(distance < 0.1 for distance in others) >= 18


def test_who_leaves_the_saddle_first():
    walks = walked("off-the-saddle")
    off = {name: when(walk, lambda x, y: abs(y) > 0.5) for name, walk in walks.items()}
    assert off["adagrad"] <= 5
    assert off["rmsprop"] <= 5
    assert 20 < off["momentum"] < off["sgd"] / 2
    assert {walk.finished for walk in walks.values()} == {"at a minimum"}
    # plain descent is at the saddle point for a while
    assert (far(walks["sgd"]) < 0.1).sum() > 10


def test_the_race_in_the_valley():
    walks = walked("rosenbrock-race")
    updates = {name: walk.update for name, walk in walks.items() if walk.finished == "at a minimum"}
    assert set(updates) == {"lbfgs", "nesterov", "momentum", "adam"}
    assert 35 < updates["lbfgs"] < 50
    assert 200 < updates["nesterov"] < updates["momentum"] < 1000
    assert not walks["sgd"].reached(0.3)
    for walk in walks.values():
        assert when(walk, lambda x, y: abs(y - x**2) < 0.1) < 50


def test_another_seed_another_minimum_for_the_swarm():
    found = set()
    for seed in range(8):
        (walk,) = walked("swarm-on-himmelblau", seed=seed).values()
        assert walk.finished == "at a minimum"
        found.add(tuple(walk.best.round(1)))
    assert len(found) >= 3


def test_on_the_plateau_descent_creeps_and_the_adaptive_ones_walk():
    walks = walked("plateau")
    assert {walk.finished for walk in walks.values()} == {"at a minimum"}
    gone = {name: np.linalg.norm(walk.path[10] - walk.path[0]) for name, walk in walks.items()}
    assert gone["sgd"] < gone["rmsprop"] / 3
    assert gone["sgd"] < gone["adagrad"] / 3
    assert walks["sgd"].update > 2 * max(walks[name].update for name in ("adagrad", "rmsprop"))
