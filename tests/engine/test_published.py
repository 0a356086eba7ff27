"""Runs whose figures are published in Nielsen, "Neural Networks and Deep Learning"."""

import random
from itertools import pairwise

import numpy as np
import pytest
from engine_examples import examples, split_of

from engine import GradientDescent, Network, Stop, Trainer
from engine.data import load

SEED = 12345678


def legacy_layers(sizes, *, scaled):
    """Biases of all layers, then weights of all layers, from numpy's legacy generator."""
    biases = [np.random.randn(n) for n in sizes[1:]]
    weights = [
        np.random.randn(n, before) / (np.sqrt(before) if scaled else 1)
        for before, n in pairwise(sizes)
    ]
    return weights, biases


def shuffles_of_python_2(n):
    """Python 2's shuffle in place, the order carried over from epoch to epoch."""
    order = list(range(n))
    while True:
        for i in reversed(range(1, n)):
            j = int(random.random() * (i + 1))
            order[i], order[j] = order[j], order[i]
        yield np.array(order)


@pytest.fixture(scope="module")
def figures_data(mnist_folder):
    """The first 1000 training images."""
    mnist = load("mnist", n=1000)
    assert mnist.X.shape == (1000, 784)
    return examples(mnist.X, np.eye(10)[mnist.labels], mnist.labels)


def test_cross_entropy_on_1000_images(figures_data):
    random.seed(SEED)
    np.random.seed(SEED)
    network = Network((784, 30, 10), ("sigmoid", "sigmoid"))
    # the book's constructor draws the default initialisation, which is then replaced
    legacy_layers(network.sizes, scaled=True)
    theta = network.pack(*legacy_layers(network.sizes, scaled=False))
    trainer = Trainer(
        network,
        split_of(figures_data),
        cost="cross-entropy",
        optimizer=GradientDescent(eta=0.5),
        batch_size=10,
        stop=Stop(epochs=400),
        theta=theta,
        permutations=shuffles_of_python_2(1000),
    )
    published = {
        0: (1.843364786, 690),
        1: (1.4777434228, 749),
        2: (1.2072861296, 812),
        399: (0.0042016444, None),
    }
    for epoch in range(400):
        assert trainer.advance(100) == 100
        if epoch in published:
            cost, correct = published[epoch]
            snapshot = trainer.snapshot()
            # within half of the last published digit, and within 1e-9
            half_a_digit = 0.5 * 10.0 ** -len(str(cost).split(".")[1])
            assert abs(snapshot.train_loss - cost) <= max(half_a_digit, 1e-9 * cost)
            if correct is not None:
                assert round(snapshot.train_accuracy * 1000) == correct
    assert trainer.finished == "400 epochs done"


@pytest.mark.parametrize(
    ("cost", "eta", "w", "b", "outputs"),
    [
        ("quadratic", 0.15, 2.0, 2.0, {0: 0.98, 150: 0.9334, 300: 0.2028}),
        ("quadratic", 0.15, 0.6, 0.9, {0: 0.82, 300: 0.0940}),
        ("cross-entropy", 0.005, 2.0, 2.0, {300: 0.7796}),
        ("cross-entropy", 0.005, 0.6, 0.9, {300: 0.4177}),
    ],
)
def test_saturated_neuron(cost, eta, w, b, outputs):
    neuron = Network((1, 1), ("sigmoid",))
    trainer = Trainer(
        neuron,
        split_of(examples([[1.0]], [[0.0]], np.array([0]))),
        cost=cost,
        optimizer=GradientDescent(eta=eta),
        batch_size=1,
        stop=Stop(epochs=300),
        theta=neuron.pack([[[w]]], [[b]]),
    )
    for update, output in outputs.items():
        trainer.run(update - trainer.update)
        a = neuron.forward(trainer.theta, np.array([[1.0]]))[0, 0]
        digits = len(str(output).split(".")[1])
        assert round(a, digits) == output
