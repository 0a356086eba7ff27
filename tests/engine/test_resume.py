"""Runs that go on from a checkpoint, bit for bit, and checkpoints that are refused."""

import numpy as np
import pytest
from engine_examples import ByProtocol, WithVelocity, diverging, examples, make, split_of
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import GradientDescent, Network, Schedule, Stop, Trainer
from engine.checkpoint import CheckpointError, load, save


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


@settings(max_examples=60, deadline=None)
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
