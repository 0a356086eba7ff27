"""The gradient, recorded once as a list of numpy calls and replayed without allocation.

For a small network the cost of an update is the number of Python calls, not the arithmetic. A
plan belongs to one (network, cost, number of columns k). Every operand of its calls, and every
result, is a buffer bound when the plan is made.

Three things keep the calls few:

- The bias is folded into V = [W b]: activations are stored with a last row that stays constant.
- σ(z) = (1 + tanh(z/2)) / 2 has three factors of two. They are moved into what is stored, layer
  by layer, so that a sigmoid layer costs a `tanh` and an addition:

      stored Ã^l = s_l a^l      stored Ṽ^l = w_l V^l      stored Ẽ^l = e_l δ^l

  All factors are powers of two, so nothing is rounded differently on their account.
- The factors are chosen so that one number turns every layer's Ẽ^l (Ã^(l−1))ᵀ into the stored
  gradient w_l c ∂C/∂V^l. It is applied once, to Ẽ^L; with c = η the update of plain descent is one
  subtraction over the flat θ. What follows the gradient is the method's: `engine.gradient_method`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.costs import Cost
from engine.network import Network

Array = NDArray[Any]
Call = Callable[[], Any]
Batch = tuple[Array, Array, Array]
"""x (k, n_0 + 1), its transpose, and y (n_L, k), in the scale that `Scale` says."""


class Scale:
    """The powers of two by which the stored arrays exceed the textbook's.

    Attributes
    ----------
    s
        Of the activations a^0…a^(L−1).
    w
        Of the matrices V^1…V^L.
    ratio
        What σ'(z^l) of the hidden layers must be multiplied with besides, so that all layers
        share one step; 1 throughout for sigmoid networks.
    step
        The common factor F: w_l ∂C/∂V^l = F Ẽ^l (Ã^(l−1))ᵀ.
    """

    def __init__(self, network: Network, cost: Cost) -> None:
        names = [sigma.name for sigma in network.activations]
        self._prime = [4.0 if name == "sigmoid" else 1.0 for name in names]
        self._names = names
        self._choose(1.0)
        if self.ratio:
            # the first layer's ratio falls with the square of the input's scale
            root = float(np.sqrt(self.ratio[0]))
            if np.log2(root).is_integer():
                self._choose(root)
        # what BP1 gives in terms of t = 2a − 1 for a sigmoid output
        of_sigmoid = 8.0 if cost.name == "quadratic" else 2.0
        e = of_sigmoid if names[-1] == "sigmoid" else 1.0
        self.step = self.w[-1] / (e * self.s[-1])

    def _choose(self, s_input: float) -> None:
        names, prime = self._names, self._prime
        s = [s_input] + [2.0 if name == "sigmoid" else 1.0 for name in names[:-1]]
        w = [(0.5 if name == "sigmoid" else 1.0) / s_l for name, s_l in zip(names, s, strict=True)]
        self.s, self.w = s, w
        self.ratio = [
            w[i] * s[i + 1] / (s[i] * prime[i] * w[i + 1] ** 2) for i in range(len(names) - 1)
        ]


class Plan:
    """The calls of one forward and backward pass over k columns.

    Parameters
    ----------
    network, cost
        What is trained.
    k
        Columns: the examples of a mini-batch, or of a part of a large one.
    theta
        The stored parameters Ṽ, flat; updated in place, shared by the plans of a run.
    gradient
        Buffer for the stored gradient, flat like θ.
    """

    def __init__(self, network: Network, cost: Cost, k: int, theta: Array, gradient: Array) -> None:
        self.k = k
        self._network = network
        self._scale = Scale(network, cost)
        self._theta, self._gradient = theta, gradient
        self._step = np.array(1.0, network.dtype)
        self._buffers()
        self._constants = {n: np.array(n, network.dtype) for n in (0.0, 1.0, 2.0)}
        self._record_forward()
        self._record_delta(cost)
        self._record_backward()

    @property
    def calls(self) -> int:
        """Numpy calls of one gradient on a mini-batch that lies ready."""
        return 1 + len(self._forward) + 1 + len(self._backward) + 1

    def set_step(self, c: float, examples: int) -> None:
        """Fix the factor c of the stored gradient, and the number of examples that the gradient is
        averaged over."""
        self._step[...] = c / examples * self._scale.step

    def descend(self, batches: Iterable[Batch], update: list[Call]) -> None:
        """The gradient on each mini-batch, followed by the calls of `update`."""
        z_first, first, output, delta = self._z_first, self._first, self._output, self._delta
        forward, backward, last = self._forward, self._backward, self._last
        subtract, gradient_first = np.subtract, self._gradient_first
        for x, x_transposed, y in batches:
            first(x_transposed, z_first)
            for call in forward:
                call()
            subtract(output, y, delta)
            for call in backward:
                call()
            last(x, gradient_first)
            for call in update:
                call()

    def accumulate(self, batch: Batch, total: Array) -> None:
        """Add the stored gradient over the batch to `total` (flat like θ)."""
        x, x_transposed, y = batch
        self._first(x_transposed, self._z_first)
        for call in self._forward:
            call()
        np.subtract(self._output, y, self._delta)
        for call in self._backward:
            call()
        self._last(x, self._gradient_first)
        np.add(total, self._gradient, total)

    def _buffers(self) -> None:
        """One block holds all hidden activations, so that their σ' are had in two calls."""
        k, dtype, scale = self.k, self._network.dtype, self._scale
        hidden = self._network.sizes[1:-1]
        rows = sum(n + 1 for n in hidden)
        self._block = np.zeros((rows, k), dtype)
        self._block_prime = np.zeros((rows, k), dtype)
        self._hidden: list[Array] = []
        self._prime: list[Array] = []
        start = 0
        for n, s in zip(hidden, scale.s[1:], strict=True):
            a = self._block[start : start + n + 1]
            a[-1] = s
            self._hidden.append(a)
            self._prime.append(self._block_prime[start : start + n + 1])
            start += n + 1
        self._output = np.empty((self._network.sizes[-1], k), dtype)
        self._delta = np.empty_like(self._output)
        self._column_sum = np.empty(k, dtype)

    def _record_forward(self) -> None:
        """z^l = W^l a^(l−1) + b^l, a^l = σ(z^l); the first product takes the mini-batch."""
        V = self._network.V(self._theta)
        a = [h[:-1] for h in self._hidden] + [self._output]
        self._first, self._z_first = V[0].dot, a[0]
        calls: list[Call] = []
        for l, sigma in enumerate(self._network.activations):
            if l > 0:
                calls.append(partial(V[l].dot, self._hidden[l - 1], a[l]))
            calls += self._activation_calls(sigma.name, a[l], hidden=l < self._network.L - 1)
        self._forward = calls

    def _activation_calls(self, name: str, a: Array, *, hidden: bool) -> list[Call]:
        """σ in place, on an array that holds z (of a sigmoid: z/2)."""
        zero, one = self._constants[0.0], self._constants[1.0]
        if name == "sigmoid":
            # t = tanh(z/2); hidden layers store t + 1 = 2a, the output stays t = 2a − 1
            tanh: list[Call] = [partial(np.tanh, a, a)]
            return [*tanh, partial(np.add, a, one, a)] if hidden else tanh
        if name == "tanh":
            return [partial(np.tanh, a, a)]
        if name == "relu":
            return [partial(np.maximum, a, zero, out=a)]
        if name == "softmax":
            column = self._column_sum
            return [
                partial(np.maximum.reduce, a, 0, None, column),
                partial(np.subtract, a, column, a),
                partial(np.exp, a, a),
                partial(np.add.reduce, a, 0, None, column),
                partial(np.divide, a, column, a),
            ]
        return []

    def _record_delta(self, cost: Cost) -> None:
        """BP1: δ^L = ∇_a C ⊙ σ'(z^L), then times the step; a − y itself takes the mini-batch."""
        delta, a = self._delta, self._output
        name = self._network.activations[-1].name
        calls: list[Call] = []
        if cost.name == "quadratic" and name in ("sigmoid", "tanh"):
            prime, one = np.empty_like(a), self._constants[1.0]
            calls = [
                partial(np.multiply, a, a, prime),
                partial(np.subtract, one, prime, prime),
                partial(np.multiply, delta, prime, delta),
            ]
        elif cost.name == "quadratic" and name == "relu":
            prime = np.empty_like(a)
            calls = [partial(np.sign, a, prime), partial(np.multiply, delta, prime, delta)]
        self._backward: list[Call] = [*calls, partial(np.multiply, delta, self._step, delta)]

    def _record_backward(self) -> None:
        """BP2 and BP4 (with BP3 in the last column); the first layer's BP4 takes the mini-batch."""
        network = self._network
        calls = self._backward
        calls += self._prime_calls()
        V, G = network.V(self._theta), network.V(self._gradient)
        delta = self._delta
        for l in range(network.L - 1, 0, -1):
            # BP4: ∂C/∂V^(l+1) = δ^(l+1) ([a^l; 1])ᵀ, before δ^l is needed
            calls.append(partial(delta.dot, self._hidden[l - 1].T, G[l]))
            # BP2: δ^l = (W^(l+1))ᵀ δ^(l+1) ⊙ σ'(z^l)
            # with all of V, which is contiguous: BLAS would have to be given a copy of W. The row
            # of the bias is left unused.
            with_bias = np.empty((network.sizes[l] + 1, self.k), network.dtype)
            calls.append(partial(V[l].T.dot, delta, with_bias))
            before = with_bias[:-1]
            if network.activations[l - 1].name != "identity" or self._scale.ratio[l - 1] != 1:
                calls.append(partial(np.multiply, before, self._prime[l - 1][:-1], before))
            delta = before
        self._last, self._gradient_first = delta.dot, G[0]

    def _prime_calls(self) -> list[Call]:
        """σ'(z^l) of the hidden layers: all in one block where they are alike."""
        names = [sigma.name for sigma in self._network.activations[:-1]]
        if not names:
            return []
        calls: list[Call] = []
        if len(set(names)) == 1:
            calls += self._prime_call(names[0], self._block, self._block_prime)
        else:
            for name, a, prime in zip(names, self._hidden, self._prime, strict=True):
                calls += self._prime_call(name, a, prime)
        for ratio, name, prime in zip(self._scale.ratio, names, self._prime, strict=True):
            factor = np.array(ratio, self._network.dtype)
            if name == "identity":
                prime[...] = factor
            elif ratio != 1:
                calls.append(partial(np.multiply, prime, factor, prime))
        return calls

    def _prime_call(self, name: str, a: Array, prime: Array) -> list[Call]:
        one, two = self._constants[1.0], self._constants[2.0]
        if name == "sigmoid":
            # (2 − 2a) 2a = 4σ'
            return [partial(np.subtract, two, a, prime), partial(np.multiply, prime, a, prime)]
        if name == "tanh":
            return [partial(np.multiply, a, a, prime), partial(np.subtract, one, prime, prime)]
        if name == "relu":
            return [partial(np.sign, a, prime)]
        return []
