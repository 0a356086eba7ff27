"""Epochs, mini-batches, stop conditions, changes in mid-run and divergence."""

import numpy as np
import pytest
from engine_examples import ByProtocol, blobs, diverging, examples, make, split_of
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import GradientDescent, Network, Schedule, Stop, Trainer
from engine.costs import cost
from engine.divergence import first_not_finite
from engine.stop import Patience


def test_an_epoch_has_a_ragged_last_mini_batch():
    trainer = make(m=57, batch_size=10)
    assert trainer.advance(1_000) == 6
    assert (trainer.update, trainer.epoch) == (6, 1.0)
    assert trainer.advance(2) == 2
    assert trainer.epoch == 1 + 20 / 57


@pytest.mark.parametrize("batch_size", [1, 57, "full"])
def test_stochastic_and_batch_are_the_same_algorithm(batch_size):
    trainer = make(m=57, batch_size=batch_size)
    assert trainer.advance(1_000) == (57 if batch_size == 1 else 1)


@settings(max_examples=30)
@given(st.integers(1, 57), st.lists(st.integers(1, 40), max_size=8))
def test_how_a_run_is_cut_into_pieces_changes_nothing(batch_size, pieces):
    whole, cut = make(batch_size=batch_size), make(batch_size=batch_size)
    for piece in pieces:
        cut.run(piece)
        cut.snapshot()
    whole.run(cut.update)
    assert (whole.theta == cut.theta).all()
    assert whole.epoch == cut.epoch


@pytest.mark.parametrize("cost", ["quadratic", "cross-entropy"])
def test_the_recorded_path_equals_ask_and_tell(cost):
    options = {"batch_size": 10, "alpha": 0.5, "cost": cost}
    recorded = make(optimizer=GradientDescent(0.5), **options)
    asked = make(optimizer=ByProtocol(0.5), **options)
    recorded.run(60)
    asked.run(60)
    assert np.allclose(recorded.theta, asked.theta, rtol=1e-12, atol=1e-14)
    assert recorded.snapshot().epoch == asked.snapshot().epoch


def test_a_full_batch_stays_in_its_order():
    trainer, untouched = make(batch_size="full"), make(batch_size="full")
    trainer.run(3)
    assert (trainer.dump()["order"] == np.arange(57)).all()
    # and draws nothing: a smaller mini-batch begins as it would have at the start
    for each in (trainer, untouched):
        each.change(batch_size=10)
        each.advance(1)
    assert (trainer.dump()["order"] == untouched.dump()["order"]).all()


def test_asking_for_no_update_changes_nothing():
    asked, plain = make(batch_size=10), make(batch_size=10)
    assert asked.advance(0) == 0
    asked.run(9)
    plain.run(9)
    assert (asked.theta == plain.theta).all()


def test_a_seed_sequence_can_be_used_again():
    sequence = np.random.SeedSequence(5)
    one, other = (
        Trainer(Network((2, 1), ("sigmoid",)), split_of(blobs()), seed=sequence) for _ in range(2)
    )
    one.run(9)
    other.run(9)
    assert (one.theta == other.theta).all()
    assert (sequence.spawn(1)[0].spawn_key) == (0,)


def test_another_decay_begins_patience_anew():
    # with the larger L2 term no loss can be below the best one so far
    trainer = make(
        optimizer=GradientDescent(1e-300), stop=Stop(epochs=500, patience=4), batch_size="full"
    )
    trainer.run(3)
    trainer.change(alpha=2.0)
    trainer.run(10_000)
    assert trainer.epoch == 8


def test_permutations_that_are_none_are_refused():
    for orders, message in (
        ([np.arange(56)], r"each of 0 … 56 once in every epoch; epoch number 1 has int64 of shape"),
        ([np.zeros(57, int)], r"each of 0 … 56 once"),
        ([np.arange(57.0)], r"each of 0 … 56 once .* float64"),
        ([], r"`permutations` must give one order per epoch; there is none for epoch number 1"),
    ):
        with pytest.raises(ValueError, match=message):
            make(permutations=orders).advance(1)
    trainer = make(batch_size=10, permutations=np.arange(57)[None, ::-1])
    assert trainer.advance(1_000) == 6
    assert (trainer.dump()["order"] == np.arange(57)[::-1]).all()


def test_a_permutation_may_be_changed_by_its_giver_once_it_was_taken():
    order = np.arange(57)
    trainer = make(permutations=[order])
    trainer.advance(1)
    order[:] = order[::-1]
    assert trainer.dump()["order"][0] == 0


def test_changes_take_effect_at_the_next_update():
    trainer, steady = make(batch_size=10), make(batch_size=10)
    trainer.run(9)
    steady.run(9)
    trainer.change(eta=0.01, batch_size=5)
    assert (trainer.theta == steady.theta).all()
    trainer.run(1)
    steady.run(1)
    assert not (trainer.theta == steady.theta).all()
    # 57 − 30 examples are left of the second epoch: one update of 5 is made, five are to come
    assert trainer.advance(1_000) == 5
    assert trainer.epoch == 2.0


def test_weight_decay_shrinks_weights_and_not_biases():
    # with a target equal to the output the gradient is zero and decay acts alone
    network = Network((1, 1), ("identity",))
    trainer = Trainer(
        network,
        split_of(examples([[0.0], [0.0]], [[3.0], [3.0]])),
        cost="quadratic",
        optimizer=GradientDescent(eta=0.1),
        alpha=0.5,
        batch_size=1,
        stop=Stop(epochs=100),
        theta=network.pack([[[2.0]]], [[3.0]]),
    )
    trainer.run(20)
    assert np.isclose(trainer.theta[0], 2.0 * (1 - 0.1 * 0.5 / 2) ** 20, rtol=1e-13)
    assert trainer.theta[1] == 3.0


def test_schedules():
    factors = {
        "constant": [1, 1, 1, 1, 1],
        "step": [1, 1, 0.5, 0.5, 0.25],
        "exponential": [1, 0.5, 0.25, 0.125, 0.0625],
        "cosine": [1, (1 + np.cos(np.pi / 4)) / 2, 0.5, (1 - np.cos(np.pi / 4)) / 2, 0],
    }
    for name, expected in factors.items():
        schedule = Schedule(name, drop=0.5, every=2)
        assert np.allclose([schedule.factor(e, 4) for e in range(5)], expected)
    # beyond the planned epochs the cosine does not come back
    assert Schedule("cosine").factor(7, 4) == 0
    trainer = make(optimizer=GradientDescent(0.8, Schedule("step", drop=0.5, every=2)))
    seen = []
    while trainer.finished is None:
        seen.append(trainer.snapshot().eta)
        trainer.advance(1_000)
    assert np.allclose(seen, [0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.1, 0.1, 0.05, 0.05])


def test_why_a_run_ends_counts_in_good_english():
    many = Stop(epochs=1_000_000, seconds=2.5)
    assert Stop(epochs=1).passed(1, 0.0) == "1 epoch done"
    assert many.passed(1_000_000, 0.0) == "1000000 epochs done"
    assert many.passed(1, 3.0) == "2.5 seconds of training are over"
    reason = Stop(patience=1).reached(2.0, 0.5, Patience(1.5, 1))
    assert reason == "no better loss for 1 epoch; the best was 1.5"


def test_stops_after_the_epochs():
    trainer = make(stop=Stop(epochs=3), batch_size=10)
    assert trainer.run(1_000) == 18
    assert trainer.finished == "3 epochs done"
    assert trainer.run(5) == 0
    trainer.change(stop=Stop(epochs=4))
    assert trainer.run(1_000) == 6


def test_stops_at_a_target():
    trainer = make(stop=Stop(epochs=500, target_accuracy=0.9), validation=True, batch_size=1)
    trainer.run(1_000_000)
    assert trainer.finished.startswith("target accuracy 0.9 reached")
    assert trainer.snapshot().validation_accuracy >= 0.9
    trainer = make(stop=Stop(epochs=500, target_loss=0.4), batch_size=1)
    trainer.run(1_000_000)
    assert trainer.finished.startswith("target loss 0.4 reached")
    assert trainer.snapshot().train_loss <= 0.4


def test_a_target_is_reached_where_it_is_met_exactly():
    memory = Patience()
    assert Stop(target_loss=0.5).reached(0.5, 0.0, memory).startswith("target loss 0.5 reached")
    assert Stop(target_loss=0.5).reached(0.51, 1.0, memory) is None
    assert Stop(target_accuracy=0.9).reached(9.0, 0.9, memory).startswith("target accuracy 0.9")
    assert Stop(target_accuracy=0.9).reached(0.0, 0.89, memory) is None


def test_stops_when_patience_is_at_an_end():
    # η so small that θ does not change: no epoch is better than the first
    trainer = make(
        optimizer=GradientDescent(1e-300), stop=Stop(epochs=500, patience=4), validation=True
    )
    trainer.run(1_000_000)
    assert trainer.epoch == 5
    assert trainer.finished.startswith("no better loss for 4 epochs")


def test_stops_after_its_seconds(monkeypatch):
    clock = iter(np.arange(0.0, 1000.0, 0.25))
    monkeypatch.setattr("engine.trainer.perf_counter", lambda: next(clock))
    trainer = make(stop=Stop(epochs=1000, seconds=1.0))
    while trainer.finished is None:
        trainer.advance(1)
    assert trainer.update == 4
    assert trainer.finished == "1 second of training is over"
    # one call for all: the clock is looked at every 256 updates
    trainer = make(m=1000, stop=Stop(epochs=1000, seconds=1.0), batch_size=1)
    assert trainer.run(1_000_000) == 1000
    assert trainer.finished == "1 second of training is over"
    again = make(m=1000, stop=Stop(epochs=1000, seconds=1.0), batch_size=1)
    again.load(trainer.dump())
    assert again.finished == trainer.finished


def test_stopping_by_the_clock_at_the_end_of_an_epoch_counts_the_epoch(monkeypatch):
    clock = iter(np.arange(0.0, 1000.0, 0.25))
    monkeypatch.setattr("engine.trainer.perf_counter", lambda: next(clock))
    trainer = make(stop=Stop(epochs=1000, seconds=0.25), batch_size="full")
    trainer.run(10)
    assert (trainer.update, trainer.epoch) == (1, 1.0)


def test_accuracy_is_r2_for_regression():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 2))
    Y = X @ [[1.0], [2.0]] + 3
    network = Network((2, 1), ("identity",))
    split = split_of(examples(X, Y))
    options = {"cost": "quadratic", "optimizer": GradientDescent(0.1)}
    perfect = Trainer(network, split, theta=network.pack([[[1, 2]]], [[3]]), **options)
    assert perfect.snapshot().train_accuracy == 1
    mean = Trainer(network, split, theta=network.pack([[[0, 0]]], [[Y.mean()]]), **options)
    assert abs(mean.snapshot().train_accuracy) < 1e-12


def test_accuracy_is_finite_where_r2_is_not_defined():
    network = Network((2, 1), ("identity",))
    X = np.random.default_rng(0).normal(size=(5, 2))
    split = split_of(examples(X, X @ [[1.0], [2.0]]), examples(X[:1], [[1.0]]))
    trainer = Trainer(network, split, cost="quadratic", batch_size=5)
    assert trainer.snapshot().validation_accuracy == 0
    assert trainer.finished is None
    theta = network.pack([[[0, 0]]], [[1]])
    perfect = Trainer(network, split, cost="quadratic", batch_size=5, theta=theta)
    assert perfect.snapshot().validation_accuracy == 1


@pytest.mark.parametrize("m", [1, 2])
@pytest.mark.parametrize("sizes", [(2, 1), (2, 3, 1)])
def test_the_smallest_sets(m, sizes):
    activations = ("sigmoid",) * (len(sizes) - 1)
    for batch_size in (1, "full"):
        trainer = make(m=m, sizes=sizes, activations=activations, batch_size=batch_size)
        trainer.run(1_000)
        assert trainer.finished == "10 epochs done"
        assert trainer.update == 10 * (m if batch_size == 1 else 1)
        assert np.isfinite(trainer.snapshot().train_loss)


@pytest.mark.parametrize("optimizer", [GradientDescent, ByProtocol])
def test_float32_is_used_for_everything(optimizer):
    # 1e20 squared is beyond float32, and well within float64
    network = Network((1, 1), ("identity",), "float32")
    trainer = Trainer(
        network,
        split_of(examples([[1.0]], [[0.0]])),
        cost="quadratic",
        optimizer=optimizer(0.5),
        batch_size=1,
        theta=network.pack([[[1e20]]], [[0.0]]),
    )
    assert trainer.snapshot().train_loss == np.inf
    assert network.forward(trainer.theta, np.array([[1.0]])).dtype == np.float32


@pytest.mark.parametrize("optimizer", [GradientDescent, ByProtocol])
def test_divergence_in_float32_is_found_in_float32(optimizer):
    network = Network((1, 1, 1), ("identity", "identity"), "float32")
    trainer = Trainer(
        network,
        split_of(examples([[1.0]], [[0.0]])),
        cost="quadratic",
        optimizer=optimizer(1e-9),
        batch_size=1,
        theta=network.pack([[[1e25]], [[1e25]]], [[0.0], [0.0]]),
    )
    trainer.run(10)
    assert (trainer.diverged.quantity, trainer.diverged.layer) == ("z", 2)
    assert trainer.diverged.update == 1


def test_loss_has_its_l2_term():
    trainer = make(alpha=0.0, validation=True)
    bare = trainer.snapshot()
    trainer.change(alpha=2.0)
    W = trainer.network.W(trainer.theta)
    l2 = 2.0 / (2 * 57) * sum((w**2).sum() for w in W)
    assert np.isclose(trainer.snapshot().train_loss - bare.train_loss, l2)
    # m is the size of the training set there too
    assert np.isclose(trainer.snapshot().validation_loss - bare.validation_loss, l2)


@pytest.mark.parametrize(
    ("output", "targets", "z"), [("sigmoid", (0, 1), 0.1), ("tanh", (-1, 1), 0.3)]
)
def test_accuracy_of_one_output_is_by_the_middle_of_its_targets(output, targets, z):
    # tanh 0.3 = 0.29 is above 0 and below 0.5
    network = Network((1, 1), (output,))
    labels = np.array([0, 0, 1, 1])
    split = split_of(examples([[-1], [-1], [1], [1]], np.array(targets)[labels][:, None], labels))
    theta = network.pack([[[z]]], [[0.0]])
    trainer = Trainer(network, split, cost="quadratic", batch_size=1, theta=theta)
    assert trainer.snapshot().train_accuracy == 1


@pytest.mark.parametrize("optimizer", [GradientDescent, ByProtocol])
def test_divergence_names_layer_quantity_and_update(optimizer):
    trainer = diverging(optimizer=optimizer(1e6))
    trainer.run(1_000_000)
    found = trainer.diverged
    assert found is not None
    assert trainer.finished.startswith(f"diverged: {found.quantity} of layer {found.layer}")
    assert found.update <= trainer.update
    # one update before, everything was finite; at it, the first pass was not
    again = diverging(optimizer=optimizer(1e6))
    again.run(found.update - 1)
    assert np.isfinite(again.theta).all()
    again.run(3)
    assert not np.isfinite(again.theta).all()
    snapshot = trainer.snapshot()
    assert not np.isfinite(snapshot.train_loss)


def test_divergence_by_decay_alone_is_found_at_its_update():
    # 1 − ηα/m = −9: every update makes the weights nine times as large
    options = {"optimizer": GradientDescent(1e-3), "alpha": 4e5, "batch_size": 1}
    trainer = diverging(**options)
    trainer.run(1_000_000)
    again = diverging(**options)
    again.run(trainer.diverged.update - 1)
    assert np.isfinite(again.theta).all()
    again.run(2)
    assert not np.isfinite(again.theta).all()
    # the run ends there, and not with the last update before the look at θ
    assert trainer.diverged.update == trainer.update
    assert trainer.update % trainer.m > 0


def test_backwards_the_last_layer_comes_first():
    # ∂C/∂W = δ a of both layers is 1e320, all else is finite
    network = Network((1, 1, 1), ("identity", "identity"))
    theta = network.pack([[[1.0]], [[1.0]]], [[0.0], [0.0]])
    x, y = np.array([[1e160]]), np.array([[0.0]])
    with np.errstate(over="ignore"):
        assert first_not_finite(network, theta, x, y, cost("quadratic")) == (2, "∂C/∂W")


def test_optimisers_are_told_the_cost_with_its_l2_term():
    told = []

    class Recording(ByProtocol):
        def tell(self, J, gradient, eta, decay):
            told.append(J[0])
            super().tell(J, gradient, eta, decay)

    trainer = make(optimizer=Recording(0.5), alpha=3.0, batch_size="full")
    before = trainer.snapshot().train_loss
    trainer.run(1)
    assert np.isclose(told[0], before, rtol=1e-12)


def test_an_infinite_cost_with_finite_weights_is_divergence():
    network = Network((2, 1), ("identity",))
    trainer = Trainer(
        network,
        split_of(examples([[1.0, 0.0]], [[0.0]])),
        cost="quadratic",
        batch_size=1,
        theta=network.pack([[[1e200, 0.0]]], [[0.0]]),
    )
    assert trainer.snapshot().train_loss == np.inf
    assert (trainer.diverged.quantity, trainer.diverged.layer) == ("C", 1)
    assert trainer.run(10) == 0


def test_an_infinite_cost_at_the_end_of_an_epoch_ends_the_run():
    network = Network((2, 1), ("identity",))
    trainer = Trainer(
        network,
        split_of(examples([[1.0, 0.0]], [[0.0]])),
        cost="quadratic",
        optimizer=GradientDescent(1e-9),
        batch_size=1,
        stop=Stop(epochs=50, patience=3),
        theta=network.pack([[[1e200, 0.0]]], [[0.0]]),
    )
    assert trainer.run(10) == 1
    assert trainer.finished.startswith("diverged: C of layer 1")
    trainer.change(stop=Stop(epochs=60))
    assert trainer.run(10) == 0


def test_an_infinite_cost_is_found_by_new_stop_conditions():
    network = Network((2, 1), ("identity",))
    trainer = Trainer(
        network,
        split_of(examples([[1.0, 0.0]], [[0.0]])),
        cost="quadratic",
        optimizer=GradientDescent(1e-9),
        batch_size=1,
        theta=network.pack([[[1e200, 0.0]]], [[0.0]]),
    )
    assert trainer.run(1) == 1
    assert trainer.finished is None
    trainer.change(stop=Stop(epochs=50, patience=3))
    assert trainer.finished.startswith("diverged: C of layer 1")
    assert trainer.run(10) == 0


def test_divergence_is_not_forgotten_over_the_limit_in_seconds():
    trainer = diverging(optimizer=GradientDescent(1e6), stop=Stop(epochs=100_000, seconds=1e9))
    trainer.run(1_000_000)
    assert trainer.finished.startswith("diverged")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 58}, r"`training.batch_size` must be 1 … 57 .* got 58"),
        ({"batch_size": 0}, r"`training.batch_size` must be 1 … 57 .* got 0"),
        ({"batch_size": 2.5}, r"`training.batch_size` must be 1 … 57 .* got 2.5"),
        ({"batch_size": "half"}, r"`training.batch_size` must be 1 … 57 .* got half"),
        ({"m": 0}, r"the training set must have at least 1 example; got 0"),
        ({"probe": 0}, r"`probe` must be ≥ 1; got 0"),
        ({"alpha": -1.0}, r"`regularisation.alpha` must be ≥ 0 and finite; got -1"),
        ({"cost": "hinge"}, r"`training.cost` must be one of quadratic, cross-entropy"),
        ({"activations": ("sigmoid", "tanh")}, r"`network.output` .* sigmoid, softmax; got 'tanh'"),
        ({"sizes": (3, 5, 1)}, r"the data have 2 inputs and 1 targets"),
        ({"theta": np.zeros(3)}, r"`theta` must hold the 21 parameters"),
    ],
)
def test_bad_input_is_told(options, message):
    with pytest.raises(ValueError, match=message):
        make(**options)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: GradientDescent(-3), r"`optimizer.eta` must be > 0 and finite; got -3"),
        (lambda: GradientDescent(float("nan")), r"`optimizer.eta` must be > 0"),
        (lambda: Schedule("linear"), r"`optimizer.schedule` must be one of constant, step"),
        (lambda: Schedule("step", drop=0), r"`optimizer.drop` must be > 0 and ≤ 1; got 0"),
        (lambda: Schedule("step", every=0), r"`optimizer.every` must be ≥ 1; got 0"),
        (lambda: Stop(epochs=0), r"`stop.epochs` must be ≥ 1; got 0"),
        (lambda: Stop(seconds=0), r"`stop.seconds` must be > 0; got 0"),
        (lambda: Stop(patience=0), r"`stop.patience` must be ≥ 1; got 0"),
        (lambda: make().change(eta=0.0), r"`optimizer.eta` must be > 0"),
        (lambda: make().change(batch_size=100), r"`training.batch_size` must be 1 … 57"),
    ],
)
def test_bad_values_are_told(act, message):
    with pytest.raises(ValueError, match=message):
        act()


def test_a_refused_change_changes_nothing():
    trainer = make(batch_size=10)
    with pytest.raises(ValueError, match="batch_size"):
        trainer.change(eta=0.01, alpha=3.0, batch_size=1000)
    assert (trainer.eta, trainer.alpha, trainer.batch_size) == (0.5, 0.0, 10)
