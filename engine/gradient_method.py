"""What all methods that follow the gradient share: flat arrays, recorded calls, weight decay.

The rule of a method is written once, as the numpy calls that it makes on flat arrays in place.
The ask/tell protocol and the hot path (`engine.descent`) both make these calls; the hot path
binds them to its own arrays, which are scaled by powers of two w (see `engine.plan`):

    stored θ̃ = w θ      stored gradient G = w c ∇C₀

with a constant c that the method chooses, so that η costs no call of its own where it may be part
of the gradient. By the protocol w is 1 throughout.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.optimizer import Gain, Optimizer, check_eta
from engine.schedule import Schedule

Array = NDArray[Any]
Call = Callable[[], Any]
Decay = Literal["coupled", "decoupled"]

NOTHING = (math.nan, math.nan)
"""No η and α/m: equal to none, 0 included, to which a schedule may fall."""


class GradientMethod(Optimizer):
    """θ moves by a rule of its gradient.

    Weight decay is *coupled* where the gradient of the L2 term, (α/m) w, is a part of the gradient
    that the rule sees, and *decoupled* where w ← (1 − ηα/m) w beside the rule (Loshchilov and
    Hutter 2019, "Decoupled weight decay regularization", algorithms 1 and 2).

    Parameters
    ----------
    eta
        Learning rate η > 0.
    decay
        "coupled" or "decoupled".
    schedule
        How η changes over the epochs.
    """

    needs_gradient = True

    def __init__(self, eta: float, decay: Decay, schedule: Schedule | None) -> None:
        check_eta(eta)
        if decay not in ("coupled", "decoupled"):
            raise ValueError(f"`optimizer.decay` must be coupled or decoupled; got {decay!r}")
        self.eta = float(eta)
        self.decay: Decay = decay
        self.schedule = schedule or Schedule()
        self._c = 0.0
        self._set_for = NOTHING
        self._decays = False

    # what a method says of itself

    @abstractmethod
    def _record(self) -> list[Call]:
        """The calls of one update on the stored arrays; its arrays come from `_remember`."""

    @abstractmethod
    def _fix(self, eta: float) -> float:
        """Set the constants of the calls for this η; return c."""

    # binding

    def bind(self, theta: Array, gradient: Array, w: Array, mask: Array) -> None:
        """Record the update on these arrays, all (d,): the stored θ, the stored gradient, the
        scale w of both, and the mask of the weights (1) against the biases (0)."""
        self._theta, self._gradient, self._w, self._mask = theta, gradient, w, mask
        self._memory: dict[str, tuple[Array, Array | None]] = {}
        self._ahead: Array | None = None
        self._scratch = np.empty_like(theta)
        self._shrink = np.ones_like(theta)
        self._pull = np.zeros_like(theta)
        self._set_for = NOTHING
        self._decays = False
        self._rule = self._record()
        self._with_decay = self._decay_calls() + self._rule

    def _remember(self, name: str, *, scaled: bool) -> Array:
        """A further array like θ that begins at 0; `scaled`: it is stored times w, as θ is."""
        array = np.zeros_like(self._theta)
        self._memory[name] = array, self._w if scaled else None
        return array

    def _remember_count(self, name: str) -> Array:
        """A 0-d counter that begins at 0."""
        count = np.zeros((), np.int64)
        self._memory[name] = count, None
        return count

    def _constant(self, value: float) -> Array:
        """A 0-d array, which costs a ufunc half of what a Python float does."""
        return np.array(value, self._theta.dtype)

    def _divisible(self, c: float) -> float:
        """c > 0, but no smaller than what 1/c and c ∇C₀ are finite and precise with; so small a
        step is lost in the rounding of θ anyway."""
        return max(c, math.sqrt(np.finfo(self._theta.dtype).tiny))

    def _decay_calls(self) -> list[Call]:
        if self.decay == "decoupled":
            return self._decoupled()
        # ∇C = ∇C₀ + (α/m) w
        scratch, gradient = self._scratch, self._gradient
        return [
            partial(np.multiply, self._theta, self._pull, scratch),
            partial(np.add, gradient, scratch, gradient),
        ]

    def _decoupled(self) -> list[Call]:
        """w ← (1 − ηα/m) w: a factor for every parameter, 1 for biases. One product over the
        flat θ takes half the time of a product per matrix, whose rows have the bias in between."""
        theta = self._theta
        if self._ahead is None:
            return [partial(np.multiply, theta, self._shrink, theta)]
        # what is stored is θ ahead of itself, but θ is what decays: θ̃ ← θ̃ − (ηα/m) w (θ̃ − ahead)
        scratch = self._scratch
        return [
            partial(np.subtract, theta, self._ahead, scratch),
            partial(np.multiply, scratch, self._pull, scratch),
            partial(np.subtract, theta, scratch, theta),
        ]

    def set_step(self, eta: float, alpha_over_m: float) -> float:
        """Fix η and α/m of the next updates; return the c that the gradient is to be given with."""
        if (eta, alpha_over_m) != self._set_for:
            self._set_for = eta, alpha_over_m
            self._c = self._fix(eta)
            self._decays = alpha_over_m > 0
            np.subtract(1, eta * alpha_over_m * self._mask, self._shrink)
            pull = self._c if self.decay == "coupled" else eta
            np.multiply(self._mask, pull * alpha_over_m, self._pull)
        return self._c

    @property
    def calls(self) -> list[Call]:
        """The calls of one update, once the stored gradient is there."""
        return self._with_decay if self._decays else self._rule

    def write(self, theta: Array) -> None:
        """Begin at θ, remembering nothing."""
        np.multiply(theta, self._w, self._theta)
        for array, _ in self._memory.values():
            array.fill(0)

    def asked(self, out: Array) -> None:
        """Write into `out` the θ at which the next gradient is wanted."""
        np.divide(self._theta, self._w, out)

    def read(self, out: Array) -> None:
        """Write into `out` the θ of now."""
        if self._ahead is None:
            self.asked(out)
        else:
            np.subtract(self._theta, self._ahead, out)
            np.divide(out, self._w, out)

    def set_parameter(self, index: int, value: float) -> None:
        """θ[index] ← value; what is remembered stays."""
        stored = value * self._w[index]
        self._theta[index] = stored if self._ahead is None else stored + self._ahead[index]

    @property
    def looks_ahead(self) -> bool:
        """Whether the gradient is wanted elsewhere than at the θ of now."""
        return self._ahead is not None

    @property
    def arrays(self) -> list[Array]:
        """Everything that changes: the stored θ, and what is remembered."""
        return [self._theta, *(array for array, _ in self._memory.values())]

    # diagnostics

    def _gain(self, gradient: Array) -> Gain:
        """The g of `gains`, where the rule sees this gradient."""
        return 1.0

    def gains(self, gradient: Array, theta: Array, alpha_over_m: float) -> tuple[Gain, Gain]:
        if self.decay == "decoupled":
            return self._gain(gradient), 1.0
        gain = self._gain(gradient + alpha_over_m * self._mask * theta)
        return gain, gain

    # the protocol

    def start(self, theta: Array, mask: Array, rng: np.random.Generator) -> None:
        self.bind(np.empty_like(theta), np.empty_like(theta), np.ones_like(theta), mask)
        self.write(theta)

    def ask(self) -> Array:
        return self._theta[None, :]

    def tell(self, J: Array, gradient: Array | None, eta: float, alpha_over_m: float) -> None:
        assert gradient is not None
        np.multiply(gradient[0], self.set_step(eta, alpha_over_m), self._gradient)
        for call in self.calls:
            call()

    def best(self) -> Array:
        theta = np.empty_like(self._theta)
        self.read(theta)
        return theta

    def state(self) -> dict[str, Array]:
        """θ (where the gradient is wanted next) and what is remembered, not scaled."""
        theta = np.empty_like(self._theta)
        self.asked(theta)
        memory = {
            name: array.copy() if w is None else array / w
            for name, (array, w) in self._memory.items()
        }
        return {"theta": theta, **memory}

    def restore(self, state: dict[str, Array]) -> None:
        np.multiply(state["theta"], self._w, self._theta)
        for name, (array, w) in self._memory.items():
            if w is None:
                np.copyto(array, state[name])
            else:
                np.multiply(state[name], w, array)
