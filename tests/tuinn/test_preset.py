"""Presets: shipped and own, found by name or path, saved with their comments."""

import os
import tomllib

import pytest

from tuinn.config import Config, ConfigError, changed, read, tree
from tuinn.optimizers import METHODS
from tuinn.preset import (
    VERBS,
    PresetError,
    broken,
    find,
    own_folder,
    presets,
    save,
    shipped_folder,
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TUINN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_every_shipped_preset_has_a_title_a_sentence_and_a_usable_configuration():
    for preset in presets():
        assert not preset.own
        assert preset.config.title
        assert preset.config.look_for.endswith(".")
        assert preset.name not in VERBS
    assert [p.name for p in presets()] == sorted(p.stem for p in shipped_folder().glob("*.toml"))


def test_every_shipped_preset_is_written_out_in_full():
    for preset in presets():
        assert tomllib.loads(preset.path.read_text()) == tree(preset.config)


def test_the_presets_that_people_are_told_of_are_there():
    names = {preset.name for preset in presets()}
    assert names >= {
        *("xor", "circle", "spiral", "moons", "iris", "digits", "mnist-30", "mnist-100"),
        *("saturated-neuron-quadratic", "saturated-neuron-cross-entropy"),
        *("overfit-digits", "overfit-digits-decay", "vanishing-deltas", "deep-sigmoid-stuck"),
        *("decay-wins", "batch", "mini-batch", "stochastic"),
        *("eta-too-small", "eta-right", "eta-too-large"),
        *(f"digits-{name}" for name in ("sgd", "momentum", "nesterov", "rmsprop", "adam")),
        *(f"xor-{name}" for name in ("backprop", "genetic", "swarm", "annealing", "ants")),
    }


def test_own_presets_live_under_the_home_folder(home):
    assert own_folder() == home / "presets"


def test_without_a_home_folder_own_presets_live_in_the_platforms_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("TUINN_HOME")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert own_folder().name == "presets"
    assert "tuinn" in own_folder().parts


def test_an_own_preset_wins_by_name():
    before = find("xor")
    save("xor", changed(before.config, "optimizer.eta", 0.125))
    after = find("xor")
    assert after.own
    assert after.config.optimizer.eta == 0.125
    assert [p.name for p in presets()].count("xor") == 1


def test_a_saved_preset_is_found_the_same():
    config = Config(title="Mine: «η»", look_for="A line\nbreak.", seed=7)
    config = changed(config, "network.weights", [[[1.5, 2.0]], [[-3.0]]])
    path = save("mine", config)
    assert find("mine").config == config
    assert read(path) == config
    full = tomllib.loads(path.read_text())
    assert full["training"] == {"cost": "cross-entropy", "batch_size": 10, "dtype": "float64"}
    assert os.listdir(path.parent) == ["mine.toml"]


@pytest.mark.parametrize("name", METHODS)
def test_a_preset_with_any_optimiser_is_saved_and_found_the_same(name):
    config = changed(Config(title="Mine"), "optimizer.name", name)
    assert find(str(save("mine", config))).config == config


def test_an_optimiser_changed_in_a_file_leaves_no_field_of_the_other_behind(home):
    path = home / "presets" / "noted.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[optimizer]\nname = "momentum"  # heavy\neta = 0.5\nmu = 0.8\n')
    adam = changed(find("noted").config, "optimizer.name", "adam")
    save("noted", changed(adam, "optimizer.eta", 0.5))
    assert tomllib.loads(path.read_text())["optimizer"] == {"name": "adam", "eta": 0.5}
    assert "# heavy" in path.read_text()
    save("noted", changed(find("noted").config, "optimizer.name", "sgd"))
    assert find("noted").config.optimizer == Config().optimizer


def test_an_optimiser_at_its_defaults_is_named_in_a_file_that_names_none(home):
    path = home / "presets" / "noted.toml"
    path.parent.mkdir(parents=True)
    path.write_text("seed = 3\n")
    save("noted", changed(find("noted").config, "optimizer.name", "ants"))
    assert tomllib.loads(path.read_text()) == {"seed": 3, "optimizer": {"name": "ants"}}


def test_comments_and_order_of_an_edited_file_survive(home):
    path = home / "presets" / "noted.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "# why this exists\n"
        'title = "Noted"  # my title\n'
        "\n"
        "[optimizer]  # the rule\n"
        "eta = 0.1  # too small?\n"
        "drop = 5e-1\n"
        "\n"
        "[data]\n"
        "# few\n"
        "n = 50\n"
        'set = "moons"\n'
    )
    config = changed(find("noted").config, "optimizer.eta", 0.3)
    config = changed(changed(config, "data.n", None), "network.hidden", (3, 3))
    save("noted", config)
    text = path.read_text()
    for comment in ("# why this exists", "# my title", "# the rule", "# too small?", "# few"):
        assert comment in text
    assert "eta = 0.3  # too small?" in text
    assert "n = 50" not in text
    assert "drop = 5e-1\n" in text
    assert text.index("[optimizer]") < text.index("[data]")
    assert "stop" not in text
    assert find("noted").config == config


def test_the_comments_of_a_shipped_preset_go_into_ones_own_of_that_name():
    save("xor", changed(find("xor").config, "seed", 99))
    assert "# four examples are all there are" in find("xor").path.read_text()


def test_a_file_is_opened_and_saved_by_its_path(tmp_path):
    path = tmp_path / "some" / "where.toml"
    config = changed(Config(), "seed", 3)
    assert save(path, config) == path
    preset = find(str(path))
    assert (preset.name, preset.config, preset.own) == ("where", config, True)


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", "with space", "train", "x" * 81])
def test_a_name_that_cannot_be_used_is_refused(name, home):
    with pytest.raises(PresetError):
        save(name, Config())
    assert not home.exists()


def test_an_unknown_name_names_the_closest():
    with pytest.raises(
        PresetError, match="no preset 'xorr'; `tuinn presets` lists them; did you mean xor"
    ):
        find("xorr")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PresetError, match=r"none\.toml: cannot be read: No such file"):
        find(tmp_path / "none.toml")


def test_a_broken_own_preset_is_listed_with_its_error_and_the_rest_still_is(home):
    path = home / "presets" / "xor.toml"
    path.parent.mkdir(parents=True)
    path.write_text("[optimizer]\neta = -1\n")
    (home / "presets" / "fine.toml").write_text("seed = 5\n")
    names = [p.name for p in presets()]
    assert "fine" in names
    assert "xor" not in names
    (bad,) = broken()
    assert (bad.name, bad.path) == ("xor", path)
    assert bad.error == f"{path}: `optimizer.eta` must be > 0, got -1"
    with pytest.raises(ConfigError, match="must be > 0, got -1"):
        find("xor")


def test_saving_over_a_file_that_is_no_toml_loses_nothing(home):
    path = home / "presets" / "mine.toml"
    path.parent.mkdir(parents=True)
    path.write_text("seed = = 3\n")
    with pytest.raises(PresetError, match="would lose what is in it"):
        save("mine", Config())
    assert path.read_text() == "seed = = 3\n"


def test_a_folder_that_cannot_be_written_is_named(home):
    home.write_text("a file where the folder should be")
    with pytest.raises(PresetError, match=r"home/presets/mine\.toml: the preset cannot be saved"):
        save("mine", Config())
