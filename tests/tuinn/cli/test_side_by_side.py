"""`tuinn train A B C`: several runs in processes of their own."""

import json
import os
import re
import signal
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from runner_watch import PATIENCE

from tuinn.cli import side_by_side
from tuinn.store import Store

SMALL = ("--set", "data.n=60", "--epochs", 4)
LONG = ("--set", "data.n=60", "--epochs", 10**7)


@pytest.fixture
def runs(tuinn):
    """Reads the runs of the store."""

    def read():
        store = Store(tuinn.folder / "home" / "runs", read_only=True)
        try:
            return sorted(store.runs(), key=lambda run: run.id)
        finally:
            store.close()

    return read


def workers(process):
    """Process ids of its workers."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in children.read_text().split()]


def until(process, condition):
    """Wait until it holds, as long as the process lives."""
    tick = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        assert process.poll() is None
        if condition():
            return
        tick.wait(0.05)
    raise AssertionError("never came")


def test_a_table_of_what_differs_and_of_the_results(tuinn, runs):
    result = tuinn("train", "circle", "spiral", *SMALL)
    assert result.returncode == 0
    ends = [line.split(";")[0] for line in result.stderr.splitlines()]
    assert sorted(ends) == ["circle: 4 epochs done", "spiral: 4 epochs done"]
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["circle", "spiral"]
    assert any(re.match(r"η +0\.3 +0\.1$", line) for line in lines)
    assert not any(line.startswith("seed") for line in lines)
    assert any(re.match(r"state +finished +finished$", line) for line in lines)
    found = runs()
    numbers = {run.name: run.id for run in found}
    kept = [numbers["circle"], numbers["spiral"]]
    # a column each, whichever of them was the first to make an update
    assert ["run", *map(str, kept)] in [line.split() for line in lines]
    assert lines[-1] == f"kept as runs {kept[0]}, {kept[1]}"
    assert {run.name for run in found} == {"circle", "spiral"}
    assert {run.status for run in found} == {"finished"}
    assert len({run.race for run in found}) == 1
    assert all(run.race for run in found)


def test_json_and_the_same_numbers_as_a_run_alone(tuinn):
    together = tuinn("train", "circle", "spiral", *SMALL, "--seed", 5, "--json", "--unsaved")
    assert together.returncode == 0
    told = json.loads(together.stdout)
    assert (told["seed"], told["repeat"], told["exit"]) == (5, 1, 0)
    assert {"field": "data.set", "label": "set", "values": ["circle", "spiral"]} in told[
        "differences"
    ]
    assert not (tuinn.folder / "home" / "runs").exists()
    for run in told["runs"]:
        alone = tuinn(
            "train", run["name"], *SMALL, "--seed", 5, "--json", "--quiet", "--unsaved"
        ).stdout
        final = json.loads(alone.splitlines()[-1])
        assert run["results"]["last_loss"] == final["validation_loss"]
        assert run["results"]["update"] == final["update"]
        assert run["seeds"] == [
            {"seed": 5, "run": None, "status": "finished", "reason": "4 epochs done"}
        ]


def test_each_preset_with_several_seeds(tuinn, runs):
    result = tuinn("train", "circle", *SMALL, "--repeat", 3, "--workers", 2, "--json", "--quiet")
    assert (result.returncode, result.stderr) == (0, "")
    (run,) = json.loads(result.stdout)["runs"]
    seeds = [each["seed"] for each in run["seeds"]]
    assert seeds == [seeds[0], seeds[0] + 1, seeds[0] + 2]
    assert run["half_iqr"]["last_loss"] > 0
    stored = {found.seed: found for found in runs()}
    assert {each["seed"]: each["run"] for each in run["seeds"]} == {
        seed: found.id for seed, found in stored.items()
    }


def test_numbers_stand_in_the_order_of_the_columns():
    racers = [
        SimpleNamespace(name=name, lanes=[SimpleNamespace(seed=seed) for seed in seeds])
        for name, seeds in (("a", (0,)), ("b", (0,)), ("c", (0, 1)))
    ]
    numbers = {("a", 0): 7, ("b", 0): 3, ("c", 0): 9, ("c", 1): 2}
    kept = [side_by_side._kept(racer, numbers) for racer in racers]
    assert kept == [["7"], ["3"], ["9", "2"]]
    assert side_by_side._told_kept(["a", "b"], kept[:2]) == "kept as runs 7, 3"
    assert side_by_side._told_kept(["a", "c"], kept[::2]) == "kept as runs\n  a: 7\n  c: 9, 2"


def test_runs_that_diverge_or_cannot_be_built_are_told_and_the_others_go_on(tuinn):
    diverging = tuinn.file(
        "wild.toml",
        '[data]\nset = "circle"\n[network]\nactivation = "identity"\noutput = "identity"\n'
        '[training]\ncost = "quadratic"\n[optimizer]\neta = 1e9\n',
    )
    result = tuinn("train", diverging, "circle", *SMALL, "--unsaved")
    assert result.returncode == 3
    assert "tuinn: wild diverged: " in result.stderr
    assert "circle: 4 epochs done" in result.stderr
    missing = tuinn.file("missing.toml", '[data]\nset = "./none.csv"\n')
    result = tuinn("train", missing, "circle", "--epochs", 4, "--unsaved")
    assert result.returncode == 1
    assert re.search(r"tuinn: missing failed: .*none\.csv", result.stderr)
    assert "circle: 4 epochs done" in result.stderr


def test_a_worker_that_is_killed_is_told_and_the_other_goes_on(tuinn, runs):
    process = tuinn.start("train", "circle", "spiral", *LONG)
    with process:
        # the store is there before they are
        until(process, lambda: len(workers(process)) == 2 and len(runs()) == 2)
        first, second = workers(process)
        os.kill(first, signal.SIGKILL)
        assert "(SIGKILL)" in process.stderr.readline()
        before = max(run.update for run in runs())
        until(process, lambda: max(run.update for run in runs()) > before)
        process.send_signal(signal.SIGTERM)
        out, told = process.communicate()
    assert process.returncode == 128 + signal.SIGTERM
    assert re.search(r"failed: its process was killed \(SIGKILL\)", told)
    assert re.search(r"state .*failed", out)
    found = runs()
    assert {run.status for run in found} == {"interrupted"}
    assert {run.reason for run in found} == {
        "its process ended without a word",
        "interrupted by SIGTERM",
    }
    assert all(run.resumable for run in found)
    for pid in (first, second):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_hangup_reaches_everybody_and_every_run_can_go_on(tuinn, runs):
    process = hung_up(tuinn, runs, signal.SIG_DFL)
    with process:
        _, said = process.communicate()
    assert process.returncode == 128 + signal.SIGHUP, said
    found = runs()
    assert {run.status for run in found} == {"interrupted"}
    assert all("SIGHUP" in run.reason for run in found)
    assert all(run.resumable and run.curve_update == run.update for run in found)


def test_what_is_to_outlive_its_terminal_does_with_its_workers(tuinn, runs):
    # as nohup begins a program
    process = hung_up(tuinn, runs, signal.SIG_IGN)
    with process:
        before = {run.id: run.update for run in runs()}
        until(process, lambda: all(run.update > before[run.id] for run in runs()))
        process.terminate()
        process.communicate()
    assert process.returncode == 128 + signal.SIGTERM


def hung_up(tuinn, runs, what_a_hangup_does):
    """Two runs side by side whose terminal has gone."""
    process = tuinn.start(
        *("train", "circle", "spiral", *LONG),
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, what_a_hangup_does),
    )
    until(process, lambda: len(workers(process)) == 2 and len(runs()) == 2)
    os.killpg(process.pid, signal.SIGHUP)
    return process


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["circle"] * 7, "1 to 6 runs"),
        (["circle", "no-such-preset"], "no preset 'no-such-preset'"),
        (["circle", "spiral", "--set", "optimizer.eta=-3"], "circle: --set: `optimizer.eta`"),
        (["circle", "spiral", "--set", "training.cost=quadratic", "--csv", "a.csv"], "`--csv`"),
    ],
)
def test_bad_input_is_told_before_anything_is_trained(tuinn, words, said):
    result = tuinn("train", *words)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_store_that_cannot_be_used_is_told_before_anything_is_trained(tuinn):
    (tuinn.folder / "home" / "runs").mkdir(parents=True)
    (tuinn.folder / "home" / "runs" / "runs.sqlite3").write_text("no database" * 100)
    result = tuinn("train", "circle", "spiral", *SMALL)
    assert (result.returncode, result.stdout) == (2, "")
    assert "--unsaved" in result.stderr
    assert tuinn("train", "circle", "spiral", *SMALL, "--unsaved").returncode == 0
