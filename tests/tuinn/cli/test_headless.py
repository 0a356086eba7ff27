"""The parts of a headless run that are hard to see from outside."""

import io
import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import checkpoint
from tuinn.cli import checkpoints, headless
from tuinn.cli.progress import Bar, Silent
from tuinn.config import ConfigError, changed
from tuinn.experiment import build, planned_epochs
from tuinn.numbers import significant
from tuinn.optimizers import METHODS
from tuinn.preset import find


@pytest.fixture
def experiment():
    config = changed(find("circle").config, "data.n", 60)
    return build(changed(config, "stop.epochs", 4))


def train(experiment, record=None, checkpoint=None, signals=None):
    return headless.run(
        experiment.trainer,
        signals or headless.Signals(),
        Silent(),
        record=record,
        checkpoint=checkpoint,
    )


def test_checkpoints_are_written_on_the_way_and_at_the_end(experiment, monkeypatch):
    monkeypatch.setattr(headless, "CHECKPOINT_SECONDS", 0.0)
    updates = []
    train(experiment, checkpoint=lambda: updates.append(experiment.trainer.update))
    assert updates[0] < 20
    assert updates[-1] == 20


def test_without_time_to_pass_there_is_one_checkpoint_at_the_end(experiment):
    updates = []
    train(experiment, checkpoint=lambda: updates.append(experiment.trainer.update))
    assert updates == [20]


def test_a_checkpoint_that_fails_on_the_way_is_told_and_the_run_goes_on(
    experiment, monkeypatch, capsys
):
    monkeypatch.setattr(headless, "CHECKPOINT_SECONDS", 0.0)

    def fails() -> None:
        if experiment.trainer.finished is None:
            raise ConfigError("run.npz: cannot be written: No space left on device")

    last = train(experiment, checkpoint=fails)
    assert last.epoch == 4
    assert "tuinn: run.npz: cannot be written: No space left" in capsys.readouterr().err


def test_a_checkpoint_is_written_even_where_the_report_fails(experiment):
    written = []

    def fails(_: object) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        train(experiment, record=fails, checkpoint=lambda: written.append(True))
    assert written == [True]


def test_a_signal_stops_the_run_at_once_and_its_last_moment_is_recorded(experiment):
    signals, seen = headless.Signals(), []
    with signals.watched():
        signal.raise_signal(signal.SIGINT)
        last = train(experiment, record=seen.append, signals=signals)
    assert (signals.number, last.update) == (signal.SIGINT, 0)
    assert seen == [last]


def test_a_second_ctrl_c_ends_it_where_it_is():
    signals = headless.Signals()
    with signals.watched():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_every_epoch_is_recorded_once(experiment):
    seen = []
    last = train(experiment, record=seen.append)
    assert [snapshot.epoch for snapshot in seen] == [1, 2, 3, 4]
    assert last is seen[-1]


@pytest.mark.parametrize("name", METHODS)
def test_every_optimiser_goes_on_from_its_checkpoint_bit_for_bit(name, tmp_path: Path):
    config = changed(find("circle").config, "data.n", 60)
    for field, value in (("optimizer.name", name), ("regularisation.alpha", 0.1)):
        config = changed(config, field, value)
    if name == "annealing":
        config = changed(config, "optimizer.chain", 4)
    whole, first, second = build(config), build(config), build(config)
    whole.trainer.run(31)
    first.trainer.run(13)
    path = tmp_path / "run.npz"
    checkpoints.write(path, first)
    resume = checkpoints.Resume.of_file(path)
    resume.check(config)
    assert resume.apply(second) == ([], None)
    second.trainer.run(18)
    assert (second.trainer.theta == whole.trainer.theta).all()
    assert second.trainer.evaluations == whole.trainer.evaluations


def test_another_numpy_is_warned_of(experiment, tmp_path: Path):
    path = tmp_path / "run.npz"
    checkpoints.write(path, experiment)
    arrays, meta = checkpoint.load(path)
    checkpoint.save(path, arrays, meta | {"numpy": "1.0"})
    (warning,), mark = checkpoints.Resume.of_file(path).apply(experiment)
    assert mark is None
    assert "written with numpy 1.0" in warning
    assert "last bits" in warning


def test_the_bar_of_a_search_tells_its_evaluations_and_its_best_cost():
    config = changed(changed(find("circle").config, "data.n", 60), "optimizer.name", "ants")
    trainer = build(config).trainer
    trainer.run(2)
    bar = Bar(io.StringIO(), 50, "iteration")
    bar.seen(trainer.snapshot())
    line = bar.line(120, 2, 100.0, 1.0)
    assert line.startswith("iteration 2/50 ")
    assert f"60 eval., best {significant(trainer.snapshot().search.best)}" in line
    assert "60 eval." in bar.line(70, 2, 100.0, 1.0)


@pytest.mark.parametrize(
    ("changes", "epochs"),
    [
        ({"stop.epochs": 7}, 7),
        ({"stop.epochs": 700, "stop.evaluations": 20}, 4),
        ({"optimizer.name": "annealing", "stop.evaluations": 120}, 3),
        # fifty of the archive at first, then ten in each iteration
        ({"optimizer.name": "ants", "stop.epochs": 700, "stop.evaluations": 120}, 8),
    ],
)
def test_the_planned_epochs_are_those_of_the_budget_where_it_ends_earlier(changes, epochs):
    config = changed(find("circle").config, "data.n", 60)
    for field, value in changes.items():
        config = changed(config, field, value)
    assert planned_epochs(build(config).trainer) == epochs


@given(
    columns=st.integers(1, 200),
    epoch=st.floats(0, 50),
    speed=st.floats(0, 1e9),
    left=st.floats(0, 1e6),
)
def test_the_bar_never_is_wider_than_the_terminal(columns, epoch, speed, left):
    line = Bar(io.StringIO(), 50).line(columns, epoch, speed, left)
    assert len(line) <= columns


def test_the_bar_grows_with_the_epochs_and_does_without_its_signs():
    class Latin(io.StringIO):
        encoding = "latin-1"

    lines = [Bar(Latin(), 50).line(100, epoch, 1000.0, 3.0) for epoch in (0, 25, 50)]
    assert [line.count("#") for line in lines] == [0, 20, 40]
    assert [line.count("-") for line in lines] == [40, 20, 0]
    assert "epoch 25/50" in lines[1]
    assert "50 %" in lines[1]
