"""How fast δ vanishes from layer to layer before any training, on real images."""

import numpy as np
import pytest
from engine_examples import examples, split_of

from engine import Network, Trainer
from engine.data import load

SEEDS = 20
RANGES = {
    2: ((0.037, 0.079), (0.21, 0.37)),
    3: ((0.007, 0.020), (0.036, 0.086), (0.21, 0.41)),
}
"""Of ‖mean δ^l‖ by the number of hidden layers of 30 units, for l = 1, 2, …"""


@pytest.fixture(scope="module")
def thousand_images(mnist_folder):
    """The first 1000 training images."""
    mnist = load("mnist", n=1000)
    assert mnist.X.shape == (1000, 784)
    return split_of(examples(mnist.X, np.eye(10)[mnist.labels], mnist.labels))


@pytest.mark.parametrize("hidden", RANGES)
def test_the_mean_delta_of_the_hidden_layers_at_initialisation(thousand_images, hidden):
    """Cross-entropy, sigmoids, "scaled" weights: the median over the seeds."""
    network = Network((784, *[30] * hidden, 10), ("sigmoid",) * (hidden + 1))
    norms = []
    for seed in range(SEEDS):
        theta = network.draw("scaled", np.random.default_rng(seed))
        trainer = Trainer(network, thousand_images, theta=theta, probe=1000)
        norms.append([layer.delta_of_mean for layer in trainer.snapshot().layers[:-1]])
    medians = np.median(norms, axis=0)
    for l, (median, (low, high)) in enumerate(zip(medians, RANGES[hidden]), start=1):
        assert low < median < high, f"l={l}: {median:.3g}"
    # each layer further from the output has several times less
    assert (medians[1:] / medians[:-1] > 3).all()
