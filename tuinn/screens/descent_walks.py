"""The walks of the Surface screen: who takes part, how each is set, and their pace by the clock."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import Any

import msgspec
import numpy as np

from engine.optimizer import Optimizer
from engine.optimizers import OPTIMIZERS, optimizer
from engine.surfaces import Surface, surface
from engine.surfaces.settings import SETTINGS
from engine.walk import Walk
from tuinn.allowed import allowed
from tuinn.optimizers import KEPT, METHODS, Method, defaults
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
LEAST_BUDGET = 2_000
"""Evaluations that every walk may have where nothing else is said."""

Point = tuple[float, float]


class Walks:
    """All optimisers with their settings, and a walk for each that takes part."""

    def __init__(self, surface_name: str, chosen: tuple[str, ...]) -> None:
        """Every optimiser is set as `engine.surfaces.settings` states for the surface."""
        self.surface: Surface = surface(surface_name)
        self.start: Point = self.surface.start
        self.seed = 0
        self.budget = usual_budget(surface_name)
        self.settings: dict[str, Method] = usual_settings(surface_name)
        self.chosen = chosen
        self.walks: dict[str, Walk] = {}
        self.costs: dict[str, list[tuple[int, float]]] = {}
        """Evaluations and least cost of each walk, from its start to now."""
        self._credit: dict[str, float] = {}
        self.reset()

    def reset(self) -> None:
        """All that take part stand at the start again."""
        self.walks, self.costs = {}, {}
        for name in self.settings:
            if name in self.chosen:
                self._begin(name)

    def _begin(self, name: str) -> None:
        self._credit[name] = 0.0
        self.walks[name] = Walk(
            self.surface, built(self.settings[name]), self.start, self.seed, self.budget
        )
        self.costs[name] = []
        self._note(name)
        # in the order of the table, whoever came last
        self.walks = {known: self.walks[known] for known in self.settings if known in self.walks}

    @property
    def running(self) -> bool:
        """Someone can still go on."""
        return any(walk.finished is None for walk in self.walks.values())

    @property
    def begun(self) -> bool:
        return any(walk.update for walk in self.walks.values())

    def _note(self, name: str) -> None:
        """Remember what a walk costs now; every second of many older costs is forgotten."""
        walk, costs = self.walks[name], self.costs[name]
        with np.errstate(all="ignore"):
            least = float(self.surface.value(walk.best[None, :])[0])
        if costs and costs[-1][0] == walk.evaluations:
            return
        costs.append((walk.evaluations, least))
        if len(costs) > MOST_COSTS:
            del costs[1 : MOST_COSTS // 2 : 2]

    @property
    def least(self) -> dict[str, float]:
        """The least cost that each has come by."""
        return {name: self.costs[name][-1][1] for name in self.walks}

    # what changes them

    def toggle(self, name: str) -> bool:
        """Let an optimiser take part from the start on, or no longer; whether it does now."""
        if name in self.chosen:
            self.chosen = tuple(other for other in self.chosen if other != name)
            del self.walks[name], self.costs[name]
            return False
        self.chosen = tuple(
            known for known in self.settings if known == name or known in self.chosen
        )
        self._begin(name)
        return True

    def go_to(self, surface_name: str) -> None:
        """Another surface, with the settings and the start that suit it."""
        self.surface = surface(surface_name)
        self.start = self.surface.start
        self.budget = usual_budget(surface_name)
        self.settings = usual_settings(surface_name)
        self.reset()

    def start_at(self, start: Point) -> None:
        """ValueError where the start is not two finite numbers."""
        self._try(start, self.seed, self.budget)
        self.start = start
        self.reset()

    def sow(self, seed: int) -> None:
        """Another seed for all that is drawn by chance; ValueError where it is none."""
        self._try(self.start, seed, self.budget)
        self.seed = seed
        self.reset()

    def allow(self, budget: int) -> None:
        """So many evaluations for each; ValueError unless that is a whole number above 0."""
        self._try(self.start, self.seed, budget)
        self.budget = budget
        self.reset()

    def _try(self, start: Point, seed: int, budget: int) -> None:
        Walk(self.surface, built(self.settings["sgd"]), start, seed, budget)

    def set(self, name: str, field: str, value: Any) -> None:
        """Set a parameter; its walk begins anew. ValueError names the field and what it allows."""
        settings = msgspec.structs.replace(self.settings[name], **{field: value})
        built(settings)
        self.settings[name] = settings
        if name in self.walks:
            self._begin(name)

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
            self._credit[name] = min(self._credit[name], 0.0) + seconds * speed * pace
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
        done = 1 if walk.optimizer.needs_gradient else walk.evaluations - before
        self._credit[name] -= done
        return walk.finished is None


def built(settings: Method) -> Optimizer:
    """The engine's optimiser with these settings; ValueError where they do not go together."""
    return optimizer(settings.name, **parameters(settings))


def parameters(settings: Method) -> dict[str, Any]:
    """What counts on a surface: there are no epochs, so η stays, and no weights, so none decay."""
    return {
        field: getattr(settings, field) for field in settings.__struct_fields__ if field not in KEPT
    }


def read(name: str, field: str, text: str) -> Any:
    """A parameter as a person types it; `ConfigError` says what is allowed."""
    permitted = allowed(hints(METHODS[name])[field])
    value = permitted.read(text)
    permitted.check(value, f"optimizer.{field}")
    return value


def usual_settings(surface_name: str) -> dict[str, Method]:
    """The settings of every optimiser that suit a surface."""
    known = SETTINGS[surface_name]
    stated: Mapping[str, Mapping[str, Any]] = {
        name: known[name].parameters if name in known else {} for name in OPTIMIZERS
    }
    return {
        name: msgspec.structs.replace(defaults(name), **given) for name, given in stated.items()
    }


def usual_budget(surface_name: str) -> int:
    """Enough for each optimiser to get as far as it is known to get."""
    return max([LEAST_BUDGET, *(setting.budget for setting in SETTINGS[surface_name].values())])
