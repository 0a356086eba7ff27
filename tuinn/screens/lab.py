"""The lab: the form at the left, the dashboard at the right, one run between them."""

from __future__ import annotations

import re
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import DescendantBlur, DescendantFocus, Resize

from engine.data import catalogue
from engine.rewind import MOST_BYTES
from engine.snapshot import Snapshot
from tuinn.config import Config
from tuinn.preset import Preset
from tuinn.runners.report import Fork
from tuinn.screens.actions import LAB_ACTIONS, bindings
from tuinn.screens.architecture import parts_of, shape_of
from tuinn.screens.clock import RunClock
from tuinn.screens.inside import Inside
from tuinn.screens.lab_keys import LabKeys
from tuinn.screens.lab_messages import LIVE
from tuinn.screens.log import LogFile
from tuinn.screens.sentences import to_go_on
from tuinn.screens.session import Session
from tuinn.widgets.dashboard import Dashboard
from tuinn.widgets.field import labelled
from tuinn.widgets.footer import KeyBar
from tuinn.widgets.form import Form, SetFacts
from tuinn.widgets.header import Progress, ProgressLine, TitleBar
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.status import StatusLine

if TYPE_CHECKING:
    from tuinn.store import Keeper

NARROW_WIDTH, NARROW_HEIGHT = 110, 30
"""Below one of these, form and dashboard share the screen by turns."""
EMPTY = {"loading": "loading …", "failed": "no run: see the message below"}
"""What the panels say while there is nothing to draw, by the state of the run."""


class Lab(LabKeys):
    """Polls the runner and shows what it says; see `LabActions` for what the keys do."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[Any]] = bindings(LAB_ACTIONS)

    DEFAULT_CSS = """
    Lab { layout: vertical; background: $background; }
    Lab > #body { height: 1fr; }
    Lab.-narrow #form { width: 1fr; }
    Lab.-narrow #form VerticalScroll { layout: horizontal; }
    Lab.-narrow.-dashboard #form { display: none; }
    Lab.-narrow.-form #dashboard { display: none; }
    Lab StatusLine { height: 2; }
    """

    def __init__(
        self,
        preset: Preset,
        log_file: LogFile,
        demo: bool,
        fps: float,
        draw: Glyphs,
        rewind_bytes: int = MOST_BYTES,
        keeper: Keeper | None = None,
    ) -> None:
        super().__init__(preset, fps)
        self.log_file = log_file
        self.demo = demo
        self.session = Session(
            preset.config,
            preset.folder,
            interval=1 / fps,
            rewind_bytes=rewind_bytes,
            keeper=keeper,
            name=preset.name,
        )
        self.axis = self.session.facts.axis
        sets = {
            entry.name: SetFacts(entry.generated, plane=entry.inputs == 2) for entry in catalogue()
        }
        self.form = Form(preset.config, sets, self._refusal)
        self.dashboard = Dashboard(draw)
        self.dashboard.use(self.session.facts)
        self._drawing = False
        self._clock, self._last_frame = RunClock(), monotonic()
        self._blamed = False
        """What the runner refused stands at its field."""
        self._refused = ""
        """What the runner said last, as far as it is told already."""
        self._quit_asked = False
        self._unseen = self._unseen_reset = False
        """Something happened, or the run began anew, while another screen was shown."""
        self.inside = Inside(self.dashboard, fps)
        self._seen: Snapshot | None = None
        """The moment that the panels show."""

    def compose(self) -> ComposeResult:
        yield TitleBar("Lab")
        yield ProgressLine()
        with Horizontal(id="body"):
            yield self.form
            yield self.dashboard
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.add_class("-dashboard")
        self.dashboard.take_focus()
        if self.demo:
            self.session.start()
        self.set_interval(1 / self.fps, self.frame)
        self.show_state()

    # layout

    def on_resize(self, event: Resize) -> None:
        width, height = event.size
        self.set_class(width < NARROW_WIDTH or height < NARROW_HEIGHT, "-narrow")

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        self.set_class(self._in_form(), "-form")
        self.set_class(not self._in_form(), "-dashboard")
        self.show_keys()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        self.show_keys()

    def on_dashboard_moved(self, event: Dashboard.Moved) -> None:
        event.stop()
        self.show_keys()
        # not empty until the next frame
        self.call_after_refresh(self._draw_inside)

    def _draw_inside(self) -> None:
        self.inside.draw(self.session, self.moment, self._frames)

    # frames

    def frame(self) -> None:
        """Take what the runner has to say and show it; the trainer waits meanwhile.

        A frame is skipped while the one before it is not drawn yet.
        """
        if self._covered:
            self._unseen = True
            self._unseen_reset |= self.session.poll().reset
            self._count_time()
            return
        if self._drawing:
            # a screen behind a dialog may sleep on what it has to draw: wake it
            self.check_idle()
            return
        self._drawing = True
        self._frames += 1
        self.session.runner.hold()
        try:
            report = self.session.poll()
            self._count_time()
            if report.reset or self._unseen_reset:
                self._show_new_run()
            if report.status == "failed":
                self._blame(report.message)
            elif report.message not in ("", self._refused) and report.status in LIVE:
                # the run goes on as it was: it is told once why
                self.tell(labelled(report.message), "error")
            self._refused = report.message
            if report.forks:
                self._show_fork(report.forks[-1])
            self._tell_written(report)
            if report.snapshots or report.marks or report.forks or report.reset or self._unseen:
                self.show_curves()
            self._unseen = self._unseen_reset = False
            self._draw_inside()
            if news := self.log_file.news():
                self.tell(news, "hint")
            self.show_state()
        finally:
            self.call_after_refresh(self._drawn)

    @property
    def _covered(self) -> bool:
        """Another screen than a dialog stands before it: the run goes on, and nothing is drawn."""
        return any(not screen.is_modal for screen in self.app.screen_stack[1:])

    def _drawn(self) -> None:
        self._drawing = False
        self.session.runner.release()

    def on_screen_resume(self) -> None:
        # the dialog on top hears first that a frame is drawn, and may have gone with that
        self._drawn()

    def _count_time(self) -> None:
        """Count the seconds that the run goes on by the clock, held back or not."""
        now, report = monotonic(), self.session.report
        if report.forks:
            self._clock.go_back(report.forks[-1].mark.update)
        elif self.session.status == "training":
            self._clock.count(now - self._last_frame, report.update)
        if report.update == 0:
            self._clock = RunClock()
        self._last_frame = now

    @property
    def moment(self) -> Snapshot | None:
        """What the panels show beside the curves: the last moment, or one that is looked at."""
        looked_at = self.looked_at
        return looked_at.snapshot if looked_at else self.session.last

    def on_dashboard_cursor_moved(self, event: Dashboard.CursorMoved) -> None:
        event.stop()
        if self.moment is not self._seen:
            # what was told was of another moment
            self._forget()
            self.show_curves()
            self._draw_inside()
            self.show_state()

    def show_curves(self) -> None:
        session = self.session
        experiment = session.experiment
        match self.axis:
            case "epoch":
                end = session.epochs
            case "update":
                end = session.planned
            case "evaluations":
                end = session.evaluations
            case _:
                end = 0
        x_range = (0.0, float(end)) if end and experiment else None
        regression = experiment is not None and experiment.dataset.kind == "regression"
        self._seen = self.moment
        self.dashboard.show(session.history, self._seen, self.axis, x_range, regression)

    def _show_new_run(self) -> None:
        """The data or the network may be others now."""
        experiment = self.session.experiment
        if experiment is None:
            return
        self.form.judge()
        self.dashboard.release_cursor()
        self._blamed = False
        self._finding = None
        self._use(self.session.facts)
        self.dashboard.planar = experiment.dataset.raw is not None
        self.dashboard.images = experiment.dataset.image_shape is not None
        self.form.summarise("Data", parts_of(experiment))
        self.form.summarise("Network", shape_of(experiment))

    def _show_fork(self, fork: Fork) -> None:
        """The method, or the cost, may be another now."""
        self.dashboard.release_cursor()
        self._finding = None
        self._use(self.session.facts)
        finished = self.session.report.message
        then = f"{to_go_on(finished).capitalize()} to go on." if finished else "space goes on."
        self.tell(f"{fork.text[:1].upper()}{fork.text[1:]}. {then}")

    def _use(self, facts: MethodFacts) -> None:
        """Show a run of this method; the x axis follows it unless another was asked for."""
        if self.axis == self.dashboard.method.axis:
            self.axis = facts.axis
        if facts != self.dashboard.method:
            self.dashboard.set_charts(view=None)
            self.dashboard.release_cursor()
        self.dashboard.use(facts)

    def _blame(self, message: str) -> None:
        """Show a refusal at the field that it names, where the form does not refuse it itself."""
        field = re.search(r"`([a-z_0-9.]+)`", message)
        if field and not self._blamed and not self.form.errors:
            self.form.say(field[1], message)
        self._blamed = True

    def show_state(self) -> None:
        session, report = self.session, self.session.report
        title = self.query_one(TitleBar)
        about = session.about(self.preset.config)
        title.title = "" if about.title == self.preset.name else about.title
        title.preset, title.state = self.preset.name, session.status
        title.edited = session.config != self.preset.config
        title.unkept = not session.kept
        # a search tells its numbers beside its curves, too: all are of one moment
        moment = session.last if session.facts.searches and session.last else report
        self.query_one(ProgressLine).progress = Progress(
            epoch=moment.epoch,
            epochs=session.epochs,
            word=session.facts.epoch,
            searches=session.facts.searches,
            update=moment.update,
            updates_per_second=report.updates_per_second or None,
            seconds=max(report.seconds, self._clock.seconds),
            planned=session.planned,
            evaluations=moment.evaluations,
            budget=session.built.stop.evaluations,
            by_budget=session.epochs < session.built.stop.epochs,
            ended=session.status in ("finished", "diverged", "failed"),
        )
        self.query_one(StatusLine).sentence = self._sentence()
        self.dashboard.say_empty(EMPTY.get(session.status, "press space to train"))
        self.show_keys()

    # the form

    def on_form_changed(self, event: Form.Changed) -> None:
        event.stop()
        self._quit_asked = False
        self._take(event.config)

    def _take(self, config: Config) -> None:
        self._blamed = False
        self.session.want(config)
        self.show_state()

    def _refusal(self, path: str, config: Config) -> str:
        """Why a value cannot be had with the data of the run; empty where it can."""
        return self.session.too_large(config) if path == "training.batch_size" else ""

    def may_quit(self) -> bool:
        """False once where a run with unsaved settings would be lost; then it says so."""
        unsaved = self.session.config != self.preset.config
        if unsaved and self.session.status == "training" and not self._quit_asked:
            self._quit_asked = True
            self.tell(
                "The form is not saved (^s) and a run is going: press q again to quit.", "hint"
            )
            return False
        return True
