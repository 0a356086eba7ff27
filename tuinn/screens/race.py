"""The Race screen: presets, or runs that were kept, side by side on the same axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.widgets import Static

from tuinn.ghost import Ghost
from tuinn.race import Race
from tuinn.screens.actions import bindings
from tuinn.screens.gate import Gate
from tuinn.screens.race_curves import (
    FIGURES,
    axis_label,
    behind,
    large,
    name_of,
    offered,
    planned,
    searches,
    smalls,
)
from tuinn.screens.race_keys import RACE_ACTIONS
from tuinn.screens.race_layout import CSS, Page
from tuinn.screens.race_room import RaceRoom
from tuinn.screens.race_sentences import NOTHING, news, same, sentence
from tuinn.screens.race_states import NUMBERED, column_of, far
from tuinn.short_names import short_names
from tuinn.widgets.footer import KeyBar
from tuinn.widgets.header import TitleBar
from tuinn.widgets.race_chart import RaceChart
from tuinn.widgets.race_column import RaceColumn
from tuinn.widgets.race_columns import RaceColumns
from tuinn.widgets.race_line import RaceLine
from tuinn.widgets.race_table import RaceTable
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.status import Sentence, StatusLine
from tuinn.widgets.zoomable import Zoomable

if TYPE_CHECKING:
    from tuinn.runners.runner import Ending

TOLD_SECONDS = 6
"""How long an answer to a key stands in the message line."""
TABLE_SECONDS = 0.5
"""Between two drawings of the table, and two sentences, so that they can be read."""
TURNS = 3
"""Frames in which all columns are drawn anew."""


class RaceScreen(RaceRoom):
    """Follows a race while it is shown, and listens to it once a second while it is not; see
    `RaceActions` for what the keys do.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[Any]] = bindings(RACE_ACTIONS)

    DEFAULT_CSS = CSS

    def __init__(
        self,
        race: Race | None,
        *,
        fps: float,
        draw: Glyphs,
        gate: Gate | None = None,
        ghosts: Sequence[Ghost] = (),
    ) -> None:
        """``race``: None until presets are picked; ``gate``: what else goes on waits while this
        screen draws; ``ghosts``: published curves laid behind.
        """
        super().__init__()
        self.fps, self._gate = fps, gate
        self.ghosts = [(ghost, FIGURES[0].name) for ghost in ghosts]
        self.chart = RaceChart(glyphs=draw, empty="the curves of all runs appear here", id="large")
        self.table = RaceTable(glyphs=draw, id="table")
        self.columns = RaceColumns(draw)
        self.overlaid = False
        self.figure = FIGURES[0]
        self.page = Page("all")
        self.page_number = 0
        self._in_sight = self._drawing = False
        self._dirty = True
        self._stale: list[int] = []
        """Places of the runs whose columns are to be drawn, in the order of their turns."""
        self._shown_table = True
        """What table and sentence tell is not older than what the charts show."""
        self._frames = 0
        self._said = self._told = Sentence("")
        self._told_after: object = None
        self._said_after: object = None
        """The news there was when it was told, or said: what comes later replaces it."""
        self._told_until = 0
        self._begin(race)

    def compose(self) -> ComposeResult:
        yield TitleBar("Race")
        yield RaceLine()
        with Vertical(id="ground"):
            yield Static(NOTHING, id="nothing", markup=False)
            with Horizontal(id="top"):
                yield self.chart
                yield self.table
            yield self.columns
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.set_interval(1 / self.fps, self.frame)
        self.lay_out()

    def on_resize(self, event: Resize) -> None:
        self.lay_out()

    # the race

    def open(self, race: Race, overlaid: bool = False) -> None:
        """Show another race; the one before is closed. ``overlaid``: in one large chart."""
        self.close_race()
        self._begin(race)
        self.overlaid, self.page_number = overlaid, 0
        if self.is_mounted:
            self.set_charts(view=None, cursor=None, pinned=False)
            self.columns.focus_on(None)
            self.show_curves()
            self.lay_out()

    def close_race(self, status: Ending = "stopped", reason: str = "") -> None:
        """End what is still trained."""
        if self.race is not None:
            self.race.close(status, reason)

    def _begin(self, race: Race | None) -> None:
        self.race = race
        self.current = self.guess = None
        self.order = tuple(range(len(race.racers))) if race else ()
        self.figure, self.axis = FIGURES[0], "epoch"
        self._kinds: set[bool] = set()
        self.differences = race.differences if race else []
        self._stale = []
        self._told_until, self._problem = 0, ""

    # frames

    def on_screen_resume(self) -> None:
        self._in_sight, self._drawing = True, False
        self.show_all()

    def on_screen_suspend(self) -> None:
        self._in_sight = False

    def frame(self) -> None:
        """Take what is new, and show it; out of sight nothing is drawn.

        A frame is skipped while the one before it is not drawn yet.
        """
        self._frames += 1
        if self.race is None or not (self._in_sight or self._every(1.0)):
            return
        if self.race.poll():
            self._dirty = True
            self._tell_problem(self.race)
            if self.page.shows_columns:
                self._stale += [place for place in self.order if place not in self._stale]
        if not self._in_sight or self._drawing:
            return
        due = self._every(TABLE_SECONDS) or self._said_after != news(self.race)
        if self._dirty or self._stale or self._frames == self._told_until:
            self._dirty = False
            self._show(table=due)
        elif due and not self._shown_table:
            self._show(table=True)

    def _every(self, seconds: float) -> bool:
        """Whether this is one of the frames that are so far apart."""
        return self._frames % max(1, round(seconds * self.fps)) == 0

    def _tell_problem(self, race: Race) -> None:
        """Tell once why runs cannot be kept, or followed: they go on."""
        problem = race.problem
        if problem and problem != self._problem:
            what = "followed" if race.stored else "kept"
            self.tell(f"Not {what}: {problem.rstrip('.')}. The runs go on.", "hint")
        self._problem = problem

    def show_all(self) -> None:
        """Show all that has changed now."""
        if self.is_mounted and self._in_sight:
            self._stale = list(self.order) if self.page.shows_columns else []
            self._show(table=True, turns=1)

    def show_curves(self) -> None:
        self.columns.forget_limits()
        self.show_all()

    def show_focus(self) -> None:
        """Show which run has the focus; the curves stay as they are."""
        if self.is_mounted and self._in_sight:
            self._show(table=True, curves=False)

    def _show(self, *, table: bool, curves: bool = True, turns: int = TURNS) -> None:
        self._drawing = True
        if self._gate:
            self._gate.hold()
        self._shown_table = table
        if table:
            self._said = sentence(self.race, self.current, self.guess)
            self._said_after = news(self.race)
        if self.race is not None and curves:
            self._choose_axis(self.race)
            if self.chart.region.area:
                self._show_chart(self.race)
            if self.page.shows_columns:
                self._show_columns(self.race, -(-len(self.order) // turns))
        if self.race is not None and table:
            self._show_table(self.race)
        self._show_state()
        self.call_after_refresh(self._drawn)

    def _drawn(self) -> None:
        self._drawing = False
        if self._gate:
            self._gate.release()

    def _choose_axis(self, race: Race) -> None:
        """Runs with gradients and searches are first compared by their evaluations."""
        kinds = {searches(racer) for racer in race.racers}
        if kinds != self._kinds:
            if kinds == {True, False} and self.axis == "epoch" and not self.ghosts:
                self.axis = "evaluations"
            self._kinds = kinds
            # searches have fewer small charts
            self.call_after_refresh(self.lay_out)

    def _show_chart(self, race: Race) -> None:
        if self.figure not in offered(race):
            self.figure = FIGURES[0]
        chart = self.chart
        chart.numbers = {racer.name: racer.place + 1 for racer in race.racers}
        chart.x_label = axis_label(race, self.axis)
        title = name_of(self.figure, race)
        if chart.title != title:
            chart.title = title
        chart.set_range(self.figure.y_range)
        if not any(len(lane.history) > 1 for lane in race.lanes):
            # the first values say nothing of those to come
            self.columns.forget_limits()
            chart.forget_limits()
        curves = large(race, self.figure, self.axis, self.order)
        chart.show([*behind(self.ghosts, self.figure, self.axis), *curves], self._x_range)

    @property
    def _x_range(self) -> tuple[float, float] | None:
        return planned(self.race, self.axis) if self.race else None

    def _show_columns(self, race: Race, most: int) -> None:
        """Draw the next ``most`` of those whose turn it is."""
        there = {column.place for column in self.columns.shown}
        due = [place for place in self._stale if place in there][:most]
        self._stale = [place for place in self._stale if place in there and place not in due]
        room = self.columns.title_room
        names = short_names([racer.name for racer in race.racers], max(room - NUMBERED, 1))
        for place in due:
            racer = race.racers[place]
            drawn = smalls(race, racer, self.axis)
            shown = column_of(racer, names[place], drawn, place == self.guess, room)
            self.columns.take(place, shown)
        for column in self.columns.columns:
            column.x_label = axis_label(race, self.axis)
        self.columns.draw(due, self._x_range)

    def _show_table(self, race: Race) -> None:
        names = [racer.name for racer in race.racers]
        self.table.show(names, self.differences, race.results, focused=self.current)

    def _show_state(self) -> None:
        race = self.race
        self.set_class(race is None, "-empty")
        title, line = self.query_one(TitleBar), self.query_one(RaceLine)
        if race is None:
            title.preset, title.title, title.state = "", "", "ready"
            line.runs, line.counts = (), ""
        else:
            seeds = f" × {race.seeds} seeds" if race.seeds > 1 else ""
            many = len(race.racers)
            title.preset = f"{many} {'run' if many == 1 else 'runs'}{seeds}"
            title.title, title.state = same(race), race.status
            line.runs = tuple(far(race.racers[place]) for place in self.order)
            # beside runs that are done "0 of 3" would read as none of them
            line.counts = race.counts if race.training else ""
        self.query_one(StatusLine).sentence = self._sentence()
        self.show_keys()

    def _sentence(self) -> Sentence:
        if self._frames < self._told_until and self._told_after == self._turn:
            return self._told
        return self._said

    @property
    def _turn(self) -> object:
        """Another one when what was told before no longer holds."""
        return news(self.race), self.race is not None and self.race.training > 0

    def hush(self) -> None:
        self._told_until = 0

    def tell(self, text: str, level: str = "info") -> None:
        self._told, self._told_after = Sentence(text, level), self._turn
        self._told_until = self._frames + round(TOLD_SECONDS * self.fps)
        if self.is_mounted:
            self._show_state()

    # messages of the widgets

    def on_zoomable_cursor_moved(self, event: Zoomable.CursorMoved) -> None:
        event.stop()
        self.set_charts(cursor=event.x, pinned=event.pinned)
        self.show_keys()

    def on_zoomable_view_changed(self, event: Zoomable.ViewChanged) -> None:
        event.stop()
        self.set_charts(view=event.view)

    def on_zoomable_maximise(self, event: Zoomable.Maximise) -> None:
        event.stop()
        self.action_overlay()

    def on_race_column_chosen(self, event: RaceColumn.Chosen) -> None:
        event.stop()
        self.action_only(event.place)

    def on_race_line_chosen(self, event: RaceLine.Chosen) -> None:
        event.stop()
        self.action_only(event.place)

    def on_race_table_chosen(self, event: RaceTable.Chosen) -> None:
        event.stop()
        self.action_only(event.place)

    def on_race_table_sorted(self, event: RaceTable.Sorted) -> None:
        event.stop()
        self.order = event.places
        self.columns.put_in_order(self.order)
        self.show_all()
