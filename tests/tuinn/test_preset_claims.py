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
    for snapshot in snapshots:
        assert all(layer.decay_step > layer.gradient_step for layer in snapshot.layers)
    for layer in snapshots[-1].layers:
        assert layer.decay_step < 1.2 * layer.gradient_step
        assert layer.cosine < -0.999
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


DIGITS = {name: f"digits-{name}" for name in ("sgd", "momentum", "nesterov", "rmsprop", "adam")}
SEEDS = range(4)


def digits(seed: int) -> dict[str, list[Snapshot]]:
    """The runs of the five optimisers on the digits with that seed."""
    return {name: run(preset, seed=seed)[1] for name, preset in DIGITS.items()}


def epochs_to(accuracy: float, snapshots: list[Snapshot]) -> int:
    return int(np.argmax(column("validation_accuracy", snapshots) >= accuracy))


def rises(snapshots: list[Snapshot]) -> int:
    """Epochs after which the loss is higher than before."""
    return int((np.diff(column("train_loss", snapshots)) > 0).sum())


def test_the_digits_of_five_optimisers_differ_in_the_optimiser_alone():
    configs = [find(preset).config for preset in DIGITS.values()]
    assert [config.optimizer.name for config in configs] == list(DIGITS)
    others = {
        (config.seed, config.data, config.network, config.training, config.regularisation)
        for config in configs
    }
    assert len(others) == 1
    assert len({config.stop for config in configs}) == 1
    firsts = [snapshots[0].train_loss for snapshots in digits(0).values()]
    assert len(set(firsts)) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_five_optimisers_on_the_digits(seed):
    runs = digits(seed)
    loss = {name: column("train_loss", snapshots) for name, snapshots in runs.items()}
    first = {name: epochs_to(0.95, snapshots) for name, snapshots in runs.items()}
    norm = {name: snapshots[-1].layers[0].weight_norm for name, snapshots in runs.items()}
    for snapshots in runs.values():
        assert snapshots[-1].validation_accuracy > 0.95
    # plain descent
    assert 6 <= first["sgd"] <= 8
    assert rises(runs["sgd"]) > 6
    # momentum
    assert (
        find("digits-sgd").config.optimizer.eta == 8 * find("digits-momentum").config.optimizer.eta
    )
    assert first["momentum"] <= first["sgd"]
    assert loss["momentum"][10] < 0.55 * loss["sgd"][10]
    # Nesterov's
    assert loss["nesterov"][2] < loss["momentum"][2]
    assert rises(runs["nesterov"]) < rises(runs["momentum"])
    # RMSProp
    assert loss["rmsprop"][1] == min(losses[1] for losses in loss.values())
    assert rises(runs["rmsprop"]) > 8
    assert 1.9 * norm["sgd"] < norm["rmsprop"] < 2.3 * norm["sgd"]
    # Adam
    assert abs(first["adam"] - first["momentum"]) <= 1
    assert rises(runs["adam"]) < rises(runs["rmsprop"]) / 2
    assert norm["adam"] > 1.7 * norm["sgd"]


def test_momentum_comes_to_95_percent_earlier_than_plain_descent():
    runs = digits(0)
    assert epochs_to(0.95, runs["momentum"]) < epochs_to(0.95, runs["sgd"])


def test_plain_descent_with_twice_the_eta_does_not_come_to_rest():
    name = DIGITS["sgd"]
    eta = find(name).config.optimizer.eta
    calm, wild = (run(name, optimizer__eta=value)[1] for value in (eta, 2 * eta))
    assert wild[-1].train_loss > 2 * calm[-1].train_loss


XOR = ("backprop", "genetic", "swarm", "annealing", "ants")


def test_the_five_of_xor_differ_in_the_method_alone():
    configs = [find(f"xor-{name}").config for name in XOR]
    same = {
        (config.seed, config.data, config.network, config.training, config.regularisation)
        for config in configs
    }
    assert len(same) == 1
    assert len({(config.stop.evaluations, config.stop.target_accuracy) for config in configs}) == 1
    firsts = [run(f"xor-{name}")[1][0].train_loss for name in XOR]
    assert len(set(firsts)) == 1


@pytest.mark.parametrize("name", XOR)
def test_18_of_20_seeds_learn_xor_within_the_budget_of_the_preset(name):
    config = find(f"xor-{name}").config
    learned = 0
    for seed in range(20):
        trainer = build(changed(config, "seed", seed)).trainer
        trainer.run(10**9)
        within = trainer.evaluations <= config.stop.evaluations
        learned += within and trainer.snapshot().train_accuracy == 1
    assert learned >= 18


@pytest.mark.parametrize("name", XOR)
def test_the_budget_and_not_the_epochs_ends_a_run_that_does_not_learn_xor(name):
    config = changed(find(f"xor-{name}").config, "stop.target_accuracy", None)
    trainer = build(config).trainer
    trainer.run(10**9)
    assert trainer.finished == "the budget of 2000 evaluations is spent"


@pytest.mark.parametrize(
    ("name", "evaluations"), [("backprop", 330), ("genetic", 1200), ("annealing", 500)]
)
def test_xor_takes_as_many_evaluations_as_its_preset_says(name, evaluations):
    _, snapshots = run(f"xor-{name}")
    assert snapshots[-1].train_accuracy == 1
    assert snapshots[-1].evaluations == pytest.approx(evaluations, abs=15)


def searched(name: str, figure: str) -> np.ndarray:
    """A figure of a search on XOR, after each generation, iteration or chain."""
    _, snapshots = run(f"xor-{name}")
    return np.array([snapshot.search.record()[figure] for snapshot in snapshots[1:]])


def test_with_the_gradient_the_loss_of_xor_never_rises():
    _, snapshots = run("xor-backprop")
    loss = column("train_loss", snapshots)
    assert (np.diff(loss) < 0).all()
    assert (abs(loss[20:200] - np.log(2)) < 0.02).all()
    assert loss[-1] < 0.55


def test_the_best_of_the_genetic_algorithm_falls_and_the_mean_after_it():
    best, mean = searched("genetic", "best"), searched("genetic", "mean")
    falls = -np.diff(best)
    assert (falls >= 0).all()
    assert (falls > 0).mean() > 0.7
    assert (mean > best).all()
    assert mean[-1] < mean[0] / 5


def test_the_particles_in_a_ring_fly_on_as_fast_as_ever():
    best, mean, speed = (searched("swarm", figure) for figure in ("best", "mean", "speed"))
    assert best[-1] < best[0] / 2
    assert np.ptp(speed) < 0.25 * speed.mean()
    assert mean[-1] > 2 * best[-1]


def test_the_cost_of_annealing_rises_above_its_best_and_leaves_three_right_behind():
    now, best = searched("annealing", "mean"), searched("annealing", "best")
    temperature = searched("annealing", "temperature")
    assert (now > best).any()
    assert (np.diff(now) > 0).any()
    assert (np.diff(temperature) < 0).all()
    _, snapshots = run("xor-annealing")
    accuracy = column("train_accuracy", snapshots)
    assert (accuracy == 0.75).sum() > 5
    assert accuracy[-1] == 1


def test_the_costs_of_the_ants_draw_together_while_their_solutions_go_apart():
    spread, apart = searched("ants", "spread"), searched("ants", "archive_spread")
    best = searched("ants", "best")
    assert spread[15] < spread[0] / 15
    assert apart[-1] > 3 * apart[0]
    assert len(np.unique(best[15:])) < len(best[15:]) / 3
    assert best[-1] < best[15] / 2


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
