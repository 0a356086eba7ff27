"""The hot path: a gradient method over a training set, in mini-batches of any size.

It does what the method does through the ask/tell protocol, by replaying a `Plan` and then the
method's own calls; the results are the same up to rounding.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.costs import Cost
from engine.gradient_method import GradientMethod
from engine.network import CHUNK, Network
from engine.plan import Batch, Plan, Scale
from engine.rule import Done

Array = NDArray[Any]

GATHER_BYTES = 600_000
"""Training sets up to this size are put in order once per epoch; larger ones row by row."""


class Descent:
    """Holds the training set in the plan's scale, the stored θ, and a plan per mini-batch size.

    The method is bound to these arrays for as long as the descent goes on.

    Parameters
    ----------
    X, Y
        The training set, (m, n_0) and (m, n_L).
    """

    def __init__(
        self, network: Network, cost: Cost, X: Array, Y: Array, method: GradientMethod
    ) -> None:
        self._network, self._cost, self._method = network, cost, method
        self.m = len(X)
        scale = Scale(network, cost)
        self._X = np.empty((self.m, network.sizes[0] + 1), network.dtype)
        self._X[:, :-1] = X
        self._X[:, -1] = 1
        self._X *= scale.s[0]
        sigmoid_output = network.activations[-1].name == "sigmoid"
        self._Y = np.ascontiguousarray(2 * Y - 1 if sigmoid_output else Y, network.dtype)
        factors = np.empty(network.parameters, network.dtype)
        for V, w in zip(network.V(factors), scale.w, strict=True):
            V[...] = w
        self._theta = np.empty_like(factors)
        self._gradient = np.empty_like(factors)
        self._total = np.empty_like(factors)
        method.bind(self._theta, self._gradient, factors, network.weight_mask())
        self._kept: list[Array] = []
        self._plans: dict[int, Plan] = {}
        self._gathers = self._X.nbytes <= GATHER_BYTES
        self._X_epoch = np.empty_like(self._X) if self._gathers else self._X
        self._Y_epoch = np.empty_like(self._Y)
        self._order: Array = np.empty(0, np.intp)
        self._in_order = False
        self._targets: dict[tuple[int, int], Array] = {}
        self._arranged: tuple[int, int] | None = None
        self._views: dict[tuple[int, int], list[Batch]] = {}
        self._rows: dict[int, Array] = {}

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: without the plans, whose calls are bound to views of these very
        arrays; they are recorded anew where they are needed."""
        bound: dict[str, Any] = {
            "_plans": {},
            "_targets": {},
            "_arranged": None,
            "_views": {},
            "_rows": {},
        }
        return self.__dict__ | bound

    def load(self, theta: Array) -> None:
        """Begin at θ."""
        self._method.write(theta)

    def store(self, theta: Array) -> None:
        """Write θ as it is now into `theta`."""
        self._method.read(theta)

    def set_parameter(self, index: int, value: float) -> None:
        """θ[index] ← value; what the method remembers stays."""
        self._method.set_parameter(index, value)

    def asked(self, theta: Array) -> None:
        """Write the θ at which the next gradient is taken into `theta`."""
        self._method.asked(theta)

    def keep(self) -> None:
        """Remember the descent as it is now, for `go_back`."""
        arrays = self._method.arrays
        if not self._kept:
            self._kept = [np.empty_like(array) for array in arrays]
        for kept, array in zip(self._kept, arrays, strict=True):
            np.copyto(kept, array)

    def go_back(self) -> None:
        """Be again what was kept last."""
        for kept, array in zip(self._kept, self._method.arrays, strict=True):
            np.copyto(array, kept)

    def finite(self) -> bool:
        """Whether all parameters are finite numbers."""
        # one number tells it, unless the sum of squares itself overflows
        return bool(np.isfinite(self._theta.dot(self._theta)) or np.isfinite(self._theta).all())

    def state(self) -> dict[str, Array]:
        """What there is beside θ to go on exactly."""
        state = self._method.state()
        if not self._method.looks_ahead:
            del state["theta"]
        return state

    def restore(self, state: dict[str, Array]) -> None:
        """Go on from what `state` gave, after `load`."""
        theta = np.empty_like(self._theta)
        self._method.asked(theta)
        self._method.restore({"theta": theta, **state})

    def plan(self, k: int) -> Plan:
        """The plan for k columns."""
        if k not in self._plans:
            self._plans[k] = Plan(self._network, self._cost, k, self._theta, self._gradient)
        return self._plans[k]

    def set_order(self, order: Array) -> None:
        """The order of the examples in this epoch, a permutation of 0…m−1."""
        self._order = order
        # as a full batch leaves it; a shuffled order is told by its ends, nearly always
        self._in_order = bool(
            order[0] == 0 and order[-1] == self.m - 1 and (np.diff(order) == 1).all()
        )
        self._Y.take(order, 0, self._Y_epoch, "clip")
        self._arranged = None
        if self._gathers:
            self._X.take(order, 0, self._X_epoch, "clip")

    def run(
        self, start: int, stop: int, k: int, eta: float, alpha_over_m: float, budget: float = inf
    ) -> Done:
        """The updates over the examples start…stop of the order, k at a time; none is begun once
        `budget` evaluations are made.

        The last mini-batch is smaller where k does not divide stop − start; its gradient is
        averaged over the examples it has.
        """
        if budget * k < stop - start:
            stop = start + int(budget) * k
        c = self._method.set_step(eta, alpha_over_m)
        ragged = (stop - start) % k
        self._run(start, stop - ragged, k, c)
        if ragged:
            self._run(stop - ragged, stop, ragged, c)
        updates = -((start - stop) // k)
        return Done(updates, updates)

    def _run(self, start: int, stop: int, k: int, c: float) -> None:
        if start == stop:
            return
        if k > CHUNK:
            for first in range(start, stop, k):
                self._large(first, first + k, c)
            return
        plan, update = self.plan(k), self._method.calls
        plan.set_step(c, k)
        if stop - start == k:
            plan.descend([self._single(start, stop)], update)
        elif self._gathers:
            plan.descend(self._ready(start, stop, k), update)
        else:
            plan.descend(self._taken(start, stop, k), update)

    def _large(self, start: int, stop: int, c: float) -> None:
        """One update over many examples: gradients of parts that stay in cache are added up."""
        self._total.fill(0)
        for first in range(start, stop, CHUNK):
            last = min(first + CHUNK, stop)
            plan = self.plan(last - first)
            plan.set_step(c, stop - start)
            plan.accumulate(self._single(first, last), self._total)
        np.copyto(self._gradient, self._total)
        for call in self._method.calls:
            call()

    def _arrange(self, k: int, offset: int) -> Array:
        """The targets of the epoch's mini-batches from `offset` on, each (n_L, k), contiguous."""
        count = (self.m - offset) // k
        if (k, offset) not in self._targets:
            shape = (count, self._Y.shape[1], k)
            self._targets[k, offset] = np.empty(shape, self._Y.dtype)
        if self._arranged != (k, offset):
            rows = self._Y_epoch[offset : offset + count * k]
            targets = rows.reshape(count, k, -1).transpose(0, 2, 1)
            np.copyto(self._targets[k, offset], targets)
            self._arranged = k, offset
        return self._targets[k, offset]

    def _single(self, start: int, stop: int) -> Batch:
        """One mini-batch by itself."""
        if self._gathers or self._in_order:
            x = self._X_epoch[start:stop]
        else:
            x = self._rows_of(stop - start)
            self._X.take(self._order[start:stop], 0, x, "clip")
        return x, x.T, np.ascontiguousarray(self._Y_epoch[start:stop].T)

    def _ready(self, start: int, stop: int, k: int) -> list[Batch]:
        """Views of the rows already put in order; made once per mini-batch size and offset."""
        offset = start % k
        targets = self._arrange(k, offset)
        if (k, offset) not in self._views:
            rows = [self._X_epoch[i : i + k] for i in range(offset, self.m - k + 1, k)]
            self._views[k, offset] = [(x, x.T, y) for x, y in zip(rows, targets, strict=True)]
        first = (start - offset) // k
        return self._views[k, offset][first : first + (stop - start) // k]

    def _taken(self, start: int, stop: int, k: int) -> Iterator[Batch]:
        """The rows of one mini-batch after another, copied into one buffer."""
        x = self._rows_of(k)
        offset = start % k
        targets = self._arrange(k, offset)
        x_transposed, order, take = x.T, self._order, self._X.take
        for i in range(start, stop, k):
            take(order[i : i + k], 0, x, "clip")
            yield x, x_transposed, targets[(i - offset) // k]

    def _rows_of(self, k: int) -> Array:
        """The buffer (k, n_0 + 1) for rows that are copied before each mini-batch of that size."""
        if k not in self._rows:
            self._rows[k] = np.empty((k, self._X.shape[1]), self._X.dtype)
        return self._rows[k]
