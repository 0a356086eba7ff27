"""What a report tells of one run, wherever it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuinn.comparison import Result, stored_result
from tuinn.config import Config
from tuinn.environment import Environment, environment
from tuinn.history import History
from tuinn.race.stored import run_name
from tuinn.run_string import RunString, encode, of_stored
from tuinn.widgets.method_facts import MethodFacts

if TYPE_CHECKING:
    from tuinn.race import Lane, Race, Racer
    from tuinn.store import Store, StoredRun


@dataclass(frozen=True, slots=True)
class Reported:
    """One column of a report: a run, or a preset with several seeds."""

    name: str
    """Distinct in a report."""
    place: int
    """0, 1, …: decides on colour, line and marker."""
    number: int | None
    """In the store; None for what is not known to be there."""
    config: Config
    """As it began."""
    histories: tuple[History, ...]
    """One for each seed, at least one."""
    seeds: tuple[int, ...]
    result: Result
    environment: Environment
    run_strings: tuple[str, ...]
    """One for each seed."""
    data_hash: str = ""
    started: float | None = None
    """Unix seconds."""
    reason: str = ""
    """Why it ended."""
    changed: bool = False
    """Settings or weights were changed in mid-run, or it is a fork."""
    parent: tuple[int, int] | None = None
    """(number, update) of the run from which it leads away."""
    tags: tuple[str, ...] = ()
    note: str = ""

    @property
    def history(self) -> History:
        """Of its first seed."""
        return self.histories[0]

    @property
    def title(self) -> str:
        return self.config.title or self.name

    @property
    def method(self) -> MethodFacts:
        return MethodFacts.named(self.config.optimizer.name)

    @property
    def quality(self) -> str:
        """What its accuracies are called."""
        return "R²" if self.result.basis.regression else "accuracy"

    @property
    def validated(self) -> bool:
        """There is a validation set."""
        return self.result.basis.validated


def of_store(store: Store, runs: Sequence[StoredRun]) -> list[Reported]:
    """Runs of the store; `StoreError`."""
    alone = len(runs) == 1
    return [
        _of_stored(run, store.history(run.id), run.name if alone else run_name(run), place)
        for place, run in enumerate(runs)
    ]


def of_race(race: Race) -> list[Reported]:
    """What a race has in memory; nothing before one of its runs has begun."""
    begun = any(len(lane.history) for racer in race.racers for lane in racer.lanes)
    return [_of_racer(racer) for racer in race.racers] if begun else []


def state_of(status: str, reason: str) -> str:
    """ "finished: 30 epochs done"; a reason that says the status already stands alone."""
    return reason if reason.startswith(status) else f"{status}: {reason}" if reason else status


def _of_stored(run: StoredRun, history: History, name: str, place: int) -> Reported:
    return Reported(
        name=name,
        place=place,
        number=run.id,
        config=run.config,
        histories=(history,),
        seeds=(run.seed,),
        result=stored_result(run),
        environment=run.environment,
        run_strings=(encode(of_stored(run)),),
        data_hash=run.data_hash,
        started=run.started,
        reason=run.reason,
        changed=run.changed,
        parent=None
        if run.parent is None or run.parent_update is None
        else (run.parent, run.parent_update),
        tags=run.tags,
        note=run.note,
    )


def _of_racer(racer: Racer) -> Reported:
    # seeds that wait for their turn have no curve yet
    begun = [lane for lane in racer.lanes if len(lane.history)] or racer.lanes[:1]
    kept = [lane.stored for lane in begun if lane.stored is not None]
    if kept and len(begun) == 1:
        return _of_stored(kept[0], racer.history, racer.name, racer.place)
    return Reported(
        name=racer.name,
        place=racer.place,
        number=begun[0].run_id if len(begun) == 1 else None,
        config=racer.config,
        histories=tuple(lane.history for lane in begun),
        seeds=tuple(lane.seed for lane in begun),
        result=racer.result,
        environment=kept[0].environment if kept else environment(),
        run_strings=tuple(_run_string(racer, lane) for lane in begun),
        data_hash=", ".join(dict.fromkeys(run.data_hash for run in kept)),
        started=min((run.started for run in kept), default=None),
        reason=racer.failure or racer.report.message,
        changed=any(run.changed for run in kept),
    )


def _run_string(racer: Racer, lane: Lane) -> str:
    """It repeats the run; of one that is not in the store there is no hash to compare with."""
    if lane.stored is not None:
        return encode(of_stored(lane.stored))
    return encode(RunString(lane.config, environment(), "", "", name=racer.name))
