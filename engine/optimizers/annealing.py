"""Simulated annealing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.check import require
from engine.optimizer import Figure
from engine.optimizers.search import Search, require_one_of

Array = NDArray[Any]

COOLINGS = ("geometric", "linear", "logarithmic", "constant")

LOW, HIGH = 0.234, 0.44
"""The acceptance at which a chain mixes best: 0.44 in one dimension (Gelman, Roberts and Gilks
1996), falling to 0.234 in many (Roberts, Gelman and Gilks 1997)."""
FACTOR = 1.5
"""By which the step is changed after a chain whose acceptance lies outside these two."""
NARROWEST, WIDEST = 1e-6, 10.0
"""Limits of the adapted step, in units of the first: where the cost is flat everything is
accepted, and nothing else would hold it."""


class Annealing(Search):
    """One point wanders; uphill steps are accepted the less often, the lower the temperature T.

    A proposal is θ + s N(0, 1) in all coordinates at once. It is accepted with probability
    min(1, e^(−(C' − C)/T)), C' being its cost and C that of θ (Metropolis et al. 1953); then the
    samples follow e^(−C/T) at a fixed T. T falls from one chain of `chain` proposals to the next
    (Kirkpatrick, Gelatt and Vecchi 1983); after t chains it is, with c = `cooling_rate`,

        geometric     T₀ c^t
        linear        T₀ max(0, 1 − (1 − c) t)
        logarithmic   T₀ ln 2 / ln(2 + t)       (Geman and Geman 1984)
        constant      T₀

    At T = 0 only what is no worse is accepted. `best` is the best point seen, `position` the one
    where it stands.

    Parameters
    ----------
    temperature
        T₀ > 0, in units of the cost. At 0.1 a proposal that is worse by 0.1 is accepted in one of
        e cases; a θ of many weights wants less, since almost all its proposals are worse.
    cooling
        "geometric", "linear", "logarithmic" or "constant".
    cooling_rate
        c, > 0 and < 1, of the geometric and the linear cooling.
    chain
        Proposals at one temperature, at least 1.
    step
        s > 0, the deviation of a proposal along one coordinate; the first one, where it is adapted.
    adapt
        Whether s is changed after each chain, so that between 0.234 and 0.44 of the proposals are
        accepted.
    """

    name = "annealing"
    epoch_word = "chain"
    figures = (
        Figure("temperature", "temperature T", log=True, help="T of the proposals made now"),
        Figure(
            "acceptance",
            "acceptance",
            log=False,
            help="Share of the proposals of the last chain that were accepted",
        ),
    )

    def __init__(
        self,
        temperature: float = 0.1,
        cooling: str = "geometric",
        cooling_rate: float = 0.95,
        chain: int = 50,
        step: float = 0.5,
        adapt: bool = True,
    ) -> None:
        super().__init__()
        require("optimizer.temperature", temperature, above=0)
        require_one_of("optimizer.cooling", cooling, COOLINGS)
        require("optimizer.cooling_rate", cooling_rate, above=0, below=1)
        require("optimizer.chain", chain, whole=True, at_least=1)
        require("optimizer.step", step, above=0)
        self.temperature, self.cooling, self.cooling_rate = temperature, cooling, cooling_rate
        self.chain, self.step, self.adapt = chain, step, adapt
        self.updates_per_epoch = chain
        self._theta: Array = np.empty(0)
        self._step = step
        self._chains, self._evaluated, self._proposed, self._accepted = 0, 0, 0, 0
        self._acceptance = math.nan

    def _begin(self, theta: Array) -> Array:
        self._theta, self._step = theta, self.step
        self._chains, self._evaluated, self._proposed, self._accepted = 0, 0, 0, 0
        self._acceptance = math.nan
        return theta[None, :]

    def _next(self, J: Array) -> Array:
        self._evaluated += 1
        if not self._costs.size:
            # that of the first θ, which is no proposal but takes one's place in the first chain
            self._costs = J
        else:
            self._judge(J)
        if self._evaluated >= self.chain:
            self._end_chain()
        return self._theta + self._step * self._rng.standard_normal((1, self._theta.size))

    def _known(self) -> tuple[Array, Array]:
        return self._theta[None, :], self._costs

    def _judge(self, J: Array) -> None:
        """Accept the proposal of cost J (1,), or not."""
        self._proposed += 1
        if self._accepts(float(J[0]), float(self._costs[0])):
            self._accepted += 1
            self._theta, self._costs = self._points[0], J

    def _accepts(self, proposed: float, current: float) -> bool:
        T = self._temperature
        if proposed <= current or T == 0:
            return proposed <= current
        return bool(self._rng.random() < math.exp(-(proposed - current) / T))

    def _end_chain(self) -> None:
        self._acceptance = self._accepted / self._proposed if self._proposed else math.nan
        self._chains += 1
        self._evaluated, self._proposed, self._accepted = 0, 0, 0
        if self.adapt:
            if self._acceptance > HIGH:
                self._step = min(self._step * FACTOR, WIDEST * self.step)
            elif self._acceptance < LOW:
                self._step = max(self._step / FACTOR, NARROWEST * self.step)

    @property
    def _temperature(self) -> float:
        t, c = self._chains, self.cooling_rate
        if self.cooling == "geometric":
            return self.temperature * c**t
        if self.cooling == "linear":
            return self.temperature * max(0.0, 1 - (1 - c) * t)
        if self.cooling == "logarithmic":
            return self.temperature * math.log(2) / math.log(2 + t)
        return self.temperature

    def position(self) -> Array:
        return self._theta.astype(self._dtype, copy=False)

    def _figures(self) -> tuple[float, ...]:
        return self._temperature, self._acceptance

    def _memory(self) -> dict[str, Array]:
        return {
            "theta": self._theta.copy(),
            "step": np.array(self._step),
            "counters": np.array([self._chains, self._evaluated, self._proposed, self._accepted]),
            "acceptance": np.array(self._acceptance),
        }

    def _remember(self, memory: dict[str, Array]) -> None:
        self._theta, self._step = memory["theta"].copy(), float(memory["step"])
        counters = map(int, memory["counters"])
        self._chains, self._evaluated, self._proposed, self._accepted = counters
        self._acceptance = float(memory["acceptance"])
