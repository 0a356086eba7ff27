"""`tuinn compare`: a table and a chart in plain text."""

import json

import kept_runs
import numpy as np
import pytest
from kept_runs import ALONE, CIRCLE, DIVERGED, SWARM

from tuinn.cli.dispatch import dispatch
from tuinn.export.figures import Figure
from tuinn.export.text_chart import text_chart
from tuinn.store import Store
from tuinn.widgets.series import Series


@pytest.fixture
def compare(tmp_path, monkeypatch, capsys):
    """Runs `tuinn compare` here, on a store with four runs; gives (status, stdout, stderr)."""
    kept_runs.fill(tmp_path / "runs")
    monkeypatch.setenv("TUINN_HOME", str(tmp_path))
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def run(*words):
        status = dispatch(["compare", *map(str, words)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_table_and_chart(compare):
    status, text, _ = compare(CIRCLE, SWARM, "--width", 80)
    assert status == 0
    table, chart = text.split("\n\n    ", 1)
    assert "circle (1)" in table
    assert "swarm (2)" in table
    assert "optimiser" in table
    assert "★" in table
    assert chart.splitlines()[0].strip().startswith("validation loss")
    assert "evaluations" in chart
    assert all(len(line) <= 80 for line in text.splitlines())
    # each curve is named with its line, and the lines differ
    samples = {line.split()[0] for line in text.splitlines()[-2:]}
    assert len(samples) == 2


def test_long_names_do_not_widen_the_chart():
    x = np.arange(9.0)
    names = [f"a preset whose name goes on and on, η = {eta}, 10 × 10" for eta in (0.5, 0.25)]
    figure = Figure(
        "loss", "epochs", tuple(Series(name, x, x) for name in names), (), False, (0, 8)
    )
    for ascii_only in (False, True):
        lines = text_chart(figure, 40, 14, ascii_only=ascii_only).splitlines()
        assert max(map(len, lines)) <= 40
        assert lines[-1].split()[1:] != lines[-2].split()[1:]
        assert "?" not in "".join(lines)


def test_ascii_on_demand(compare):
    status, text, _ = compare(CIRCLE, DIVERGED, "--ascii", "--axis", "update")
    assert status == 0
    assert text.isascii()
    assert "updates" in text
    assert "circle (1)" in text


def test_ascii_where_the_stream_knows_nothing_else(tuinn):
    kept_runs.fill(tuinn.folder / "home" / "runs")
    result = tuinn("compare", CIRCLE, SWARM, PYTHONIOENCODING="ascii", COLUMNS="100")
    assert result.returncode == 0
    assert result.stdout.isascii()
    assert "?" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) in range(80, 101)
    assert "★" in tuinn("compare", CIRCLE, SWARM, PYTHONIOENCODING="utf-8").stdout


def test_the_figure_of_a_layer(compare):
    _, text, _ = compare(CIRCLE, ALONE, "--figure", "l1_weight_norm")
    assert "l1 weight norm" in text
    status, out, err = compare(SWARM, "--figure", "l1_delta")
    assert (status, out) == (2, "")
    assert "none of these runs has l1_delta" in err


def test_json_has_the_curves_bit_for_bit(compare, tmp_path):
    _, text, _ = compare(CIRCLE, ALONE, "--json", "--figure", "train_loss", "--axis", "update")
    record = json.loads(text)
    assert {entry["field"] for entry in record["differences"]} == {"data.validation"}
    store = Store(tmp_path / "runs", read_only=True)
    for curve, run in zip(record["curves"], (CIRCLE, ALONE), strict=True):
        snapshots = list(store.snapshots(run))
        assert curve["run"] == run
        assert curve["x"] == [snapshot.update for snapshot in snapshots]
        assert curve["y"] == [snapshot.train_loss for snapshot in snapshots]
    assert record["runs"][0]["results"]["best_loss"] == store.run(CIRCLE).best_loss
    store.close()
    # judged on different examples, so neither is better
    assert record["best"]["best_loss"] == []


def test_a_run_that_diverged_is_compared_all_the_same(compare):
    status, text, _ = compare(DIVERGED, CIRCLE)
    assert status == 0
    assert "diverged" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([77], "there is no run 77"),
        (["one"], "the ID of a run is a number, got 'one'"),
        ([1, "--figure", "los"], "there is no figure 'los'; did you mean loss?"),
        ([1, "--axis", "hours"], "`--axis` must be one of epoch, update, evaluations, seconds"),
        ([1, "--width", "10"], "`--width` must be >= 40"),
        ([1, 2, 3, 4, 5, 6, 7], "at most 6 runs"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(compare, words, message):
    status, out, err = compare(*words)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
