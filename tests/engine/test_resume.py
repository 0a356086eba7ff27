"""Runs that go on from a checkpoint, bit for bit, and checkpoints that are refused."""

import json

import numpy as np
import pytest
from engine_examples import ByProtocol, WithVelocity, diverging, examples, make, split_of
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import GradientDescent, Network, Schedule, Stop, Trainer
from engine.checkpoint import CheckpointError, load, save
from engine.optimizers import optimizer


@pytest.mark.parametrize("optimizer", [GradientDescent, ByProtocol, WithVelocity])
@pytest.mark.parametrize("updates", [0, 4, 6, 13])
def test_dump_and_load_resume_bit_for_bit(optimizer, updates, tmp_path):
    options = {"batch_size": 10, "alpha": 0.1}
    whole = make(optimizer=optimizer(0.5), **options)
    first = make(optimizer=optimizer(0.5), **options)
    first.run(updates)
    save(tmp_path / "run.npz", first.dump(), {"title": "a run"})
    arrays, meta = load(tmp_path / "run.npz")
    second = make(optimizer=optimizer(0.7), **options)
    second.load(arrays)
    assert meta == {"title": "a run"}
    assert second.update == updates
    second.run(40 - updates)
    whole.run(40)
    assert (second.theta == whole.theta).all()
    assert second.epoch == whole.epoch


def test_given_permutations_are_used_and_resumed():
    orders = [np.random.default_rng(e).permutation(57) for e in range(10)]
    whole = make(batch_size=10, permutations=orders)
    first = make(batch_size=10, permutations=orders)
    first.run(9)
    second = make(batch_size=10, permutations=orders)
    second.load(first.dump())
    second.run(21)
    whole.run(30)
    assert (second.theta == whole.theta).all()
    other = make(batch_size=10, permutations=orders[::-1])
    other.run(30)
    assert not (other.theta == whole.theta).all()


@settings(max_examples=60)
@given(
    st.sampled_from(["float64", "float32"]),
    st.sampled_from([(3, 5, 2), (40, 6, 4, 2)]),
    st.sampled_from(["constant", "step", "exponential", "cosine"]),
    st.booleans(),
    st.one_of(st.integers(1, 600), st.just("full")),
    st.one_of(st.none(), st.integers(1, 600), st.just("full")),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_resume_is_exact_whatever_the_options(
    dtype, sizes, schedule, given_order, batch_size, other_size, before, between
):
    # 40 inputs: 2600 rows are not gathered; more than 500 examples go in parts
    m = 2600 if sizes[0] == 40 else 57
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, m)
    data = split_of(examples(rng.standard_normal((m, sizes[0])), np.eye(2)[labels], labels))

    def new():
        orders = (np.random.default_rng(e).permutation(m) for e in range(40))
        return Trainer(
            Network(sizes, (*["tanh"] * (len(sizes) - 2), "softmax"), dtype),
            data,
            optimizer=GradientDescent(0.3, Schedule(schedule, drop=0.7, every=2)),
            batch_size=batch_size if batch_size == "full" else min(batch_size, m),
            alpha=0.2,
            stop=Stop(epochs=40, patience=30),
            permutations=orders if given_order else None,
        )

    def go(trainer):
        trainer.run(before)
        if other_size is not None:
            size = other_size if other_size == "full" else min(other_size, m)
            trainer.change(eta=0.25, batch_size=size)
        trainer.run(between)

    whole, first, second = new(), new(), new()
    go(whole)
    go(first)
    second.load(first.dump())
    whole.run(11)
    second.run(11)
    assert (second.theta == whole.theta).all()
    ours, theirs = second.snapshot().record(), whole.snapshot().record()
    del ours["seconds"], theirs["seconds"]
    assert ours == theirs
    assert second.finished == whole.finished


@pytest.mark.parametrize(
    "stop", [Stop(epochs=50, patience=2), Stop(epochs=50, target_loss=100.0), Stop(epochs=2)]
)
def test_a_finished_run_is_still_finished_after_load(stop):
    options = {"optimizer": GradientDescent(1e-300), "batch_size": 10}
    first = make(stop=stop, **options)
    first.run(10_000)
    assert first.finished
    second = make(stop=stop, **options)
    second.load(first.dump())
    assert second.finished == first.finished
    longer = make(stop=Stop(epochs=51), **options)
    longer.load(first.dump())
    assert longer.finished is None
    assert longer.run(1) == 1


def test_patience_goes_on_after_load():
    options = {
        "optimizer": GradientDescent(1e-300),
        "stop": Stop(epochs=500, patience=4),
        "batch_size": 10,
    }
    first, second = make(**options), make(**options)
    first.run(6 * 3)
    second.load(first.dump())
    second.run(10_000)
    assert second.epoch == 5


def test_a_diverged_run_is_still_diverged_after_load():
    first = diverging(optimizer=GradientDescent(1e6))
    first.run(1_000_000)
    second = diverging(optimizer=GradientDescent(1e6))
    second.load(first.dump())
    assert second.diverged == first.diverged
    assert second.finished == first.finished
    assert second.run(10) == 0


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"sizes": (2, 6, 1)}, "sizes is .2, 5, 1., this run's is .2, 6, 1."),
        ({"activations": ("tanh", "sigmoid")}, "activations"),
        ({"m": 58}, "training examples is 57, this run's is 58"),
        ({"cost": "quadratic"}, "cost"),
        ({"permutations": [np.arange(57)]}, "order is drawn, this run's is given"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(change, what):
    state = make().dump()
    with pytest.raises(ValueError, match=f"the checkpoint does not fit: its {what}"):
        make(**change).load(state)


def test_checkpoint_files_that_cannot_be_used(tmp_path):
    with pytest.raises(CheckpointError, match=r"none.npz: there is no such file"):
        load(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("not a zip")
    with pytest.raises(CheckpointError, match=r"text.npz: this is not a checkpoint"):
        load(tmp_path / "text.npz")
    np.save(tmp_path / "array.npy", np.zeros(3))
    with pytest.raises(CheckpointError, match=r"array.npy: this is not a checkpoint"):
        load(tmp_path / "array.npy")
    np.savez(tmp_path / "list.npz", meta=np.array("[1]"))
    with pytest.raises(CheckpointError, match=r"list.npz: this is not a checkpoint"):
        load(tmp_path / "list.npz")
    whole = tmp_path / "whole.npz"
    save(whole, make().dump(), {})
    (tmp_path / "cut.npz").write_bytes(whole.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match=r"cut.npz: this is not a checkpoint"):
        load(tmp_path / "cut.npz")
    packed = bytearray(whole.read_bytes())
    packed[packed.index(b"PK\x01\x02") + 10] = 99
    (tmp_path / "packed.npz").write_bytes(packed)
    with pytest.raises(CheckpointError, match=r"packed.npz: this is not a checkpoint of tuinn$"):
        load(tmp_path / "packed.npz")
    with pytest.raises(CheckpointError, match=r"no-folder/run.npz: cannot be written"):
        save(tmp_path / "no-folder" / "run.npz", {}, {})
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    with pytest.raises(ValueError, match="not a checkpoint of a trainer"):
        make().load({"theta": np.zeros(3)})
    with pytest.raises(ValueError, match="not a checkpoint of a trainer"):
        make().load({**make().dump(), "numbers": np.array("[]")})


def test_numbers_of_numpy_are_taken_and_kept():
    trainer = make(batch_size=np.int64(10), alpha=np.float64(0.5))
    trainer.change(eta=np.float64(0.25), batch_size=np.int64(7))
    other = make()
    other.load(trainer.dump())
    assert (other.eta, other.alpha, other.batch_size) == (0.25, 0.5, 7)


BRANCHING = [("sgd", {}), ("nesterov", {}), ("adam", {}), ("lbfgs", {}), ("genetic", {}),
             ("annealing", {"chain": 7})]  # fmt: skip


@pytest.mark.parametrize(("name", "further"), BRANCHING, ids=[name for name, _ in BRANCHING])
def test_a_branch_without_a_change_is_the_run_itself(name, further):
    def new(eta=None):
        own = dict(further) if eta is None else {**further, "eta": eta}
        return make(
            optimizer=optimizer(name, **own),
            batch_size=10,
            alpha=0.1,
            stop=Stop(epochs=30, patience=20),
            validation=True,
        )

    whole, first, second = new(), new(), new()
    # in the middle of an epoch of six updates
    first.run(16)
    # nothing of its own start must matter
    second.run(5)
    second.branch(first.dump())
    whole.run(40)
    second.run(24)
    assert (second.theta == whole.theta).all()
    ours, theirs = second.dump(), whole.dump()
    assert ours.keys() == theirs.keys()
    for key in ours:
        if key != "numbers":
            np.testing.assert_array_equal(ours[key], theirs[key])
    numbers, expected = (json.loads(str(dump["numbers"])) for dump in (ours, theirs))
    del numbers["seconds"], expected["seconds"]
    assert numbers == expected


@pytest.mark.parametrize("name", ["sgd", "nesterov", "adam"])
def test_a_branch_goes_on_with_its_own_settings(name):
    first = make(optimizer=optimizer(name, eta=0.3), batch_size=10, alpha=0.1)
    first.run(16)
    whole = make(optimizer=optimizer(name, eta=0.3), batch_size=10, alpha=0.1)
    whole.run(16)
    whole.change(eta=0.1, alpha=0.0, batch_size=7)
    second = make(optimizer=optimizer(name, eta=0.1), batch_size=7)
    second.branch(first.dump())
    assert (second.update, second.epoch) == (16, whole.epoch)
    whole.run(20)
    second.run(20)
    assert (second.theta == whole.theta).all()


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("sgd", "adam"),
        ("adam", "sgd"),
        ("adam", "adamw"),
        ("nesterov", "genetic"),
        ("genetic", "lbfgs"),
        ("lbfgs", "nesterov"),
        ("annealing", "genetic"),
    ],
)
def test_a_branch_with_another_method_begins_it_anew_at_the_same_theta(there, here):
    options = {"batch_size": 10, "stop": Stop(epochs=10**6)}
    first = make(optimizer=optimizer(there), **options)
    first.run(16)
    second = make(optimizer=optimizer(here), **options)
    second.run(3)
    second.branch(first.dump())
    assert (second.theta == first.theta).all()
    assert (second.update, second.evaluations) == (16, first.evaluations)
    assert second.seconds == first.seconds
    # no place on an axis lies before what was there
    assert first.epoch <= second.epoch < first.epoch + 1
    # as one whose first θ this is
    fresh = make(optimizer=optimizer(here), theta=first.theta, **options)
    if not second.optimizer.whole:
        if not first.optimizer.whole:
            assert second.epoch == first.epoch
        fresh._order.current = second._order.current
        fresh._order._rng.bit_generator.state = second._order.random_state
        fresh._seen = second._seen
        fresh._rule.set_order(fresh._order.current)
        second.run(25)
        fresh.run(25)
        assert (second.theta == fresh.theta).all()
    elif here == "lbfgs":
        second.run(25)
        fresh.run(25)
        assert (second.theta == fresh.theta).all()


def test_a_search_forgets_costs_of_another_function():
    first = make(optimizer=optimizer("genetic"), cost="cross-entropy")
    first.run(30)
    same, other = (
        make(optimizer=optimizer("genetic"), cost=cost, stop=Stop(epochs=100))
        for cost in ("cross-entropy", "quadratic")
    )
    same.branch(first.dump())
    other.branch(first.dump())
    assert same.snapshot().search.best == first.snapshot().search.best
    assert np.isnan(other.snapshot().search.best)
    other.run(1)
    # θ itself is among the first points, so nothing is lost
    start = make(theta=first.theta, cost="quadratic").snapshot().train_loss
    assert other.snapshot().search.best <= start


@pytest.mark.parametrize(
    ("change", "left"),
    [({}, 2), ({"batch_size": 3}, 2), ({"alpha": 0.1}, 4), ({"cost": "quadratic"}, 4)],
)
def test_patience_outlives_a_branch_only_where_losses_can_be_compared(change, left):
    options = {"optimizer": GradientDescent(1e-300), "stop": Stop(epochs=500, patience=4)}
    first = make(batch_size=57, **options)
    # the first epoch is the best one
    first.run(3)
    second = make(**{"batch_size": 57, **options, **change})
    second.branch(first.dump())
    second.run(10_000)
    # without its memory the next epoch is the best one, and four follow it
    assert second.epoch == 3 + left + (left == 4)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"sizes": (2, 6, 1)}, "sizes is .2, 5, 1., this run's is .2, 6, 1."),
        ({"activations": ("tanh", "sigmoid")}, "activations"),
        ({"m": 58}, "training examples is 57, this run's is 58"),
        ({"permutations": [np.arange(57)]}, "order is drawn, this run's is given"),
    ],
)
def test_a_branch_of_another_network_or_training_set_is_refused(change, what):
    trainer = make(**change)
    with pytest.raises(ValueError, match=f"the checkpoint does not fit: its {what}"):
        trainer.branch(make().dump())
    assert trainer.update == 0


def test_a_branch_of_a_run_that_has_diverged_is_refused():
    first = diverging(optimizer=GradientDescent(1e6))
    first.run(1_000_000)
    second = diverging(optimizer=GradientDescent(0.01))
    with pytest.raises(ValueError, match=r"the run has diverged there .*: go on from an earlier"):
        second.branch(first.dump())
    assert second.update == 0


def test_a_branch_may_have_another_precision():
    first = make(alpha=0.1)
    first.run(9)
    network = Network((2, 5, 1), ("sigmoid", "sigmoid"), "float32")
    second = Trainer(network, first.split, optimizer=first.optimizer, batch_size=10)
    second.branch(first.dump())
    assert second.theta.dtype == np.float32
    assert (second.theta == first.theta.astype(np.float32)).all()
    second.run(3)
    assert second.update == 12


@pytest.mark.parametrize("name", ["sgd", "nesterov", "adam", "lbfgs"])
@pytest.mark.parametrize(("layer", "row", "column", "place"), [
    (1, 3, 1, 3 * 3 + 1), (1, 4, None, 4 * 3 + 2), (2, 0, 2, 15 + 2), (2, 0, None, 15 + 5),
])  # fmt: skip
def test_one_parameter_is_set_in_mid_run(name, layer, row, column, place):
    trainer, other = (make(optimizer=optimizer(name), batch_size=10) for _ in range(2))
    for each in (trainer, other):
        each.run(8)
    before = trainer.theta.copy()
    loss = trainer.snapshot().train_loss
    trainer.set_parameter(layer, row, column, 2.5)
    expected = before.copy()
    expected[place] = 2.5
    assert np.allclose(trainer.theta, expected, rtol=0, atol=1e-15)
    assert trainer.snapshot().train_loss != loss
    fresh = make(theta=trainer.theta, optimizer=optimizer(name))
    assert np.isclose(trainer.snapshot().train_loss, fresh.snapshot().train_loss, rtol=1e-12)
    if name != "lbfgs":
        # what the method remembers is that of the run without the edit
        ours, theirs = trainer.dump(), other.dump()
        for key in ours:
            if key.startswith("optimizer.") and key != "optimizer.theta":
                assert (ours[key] == theirs[key]).all()
    trainer.run(20)
    other.run(20)
    assert not np.allclose(trainer.theta, other.theta)
    assert trainer.snapshot().train_loss < 10


def test_training_goes_on_from_an_edited_theta_as_from_a_first_one():
    trainer = make(batch_size="full", alpha=0.2)
    trainer.run(5)
    trainer.set_parameter(2, 0, 1, -1.25)
    again = make(theta=trainer.theta, batch_size="full", alpha=0.2)
    trainer.run(4)
    again.run(4)
    assert (trainer.theta == again.theta).all()


def test_an_edit_that_is_not_possible_is_refused_by_name():
    trainer = make()
    for arguments, what in [
        ((0, 0, 0, 1.0), "`layer` must be 1 … 2; got 0"),
        ((2, 1, 0, 1.0), "`row` must be 0 … 0 in layer 2; got 1"),
        ((1, 0, 2, 1.0), "`column` must be 0 … 1 in layer 1; got 2"),
        ((1, 0, -1, 1.0), "`column` must be 0 … 1 in layer 1; got -1"),
        ((1, 0, 0, np.nan), "`value` must be finite in float64; got nan"),
    ]:
        with pytest.raises(ValueError, match=what):
            trainer.set_parameter(*arguments)
    single = Trainer(Network((2, 1), ("sigmoid",), dtype="float32"), trainer.split)
    with pytest.raises(ValueError, match="`value` must be finite in float32; got 1e\\+39"):
        single.set_parameter(1, 0, 0, 1e39)
    with pytest.raises(ValueError, match="genetic has no single θ to edit"):
        make(optimizer=optimizer("genetic")).set_parameter(1, 0, 0, 1.0)
    diverged = diverging(optimizer=GradientDescent(1e6))
    diverged.run(1_000_000)
    with pytest.raises(ValueError, match="the run has diverged"):
        diverged.set_parameter(1, 0, 0, 1.0)


def test_an_edit_wakes_a_run_whose_target_was_reached_but_not_one_whose_epochs_are_done():
    options = {"batch_size": 57, "optimizer": GradientDescent(0.1)}
    start = make(**options)
    start.run(3)
    target = start.snapshot().train_loss
    trainer = make(stop=Stop(epochs=50, target_loss=target), **options)
    trainer.run(50)
    assert trainer.finished.startswith("target loss")
    trainer.set_parameter(2, 0, None, 40.0)
    assert trainer.finished is None
    assert trainer.run(1) == 1
    done = make(stop=Stop(epochs=3), **options)
    done.run(50)
    done.set_parameter(2, 0, None, 1.0)
    assert done.finished == "3 epochs done"


def test_an_edit_that_blows_the_cost_up_ends_the_run():
    trainer = diverging()
    trainer.run(3)
    trainer.set_parameter(2, 0, 0, 1e300)
    trainer.snapshot()
    assert trainer.finished.startswith("diverged")
