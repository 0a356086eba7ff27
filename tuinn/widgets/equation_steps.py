"""The steps of one update as data: the equation in symbols, and what stands in it.

The axes of an operand are named, so that the same unit is the same row wherever it occurs: a
result whose axes are "j" and "k" has been made of the entries with the same j and k.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.inside.numerical import numerical, relative_difference, too_small
from engine.inside.walkthrough import LayerWalk, Walkthrough
from tuinn.widgets import equation_words as words
from tuinn.widgets.equation_sentence import Sentence
from tuinn.widgets.equation_text import raised, short, shrinking

Array = NDArray[Any]
Read = Callable[[Sequence[int], Sequence[int]], Array]
"""The entries in some rows and columns, as (rows, columns)."""


@dataclass(frozen=True, slots=True, eq=False)
class Operand:
    """A matrix or a vector of an equation, and what stands before it."""

    symbol: str
    shape: tuple[int, int]
    read: Read
    rows: str
    """The axis along its rows, "" where there is only one."""
    columns: str
    before: str = " "
    result: bool = False
    """It has just been computed; of some that have, the first is the one that is selected in."""
    spare: bool = False
    """The equation holds without it as well: it is left out where there is little room."""
    names: tuple[str, ...] = ()
    """Of the rows, where they are no units."""

    @property
    def axes(self) -> set[str]:
        return {axis for axis in (self.rows, self.columns) if axis}


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One equation with its numbers."""

    name: str
    """In the list of steps: "z¹"."""
    part: str
    """What it is a step of: "forward", "BP1"."""
    equation: str
    operands: tuple[Operand, ...]
    explain: Callable[[int, int], list[Sentence]]
    """The entry in this row and column of the result, in numbers."""
    weigh: Callable[[int], Array] | None = None
    """How much each place along the axis "k" matters to a row of the result, (n_k,)."""

    @property
    def result(self) -> Operand | None:
        """What entries are selected in; None where the step is told in words only."""
        return next((operand for operand in self.operands if operand.result), None)

    def size(self, axis: str) -> int:
        """Places along an axis; 1 where the step has no such axis."""
        for operand in self.operands:
            if operand.rows == axis:
                return operand.shape[0]
            if operand.columns == axis:
                return operand.shape[1]
        return 1


@dataclass(slots=True, eq=False)
class Checks:
    """Difference quotients for the entries that have been looked at, each computed once."""

    record: Walkthrough
    known: dict[int, float] = field(default_factory=dict)

    def slopes(self, layer: int, rows: Sequence[int], columns: Sequence[int] | None) -> Array:
        """Of ∂C/∂W^l, (rows, columns); of ∂C/∂b^l, (rows, 1), where ``columns`` is None."""
        entries: Sequence[int | None] = [None] if columns is None else columns
        places = [[self.record.index(layer, row, entry) for entry in entries] for row in rows]
        missing = [i for line in places for i in line if i not in self.known]
        if missing:
            r = self.record
            slopes = numerical(r.network, r.theta, r.x, r.y, r.cost, missing)
            self.known.update(zip(missing, slopes.tolist(), strict=True))
        return np.array([[self.known[i] for i in line] for line in places])


def steps(record: Walkthrough, checks: Checks) -> list[Step]:
    """All the steps of an update, in the order of the textbook."""
    layers, L = record.layers, len(record.layers)
    result: list[Step] = []
    for layer in layers:
        result += [_weighted(layer), _activation(layer), _slope(layer)]
    result.append(_bp1(record))
    result += [_bp2(layers[l], layers[l + 1]) for l in range(L - 2, -1, -1)]
    result += [_bp3(layer, record, checks) for layer in layers]
    result += [_bp4(layer, record, checks) for layer in layers]
    if record.after is None:
        return [*result, _no_step(record)]
    for layer in layers:
        result += [_new_weights(layer, record), _new_biases(layer, record)]
    return [*result, _costs(record)]


def _vector(symbol: str, values: Array, axis: str, before: str = " ", **options: Any) -> Operand:
    return _matrix(symbol, values[:, None], axis, "", before, **options)


def _matrix(
    symbol: str, values: Array, rows: str, columns: str, before: str = " ", **options: Any
) -> Operand:
    def read(r: Sequence[int], c: Sequence[int]) -> Array:
        return values[np.ix_(r, c)]

    shape = values.shape[0], values.shape[1]
    return Operand(symbol, shape, read, rows, columns, before, **options)


def _weighted(layer: LayerWalk) -> Step:
    l, below = raised(layer.layer), raised(layer.layer - 1)
    return Step(
        f"z{l}",
        "forward",
        f"z{l} = W{l} a{below} + b{l}",
        (
            _matrix(f"W{l}", layer.W, "j", "k", ""),
            _vector(f"a{below}", layer.a_before, "k"),
            _vector(f"b{l}", layer.b, "j", " + "),
            _vector(f"z{l}", layer.z, "j", " = ", result=True),
        ),
        lambda j, _: words.weighted(layer, j),
        lambda j: layer.W[j] * layer.a_before,
    )


def _activation(layer: LayerWalk) -> Step:
    l = raised(layer.layer)
    return Step(
        f"a{l}",
        "forward",
        f"a{l} = σ(z{l}),   {words.SIGMA[layer.activation]}",
        (
            _vector(f"z{l}", layer.z, "j", "σ "),
            _vector(f"a{l}", layer.a, "j", " = ", result=True),
        ),
        lambda j, _: words.activation(layer, j),
    )


def _slope(layer: LayerWalk) -> Step:
    l = raised(layer.layer)
    return Step(
        f"σ′(z{l})",
        "forward",
        f"σ′(z{l}) = {words.SLOPE[layer.activation].format(l=l)}",
        (
            _vector(f"z{l}", layer.z, "j", "σ′ "),
            _vector(f"σ′(z{l})", layer.sigma_prime, "j", " = ", result=True),
        ),
        lambda j, _: words.slope(layer, j),
    )


def _bp1(record: Walkthrough) -> Step:
    layer, y = record.layers[-1], record.y
    l = raised(layer.layer)
    delta = _vector(f"δ{l}", layer.delta, "j", " = ", result=True)
    cross = record.cost.name == "cross-entropy"
    if cross:
        cancels = "σ′ cancels"
        equation = f"δ{l} = ∇C ⊙ σ′(z{l}) = a{l} − y   ({record.cost.name}: {cancels})"
        if layer.activation == "softmax":
            equation = f"δ{l} = a{l} − y   (softmax with cross-entropy: {cancels})"
        parts = (_vector(f"a{l}", layer.a, "j", ""), _vector("y", y, "j", " − "), delta)
    else:
        equation = f"δ{l} = ∇C ⊙ σ′(z{l}),   ∇C = a{l} − y   ({record.cost.name})"
        parts = (
            _vector("∇C", layer.arriving, "j", ""),
            _vector(f"σ′(z{l})", layer.sigma_prime, "j", " ⊙ "),
            delta,
        )
    return Step(f"δ{l}", "BP1", equation, parts, lambda j, _: words.bp1(record, j))


def _bp2(layer: LayerWalk, above: LayerWalk) -> Step:
    l, up = raised(layer.layer), raised(above.layer)
    return Step(
        f"δ{l}",
        "BP2",
        f"δ{l} = (W{up})ᵀ δ{up} ⊙ σ′(z{l})",
        (
            _matrix(f"(W{up})ᵀ", above.W.T, "j", "k", ""),
            _vector(f"δ{up}", above.delta, "k"),
            _vector(f"(W{up})ᵀδ{up}", layer.arriving, "j", " ⊙ σ′ = ", spare=True),
            _vector(f"σ′(z{l})", layer.sigma_prime, "j", " ⊙ "),
            _vector(f"δ{l}", layer.delta, "j", " = ", result=True),
        ),
        lambda j, _: words.bp2(layer, above, j),
        lambda j: above.W[:, j] * above.delta,
    )


def _bp3(layer: LayerWalk, record: Walkthrough, checks: Checks) -> Step:
    l, gradient = raised(layer.layer), layer.bias_gradient

    def slopes(r: Sequence[int], c: Sequence[int]) -> Array:
        return checks.slopes(layer.layer, r, None)

    def differences(r: Sequence[int], c: Sequence[int]) -> Array:
        found = zip(gradient[list(r)].tolist(), slopes(r, c)[:, 0].tolist(), strict=True)
        cost = record.before.bare
        return np.array(
            [[np.nan if too_small(g, n, cost) else relative_difference(g, n)] for g, n in found]
        )

    shape = len(gradient), 1
    return Step(
        f"∂C/∂b{l}",
        "BP3",
        f"∂C/∂b{l} = δ{l}",
        (
            _vector(f"δ{l}", layer.delta, "j", ""),
            _vector(f"∂C/∂b{l}", gradient, "j", " = ", result=True),
            Operand("numerical", shape, slopes, "j", "", " ≈ "),
            Operand("rel. diff.", shape, differences, "j", "", "   "),
        ),
        lambda j, _: words.bp3(layer, j, checks.slopes(layer.layer, [j], None)[0, 0], record),
    )


def _bp4(layer: LayerWalk, record: Walkthrough, checks: Checks) -> Step:
    l, below, number = raised(layer.layer), raised(layer.layer - 1), layer.layer
    return Step(
        f"∂C/∂W{l}",
        "BP4",
        f"∂C/∂W{l} = δ{l} (a{below})ᵀ",
        (
            _vector(f"δ{l}", layer.delta, "j", ""),
            _matrix(f"(a{below})ᵀ", layer.a_before[None, :], "", "k"),
            _matrix(f"∂C/∂W{l}", layer.weight_gradient, "j", "k", " = ", result=True),
            Operand(
                "numerical",
                (layer.W.shape[0], layer.W.shape[1]),
                lambda r, c: checks.slopes(number, r, c),
                "j",
                "k",
                " ≈ ",
            ),
        ),
        lambda j, k: words.bp4(layer, j, k, checks.slopes(number, [j], [k])[0, 0], record),
        lambda j: layer.a_before,
    )


def _new_weights(layer: LayerWalk, record: Walkthrough) -> Step:
    assert layer.W_after is not None
    l = raised(layer.layer)
    after = _matrix(f"new W{l}", layer.W_after, "j", "k", " = ", result=True)
    weights = _matrix(f"W{l}", layer.W_before, "j", "k", "")
    if record.method == "sgd":
        factor, eta = shrinking(1 - record.shrink), short(record.eta)
        equation = f"W{l} ← (1 − ηα/m) W{l} − η ∂C/∂W{l},   1 − ηα/m = {factor},   η = {eta}"
        if record.alpha == 0:
            equation = f"W{l} ← W{l} − η ∂C/∂W{l},   η = {eta}   (no decay: α = 0)"
        sign, lead = f" − {eta}·", f"{factor}·" if record.alpha else ""
        weights = _matrix(f"W{l}", layer.W_before, "j", "k", lead)
        gradient = _matrix(f"∂C/∂W{l}", layer.weight_gradient, "j", "k", sign)
        parts = (weights, gradient, after)
    else:
        equation = words.rule(record)
        change = layer.W_after - layer.W_before
        parts = (weights, _matrix(f"ΔW{l}", change, "j", "k", " + "), after)
    return Step(
        f"new W{l}",
        "update",
        equation,
        parts,
        lambda j, k: words.new_weight(layer, record, j, k),
        lambda j: layer.a_before,
    )


def _new_biases(layer: LayerWalk, record: Walkthrough) -> Step:
    assert layer.b_after is not None
    l, eta = raised(layer.layer), short(record.eta)
    if record.method == "sgd":
        equation = f"b{l} ← b{l} − η ∂C/∂b{l},   η = {eta}   (biases do not decay)"
        moved = _vector(f"∂C/∂b{l}", layer.bias_gradient, "j", f" − {eta}·")
    else:
        equation = words.rule(record)
        moved = _vector(f"Δb{l}", layer.b_after - layer.b_before, "j", " + ")
    return Step(
        f"new b{l}",
        "update",
        equation,
        (
            _vector(f"b{l}", layer.b_before, "j", ""),
            moved,
            _vector(f"new b{l}", layer.b_after, "j", " = ", result=True),
        ),
        lambda j, _: words.new_bias(layer, record, j),
    )


def _costs(record: Walkthrough) -> Step:
    assert record.after is not None
    before, after = (
        np.array([costs.bare, costs.l2, costs.total]) for costs in (record.before, record.after)
    )
    names = ("C₀", "L2 term", "C")
    return Step(
        "cost",
        "cost",
        "C = C₀ + α/2m Σ w²   of this example, before and after the update",
        (
            _vector("before", before, "r", "", names=names),
            _vector("after", after, "r", " → ", result=True),
            _vector("change", after - before, "r", "   "),
        ),
        lambda row, _: words.costs(record, row),
    )


def _no_step(record: Walkthrough) -> Step:
    return Step("update", "update", words.rule(record), (), lambda j, k: words.no_step(record))
