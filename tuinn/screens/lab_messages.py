"""What the message line of the lab says, and for how long."""

from __future__ import annotations

from engine.snapshot import Snapshot
from tuinn.config import Config
from tuinn.findings import Finding, finding
from tuinn.numbers import count, significant
from tuinn.preset import Preset
from tuinn.runners.report import Report
from tuinn.screens.lab_actions import LabActions
from tuinn.screens.sentences import found, sentence
from tuinn.widgets.status import Sentence

FINDING_SECONDS = 1
"""Between two looks for what is going on, so that what is said can be read."""
TOLD_SECONDS = 6
"""How long an answer to a key stands in the message line."""
LIVE = ("ready", "training", "paused")
"""States in which what the runner says is a refusal."""


class LabMessages(LabActions):
    """Answers to keys for a while; else the moment looked at, what is found, or the state."""

    def __init__(self, preset: Preset, fps: float) -> None:
        super().__init__()
        self.preset, self.fps = preset, fps
        self._frames = 0
        self._told: tuple[int, str, Sentence, Config] = (0, "", Sentence(""), preset.config)
        """Up to which frame, in which state of the run, what, and with which form."""
        self._finding: Finding | None = None

    def _sentence(self) -> Sentence:
        about = self.session.about(self.preset.config)
        said = sentence(self.session, self.form.errors, about.look_for)
        back = self.looked_at
        looks_back = back is not None and not self.form.errors and self.session.status != "failed"
        until, told_in, told, form = self._told
        lasts = self._frames < until and told_in == self._stage
        if not lasts:
            # nor is it true again when the state comes back
            self._forget()
        # that settings wait for a reset is no news while nothing else is changed in the form
        waits = said.level == "hint" and form is self.form.config
        if lasts and (said.level == "info" or told.level == "error" or looks_back or waits):
            return told
        if looks_back and back is not None:
            return self._looking_back(back.snapshot)
        if said.level == "info" and self.session.status in ("training", "paused", "finished"):
            if self._frames % max(1, round(FINDING_SECONDS * self.fps)) == 0:
                self._finding = finding(self.session.built, self.session.history)
            if self._finding is not None:
                known = ("y",) if self.dashboard.charts[0].log_y else ()
                if self._finding.level == "alarm":
                    return found(self._finding, without=known)
                if self.session.status == "training":
                    return found(self._finding, about.look_for)
        return said

    def _looking_back(self, moment: Snapshot) -> Sentence:
        """Of what moment the panels are, and what can be done there."""
        word = self.session.facts.epoch
        place = f"update {count(moment.update)}, {word} {significant(moment.epoch)}"
        return Sentence(
            f"Looking back: all panels show {place}. f goes on from here with the settings of the "
            "form; ←→ moves, 0 returns to now.",
            "hint",
            f"Back at {place}: f forks here, 0 returns.",
        )

    def _forget(self) -> None:
        """What was told is over."""
        self._told = (0, *self._told[1:])

    def tell(self, text: str, level: str = "info") -> None:
        until = self._frames + round(TOLD_SECONDS * self.fps)
        self._told = until, self._stage, Sentence(text, level), self.form.config
        self.show_state()

    @property
    def _stage(self) -> str:
        """The state of the run, as far as what is told depends on it: loading is soon over."""
        status = self.session.status
        return self.session.coming if status == "loading" else status

    def _advised(self, key: str) -> str:
        """What the finding of the moment says that this key should choose; empty for nothing."""
        tries = self._finding.tries if self._finding is not None else ()
        return next((each.choice for each in tries if each.key == key), "")

    def _tell_written(self, report: Report) -> None:
        """That a weight was written by hand, and what becomes of it."""
        written = [mark.text for mark in report.marks if mark.written]
        if written and report.status in LIVE:
            then = "training" if report.status == "training" else "space"
            self.tell(f"{written[-1]}: {then} goes on from it.")
