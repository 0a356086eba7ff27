"""L-BFGS, the yardstick of smooth optimisation, as a machine that can be asked and resumed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.check import require
from engine.optimizer import Optimizer

Array = NDArray[Any]

ARMIJO, WOLFE = 1e-4, 0.9
"""c₁ and c₂ of the two conditions on a step."""
MOST_TRIALS = 40
"""Trial steps along one direction: 2^−40 of a step is nothing in float64."""
PERTURBED = 5.0
"""Rounding of a cost, in units of its relative precision, which must not refuse a step."""
FLAT = 1e-15
"""Pairs s, y whose cosine is no more than this are rounding, and no curvature."""


class LBFGS(Optimizer):
    """θ ← θ + t p with p = −H ∇C, H from the last pairs s = Δθ, y = Δ∇C.

    Sources: Nocedal and Wright 2006, "Numerical Optimization", algorithm 7.4 (the two loops that
    give H ∇C without forming H) and equation 7.20 (H⁰ = (sᵀy / yᵀy) I). The step t satisfies
    the weak Wolfe conditions

        C(θ + t p) ≤ C(θ) + c₁ t ∇Cᵀp      ∇C(θ + t p)ᵀp ≥ c₂ ∇Cᵀp

    and is found by doubling and bisection, Lewis and Overton 2013, algorithm 4.6. Every trial
    step is one evaluation of C and ∇C, so that an update is one evaluation here as everywhere. A
    trial whose cost or slope is not finite counts as too long. Where a direction has no such step
    within 40 trials, the longest that satisfies the first condition is taken; where there is none,
    the pairs are forgotten.

    All is computed in float64, whatever the precision of θ; what is asked for has that of θ. After
    a change of α the search for a step begins again, C and ∇C being known but for their L2 term.

    Written out and not taken from scipy: its L-BFGS-B calls the cost itself, so that it can neither
    be asked for a point nor be stopped in the middle and go on exactly.

    Parameters
    ----------
    memory
        Pairs (s, y) that are kept, ≥ 1.
    """

    name = "lbfgs"
    needs_gradient = True
    whole = True
    epoch_word = "evaluation"
    sizes = ("memory",)

    def __init__(self, memory: int = 10) -> None:
        require("optimizer.memory", memory, whole=True, at_least=1)
        self.memory = int(memory)

    def start(self, theta: Array, mask: Array, rng: np.random.Generator) -> None:
        d = len(theta)
        self._mask, self._dtype = mask, theta.dtype
        self._theta = theta.astype(np.float64)
        self._gradient: Array = np.zeros(d)
        self._direction: Array = np.zeros(d)
        self._s, self._y = np.zeros((self.memory, d)), np.zeros((self.memory, d))
        self._pairs = 0
        self._J = np.nan
        """C(θ); NaN before anything is known."""
        self._alpha_over_m = 0.0
        """Of the L2 term in C(θ)."""
        self._t, self._low, self._high = 0.0, 0.0, np.inf
        self._trials = 0

    def ask(self) -> Array:
        trial: Array = self._theta + self._t * self._direction
        return trial.astype(self._dtype, copy=False)[None, :]

    def tell(self, J: Array, gradient: Array | None, eta: float, alpha_over_m: float) -> None:
        assert gradient is not None
        # as it was rounded to be evaluated
        theta = self.ask()[0].astype(np.float64)
        cost = float(J[0])
        dC = gradient[0] + alpha_over_m * self._mask * theta
        if np.isnan(self._J):
            self._J, self._gradient, self._alpha_over_m = cost, dC, alpha_over_m
            self._aim()
        elif alpha_over_m != self._alpha_over_m:
            self._change_decay(alpha_over_m)
        else:
            self._judge(theta, cost, dC)

    def _change_decay(self, alpha_over_m: float) -> None:
        """Give C and ∇C the L2 term of another α, and aim anew."""
        change, self._alpha_over_m = alpha_over_m - self._alpha_over_m, alpha_over_m
        decaying = self._mask * self._theta
        self._J += change / 2 * float(decaying @ self._theta)
        self._gradient = self._gradient + change * decaying
        self._begin_again()

    def _judge(self, theta: Array, cost: float, dC: Array) -> None:
        """Accept the trial step, or choose the next one."""
        self._trials += 1
        slope = float(self._gradient @ self._direction)
        slope_there = float(dC @ self._direction)
        rounding = PERTURBED * float(np.finfo(self._dtype).eps) * abs(self._J)
        allowed = self._J + ARMIJO * self._t * slope + rounding
        if not (np.isfinite([cost, slope_there]).all() and cost <= allowed):
            self._high = self._t
        elif slope_there < WOLFE * slope and self._trials < MOST_TRIALS:
            self._low = self._t
        else:
            self._accept(theta, cost, dC)
            return
        if self._trials < MOST_TRIALS:
            self._t = 2 * self._low if np.isinf(self._high) else (self._low + self._high) / 2
        elif self._trials == MOST_TRIALS and self._low > 0:
            self._t = self._low
        else:
            self._begin_again()

    def _accept(self, theta: Array, cost: float, dC: Array) -> None:
        s, y = theta - self._theta, dC - self._gradient
        if float(s @ y) > FLAT * float(np.sqrt(s @ s) * np.sqrt(y @ y)):
            self._s[1:], self._y[1:] = self._s[:-1].copy(), self._y[:-1].copy()
            self._s[0], self._y[0] = s, y
            self._pairs = min(self._pairs + 1, self.memory)
        self._theta, self._J, self._gradient = theta, cost, dC
        self._aim()

    def _begin_again(self) -> None:
        """From the bare gradient: what is remembered has led to no step, or holds no more."""
        self._pairs = 0
        self._aim()

    def _aim(self) -> None:
        """The next direction, and the first step to try along it."""
        self._direction = -self._inverse_hessian_times(self._gradient)
        if not self._direction @ self._gradient < 0:
            # uphill, by rounding
            self._pairs, self._direction = 0, -self._gradient
        if not np.isfinite(self._J + self._direction @ self._gradient):
            # there is nothing to compare a step with; what is asked for now says so
            self._direction = np.full_like(self._direction, np.nan)
        self._trials, self._low, self._high = 0, 0.0, np.inf
        length = float(np.sqrt(self._gradient @ self._gradient))
        # with no pair there is no scale: a first step of length 1 at most
        self._t = 1.0 if self._pairs or length <= 1 else 1 / length

    def _inverse_hessian_times(self, q: Array) -> Array:
        """H q by the two loops; the newest pair stands first."""
        q, alphas = q.copy(), []
        for s, y in zip(self._s[: self._pairs], self._y[: self._pairs], strict=True):
            alphas.append((s @ q) / (s @ y))
            q -= alphas[-1] * y
        if self._pairs:
            s, y = self._s[0], self._y[0]
            q *= (s @ y) / (y @ y)
        for i in reversed(range(self._pairs)):
            s, y = self._s[i], self._y[i]
            q += (alphas[i] - (y @ q) / (s @ y)) * s
        return q

    def best(self) -> Array:
        return self._theta.astype(self._dtype, copy=False)

    def state(self) -> dict[str, Array]:
        return {
            "theta": self._theta.copy(),
            "gradient": self._gradient.copy(),
            "direction": self._direction.copy(),
            "s": self._s.copy(),
            "y": self._y.copy(),
            "search": np.array([self._J, self._t, self._low, self._high, self._alpha_over_m]),
            "counts": np.array([self._pairs, self._trials]),
        }

    def restore(self, state: dict[str, Array]) -> None:
        for name in ("theta", "gradient", "direction", "s", "y"):
            setattr(self, f"_{name}", state[name].copy())
        self._J, self._t, self._low, self._high, self._alpha_over_m = map(float, state["search"])
        self._pairs, self._trials = (int(n) for n in state["counts"])
