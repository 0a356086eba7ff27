"""What a network misreads, against plain numpy on its θ."""

import numpy as np
import pytest
from engine_examples import blobs, examples, split_of
from hypothesis import given
from hypothesis import strategies as st
from short_runs import RUNS, by_hand, trained

from engine import Network, Stop, Trainer
from engine.evaluation import evaluate
from engine.inside.reading import reading


@pytest.mark.parametrize("alpha", [0.0, 2.0])
@pytest.mark.parametrize("updates", [0, 30, 120])
def test_ten_classes(alpha, updates):
    trainer, *_ = trained("64-30-10", alpha, updates)
    train = RUNS["64-30-10"][3]
    found = reading(trainer.network, trainer.theta, train, 10)
    outputs = by_hand(trainer, train.X.T, train.Y.T, "a")[-1].T
    assert np.allclose(found.outputs, outputs, rtol=1e-10)
    confusion = np.zeros((10, 10), int)
    wrong = []
    for i, (a, label) in enumerate(zip(outputs, train.labels)):
        read = max(range(10), key=lambda k: a[k])
        confusion[label, read] += 1
        margin = max(a[k] for k in range(10) if k != label) - a[label]
        assert found.predicted[i] == read
        assert np.isclose(found.wrongness[i], margin, rtol=1e-9, atol=1e-12)
        if read != label:
            wrong.append((-margin, i))
    assert np.array_equal(found.confusion, confusion)
    assert found.accuracy == (80 - len(wrong)) / 80 == np.trace(confusion) / 80
    assert found.accuracy == evaluate(trainer.network, trainer.theta, train, trainer.cost)[1]
    assert found.wrong.tolist() == [i for _, i in sorted(wrong)]
    assert found.n == 80


@pytest.mark.parametrize("output", ["sigmoid", "tanh"])
@pytest.mark.parametrize("alpha", [0.0, 2.0])
@pytest.mark.parametrize("updates", [0, 6, 60])
def test_two_classes_with_one_output(output, alpha, updates):
    base = blobs(seed=5, m=90)
    train = examples(base.X, 2 * base.Y - 1 if output == "tanh" else base.Y, base.labels)
    network = Network((2, 8, 1), ("tanh", output))
    trainer = Trainer(
        network, split_of(train), cost="quadratic", alpha=alpha, stop=Stop(epochs=10), seed=1
    )
    trainer.run(updates)
    (W1, W2), (b1, b2) = network.W(trainer.theta), network.b(trainer.theta)
    z = W2 @ np.tanh(W1 @ train.X.T + b1[:, None]) + b2[:, None]
    a = (np.tanh(z) if output == "tanh" else 1 / (1 + np.exp(-z)))[0]
    read = (z[0] > 0).astype(int)
    found = reading(network, trainer.theta, train, 2)
    assert np.array_equal(found.predicted, read)
    expected = [
        [((train.labels == row) & (read == column)).sum() for column in (0, 1)] for row in (0, 1)
    ]
    assert found.confusion.tolist() == expected
    assert found.accuracy == (read == train.labels).mean()
    side = 1 - 2 * train.labels
    assert np.allclose(found.wrongness, side * (a if output == "tanh" else 2 * a - 1), atol=1e-12)
    assert (found.wrongness[found.wrong] > 0).all()
    assert sorted(found.wrong) == np.flatnonzero(read != train.labels).tolist()
    assert (np.diff(found.wrongness[found.wrong]) <= 0).all()


@pytest.mark.parametrize("alpha", [0.0, 2.0])
@pytest.mark.parametrize("updates", [0, 30, 120])
def test_regression_orders_all_by_error(alpha, updates):
    trainer, *_ = trained("6-5-4-3", alpha, updates)
    train = RUNS["6-5-4-3"][3]
    outputs = by_hand(trainer, train.X.T, train.Y.T, "a")[-1].T
    error = np.linalg.norm(outputs - train.Y, axis=1)
    found = reading(trainer.network, trainer.theta, train, 0)
    assert np.allclose(found.wrongness, error)
    assert found.wrong.tolist() == sorted(range(70), key=lambda i: -found.wrongness[i])
    assert found.confusion is None
    assert found.confusions() == []
    assert found.of_cell(0, 1).size == 0
    r2 = 1 - (error**2).sum() / ((train.Y - train.Y.mean(axis=0)) ** 2).sum()
    assert np.isclose(found.accuracy, r2)


def test_the_examples_of_a_cell():
    trainer, *_ = trained("64-30-10", 0.0, 60)
    train = RUNS["64-30-10"][3]
    found = reading(trainer.network, trainer.theta, train, 10)
    seen = []
    for true in range(10):
        for read in range(10):
            cell = found.of_cell(true, read)
            assert len(cell) == found.confusion[true, read]
            assert (train.labels[cell] == true).all()
            assert (found.outputs[cell].argmax(axis=1) == read).all()
            assert (np.diff(found.wrongness[cell]) <= 0).all()
            seen += cell.tolist()
    assert sorted(seen) == list(range(80))
    listed = found.confusions()
    assert [count for *_, count in listed] == sorted((c for *_, c in listed), reverse=True)
    assert sum(count for *_, count in listed) == len(found.wrong)
    assert all(true != read and count > 0 for true, read, count in listed)


@given(st.integers(0, 2**32 - 1), st.integers(3, 6), st.integers(1, 1200))
def test_many_examples_go_through_in_parts(seed, classes, n):
    rng = np.random.default_rng(seed)
    network = Network((3, classes), ("softmax",))
    theta = rng.standard_normal(network.parameters)
    labels = rng.integers(0, classes, n)
    some = examples(rng.standard_normal((n, 3)), np.eye(classes)[labels], labels)
    z = some.X @ network.W(theta)[0].T + network.b(theta)[0]
    found = reading(network, theta, some, classes)
    assert np.array_equal(found.predicted, z.argmax(axis=1))
    assert found.confusion.sum() == n
    assert np.array_equal(found.confusion.sum(axis=1), np.bincount(labels, minlength=classes))


def test_a_network_that_diverged_is_read_as_it_is_evaluated():
    network = Network((2, 3), ("softmax",))
    theta = np.full(network.parameters, np.nan)
    some = examples(np.ones((4, 2)), np.eye(3)[[0, 1, 2, 2]], np.array([0, 1, 2, 2]))
    found = reading(network, theta, some, 3)
    assert found.confusion.tolist() == [[1, 0, 0], [1, 0, 0], [2, 0, 0]]
    assert found.wrong.tolist() == [1, 2, 3]


def test_there_must_be_an_example():
    network = Network((2, 1), ("sigmoid",))
    with pytest.raises(ValueError, match="at least 1 example"):
        reading(network, np.zeros(3), examples(np.empty((0, 2)), np.empty((0, 1))), 2)


def test_records_cannot_be_changed():
    trainer, *_ = trained("64-30-10", 0.0, 0)
    found = reading(trainer.network, trainer.theta, RUNS["64-30-10"][3], 10)
    for array in (found.outputs, found.wrongness, found.wrong, found.confusion, found.predicted):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
