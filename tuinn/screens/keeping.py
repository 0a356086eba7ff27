"""The app as far as runs are kept: by whom, what was cut off, what is opened again, the end."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from time import time
from typing import TYPE_CHECKING

from textual.app import App

from tuinn.race import MOST, Race
from tuinn.race.stored import grouped
from tuinn.runners.runner import Ending
from tuinn.screens.ask import Ask, Choice
from tuinn.screens.lab import Lab
from tuinn.screens.places import HOME, Places
from tuinn.screens.reopened import Reopened, reopened
from tuinn.screens.run_sentences import left_behind, offered, told_of
from tuinn.store import Keeper, Store, StoredRun, StoreError
from tuinn.widgets.raster import Glyphs

if TYPE_CHECKING:
    from tuinn.screens.race import RaceScreen
    from tuinn.screens.runs import RunsScreen

LEAVE_SECONDS = 5.0
"""How long the end of the program waits for what is still to be kept."""
LOOKS = 2.0
"""Seconds between two looks at whether the runs can be kept."""


class Keeping(App[None]):
    """The store behind the screens, and the questions that it asks of a person."""

    places: Places
    fps: float
    draw: Glyphs

    def __init__(self, keep: bool) -> None:
        """``keep``: keep the runs in the store."""
        super().__init__()
        self._keeps = keep
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

    @abstractmethod
    def show_race(self, race: Race, overlaid: bool = False) -> None:
        """Show this race, in place of the one before; ``overlaid``: in one large chart."""

    def open_keeper(self) -> Keeper | None:
        """Who keeps the runs from now on; None where they are not kept, by wish or by a problem."""
        if self._keeps:
            try:
                self.keeper = Keeper()
            except StoreError as error:
                self._problem = str(error)
        return self.keeper

    def begin_keeping(self, offer: bool) -> None:
        """Ask what is to be asked at the start; ``offer``: to go on with what was cut off, too."""
        if self._problem:
            self._ask_to_go_on("Runs are not kept", self._problem)
        elif self.keeper is not None:
            self.set_interval(LOOKS, self._look_at_keeper)
            if offer:
                self._offer()

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
        # as they stood side by side
        runs.sort(key=lambda run: run.id)
        several = len(runs) > 1
        lines = "\n".join(offered(run, time()) for run in runs[:MOST])
        they = "They can go on where they were" if several else "It can go on where it was"
        title = "Runs that were cut off" if several else "A run that was cut off"
        choices = [Choice("enter", "resume", "resume"), Choice("n", "leave to Runs", "no")]

        def answered(answer: str | None) -> None:
            if answer is None:
                return
            self._store.asked([run.id for run in runs])
            if answer == "resume" and several:
                self._resume_race(runs)
            elif answer == "resume":
                self.reopen(runs[0])

        self.push_screen(
            Ask(title, f"{lines}\n\n{they}, bit for bit.", choices, "ask next time"), answered
        )

    def _resume_race(self, runs: Sequence[StoredRun]) -> None:
        try:
            # others may have gone on with some, or deleted them, while the question stood here
            now = [self._store.run(run.id) for run in runs]
            shown = [run for group in grouped(now)[:MOST] for run in group]
            self.show_race(Race.of_stored(self._store, shown, resume=True))
        except (StoreError, ValueError) as error:
            self._say(str(error))

    def resume(self, id: int, which: str = "") -> None:
        """Open the run of that number in the lab; ``which``: how it was chosen of several."""
        try:
            self.reopen(self._store.run(id), which)
        except StoreError as error:
            self._say(str(error))

    def reopen(self, run: StoredRun, which: str = "") -> None:
        """Open a run of the store in the lab."""
        try:
            # another process may have gone on with it since it was read
            run = self._store.run(run.id)
            opened = reopened(self._store, run)
        except (StoreError, ValueError) as error:
            self._say(str(error))
            return
        told = told_of(run, copied=opened.stored is None)
        self._enter(opened, f"{which[:1].upper()}{which[1:]}. {told}" if which else told)

    def _enter(self, run: Reopened, told: str) -> None:
        if self.lab is not None:
            left = left_behind(self.lab.session)
            self.places.go(HOME)
            self.lab.reopen(run, f"{told} {left}".rstrip())

    def _say(self, text: str) -> None:
        self.places.tell(text, "error")

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
