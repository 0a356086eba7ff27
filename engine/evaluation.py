"""Loss and accuracy of a network on a set of examples."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.costs import Cost
from engine.data import Examples, Split
from engine.network import CHUNK, Network

Array = NDArray[Any]


def loss_and_accuracy(
    network: Network, theta: Array, split: Split, cost: Cost, alpha: float
) -> tuple[float, ...]:
    """(C, accuracy) on the training set, then on the validation set where there is one.

    C has the same L2 term on both: α/2m Σ w², m being the size of the training set.
    """
    l2 = l2_term(network, theta, alpha, len(split.train.X))
    figures: list[float] = []
    for examples in (split.train, split.validation):
        if len(examples.X):
            loss, accuracy = evaluate(network, theta, examples, cost)
            figures += [loss + l2, accuracy]
    return tuple(figures)


def evaluate(network: Network, theta: Array, examples: Examples, cost: Cost) -> tuple[float, float]:
    """(C₀, accuracy) over all the examples, without the L2 term.

    C₀ is the mean of C_x. The accuracy of a classification is the share of right answers: the
    largest output, or for a single output the side of the midpoint between its two targets. That
    of a regression is R² = 1 − Σ‖y − a‖² / Σ‖y − ȳ‖², over all targets together; where all y are
    alike, and R² is not defined, it is 1 for a perfect fit and 0 for any other.
    """
    n = len(examples.X)
    total, right, residual = 0.0, 0, 0.0
    middle = 0.0 if network.activations[-1].name == "tanh" else 0.5
    for start in range(0, n, CHUNK):
        part = slice(start, start + CHUNK)
        x = examples.X[part].T.astype(theta.dtype, copy=False)
        y = examples.Y[part].T.astype(theta.dtype, copy=False)
        z, a = network.propagate(theta, x)
        total += float(cost.total(z[-1], a[-1], y, network.activations[-1]))
        if examples.labels is None:
            residual += float(((a[-1] - y) ** 2).sum())
        elif len(y) == 1:
            right += int(((a[-1][0] > middle) == (examples.labels[part] == 1)).sum())
        else:
            right += int((a[-1].argmax(axis=0) == examples.labels[part]).sum())
    if examples.labels is not None:
        return total / n, right / n
    spread = float(((examples.Y - examples.Y.mean(axis=0)) ** 2).sum())
    if spread == 0:
        return total / n, 1.0 if residual == 0 else 0.0
    return total / n, 1 - residual / spread


def l2_term(network: Network, theta: Array, alpha: float, m: int) -> float:
    """α/2m Σ w², over the weights alone; m is the size of the training set."""
    if alpha == 0:
        return 0.0
    return alpha / (2 * m) * sum(float(np.sum(W * W)) for W in network.W(theta))
