"""What the message line says: the state of the run in plain words, and what to press."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.snapshot import LayerSnapshot
from tuinn.config import Config, as_text, fields, get
from tuinn.history import History
from tuinn.optimizers import WHOLE
from tuinn.screens.search_hints import search_hint
from tuinn.screens.session import Session
from tuinn.widgets.field import labelled
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.numbers import percent, significant
from tuinn.widgets.status import Sentence

LABELS = {field.path: field.label for field in fields()}
GOES_ON = {
    "budget": "raise the evaluations",
    "target loss": "empty the target loss",
    "target accuracy": "empty the target accuracy",
    "no better loss": "raise the patience",
    "of training": "raise the seconds",
}
"""What ends a run beside its epochs, by a word of the reason, and how it may go on."""
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


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
        names = ", ".join(LABELS.get(path, path) for path in pending[:4])
        more = " …" if len(pending) > 4 else ""
        run = "the run goes on as it was" if status == "training" else "the run stays as it is"
        return Sentence(
            f"Changed: {names}{more}. Press r to reset with the new settings; until then {run}.",
            "hint",
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


def to_go_on(finished: str) -> str:
    """What to change in the form, so that a run that ended for this reason goes on."""
    return next((change for why, change in GOES_ON.items() if why in finished), "raise the epochs")


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


def hint(config: Config, history: History) -> str:
    """What goes wrong in a run and what to try; empty while it goes well.

    One hint at a time, the most telling first.
    """
    last = history.last
    if last is None or last.update == 0:
        return ""
    if not last.layers:
        # what hinders a gradient says nothing of a search
        return search_hint(config.optimizer.name, history) or _overfitting(history, "evaluations")
    return (
        _dying(config, last.layers)
        or _saturated_output(config, last.layers, last.train_accuracy)
        or _vanishing(last.layers)
        or _dead_relu(last.layers)
        or _overfitting(history)
    )


def _dying(config: Config, layers: Sequence[LayerSnapshot]) -> str:
    """Weight decay takes more than the gradient gives, everywhere, and weights are small."""
    if config.regularisation.alpha == 0:
        return ""
    dying = all(
        layer.decay_step > layer.gradient_step and layer.weight_norm < 0.1 * layer.units**0.5
        for layer in layers
    )
    return (
        "Decay has won: the weights have shrunk to almost nothing. Try a smaller α."
        if dying
        else ""
    )


def _saturated_output(config: Config, layers: Sequence[LayerSnapshot], accuracy: float) -> str:
    output = layers[-1]
    if config.training.cost != "quadratic" or output.activation not in ("sigmoid", "tanh"):
        return ""
    if output.saturated < 0.8 or output.sigma_prime > 0.05 or accuracy > 0.9:
        return ""
    return (
        f"The output is {percent(output.saturated)} saturated and often wrong: σ′ is "
        f"{significant(output.sigma_prime, 2)}, so δ is tiny. Try cross-entropy, or a smaller init."
    )


def _vanishing(layers: Sequence[LayerSnapshot]) -> str:
    """The first layer gets a small part of the error of the last."""
    first, last = layers[0], layers[-1]
    if len(layers) < 3 or last.delta <= 0 or first.delta > 0.05 * last.delta:
        return ""
    ratio = significant(first.delta / last.delta, 2)
    saturated = f", l=1 is {percent(first.saturated)} saturated" if first.saturated > 0.3 else ""
    return (
        f"‖δ¹‖ is {ratio} of ‖δ{str(last.layer).translate(_RAISED)}‖{saturated}: the first layers "
        "hardly learn. Try fewer layers, relu, or init xavier."
    )


def _dead_relu(layers: Sequence[LayerSnapshot]) -> str:
    for layer in layers[:-1]:
        if layer.activation == "relu" and layer.saturated_low > 0.95:
            return (
                f"l={layer.layer}: {percent(layer.saturated_low)} of the relu units are off, and "
                "learn nothing. Try a smaller η, or init he."
            )
    return ""


def _overfitting(history: History, axis: str = "epoch") -> str:
    """Validation loss has left its minimum behind while the training loss goes on falling."""
    validation, train = history.column("validation_loss"), history.column("train_loss")
    if len(validation) < 8 or not np.isfinite(validation).any():
        return ""
    best = int(np.nanargmin(validation))
    risen = validation[-1] > 1.1 * validation[best] and train[-1] < 0.9 * train[best]
    if not risen or best > 0.8 * len(validation):
        return ""
    since = f"{axis.removesuffix('s')} {significant(float(history.x(axis)[best]))}"
    return (
        f"Validation loss has risen since {since} while train loss falls: overfitting. "
        "Try α, patience, or more examples."
    )
