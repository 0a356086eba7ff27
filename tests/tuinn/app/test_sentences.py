"""The hints of the message line: each for the run that it is about, and none for a good one."""

from dataclasses import replace

import pytest

from engine.snapshot import LayerSnapshot, Snapshot
from engine.stop import Patience, Stop
from tuinn.config import Config, changed, parse
from tuinn.history import History
from tuinn.screens.sentences import drawn_by_seed, hint, to_go_on

LAYER = LayerSnapshot(
    layer=1,
    units=10,
    activation="sigmoid",
    delta=0.2,
    delta_of_mean=0.1,
    arriving=0.5,
    sigma_prime=0.2,
    saturated_low=0.1,
    saturated_high=0.1,
    dead=0.0,
    weight_norm=3.0,
    bias_norm=1.0,
    gradient_norm=0.1,
    decay_step=0.0,
    gradient_step=0.05,
    cosine=0.0,
    update_ratio=0.01,
)

GIVEN = {"network": {"hidden": [], "init": "given", "weights": [[[2.0, 1.0]]], "biases": [[2.0]]}}


def snapshot(update: int = 100, layers: int = 3, **changes: float) -> Snapshot:
    return Snapshot(
        epoch=update / 10,
        update=update,
        seconds=1.0,
        eta=0.5,
        alpha=0.0,
        batch_size=10,
        train_loss=changes.get("train_loss", 0.5),
        train_accuracy=changes.get("train_accuracy", 0.5),
        validation_loss=changes.get("validation_loss", 0.5),
        validation_accuracy=0.5,
        layers=tuple(replace(LAYER, layer=layer) for layer in range(1, layers + 1)),
    )


def of(*snapshots: Snapshot) -> History:
    history = History()
    for one in snapshots:
        history.append(one)
    return history


def with_layer(one: Snapshot, place: int, **changes: float | str) -> Snapshot:
    layers = list(one.layers)
    layers[place] = replace(layers[place], **changes)
    return replace(one, layers=tuple(layers))


def test_a_good_run_needs_no_hint() -> None:
    assert hint(Config(), of(snapshot())) == ""
    assert hint(Config(), History()) == ""


def test_vanishing_deltas() -> None:
    text = hint(Config(), of(with_layer(snapshot(), 0, delta=0.002, saturated_high=0.5)))
    assert "‖δ¹‖ is 0.010 of ‖δ³‖" in text
    assert "60 % saturated" in text
    assert hint(Config(), of(with_layer(snapshot(layers=2), 0, delta=0.002))) == ""


def test_a_saturated_output_under_the_quadratic_cost() -> None:
    stuck = with_layer(snapshot(), 2, saturated_low=0.9, saturated_high=0.08, sigma_prime=0.01)
    quadratic = changed(Config(), "training.cost", "quadratic")
    assert "98 % saturated" in hint(quadratic, of(stuck))
    assert hint(Config(), of(stuck)) == ""
    assert hint(quadratic, of(replace(stuck, train_accuracy=0.99))) == ""


def test_weights_that_decay_has_eaten() -> None:
    config = changed(Config(), "regularisation.alpha", 50.0)
    dead = snapshot()
    for place in range(3):
        dead = with_layer(dead, place, weight_norm=0.01, decay_step=0.1, gradient_step=0.01)
    assert "Try a smaller α" in hint(config, of(dead))
    assert hint(config, of(snapshot())) == ""


def test_relu_units_that_are_off() -> None:
    off = with_layer(snapshot(), 1, activation="relu", saturated_low=0.98, saturated_high=0.0)
    assert hint(Config(), of(off)).startswith("l=2: 98 % of the relu units are off")


@pytest.mark.parametrize("rises", [True, False])
def test_overfitting(rises: bool) -> None:
    run = []
    for k in range(1, 31):
        validation = 1 / k if k < 10 or not rises else 0.1 + 0.01 * (k - 10)
        run.append(snapshot(update=10 * k, train_loss=1 / k, validation_loss=validation))
    text = hint(Config(), of(*run))
    assert ("overfitting" in text) is rises
    if rises:
        assert "since epoch 10.0" in text


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
    assert to_go_on(why) == change
