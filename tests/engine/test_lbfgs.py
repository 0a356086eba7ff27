"""L-BFGS: what the theory promises, and that it can be asked, told and resumed like the others."""

import numpy as np
import pytest
from engine_examples import diverging, make

from engine import Stop
from engine.optimizers.lbfgs import ARMIJO, LBFGS, WOLFE


def quadratic(d, condition, seed=0):
    """½ (x − c)ᵀ A (x − c) with eigenvalues from 1 to `condition`: value, gradient, c."""
    rng = np.random.default_rng(seed)
    Q = np.linalg.qr(rng.normal(size=(d, d)))[0]
    A = Q @ np.diag(np.geomspace(1, condition, d)) @ Q.T
    c = rng.normal(size=d)
    return lambda x: (x - c) @ A @ (x - c) / 2, lambda x: A @ (x - c), c


def rosenbrock(x):
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def rosenbrock_gradient(x):
    slope = 200 * (x[1] - x[0] ** 2)
    return np.array([-2 * x[0] * slope - 2 * (1 - x[0]), slope])


def minimise(method, value, gradient, start, most, tolerance=1e-9):
    """Evaluations until ‖∇C‖ at the best point is below the tolerance."""
    method.start(np.asarray(start, float), np.zeros(len(start)), np.random.default_rng(0))
    for evaluation in range(1, most + 1):
        point = method.ask()[0]
        method.tell(np.array([value(point)]), gradient(point)[None, :], 0.0, 0.0)
        if np.linalg.norm(gradient(method.best())) < tolerance:
            return evaluation
    return most + 1


def test_a_quadratic_takes_few_evaluations():
    value, gradient, c = quadratic(20, 100)
    method = LBFGS()
    assert minimise(method, value, gradient, np.zeros(20), 120) <= 120
    assert np.allclose(method.best(), c, atol=1e-8)


def test_rosenbrock_takes_few_evaluations():
    method = LBFGS()
    assert minimise(method, rosenbrock, rosenbrock_gradient, [-1.2, 1.0], 60) <= 60
    assert np.allclose(method.best(), 1, atol=1e-8)


def test_every_step_satisfies_the_wolfe_conditions_and_the_cost_never_rises():
    method = LBFGS()
    method.start(np.array([-1.2, 1.0]), np.zeros(2), np.random.default_rng(0))
    steps, before = 0, None
    for _ in range(60):
        point = method.ask()[0]
        method.tell(np.array([rosenbrock(point)]), rosenbrock_gradient(point)[None, :], 0.0, 0.0)
        now = method.best().copy()
        if before is not None and (now != before).any():
            s = now - before
            slope = rosenbrock_gradient(before) @ s
            assert rosenbrock(now) <= rosenbrock(before) + ARMIJO * slope + 1e-12
            assert rosenbrock_gradient(now) @ s >= WOLFE * slope - 1e-12
            steps += 1
        before = now
    assert steps > 20


def test_a_cost_that_is_not_finite_shortens_the_step():
    # ln x + 1/x has no value left of 0, and its first step of length 1 would go there
    method = LBFGS()
    with np.errstate(all="ignore"):
        evaluations = minimise(
            method,
            lambda x: np.log(x[0]) + 1 / x[0],
            lambda x: np.array([1 / x[0] - 1 / x[0] ** 2]),
            [1.9],
            60,
        )
    assert evaluations <= 60
    assert np.isclose(method.best()[0], 1)


@pytest.mark.parametrize("stopped", [0, 1, 5, 17])
def test_it_goes_on_bit_for_bit(stopped):
    whole, first, second = LBFGS(memory=3), LBFGS(memory=3), LBFGS(memory=3)
    for method in (whole, first, second):
        method.start(np.array([-1.2, 1.0]), np.zeros(2), np.random.default_rng(0))

    def go(method, evaluations):
        for _ in range(evaluations):
            x = method.ask()[0]
            method.tell(np.array([rosenbrock(x)]), rosenbrock_gradient(x)[None, :], 0.0, 0.0)

    go(whole, 30)
    go(first, stopped)
    second.restore(first.state())
    go(second, 30 - stopped)
    assert (second.best() == whole.best()).all()
    assert (second.ask() == whole.ask()).all()


def test_a_network_is_trained_on_all_examples_whatever_the_mini_batch():
    reached = []
    for batch_size in (10, "full"):
        trainer = make(optimizer=LBFGS(), batch_size=batch_size, alpha=0.5, stop=Stop(epochs=200))
        trainer.run(1000)
        reached.append(trainer.theta.copy())
        assert trainer.update == trainer.evaluations == 200
        assert trainer.finished == "200 evaluations done"
        assert trainer.snapshot().batch_size == trainer.m
        assert trainer.snapshot().layers
    assert (reached[0] == reached[1]).all()
    # ∇C of the regularised cost vanishes there
    from engine.asktell import AskTell

    rule = AskTell(
        trainer.network,
        trainer.cost,
        trainer.split.train.X,
        trainer.split.train.Y,
        LBFGS(),
        np.random.default_rng(0),
    )
    theta = reached[0]
    _, gradient = rule._cost_and_gradient(theta, np.arange(trainer.m))
    full = gradient + 0.5 / trainer.m * trainer.network.weight_mask() * theta
    assert np.linalg.norm(full) < 1e-5


def told(method, value, gradient, evaluations):
    """Points asked for and costs told."""
    points, costs = [], []
    for _ in range(evaluations):
        point = method.ask()[0].copy()
        points.append(point)
        costs.append(value(point))
        method.tell(np.array([costs[-1]]), gradient(point)[None, :], 0.0, 0.0)
    return np.array(points), np.array(costs)


def started(theta, **parameters):
    method = LBFGS(**parameters)
    theta = np.asarray(theta)
    method.start(theta, np.ones_like(theta), np.random.default_rng(0))
    return method


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_step_into_numbers_that_are_not_finite_is_shortened(bad):
    """Whether it is the cost there that is not finite, or the gradient alone."""

    def value(x):
        return bad if x[0] < 0.5 else x @ x / 2

    def gradient(x):
        return np.full(2, bad) if x[1] < 0.25 else x

    method = started([3.0, 4.0])
    told(method, value, gradient, 60)
    best = method.best()
    assert np.isfinite(best).all()
    assert 0.5 <= best[0] < 3
    assert 0.25 <= best[1] < 4


def test_a_cost_without_end_is_followed_on_and_on():
    slope = np.array([1.0, -2.0])
    method = started([0.0, 0.0])
    told(method, lambda x: slope @ x, lambda x: slope, 45)
    first = slope @ method.best()
    assert first < -1e9
    told(method, lambda x: slope @ x, lambda x: slope, 45)
    assert slope @ method.best() < 1.9 * first


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("scale", [1e-36, 1e-24, 1e-12, 1e12, 1e18])
def test_curvatures_that_leave_the_precision_do_no_harm(dtype, scale):
    """½ c ‖x‖² with so small or large a c that yᵀy, or ‖∇C‖², is 0 or ∞ in float32."""
    c = np.dtype(dtype).type(scale)
    method = started(np.array([3.0, -4.0], dtype))
    with np.errstate(all="ignore"):
        points, costs = told(method, lambda x: float(c * (x @ x) / 2), lambda x: c * x, 60)
    assert points.dtype == dtype
    assert np.isfinite(points).all()
    assert np.isfinite(method.best()).all()
    assert costs.min() < costs[0] or scale < 1e-20


def test_a_flat_cost_is_left_alone():
    method = started([1.0, 2.0])
    points, _ = told(method, lambda x: 3.0, np.zeros_like, 50)
    assert (points == [1.0, 2.0]).all()


def test_a_direction_that_goes_uphill_is_not_taken():
    """What rounding may make of H, made on purpose."""
    method = started([-1.2, 1.0])
    told(method, rosenbrock, rosenbrock_gradient, 20)
    state = method.state()
    state["y"] = -state["y"]
    method.restore(state)
    before = rosenbrock(method.best())
    told(method, rosenbrock, rosenbrock_gradient, 25)
    assert rosenbrock(method.best()) < before


def test_single_precision_comes_as_near_as_it_can():
    value, gradient, c = quadratic(20, 100)
    method = started(np.zeros(20, np.float32))
    for _ in range(150):
        x = method.ask()[0]
        assert x.dtype == np.float32
        method.tell(
            np.array([np.float32(value(x))]), gradient(x).astype(np.float32)[None, :], 0.0, 0.0
        )
    assert np.abs(method.best() - c).max() < 1e-4


@pytest.mark.parametrize(("size", "found"), [(1e160, (2, "z")), (1e80, (2, "C"))])
def test_a_start_without_a_finite_cost_is_told_at_once(size, found):
    trainer = diverging(optimizer=LBFGS(), theta=np.full(17, size))
    assert trainer.run(100) <= 2
    assert (trainer.diverged.layer, trainer.diverged.quantity) == found
    again = diverging(optimizer=LBFGS())
    again.load(trainer.dump())
    assert again.diverged == trainer.diverged


def test_a_trial_that_overflows_is_no_divergence():
    trainer = diverging(optimizer=LBFGS(), stop=Stop(epochs=300))
    # a first step far beyond all numbers
    trainer.run(1)
    trainer.optimizer._t = 1e200
    trainer.run(299)
    assert trainer.diverged is None
    assert trainer.snapshot().train_loss < 1e-3
