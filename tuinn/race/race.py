"""Presets side by side, from the same seed, each run in a process of its own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from tuinn.comparison import Difference, Result, differing
from tuinn.config import ConfigError, changed
from tuinn.preset import Preset
from tuinn.race.lane import Lane, RacingRunner
from tuinn.race.maker import Maker, in_a_process
from tuinn.race.racer import Racer, named
from tuinn.race.stored import Follower, column_names, grouped, racer_of
from tuinn.runners.cores import cores
from tuinn.runners.keep import KeepElsewhere

if TYPE_CHECKING:
    from tuinn.runners.runner import Ending
    from tuinn.store import Store, StoredRun

MOST = 6
"""Presets side by side."""
MOST_SEEDS = 100


class Race:
    """Trains the presets from the same seed: where the architectures agree the first weights and
    the order of the examples are the same.

    Nothing here waits: `poll` takes what is there, and gives the next lanes their turn.

    Parameters
    ----------
    presets
        1 to `MOST`; in this order.
    seed
        Of all of them; by default that of the first.
    repeat
        Seeds of each: seed, seed + 1, …
    interval
        Seconds between two snapshots by the clock.
    workers
        Runs that train at once. By default all, with several seeds as many as there are cores.
    keep
        Keep the runs in the store.
    make
        Makes the runners.
    """

    def __init__(
        self,
        presets: Sequence[Preset],
        *,
        seed: int | None = None,
        repeat: int = 1,
        interval: float = 0.1,
        workers: int | None = None,
        keep: bool = True,
        make: Maker = in_a_process,
    ) -> None:
        _check_number(len(presets))
        self.seed = presets[0].config.seed if seed is None else seed
        """Of all, or the first of their seeds."""
        self.seeds = 1
        """How many each preset has."""
        self._prepare_fields(interval, workers, make, keep)
        self.racers = [
            Racer(name, changed(preset.config, "seed", self.seed), preset.folder, place)
            for place, (name, preset) in enumerate(
                zip(named([preset.name for preset in presets]), presets, strict=True)
            )
        ]
        self.repeat(repeat)

    @classmethod
    def of_stored(
        cls,
        store: Store,
        runs: Sequence[StoredRun],
        *,
        resume: bool = False,
        interval: float = 0.1,
        make: Maker = in_a_process,
    ) -> Race:
        """Runs of the store, in at most `MOST` columns; those that others train are followed.

        Runs of one race that differ in nothing but the seed stand together.

        ``resume``: those that can go on do so where they stopped, under their numbers, when they
        are started. The store must stay open.
        """
        groups = grouped(runs)
        _check_number(len(groups))
        race = cls.__new__(cls)
        race.seed, race.seeds = groups[0][0].seed, max(map(len, groups))
        race._prepare_fields(interval, None, make, keep=True)
        race._follower = Follower(store)
        race.racers = [
            racer_of(store, group, name, place)
            for place, (group, name) in enumerate(zip(groups, column_names(groups), strict=True))
        ]
        for racer, lane in race._turns():
            if resume and lane.stored is not None and lane.stored.resumable:
                race._go_on(racer, lane, lane.stored, store)
        return race

    def _prepare_fields(
        self, interval: float, workers: int | None, make: Maker, keep: bool
    ) -> None:
        self._interval, self._workers, self._make = interval, workers, make
        self._keeps, self._race = keep, ""
        self._follower: Follower | None = None
        """Of a race of runs of the store."""
        self._left: list[RacingRunner] = []
        """Runners that were closed, and may still be writing."""

    @property
    def lanes(self) -> Iterator[Lane]:
        """All runs, round by seed."""
        return (lane for _, lane in self._turns())

    @property
    def limit(self) -> int:
        """Runs that train at once."""
        if self._workers is not None:
            return self._workers
        return len(self.racers) if self.seeds == 1 else cores()

    @property
    def stored(self) -> bool:
        """All its runs are those of the store: there is nothing to start or to pause."""
        return all(lane.stored is not None for lane in self.lanes)

    @property
    def repeatable(self) -> bool:
        """It can begin anew with other seeds: its runs are not those of the store."""
        return self._follower is None

    @property
    def run_ids(self) -> list[int]:
        """The numbers of its runs in the store, as far as they are there."""
        return [lane.run_id for lane in self.lanes if lane.run_id is not None]

    @property
    def problem(self) -> str:
        """Why runs cannot be kept, or followed, now; empty while all is well."""
        return next((lane.problem for lane in self.lanes if lane.problem), "")

    @property
    def training(self) -> int:
        """Presets of which a run is being trained."""
        return sum(
            any(lane.going or lane.status == "training" for lane in racer.lanes)
            for racer in self.racers
        )

    @property
    def counts(self) -> str:
        """ "● 2 of 3" are training."""
        return f"{'●' if self.training else '○'} {self.training} of {len(self.racers)}"

    @property
    def status(self) -> str:
        """Of all runs together: loading, ready, training, paused, finished or failed."""
        lanes = list(self.lanes)
        statuses = {lane.status for lane in lanes}
        if self.training:
            return "training"
        if all(lane.ended for lane in lanes):
            return "failed" if statuses == {"failed"} else "finished"
        if "loading" in statuses:
            return "loading"
        return "paused" if any(lane.report.update for lane in lanes) else "ready"

    @property
    def differences(self) -> list[Difference]:
        """The settings in which the presets differ."""
        return differing([racer.config for racer in self.racers])

    @property
    def results(self) -> list[Result]:
        """How each fares, in the order of `racers`."""
        at_once = 0 if self.stored else min(self.limit, sum(1 for _ in self.lanes))
        crowd = (at_once, cores()) if at_once > cores() else None
        return [replace(racer.result, crowd=crowd) for racer in self.racers]

    def start(self, which: int | None = None) -> None:
        """Train all, or the one at that place, until told otherwise or finished."""
        for racer in self._chosen(which):
            racer.wanted = True
        self._fill()

    def pause(self, which: int | None = None) -> None:
        for racer in self._chosen(which):
            racer.wanted = False
            for lane in racer.lanes:
                if lane.going:
                    lane.pause()

    def step(self, which: int | None = None, updates: int = 1) -> None:
        """Make some updates of all, or of the one at that place, then pause."""
        self._each(which, lambda runner: runner.step(updates))

    def epoch(self, which: int | None = None) -> None:
        """Train all, or the one at that place, to the end of the epoch, then pause."""
        self._each(which, lambda runner: runner.epoch())

    def reset(self, which: int | None = None) -> None:
        """Begin anew, from the same first weights, and wait for the start."""
        for racer in self._chosen(which):
            racer.wanted = False
            for lane in racer.lanes:
                lane.reset()
        self._prepare()

    def repeat(self, number: int) -> None:
        """Begin anew with so many seeds of each, 1 to `MOST_SEEDS`.

        `ConfigError` for another number, and for runs of the store.
        """
        if not 1 <= number <= MOST_SEEDS:
            raise ConfigError(f"a preset is repeated 1 … {MOST_SEEDS} times; got {number}")
        if not self.repeatable:
            raise ConfigError("runs of the store are not repeated: open their presets for that")
        self.close()
        self.seeds, self._race = number, secrets.token_hex(8) if self._keeps else ""
        for racer in self.racers:
            racer.wanted = False
            racer.seeds(self.seed, number)
        self._prepare()

    def poll(self) -> bool:
        """Take what is new of all runs; whether there was anything. Never waits."""
        news = [lane.poll() for lane in self.lanes]
        if self._follower is not None:
            news.append(self._follower.poll(self.lanes))
        if self.seeds > 1:
            for lane in self.lanes:
                if lane.ended and self._is_kept(lane):
                    self._leave(lane)
        self._fill()
        return any(news)

    def close(self, status: Ending = "stopped", reason: str = "") -> None:
        """End all; runs that are not finished are left in the store with that status.

        Never waits; see `wait`.
        """
        for lane in self.lanes:
            self._leave(lane, status, reason)

    def wait(self, seconds: float) -> bool:
        """After `close`: wait until all runs have ended and are in the store; whether they are."""
        end = monotonic() + seconds
        self._left = [one for one in self._left if not one.wait(max(end - monotonic(), 0.0))]
        return not self._left

    def _is_kept(self, lane: Lane) -> bool:
        """Whether its number in the store is known, or it has none."""
        without = not self._keeps or lane.problem != "" or lane.report.status == "failed"
        return without or lane.run_id is not None

    def _leave(self, lane: Lane, status: Ending = "stopped", reason: str = "") -> None:
        if lane.runner is not None:
            self._left.append(lane.runner)
            lane.close(status, reason)

    def _chosen(self, which: int | None) -> list[Racer]:
        return self.racers if which is None else [self.racers[which]]

    def _each(self, which: int | None, act: Callable[[RacingRunner], None]) -> None:
        """Act on the runs that are at work; where a preset has none, on its next one."""
        for racer in self._chosen(which):
            racer.wanted = False
            lanes = [lane for lane in racer.lanes if not lane.ended]
            if not lanes:
                continue
            if not any(lane.runner for lane in lanes):
                self._begin(racer, lanes[0])
            for lane in lanes:
                if lane.runner is not None:
                    lane.going = False
                    act(lane.runner)

    def _fill(self) -> None:
        """Let the next runs train for which there is room, round by seed."""
        free = self.limit - sum(lane.going for lane in self.lanes)
        for racer, lane in self._turns():
            if free <= 0:
                return
            if racer.wanted and not lane.going and not lane.ended:
                if lane.runner is None:
                    self._begin(racer, lane)
                lane.start()
                free -= 1

    def _prepare(self) -> None:
        """Build the first runs, as many as may train at once."""
        free = self.limit - sum(lane.runner is not None for lane in self.lanes)
        for racer, lane in self._turns():
            if free <= 0:
                return
            if lane.runner is None and not lane.ended:
                self._begin(racer, lane)
                free -= 1

    def _turns(self) -> Iterator[tuple[Racer, Lane]]:
        for number in range(max(len(racer.lanes) for racer in self.racers)):
            for racer in self.racers:
                if number < len(racer.lanes):
                    yield racer, racer.lanes[number]

    def _begin(self, racer: Racer, lane: Lane) -> None:
        keep = None
        if self._keeps:
            folder = str(racer.folder.absolute()) if racer.folder else ""
            keep = KeepElsewhere(racer.name, folder, self._race)
        lane.begin(
            self._make(
                lane.config,
                racer.folder,
                interval=self._interval,
                keep=keep,
                resume_id=None,
                store_folder=None,
            )
        )

    def _go_on(self, racer: Racer, lane: Lane, run: StoredRun, store: Store) -> None:
        """Build the run of the store where it stopped."""
        lane.go_on(
            self._make(
                run.config,
                racer.folder,
                interval=self._interval,
                keep=KeepElsewhere(run.name, run.folder, run.race),
                resume_id=run.id,
                store_folder=store.folder,
            )
        )


def _check_number(number: int) -> None:
    if not 1 <= number <= MOST:
        raise ConfigError(f"1 to {MOST} runs can stand side by side; got {number}")
