"""What the message line says."""

import pytest

from engine.stop import Patience, Stop
from tuinn.config import Config, changed, parse
from tuinn.experiment import build
from tuinn.findings import Finding, Try, finding
from tuinn.history import History
from tuinn.preset import find
from tuinn.screens.sentences import advice, drawn_by_seed, found, to_go_on
from tuinn.widgets.status import Sentence

GIVEN = {"network": {"hidden": [], "init": "given", "weights": [[[2.0, 1.0]]], "biases": [[2.0]]}}


STUCK = Finding(
    "saturation at the output",
    "alarm",
    "The output is saturated and wrong.",
    "Saturated output.",
    (Try("c", "cross-entropy"), Try("i", "init scaled"), Try("r", "begin anew")),
)


def test_what_is_found_is_said_with_what_to_try_and_its_keys() -> None:
    said = found(STUCK)
    assert said.level == "hint"
    advice = "Try cross-entropy (c) or init scaled (i), then r."
    assert said.text == f"The output is saturated and wrong. {advice}"
    assert said.brief == "Saturated output. Try cross-entropy (c), then r."


def test_information_is_quieter_and_may_advise_nothing() -> None:
    said = found(Finding("learning", "info", "Learning: the loss fell.", "Learning."))
    assert said == Sentence("Learning: the loss fell.", "info", "Learning.")


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("", ""),
        ("r", "Press r to begin anew."),
        (",", "Try it (,)."),
        (".ar", "Try it (.) or it (a), then r."),
        ("ciA", "Try it (c), it (i) or it (A)."),
    ],
)
def test_advice_is_joined_as_people_write(keys: str, text: str) -> None:
    assert advice([Try(key, "it") for key in keys]) == text


def test_what_is_found_in_a_run_can_be_said() -> None:
    config = changed(find("eta-too-small").config, "stop.epochs", 200)
    trainer, history = build(config).trainer, History()
    assert finding(config, history) is None
    for _ in range(40):
        history.append(trainer.snapshot())
        trainer.run(1)
    slow = finding(config, history)
    assert slow is not None
    assert found(slow).level == "hint"
    assert found(slow).text.startswith("η too small: the loss falls")
    assert found(slow).text.endswith("Try a larger η (.).")


def test_what_to_look_for_is_said_after_what_is_found() -> None:
    learns = Finding("learning", "info", "Learning: the loss fell.", "Learning.")
    said = found(learns, "Watch δ.")
    assert (said.text, said.brief) == ("Learning: the loss fell. Watch δ.", "Learning.")


def test_what_another_seed_changes() -> None:
    config = Config()
    assert drawn_by_seed(config, generated=True) == "new weights, new data"
    assert drawn_by_seed(config, generated=False) == "new weights, a new split"
    config = changed(config, "data.shuffle", False)
    assert drawn_by_seed(config, generated=False) == "new weights"
    given = changed(parse(GIVEN), "data.shuffle", False)
    assert drawn_by_seed(given, generated=False) == "another order of examples"
    full = changed(given, "training.batch_size", "full")
    assert drawn_by_seed(full, generated=False).startswith("the same run")


@pytest.mark.parametrize(
    ("stop", "loss", "change"),
    [
        (Stop(epochs=3), 0.5, "raise the epochs"),
        (Stop(epochs=30, evaluations=10), 0.5, "raise the evaluations"),
        (Stop(epochs=30, seconds=0.5), 0.5, "raise the seconds"),
        (Stop(epochs=30, target_loss=0.6), 0.5, "empty the target loss"),
        (Stop(epochs=30, target_accuracy=0.9), 0.5, "empty the target accuracy"),
        (Stop(epochs=30, patience=2), 0.5, "raise the patience"),
    ],
)
def test_how_a_finished_run_goes_on_follows_from_why_it_ended(stop, loss, change):
    patience = Patience(best_loss=0.4, epochs_since=2)
    why = stop.reached(loss, 0.95, patience) or stop.passed(3, 1.0, 10)
    assert to_go_on(why) == f"{change} (tab)"


def test_another_seed_draws_other_candidates() -> None:
    raw = {
        "data": {"shuffle": False},
        "network": {"hidden": [], "init": "given", "weights": [[[2.0, 1.0]]], "biases": [[2.0]]},
    }
    search = parse(raw | {"optimizer": {"name": "swarm"}})
    assert drawn_by_seed(search, generated=False) == "other candidates"
    lbfgs = parse(raw | {"optimizer": {"name": "lbfgs"}})
    assert drawn_by_seed(lbfgs, generated=False).startswith("the same run")
