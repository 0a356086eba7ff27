"""What the details say of a run, in lines of plain words."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from tuinn.allowed import ConfigError, as_text
from tuinn.environment import environment
from tuinn.fork import what_differs
from tuinn.numbers import count, rate, significant
from tuinn.widgets.run_columns import STATES, accuracy, seconds

if TYPE_CHECKING:
    from tuinn.config import Config
    from tuinn.store import StoredRun

Facts = list[tuple[str, str]]
"""Words and what they stand for; without a word the line goes on from the one before."""


def heading(run: StoredRun) -> str:
    """ "✓ finished: the epochs are done"."""
    reason = f": {run.reason}" if run.reason else ""
    return f"{STATES[run.status]} {run.status}{reason}"


def results(run: StoredRun) -> Facts:
    """How it went."""
    loss = [f"{significant(run.train_loss)} train"]
    share = [f"{accuracy(run.train_accuracy)} train"]
    best = "train"
    if run.validation_loss is not None:
        loss.insert(0, f"{significant(run.validation_loss)} validation")
        best = "validation"
    if run.validation_accuracy is not None:
        share.insert(0, f"{accuracy(run.validation_accuracy)} validation")
    per_second = f", {rate(run.update / run.seconds)} upd/s" if run.seconds > 0 else ""
    epochs = math.floor(run.epoch + 1e-9)
    updates = f"{count(run.update)} {'update' if run.update == 1 else 'updates'}"
    return [
        ("loss", ", ".join(loss)),
        ("R²" if run.regression else "accuracy", ", ".join(share)),
        ("best", f"{significant(run.best_loss)} and {accuracy(run.best_accuracy)}, {best}"),
        ("done", f"{count(epochs)} {'epoch' if epochs == 1 else 'epochs'}, {updates}"),
        ("time", f"{seconds(run.seconds)} s{per_second}"),
    ]


def settings(run: StoredRun) -> Facts:
    """What it is, in short."""
    try:
        config = run.config
    except ConfigError as error:
        return [("config", f"cannot be read: {error}")]
    return [
        ("data", f"{run.dataset or config.data.set}, seed {run.seed}"),
        ("network", network(config)),
        ("trained", training(config)),
        *([("now", now)] if (now := in_flight(run, config)) else ()),
    ]


def network(config: Config) -> str:
    """ "30 sigmoid · 10 tanh · output sigmoid"."""
    net = config.network
    names = net.activation if isinstance(net.activation, tuple) else (net.activation,)
    if len(names) < len(net.hidden):
        names = names * len(net.hidden)
    layers = [f"{units} {name}" for units, name in zip(net.hidden, names, strict=False)]
    return " · ".join([*layers, f"output {net.output}"])


def training(config: Config) -> str:
    """ "sgd η 0.5, mini-batch 10, cross-entropy, α 5"."""
    optimizer = config.optimizer
    eta = getattr(optimizer, "eta", None)
    parts = [optimizer.name if eta is None else f"{optimizer.name} η {as_text(eta)}"]
    if eta is not None:
        parts.append(f"mini-batch {as_text(config.training.batch_size)}")
    parts.append(config.training.cost)
    if config.regularisation.alpha:
        parts.append(f"α {as_text(config.regularisation.alpha)}")
    return ", ".join(parts)


def in_flight(run: StoredRun, config: Config) -> str:
    """What was changed while it ran; empty: nothing."""
    try:
        differs = what_differs(config, run.now)
    except ConfigError:
        return "settings that this tuinn cannot read"
    if differs:
        return differs
    return "changed by hand in mid-run" if run.changed and run.parent is None else ""


def apart(run: StoredRun, other: StoredRun | None) -> Facts:
    """What differs from another run; from what is set where nothing is said, if there is none."""
    from tuinn.config import Config

    try:
        was = other.config if other else Config()
        differs = what_differs(was, run.config)
    except ConfigError:
        return []
    against = f"from run {other.id}" if other else "from the defaults"
    return [(against, differs or "nothing that matters")]


def origin(run: StoredRun, raced: list[int]) -> Facts:
    """Where it comes from, and when. ``raced``: ids of those it raced with."""
    found: Facts = []
    if run.parent is not None:
        found.append(("fork", f"of run {run.parent} at update {count(run.parent_update or 0)}"))
    if raced:
        numbers = ", ".join(map(str, raced[:6])) + (" …" if len(raced) > 6 else "")
        found.append(("raced", f"with run{'s' if len(raced) > 1 else ''} {numbers}"))
    ended = "" if run.ended is None else f", last written {_time(run.ended)}"
    found.append(("began", f"{_time(run.started)}{ended}"))
    if run.owner_pid is not None:
        found.append(("held", f"by process {run.owner_pid}"))
    return found


def made_by(run: StoredRun) -> Facts:
    """Where it was made, and what of that is another here."""
    there = run.environment
    threads = "thread" if there.threads == 1 else "threads"
    found = [
        (
            "made by",
            f"tuinn {there.tuinn}, numpy {there.numpy}, Python {there.python}, {there.kernel}, "
            f"{there.threads} {threads}",
        )
    ]
    if differs := there.differs(environment()):
        found.append(("here", f"another {', '.join(differs)}: the last bits may differ"))
    if run.curve_hash:
        found.append(("hash", f"{run.curve_hash} of the curve"))
    return found


def noted(run: StoredRun) -> Facts:
    """What a person wrote to it."""
    tags = " ".join(f"#{tag}" for tag in run.tags)
    return [("tags", tags or "none (# tags it)"), ("note", run.note or "none (w writes one)")]


def _time(seconds: float) -> str:
    then = datetime.fromtimestamp(seconds)
    today = then.date() == datetime.now().date()
    return then.strftime("%H:%M:%S" if today else "%Y-%m-%d %H:%M")
