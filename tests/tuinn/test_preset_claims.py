"""Each preset shows what it says it shows."""

from functools import cache

import numpy as np
import pytest

from engine import Snapshot
from tuinn.config import changed
from tuinn.experiment import Experiment, build
from tuinn.preset import find


@cache
def run(name: str, **changes: object) -> tuple[Experiment, list[Snapshot]]:
    """The preset trained to its end, with a snapshot of every epoch."""
    config = find(name).config
    for field, value in changes.items():
        config = changed(config, field.replace("__", "."), value)
    experiment = build(config)
    trainer = experiment.trainer
    snapshots = [trainer.snapshot()]
    while trainer.finished is None:
        trainer.advance(10**9)
        snapshots.append(trainer.snapshot())
    assert trainer.diverged is None
    return experiment, snapshots


def column(name: str, snapshots: list[Snapshot]) -> np.ndarray:
    return np.array([getattr(snapshot, name) for snapshot in snapshots])


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TUINN_HOME", str(tmp_path))


def test_xor_rests_at_ln_2_and_then_gets_all_four_right():
    _, snapshots = run("xor")
    loss = column("train_loss", snapshots)
    assert (abs(loss[20:150] - np.log(2)) < 0.02).all()
    assert snapshots[-1].train_accuracy == 1
    assert loss[-1] < 0.05


@pytest.mark.parametrize(
    ("name", "accuracy"),
    [("circle", 0.95), ("moons", 0.95), ("iris", 0.95), ("digits", 0.96), ("spiral", 0.95)],
)
def test_it_learns(name, accuracy):
    _, snapshots = run(name)
    assert snapshots[-1].validation_accuracy > accuracy


def test_the_accuracy_of_the_circle_jumps_and_then_hardly_moves():
    _, snapshots = run("circle")
    accuracy = column("validation_accuracy", snapshots)
    assert accuracy[5] >= 0.95
    assert np.ptp(accuracy[5:]) < 0.05
    loss = column("train_loss", snapshots)
    assert loss[5] > 1.5 * loss[20] > 2 * loss[-1]


def test_one_iris_is_learned_early_and_the_errors_that_last_are_between_the_others():
    trainer = build(find("iris").config).trainer
    train = trainer.split.train
    while trainer.finished is None:
        trainer.advance(10**9)
        if trainer.epoch < 3:
            continue
        answers = trainer.network.forward(trainer.theta, train.X).argmax(axis=1)
        assert (answers[train.labels == 0] == 0).mean() > 0.95
        if trainer.epoch >= 10:
            wrong = answers != train.labels
            assert wrong.any()
            assert not (wrong & ((train.labels == 0) | (answers == 0))).any()


def test_the_arms_of_the_spiral_come_apart_late_and_in_a_rush():
    _, snapshots = run("spiral")
    accuracy = column("validation_accuracy", snapshots)
    assert accuracy[:75].max() < 0.75
    assert accuracy[200:].min() > 0.95
    assert snapshots[-1].layers[-1].weight_norm > 4 * snapshots[0].layers[-1].weight_norm


@pytest.mark.parametrize(
    ("start", "at", "cost", "outputs"),
    [
        ((2.0, 2.0), (0, 150, 300), "quadratic", (0.982, 0.9334, 0.2028)),
        ((0.6, 0.9), (0, 300), "quadratic", (0.8176, 0.0940)),
        ((2.0, 2.0), (0, 300), "cross-entropy", (0.982, 0.7796)),
        ((0.6, 0.9), (300,), "cross-entropy", (0.4177,)),
    ],
)
def test_the_saturated_neuron_follows_the_published_figures(start, at, cost, outputs):
    w, b = start
    config = changed(find(f"saturated-neuron-{cost}").config, "network.weights", [[[w]]])
    trainer = build(changed(config, "network.biases", [[b]])).trainer
    for update, output in zip(at, outputs, strict=True):
        trainer.run(update - trainer.update)
        a = trainer.network.forward(trainer.theta, np.ones((1, 1)))[0, 0]
        assert a == pytest.approx(output, abs=5e-5)


def test_the_shipped_neurons_start_where_they_say():
    for cost in ("quadratic", "cross-entropy"):
        assert build(find(f"saturated-neuron-{cost}").config).trainer.theta.tolist() == [2, 2]


def test_overfitting_and_what_decay_does_about_it():
    _, free = run("overfit-digits")
    _, held = run("overfit-digits-decay")
    loss = column("validation_loss", free)
    assert free[-1].train_accuracy == 1
    assert free[-1].validation_accuracy < 0.9
    lowest = int(loss.argmin())
    assert lowest < 400
    assert loss[-1] > 1.05 * loss[lowest]
    assert free[-1].train_loss < free[lowest].train_loss / 2
    assert held[-1].validation_accuracy > free[-1].validation_accuracy + 0.02
    assert held[-1].validation_loss < held[400].validation_loss
    assert held[-1].validation_loss < free[-1].validation_loss
    assert held[-1].layers[0].weight_norm < held[0].layers[0].weight_norm / 2


def test_cross_entropy_begins_at_once_and_the_quadratic_cost_does_not():
    _, quadratic = run("digits-quadratic")
    _, cross_entropy = run("digits-cross-entropy")
    assert quadratic[2].validation_accuracy < 0.6
    assert cross_entropy[2].validation_accuracy > 0.85
    assert quadratic[0].layers[-1].delta < cross_entropy[0].layers[-1].delta / 4


def test_deltas_vanish_on_their_way_back_and_learning_waits():
    _, snapshots = run("vanishing-deltas")
    deltas = [layer.delta for layer in snapshots[0].layers]
    assert deltas == sorted(deltas)
    assert deltas[-1] > 300 * deltas[0]
    accuracy = column("validation_accuracy", snapshots)
    assert accuracy[:14].max() < 0.25
    assert accuracy[-1] > 0.85


def test_the_deep_sigmoid_network_stays_stuck():
    _, snapshots = run("deep-sigmoid-stuck")
    assert column("validation_accuracy", snapshots).max() < 0.6
    for snapshot in snapshots:
        assert snapshot.layers[0].delta < snapshot.layers[-1].delta / 1000


def test_decay_wins():
    experiment, snapshots = run("decay-wins")
    assert [layer.weight_norm < 1e-2 for layer in snapshots[-1].layers] == [True, True]
    assert snapshots[-1].validation_accuracy < 0.6
    for snapshot in snapshots[:30]:
        assert all(layer.decay_step > layer.gradient_step for layer in snapshot.layers)
    for snapshot in snapshots[35:]:
        assert not all(layer.decay_step > layer.gradient_step for layer in snapshot.layers)
    trainer = experiment.trainer
    outputs = trainer.network.forward(trainer.theta, experiment.split.train.X)
    assert np.ptp(outputs) < 1e-4


def test_batch_mini_batch_and_stochastic_differ_in_batch_size_alone():
    names = ("batch", "mini-batch", "stochastic")
    configs = {name: find(name).config for name in names}
    sizes = {name: configs[name].training.batch_size for name in names}
    assert sizes == {"batch": "full", "mini-batch": 10, "stochastic": 1}
    same = {changed(configs[name], "training.batch_size", 10).network for name in names}
    assert len(same) == 1
    runs = {name: run(name) for name in names}
    starts = [runs[name][1][0].train_loss for name in names]
    assert starts[0] == starts[1] == starts[2]
    ends = {name: runs[name][1][-1].validation_accuracy for name in names}
    assert ends["batch"] < 0.8
    assert ends["mini-batch"] > 0.97
    shaking = {}
    for name in names:
        steps = np.diff(column("train_loss", runs[name][1])[:15])
        shaking[name] = steps[steps > 0].sum()
    assert shaking["batch"] == 0
    assert shaking["stochastic"] > 3 * shaking["mini-batch"]


def test_eta_too_small_right_and_too_large():
    small, right, large = (run(f"eta-{name}")[1] for name in ("too-small", "right", "too-large"))
    assert small[0].train_loss == right[0].train_loss == large[0].train_loss
    slow = column("train_loss", small)
    assert (np.diff(slow) < 0).all()
    assert slow[-1] > 0.9 * slow[0]
    assert right[-1].validation_accuracy > 0.95
    assert large[2].layers[0].saturated > 0.99
    assert column("validation_accuracy", large).max() < 0.2
    assert column("validation_accuracy", large).mean() == pytest.approx(0.1, abs=0.01)
    falls = np.diff(column("train_loss", right)) < 0
    assert not falls[:40].all()
    assert falls[40:].all()
    jumps = np.diff(column("train_loss", large)[100:])
    assert (jumps > 0).sum() > 30
    assert large[-1].layers[0].saturated > 0.95


@pytest.mark.parametrize(
    ("name", "accuracy", "epochs"), [("mnist-30", 0.945, 15), ("mnist-100", 0.975, 20)]
)
def test_mnist_reaches_the_published_accuracy(mnist_folder, name, accuracy, epochs):
    config = find(name).config
    assert config.stop.epochs == 30
    trainer = build(changed(config, "stop.target_accuracy", accuracy)).trainer
    assert (len(trainer.split.train.X), len(trainer.split.validation.X)) == (50_000, 10_000)
    while trainer.finished is None:
        trainer.advance(10**9)
    assert trainer.finished.startswith(f"target accuracy {accuracy:g} reached")
    assert trainer.epoch <= epochs
