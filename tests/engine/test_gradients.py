"""BP1–BP4 against derivatives taken another way."""

import numpy as np
from engine_examples import OUTPUTS, problems
from hypothesis import given, settings

from engine.backprop import backprop


def mean_cost(problem, theta):
    network, _, cost, X, Y = problem
    z, a = network.propagate(theta, X.T)
    return cost.total(z[-1], a[-1], Y.T, network.activations[-1]) / len(X)


@settings(max_examples=60)
@given(
    problems(
        hidden=("sigmoid", "tanh", "identity"),
        outputs={
            "quadratic": ("sigmoid", "tanh", "identity"),
            "cross-entropy": OUTPUTS["cross-entropy"],
        },
    )
)
def test_gradient_equals_the_complex_step(problem):
    h = 1e-30
    gradient = backprop(
        problem.network, problem.theta, problem.X.T, problem.Y.T, problem.cost
    ).gradient
    for j in range(problem.network.parameters):
        theta = problem.theta.astype(complex)
        theta[j] += 1j * h
        derivative = mean_cost(problem, theta).imag / h
        assert abs(gradient[j] - derivative) <= 1e-12 * max(1, abs(derivative))


@settings(max_examples=60)
@given(problems(hidden=("relu", "sigmoid")))
def test_gradient_equals_finite_differences_with_relu(problem):
    h = 1e-6
    network = problem.network
    z, _ = network.propagate(problem.theta, problem.X.T)
    near_a_kink = any(
        sigma.name == "relu" and (np.abs(z_l) < 1e-3).any()
        for sigma, z_l in zip(network.activations, z)
    )
    if near_a_kink:
        return
    gradient = backprop(network, problem.theta, problem.X.T, problem.Y.T, problem.cost).gradient
    for j in range(network.parameters):
        step = np.zeros(network.parameters)
        step[j] = h
        above, below = (mean_cost(problem, problem.theta + s) for s in (step, -step))
        derivative = (above - below) / (2 * h)
        assert abs(gradient[j] - derivative) <= 1e-6 * max(1, abs(derivative))


@settings(max_examples=40)
@given(problems())
def test_total_cost_is_the_sum_over_the_examples(problem):
    network, theta, cost, X, Y = problem
    together = backprop(network, theta, X.T, Y.T, cost).total_cost
    apart = sum(
        backprop(network, theta, X[i : i + 1].T, Y[i : i + 1].T, cost).total_cost
        for i in range(len(X))
    )
    assert np.isclose(together, apart, rtol=1e-12)
