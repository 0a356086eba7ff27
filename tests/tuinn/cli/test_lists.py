"""`tuinn presets`, `tuinn datasets` and `tuinn show`."""

import json
import subprocess
import tomllib

from tuinn.config import parse
from tuinn.preset import find


def test_presets_are_listed_with_their_titles(tuinn):
    result = tuinn("presets")
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert any(line.split()[0] == "xor" and find("xor").config.title in line for line in lines)


def test_presets_as_json(tuinn):
    listed = {entry["name"]: entry for entry in json.loads(tuinn("presets", "--json").stdout)}
    xor = find("xor")
    assert listed["xor"] == {
        "name": "xor",
        "title": xor.config.title,
        "look_for": xor.config.look_for,
        "own": False,
        "path": str(xor.path),
    }


def test_own_presets_are_marked_and_a_broken_one_says_why(tuinn):
    folder = tuinn.folder / "home" / "presets"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('title = "Mine"\n')
    (folder / "bad.toml").write_text("seed = -1\n")
    result = tuinn("presets")
    assert result.returncode == 0
    rows = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert rows["mine"].endswith("Mine  (your own)")
    assert rows["bad"].endswith("bad.toml: `seed` must be >= 0, got -1")
    listed = {entry["name"]: entry for entry in json.loads(tuinn("presets", "--json").stdout)}
    assert listed["mine"]["own"]
    assert "must be >= 0" in listed["bad"]["error"]


def test_datasets(tuinn):
    result = tuinn("datasets", TUINN_DATA=str(tuinn.folder))
    assert result.returncode == 0
    rows = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert {"circle", "spiral", "moons", "iris", "digits", "mnist"} <= set(rows)
    assert "TUINN_DATA" in rows["mnist"]
    listed = {
        entry["name"]: entry
        for entry in json.loads(tuinn("datasets", "--json", TUINN_DATA=str(tuinn.folder)).stdout)
    }
    assert set(listed) == set(rows)
    assert listed["circle"]["generated"]
    assert not listed["mnist"]["available"]


def test_show_prints_the_configuration_in_full(tuinn):
    shown = tuinn("show", "decay-wins")
    assert shown.returncode == 0
    assert parse(tomllib.loads(shown.stdout)) == find("decay-wins").config


def test_show_fills_in_defaults_and_keeps_comments(tuinn):
    path = tuinn.file("mine.toml", "seed = 3  # lucky\n")
    shown = tuinn("show", path).stdout
    assert "seed = 3  # lucky" in shown
    assert tomllib.loads(shown)["training"]["batch_size"] == 10


def test_show_as_json(tuinn):
    shown = json.loads(tuinn("show", "xor", "--json").stdout)
    assert shown["name"] == "xor"
    assert parse(shown["config"]) == find("xor").config


def test_a_reader_that_closes_early_ends_it_quietly(tuinn):
    with tuinn.start("show", "xor") as process:
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode in (0, 141)
    head = subprocess.run(
        ["sh", "-c", '"$@" | head -n 1', "sh", *tuinn.line("presets")],
        cwd=tuinn.folder,
        env=tuinn.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert len(head.stdout.splitlines()) == 1
    assert head.stderr == ""


def test_a_preset_of_the_surface_screen_is_shown_too(tuinn):
    text = tuinn("show", "local-minimum").stdout
    assert tomllib.loads(text)["surface"] == "rastrigin"
    shown = json.loads(tuinn("show", "local-minimum", "--json").stdout)
    assert (shown["name"], shown["descent"]["surface"]) == ("local-minimum", "rastrigin")
    refused = tuinn("show", "local-minimun")
    assert refused.returncode == 2
    assert "no preset 'local-minimun'" in refused.stderr
