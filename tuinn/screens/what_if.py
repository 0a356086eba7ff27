"""Other settings by one key, going on from a moment of the past, and weights written by hand."""

from __future__ import annotations

import math
from abc import abstractmethod

from engine.rewind import Moment
from tuinn.config import ConfigError, changed, fields, get, has
from tuinn.experiment import check
from tuinn.fork import check_fork
from tuinn.numbers import count, significant
from tuinn.screens.form_keys import FormKeys
from tuinn.screens.inside import Inside
from tuinn.screens.prompt import Prompt
from tuinn.screens.session import Session
from tuinn.widgets.dashboard import Dashboard
from tuinn.widgets.field import labelled
from tuinn.widgets.form import Form

DECADES = range(-2, 7)
"""Of the values that α steps through, 0.01, 0.02, 0.05, 0.1 …; below them there is no decay."""

KEYS = {"training.cost": "c", "network.init": "i"}
"""The fields whose next choice a key takes."""


class WhatIf(FormKeys):
    """The actions that try something; what is told goes to the message line."""

    session: Session
    form: Form
    dashboard: Dashboard
    inside: Inside

    @abstractmethod
    def tell(self, text: str, level: str = "info") -> None:
        """Say something in the message line for a while."""

    @abstractmethod
    def _advised(self, key: str) -> str:
        """What a key should choose, as far as something is advised now; empty for nothing."""

    # settings

    def action_nudge(self, by: int) -> None:
        config = self.form.config
        if not has(config, "optimizer.eta"):
            self.tell(f"{config.optimizer.name} has no learning rate η.", "hint")
            return
        eta = get(config, "optimizer.eta")
        nudged = float(f"{eta * 10 ** (by / 10):.2g}")
        self.form.set("optimizer.eta", nudged)
        self.tell(f"η {significant(eta)} → {significant(nudged)}")

    def action_decay(self, by: int) -> None:
        alpha = self.form.config.regularisation.alpha
        stepped = next_alpha(alpha, by)
        if stepped == alpha:
            why = "there is no less than none" if by < 0 else "there is more in the form only"
            self.tell(f"α is {significant(alpha)}: {why}.", "hint")
            return
        self.form.set("regularisation.alpha", stepped)
        self.tell(f"α {significant(alpha)} → {significant(stepped)}")

    def action_other_cost(self) -> None:
        self._take_next("training.cost")

    def action_next_init(self) -> None:
        self._take_next("network.init")

    def _take_next(self, path: str) -> None:
        """Set the next choice of a field: after that of the run comes what is advised."""
        config, key = self.form.config, KEYS[path]
        field = next(field for field in fields(config.optimizer.name) if field.path == path)
        now = get(config, path)
        choices = [choice for choice in field.choices if choice != "given"]
        advised = self._advised(key)
        built = get(self.session.built, path)
        if advised in choices and advised != built:
            choices.remove(advised)
            choices.insert(choices.index(built) + 1 if built in choices else 0, advised)
        at = choices.index(now) if now in choices else -1
        value = choices[(at + 1) % len(choices)]
        try:
            check(changed(config, path, value))
        except ConfigError as error:
            self.tell(labelled(str(error)), "hint")
            return
        self.form.set(path, value)
        if not self.session.begun:
            self.tell(f"{field.label} {now} → {value}")
        elif path == "network.init":
            self.tell(f"{field.label} {now} → {value}: r begins anew with it.")
        else:
            then = "r begins anew with it, f goes on from here with it"
            self.tell(f"{field.label} {now} → {value}: {then}.")

    # back to a moment, and on from there

    @property
    def looked_at(self) -> Moment | None:
        """The kept moment that the cursor was set to; None while it is the last of all."""
        x = self.dashboard.pinned
        moments = self.session.runner.rewind.moments
        if x is None or not moments:
            return None
        moment = self.session.runner.rewind.nearest(self.dashboard.axis, x)
        return None if moment is None or moment is moments[-1] else moment

    def action_fork(self) -> None:
        moments = self.session.runner.rewind.moments
        moment = self.looked_at or (moments[-1] if moments else None)
        if moment is None:
            self.tell("There is nothing to go on from yet: press space to train.", "hint")
            return
        self.form.take()
        if refusal := self._no_fork(moment):
            self.tell(refusal, "error")
            return
        # that the form has changed may not have been told yet
        self.session.config = self.form.config
        self.session.fork(moment.snapshot.update)
        self.dashboard.release_cursor()

    def _no_fork(self, moment: Moment) -> str:
        """Why the run cannot go on from there as the form says; empty where it can."""
        experiment, config = self.session.experiment, self.form.config
        if experiment is None:
            return "There is no run to go on from."
        if self.session.status == "diverged" and moment is self.session.runner.rewind.moments[-1]:
            return "The run has diverged here: go back to an earlier moment, then press f."
        try:
            check_fork(experiment.config, config)
            check(config)
        except ConfigError as error:
            why = labelled(str(error))
            return f"{why[:1].upper()}{why[1:]}."
        return ""

    # weights by hand

    def ask_weight(self, layer: int, row: int, column: int | None, value: float, name: str) -> None:
        """Ask for a new value of a weight, or with no column of a bias, and set it."""
        question = f"{name} is {significant(value)}. Training goes on from the new value."

        def take(text: str) -> None:
            self.session.edit(layer, row, column, number(text))

        self.app.push_screen(Prompt("write a weight", question, f"{value:.6g}", take))

    def ask_example(self) -> None:
        """Ask for the number of a training example, and walk through it."""
        experiment = self.session.experiment
        if experiment is None:
            return
        m = experiment.trainer.m

        def take(text: str) -> None:
            example = number(text)
            if not (example.is_integer() and 1 <= example <= m):
                raise ValueError(f"must be a whole number, 1 … {m}, got {text}")
            self.inside.look_at(int(example) - 1, trained_on=True)

        question = f"The training examples have the numbers 1 … {count(m)}."
        now = self.dashboard.equations.example + 1
        self.app.push_screen(Prompt("example", question, str(now), take))


def number(text: str) -> float:
    """A finite number; ValueError where the text is none."""
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"must be a number, got {text!r}") from None
    if not math.isfinite(value):
        raise ValueError(f"must be a finite number, got {text}")
    return value


def next_alpha(alpha: float, by: int) -> float:
    """α one step up or down in 1, 2, 5, 10, …; below the least step it is 0."""
    steps = [0.0, *(float(f"{step}e{decade}") for decade in DECADES for step in (1, 2, 5))]
    if by > 0:
        return next((step for step in steps if step > alpha * (1 + 1e-9)), alpha)
    return max((step for step in steps if step < alpha * (1 - 1e-9)), default=0.0)
