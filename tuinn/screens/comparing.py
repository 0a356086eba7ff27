"""The app as far as runs are kept, listed, raced, opened again and resumed."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.app import App
from textual.screen import Screen

from engine.state import State
from tuinn.preset import Preset, find
from tuinn.race import MOST, Lane, Race, Racer
from tuinn.race.stored import grouped
from tuinn.runners.runner import Ending
from tuinn.screens.ask import Ask, Choice
from tuinn.screens.choices import preset_items
from tuinn.screens.lab import Lab
from tuinn.screens.picker import Picker, Several
from tuinn.screens.places import HOME, Places
from tuinn.screens.reopened import Reopened, reopened
from tuinn.store import Keeper, Store, StoredRun, StoreError
from tuinn.widgets.numbers import count, significant
from tuinn.widgets.raster import Glyphs

if TYPE_CHECKING:
    from tuinn.ghost import Ghost
    from tuinn.screens.race import RaceScreen
    from tuinn.screens.runs import RunsScreen

LEAVE_SECONDS = 5.0
"""How long the end of the program waits for what is still to be kept."""
ASKED_SECONDS = 5.0
"""How long a run of a race may take to hand over its state."""
LOOK = 0.02
LOOKS = 2.0
"""Seconds between two looks at whether the runs can be kept."""


class Wanted(NamedTuple):
    """What the app is to begin with, beside a preset in the lab."""

    race: tuple[Preset, ...] = ()
    ghosts: tuple[Ghost, ...] = ()
    """Curves behind those of the race."""
    repeat: int = 1
    """Seeds of each preset of the race."""
    resume: int | None = None
    """A run of the store."""


class Comparing(App[None]):
    """What the screens of the race and of the runs ask of the app, and the store behind them."""

    places: Places
    fps: float
    draw: Glyphs

    def __init__(self, wanted: Wanted, keep: bool) -> None:
        """``keep``: keep the runs in the store."""
        super().__init__()
        self._wanted, self._keeps = wanted, keep
        self.lab: Lab | None = None
        """None before it is there."""
        self.keeper: Keeper | None = None
        """Who keeps the runs of the lab; None: nobody."""
        self._problem = ""
        """Why nothing is kept."""
        self._told_problem = ""
        self._reader: Store | None = None
        # not asked of the app, which at its end has forgotten them before they are let go
        self._race_screen: RaceScreen | None = None
        self._runs_screen: RunsScreen | None = None
        self._ending: Ending = "stopped"
        self._why = ""

    @abstractmethod
    def hold(self) -> None:
        """Let the trainer of the lab wait: something is about to be drawn."""

    @abstractmethod
    def release(self) -> None: ...

    # the store

    def open_keeper(self) -> Keeper | None:
        """Who keeps the runs from now on; None where they are not kept, by wish or by a problem."""
        if self._keeps:
            try:
                self.keeper = Keeper()
            except StoreError as error:
                self._problem = str(error)
        return self.keeper

    def begin_comparing(self) -> None:
        """Ask what is to be asked at the start, and open the race that was asked for."""
        if self._wanted.race:
            self.race(self._wanted.race, self._wanted.repeat)
        if self._problem:
            self._ask_to_go_on("Runs are not kept", self._problem)
        elif self.keeper is not None:
            self.set_interval(LOOKS, self._look_at_keeper)
            if self._wanted.resume is None:
                self._offer()
            else:
                self._resume(self._wanted.resume)

    def _look_at_keeper(self) -> None:
        """Tell once of a problem that has come up, as of a disk that is full."""
        problem = self.keeper.problem if self.keeper else ""
        if problem and problem != self._told_problem:
            self._ask_to_go_on("Runs cannot be kept now", problem)
        self._told_problem = problem

    def _ask_to_go_on(self, title: str, problem: str) -> None:
        def answered(answer: str | None) -> None:
            if answer == "quit":
                self.exit()
            elif answer == "pause" and self.lab is not None:
                self.lab.session.pause()

        choices = [Choice("enter", "train without keeping them", "on")]
        if self.lab is not None and self.lab.session.status == "training":
            choices.append(Choice("space", "pause", "pause"))
        choices.append(Choice("q", "quit", "quit"))
        self.push_screen(Ask(title, f"{problem[:1].upper()}{problem[1:]}.", choices), answered)

    @property
    def _store(self) -> Store:
        """The store to read from; `StoreError`."""
        if self._reader is None:
            self._reader = Store()
        return self._reader

    # runs that were cut off

    def _offer(self) -> None:
        """Offer to go on with what a signal, or a power cut, has ended."""
        try:
            runs = self._store.interrupted_last()
        except StoreError as error:
            self._say(str(error))
            return
        if not runs:
            return
        several = len(runs) > 1
        lines = "\n".join(offered(run, time()) for run in runs[:MOST])
        they = "They can go on where they were" if several else "It can go on where it was"
        title = "Runs that were cut off" if several else "A run that was cut off"
        choices = [Choice("enter", "resume", "resume"), Choice("n", "not now", "no")]

        def answered(answer: str | None) -> None:
            self._store.asked([run.id for run in runs])
            if answer == "resume" and several:
                self._resume_race(runs)
            elif answer == "resume":
                self._reopen(runs[0])

        self.push_screen(
            Ask(title, f"{lines}\n\n{they}, bit for bit.", choices, "later, from Runs"), answered
        )

    def _resume_race(self, runs: Sequence[StoredRun]) -> None:
        try:
            # others may have gone on with some, or deleted them, while the question stood here
            now = [self._store.run(run.id) for run in runs]
            shown = [run for group in grouped(now)[:MOST] for run in group]
            self._show_race(Race.of_stored(self._store, shown, resume=True))
        except (StoreError, ValueError) as error:
            self._say(str(error))

    def _resume(self, id: int) -> None:
        try:
            self._reopen(self._store.run(id))
        except StoreError as error:
            self._say(str(error))

    def _reopen(self, run: StoredRun) -> None:
        """Open a run of the store in the lab."""
        try:
            # another process may have gone on with it since it was read
            run = self._store.run(run.id)
            opened = reopened(self._store, run)
        except (StoreError, ValueError) as error:
            self._say(str(error))
            return
        self._enter(opened, told_of(run, copied=opened.stored is None))

    def _enter(self, run: Reopened, told: str) -> None:
        if self.lab is not None:
            self.places.go(HOME)
            self.lab.reopen(run, told)

    def _say(self, text: str) -> None:
        tell = getattr(self.screen, "tell", None)
        if tell is not None:
            tell(text, "error")

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
        self._show_race(Race(presets, repeat=repeat, interval=1 / self.fps, keep=keep))

    def _show_race(self, race: Race) -> None:
        screen: Any = self.places.screen("Race")
        screen.open(race)
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
        racer = event.racer
        lane = racer.lanes[0]
        if lane.stored is not None:
            self._reopen(lane.stored)
        elif lane.runner is not None:
            lane.runner.request_state()
            self.run_worker(self._enter_copy(racer, lane), exclusive=True)
        else:
            preset = Preset(racer.name, lane.config, _path_of(racer), own=True)
            if self.lab is not None:
                self.places.go(HOME)
                self.lab.open_preset(preset)

    async def _enter_copy(self, racer: Racer, lane: Lane) -> None:
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
        run = Reopened(racer.name, lane.config, racer.folder, history, arrays, parent=parent)
        self._enter(run, f"A copy of {racer.name} as it was in the race. space goes on.")

    def _awaits_number(self, lane: Lane) -> bool:
        """Whether the store is about to give the run its number."""
        runner = lane.runner
        if runner is None or runner.problem or self.keeper is None:
            return False
        return runner.run_id is None and lane.report.update > 0

    # the list of runs

    def make_runs(self) -> Screen[Any]:
        from tuinn.screens.runs import RunsScreen

        self._runs_screen = RunsScreen(fps=self.fps, draw=self.draw, gate=self)
        return self._runs_screen

    def on_runs_screen_open(self, event: RunsScreen.Open) -> None:
        event.stop()
        self._reopen(event.run)

    def on_runs_screen_overlay(self, event: RunsScreen.Overlay) -> None:
        event.stop()
        try:
            self._show_race(Race.of_stored(self._store, event.runs))
        except (StoreError, ValueError) as error:
            self._say(str(error))

    # the end

    async def leave(self) -> None:
        """End all runs, and wait a while until what is to be kept is written."""
        race = self._race_screen.race if self._race_screen is not None else None
        if race is not None:
            race.close(self._ending, self._why)
        if self.lab is not None:
            self.lab.session.close(self._ending, self._why)
            await asyncio.to_thread(self.lab.session.runner.wait, LEAVE_SECONDS)
        if race is not None:
            await asyncio.to_thread(race.wait, LEAVE_SECONDS)
        if self.keeper is not None:
            await asyncio.to_thread(self.keeper.close, LEAVE_SECONDS, self._ending, self._why)
        if self._runs_screen is not None:
            self._runs_screen.close()
        if self._reader is not None:
            self._reader.close()


def _path_of(racer: Racer) -> Path:
    return (racer.folder or Path()) / f"{racer.name}.toml"


def offered(run: StoredRun, now: float) -> str:
    """ "digits (run 12): ended by SIGHUP at epoch 12.3 of 30, 3 minutes ago"."""
    why = run.reason or "its program ended without a word"
    epochs = run.now.stop.epochs
    ago = since(now - (run.ended or run.started))
    return f"{run.name} (run {run.id}): {why}, at epoch {run.epoch:.3g} of {count(epochs)}, {ago}"


def since(seconds: float) -> str:
    """ "3 minutes ago"."""
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        number = int(seconds // size)
        if number:
            return f"{number} {unit}{'' if number == 1 else 's'} ago"
    return "just now"


def told_of(run: StoredRun, *, copied: bool) -> str:
    """What is said where a run of the store is opened."""
    place = f"update {count(run.update)}"
    if copied:
        return f"A copy of run {run.id} at {place}: the run itself goes on elsewhere."
    loss = run.train_loss if run.validation_loss is None else run.validation_loss
    text = f"Run {run.id} at {place}, loss {significant(loss)}"
    return f"{text}. space goes on." if run.resumable else f"{text}: {run.reason or run.status}."
