"""What is found in runs that are really trained: the shipped presets, at fixed updates."""

from __future__ import annotations

import numpy as np
import pytest
from recorded_runs import alarms, findings_of, looks, watched

from engine import Snapshot
from tuinn.config import Config, changed
from tuinn.experiment import build, make_trainer
from tuinn.findings import RULES, Finding, finding
from tuinn.mark import Mark
from tuinn.preset import find

SEEDS = range(10)


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("TUINN_HOME", str(tmp_path))


def found_in(config: Config, pictures: int) -> list[tuple[Snapshot, Finding | None]]:
    """`findings_of` a run; whatever is found fits its line."""
    run = findings_of(config, pictures)
    for _, found in run:
        if found is not None:
            assert len(found.text) <= 110, found.text
            assert len(found.brief) <= 72, found.brief
            assert found.text.endswith(".")
            assert found.name in {rule.name for rule in RULES}
    return run


@pytest.mark.parametrize("pictures", [0, 60])
@pytest.mark.parametrize(
    ("name", "state", "by", "until"),
    [
        # name, what is found, by which update at the latest, up to which update without a gap
        ("deep-sigmoid-stuck", "vanishing δ", 40, 4000),
        ("vanishing-deltas", "vanishing δ", 144, 1800),
        ("saturated-neuron-quadratic", "saturation at the output", 6, 165),
        ("decay-wins", "decay dominates", 2, 300),
        ("overfit-digits", "overfitting", 4400, 8000),
        ("eta-too-large", "η too large", 3, 200),
        ("eta-too-small", "η too small", 10, 200),
    ],
)
def test_what_is_wrong_is_named_and_nothing_else(name, state, by, until, pictures):
    run = found_in(find(name).config, pictures)
    found = alarms(run)
    assert {called for _, called in found} == {state}
    assert found[0][0] <= by
    told = [one for snapshot, one in run if found[0][0] <= snapshot.update <= until]
    assert {one.name if one else "" for one in told} == {state}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["digits", "circle"])
def test_a_good_run_raises_no_alarm(name, seed):
    run = found_in(changed(find(name).config, "seed", seed), pictures=30)
    assert alarms(run) == []
    told = [one.name for _, one in run if one]
    assert "learning" in told[: len(told) // 2]


@pytest.fixture(scope="module")
def first_digits(mnist_folder):
    """The first part of `mnist-30`, with so few examples that a loss is had quickly.

    As many updates are planned as in the preset, of which the first fiftieth is made: it
    begins with saturated outputs that are wrong, and leaves them at once.
    """
    config = find("mnist-30").config
    changes = {"data.train": 1500, "data.validation": 300, "stop.epochs": 1000}
    for path, value in changes.items():
        config = changed(config, path, value)
    return build(config)


@pytest.mark.parametrize("seed", SEEDS)
def test_mnist_raises_no_alarm_while_it_begins(first_digits, seed):
    config: Config = changed(first_digits.config, "seed", seed)
    trainer = make_trainer(config, first_digits.dataset, first_digits.split)
    # past a fiftieth of the plan, up to which saturated outputs are not told
    watch = watched(trainer, config, pictures=100, until=0.0215, growth=1.15)
    run = [(snapshot, found) for snapshot, found, _ in watch]
    assert len(run) > 40
    assert run[-1][0].update > 3000
    assert run[-1][0].train_accuracy > 0.7
    assert alarms(run) == []


OTHERS = """
    batch mini-batch eta-right iris moons spiral xor overfit-digits-decay
    digits-sgd digits-momentum digits-nesterov digits-rmsprop digits-adam digits-cross-entropy
    saturated-neuron-cross-entropy xor-backprop xor-genetic xor-swarm xor-annealing xor-ants
"""


@pytest.mark.parametrize("name", OTHERS.split())
def test_other_presets_raise_no_alarm(name):
    assert alarms(found_in(find(name).config, pictures=25)) == []


def test_the_quadratic_cost_is_blamed_for_the_late_start_of_the_digits():
    run = found_in(find("digits-quadratic").config, pictures=50)
    found = alarms(run)
    assert {name for _, name in found} == {"saturation at the output"}
    assert found[0][0] < 200
    assert found[-1][0] < 1000
    told = next(one for _, one in run if one and one.level == "alarm")
    assert [each.key for each in told.tries] == ["c", "i", "r"]


SPOILED = [
    ("circle", {"optimizer.eta": 10.0}, "η too large"),
    ("spiral", {"optimizer.eta": 10.0}, "η too large"),
    ("digits-momentum", {"optimizer.eta": 5.0}, "η too large"),
    ("digits-adam", {"optimizer.eta": 1.0}, "η too large"),
    ("digits", {"optimizer.eta": 100.0}, "diverging"),
    ("circle", {"optimizer.eta": 1e-4}, "η too small"),
    ("digits", {"network.activation": "relu", "optimizer.eta": 5.0}, "dead ReLUs"),
    ("spiral", {"network.activation": "relu", "optimizer.eta": 3.0}, "dead ReLUs"),
    ("digits", {"regularisation.alpha": 500.0}, "decay dominates"),
    ("deep-sigmoid-stuck", {"network.init": "xavier"}, "vanishing δ"),
]


@pytest.mark.parametrize(("name", "changes", "state"), SPOILED)
def test_a_good_run_that_is_spoiled_is_told_why(name, changes, state):
    config = find(name).config
    for path, value in changes.items():
        config = changed(config, path, value)
    found = alarms(found_in(config, pictures=40))
    names = [called for _, called in found]
    assert state in names
    assert names.count(state) >= 0.9 * len(names)


def test_adaptive_steps_are_not_hindered_by_a_small_delta():
    config = changed(find("deep-sigmoid-stuck").config, "optimizer.name", "adam")
    run = found_in(config, pictures=40)
    first = run[1][0].layers
    assert first[0].delta < 1e-3 * first[-1].delta
    assert "vanishing δ" not in {name for _, name in alarms(run)}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("deep-sigmoid-stuck", {"network.hidden": (4,)}),
        ("deep-sigmoid-stuck", {"network.activation": "tanh"}),
        ("deep-sigmoid-stuck", {"optimizer.name": "adam"}),
        ("vanishing-deltas", {"network.init": "large", "stop.epochs": 10}),
        ("saturated-neuron-quadratic", {"training.cost": "cross-entropy", "stop.epochs": 100}),
        ("decay-wins", {"regularisation.alpha": 0.1, "optimizer.eta": 1.0}),
        ("eta-too-large", {"optimizer.eta": 3.0}),
        ("eta-too-small", {"optimizer.eta": 3.0}),
    ],
)
def test_what_is_advised_helps(name, changes):
    config = find(name).config
    stuck = build(config).trainer
    for path, value in changes.items():
        config = changed(config, path, value)
    trainer = build(config).trainer
    updates = min(stuck.planned, trainer.planned)
    accuracies = []
    for one in (stuck, trainer):
        one.run(updates)
        accuracies.append(one.snapshot().train_accuracy)
    assert accuracies[1] > accuracies[0] + 0.25


def test_a_line_cannot_part_the_circle_and_comes_to_rest():
    config = find("circle").config
    rest = {"network.hidden": [], "training.batch_size": "full", "optimizer.eta": 1.0}
    for path, value in rest.items():
        config = changed(config, path, value)
    run = found_in(changed(config, "stop.epochs", 2000), pictures=50)
    last = run[-1][1]
    assert last is not None
    assert last.name == "at rest"
    assert last.level == "info"
    assert [each.key for each in last.tries] == ["tab", "r"]
    assert alarms(run) == []


def test_what_was_before_eta_was_changed_does_not_count():
    config = find("eta-too-small").config
    trainer = build(config).trainer
    for snapshot, found, history in watched(trainer, config, pictures=100, until=0.5):
        last = snapshot, found, history
    assert last[1] is not None
    assert last[1].name == "η too small"
    history = last[2]
    trainer.change(eta=3.0)
    history.marks.append(Mark(trainer.update, trainer.epoch, 0, 0.0, "η 0.001 → 3"))
    told = set()
    better = changed(config, "optimizer.eta", 3.0)
    for _ in range(60):
        trainer.run(1)
        history.append(trainer.snapshot())
        told.add(found.name if (found := finding(better, history)) else "")
    assert told == {"", "learning"}


def test_a_run_is_looked_at_often_early_on_and_evenly_later():
    trainer = build(find("circle").config).trainer
    ends = looks(trainer, 0)
    assert ends == list(range(0, 4001, 40))
    updates = np.array(looks(trainer, 50))
    assert updates[:20].tolist() == list(range(20))
    assert np.diff(updates).max() <= 80
