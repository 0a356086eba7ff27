"""`tuinn runs`: the list, and what is done with the runs."""

import csv
import json
import os
import pty
import re
import subprocess
import sys
from io import StringIO
from typing import NamedTuple

import kept_runs
import pytest
from kept_runs import ALONE, CIRCLE, DIVERGED, SWARM

from tuinn.cli.dispatch import dispatch
from tuinn.cli.run_list import table
from tuinn.numbers import significant
from tuinn.run_string import decode
from tuinn.store import Store
from tuinn.widgets.run_columns import COLUMNS, ID, NAME


class Result(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


class Here:
    """The command, run in this process."""

    def __init__(self, folder, capsys):
        self.folder, self._capsys = folder, capsys

    def __call__(self, *words):
        status = dispatch([str(word) for word in words])
        return Result(status, *self._capsys.readouterr())


@pytest.fixture
def kept(tmp_path, monkeypatch, capsys):
    """The command with four runs in its store."""
    kept_runs.fill(tmp_path / "home" / "runs")
    monkeypatch.setenv("TUINN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("sys.stdin", StringIO())
    return Here(tmp_path, capsys)


def refused(result, message):
    assert result.returncode == 2, result.stderr
    assert result.stderr.startswith("tuinn: ")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def listed(result):
    """The numbers in the list."""
    assert result.returncode == 0, result.stderr
    return [int(line.split()[0]) for line in result.stdout.splitlines()[1:]]


def test_the_newest_is_first(kept):
    result = kept("runs")
    assert listed(result) == [ALONE, DIVERGED, SWARM, CIRCLE]
    head, *lines = result.stdout.splitlines()
    assert head.split()[:3] == ["run", "name", "state"]
    assert "diverged" in lines[1]


def test_the_list_has_the_columns_of_the_runs_screen_and_gives_way_like_it(kept):
    kept("runs", "tag", CIRCLE, "for-the-paper", "draft")
    head, *lines = kept("runs").stdout.splitlines()
    titles = [column.title for column in (ID, NAME, *COLUMNS)]
    assert re.split("  +", head.strip()) == [*titles, "tags"]
    assert lines[-1].endswith("  #for-the-paper #draft")
    store = Store(kept.folder / "home" / "runs", read_only=True)
    runs = store.runs()
    store.close()
    for width in range(40, 200):
        rows = table(runs, width)
        assert max(map(len, rows)) <= width
        heads = re.split("  +", rows[0].strip())
        assert heads[:2] == ["run", "name"]
        # what tells runs apart gives way last
        assert {"best loss", "best acc."} <= set(heads) or width < 44
        assert {"state", "tags"} <= set(heads) or width < 68
    assert rows[0] == head


def test_an_accuracy_is_written_as_in_a_race_and_a_time_in_seconds(kept):
    (run,) = json.loads(kept("runs", "show", CIRCLE, "--json").stdout)
    text = kept("runs", "show", CIRCLE).stdout
    told = significant(run["best_accuracy"])
    assert f"accuracy {told}" in text
    assert f" in {significant(run['seconds'])} s" in text
    line = kept("runs").stdout.splitlines()[-1]
    assert told in line.split()
    assert "%" not in line


def test_filters_and_sorting(kept):
    assert listed(kept("runs", "optimizer.name == swarm")) == [SWARM]
    assert listed(kept("runs", "circle", "status", "==", "finished")) == [ALONE, SWARM, CIRCLE]
    assert listed(kept("runs", "--sort", "train_loss"))[-1] == DIVERGED
    up = listed(kept("runs", "train_loss > 0", "--sort", "train_loss"))
    down = listed(kept("runs", "--sort", "train_loss", "--reverse"))
    assert down == [*reversed(up), DIVERGED]
    # by the word that stands above the column
    assert listed(kept("runs", "state == diverged")) == [DIVERGED]
    assert listed(kept("runs", "--limit", "2")) == [ALONE, DIVERGED]


def test_json_holds_everything(kept):
    runs = {run["run"]: run for run in json.loads(kept("runs", "--json").stdout)}
    assert set(runs) == {CIRCLE, SWARM, DIVERGED, ALONE}
    assert runs[SWARM]["config"]["optimizer"]["name"] == "swarm"
    assert runs[DIVERGED]["train_loss"] is None
    (shown,) = json.loads(kept("runs", "show", CIRCLE, "--json").stdout)
    assert [change["text"] for change in shown["changes"]] == ["η 0.5 → 0.1"]
    assert decode(shown["run_string"]).config.title == "A circle"


def test_show_tells_a_person(kept):
    text = kept("runs", "show", CIRCLE, ALONE).stdout
    assert text.startswith("run 1  circle: A circle\n  state ")
    assert "η 0.5 → 0.1" in text
    assert 'set = "circle"' in text
    assert "tuinn train tuinn1:" in text
    # what others wrote cannot do anything to the terminal
    assert "\x1b" not in text
    assert "\x07" not in text


def test_an_empty_store_and_no_match_are_no_errors(tuinn):
    result = tuinn("runs")
    assert (result.returncode, result.stdout) == (0, "")
    assert "no runs are kept yet" in result.stderr
    # looking makes nothing
    assert not (tuinn.folder / "home" / "runs").exists()
    assert tuinn("runs", "--json").stdout == "[]\n"
    kept_runs.fill(tuinn.folder / "home" / "runs")
    assert "no run matches 'seed > 5'" in tuinn("runs", "seed > 5").stderr


def test_a_home_that_cannot_be_used_is_told_and_looking_makes_nothing(tuinn):
    nowhere = tuinn.file("a-file", "")
    for words in (["runs"], ["runs", "show", 1], ["compare", 1], ["runs", "rm", 1, "--yes"]):
        refused(tuinn(*words, TUINN_HOME=str(nowhere)), f"{nowhere}/runs")
    refused(tuinn("runs", TUINN_HOME="/proc/nope"), "/proc/nope/runs: no runs can be kept there")
    refused(tuinn("runs", "rm", 1, "--yes"), "there are no runs yet")
    assert not (tuinn.folder / "home").exists()


def test_tags_and_notes(kept):
    assert kept("runs", "tag", CIRCLE, SWARM, "draft", "α").stdout == (
        "run 1: draft α\nrun 2: draft α\n"
    )
    assert kept("runs", "tag", CIRCLE, "--remove", "draft").stdout == "run 1: α\n"
    assert listed(kept("runs", "draft")) == [SWARM]
    refused(kept("runs", "tag", CIRCLE, "two words"), "a tag is one word, got 'two words'")
    assert kept("runs", "note", SWARM, "flies", "on").stdout == "run 2: note written\n"
    assert kept("runs", "note", SWARM).stdout == "flies on\n"
    assert kept("runs", "note", SWARM, "").stdout == "run 2: note removed\n"
    assert kept("runs", "note", SWARM).stdout == "run 2 has no note\n"


def test_rm_deletes_for_good_only_where_that_is_meant(kept):
    refused(kept("runs", "rm", CIRCLE), "nobody can be asked here")
    refused(kept("runs", "rm", CIRCLE, 77, "--yes"), "there is no run 77")
    assert len(listed(kept("runs"))) == 4
    assert kept("runs", "rm", CIRCLE, SWARM, "--yes").stdout == "deleted 2 runs\n"
    assert listed(kept("runs")) == [ALONE, DIVERGED]
    store = Store(kept.folder / "home" / "runs")
    assert [run.id for run in store.runs()] == [ALONE, DIVERGED]
    store.close()


@pytest.mark.parametrize(("answer", "left"), [("y\n", 3), ("\n", 4)])
def test_rm_asks_on_a_terminal(tuinn, answer, left):
    kept_runs.fill(tuinn.folder / "home" / "runs")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        tuinn.line("runs", "rm", CIRCLE),
        cwd=tuinn.folder,
        env=tuinn.environment,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.write(ours, answer.encode())
        _, asked = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert "delete run 1 (circle) for good? [y/N]" in asked
    store = Store(tuinn.folder / "home" / "runs", read_only=True)
    assert len(store.runs()) == left
    store.close()


def test_export_names_what_it_wrote(kept):
    result = kept("runs", "export", CIRCLE, "out.csv")
    assert result.stdout == "out.csv\n"
    with (kept.folder / "out.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) > 10
    written = kept("runs", "export", CIRCLE, SWARM, "report.html").stdout
    assert written == "report.html\n"
    assert "<svg" in (kept.folder / "report.html").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["show"], "`tuinn runs show` needs the ID of a run"),
        (["show", "x"], "the ID of a run is a number, got 'x'"),
        (["show", "99"], "there is no run 99"),
        (["export", "1"], "`tuinn runs export` needs ID and FILE"),
        (["export", "1", "out.doc"], "out.doc: cannot be exported to"),
        (["export", "1", "no/out.csv"], "no/out.csv: cannot be written"),
        (["epoch >"], "column 8"),
        (["--sort", "loos"], "--sort: unknown field `loos`"),
        (["--limit", "0"], "`--limit` must be >= 1"),
        (["show", "1", "--yes"], "`tuinn runs show` has no option --yes"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(kept, words, message):
    result = kept("runs", *words)
    refused(result, message)
    assert result.stdout == ""


def test_tensorboard_that_is_missing_is_told(kept, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    refused(kept("runs", "export", CIRCLE, "events/"), "need the package tensorboardX")
    assert not (kept.folder / "events").exists()


def test_a_store_that_is_damaged_is_told_and_left(tuinn):
    folder = tuinn.folder / "home" / "runs"
    folder.mkdir(parents=True)
    (folder / "runs.sqlite3").write_bytes(b"this is no database" * 100)
    refused(tuinn("runs"), "runs.sqlite3: ")
    assert (folder / "runs.sqlite3").read_bytes() == b"this is no database" * 100
