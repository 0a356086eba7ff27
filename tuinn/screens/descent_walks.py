"""The walks of the Surface screen: who takes part, how each is set, and their pace by the clock."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import msgspec
import numpy as np

from engine.optimizers import OPTIMIZERS
from engine.surfaces import Surface, surface
from engine.surfaces.settings import SETTINGS
from engine.walk import Walk
from tuinn.allowed import allowed
from tuinn.descent import Descent, check_start, make_optimizer, settings_for
from tuinn.optimizers import METHODS, Optimizer
from tuinn.schema import hints

UPDATES_PER_SECOND = 20.0
"""Of a method that follows the gradient, at speed 1×."""
EVALUATIONS_PER_SECOND = 120.0
"""Of a search, at speed 1×, in whole generations: they are many more, and see less."""
SPEEDS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
SLICE = 0.006
"""Seconds that one frame may spend on updates; what is not done then is left out."""
MOST_COSTS = 2_000
"""Costs of one walk that are remembered for its curve."""

Point = tuple[float, float]


class Walks:
    """All optimisers with their settings, and a walk for each that takes part."""

    def __init__(self, descent: Descent) -> None:
        self.load(descent)

    def load(self, descent: Descent) -> None:
        """Begin what a preset describes; who takes no part is set as suits the surface."""
        self.surface: Surface = surface(descent.surface)
        self.start: Point = descent.start or self.surface.start
        self.seed = descent.seed
        self.budget: int | None = descent.budget
        """Evaluations of each; None: what is stated for each of them on the surface."""
        self.settings: dict[str, Optimizer] = usual_settings(descent.surface)
        self.settings |= {settings.name: settings for settings in descent.optimizers}
        self.chosen = tuple(settings.name for settings in descent.optimizers)
        self.walks: dict[str, Walk] = {}
        self.costs: dict[str, list[tuple[int, float]]] = {}
        """Evaluations and cost, of a search that of its best, of each walk from its start on."""
        self.lowest: dict[str, float] = {}
        """The least cost that each has come by at any of its updates."""
        self._credit: dict[str, float] = {}
        self.reset()

    def differ(self, descent: Descent) -> bool:
        """Something is set otherwise than in a preset."""
        return (
            self.surface.name != descent.surface
            or self.start != (descent.start or self.surface.start)
            or (self.seed, self.budget) != (descent.seed, descent.budget)
            or {name: self.settings[name] for name in self.chosen}
            != {settings.name: settings for settings in descent.optimizers}
        )

    def reset(self) -> None:
        """All that take part stand at the start again."""
        self.walks, self.costs, self.lowest = {}, {}, {}
        for name in self.settings:
            if name in self.chosen:
                self._begin(name)

    def _begin(self, name: str) -> None:
        self._credit[name] = 0.0
        self.walks[name] = Walk(
            self.surface,
            make_optimizer(self.settings[name]),
            self.start,
            self.seed,
            self.budget_of(name),
        )
        self.costs[name], self.lowest[name] = [], np.inf
        self._note(name)
        # in the order of the table, whoever came last
        self.walks = {known: self.walks[known] for known in self.settings if known in self.walks}

    def budget_of(self, name: str) -> int:
        """The evaluations that an optimiser may have."""
        return self.budget or SETTINGS[self.surface.name][name].budget

    @property
    def running(self) -> bool:
        """Someone can still go on."""
        return any(walk.finished is None for walk in self.walks.values())

    @property
    def draws(self) -> bool:
        """Someone who takes part draws by chance, so that another seed makes a difference."""
        return not all(walk.optimizer.needs_gradient for walk in self.walks.values())

    def sees(self, name: str) -> bool:
        """It takes part, and knows the gradient."""
        return name in self.walks and self.walks[name].optimizer.needs_gradient

    @property
    def begun(self) -> bool:
        return any(walk.update for walk in self.walks.values())

    def _note(self, name: str) -> None:
        """Remember what a walk costs now; every second of many older costs is forgotten."""
        walk, costs = self.walks[name], self.costs[name]
        cost = self._see(name)
        if costs and costs[-1][0] == walk.evaluations:
            return
        costs.append((walk.evaluations, cost))
        if len(costs) > MOST_COSTS:
            del costs[1 : MOST_COSTS // 2 : 2]

    def _see(self, name: str) -> float:
        """What a walk costs now, of a search its best; the least of these is kept."""
        with np.errstate(all="ignore"):
            cost = float(self.surface.value(self.walks[name].best[None, :])[0])
        # a comparison, as NaN is not less than anything
        if cost < self.lowest[name]:
            self.lowest[name] = cost
        return cost

    @property
    def least(self) -> dict[str, float]:
        """The cost of each now, of a search that of the best that it has found."""
        return {name: self.costs[name][-1][1] for name in self.walks}

    # what changes them

    def toggle(self, name: str) -> bool:
        """Let an optimiser take part from the start on, or no longer; whether it does now."""
        if name in self.chosen:
            self.chosen = tuple(other for other in self.chosen if other != name)
            del self.walks[name], self.costs[name], self.lowest[name]
            return False
        self.chosen = tuple(
            known for known in self.settings if known == name or known in self.chosen
        )
        self._begin(name)
        return True

    def go_to(self, surface_name: str) -> None:
        """Another surface, with the settings and the start that suit it."""
        self.surface = surface(surface_name)
        self.start, self.budget = self.surface.start, None
        self.settings = usual_settings(surface_name)
        self.reset()

    def start_at(self, start: Point) -> None:
        """`ConfigError` where the start is far off the map."""
        check_start(self.surface.name, start)
        self.start = start
        self.reset()

    def sow(self, seed: int) -> None:
        """Another seed for all that is drawn by chance."""
        self.seed = seed
        self.reset()

    def allow(self, budget: int | None) -> None:
        """So many evaluations for each; None: what is stated for it."""
        self.budget = budget
        self.reset()

    def set(self, name: str, field: str, value: Any) -> None:
        """Set a parameter; its walk begins anew. ValueError names the field and what it allows."""
        self.settings[name] = self.with_(name, field, value)
        if name in self.walks:
            self._begin(name)

    def with_(self, name: str, field: str, value: Any) -> Optimizer:
        """The settings of an optimiser with another value; ValueError where it cannot be."""
        settings = msgspec.structs.replace(self.settings[name], **{field: value})
        # what only goes wrong together with other parameters
        make_optimizer(settings)
        return settings

    # what makes them go

    def step(self) -> int:
        """One update of all: of a population one generation. Returns how many could."""
        done = sum(walk.advance() for walk in self.walks.values())
        self._note_all()
        return done

    def _note_all(self) -> None:
        for name in self.walks:
            self._note(name)

    def advance(self, seconds: float, speed: float, allowance: float = SLICE) -> None:
        """Let so much time pass at ``speed``, spending at most ``allowance`` seconds on it."""
        for name, walk in self.walks.items():
            pace = UPDATES_PER_SECOND if walk.optimizer.needs_gradient else EVALUATIONS_PER_SECOND
            self._credit[name] = min(self._credit[name], 1.0) + seconds * speed * pace
        going = [name for name, walk in self.walks.items() if walk.finished is None]
        until = perf_counter() + allowance
        while going and perf_counter() < until:
            going = [name for name in going if self._go(name)]
        self._note_all()

    def _go(self, name: str) -> bool:
        """One update, if it is due; whether there may be more."""
        walk = self.walks[name]
        due = 1.0 if walk.optimizer.needs_gradient else 1e-9
        if self._credit[name] < due:
            return False
        before = walk.evaluations
        walk.advance()
        self._see(name)
        done = 1 if walk.optimizer.needs_gradient else walk.evaluations - before
        self._credit[name] -= done
        return walk.finished is None


def read(name: str, field: str, text: str) -> Any:
    """A parameter as a person types it; `ConfigError` says what is allowed."""
    permitted = allowed(hints(METHODS[name])[field])
    value = permitted.read(text)
    permitted.check(value, f"optimizer.{field}")
    return value


def usual_settings(surface_name: str) -> dict[str, Optimizer]:
    """The settings of every optimiser that suit a surface."""
    return {name: settings_for(surface_name, name) for name in OPTIMIZERS}
