"""Every gradient method against torch.optim, in float64, step by step.

ε is 0.1 throughout: beside the root, inside it, or before the corrections of Adam, it would show
at once in the third digit.
"""

import numpy as np
import pytest
from engine_examples import problem, split_of

from engine import Stop, Trainer
from engine.data import Examples
from engine.optimizers import optimizer

torch = pytest.importorskip("torch", reason="PyTorch is not installed (the `reference` extra)")
pytestmark = pytest.mark.reference

ETA, EPSILON, STEPS = 0.05, 0.1, 60
METHODS = {
    "sgd": (torch.optim.SGD, {}, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.8}, {"mu": 0.8}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.8, "nesterov": True}, {"mu": 0.8}),
    "adagrad": (torch.optim.Adagrad, {"eps": EPSILON}, {"epsilon": EPSILON}),
    "rmsprop": (
        torch.optim.RMSprop,
        {"alpha": 0.9, "eps": EPSILON},
        {"rho": 0.9, "epsilon": EPSILON},
    ),
    "adam": (
        torch.optim.Adam,
        {"betas": (0.8, 0.95), "eps": EPSILON},
        {"beta1": 0.8, "beta2": 0.95, "epsilon": EPSILON},
    ),
}
METHODS["adamw"] = (torch.optim.AdamW, *METHODS["adam"][1:])
# what PyTorch steps under "nesterov" is the point ahead, which is not what decays
CASES = [
    (name, decay)
    for name in METHODS
    for decay in ("coupled", "decoupled")
    if (name, decay) not in [("adamw", "coupled"), ("nesterov", "decoupled")]
]


def ours(name, decay):
    parameters = dict(METHODS[name][2])
    if name not in ("sgd", "adamw"):
        parameters["decay"] = decay
    return optimizer(name, eta=ETA, **parameters)


class Theirs:
    """torch.optim with L2 decay `rate` on some of its leaves.

    PyTorch has decoupled decay for Adam alone; for the others its definition is written out:
    the weights shrink before the step.
    """

    def __init__(self, name, decay, rate, weights, biases):
        kind, settings, _ = METHODS[name]
        self._by_hand = decay == "decoupled" and name not in ("adam", "adamw")
        if name == "adam" and decay == "decoupled":
            kind = torch.optim.AdamW
        self._rate, self._weights = rate, weights
        own = 0.0 if self._by_hand else rate
        groups = [
            {"params": weights, "weight_decay": own},
            {"params": biases, "weight_decay": 0.0},
        ]
        self._optimizer = kind([g for g in groups if g["params"]], lr=ETA, **settings)

    def step(self):
        if self._by_hand:
            for weight in self._weights:
                weight.data.mul_(1 - ETA * self._rate)
        self._optimizer.step()

    def zero_grad(self):
        self._optimizer.zero_grad()


@pytest.mark.parametrize(("name", "decay"), CASES)
@pytest.mark.parametrize("rate", [0.0, 0.3])
def test_steps_on_a_quadratic_equal_torch(name, decay, rate):
    rng = np.random.default_rng(0)
    A = rng.normal(size=(6, 6))
    A = A @ A.T + np.eye(6)
    c, start = rng.normal(size=6), rng.normal(size=6)
    method = ours(name, decay)
    method.start(start, np.ones(6), rng)
    theta = torch.tensor(start, requires_grad=True)
    theirs = Theirs(name, decay, rate, [theta], [])
    for _ in range(STEPS):
        point = method.ask()[0]
        # with Nesterov both hold the point ahead, where the gradient is taken
        assert np.allclose(point, theta.detach().numpy(), rtol=1e-12, atol=1e-12)
        J = 0.5 * point @ A @ point - c @ point
        method.tell(np.array([J]), (A @ point - c)[None, :], ETA, rate)
        theirs.zero_grad()
        (0.5 * theta @ torch.tensor(A) @ theta - torch.tensor(c) @ theta).backward()
        theirs.step()


@pytest.mark.parametrize(("name", "decay"), CASES)
@pytest.mark.parametrize("alpha", [0.0, 3.0])
def test_runs_of_a_network_equal_torch(name, decay, alpha):
    small = problem((3, 5, 4, 2), ("sigmoid", "tanh", "sigmoid"), "cross-entropy", seed=5, m=30)
    network, theta, _, X, Y = small
    orders = [np.random.default_rng(epoch).permutation(30) for epoch in range(10)]
    trainer = Trainer(
        network,
        split_of(Examples(X, Y, labels=Y.argmax(axis=1))),
        cost="cross-entropy",
        optimizer=ours(name, decay),
        batch_size=7,
        alpha=alpha,
        stop=Stop(epochs=10),
        theta=theta,
        permutations=iter(orders),
    )
    leaves = [
        torch.tensor(np.ascontiguousarray(array), requires_grad=True)
        for pair in zip(network.W(theta), network.b(theta))
        for array in pair
    ]
    theirs = Theirs(name, decay, alpha / 30, leaves[::2], leaves[1::2])
    sigma = (torch.sigmoid, torch.tanh)
    for order in orders:
        for first in range(0, 30, 7):
            rows = order[first : first + 7]
            a = torch.tensor(X[rows])
            for l in range(2):
                a = sigma[l](a @ leaves[2 * l].T + leaves[2 * l + 1])
            z = a @ leaves[4].T + leaves[5]
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                z, torch.tensor(Y[rows]), reduction="sum"
            )
            theirs.zero_grad()
            (loss / len(rows)).backward()
            theirs.step()
    trainer.run(10_000)
    assert trainer.update == 50
    reached = np.empty_like(theta)
    trainer._rule.asked(reached)
    for l in range(3):
        W, b = leaves[2 * l].detach().numpy(), leaves[2 * l + 1].detach().numpy()
        assert np.allclose(network.W(reached)[l], W, rtol=1e-12, atol=1e-12)
        assert np.allclose(network.b(reached)[l], b, rtol=1e-12, atol=1e-12)
