"""One training example, one update: every number of the forward pass, of BP1–BP4 and of the step.

All is computed in float64 from θ as it is, whatever the precision of the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.costs import Cost
from engine.evaluation import l2_term
from engine.inside.step import method_at
from engine.network import Network
from engine.optimizer import Optimizer
from engine.optimizers.sgd import GradientDescent

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class LayerWalk:
    """One layer l = 1…L; n = n_l, n' = n_(l−1). Arrays are read-only."""

    layer: int
    activation: str
    W: Array
    """(n, n'), where the passes are made: θ, or what the method looks ahead to."""
    b: Array
    """(n,)."""
    a_before: Array
    """a^(l−1), (n',)."""
    z: Array
    """W^l a^(l−1) + b^l, (n,)."""
    a: Array
    """σ(z^l), (n,)."""
    sigma_prime: Array
    """σ'(z^l), (n,); of a softmax layer the diagonal a(1 − a) of its matrix."""
    arriving: Array
    """What σ' is multiplied with, (n,): ∇_a C at the output, (W^(l+1))ᵀ δ^(l+1) below."""
    delta: Array
    """δ^l, (n,): BP1 at the output, BP2 below; by BP3 it is ∂C₀/∂b^l as well."""
    weight_gradient: Array
    """BP4: ∂C₀/∂W^l = δ^l (a^(l−1))ᵀ, (n, n')."""
    decay: Array
    """(α/m) W^l, (n, n')."""
    W_before: Array
    """(n, n'), W^l of θ; it is `W` unless the method looks ahead."""
    b_before: Array
    """(n,)."""
    W_after: Array | None
    """(n, n'), after the update; None where the method makes no step of one example."""
    b_after: Array | None
    """(n,)."""

    @property
    def bias_gradient(self) -> Array:
        """BP3: ∂C₀/∂b^l = δ^l."""
        return self.delta


@dataclass(frozen=True, slots=True)
class Costs:
    """What this example costs: C₀ = C_x, the L2 term α/2m Σ w², and their sum C."""

    bare: float
    l2: float

    @property
    def total(self) -> float:
        return self.bare + self.l2


@dataclass(frozen=True, slots=True, eq=False)
class Walkthrough:
    """One update from one example, k = 1, step by step."""

    network: Network
    theta: Array
    """Where the passes are made, (d,), float64, read-only."""
    x: Array
    """a^0, (n_0,)."""
    y: Array
    """The target, (n_L,)."""
    cost: Cost
    eta: float
    alpha: float
    m: int
    method: str
    """The name of the method that makes the step: "sgd"."""
    decay: str
    """Weight decay is "coupled", a part of the gradient, or "decoupled", beside the rule; "" of a
    method that is neither."""
    looks_ahead: bool
    """The method wants the gradient elsewhere than at θ, and the passes are made there."""
    remembers: bool
    """What the method remembers was given; else its step is as at its first update."""
    layers: tuple[LayerWalk, ...]
    before: Costs
    """At θ."""
    after: Costs | None
    """At the θ of after the update."""

    @property
    def shrink(self) -> float:
        """1 − ηα/m, what plain descent multiplies the weights with."""
        return 1 - self.eta * self.alpha / self.m

    def index(self, layer: int, row: int, column: int | None) -> int:
        """Where W^l_jk stands in θ (b^l_j, where ``column`` is None); counted from 0, but for l."""
        sizes = self.network.sizes
        start = sum((sizes[l - 1] + 1) * sizes[l] for l in range(1, layer))
        width = sizes[layer - 1] + 1
        return start + row * width + (width - 1 if column is None else column)


def walkthrough(
    network: Network,
    theta: Array,
    x: Array,
    y: Array,
    cost: Cost,
    *,
    eta: float,
    alpha: float,
    m: int,
    method: Optimizer | None = None,
    memory: Mapping[str, Array] | None = None,
) -> Walkthrough:
    """One update from the example x (n_0,) with target y (n_L,), at θ.

    ``m`` is the size of the training set. ``method`` makes the step (it is copied, not changed;
    plain descent where it is None) and ``memory`` is what it remembers, see
    `engine.inside.step.method_at`. A method that must see the same examples at every update makes
    no step of one example. ValueError for a search, which knows no gradient.

    Source: Nielsen, "Neural Networks and Deep Learning", chapter 2, equations BP1–BP4.
    """
    method = method or GradientDescent(1.0)
    if not method.needs_gradient:
        raise ValueError(f"{method.name} is a search: there is no gradient to be followed")
    here = np.array(theta, np.float64)
    steps = not method.whole
    with np.errstate(all="ignore"):
        # where there is no step there is no need of what it remembers, which may be much
        own = method
        if steps:
            own = method_at(method, here, network.weight_mask().astype(np.float64), memory)
        asked = np.array(own.ask()[0]) if steps else here
        layers, bare = _passes(network, asked, x, y, cost)
        gradient = np.empty_like(here)
        for V, computed in zip(network.V(gradient), layers, strict=True):
            V[:, :-1], V[:, -1] = computed["weight_gradient"], computed["delta"]
        after: Array | None = None
        if steps:
            J = np.array([bare + l2_term(network, asked, alpha, m)])
            own.tell(J, gradient[None, :], eta, alpha / m)
            after = np.array(own.best(), np.float64)
        record = Walkthrough(
            network=network,
            theta=asked,
            x=layers[0]["a_before"],
            y=np.array(y, np.float64),
            cost=cost,
            eta=eta,
            alpha=alpha,
            m=m,
            method=method.name,
            decay=str(getattr(method, "decay", "")),
            looks_ahead=bool(getattr(own, "looks_ahead", False)),
            remembers=memory is not None,
            layers=tuple(
                LayerWalk(
                    layer=l + 1,
                    activation=network.activations[l].name,
                    W=network.W(asked)[l],
                    b=network.b(asked)[l],
                    decay=alpha / m * network.W(asked)[l],
                    W_before=network.W(here)[l],
                    b_before=network.b(here)[l],
                    W_after=None if after is None else network.W(after)[l],
                    b_after=None if after is None else network.b(after)[l],
                    **computed,
                )
                for l, computed in enumerate(layers)
            ),
            before=_costs(network, here, x, y, cost, alpha, m),
            after=None if after is None else _costs(network, after, x, y, cost, alpha, m),
        )
    _freeze(record)
    return record


def _passes(
    network: Network, theta: Array, x: Array, y: Array, cost: Cost
) -> tuple[list[dict[str, Array]], float]:
    """What the forward and the backward pass compute in each layer, and C₀."""
    a = np.array(x, np.float64)
    target = np.array(y, np.float64)
    W, b, L = network.W(theta), network.b(theta), network.L
    layers: list[dict[str, Array]] = []
    for l in range(L):
        sigma = network.activations[l]
        z = W[l] @ a + b[l]
        # softmax is over the units of a column
        value = sigma.value(z[:, None])[:, 0]
        prime = sigma.prime(z, value)
        layers.append({"a_before": a, "z": z, "a": value, "sigma_prime": prime})
        a = value
    output, top = network.activations[-1], layers[-1]
    column = top["z"][:, None], a[:, None], target[:, None]
    # BP1: δ^L = ∇_a C ⊙ σ'(z^L)
    top["arriving"] = output_gradient(top["z"], a, target, cost.name, output.name)
    top["delta"] = cost.delta(*column, output)[:, 0]
    # BP2: δ^l = (W^(l+1))ᵀ δ^(l+1) ⊙ σ'(z^l)
    for l in range(L - 2, -1, -1):
        layers[l]["arriving"] = W[l + 1].T @ layers[l + 1]["delta"]
        layers[l]["delta"] = layers[l]["arriving"] * layers[l]["sigma_prime"]
    # BP4: ∂C/∂W^l = δ^l (a^(l−1))ᵀ
    for layer in layers:
        layer["weight_gradient"] = np.outer(layer["delta"], layer["a_before"])
    return layers, float(cost.total(*column, output))


def output_gradient(z: Array, a: Array, y: Array, cost: str, output: str) -> Array:
    """∇_a C of one example, (n_L,): a − y for the quadratic cost; for the cross-entropy
    −y/a + (1 − y)/(1 − a) of sigmoids and −y/a of a softmax.

    1/a and 1/(1 − a) are had from z, so that a saturated output gives a large number and no
    division by 0.
    """
    if cost == "quadratic":
        return a - y
    if output == "softmax":
        top = z.max()
        softmax: Array = -y * np.exp(top - z + np.log(np.exp(z - top).sum()))
        return softmax
    # a term whose factor is 0 is 0, even where the other one is ∞
    of_one = np.where(y == 0, 0.0, -y * (1 + np.exp(-z)))
    of_nought = np.where(y == 1, 0.0, (1 - y) * (1 + np.exp(z)))
    gradient: Array = of_one + of_nought
    return gradient


def _costs(
    network: Network, theta: Array, x: Array, y: Array, cost: Cost, alpha: float, m: int
) -> Costs:
    column = np.asarray(x, np.float64)[:, None]
    z, a = network.propagate(theta, column)
    target = np.asarray(y, np.float64)[:, None]
    bare = float(cost.total(z[-1], a[-1], target, network.activations[-1]))
    return Costs(bare, l2_term(network, theta, alpha, m))


def _freeze(record: Walkthrough) -> None:
    """Make all arrays read-only."""
    owners: tuple[Walkthrough | LayerWalk, ...] = (record, *record.layers)
    for owner in owners:
        for field in fields(owner):
            value = getattr(owner, field.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
