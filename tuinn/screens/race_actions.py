"""What the keys of the Race screen do."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any

from textual.message import Message
from textual.screen import Screen

from tuinn.ghost import Ghost, read_ghost
from tuinn.history import AXES
from tuinn.race import Lane, Race, Racer
from tuinn.screens.ask import Ask, Choice
from tuinn.screens.prompt import Prompt
from tuinn.screens.race_curves import Figure, offered
from tuinn.screens.race_entry import entry
from tuinn.screens.race_keys import REPEATS, SMOOTHINGS
from tuinn.screens.race_sentences import PICK, last_seed, nobody_wins, over
from tuinn.widgets.race_chart import RaceChart
from tuinn.widgets.race_columns import RaceColumns
from tuinn.widgets.race_table import RaceTable
from tuinn.widgets.zoomable import Zoomable


class RaceActions(Screen[None]):
    """What the keys do. What is told goes to the message line."""

    race: Race | None
    chart: RaceChart
    columns: RaceColumns
    table: RaceTable
    current: int | None
    """The place of the run in focus; None: all."""
    guess: int | None
    axis: str
    overlaid: bool
    figure: Figure
    order: tuple[int, ...]
    """The places of the runs, from left to right."""
    ghosts: list[tuple[Ghost, str]]
    """What lies behind the large chart, with the figure that it was laid to."""

    class PickWanted(Message, namespace="race_screen"):
        """Presets are to be picked; the app then calls `open`."""

    class Enter(Message, namespace="race_screen"):
        """A run is to be opened in the lab."""

        def __init__(self, racer: Racer, lane: Lane | None = None, which: str = "") -> None:
            super().__init__()
            self.racer = racer
            self.lane = lane or racer.lanes[0]
            """The one of its seeds."""
            self.which = which
            """ "seed 43, in the middle of 5 by best training loss"; empty where there is one."""

    @abstractmethod
    def tell(self, text: str, level: str = "info") -> None:
        """Say something in the message line for a while."""

    @abstractmethod
    def hush(self) -> None:
        """What was told is over: say again how the race goes."""

    @abstractmethod
    def show_all(self) -> None:
        """Show what has changed, wherever it is shown."""

    @abstractmethod
    def show_focus(self) -> None:
        """Show which run has the focus."""

    @abstractmethod
    def show_curves(self) -> None:
        """The charts show something else: their axes begin anew."""

    @abstractmethod
    def go_to_page(self, number: int) -> None:
        """Show that page, counted from 0, around."""

    @abstractmethod
    def lay_out(self) -> None:
        """Give everything its room, and show the page of that number."""

    page_number: int
    """Of the page that is shown, counted from 0."""

    # the runs

    def action_train(self) -> None:
        if race := self._to_train():
            self.hush()
            if self._going(race):
                race.pause(self.current)
            else:
                race.start(self.current)
            self.show_focus()

    def _going(self, race: Race) -> bool:
        """Whether what space acts on is training."""
        return race.training > 0 if self.current is None else race.racers[self.current].wanted

    def action_step(self) -> None:
        if race := self._to_train():
            self.hush()
            race.step(self.current)

    def action_epoch(self) -> None:
        if race := self._to_train():
            self.hush()
            race.epoch(self.current)

    def action_reset(self) -> None:
        if race := self._raced():
            self.hush()
            race.reset(self.current)
            self.show_curves()

    def action_repeat(self) -> None:
        if (race := self._raced()) is None:
            return
        if not race.repeatable:
            self.tell("Runs of the store go on, but are not repeated: p picks presets.", "hint")
            return
        more = [number for number in REPEATS if number > race.seeds]
        race.repeat(more[0] if more else REPEATS[0])
        seeds = f"seeds {race.seed} to {last_seed(race)}" if race.seeds > 1 else f"seed {race.seed}"
        self.tell(f"Each preset {_times(race.seeds)}, {seeds}: space starts.")
        self.show_curves()
        self.lay_out()

    def _to_train(self) -> Race | None:
        """The race, where there is something in it to be trained."""
        race = self._raced()
        if race is not None and (told := over(race, self.current)):
            self.tell(told, "hint")
            return None
        return race

    def _raced(self) -> Race | None:
        """The race, where its runs are trained here."""
        if self.race is None:
            self.tell(PICK, "hint")
        elif self.race.stored:
            self.tell("These runs are kept ones: enter opens one in the lab.", "hint")
        else:
            return self.race
        return None

    def action_predict(self) -> None:
        if (race := self._raced()) is None:
            return
        if any(lane.report.update for lane in race.lanes):
            self.tell("The race has begun: r begins anew, then u.", "hint")
            return
        if why := nobody_wins(race):
            self.tell(f"Nobody can win: {why}.", "hint")
            return
        names = [racer.name for racer in race.racers]
        text = "\n".join(f"{number}  {name}" for number, name in enumerate(names, start=1))
        keys = [Choice(str(n), f"run {n}", str(n - 1)) for n in range(1, len(names) + 1)]
        self.app.push_screen(Ask("who will win?", text, keys), self._guess)

    def _guess(self, place: str | None) -> None:
        if place is not None and self.race is not None:
            self.guess = int(place)
            self.tell(f"You say that {self.race.racers[self.guess].name} will win: space starts.")

    def action_presets(self) -> None:
        self.post_message(self.PickWanted())

    def action_enter(self) -> None:
        if self.race is None:
            self.action_presets()
        elif self.current is None:
            many = len(self.race.racers)
            self.tell(f"Focus a run first: tab, 1 to {many} or a click on it.", "hint")
        else:
            racer = self.race.racers[self.current]
            lane, which = entry(self.race, racer)
            if which:
                self.tell(f"{racer.name} opens with {which}.")
            self.post_message(self.Enter(racer, lane, which))

    # the focus

    def action_turn(self, by: int) -> None:
        """The runs one after the other, from left to right, and all of them behind the last."""
        places: list[int | None] = [None, *self.order]
        at = places.index(self.current) if self.current in places else 0
        self.focus_on(places[(at + by) % len(places)])

    def action_only(self, place: int) -> None:
        if self.race is not None and place < len(self.race.racers):
            self.focus_on(None if place == self.current else place)

    def focus_on(self, place: int | None) -> None:
        """Keys act on that run alone; None: on all."""
        self.current = place
        self.columns.focus_on(place)
        if place is not None and self.race is not None:
            self.reveal(place)
            name = self.race.racers[place].name
            does = "space, s, e, r, enter act on it alone"
            if self.race.stored:
                does = "enter opens it in the lab"
            self.tell(f"In focus: {name}. {does}; esc: all.")
        else:
            self.hush()
        self.show_focus()

    @abstractmethod
    def reveal(self, place: int) -> None:
        """Go to the page on which that run is, where only columns are shown."""

    def action_back(self) -> None:
        """One thing after the other: the table, the cursor, the run in focus, the lab."""
        if self.table.has_focus:
            self.set_focus(None)
        elif self.chart.cursor is not None:
            self.set_charts(cursor=None, pinned=False)
        elif self.current is not None:
            self.focus_on(None)
        else:
            self.app.call_later(self.app.run_action, "app.home")
        self.show_focus()

    def action_row(self, by: int) -> None:
        """What the arrows do before the table has the focus of the keyboard."""
        self.show_table()
        self.table.focus()

    def action_sort(self) -> None:
        self.show_table()
        self.table.action_sort()

    @abstractmethod
    def show_table(self) -> None:
        """Go to its page, where it is not shown."""

    # the curves

    def action_overlay(self) -> None:
        self.overlaid, self.page_number = not self.overlaid, 0
        self.lay_out()

    def action_figure(self, by: int) -> None:
        if self.race is None:
            return
        names = offered(self.race)
        at = names.index(self.figure) if self.figure in names else 0
        self.figure = names[(at + by) % len(names)]
        self.chart.log_y = self.figure.log
        self.show_curves()

    def action_x_axis(self) -> None:
        self.axis = AXES[(AXES.index(self.axis) + 1) % len(AXES)]
        self.set_charts(cursor=None, pinned=False, view=None)
        if self.axis != "epoch" and self.ghosts:
            self.tell("Published curves are by epoch: they are not drawn on this axis.")
        self.show_curves()

    def action_log_y(self) -> None:
        self.chart.log_y = not self.chart.log_y
        self.show_all()

    def action_smooth(self) -> None:
        beta = SMOOTHINGS[(SMOOTHINGS.index(self.chart.smoothing) + 1) % len(SMOOTHINGS)]
        self.set_charts(smoothing=beta)
        self.tell(f"Smoothing {beta:g}" if beta else "No smoothing")

    def action_cursor(self, by: int) -> None:
        self._reader.action_step_cursor(by)

    def action_zoom(self, by: int) -> None:
        self._reader.zoom(1.5**by)

    def action_pan(self, by: int) -> None:
        self._reader.pan(0.25 * by)

    def action_whole(self) -> None:
        self.set_charts(view=None, cursor=None, pinned=False)

    @property
    def _reader(self) -> Zoomable:
        """What the keys of the x axis act on; the others follow."""
        shown = [self.chart, *self.columns.shown]
        return next((one for one in shown if one.region.area and one.display), self.chart)

    def set_charts(self, **values: Any) -> None:
        """Set an attribute on all charts: ``set_charts(view=None)``."""
        for name, value in values.items():
            setattr(self.chart, name, value)
        self.columns.set_all(**values)

    def action_page(self, by: int) -> None:
        self.go_to_page(self.page_number + by)

    # files

    def action_ghost(self) -> None:
        question = (
            "A CSV or JSON file with the columns epoch and value, or epoch and any of our figures; "
            "an empty answer takes all such curves away."
        )
        self.app.push_screen(Prompt("published curve", question, "", self._lay))

    def _lay(self, answer: str) -> None:
        if not answer:
            self.ghosts.clear()
            self.show_curves()
            return
        ghost = read_ghost(Path(answer).expanduser())
        kept = [(one, laid) for one, laid in self.ghosts if one.name != ghost.name]
        self.ghosts[:] = [*kept, (ghost, self.figure.name)]
        if self.axis != "epoch":
            self.axis = "epoch"
            self.set_charts(cursor=None, pinned=False, view=None)
        self.tell(f"{ghost.name} lies behind the large chart, by epoch.")
        self.show_curves()

    def action_report(self) -> None:
        if self.race is None:
            self.tell(PICK, "hint")
            return
        question = (
            "Writes these runs as they are now: a page with charts, tables and settings (.html), "
            f"or the charts alone (.svg). A name alone is a file in {Path.cwd()}."
        )
        self.app.push_screen(
            Prompt("write a report to a file", question, "race.html", self._report)
        )

    def _report(self, answer: str) -> None:
        from tuinn.export import report

        assert self.race is not None
        path = report(self.race, Path(answer).expanduser())
        self.tell(f"The report is in {path.absolute()}")


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
