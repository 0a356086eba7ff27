"""What the Surface screen says of its walks: rows of the table, the slope, sentences."""

from __future__ import annotations

import numpy as np

from engine.walk import Walk
from tuinn.numbers import count, significant
from tuinn.screens.descent_walks import Walks
from tuinn.widgets.slope import Slope, Told
from tuinn.widgets.status import Sentence
from tuinn.widgets.walk_look import LETTERS
from tuinn.widgets.walk_table import Row

NOBODY = "No optimiser takes part: choose one with j and k, and add it with a."

TURNING = "v turns the arrow v; j and k choose whose arrows are shown."
CHOOSING = "j and k choose whose slope is shown, and whose settings."


def rows_of(walks: Walks, playing: bool) -> list[Row]:
    """A row for every optimiser, in the order of the engine."""
    lowest = walks.lowest
    return [
        _row(walk, playing, lowest[name])
        if (walk := walks.walks.get(name))
        else Row(name, on=False)
        for name in walks.settings
    ]


def _row(walk: Walk, playing: bool, least: float) -> Row:
    x, y = (float(value) for value in walk.position)
    sees = walk.optimizer.needs_gradient
    return Row(
        name=walk.optimizer.name,
        on=True,
        x=x,
        y=y,
        cost=walk.cost,
        slope=float(np.hypot(*walk.gradient)) if sees else None,
        evaluations=walk.evaluations,
        updates=walk.update,
        best=least,
        state=state_of(walk, playing),
    )


def state_of(walk: Walk, playing: bool) -> str:
    """A word or two: how a walk goes, or how it ended."""
    ended = walk.finished
    if ended is None:
        return "running" if playing else "paused" if walk.update else "ready"
    if ended.startswith("at a minimum"):
        return "at a minimum"
    if ended.startswith("at rest"):
        return "at rest"
    if ended.startswith("budget"):
        return "budget spent"
    return f"diverged at update {walk.update}"


def slope_of(walks: Walks, name: str, angle: int) -> Slope | Told:
    """What there is to say of the slope where an optimiser stands."""
    walk = walks.walks.get(name)
    who = f"{LETTERS[name]} {name}"
    if walk is None:
        return Told((f"{who} takes no part", "a lets it walk; j and k choose another"))
    if walk.optimizer.needs_gradient:
        gradient = float(walk.gradient[0]), float(walk.gradient[1])
        ended = walk.finished is not None and walk.finished.startswith("at ")
        return Slope(who, gradient, float(angle), ended)
    lines = [f"{who} knows no gradient", "it compares costs alone"]
    search = walk.optimizer.search() if walk.update else None
    if search is not None:
        lines.append(
            f"best {significant(search.best)}   mean {significant(search.mean)}   "
            f"spread {significant(search.spread)}"
        )
        labels = {figure.name: figure.label for figure in walk.optimizer.figures}
        lines += [f"{labels[key]} {significant(value)}" for key, value in search.figures]
    return Told(tuple(lines))


def leaders(walks: Walks) -> tuple[str, float | None]:
    """The optimiser of the least cost now, "" where several share it, and that cost.

    None while all stand at the start, or at one cost: nobody leads.
    """
    costs = {name: cost for name, cost in walks.least.items() if np.isfinite(cost)}
    least = min(costs.values(), default=None)
    first = [name for name, cost in costs.items() if cost == least]
    if not walks.begun or (len(walks.walks) > 1 and len(first) == len(walks.walks)):
        return "", None
    return first[0] if len(first) == 1 else "", least


def news(walks: Walks) -> object:
    """What a walk can do that must be told: equal as long as nobody diverges and not all end."""
    return frozenset(name for name, walk in walks.walks.items() if walk.diverged), walks.running


def message(walks: Walks, current: str, playing: bool, look_for: str) -> Sentence:
    """The sentence of the moment, while there is nothing else to say.

    ``current``: the chosen optimiser, whose arrows are shown where it knows a gradient.
    ``look_for``: what the preset is to show, as long as nothing is set otherwise.
    """
    if not walks.walks:
        return Sentence(NOBODY, "hint")
    if playing:
        then = TURNING if walks.sees(current) else CHOOSING
        return Sentence(look_for or f"{_leader(walks)}{then}")
    if not walks.begun:
        begin = "Press space to let them walk."
        return Sentence(f"{begin} {look_for or 'A click on the map sets the start.'}")
    if walks.running:
        return Sentence("Paused. space goes on, s makes one update of each, r starts again.")
    again = "r starts again, R with another seed" if walks.draws else "r starts again"
    return Sentence(f"All walks have ended. {_leader(walks)}{again}.")


def hint(walks: Walks) -> Sentence | None:
    """What has gone wrong, and what to try; None while nothing has."""
    gone = [name for name, walk in walks.walks.items() if walk.diverged]
    if not gone:
        return None
    name = gone[0]
    try_ = " Lower its η with , (comma)." if hasattr(walks.settings[name], "eta") else ""
    others = f", and so have {len(gone) - 1} more" if len(gone) > 1 else ""
    return Sentence(
        f"{name} has diverged at update {count(walks.walks[name].update)}{others}: "
        f"its steps grew beyond the map.{try_}",
        "hint",
    )


def _leader(walks: Walks) -> str:
    """Who reached a minimum with the fewest evaluations."""
    there = [
        (walk.evaluations, name)
        for name, walk in walks.walks.items()
        if walk.finished == "at a minimum"
    ]
    if not there:
        return ""
    evaluations, name = min(there)
    return f"{name} was first at a minimum, after {count(evaluations)} evaluations. "
