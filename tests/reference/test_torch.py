"""Costs, gradients and runs against PyTorch, in float64."""

import numpy as np
import pytest
from engine_examples import problem, problems, split_of
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import GradientDescent, Stop, Trainer
from engine.backprop import backprop
from engine.data import Examples

torch = pytest.importorskip("torch", reason="PyTorch is not installed (the `reference` extra)")
pytestmark = pytest.mark.reference

SIGMA = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "identity": lambda z: z,
}


def parameters(problem):
    """[W^1, b^1, …] as leaves."""
    network, theta = problem.network, problem.theta
    pairs = zip(network.W(theta), network.b(theta))
    return [
        torch.tensor(np.ascontiguousarray(array), requires_grad=True)
        for pair in pairs
        for array in pair
    ]


def torch_cost(problem, leaves, X, Y):
    """The mean cost C₀ as PyTorch has it."""
    x, y = torch.tensor(X), torch.tensor(Y)
    output = problem.network.activations[-1].name
    for l, sigma in enumerate(problem.network.activations):
        z = x @ leaves[2 * l].T + leaves[2 * l + 1]
        x = SIGMA[sigma.name](z) if sigma.name != "softmax" else z
    if problem.cost.name == "quadratic":
        return ((x - y) ** 2).sum() / 2 / len(X)
    if output == "softmax":
        return torch.nn.functional.cross_entropy(z, y)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="sum")
    return loss / len(X)


@settings(max_examples=80)
@given(problems())
def test_cost_and_gradient_equal_autograd(problem):
    network, theta, cost, X, Y = problem
    ours = backprop(network, theta, X.T, Y.T, cost)
    leaves = parameters(problem)
    theirs = torch_cost(problem, leaves, X, Y)
    theirs.backward()
    assert np.isclose(ours.total_cost / len(X), theirs.item(), rtol=1e-10)
    for l in range(network.L):
        for ours_part, leaf in (
            (network.W(ours.gradient)[l], leaves[2 * l]),
            (network.b(ours.gradient)[l], leaves[2 * l + 1]),
        ):
            assert np.allclose(ours_part, leaf.grad.numpy(), rtol=1e-10, atol=1e-10)


@settings(max_examples=15)
@given(st.sampled_from(["quadratic", "cross-entropy"]), st.sampled_from([0.0, 0.7]))
def test_twenty_five_updates_equal_torch_sgd(cost_name, alpha):
    small = problem((3, 6, 4, 2), ("sigmoid", "tanh", "sigmoid"), cost_name, seed=5, m=20)
    eta, m = 0.4, 20
    order = [np.random.default_rng(e).permutation(m) for e in range(5)]
    trainer = Trainer(
        small.network,
        split_of(Examples(X=small.X, Y=small.Y)),
        cost=cost_name,
        optimizer=GradientDescent(eta),
        batch_size=4,
        alpha=alpha,
        stop=Stop(epochs=5),
        theta=small.theta,
        permutations=order,
    )
    assert trainer.run(1000) == 25
    leaves = parameters(small)
    optimizer = torch.optim.SGD(
        [
            {"params": leaves[0::2], "weight_decay": alpha / m},
            {"params": leaves[1::2], "weight_decay": 0.0},
        ],
        lr=eta,
    )
    for epoch in order:
        for start in range(0, m, 4):
            rows = epoch[start : start + 4]
            optimizer.zero_grad()
            torch_cost(small, leaves, small.X[rows], small.Y[rows]).backward()
            optimizer.step()
    theirs = small.network.pack(
        [leaf.detach().numpy() for leaf in leaves[0::2]],
        [leaf.detach().numpy() for leaf in leaves[1::2]],
    )
    assert np.allclose(trainer.theta, theirs, rtol=1e-12, atol=1e-12)
