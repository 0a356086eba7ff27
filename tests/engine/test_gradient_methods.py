"""The gradient methods: one rule by both paths, their decay, their memory, their ranges."""

import inspect

import numpy as np
import pytest
from engine_examples import examples, make, problem, problems, split_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import Schedule, Stop, Trainer
from engine.asktell import AskTell
from engine.descent import Descent
from engine.optimizers import OPTIMIZERS, optimizer

METHODS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
DECAYS = [
    (name, {"decay": decay} if "decay" in inspect.signature(OPTIMIZERS[name]).parameters else {})
    for name in METHODS
    for decay in ("coupled", "decoupled")
]


@settings(max_examples=150)
@given(problems(), st.sampled_from(DECAYS), st.integers(1, 9), st.sampled_from([0.0, 0.05]))
def test_the_recorded_calls_equal_ask_and_tell(problem, case, k, alpha_over_m):
    """Scaled and recorded, or by the protocol: the same rule, on all kinds of layers."""
    name, decay = case
    network, theta, cost, X, Y = problem
    order = np.random.default_rng(0).permutation(len(X))
    results = []
    for path in (Descent, AskTell):
        method = optimizer(name, eta=0.05, **decay)
        further = (np.random.default_rng(0),) if path is AskTell else ()
        rule = path(network, cost, X, Y, method, *further)
        rule.load(theta)
        rule.set_order(order)
        with np.errstate(all="ignore"):
            for _ in range(3):
                rule.run(0, len(X), min(k, len(X)), 0.05, alpha_over_m)
        results.append(np.empty_like(theta))
        rule.store(results[-1])
    assume(np.abs(results[1]).max() < 100)
    assert np.allclose(*results, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("name", "decay"), DECAYS)
@pytest.mark.parametrize("k", [10, 600])
def test_batches_beyond_a_part_go_by_the_same_rule(name, decay, k):
    big = problem((4, 6, 3), ("sigmoid", "softmax"), "cross-entropy", seed=1, m=1203, spread=0.3)
    results = []
    for path, further in ((Descent, ()), (AskTell, (np.random.default_rng(0),))):
        method = optimizer(name, eta=0.05, **decay)
        rule = path(big.network, big.cost, big.X, big.Y, method, *further)
        rule.load(big.theta)
        rule.set_order(np.arange(1203))
        rule.run(0, 1203, k, 0.05, 0.01)
        results.append(np.empty_like(big.theta))
        rule.store(results[-1])
    assert np.allclose(*results, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("decay", ["coupled", "decoupled"])
def test_nesterov_is_the_textbooks(decay):
    """v ← μ v − η ∇C(θ + μ v), θ ← θ + v, written out, with the decay where the name says."""
    A, weights = np.diag([1.0, 8.0]), np.array([1.0, 0.0])
    theta, v, eta, rate, mu = np.array([1.0, -2.0]), np.zeros(2), 0.05, 0.3, 0.8
    method = optimizer("nesterov", eta=eta, mu=mu, decay=decay)
    method.start(theta, weights, np.random.default_rng(0))
    for _ in range(60):
        ahead = theta + mu * v
        gradient = A @ ahead
        if decay == "coupled":
            v = mu * v - eta * (gradient + rate * weights * ahead)
            theta = theta + v
        else:
            v = mu * v - eta * gradient
            theta = (1 - eta * rate * weights) * theta + v
        assert np.allclose(method.ask()[0], ahead, rtol=1e-12, atol=1e-12)
        method.tell(np.zeros(1), (A @ method.ask()[0])[None, :], eta, rate)
        assert np.allclose(method.best(), theta, rtol=1e-12, atol=1e-12)


def test_adam_is_adamw_unless_its_decay_is_coupled():
    options = {"alpha": 2.0, "stop": Stop(epochs=3)}
    reached = {}
    for name, decay in (("adam", {}), ("adamw", {}), ("adam", {"decay": "coupled"})):
        trainer = make(optimizer=optimizer(name, eta=0.01, **decay), **options)
        trainer.run(1000)
        reached[name, *decay] = trainer.theta
    assert (reached["adam",] == reached["adamw",]).all()
    assert not np.allclose(reached["adam", "decay"], reached["adamw",], rtol=1e-4)


def test_without_momentum_all_is_plain_descent():
    reached = []
    for name, further in (("sgd", {}), ("momentum", {"mu": 0.0}), ("nesterov", {"mu": 0.0})):
        trainer = make(optimizer=optimizer(name, eta=0.3, **further), stop=Stop(epochs=3))
        trainer.run(1000)
        reached.append(trainer.theta.copy())
    assert np.allclose(reached[0], reached[1], rtol=1e-12)
    assert np.allclose(reached[0], reached[2], rtol=1e-12)


@pytest.mark.parametrize("name", METHODS)
def test_eta_may_change_at_every_update(name):
    """What is remembered must not have the old η in it beyond what the rule says."""
    by_protocol, recorded = optimizer(name), optimizer(name)
    small = problem((2, 4, 1), ("sigmoid", "sigmoid"), "cross-entropy", seed=2, m=40)
    rules = (
        Descent(small.network, small.cost, small.X, small.Y, recorded),
        AskTell(small.network, small.cost, small.X, small.Y, by_protocol, np.random.default_rng(0)),
    )
    theta = [np.empty_like(small.theta) for _ in rules]
    for rule, out in zip(rules, theta):
        rule.load(small.theta)
        rule.set_order(np.arange(40))
        for i, eta in enumerate((0.1, 0.05, 0.2, 0.01)):
            rule.run(10 * i, 10 * (i + 1), 10, eta, 0.01)
        rule.store(out)
    assert np.allclose(*theta, rtol=1e-10)


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("sgd", {"eta": 0}, "`optimizer.eta` must be > 0 and finite; got 0"),
        ("momentum", {"mu": 1}, "`optimizer.mu` must be ≥ 0 and < 1; got 1"),
        ("nesterov", {"mu": -0.1}, "`optimizer.mu` must be ≥ 0 and < 1; got -0.1"),
        ("rmsprop", {"rho": 1.0}, "`optimizer.rho` must be ≥ 0 and < 1; got 1.0"),
        ("adam", {"beta1": 1.0}, "`optimizer.beta1` must be ≥ 0 and < 1; got 1.0"),
        ("adamw", {"beta2": float("nan")}, "`optimizer.beta2` must be ≥ 0 and < 1; got nan"),
        ("adagrad", {"epsilon": 0}, "`optimizer.epsilon` must be > 0 and finite; got 0"),
        ("adam", {"decay": "both"}, "`optimizer.decay` must be coupled or decoupled; got 'both'"),
        ("lbfgs", {"memory": 0}, "`optimizer.memory` must be a whole number ≥ 1; got 0"),
        ("sdg", {}, "`optimizer.name` must be one of sgd, momentum, "),
    ],
)
def test_what_is_out_of_range_is_refused_by_name(name, parameters, message):
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        optimizer(name, **parameters)
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("drop", [1e-12, 1e-200])
def test_an_eta_that_vanishes_stops_the_run_where_it_is(name, dtype, drop):
    """Beyond the precision of θ, and beyond that of η itself: 1e-200² is 0."""
    small = problem((2, 4, 1), ("sigmoid", "sigmoid"), "cross-entropy", seed=2, m=40, dtype=dtype)
    method = optimizer(name, schedule=Schedule("step", drop=drop, every=1))
    trainer = Trainer(
        small.network,
        split_of(examples(small.X, small.Y)),
        optimizer=method,
        alpha=0.1,
        stop=Stop(epochs=8),
    )
    # what momentum has gathered goes on for a while
    trainer.run(4 * 6)
    before = trainer.theta.copy()
    trainer.run(100)
    assert trainer.epoch == 8
    assert trainer.eta < 1e-70
    tolerance = 0.0 if name not in ("momentum", "nesterov") else 1e-1
    assert np.abs(trainer.theta - before).max() <= tolerance
    # and resumed there it begins with an η of 0
    trainer.change(stop=Stop(epochs=10))
    again = Trainer(
        small.network,
        split_of(examples(small.X, small.Y)),
        optimizer=method,
        stop=Stop(epochs=10),
    )
    again.load(trainer.dump())
    again.run(100)
    trainer.run(100)
    assert trainer.epoch == 10
    assert (again.theta == trainer.theta).all()


@settings(max_examples=150)
@given(
    st.sampled_from(DECAYS),
    st.sampled_from(["float64", "float32"]),
    st.sampled_from(["sigmoid", "tanh", "relu"]),
    st.booleans(),
    st.lists(
        st.tuples(
            st.sampled_from([1, 7, 40, 600, "full"]),
            st.sampled_from([0.3, 0.01, 1e-4]),
            st.sampled_from([0.0, 1.0]),
            st.integers(1, 25),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_a_resumed_run_is_exact_after_any_changes(case, dtype, hidden, large, changes):
    """Stopped at every change of k, η and α, mid-epoch or not, and with parts of 500 rows."""
    name, decay = case
    m = 1203 if large else 57
    small = problem((3, 4, 2), (hidden, "softmax"), "cross-entropy", seed=2, m=m, dtype=dtype)

    def new():
        return Trainer(
            small.network,
            split_of(examples(small.X, small.Y)),
            optimizer=optimizer(name, **decay),
            stop=Stop(epochs=10**6),
            theta=small.theta,
        )

    whole, parted = new(), new()
    for k, eta, alpha, updates in changes:
        again = new()
        again.load(parted.dump())
        parted = again
        for trainer in (whole, parted):
            size = k if k == "full" else min(k, m)
            trainer.change(eta=eta, alpha=alpha, batch_size=size)
            trainer.run(updates)
    assert whole.theta.dtype == dtype
    assert (parted.theta == whole.theta).all()
    here, there = whole.dump(), parted.dump()
    for array in here.keys() - {"numbers"}:
        assert (here[array] == there[array]).all()
    assert whole.diverged == parted.diverged
