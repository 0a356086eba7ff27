"""An optimiser at work on a surface of two parameters, by the ask/tell protocol."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.check import require
from engine.optimizer import Optimizer
from engine.surfaces import REACHED, Surface
from engine.trail import Trail

Array = NDArray[Any]

AT_MINIMUM = 1e-3
"""A walk ends at a global minimum that is at most this far, when its last update moved it by no
more than that: one that rushes through a minimum is not at it."""
AT_REST = 1e-8
"""A descent ends where ‖∇C‖ and its last step are both at most this."""
FAR = 1000
"""A walk has diverged when it is this many widths of the map from its centre."""
OPTIMIZER = "optimizer."
"""What the names of the optimiser's arrays begin with in a dump."""


class Walk:
    """One optimiser on one surface, and all of its state.

    Every point that the optimiser asks for is one evaluation, whether of the cost alone or of the
    cost and its gradient. What `cost` and `gradient` show of the position is not counted: the
    optimiser does not see it. η is the optimiser's own at every update, without its schedule, and
    there is no L2 term.

    Parameters
    ----------
    surface
        The cost.
    optimizer
        What looks for its minimum; it is started anew.
    start
        (x, y), two finite numbers; the surface's own by default.
    seed
        Of all that the optimiser draws by chance.
    budget
        Evaluations ≥ 1 after which the walk ends; looked at after each update, so that a
        population is never evaluated in part. None: it goes on until it is somewhere.

    Raises
    ------
    ValueError
        Where a value is out of range; the message names the field.
    """

    def __init__(
        self,
        surface: Surface,
        optimizer: Optimizer,
        start: tuple[float, float] | Array | None = None,
        seed: int = 0,
        budget: int | None = None,
    ) -> None:
        # its own, so that no other walk moves it
        self.surface, self.optimizer = surface, deepcopy(optimizer)
        begin = np.array(surface.start if start is None else start, dtype=float)
        if begin.shape != (2,) or not np.isfinite(begin).all():
            raise ValueError(f"`start` must be two finite numbers x, y; got {start}")
        if budget is not None:
            require("budget", budget, whole=True, at_least=1)
        require("seed", seed, whole=True, at_least=0)
        self.budget = budget
        self.update = 0
        self.evaluations = 0
        self.finished: str | None = None
        self._end: str | None = None
        self._position = self._best = begin
        self._cloud = begin[None, :]
        self._trail = Trail(begin)
        self._seen: tuple[float, Array] | None = None
        self.optimizer.start(begin.copy(), np.zeros(2), np.random.default_rng(seed))

    @property
    def position(self) -> Array:
        """Where it stands, (2,); of a population its best."""
        return self._position

    @property
    def best(self) -> Array:
        """The best point so far, (2,); of a descent where it has come to."""
        return self._best

    @property
    def cost(self) -> float:
        """C at the position."""
        return self._here()[0]

    @property
    def gradient(self) -> Array:
        """∇C at the position, (2,), also of methods that never see it."""
        return self._here()[1]

    @property
    def slope(self) -> float:
        """‖∇C‖ at the position."""
        return float(np.hypot(*self.gradient))

    @property
    def distance(self) -> float:
        """From the best point to the nearest global minimum."""
        return self.surface.distance(self._best)

    @property
    def cloud(self) -> Array:
        """The points evaluated last, (k, 2); the start before the first update."""
        return self._cloud

    @property
    def path(self) -> Array:
        """Positions, (n, 2), from the start to where it stands; evenly thinned when many."""
        return self._trail.points(self._position)

    @property
    def diverged(self) -> bool:
        """It ended far off the map or beyond the finite numbers."""
        return self.finished is not None and self.finished.startswith("diverged")

    def reached(self, tolerance: float = REACHED) -> bool:
        """Whether the best point is within `tolerance` of a global minimum."""
        return self.distance <= tolerance

    def advance(self, updates: int = 1) -> int:
        """Make up to `updates` updates, none once finished; returns how many."""
        done = 0
        with np.errstate(all="ignore"):
            while done < updates and self.finished is None:
                self._advance()
                done += 1
        return done

    def _advance(self) -> None:
        optimizer, surface = self.optimizer, self.surface
        points = optimizer.ask()
        self._cloud = points.copy()
        gradient = surface.gradient(points) if optimizer.needs_gradient else None
        optimizer.tell(surface.value(points), gradient, optimizer.eta, 0.0)
        self.evaluations += len(points)
        self.update += 1
        before, was = self._position, self._best
        self._position, self._best = optimizer.position().copy(), optimizer.best().copy()
        self._seen = None
        self._trail.add(self._position)
        self._end = self._ended(before, was)
        self.finished = self._end or self._spent()

    def _ended(self, before: Array, was: Array) -> str | None:
        """Why the walk is over where it stands, budget apart; None: it is not."""
        away = np.abs(self._position - self.surface.centre).max()
        if not np.isfinite(away):
            return f"diverged: left the finite numbers at update {self.update}"
        if away > FAR * self.surface.width:
            return f"diverged: more than {FAR} map widths away at update {self.update}"
        if self.distance <= AT_MINIMUM and np.hypot(*(self._best - was)) <= AT_MINIMUM:
            return "at a minimum"
        step = np.hypot(*(self._position - before))
        if self.optimizer.needs_gradient and step <= AT_REST and self.slope <= AT_REST:
            return "at rest: no slope here, but no global minimum either"
        return None

    def _spent(self) -> str | None:
        if self.budget is None or self.evaluations < self.budget:
            return None
        return f"budget of {self.budget:,} evaluations spent".replace(",", " ")

    def _here(self) -> tuple[float, Array]:
        """C and ∇C at the position."""
        if self._seen is None:
            point = self._position[None, :]
            with np.errstate(all="ignore"):
                cost = float(self.surface.value(point)[0])
                self._seen = cost, self.surface.gradient(point)[0]
        return self._seen

    def dump(self) -> dict[str, Array]:
        """The whole state as arrays, from which `load` goes on bit for bit."""
        numbers = {
            **self._identity(),
            "update": self.update,
            "evaluations": self.evaluations,
            "eta": self.optimizer.eta,
            "end": self._end,
        }
        return {
            "numbers": np.array(json.dumps(numbers)),
            "position": self._position.copy(),
            "best": self._best.copy(),
            "cloud": self._cloud.copy(),
            **self._trail.dump(),
            **{OPTIMIZER + name: array for name, array in self.optimizer.state().items()},
        }

    def _identity(self) -> dict[str, Any]:
        """What a state and a walk must have in common."""
        return {
            "surface": self.surface.name,
            "optimizer": self.optimizer.name,
            **{f"optimizer.{name}": getattr(self.optimizer, name) for name in self.optimizer.sizes},
        }

    def load(self, arrays: dict[str, Array]) -> None:
        """Go on from what `dump` gave; the budget is this walk's own.

        ValueError where that was no walk, or one of another optimiser or on another surface.
        """
        try:
            numbers = json.loads(str(arrays["numbers"]))
            for name, here in self._identity().items():
                if numbers[name] != here:
                    raise ValueError(
                        f"the state does not fit: its {name} is {numbers[name]}, "
                        f"this walk's is {here}"
                    )
            self._trail.load(arrays)
            self._position, self._best, self._cloud = (
                arrays[name].copy() for name in ("position", "best", "cloud")
            )
            self.update, self.evaluations = numbers["update"], numbers["evaluations"]
            self.optimizer.eta, self._end = numbers["eta"], numbers["end"]
            self.optimizer.restore(
                {
                    name.removeprefix(OPTIMIZER): array
                    for name, array in arrays.items()
                    if name.startswith(OPTIMIZER)
                }
            )
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"this is not the state of a walk: {error!r}") from error
        self._seen = None
        self.finished = self._end or self._spent()
