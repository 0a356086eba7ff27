"""`tuinn descend` as a person or a script starts it."""

import json
import subprocess
import sys

import numpy as np
import pytest

from engine.surfaces import SURFACES, surface
from tuinn.descent import make_walks, parse, surface_presets
from tuinn.optimizers import METHODS


def lines(result):
    assert result.stderr == ""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_json_lines_are_the_walk(tuinn):
    found = lines(tuinn("descend", "rosenbrock", "--optimizer", "adam", "--steps", 20, "--json"))
    (walk,) = make_walks(parse({"surface": "rosenbrock", "optimizer": [{"name": "adam"}]})).values()
    walk.advance(20)
    *steps, final = found
    assert [line["update"] for line in steps] == list(range(21))
    assert [line["evaluations"] for line in steps] == list(range(21))
    assert [[line["x"], line["y"]] for line in steps] == walk.path.tolist()
    assert steps[-1]["cost"] == walk.cost
    assert steps[-1]["gradient_norm"] == np.linalg.norm(walk.gradient)
    assert steps[-1]["distance"] == walk.distance
    assert final["final"] is True
    assert final["reason"] == "20 updates made"
    assert (final["reached"], final["diverged"]) == (False, False)
    assert {name: final[name] for name in steps[-1]} == steps[-1]


def test_every_thins_the_lines_out_but_for_the_last(tuinn):
    words = ("descend", "sphere", "--optimizer", "sgd,swarm", "--steps", 8, "--every", 3, "--json")
    found = lines(tuinn(*words))
    for name in ("sgd", "swarm"):
        own = [line for line in found if line["optimizer"] == name]
        assert [line["update"] for line in own] == [0, 3, 6, 8, 8]
        assert [line.get("final", False) for line in own] == [False] * 4 + [True]
    searches = [line["search"] for line in found if line["optimizer"] == "swarm"]
    assert {"best", "mean", "spread", "diversity", "speed"} == set(searches[-1])
    # before the first costs there are none: JSON knows no NaN
    assert searches[0]["best"] is None


def test_a_surface_alone_is_for_everyone(tuinn):
    result = tuinn("descend", "himmelblau")
    assert (result.returncode, result.stderr) == (0, "")
    title, head, *rows = result.stdout.splitlines()
    assert title.startswith("Himmelblau's four minima: (x² + y − 11)² + (x + y² − 7)², from −0.5")
    assert title.endswith("minima at 3.00, 2.00; −2.81, 3.13; −3.78, −3.28; 3.58, −1.85")
    assert head.split() == [
        *("optimiser", "updates", "evaluations", "x", "y", "cost", "‖∇C‖", "distance")
    ]
    assert [row.split()[0] for row in rows] == list(METHODS)
    assert {row.endswith("at a minimum") for row in rows} == {True}


def test_a_preset_is_run_as_it_stands(tuinn):
    result = tuinn("descend", "ravine-momentum")
    assert [row.split()[0] for row in result.stdout.splitlines()[2:5]] == [
        *("sgd", "momentum", "nesterov")
    ]
    assert result.stdout.splitlines()[-1].startswith("With the same η plain descent zigzags")
    assert result.returncode == 0


def test_a_preset_keeps_its_parameters_for_those_that_are_chosen_anew(tuinn):
    words = ("--optimizer", "adam,momentum", "--set", "adam.eta=0.25", "--steps", 1, "--json")
    found = lines(tuinn("descend", "ravine-momentum", *words))
    ends = {line["optimizer"]: line for line in found if "final" in line}
    assert list(ends) == ["adam", "momentum"]
    # the first step of adam is η long in both directions, that of momentum is η∇C
    assert (ends["adam"]["x"], ends["adam"]["y"]) == pytest.approx((-1.95, 0.55))
    assert ends["momentum"]["y"] == pytest.approx(0.8 - 0.038 * 50 * 0.8)


def test_start_seed_and_budget(tuinn):
    def run(seed, start):
        words = ("--optimizer", "swarm", "--seed", seed, "--start", start, "--budget", 40)
        return lines(tuinn("descend", "rosenbrock", *words, "--json"))

    beside = run(1, "2.1,1")
    assert (beside[0]["x"], beside[0]["y"]) == (2.1, 1)
    first, again, other = run(1, "-1.5,2"), run(1, "-1.5,2"), run(2, "-1.5,2")
    assert first == again != other
    assert (first[0]["x"], first[0]["y"]) == (-1.5, 2)
    assert first[-1]["reason"] == "budget of 40 evaluations spent"
    assert first[-1]["evaluations"] == 40


def test_one_that_diverges_is_told_by_the_exit_status(tuinn):
    result = tuinn("descend", "bowl-eta-too-large", "--json")
    assert result.returncode == 3
    final = lines(result)[-1]
    assert final["diverged"] is True
    assert final["reason"] == "diverged: more than 1000 map widths away at update 83"


def test_numbers_beyond_all_bounds_are_null(tuinn):
    words = ("--optimizer", "sgd", "--set", "sgd.eta=1e307", "--json")
    final = lines(tuinn("descend", "rosenbrock", *words))[-1]
    assert final["reason"] == "diverged: left the finite numbers at update 1"
    assert final["x"] is None
    assert final["distance"] is None


def test_a_file_of_ones_own(tuinn):
    path = tuinn.file("mine.toml", 'surface = "saddle"\n[[optimizer]]\nname = "lbfgs"\n')
    assert "lbfgs" in tuinn("descend", path).stdout


def test_surfaces_and_presets_are_listed(tuinn):
    rows = tuinn("descend", "--list").stdout.splitlines()
    names = [row.split()[0] for row in rows]
    assert names == [*SURFACES, *(preset.name for preset in surface_presets())]
    assert rows[0].endswith(surface("sphere").formula)


def test_the_help_says_what_the_lines_are(tuinn):
    text = tuinn("descend", "--help").stdout
    for word in ("--optimizer", "--steps", "--budget", "--every", "rosenbrock", "gradient_norm"):
        assert word in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "name a SURFACE (sphere, ravine, "),
        (["rosenbrok"], "no surface and no surface preset 'rosenbrok'; `tuinn descend --list`"),
        (["rosenbrok"], "did you mean rosenbrock"),
        (["none.toml"], "none.toml: cannot be read: No such file"),
        (["sphere", "--optimizer", "adm"], '`--optimizer` must be "sgd", "momentum", '),
        (["sphere", "--optimizer", "adm"], 'got "adm"; did you mean adam'),
        (["sphere", "--optimizer", "sgd,"], "`--optimizer` must be "),
        (["sphere", "--steps", "0"], "`--steps` must be >= 1, got 0"),
        (["sphere", "--steps", "many"], '`--steps` must be a whole number >= 1, got "many"'),
        (["sphere", "--budget", "0"], "`--budget` must be >= 1, got 0"),
        (["sphere", "--budget", "-3"], "`--budget` must be >= 1, got -3"),
        (["sphere", "--every", "0"], "`--every` must be >= 1, got 0"),
        (["sphere", "--seed", "-1"], "`--seed` must be >= 0, got -1"),
        (["sphere", "--start", "3"], "`--start` must be two numbers X,Y, got '3'"),
        (["sphere", "--start", "1,nan"], "`--start` must have y in -8 … 8"),
        (["sphere", "--start", "50,1"], "x in -8 … 8, at most 2 widths of the map from its centre"),
        (["sphere", "--set", "sgd.eta"], "`--set` takes NAME.FIELD=VALUE, got 'sgd.eta'"),
        (["sphere", "--set", "eta=3"], "`--set` takes NAME.FIELD=VALUE, got 'eta=3'"),
        (["sphere", "--set", "sgdd.eta=3"], "did you mean sgd"),
        (["sphere", "--set", "sgd.eta=0"], "--set: `sgd.eta` must be > 0, got 0"),
        (["sphere", "--set", "sgd.etta=1"], "--set: unknown field `sgd.etta`; sgd has "),
        (["sphere", "--set", "momentum.mu=1"], "--set: `momentum.mu` must be >= 0 and < 1, got 1"),
        (["sphere", "--set", "adam.beta1=1"], "--set: `adam.beta1` must be >= 0 and < 1, got 1"),
        (["sphere", "--set", "genetic.population=1"], "`genetic.population` must be >= 2, got 1"),
        (["sphere", "--set", "swarm.population=1"], "`swarm.population` must be >= 2, got 1"),
        (["sphere", "--set", "annealing.temperature=0"], "`annealing.temperature` must be > 0"),
        (["sphere", "--set", "genetic.elite=20"], "`genetic.elite` must be a whole number ≥ 0"),
        (["sphere", "--set", "adam.decay=coupled"], "`adam.decay` means nothing on a surface"),
    ],
)
def test_bad_input_is_one_line_that_names_the_field(tuinn, words, message):
    result = tuinn("descend", *words)
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert result.stderr.startswith("tuinn: ")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (["descend", "--help"], {"numpy", "textual", "plotext"}),
        (["descend", "sphere", "--steps", "1"], {"textual", "plotext"}),
    ],
)
def test_nothing_is_imported_that_is_not_needed(tuinn, words, heavy):
    code = (
        "import sys; from tuinn.__main__ import main\n"
        f"status = main({words!r})\n"
        f"sys.exit(status or ' '.join({heavy!r} & set(sys.modules)) or 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=tuinn.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr.strip()) == (0, "")
