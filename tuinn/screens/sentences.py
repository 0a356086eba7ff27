"""What the message line says: the state of the run in plain words, and what to press."""

from __future__ import annotations

from collections.abc import Sequence

from tuinn.config import Config, as_text, fields, get, has
from tuinn.findings import Finding, Try
from tuinn.fork import FREE
from tuinn.optimizers import WHOLE
from tuinn.screens.session import Session
from tuinn.widgets.field import labelled
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.status import Sentence

MOST_VALUES = 30
"""Characters of the values of a setting that waits: more of them tell less than its name."""
LABELS = {field.path: field.label for field in fields()}
GOES_ON = {
    "budget": "raise the evaluations",
    "target loss": "empty the target loss",
    "target accuracy": "empty the target accuracy",
    "no better loss": "raise the patience",
    "of training": "raise the seconds",
}
"""What ends a run beside its epochs, by a word of the reason, and how it may go on."""


def sentence(session: Session, errors: dict[str, str], look_for: str) -> Sentence:
    """The sentence of the moment.

    ``errors``: what is wrong in the form, by field; ``look_for``: what the run is to show.
    """
    status, message = session.status, session.report.message
    if status == "failed":
        return Sentence(f"{labelled(message)}. Change the form, or press r to try again.", "error")
    if errors:
        path, error = next(iter(errors.items()))
        now = get(session.config, path)
        # what does not go with another field is set all the same
        taken = now is None or error.endswith(f"got {as_text(now)}")
        kept = "" if taken else f" Until then it is {as_text(now)}."
        return Sentence(f"{LABELS.get(path, path)}: {error}.{kept}", "error")
    if status == "diverged":
        why = message.removeprefix("diverged: ")
        return Sentence(f"Diverged: {why}. Press r to reset.", "error")
    if pending := session.pending:
        names = ", ".join(_changed(session, path) for path in pending[:4])
        more = " …" if len(pending) > 4 else ""
        run = "the run goes on as it was" if status == "training" else "the run stays as it is"
        # a fork has its weights from the moment that it leaves
        of_use = session.forkable and any(path not in FREE for path in pending)
        fork = ", or f to go on with them" if of_use else ""
        return Sentence(
            f"Changed: {names}{more}. Press r to reset with the new settings{fork}; "
            f"until then {run}.",
            "hint",
            f"Changed: {names}{more}. Press r to reset with the new settings{fork}.",
        )
    match status:
        case "loading":
            return Sentence(f"Loading {session.config.data.set} …")
        case "ready":
            # how to start stands in the footer, too
            return Sentence(f"Press space to start. {look_for}".rstrip(), brief=look_for)
        case "paused":
            word = session.facts.epoch
            return Sentence(f"Paused. space goes on, s makes one update, e one {word}, r resets.")
        case "finished":
            return Sentence(
                f"Finished: {message.rstrip('.')}. r resets, R takes a new seed; "
                f"{to_go_on(message)} to go on."
            )
    return Sentence(look_for)


def _changed(session: Session, path: str) -> str:
    """ "init scaled → xavier"; without values where they are long, or where there was none."""
    label = LABELS.get(path, path).partition(" (")[0]
    if not has(session.built, path):
        return label
    was, now = (as_text(get(config, path)) or "none" for config in (session.built, session.config))
    return f"{label} {was} → {now}" if len(was) + len(now) <= MOST_VALUES else label


def to_go_on(finished: str) -> str:
    """What to change in the form, so that a run that ended for this reason goes on, and the key."""
    change = next(
        (change for why, change in GOES_ON.items() if why in finished), "raise the epochs"
    )
    return f"{change} (tab)"


def drawn_by_seed(config: Config, generated: bool) -> str:
    """What is another with another seed; ``generated``: the set is made by a rule."""
    data = config.data
    drawn = []
    if config.network.init != "given":
        drawn.append("new weights")
    if generated:
        drawn.append("new data")
    elif data.shuffle and (data.validation or data.test or data.train is not None):
        drawn.append("a new split")
    if not drawn and MethodFacts.named(config.optimizer.name).searches:
        drawn.append("other candidates")
    if not drawn and config.training.batch_size != "full" and config.optimizer.name not in WHOLE:
        drawn.append("another order of examples")
    return ", ".join(drawn) or "the same run, for nothing in it is drawn by chance"


def found(finding: Finding, look_for: str = "", without: Sequence[str] = ()) -> Sentence:
    """What is going on, and what to try by which key; information is quieter than an alarm.

    ``look_for``, what the run is to show, is said after it; ``without``: keys that are of no use
    now.
    """
    level = "hint" if finding.level == "alarm" else "info"
    tries = [each for each in finding.tries if each.key not in without]
    text = " ".join(filter(None, (finding.text, advice(tries), look_for)))
    # the first of them where there is little room
    few = [each for each in tries if each.key != "r"][:1]
    few += [each for each in tries if each.key == "r"]
    return Sentence(text, level, f"{finding.brief} {advice(few)}".rstrip())


def advice(tries: Sequence[Try]) -> str:
    """What to try: "Try cross-entropy (c) or init scaled (i), then r."; empty for nothing."""
    options = [f"{each.what} ({each.key})" for each in tries if each.key != "r"]
    anew = ", then r" if len(options) < len(tries) else ""
    if not options:
        return "Press r to begin anew." if anew else ""
    *others, last = options
    return f"Try {', '.join(others)} or {last}{anew}." if others else f"Try {last}{anew}."
