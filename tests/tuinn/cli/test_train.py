"""`tuinn train`: what it prints and writes, and how it ends."""

import csv
import json
import os
import re
import signal

import numpy as np
import pytest

from engine import checkpoint
from tuinn.config import changed
from tuinn.experiment import build
from tuinn.preset import find

SMALL = ["circle", "--set", "data.n=60"]
SCALARS = {
    *("epoch", "update", "evaluations", "seconds", "eta", "alpha", "batch_size"),
    *("train_loss", "train_accuracy", "validation_loss", "validation_accuracy"),
}


def lines_of(text: str) -> list[dict]:
    def refuse(word: str) -> float:
        raise AssertionError(f"{word} is not JSON")

    return [json.loads(line, parse_constant=refuse) for line in text.splitlines()]


def test_one_line_per_epoch_on_stderr_and_the_result_on_stdout(tuinn):
    result = tuinn("train", *SMALL, "--epochs", 3)
    assert result.returncode == 0
    assert [line.split("  ")[0] for line in result.stderr.splitlines()] == [
        "epoch 1/3",
        "epoch 2/3",
        "epoch 3/3",
    ]
    title, figures, speed, kept, line = result.stdout.splitlines()
    assert title == "Circle: one class around the other: 3 epochs done"
    assert re.fullmatch(r"train loss \S+, accuracy \S+; validation loss \S+, accuracy \S+", figures)
    assert speed.startswith("15 updates in ")
    assert kept == "kept as run 1; `tuinn train` with this line repeats it:"
    assert re.fullmatch(r"tuinn1:[\w-]+", line)


def test_quiet_leaves_stderr_empty(tuinn):
    result = tuinn("train", *SMALL, "--epochs", 2, "--quiet")
    assert (result.returncode, result.stderr) == (0, "")
    assert "2 epochs done" in result.stdout


def test_json_has_one_object_per_epoch_and_a_final_one(tuinn):
    result = tuinn("train", *SMALL, "--epochs", 3, "--json", "--quiet")
    *snapshots, final = lines_of(result.stdout)
    assert [snapshot["epoch"] for snapshot in snapshots] == [0, 1, 2, 3]
    assert [snapshot["update"] for snapshot in snapshots] == [0, 5, 10, 15]
    for snapshot in snapshots:
        assert set(snapshot) == SCALARS | {"layers", "output"}
        assert [layer["layer"] for layer in snapshot["layers"]] == [1, 2]
    assert set(final) == SCALARS | {
        *("output", "final", "reason", "exit", "run", "run_string", "curve_hash")
    }
    assert (final["final"], final["reason"], final["exit"]) == (True, "3 epochs done", 0)
    assert final["train_loss"] == snapshots[-1]["train_loss"] < snapshots[0]["train_loss"]


def test_the_figures_are_those_of_the_engine(tuinn):
    result = tuinn("train", *SMALL, "--epochs", 2, "--seed", 9, "--json", "--quiet")
    config = find("circle").config
    for field, value in (("data.n", 60), ("stop.epochs", 2), ("seed", 9)):
        config = changed(config, field, value)
    trainer = build(config).trainer
    trainer.run(10**6)
    assert lines_of(result.stdout)[-1]["train_loss"] == trainer.snapshot().train_loss


def test_the_test_part_is_reported_at_the_end(tuinn):
    words = [*SMALL, "--set", "data.test=0.2", "--epochs", 1, "--quiet"]
    final = lines_of(tuinn("train", *words, "--json").stdout)[-1]
    assert 0 <= final["test_accuracy"] <= 1
    assert "test loss" in tuinn("train", *words).stdout


def test_what_does_not_exist_is_null_in_json(tuinn):
    result = tuinn("train", "saturated-neuron-quadratic", "--epochs", 1, "--json", "--quiet")
    assert result.returncode == 0
    assert lines_of(result.stdout)[0]["validation_loss"] is None


def test_csv_has_one_row_per_epoch(tuinn):
    path = tuinn.folder / "run.csv"
    assert tuinn("train", *SMALL, "--epochs", 3, "--csv", path, "--quiet").returncode == 0
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["epoch"]) for row in rows] == [0, 1, 2, 3]
    assert {"train_loss", "l1_delta", "l2_weight_norm", "l2_activation"} <= set(rows[0])
    assert float(rows[3]["train_loss"]) < float(rows[0]["train_loss"])


def test_set_reaches_any_field_and_later_options_win(tuinn):
    words = ["--set", "network.hidden=3,2", "--set", "network.activation=relu"]
    words += ["--set", "stop.epochs=7", "--epochs", 1, "--json", "--quiet"]
    *_, last, final = lines_of(tuinn("train", *SMALL, *words).stdout)
    assert [(layer["units"], layer["activation"]) for layer in last["layers"]] == [
        (3, "relu"),
        (2, "relu"),
        (1, "sigmoid"),
    ]
    assert final["epoch"] == 7


def test_another_set_of_data_leaves_out_what_the_preset_says_of_its_own(tuinn):
    def trained_on(*words: str) -> dict:
        kept = tuinn.folder / "run.npz"
        result = tuinn("train", *words, "--epochs", 1, "--quiet", "--checkpoint", kept)
        assert result.returncode == 0, result.stderr
        return checkpoint.load(kept)[1]["config"]["data"]

    mine = '[data]\nset = "circle"\nn = 60\nnoise = 0.3\ndegree = 2\n'
    preset = str(tuinn.file("mine.toml", mine))
    of_the_set = {"n", "noise", "degree"}
    assert of_the_set & set(trained_on(preset, "--set", "data.set=moons")) == set()
    assert of_the_set & set(trained_on(preset, "--set", "data.set=circle")) == of_the_set
    data = trained_on(preset, "--set", "data.noise=0.2", "--set", "data.set=moons")
    assert (data["noise"], "n" in data) == (0.2, False)
    assert "noise" not in trained_on(preset, "--set", "data.noise=")


def test_a_ragged_csv_in_place_of_a_generated_set_is_named(tuinn):
    table = tuinn.file("table.csv", "x,y,class\n1,2,a\n3,b\n")
    result = tuinn("train", "circle", "--set", f"data.set={table}")
    assert result.returncode == 2
    assert "line 3" in result.stderr
    assert "noise" not in result.stderr


def test_a_diverging_run_ends_with_3_and_says_where_and_what_to_try(tuinn):
    words = ["eta-too-large", "--set", "optimizer.eta=1e300", "--quiet"]
    result = tuinn("train", *words, "--json")
    assert result.returncode == 3
    assert re.match(r"tuinn: diverged: \S+ of layer \d .*try a smaller η", result.stderr)
    *_, last, final = lines_of(result.stdout)
    assert last["train_loss"] is None
    assert final["exit"] == 3
    assert final["reason"].startswith("diverged: ")


def test_why_a_run_diverged_is_told_once_however_the_streams_are_joined(tuinn):
    words = ["eta-too-large", "--set", "optimizer.eta=1e300", "--quiet"]
    result = tuinn("train", *words)
    assert result.returncode == 3
    assert result.stdout.startswith("η too large: diverged\ntrain loss ")
    assert (result.stdout + result.stderr).count("try a smaller η") == 1


def test_a_bar_is_drawn_on_a_terminal(tuinn):
    ours, theirs = os.openpty()
    with tuinn.start("train", "circle", "--epochs", 20000, stderr=theirs) as process:
        os.close(theirs)
        drawn = b""
        try:
            while part := os.read(ours, 4096):
                drawn += part
                if drawn.count(b"\r") == 6:
                    process.send_signal(signal.SIGINT)
        except OSError:  # how a terminal tells that the other side is gone
            pass
        process.stdout.read()
    os.close(ours)
    text = drawn.decode()
    assert process.returncode == 130
    assert re.search(r"\repoch \d+/20000 .*[━─]+ \S+ %  \d+:\d\d left", text)
    assert "tuinn: interrupted by SIGINT" in text


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_after_a_checkpoint(tuinn, number, status):
    path = tuinn.folder / "run.npz"
    words = ["circle", "--epochs", 10**7, "--json", "--quiet", "--checkpoint", path]
    with tuinn.start("train", *words) as process:
        for _ in range(5):
            process.stdout.readline()
        process.send_signal(number)
        *_, final = lines_of(process.stdout.read())
        message = process.stderr.read()
    assert process.returncode == final["exit"] == status
    assert final["reason"] == f"interrupted by {number.name}"
    assert message.startswith(f"tuinn: interrupted by {number.name} at epoch ")
    assert f"`tuinn train --resume {path}`" in message
    update = final["update"]
    assert update > 0
    resumed = lines_of(tuinn("train", "--resume", path, "--epochs", 1, "--json", "--quiet").stdout)
    assert resumed[-1]["update"] == update


def test_a_run_resumed_in_the_middle_ends_bit_for_bit_where_it_would_have(tuinn):
    whole, half = tuinn.folder / "whole.npz", tuinn.folder / "half.npz"
    words = [*SMALL, "--set", "training.batch_size=7", "--json", "--quiet"]
    full = tuinn("train", *words, "--epochs", 8, "--checkpoint", whole)
    tuinn("train", *words, "--epochs", 3, "--checkpoint", half)
    rest = tuinn(
        "train", "--resume", half, "--epochs", 8, "--json", "--quiet", "--checkpoint", half
    )
    assert rest.returncode == 0
    wanted, got = lines_of(full.stdout)[-6:-1], lines_of(rest.stdout)[:-1]
    for line in (*wanted, *got):
        del line["seconds"]
    assert got == wanted
    with np.load(whole) as one, np.load(half) as other:
        assert (one["theta"] == other["theta"]).all()


@pytest.mark.parametrize("epochs", [3, 5])
def test_a_checkpoint_that_is_as_far_already_is_told_so(tuinn, epochs):
    kept = tuinn.folder / "run.npz"
    tuinn("train", *SMALL, "--epochs", 5, "--checkpoint", kept)
    reason = f"nothing done: the checkpoint is at epoch 5 already ({epochs} asked for)"
    words = ["train", "--resume", kept, "--epochs", epochs]
    result = tuinn(*words)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Circle: one class around the other: {reason}\n")
    table = tuinn.folder / "run.csv"
    tuinn("train", *SMALL, "--epochs", 5, "--csv", table)
    before = table.read_text()
    (final,) = lines_of(tuinn(*words, "--json", "--csv", table).stdout)
    assert table.read_text() == before
    assert (final["reason"], final["epoch"], final["exit"]) == (reason, 5, 0)


def test_a_checkpoint_that_met_its_target_is_told_so(tuinn):
    kept = tuinn.folder / "run.npz"
    words = [*SMALL, "--set", "stop.target_loss=100", "--epochs", 5]
    tuinn("train", *words, "--checkpoint", kept)
    result = tuinn("train", *words, "--resume", kept)
    assert result.returncode == 0
    assert "at epoch 1 already (target loss 100 reached" in result.stdout


def test_a_csv_file_is_continued_on_resume(tuinn):
    path, kept = tuinn.folder / "run.csv", tuinn.folder / "run.npz"
    tuinn("train", *SMALL, "--epochs", 2, "--csv", path, "--checkpoint", kept)
    tuinn("train", "--resume", kept, "--epochs", 4, "--csv", path)
    rows = path.read_text().splitlines()
    assert [row.split(",")[0] for row in rows] == ["epoch", "0.0", "1.0", "2.0", "3.0", "4.0"]
    other = tuinn("train", *SMALL, "--resume", kept, "--csv", tuinn.file("other.csv", "a,b\n1,2\n"))
    assert other.returncode == 2
    assert "other.csv: has other columns than this run" in other.stderr


def test_eta_may_be_another_on_resume(tuinn):
    kept = tuinn.folder / "run.npz"
    tuinn("train", *SMALL, "--epochs", 2, "--checkpoint", kept)
    words = ["--resume", kept, "--epochs", 3, "--set", "optimizer.eta=0.125", "--json", "--quiet"]
    assert lines_of(tuinn("train", *words).stdout)[0]["eta"] == 0.125


@pytest.mark.parametrize(
    ("words", "difference"),
    [
        (["iris"], '`data.set` is "circle" there and "iris" here'),
        ([*SMALL, "--set", "network.hidden=9"], "`network.hidden` is [8] there and [9] here"),
        ([*SMALL, "--seed", "5"], "`seed` is 0 there and 5 here"),
        (
            [*SMALL, "--seed=5", *(f"--set=data.{f}" for f in ("n=70", "test=0.1", "noise=0.2"))],
            "`data.n` is 60 there and 70 here; `data.noise` is 0.1 there and 0.2 here; "
            "`data.test` is 0.0 there and 0.1 here; 1 more",
        ),
    ],
)
def test_a_checkpoint_of_another_run_is_refused_naming_what_differs(tuinn, words, difference):
    kept = tuinn.folder / "run.npz"
    tuinn("train", *SMALL, "--epochs", 1, "--checkpoint", kept)
    before = kept.read_bytes()
    result = tuinn("train", *words, "--resume", kept, "--checkpoint", kept)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"tuinn: {kept}: is a checkpoint of another run: {difference}\n"
    assert kept.read_bytes() == before


def test_a_checkpoint_of_data_that_changed_is_refused(tuinn):
    rows = [f"{i},{i % 3},{'ab'[i % 2]}" for i in range(20)]
    table = tuinn.file("table.csv", "\n".join(["x,y,class", *rows]) + "\n")
    kept = tuinn.folder / "run.npz"
    words = ["circle", "--set", f"data.set={table}"]
    first = tuinn("train", *words, "--epochs", 1, "--checkpoint", kept)
    assert first.returncode == 0, first.stderr
    table.write_text(table.read_text().replace("7,1,b", "8,1,b"))
    result = tuinn("train", "--resume", kept, "--epochs", 2)
    assert result.returncode == 2
    assert "is a checkpoint of other data" in result.stderr
    table.unlink()
    result = tuinn("train", "--resume", 1, "--epochs", 2)
    assert result.returncode == 2
    assert result.stderr.startswith("tuinn: run 1: `data.set`: ")


def test_a_reader_that_closes_early_ends_the_run_quietly_with_a_checkpoint(tuinn):
    kept = tuinn.folder / "run.npz"
    words = ["circle", "--epochs", 10**7, "--json", "--quiet", "--checkpoint", kept]
    with tuinn.start("train", *words) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141
    assert kept.exists()


SEARCH = [*SMALL, "--set", "optimizer.name=genetic", "--set", "optimizer.population=10"]


def test_a_search_tells_its_generations_evaluations_and_best_cost(tuinn):
    result = tuinn("train", *SEARCH, "--epochs", 3)
    assert result.returncode == 0
    lines = result.stderr.splitlines()
    assert [line.split(", best cost ")[0] for line in lines] == [
        "generation 1/3  10 evaluations",
        "generation 2/3  18 evaluations",
        "generation 3/3  26 evaluations",
    ]
    title, _, speed, *_ = result.stdout.splitlines()
    assert title.endswith(": 3 generations done")
    assert speed.startswith("3 updates, 26 evaluations in ")


def test_the_records_of_a_search_have_its_own_figures_in_place_of_those_of_layers(tuinn):
    table = tuinn.folder / "run.csv"
    result = tuinn("train", *SEARCH, "--epochs", 3, "--json", "--quiet", "--csv", table)
    *snapshots, final = lines_of(result.stdout)
    own = {"best", "mean", "spread", "diversity", "sigma"}
    for snapshot in snapshots:
        assert set(snapshot["search"]) == own
        assert snapshot["layers"] == []
    assert [snapshot["evaluations"] for snapshot in snapshots] == [0, 10, 18, 26]
    assert final["search"] == snapshots[-1]["search"]
    assert final["search"]["best"] == final["train_loss"] < snapshots[0]["train_loss"]
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {f"search_{name}" for name in own} <= set(rows[0])
    assert float(rows[3]["search_best"]) == final["search"]["best"]


def test_a_budget_of_evaluations_ends_the_run(tuinn):
    words = [*SEARCH, "--set", "stop.evaluations=20", "--epochs", 100]
    result = tuinn("train", *words)
    assert ": the budget of 20 evaluations is spent" in result.stdout
    assert "3 updates, 26 evaluations in " in result.stdout
    assert result.stderr.startswith("generation 1/3  ")


@pytest.mark.parametrize("turn", [1, -1])
def test_an_optimiser_is_set_with_its_fields_in_any_order(tuinn, turn):
    words = ["--set=optimizer.name=adam", "--set=optimizer.eta=0.02", "--set=optimizer.beta1=0.5"]
    kept = tuinn.folder / "run.npz"
    result = tuinn("train", *SMALL, *words[::turn], "--epochs", 1, "--checkpoint", kept)
    assert result.returncode == 0, result.stderr
    settings = checkpoint.load(kept)[1]["config"]["optimizer"]
    assert (settings["name"], settings["eta"], settings["beta1"]) == ("adam", 0.02, 0.5)
    assert settings["beta2"] == 0.999


def test_another_optimiser_does_not_go_on_from_a_checkpoint(tuinn):
    kept = tuinn.folder / "run.npz"
    tuinn("train", *SEARCH, "--epochs", 1, "--checkpoint", kept)
    words = [*SMALL, "--set", "optimizer.name=ants", "--resume", kept]
    result = tuinn("train", *words)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        f"tuinn: {kept}: is a checkpoint of another run: "
        '`optimizer.name` is "genetic" there and "ants" here\n'
    )


def test_a_search_resumed_in_the_middle_ends_bit_for_bit_where_it_would_have(tuinn):
    whole, half = tuinn.folder / "whole.npz", tuinn.folder / "half.npz"
    tuinn("train", *SEARCH, "--epochs", 7, "--checkpoint", whole)
    tuinn("train", *SEARCH, "--epochs", 3, "--checkpoint", half)
    result = tuinn("train", "--resume", half, "--epochs", 7, "--checkpoint", half)
    assert result.returncode == 0, result.stderr
    with np.load(whole) as one, np.load(half) as other:
        assert (one["theta"] == other["theta"]).all()


def test_a_regression_has_r_squared_and_no_accuracy(tuinn):
    words = ["circle", "--set", "data.set=plane", "--set", "network.output=identity"]
    words += ["--set", "training.cost=quadratic", "--set", "optimizer.eta=0.03", "--epochs", "2"]
    result = tuinn("train", *words)
    assert result.returncode == 0
    assert "R² 0." in result.stdout
    assert "R² 0." in result.stderr
    assert "accuracy" not in result.stdout + result.stderr


def test_a_search_is_as_fast_as_its_evaluations_and_unknown_figures_are_empty(tuinn, tmp_path):
    table = tmp_path / "run.csv"
    result = tuinn("train", "xor-genetic", "--quiet", "--csv", table)
    updates, evaluations, seconds, speed = re.search(
        r"(\S+) updates, (\S+ \S+) evaluations in (\S+) s, (.+) a second", result.stdout
    ).groups()
    assert (updates, evaluations) == ("25", "1 202")
    per_second = 1202 / float(seconds)
    assert float(speed.split()[0]) * {"k": 1e3, "M": 1e6}[speed.split()[1]] == pytest.approx(
        per_second, rel=0.02
    )
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert rows[0]["search_best"] == rows[0]["search_mean"] == ""
    assert float(rows[-1]["search_best"]) < 0.3
