"""The trainer in a process of its own: it computes what a thread computes, and can die."""

import json
import os
import signal
from dataclasses import replace
from functools import partial

import pytest
from runner_watch import CONFIG, ENDLESS, PATIENCE
from textual.app import App

from tuinn.config import changed
from tuinn.experiment import build
from tuinn.runners.process import ProcessRunner
from tuinn.runners.thread import ThreadRunner
from tuinn.runners.worker import NICENESS
from tuinn.runners.worker_process import cause_of_death


@pytest.fixture
def race(watch):
    """Makes runners in processes."""
    return partial(watch, kind=ProcessRunner)


def curve_hash(config, state):
    """Of a run that is in this state."""
    trainer = build(config).trainer
    trainer.load(state)
    return trainer.curve_hash


def told(state):
    """A state as plain values, but for the seconds that it took."""
    numbers = json.loads(str(state["numbers"]))
    del numbers["seconds"]
    return numbers | {name: state[name].tolist() for name in state if name != "numbers"}


def put_through(run):
    """Every command, at places that do not depend on the clock; the states on the way."""
    stop = build(ENDLESS).trainer.stop
    runner, states = run.runner, []

    def comes_to(update):
        run.until(lambda r: r.status == "paused" and r.update == update)

    run.status("ready")
    for _ in range(2):
        runner.step(5)
        comes_to(5)
        runner.change(eta=0.25)
        runner.epoch()
        runner.epoch()
        runner.step(3)
        comes_to(8 + 8 + 3)
        states.append(run.state())
        runner.change(alpha=0.1, batch_size=7, stop=replace(stop, epochs=600))
        runner.start()
        run.until(lambda r: r.update > 100)
        runner.pause()
        run.until(lambda r: r.status in ("paused", "finished"))
        runner.start()
        run.status("finished")
        states.append(run.state())
        runner.reset(changed(ENDLESS, "seed", 7))
        run.status("ready")
    return states


def test_a_process_computes_what_a_thread_computes(watch):
    here, there = (put_through(watch(ENDLESS, kind=kind)) for kind in (ThreadRunner, ProcessRunner))
    seeds = [ENDLESS.seed] * 2 + [7] * 2
    for ours, theirs, seed in zip(here, there, seeds, strict=True):
        config = changed(ENDLESS, "seed", seed)
        assert curve_hash(config, ours) == curve_hash(config, theirs)
        assert told(ours) == told(theirs)
    assert told(here[1]) != told(here[3])


def test_snapshots_and_marks_come_from_a_process_as_from_a_thread(watch):
    runs = [watch(kind=kind) for kind in (ThreadRunner, ProcessRunner)]
    for run in runs:
        run.status("ready")
        run.runner.step(5)
        run.until(lambda r: r.update == 5)
        run.runner.change(eta=0.1)
        run.runner.start()
        assert run.status("finished").message == "200 epochs done"
        assert [(mark.update, mark.text) for mark in run.marks] == [(5, "η 0.5 → 0.1")]
    figures = []
    for run in runs:
        ends = [run.snapshots[0], run.snapshots[-1]]
        figures.append([replace(end, seconds=0.0, theta=None) for end in ends])
    assert figures[0] == figures[1]
    assert all(snapshot.theta is None for snapshot in runs[1].snapshots)
    facts = runs[1].runner.facts
    trainer = build(CONFIG).trainer
    assert (facts.sizes, facts.m, facts.planned_updates) == ((2, 8, 1), trainer.m, trainer.planned)
    assert (facts.planned_epochs, facts.epoch_word) == (200, "epoch")
    assert (facts.searches, facts.regression) == (False, False)


def test_a_worker_that_is_killed_is_told_with_the_cause_and_the_other_goes_on(race):
    killed, other = race(ENDLESS), race(ENDLESS)
    for run in (killed, other):
        run.status("ready")
        run.runner.start()
        run.until(lambda r: r.update > 0)
    os.kill(killed.runner.pid, signal.SIGKILL)
    report = killed.status("failed")
    assert report.message == "its process was killed (SIGKILL): out of memory?"
    assert report.update > 0
    assert report.updates_per_second == 0
    before = other.poll().update
    other.until(lambda r: r.update > before)
    assert other.poll().status == "training"
    # told again as long as somebody asks, and nothing that is asked of it fails
    killed.runner.pause()
    assert killed.poll().message == report.message
    dead = killed.runner.pid
    killed.runner.reset()
    assert killed.status("ready").update == 0
    assert killed.runner.pid != dead


def test_a_run_that_raises_in_its_worker_is_told_with_the_cause_and_the_other_goes_on(race):
    raising, other = race(ENDLESS), race(ENDLESS)
    for run in (raising, other):
        run.status("ready")
        run.runner.start()
    raising.runner.change(no_such_setting=1)
    assert "no_such_setting" in raising.status("failed").message
    before = other.poll().update
    other.until(lambda r: r.status == "training" and r.update > before)
    raising.runner.reset()
    assert raising.status("ready").message == ""


def test_a_worker_that_breaks_is_told_with_its_last_words(race):
    run = race(ENDLESS)
    run.status("ready")
    run.runner._do("no_such_command")
    message = run.status("failed").message
    assert message.startswith("its process ended with exit status 1: AttributeError: ")
    assert "no_such_command" in message


def test_a_run_that_cannot_be_built_is_told_and_the_other_goes_on(race, tmp_path):
    unbuilt, other = race(changed(CONFIG, "data.set", "./none.csv"), tmp_path), race()
    assert "none.csv" in unbuilt.status("failed").message
    other.status("ready")
    other.runner.start()
    other.status("finished")
    unbuilt.runner.reset(CONFIG)
    unbuilt.status("ready")


def test_a_worker_that_is_told_to_end_from_outside_says_so(race):
    run = race(ENDLESS)
    run.status("ready")
    os.kill(run.runner.pid, signal.SIGTERM)
    assert run.status("failed").message == "its process was told to end (SIGTERM)"


def test_a_poll_never_waits_for_a_worker_that_does_not_answer(race):
    run = race(ENDLESS)
    run.status("ready")
    run.runner.start()
    run.until(lambda r: r.update > 0)
    os.kill(run.runner.pid, signal.SIGSTOP)
    try:
        # far more than fits between the processes: whoever waited would wait for ever
        for _ in range(20_000):
            run.runner.set_pace(1e9)
            run.poll()
        stopped = run.poll()
    finally:
        os.kill(run.runner.pid, signal.SIGCONT)
    run.until(lambda r: r.update > stopped.update)


def test_ctrl_c_is_for_the_program_and_not_for_its_workers(race):
    run = race()
    run.status("ready")
    os.kill(run.runner.pid, signal.SIGINT)
    run.runner.start()
    assert run.status("finished").message == "200 epochs done"


def test_a_worker_stands_back_for_the_screen(race):
    run = race()
    run.status("ready")
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, run.runner.pid) == min(19, ours + NICENESS)


def test_a_closed_runner_has_no_process_any_more(race):
    run = race(ENDLESS)
    run.status("ready")
    run.runner.start()
    run.runner.close()
    run.runner.close()
    run.runner.start()
    assert run.runner.wait(PATIENCE)
    assert run.poll().status != "failed"
    with pytest.raises(ProcessLookupError):
        os.kill(run.runner.pid, 0)


def test_the_pace_must_be_above_zero(race):
    with pytest.raises(ValueError, match="must be > 0"):
        race().runner.set_pace(0)


async def test_a_worker_can_be_started_while_an_app_is_running(race):
    async with App().run_test() as pilot:
        run = race()
        run.runner.start()
        while (report := run.poll()).status != "finished":
            assert report.status != "failed", report.message
            await pilot.pause(0.01)
    assert report.message == "200 epochs done"


@pytest.mark.parametrize(
    ("status", "words", "message"),
    [
        (-9, "", "its process was killed (SIGKILL): out of memory?"),
        (-11, "", "its process was ended by SIGSEGV"),
        (143, "", "its process was told to end (SIGTERM)"),
        (1, "MemoryError", "its process ended with exit status 1: MemoryError"),
        (0, "", "its process ended with exit status 0"),
    ],
)
def test_causes_of_death_are_told_in_words(status, words, message):
    assert cause_of_death(status, words) == message
