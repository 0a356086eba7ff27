"""Gradients and an optimum against scikit-learn."""

import numpy as np
import pytest
from engine_examples import examples, split_of
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import GradientDescent, Network, Stop, Trainer
from engine.backprop import backprop
from engine.costs import cost
from engine.optimizers.lbfgs import LBFGS

neural_network = pytest.importorskip(
    "sklearn.neural_network", reason="scikit-learn is not installed (the `reference` extra)"
)
pytestmark = pytest.mark.reference

NAMES = {"sigmoid": "logistic", "tanh": "tanh", "relu": "relu", "identity": "identity"}


@settings(max_examples=40)
@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=3),
    st.sampled_from(sorted(NAMES)),
    st.sampled_from(["identity", "sigmoid", "softmax"]),
    st.integers(0, 2**31),
)
def test_gradient_equals_one_step_of_scikit_learn(hidden, activation, output, seed):
    rng = np.random.default_rng(seed)
    m, inputs = 12, 3
    X = rng.standard_normal((m, inputs))
    labels = np.arange(m) % 3
    options = {
        "hidden_layer_sizes": hidden,
        "activation": NAMES[activation],
        "solver": "sgd",
        "learning_rate_init": 1.0,
        "momentum": 0.0,
        "nesterovs_momentum": False,
        "alpha": 0.0,
        "batch_size": m,
        "shuffle": False,
    }
    if output == "identity":
        Y, peer = rng.standard_normal((m, 2)), neural_network.MLPRegressor(**options)
        peer.partial_fit(X, Y)
        fit = (X, Y)
    else:
        Y = np.eye(3)[labels] if output == "softmax" else (labels > 0)[:, None].astype(float)
        target = labels if output == "softmax" else (labels > 0).astype(int)
        peer = neural_network.MLPClassifier(**options)
        peer.partial_fit(X, target, classes=np.unique(target))
        fit = (X, target)
    network = Network((inputs, *hidden, Y.shape[1]), (*[activation] * len(hidden), output))
    theta = network.draw("xavier", rng)
    # their step is taken from our parameters
    for ours, theirs in zip(network.W(theta), peer.coefs_):
        theirs[...] = ours.T
    for ours, theirs in zip(network.b(theta), peer.intercepts_):
        theirs[...] = ours
    peer.partial_fit(*fit)
    name = "quadratic" if output == "identity" else "cross-entropy"
    gradient = backprop(network, theta, X.T, Y.T, cost(name)).gradient
    after = network.pack([W.T for W in peer.coefs_], peer.intercepts_)
    assert np.allclose(theta - gradient, after, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(
    ("method", "updates"), [(GradientDescent(eta=2.0), 5_000), (LBFGS(), 60)], ids=["sgd", "lbfgs"]
)
def test_l2_logistic_regression_reaches_the_optimum(method, updates):
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    m, alpha = 200, 2.0
    X = rng.standard_normal((m, 4))
    labels = (X @ [1.0, -2.0, 0.5, 0.0] + 0.5 * rng.standard_normal(m) > 0).astype(int)
    peer = LogisticRegression(solver="newton-cholesky", C=1 / alpha, tol=1e-12).fit(X, labels)
    network = Network((4, 1), ("sigmoid",))
    trainer = Trainer(
        network,
        split_of(examples(X, labels[:, None], labels)),
        optimizer=method,
        batch_size="full",
        alpha=alpha,
        stop=Stop(epochs=updates),
        theta=np.zeros(5),
    )
    trainer.run(updates)
    assert np.allclose(network.W(trainer.theta)[0], peer.coef_, rtol=0, atol=1e-8)
    assert np.allclose(network.b(trainer.theta)[0], peer.intercept_, rtol=0, atol=1e-8)
