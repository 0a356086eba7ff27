"""The walkthrough against the textbook written out once more, without the engine."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from by_hand import l2, layers_of, one_example
from engine_examples import examples, split_of

from engine import GradientDescent, Network, Stop, Trainer
from engine.inside.numerical import numerical, relative_difference, rounding
from engine.inside.walkthrough import Walkthrough, walkthrough
from engine.optimizers import OPTIMIZERS, optimizer
from engine.optimizers.momentum import Momentum

NETS = {
    "2-8-1": ((2, 8, 1), ("tanh", "sigmoid"), "cross-entropy"),
    "64-30-10": ((64, 30, 10), ("sigmoid", "softmax"), "cross-entropy"),
    "6-5-4-3": ((6, 5, 4, 3), ("relu", "sigmoid", "sigmoid"), "quadratic"),
}
MOMENTS = (0, 7, 23)
ETA = 0.3


def make(net, *, alpha=0.0, seed=5, m=40, **options):
    sizes, activations, cost = NETS[net]
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, max(sizes[-1], 2), m)
    Y = np.eye(sizes[-1])[labels] if sizes[-1] > 1 else labels[:, None]
    return Trainer(
        Network(sizes, activations, options.pop("dtype", "float64")),
        split_of(examples(rng.random((m, sizes[0])), Y, labels)),
        cost=cost,
        alpha=alpha,
        seed=seed,
        batch_size=4,
        stop=Stop(epochs=100),
        optimizer=options.pop("optimizer", GradientDescent(ETA)),
        **options,
    )


def walk(trainer, example=3, **options) -> Walkthrough:
    train = trainer.split.train
    options = {"eta": trainer.eta, "alpha": trainer.alpha, "m": trainer.m, **options}
    return walkthrough(
        trainer.network, trainer.theta, train.X[example], train.Y[example], trainer.cost, **options
    )


close = pytest.approx


def same(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("alpha", [0.0, 4.0])
@pytest.mark.parametrize("net", NETS)
def test_every_number_is_the_textbooks(net, alpha):
    sizes, activations, cost = NETS[net]
    trainer = make(net, alpha=alpha)
    for updates in np.diff((0, *MOMENTS)):
        trainer.run(int(updates))
        theta, m = trainer.theta.copy(), trainer.m
        x, y = trainer.split.train.X[3], trainer.split.train.Y[3]
        record = walk(trainer)
        z, a, prime, delta, arriving, C = one_example(sizes, activations, cost, theta, x, y)
        after = []
        for l, (layer, (W, b)) in enumerate(
            zip(record.layers, layers_of(sizes, theta), strict=True)
        ):
            assert (layer.layer, layer.activation) == (l + 1, activations[l])
            same(layer.W, W)
            same(layer.b, b)
            same(layer.a_before, a[l])
            same(layer.z, z[l])
            same(layer.a, a[l + 1])
            same(layer.sigma_prime, prime[l])
            same(layer.arriving, arriving[l])
            same(layer.delta, delta[l])
            same(layer.bias_gradient, delta[l])
            same(layer.weight_gradient, delta[l][:, None] * a[l][None, :])
            same(layer.decay, alpha * W / m)
            W_after = (1 - ETA * alpha / m) * W - ETA * delta[l][:, None] * a[l][None, :]
            same(layer.W_after, W_after)
            same(layer.b_after, b - ETA * delta[l])
            after.append(np.c_[layer.W_after, layer.b_after].ravel())
        new = np.concatenate(after)
        assert record.before.bare == close(C, rel=1e-10)
        assert record.before.l2 == close(l2(sizes, theta, alpha, m), rel=1e-10)
        C_after = one_example(sizes, activations, cost, new, x, y)[-1]
        assert record.after.bare == close(C_after, rel=1e-10)
        assert record.after.total == close(C_after + l2(sizes, new, alpha, m), rel=1e-10)
        # one step down from one example alone
        assert record.after.bare < record.before.bare or alpha > 0
    assert trainer.update == MOMENTS[-1]


def test_one_update_of_a_stochastic_run_is_the_walkthrough_of_its_example():
    trainer = make("6-5-4-3", alpha=4.0)
    trainer.run(11)
    trainer.change(batch_size=1)
    order = trainer.dump()["order"]
    # 11 mini-batches of 4 are one example behind the start of the second epoch
    record = walk(trainer, example=int(order[44 - 40]))
    trainer.run(1)
    after = np.concatenate([np.c_[l.W_after, l.b_after].ravel() for l in record.layers])
    same(after, trainer.theta)


@pytest.mark.parametrize("net", NETS)
def test_a_difference_quotient_gives_every_gradient_entry(net):
    trainer = make(net, alpha=4.0)
    for updates in np.diff((0, *MOMENTS)):
        trainer.run(int(updates))
        record = walk(trainer)
        for layer in record.layers:
            n, n_before = layer.W.shape
            where = [(j, k) for j in range(n) for k in (*range(min(n_before, 7)), None)]
            slopes = numerical(
                record.network,
                record.theta,
                record.x,
                record.y,
                record.cost,
                [record.index(layer.layer, j, k) for j, k in where],
            )
            for (j, k), slope in zip(where, slopes, strict=True):
                gradient = layer.bias_gradient[j] if k is None else layer.weight_gradient[j, k]
                noise = rounding(record.before.bare)
                assert noise < 1e-9
                assert abs(gradient - slope) < noise + 1e-6 * abs(gradient)
                if abs(gradient) > 1e-3:
                    assert relative_difference(gradient, slope) < 1e-6


def test_the_difference_quotient_finds_a_wrong_gradient():
    trainer = make("2-8-1")
    record = walk(trainer)
    (slope,) = numerical(
        record.network, record.theta, record.x, record.y, record.cost, [record.index(1, 2, 0)]
    )
    assert relative_difference(record.layers[0].weight_gradient[2, 0] * 1.001, slope) > 5e-4
    assert relative_difference(0.0, 0.0) == 0
    assert relative_difference(0.0, 1.0) == 1


def test_the_index_is_the_place_in_theta():
    trainer = make("6-5-4-3")
    record = walk(trainer)
    for layer in record.layers:
        n, n_before = layer.W.shape
        for j in range(n):
            for k in range(n_before):
                assert record.theta[record.index(layer.layer, j, k)] == layer.W[j, k]
            assert record.theta[record.index(layer.layer, j, None)] == layer.b[j]


# other methods


def flat(record, name):
    return np.concatenate(
        [np.c_[getattr(l, f"W_{name}"), getattr(l, f"b_{name}")].ravel() for l in record.layers]
    )


def gradient_of(record):
    return np.concatenate(
        [np.c_[l.weight_gradient, l.bias_gradient].ravel() for l in record.layers]
    )


def mask_of(sizes):
    return np.concatenate([np.tile([1.0] * n0 + [0.0], n) for n0, n in pairwise(sizes)])


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("from_checkpoint", [True, False])
def test_momentum_goes_on_from_its_velocity(net, from_checkpoint):
    alpha, mu = 4.0, 0.8
    method = Momentum(ETA, mu, "coupled")
    trainer = make(net, alpha=alpha, optimizer=method)
    trainer.run(13)
    arrays = trainer.dump()
    velocity = arrays["optimizer.velocity"]
    memory = arrays if from_checkpoint else {"velocity": velocity}
    record = walk(trainer, method=method, memory=memory)
    theta = arrays["theta"]
    gradient = gradient_of(record) + alpha / trainer.m * mask_of(NETS[net][0]) * theta
    same(flat(record, "after"), theta + mu * velocity - ETA * gradient)
    assert np.abs(velocity).max() > 0
    assert (record.method, record.decay, record.looks_ahead) == ("momentum", "coupled", False)
    # its memory is as it was, and the trainer too
    same(arrays["optimizer.velocity"], trainer.dump()["optimizer.velocity"])


@pytest.mark.parametrize("updates", MOMENTS)
@pytest.mark.parametrize("decay", ["coupled", "decoupled"])
def test_adam_goes_on_from_its_moments(decay, updates):
    alpha, eta, beta1, beta2, epsilon = 4.0, 0.01, 0.9, 0.999, 1e-8
    method = optimizer("adam", eta=eta, decay=decay)
    trainer = make("6-5-4-3", alpha=alpha, optimizer=method)
    trainer.run(updates)
    arrays = trainer.dump()
    record = walk(trainer, method=method, memory=arrays if updates else None)
    theta, mask = arrays["theta"], mask_of(NETS["6-5-4-3"][0])
    gradient = gradient_of(record)
    if decay == "coupled":
        gradient = gradient + alpha / trainer.m * mask * theta
    # kept are the sums of which the means are 1 − β times
    m = beta1 * (1 - beta1) * arrays["optimizer.first_moment"] + (1 - beta1) * gradient
    v = beta2 * (1 - beta2) * arrays["optimizer.second_moment"] + (1 - beta2) * gradient**2
    t = updates + 1
    step = eta * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + epsilon)
    shrunk = theta * (1 - eta * alpha / trainer.m * mask) if decay == "decoupled" else theta
    np.testing.assert_allclose(flat(record, "after"), shrunk - step, rtol=1e-8, atol=1e-12)


def test_nesterov_takes_the_gradient_ahead():
    mu = 0.9
    method = optimizer("nesterov", eta=ETA, mu=mu)
    trainer = make("2-8-1", optimizer=method)
    trainer.run(9)
    arrays = trainer.dump()
    record = walk(trainer, method=method, memory=arrays)
    ahead = arrays["optimizer.ahead"]
    assert record.looks_ahead
    same(flat(record, "before"), arrays["theta"])
    same(record.theta, arrays["theta"] + ahead)
    x, y = trainer.split.train.X[3], trainer.split.train.Y[3]
    delta = one_example(*NETS["2-8-1"], arrays["theta"] + ahead, x, y)[3]
    same(record.layers[0].delta, delta[0])
    same(flat(record, "after"), arrays["theta"] + ahead - ETA * gradient_of(record))


@pytest.mark.parametrize(
    "name", [name for name, method in OPTIMIZERS.items() if method.needs_gradient]
)
def test_every_method_steps_as_the_trainer_would(name):
    method = optimizer(name)
    if method.whole:
        record = walk(make("2-8-1", optimizer=None), method=method, eta=0.0)
        assert record.after is None
        assert record.layers[0].W_after is None
        assert record.before.bare > 0
        return
    trainer = make("2-8-1", alpha=4.0, optimizer=method)
    trainer.run(6)
    trainer.change(batch_size=1)
    arrays = trainer.dump()
    record = walk(trainer, example=int(arrays["order"][24]), method=method, memory=arrays)
    trainer.run(1)
    np.testing.assert_allclose(flat(record, "after"), trainer.theta, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "adam", "rmsprop"])
def test_a_run_goes_on_as_if_nobody_had_looked(name):
    looked_at, alone = (make("2-8-1", alpha=4.0, optimizer=optimizer(name)) for _ in range(2))
    for _ in range(3):
        looked_at.run(3)
        assert walk(looked_at, method=looked_at.optimizer, memory=looked_at.dump()).remembers
        assert not walk(looked_at, method=looked_at.optimizer).remembers
    alone.run(9)
    assert np.array_equal(looked_at.theta, alone.theta)
    looked_at.run(4)
    alone.run(4)
    assert np.array_equal(looked_at.theta, alone.theta)


def test_what_is_not_allowed():
    trainer = make("2-8-1")
    with pytest.raises(ValueError, match="genetic is a search: there is no gradient"):
        walk(trainer, method=optimizer("genetic"))
    with pytest.raises(ValueError, match="not one of momentum: it has no 'velocity'"):
        walk(trainer, method=optimizer("momentum"), memory=trainer.dump())


def test_a_saturated_output_has_a_large_slope_and_no_division_by_nothing():
    network = Network((1, 2), ("sigmoid",))
    theta = np.array([0.0, 800.0, 0.0, -800.0])
    record = walkthrough(network, theta, [1.0], [0.0, 0.0], make("2-8-1").cost, eta=1, alpha=0, m=1)
    assert record.layers[0].arriving.tolist() == [math.inf, 1.0]
    assert record.layers[0].delta.tolist() == [1.0, 0.0]
    record = walkthrough(
        network, theta / 20, [1.0], [1.0, 1.0], make("2-8-1").cost, eta=1, alpha=0, m=1
    )
    assert record.layers[0].arriving == close([-1.0, -1 - math.exp(40)])


def test_a_run_in_float32_is_walked_through_in_float64_and_nothing_can_be_changed():
    trainer = make("64-30-10", dtype="float32")
    trainer.run(5)
    record = walk(trainer, method=trainer.optimizer, memory=trainer.dump())
    assert record.layers[0].W.dtype == record.layers[0].W_after.dtype == np.float64
    x, y = (part.astype(float) for part in (trainer.split.train.X[3], trainer.split.train.Y[3]))
    same(record.layers[0].delta, one_example(*NETS["64-30-10"], trainer.theta, x, y)[3][0])
    for array in (record.theta, record.x, record.layers[1].W, record.layers[1].weight_gradient):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
