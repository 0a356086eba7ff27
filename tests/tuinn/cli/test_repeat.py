"""Runs that are kept, resumed and repeated: each in a process of its own, as a person does it."""

import json
import re
import signal
from dataclasses import replace

import pytest

from engine.checkpoint import load
from tuinn.environment import environment
from tuinn.run_string import decode, encode
from tuinn.store import Store

SMALL = ["circle", "--set", "data.n=60"]
ENDLESS = ["circle", "--epochs", 10**7, "--json", "--quiet"]


def final_of(result) -> dict:
    return json.loads(result.stdout.splitlines()[-1])


def trained(tuinn, *words, **environment) -> dict:
    """The final record of a run that ended well."""
    result = tuinn("train", *words, "--json", "--quiet", **environment)
    assert result.returncode == 0, result.stderr
    return final_of(result)


def stored(tuinn):
    """All runs of the store, the newest first, and the updates of their rows."""
    store = Store(tuinn.folder / "home" / "runs", read_only=True)
    try:
        runs = store.runs()
        return runs, [[one.update for one in store.snapshots(run.id)] for run in runs]
    finally:
        store.close()


def curve_of(tuinn, epochs, *words) -> str:
    """The hash of the small run after so many epochs, made in one go."""
    return trained(tuinn, *SMALL, *words, "--epochs", epochs, "--unsaved")["curve_hash"]


def interrupted(tuinn, number, *words) -> dict:
    """The final record of a run that a signal ended once it was on its way."""
    with tuinn.start("train", *ENDLESS, *words) as process:
        for _ in range(5):
            process.stdout.readline()
        process.send_signal(number)
        final = json.loads(process.stdout.read().splitlines()[-1])
        final["stderr"] = process.stderr.read()
    assert process.returncode == 128 + number
    return final


@pytest.mark.parametrize("words", [SMALL, ["xor-ants", "--epochs", 4], ["iris", "--epochs", 3]])
def test_a_run_is_repeated_by_its_line_in_another_process(tuinn, words):
    first = trained(tuinn, *words)
    again = tuinn("train", first["run_string"], "--quiet")
    assert again.returncode == 0, again.stderr
    *_, verdict, _, line = again.stdout.splitlines()
    assert verdict == f"the curve is the same (hash {first['curve_hash']})"
    assert line == first["run_string"]


def test_the_line_holds_every_option(tuinn):
    words = ["--set", "optimizer.name=adam", "--set", "optimizer.eta=0.0123", "--seed", 77]
    first = trained(tuinn, *SMALL, *words, "--epochs", 3)
    config = decode(first["run_string"]).config
    assert (config.seed, config.stop.epochs, config.data.n) == (77, 3, 60)
    assert (config.optimizer.name, config.optimizer.eta) == ("adam", 0.0123)
    again = trained(tuinn, first["run_string"])
    assert (again["same_curve"], again["differs"]) == (True, [])
    assert again["train_loss"] == first["train_loss"]


def test_what_differs_is_told_though_the_curve_is_the_same(tuinn):
    first = trained(tuinn, *SMALL, "--epochs", 3)
    threads = environment().threads
    again = tuinn("train", first["run_string"], "--quiet", "--threads", 2)
    assert again.returncode == 0
    if threads:
        assert "though BLAS threads (1 there, 2 here) differs" in again.stdout


def test_a_curve_made_by_another_kernel_is_another_and_the_kernel_is_named(tuinn):
    line = trained(tuinn, *SMALL, "--epochs", 3)["run_string"]
    without = {
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 X86_V3",
        "OPENBLAS_CORETYPE": "Nehalem",
        "PYTHONWARNINGS": "",
    }
    again = tuinn("train", line, "--quiet", "--json", **without)
    final = final_of(again)
    same = final["curve_hash"] == decode(line).curve_hash
    assert (final["same_curve"], again.returncode) == ((True, 0) if same else (False, 4))
    if not decode(line).environment.kernel.startswith(("X86_V4", "X86_V3")):
        pytest.skip("this processor has no better kernel to do without")
    (kernel,) = final["differs"]
    assert kernel.startswith("CPU kernel (X86_V")
    if not same:
        assert f"what differs: {kernel}" in again.stderr


def test_another_curve_ends_with_4_and_what_differs_is_named(tuinn):
    first = decode(trained(tuinn, *SMALL, "--epochs", 3)["run_string"])
    there = replace(first.environment, numpy="1.99.0", kernel="X86_V9 Imaginary", threads=3)
    other = replace(first, environment=there, curve_hash="0" * 16, data_hash="12345678")
    again = tuinn("train", encode(other), "--quiet")
    assert again.returncode == 4
    here = first.environment
    *_, verdict, _, _ = again.stdout.splitlines()
    assert verdict == (
        f"the curve is another (hash 0000000000000000 there, {first.curve_hash} here); what "
        f"differs: numpy (1.99.0 there, {here.numpy} here), CPU kernel (X86_V9 Imaginary there, "
        f"{here.kernel} here), BLAS threads (3 there, {here.threads} here) and data (checksum "
        f"12345678 there, {first.data_hash} here)"
    )


def test_another_curve_where_nothing_differs_is_told_as_that(tuinn):
    first = decode(trained(tuinn, *SMALL, "--epochs", 3)["run_string"])
    again = tuinn("train", encode(replace(first, curve_hash="0" * 16)), "--quiet", "--json")
    assert (again.returncode, final_of(again)["same_curve"]) == (4, False)
    assert "nothing differs that is known to matter" in again.stderr


def test_a_line_with_other_options_is_another_run_and_not_compared(tuinn):
    line = trained(tuinn, *SMALL, "--epochs", 2)["run_string"]
    again = tuinn("train", line, "--epochs", 3, "--quiet")
    assert again.returncode == 0
    assert "not compared: the options make it another run" in again.stdout
    assert ": 3 epochs done" in again.stdout


@pytest.mark.parametrize("limit", ["signal", "seconds"])
def test_a_run_that_was_cut_off_is_repeated_as_far_as_it_came(tuinn, limit):
    if limit == "signal":
        first = interrupted(tuinn, signal.SIGINT)
    else:
        # epochs of 4000 updates: it ends within one, most likely
        long = ["--set", "data.n=5000", "--set", "training.batch_size=1"]
        first = trained(tuinn, *ENDLESS[:-2], *long, "--set", "stop.seconds=0.01")
    again = tuinn("train", first["run_string"], "--quiet", "--json")
    final = final_of(again)
    assert (again.returncode, final["same_curve"], again.stderr) == (0, True, "")
    assert final["update"] == first["update"] > 0
    assert final["reason"] == f"repeated up to update {first['update']}, where the other was left"


def test_a_run_that_diverged_is_repeated_too(tuinn):
    words = ["eta-too-large", "--set", "optimizer.eta=1e300", "--json", "--quiet"]
    first = final_of(tuinn("train", *words))
    assert first["exit"] == 3
    again = tuinn("train", first["run_string"], "--quiet")
    assert again.returncode == 0
    assert f"the curve is the same (hash {first['curve_hash']})" in again.stdout
    assert "diverged: " in again.stderr


def test_a_damaged_line_is_bad_input(tuinn):
    line = trained(tuinn, *SMALL, "--epochs", 1)["run_string"]
    for bad, message in ((line[:-20], "cut off"), (f"tuinn9{line[6:]}", "format 9")):
        result = tuinn("train", bad)
        assert (result.returncode, result.stdout) == (2, "")
        assert message in result.stderr
        assert result.stderr.count("\n") == 1


def test_a_run_is_kept_with_all_that_is_known_of_it(tuinn):
    final = trained(tuinn, *SMALL, "--epochs", 5)
    (run,), (updates,) = stored(tuinn)
    assert final["run"] == run.id == 1
    assert (run.name, run.status, run.reason) == ("circle", "finished", "5 epochs done")
    assert (run.epoch, run.update, run.curve_hash) == (5, 25, final["curve_hash"])
    assert run.train_loss == final["train_loss"]
    assert updates == [0, 5, 10, 15, 20, 25]
    assert not run.resumable


def test_a_long_run_is_kept_in_few_rows(tuinn):
    trained(tuinn, *SMALL, "--epochs", 3000)
    (run,), (updates,) = stored(tuinn)
    assert updates[:20] == list(range(0, 100, 5))
    assert updates[-1] == run.update == 15_000
    # at the places by which runs are judged, else five a second; a busy machine may take its time
    assert len(updates) < 700


def test_unsaved_keeps_nothing(tuinn):
    assert trained(tuinn, *SMALL, "--epochs", 1, "--unsaved")["run"] is None
    assert "kept as" not in tuinn("train", *SMALL, "--epochs", 1, "--unsaved").stdout
    assert not (tuinn.folder / "home" / "runs").exists()


def test_a_store_that_cannot_be_used_is_told_with_what_to_do(tuinn):
    (tuinn.folder / "home" / "runs").mkdir(parents=True)
    database = tuinn.folder / "home" / "runs" / "runs.sqlite3"
    database.write_text("no database, but a letter of 40 characters or more, all of it precious\n")
    before = database.read_bytes()
    result = tuinn("train", *SMALL, "--epochs", 1)
    assert (result.returncode, result.stdout) == (2, "")
    assert str(database) in result.stderr
    assert "`--unsaved` trains without keeping the run" in result.stderr
    assert database.read_bytes() == before
    assert tuinn("train", *SMALL, "--epochs", 1, "--unsaved").returncode == 0


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, "stopped"), (signal.SIGTERM, "interrupted")]
)
def test_a_run_that_a_signal_ended_goes_on_bit_for_bit_under_its_number(tuinn, number, status):
    final = interrupted(tuinn, number, "--set", "data.n=60", "--set", "training.batch_size=7")
    assert "`tuinn train --resume 1` goes on from there" in final["stderr"]
    (run,), (updates,) = stored(tuinn)
    assert (run.id, run.status, run.update) == (1, status, final["update"])
    assert run.resumable
    assert run.reason == f"interrupted by {number.name}"
    epochs = int(final["epoch"]) + 2
    rest = trained(tuinn, "--resume", 1, "--epochs", epochs)
    assert rest["curve_hash"] == curve_of(tuinn, epochs, "--set", "training.batch_size=7")
    (again,), (more,) = stored(tuinn)
    assert (again.id, again.status, again.changed) == (1, "finished", False)
    assert more[: len(updates)] == updates
    assert more == sorted(set(more))
    assert again.started == run.started
    repeated = trained(tuinn, rest["run_string"])
    assert repeated["same_curve"] is True


def test_a_finished_run_is_prolonged(tuinn):
    trained(tuinn, *SMALL, "--epochs", 2)
    final = trained(tuinn, "--resume", 1, "--epochs", 4)
    assert (final["run"], final["curve_hash"]) == (1, curve_of(tuinn, 4))
    (run,), (updates,) = stored(tuinn)
    assert updates == [0, 5, 10, 15, 20]
    assert (run.status, run.now.stop.epochs) == ("finished", 4)
    result = tuinn("train", "--resume", 7)
    assert result.returncode == 2
    assert "there is no run 7" in result.stderr


def test_a_run_that_goes_on_with_another_eta_is_said_to_be_changed(tuinn):
    kept = tuinn.folder / "run.npz"
    trained(tuinn, *SMALL, "--epochs", 2, "--checkpoint", kept)
    words = ["--epochs", 4, "--set", "optimizer.eta=0.125"]
    finals = [trained(tuinn, "--resume", source, *words) for source in (1, kept)]
    assert finals[0]["curve_hash"] == finals[1]["curve_hash"] != curve_of(tuinn, 4)
    for final in finals:
        said = decode(final["run_string"])
        assert (said.curve_hash, said.config.optimizer.eta) == ("", 0.3)
        assert said.config.stop.epochs == 4
    runs, _ = stored(tuinn)
    assert [(run.id, run.changed, run.now.optimizer.eta) for run in runs] == [
        (2, True, 0.125),
        (1, True, 0.125),
    ]
    again = tuinn("train", finals[0]["run_string"], "--quiet")
    assert again.returncode == 0
    assert "not compared: the run string has no hash" in again.stdout


def test_a_checkpoint_file_remembers_that_its_run_was_changed(tuinn):
    kept = tuinn.folder / "run.npz"
    trained(tuinn, *SMALL, "--epochs", 1, "--checkpoint", kept)
    words = ["--set", "optimizer.eta=0.125", "--checkpoint", kept]
    trained(tuinn, "--resume", kept, "--epochs", 2, *words)
    final = trained(tuinn, "--resume", kept, "--epochs", 3)
    assert decode(final["run_string"]).curve_hash == ""
    assert load(kept)[1]["name"] == "circle"


def test_a_run_that_another_process_trains_cannot_be_resumed(tuinn):
    with tuinn.start("train", *ENDLESS) as process:
        while not ((tuinn.folder / "home" / "runs").exists() and stored(tuinn)[0]):
            process.stdout.readline()
        result = tuinn("train", "--resume", 1)
        process.kill()
        process.communicate()
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        f"tuinn: run 1 is being trained by another process ({process.pid}): end that first\n"
    )


def test_a_run_whose_reader_went_away_can_go_on(tuinn):
    with tuinn.start("train", *ENDLESS) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
    (run,), _ = stored(tuinn)
    assert (run.status, run.reason, run.resumable) == ("interrupted", "Broken pipe", True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--resume", "7"], "there are no runs yet"),
        (["circle", "moons", "--csv", "x.csv"], "`--csv` is for a single run"),
        (["circle", "--repeat", "3", "--checkpoint", "x"], "`--checkpoint` is for a single run"),
        (["circle", "moons", "--resume", "1"], "`--resume` is for a single run"),
        (["circle", "--workers", "2"], "`--workers` is for several runs"),
        (["circle", "--repeat", "0"], "must be a whole number >= 1, got '0'"),
        (["tuinn1:abc", "--resume", "1"], "a run string begins a run anew"),
    ],
)
def test_what_does_not_go_together_is_refused(tuinn, words, message):
    result = tuinn("train", *words)
    assert (result.returncode, result.stdout) == (2, "")
    assert re.match(r"tuinn: .*\n\Z", result.stderr)
    assert message in result.stderr
