"""How every run of a race goes: its column, and how far it is."""

from __future__ import annotations

from tuinn.comparison import ENDED
from tuinn.race import Lane, Racer
from tuinn.widgets import race_look
from tuinn.widgets.header import STATES
from tuinn.widgets.race_column import Small
from tuinn.widgets.race_columns import Column
from tuinn.widgets.race_line import Far

_WORST = ("failed", "training", "loading", "paused", "ready", "waiting", "diverged", "finished")
"""Of several seeds: the state that is told, the first of these that any of them is in."""


def state_of(racer: Racer) -> str:
    """A word for the run; of several seeds the one that matters most."""
    states = {lane.status for lane in racer.lanes}
    return next((state for state in _WORST if state in states), racer.lanes[0].status)


NUMBERED = len("1 ● ")
"""Cells before the name of a column."""


def column_of(
    racer: Racer, name: str, smalls: tuple[Small, ...], guessed: bool, room: int
) -> Column:
    """What the column of a run shows; ``room``: cells of its title, and of its state."""
    state = state_of(racer)
    sign, word, _ = STATES.get(state, ("·", state, ""))
    many = len(racer.lanes)
    done = sum(lane.status in ENDED for lane in racer.lanes)
    how = f"{sign} {word}" if many == 1 else f"{sign} {done} of {many} done"
    title = f"{racer.place + 1} {race_look.marker(racer.place)} {name}"
    if guessed:
        # the strip at the top has its state in words
        how = next((text for text in (f"{how} · your guess", f"{sign} your guess")
                    if len(text) <= room), sign)  # fmt: skip
    return Column(title, how, smalls, _note(racer, state))


def _note(racer: Racer, state: str) -> str:
    """Why it is no more; "" while well."""
    if racer.failure:
        return f"✗ {racer.failure}"
    if state == "diverged":
        return f"✗ {racer.report.message}" if racer.report.message else "✗ it has diverged"
    return ""


def far(racer: Racer) -> Far:
    """How far a run is, or all its seeds together."""
    shares = [_share(lane) for lane in racer.lanes]
    state = state_of(racer)
    words = {"failed": "failed", "diverged": "div.", "finished": "done", "stopped": "left"}
    ended = all(lane.status in ENDED for lane in racer.lanes)
    word = words.get(state, "") if ended else ""
    return Far(racer.place + 1, racer.name, state, sum(shares) / len(shares), word)


def _share(lane: Lane) -> float:
    if lane.status == "finished":
        return 1.0
    report, facts = lane.report, lane.facts
    if facts is None:
        # of a kept run no more is known than its settings
        return min(report.epoch / lane.config.stop.epochs, 1.0)
    by_epoch = report.epoch / max(facts.planned_epochs, 1)
    return min(max(by_epoch, report.update / max(facts.planned_updates, 1)), 1.0)
