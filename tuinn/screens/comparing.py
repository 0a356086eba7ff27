"""The app as far as runs are raced, listed and laid over each other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.screen import Screen

from engine.state import State
from tuinn.preset import Preset, find
from tuinn.race import MOST, Lane, Race, Racer
from tuinn.screens.choices import preset_items
from tuinn.screens.keeping import Keeping
from tuinn.screens.lab import Lab
from tuinn.screens.picker import Picker, Several
from tuinn.screens.places import HOME
from tuinn.screens.reopened import Reopened
from tuinn.store import StoreError

if TYPE_CHECKING:
    from tuinn.ghost import Ghost
    from tuinn.screens.race import RaceScreen
    from tuinn.screens.runs import RunsScreen

ASKED_SECONDS = 5.0
"""How long a run of a race may take to hand over its state."""
LOOK = 0.02
"""Seconds between two looks at whether it has come."""


class Wanted(NamedTuple):
    """What the app is to begin with, beside a preset in the lab."""

    race: tuple[Preset, ...] = ()
    ghosts: tuple[Ghost, ...] = ()
    """Curves behind those of the race."""
    repeat: int = 1
    """Seeds of each preset of the race."""
    resume: int | None = None
    """A run of the store."""


class Comparing(Keeping):
    """What the screens of the race and of the runs ask of the app."""

    def __init__(self, wanted: Wanted, keep: bool) -> None:
        """``keep``: keep the runs in the store."""
        super().__init__(keep)
        self._wanted = wanted
        self._from_runs = False
        """The race that is shown was laid over each other in the list of runs."""

    def begin_race(self) -> None:
        """Open the race that was asked for."""
        if self._wanted.race:
            self.race(self._wanted.race, self._wanted.repeat)

    def begin_comparing(self) -> None:
        """Ask what is to be asked at the start; nothing that stands before what was asked for."""
        asked_for = bool(self._wanted.race) or self._wanted.resume is not None
        self.begin_keeping(offer=not asked_for)
        if self._wanted.resume is not None and self.keeper is not None:
            self.resume(self._wanted.resume)

    def action_home(self) -> None:
        """Back to the lab; from an overlay, to the list that it was made from."""
        if self._from_runs and self.places.here == "Race":
            self._from_runs = False
            self.places.go("Runs")
        else:
            self.places.go(HOME)

    # races

    def make_race(self) -> Screen[Any]:
        from tuinn.screens.race import RaceScreen

        self._race_screen = RaceScreen(
            None, fps=self.fps, draw=self.draw, gate=self, ghosts=self._wanted.ghosts
        )
        return self._race_screen

    def race(self, presets: Sequence[Preset], repeat: int = 1) -> None:
        """Race these presets, each with so many seeds, in place of those before."""
        keep = self.keeper is not None
        self.show_race(Race(presets, repeat=repeat, interval=1 / self.fps, keep=keep))

    def show_race(self, race: Race, overlaid: bool = False) -> None:
        self._from_runs = overlaid
        screen: Any = self.places.screen("Race")
        screen.open(race, overlaid)
        self.places.go("Race")

    def _race_named(self, names: Sequence[str]) -> None:
        try:
            presets = [find(name) for name in names]
        except ValueError as error:
            self._say(str(error))
            return
        self.race(presets)

    def on_lab_actions_race_wanted(self, event: Lab.RaceWanted) -> None:
        event.stop()
        self._race_named(event.names)

    def on_race_screen_pick_wanted(self, event: RaceScreen.PickWanted) -> None:
        event.stop()
        several = Several("race", MOST, self._race_named)

        def picked(name: str | None) -> None:
            if name is not None:
                self._race_named([name])

        picker = Picker("presets to race", preset_items(), several=several)
        self.push_screen(picker, picked)

    async def on_race_screen_enter(self, event: RaceScreen.Enter) -> None:
        """Open a copy of a racing run in the lab; the race goes on as it is."""
        event.stop()
        racer, lane = event.racer, event.lane
        if lane.stored is not None:
            self.reopen(lane.stored, event.which)
        elif lane.runner is not None:
            lane.runner.request_state()
            self.run_worker(self._enter_copy(racer, lane, event.which), exclusive=True)
        elif lane.run_id is not None:
            # of several seeds: its worker has ended
            self.resume(lane.run_id, event.which)
        elif self.lab is not None:
            self.places.go(HOME)
            self.lab.open_preset(Preset(racer.name, lane.config, _path_of(racer), own=True))
            if lane.report.update > 0:
                self.lab.tell("Its weights were not kept: it begins anew. space starts.", "hint")

    async def _enter_copy(self, racer: Racer, lane: Lane, which: str) -> None:
        runner, arrays = lane.runner, None
        for _ in range(round(ASKED_SECONDS / LOOK)):
            if runner is not None and arrays is None:
                arrays = runner.take_state()
            if arrays is not None and not self._awaits_number(lane):
                break
            await asyncio.sleep(LOOK)
        if runner is None or arrays is None:
            self._say(f"{racer.name} did not hand over its state: is it still loading?")
            return
        parent = None if runner.run_id is None else (runner.run_id, State.of(arrays, {}).update)
        history = deepcopy(lane.history)
        status = lane.report.status if lane.ended else "paused"
        run = Reopened(
            racer.name, lane.config, racer.folder, history, arrays, status, parent=parent
        )
        name = f"{racer.name} ({which})" if which else racer.name
        then = f"It is {status}" if lane.ended else "space goes on"
        self._enter(run, f"A copy of {name} as it was in the race. {then}.")

    def _awaits_number(self, lane: Lane) -> bool:
        """Whether the store is about to give the run its number."""
        runner = lane.runner
        if runner is None or runner.problem or self.keeper is None:
            return False
        return runner.run_id is None and lane.report.update > 0

    # the list of runs

    def make_runs(self) -> Screen[Any]:
        from tuinn.screens.runs import RunsScreen

        self._runs_screen = RunsScreen(
            fps=self.fps, draw=self.draw, gate=self, kept=self.keeper is not None
        )
        return self._runs_screen

    def on_runs_screen_open(self, event: RunsScreen.Open) -> None:
        event.stop()
        if self.lab is not None and event.run.id == self.lab.session.runner.run_id:
            # it is there already
            self.places.go(HOME)
        else:
            self.reopen(event.run)

    def on_runs_screen_overlay(self, event: RunsScreen.Overlay) -> None:
        event.stop()
        try:
            self.show_race(Race.of_stored(self._store, event.runs), overlaid=True)
        except (StoreError, ValueError) as error:
            self._say(str(error))


def _path_of(racer: Racer) -> Path:
    return (racer.folder or Path()) / f"{racer.name}.toml"
