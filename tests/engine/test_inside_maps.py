"""The pictures of units against computations that use nothing of the engine but θ's layout."""

from itertools import pairwise

import numpy as np
import pytest
from engine_examples import blobs, examples, split_of

from engine import GradientDescent, Network, Stop, Trainer
from engine.inside.maps import plane_maps, weight_maps

SIGMA = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "identity": lambda z: z,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=0),
}
MOMENTS = (0, 9, 60)


def parts(sizes, theta):
    """[(W^l, b^l)] of a flat θ that holds [W^l b^l] row by row, layer by layer."""
    found, start = [], 0
    for n_before, n in pairwise(sizes):
        V = np.array(theta[start : start + n * (n_before + 1)]).reshape(n, n_before + 1)
        found.append((V[:, :-1], V[:, -1]))
        start += V.size
    return found


def trained(sizes, activations, cost, updates, alpha=0.0, m=60):
    rng = np.random.default_rng(4)
    if sizes[-1] == 1:
        train = blobs(seed=2, m=m, n=sizes[0])
    else:
        labels = rng.integers(0, sizes[-1], m)
        X = rng.standard_normal((m, sizes[0])) + labels[:, None] / sizes[-1]
        train = examples(X, np.eye(sizes[-1])[labels], labels)
    trainer = Trainer(
        Network(sizes, activations),
        split_of(train),
        cost=cost,
        optimizer=GradientDescent(0.4),
        alpha=alpha,
        batch_size=10,
        stop=Stop(epochs=50),
        seed=1,
    )
    trainer.run(updates)
    return trainer.network, trainer.theta.copy()


def the_plane(rows, columns, features=lambda x1, x2: (x1, x2)):
    """Points by x2 upwards and x1 to the right, through features; and their places."""
    points = [
        (x1, x2) for x2 in np.linspace(-2.0, 3.0, rows) for x1 in np.linspace(-1.0, 1.0, columns)
    ]
    return np.array([features(x1, x2) for x1, x2 in points])


PLANES = [
    ((2, 8, 1), ("tanh", "sigmoid"), "cross-entropy", lambda x1, x2: (x1, x2)),
    ((3, 5, 4, 1), ("relu", "sigmoid", "sigmoid"), "quadratic", lambda x1, x2: (x1, x2, x1 * x2)),
    ((2, 6, 3), ("identity", "softmax"), "cross-entropy", lambda x1, x2: (x1, x2)),
]


@pytest.mark.parametrize(("sizes", "activations", "cost", "features"), PLANES)
@pytest.mark.parametrize("alpha", [0.0, 2.0])
@pytest.mark.parametrize("updates", MOMENTS)
def test_answers_over_the_plane(sizes, activations, cost, features, alpha, updates):
    network, theta = trained(sizes, activations, cost, updates, alpha)
    rows, columns = 6, 9
    X = the_plane(rows, columns, features)
    maps = plane_maps(network, theta, X, rows, columns)
    assert maps.plane
    assert [layer.layer for layer in maps.layers] == list(range(len(sizes)))
    x2_downwards, x1 = np.linspace(3.0, -2.0, rows), np.linspace(-1.0, 1.0, columns)
    for row in range(rows):
        for column in range(columns):
            a = np.array(features(x1[column], x2_downwards[row]))
            for l, layer in enumerate(maps.layers):
                if l:
                    W, b = parts(sizes, theta)[l - 1]
                    a = SIGMA[activations[l - 1]](W @ a + b)
                assert np.allclose(layer.values[:, row, column], a, rtol=1e-9, atol=1e-12)
    for l, layer in enumerate(maps.layers):
        name = activations[l - 1] if l else "input"
        for unit, values in enumerate(layer.values):
            largest = {
                "input": np.abs(values).max(),
                "tanh": 1.0,
                "relu": np.abs(layer.values).max(),
                "identity": np.abs(layer.values).max(),
            }
            shares = values if name not in largest else (values / largest[name] + 1) / 2
            assert np.allclose(layer.shares(unit), shares, rtol=1e-9)


@pytest.mark.parametrize(
    ("sizes", "activations", "cost", "image"),
    [
        ((64, 30, 10), ("sigmoid", "softmax"), "cross-entropy", (8, 8)),
        ((6, 5, 4, 3), ("relu", "sigmoid", "sigmoid"), "quadratic", None),
        ((12, 20, 1), ("tanh", "sigmoid"), "cross-entropy", (3, 4)),
    ],
)
@pytest.mark.parametrize("alpha", [0.0, 2.0])
@pytest.mark.parametrize("updates", MOMENTS)
def test_weights(sizes, activations, cost, image, alpha, updates):
    network, theta = trained(sizes, activations, cost, updates, alpha)
    maps = weight_maps(network, theta, image)
    by_layer = weight_maps(network, theta, image, scale="layer")
    assert not maps.plane
    weights = [W for W, _ in parts(sizes, theta)]

    inputs = maps.layers[0]
    assert inputs.values.shape == ((1, *image) if image else (sizes[0], 1, 1))
    norms = np.sqrt((weights[0] ** 2).sum(axis=0))
    assert np.allclose(inputs.values.ravel(), norms, rtol=1e-12)
    assert np.allclose(
        np.concatenate([inputs.shares(i).ravel() for i in range(len(inputs.values))]),
        norms / norms.max(),
        rtol=1e-12,
    )

    for l, W in enumerate(weights, start=1):
        layer, common = maps.layers[l], by_layer.layers[l]
        assert layer.shows == "incoming"
        assert len(layer.values) == sizes[l]
        for unit, row in enumerate(W):
            places = layer.values[unit].ravel()
            assert np.array_equal(places[: row.size], row)
            assert np.isnan(places[row.size :]).all()
            shares = layer.shares(unit).ravel()[: row.size]
            assert np.allclose(shares, (row / np.abs(row).max() + 1) / 2, rtol=1e-9)
            shares = common.shares(unit).ravel()[: row.size]
            assert np.allclose(shares, (row / np.abs(W).max() + 1) / 2, rtol=1e-9)
    if image:
        height, width = image
        assert maps.layers[1].values.shape == (sizes[1], height, width)
        assert maps.layers[1].values[2, 1, 2] == weights[0][2, width + 2]


def test_many_incoming_weights_lie_in_rows_few_in_one():
    network, theta = trained((5, 30, 3), ("tanh", "softmax"), "cross-entropy", 3)
    maps = weight_maps(network, theta)
    assert maps.layers[1].values.shape == (30, 1, 5)
    assert maps.layers[2].values.shape == (3, 5, 6)
    W = parts((5, 30, 3), theta)[1][0]
    assert maps.layers[2].values[1, 2, 3] == W[1, 2 * 6 + 3]


def test_a_network_without_weights_is_the_middle_and_a_diverged_one_nothing():
    network = Network((2, 3, 1), ("relu", "identity"))
    X = the_plane(3, 4)
    zero = plane_maps(network, np.zeros(network.parameters), X, 3, 4)
    assert (zero.layers[1].shares(2) == 0.5).all()
    weights = weight_maps(network, np.zeros(network.parameters))
    assert (weights.layers[1].shares(0) == 0.5).all()
    assert (weights.layers[0].shares(0) == 0).all()
    for bad in (np.nan, 1e300):
        gone = plane_maps(network, np.full(network.parameters, bad), X, 3, 4)
        assert np.isnan(gone.layers[2].values).any()
        assert not np.isinf(gone.layers[2].values).any()
        weight_maps(network, np.full(network.parameters, bad))
    for bad in (1.7e308, 8e307):
        huge = weight_maps(network, np.append(bad, np.full(network.parameters - 1, -bad)))
        shares = huge.layers[1].shares(0)
        assert (np.isnan(shares) if bad > 1e308 else (shares == [[1.0, 0.0]])).all()
    infinite = weight_maps(network, np.full(network.parameters, np.inf))
    assert np.isnan(infinite.layers[1].values).all()


def test_pictures_cannot_be_changed_and_do_not_change_with_the_run():
    network, theta = trained((2, 4, 1), ("tanh", "sigmoid"), "cross-entropy", 5)
    maps = weight_maps(network, theta)
    before = maps.layers[1].values.copy()
    theta[:] = 7
    assert np.array_equal(maps.layers[1].values, before)
    with pytest.raises(ValueError, match="read-only"):
        maps.layers[1].values[0, 0, 0] = 1


def test_what_does_not_fit_is_refused():
    network = Network((2, 3, 1), ("tanh", "sigmoid"))
    theta = np.zeros(network.parameters)
    with pytest.raises(ValueError, match=r"\(3 · 4, 2\)"):
        plane_maps(network, theta, np.zeros((11, 2)), 3, 4)
    with pytest.raises(ValueError, match="2 pixels"):
        weight_maps(network, theta, (2, 2))
