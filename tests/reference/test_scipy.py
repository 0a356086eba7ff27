"""L-BFGS against scipy's L-BFGS-B: the same minima, in no more evaluations."""

import numpy as np
import pytest

from engine.optimizers.lbfgs import LBFGS

optimize = pytest.importorskip("scipy.optimize", reason="scipy is not installed (`reference`)")
pytestmark = pytest.mark.reference


def quadratic(d, condition):
    rng = np.random.default_rng(0)
    Q = np.linalg.qr(rng.normal(size=(d, d)))[0]
    A = Q @ np.diag(np.geomspace(1, condition, d)) @ Q.T
    c = rng.normal(size=d)
    return lambda x: (x - c) @ A @ (x - c) / 2, lambda x: A @ (x - c), np.zeros(d)


PROBLEMS = {
    "quadratic, 20": quadratic(20, 100),
    "quadratic, 50": quadratic(50, 1_000),
    "quadratic, 100": quadratic(100, 10_000),
    "rosenbrock, 2": (optimize.rosen, optimize.rosen_der, np.array([-1.2, 1.0])),
    "rosenbrock, 10": (optimize.rosen, optimize.rosen_der, np.full(10, -1.2)),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_it_takes_no_more_evaluations_than_scipy(name):
    value, gradient, start = PROBLEMS[name]
    theirs = optimize.minimize(
        value,
        start,
        jac=gradient,
        method="L-BFGS-B",
        options={"gtol": 1e-7, "ftol": 0, "maxcor": 10, "maxiter": 5_000, "maxfun": 5_000},
    )
    method, evaluations = LBFGS(memory=10), 0
    method.start(start, np.zeros(len(start)), np.random.default_rng(0))
    while evaluations == 0 or np.abs(gradient(method.best())).max() > 1e-7:
        x = method.ask()[0]
        method.tell(np.array([value(x)]), gradient(x)[None, :], 0.0, 0.0)
        evaluations += 1
    assert evaluations <= 1.3 * theirs.nfev
    assert np.allclose(method.best(), theirs.x, atol=1e-5)
