"""The rules on histories that are written by hand, and what holds for any history."""

from __future__ import annotations

import math
import re
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.snapshot import LayerSnapshot, OutputSnapshot, SearchSnapshot, Snapshot
from tuinn.config import Config, changed, parse
from tuinn.findings import RULES, Finding, finding
from tuinn.findings.course import Course
from tuinn.findings.overfitting import overfit
from tuinn.findings.steps import swing
from tuinn.history import History
from tuinn.mark import Mark

LAYER = LayerSnapshot(
    layer=1,
    units=10,
    activation="sigmoid",
    delta=0.2,
    delta_of_mean=0.1,
    arriving=0.9,
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
OUTPUT = OutputSnapshot(
    saturated_right=0.5, saturated_wrong=0.0, delta_quadratic=0.1, delta_cross_entropy=0.6
)


def snapshot(update: int, loss: float = 0.5, layers: int = 3, **figures: float) -> Snapshot:
    """One of a run of ten updates an epoch."""
    return Snapshot(
        epoch=update / 10,
        update=update,
        seconds=1.0,
        eta=0.5,
        alpha=0.0,
        batch_size=10,
        train_loss=loss,
        train_accuracy=figures.get("accuracy", 0.5),
        validation_loss=figures.get("validation"),
        validation_accuracy=None,
        layers=tuple(replace(LAYER, layer=l) for l in range(1, layers + 1)),
        output=OUTPUT,
    )


def with_layer(one: Snapshot, l: int, **changes: float | str) -> Snapshot:
    layers = list(one.layers)
    layers[l - 1] = replace(layers[l - 1], **changes)
    return replace(one, layers=tuple(layers))


def of(*snapshots: Snapshot) -> History:
    history = History()
    for one in snapshots:
        history.append(one)
    return history


def told(config: Config, *snapshots: Snapshot) -> Finding | None:
    return finding(config, of(*snapshots))


def config(**changes: object) -> Config:
    """300 updates are planned."""
    made = Config()
    for path, value in changes.items():
        made = changed(made, path.replace("__", "."), value)
    return made


QUADRATIC = config(training__cost="quadratic")


def test_nothing_is_found_before_the_first_update() -> None:
    assert finding(Config(), History()) is None
    assert told(Config(), with_layer(snapshot(0), 1, delta=1e-6)) is None
    assert told(Config(), snapshot(100)) is None


def test_vanishing_deltas_tell_small_weights_from_saturation() -> None:
    small = with_layer(snapshot(9), 1, delta=0.002, arriving=0.009, update_ratio=1e-4)
    small = with_layer(small, 2, delta=0.02, arriving=0.1)
    found = told(Config(), small)
    assert found is not None
    assert found.name == "vanishing δ"
    # W: √(0.009/0.02 · 0.1/0.2), σ′: √(0.002/0.009 · 0.02/0.1)
    assert found.text == (
        "Vanishing δ: ‖δ¹‖ is 0.010 of ‖δ³‖, the first layers hardly learn; W passes on 0.47 a "
        "layer, σ′ 0.21."
    )
    assert [each.what for each in found.tries][1] == "init large"
    flat = told(Config(), with_layer(small, 2, sigma_prime=0.05))
    assert flat is not None
    assert flat.text.endswith("saturation: σ′ of l=2 is 0.050.")
    assert [each.what for each in flat.tries][1] == "init xavier"


def test_a_small_delta_is_no_alarm_where_it_hinders_nobody() -> None:
    small = with_layer(snapshot(9), 1, delta=0.002, arriving=0.009, update_ratio=1e-4)
    assert told(Config(), small) is not None
    assert told(Config(), with_layer(small, 1, delta=0.004)) is None
    assert told(Config(), with_layer(small, 1, update_ratio=0.002)) is None
    assert told(Config(), replace(small, train_accuracy=0.95)) is None
    two = with_layer(snapshot(9, layers=2), 1, delta=0.002, update_ratio=1e-4)
    assert told(Config(), two) is None


@pytest.mark.parametrize(("l", "name"), [(1, "‖W¹‖"), (3, "‖W³‖")])
def test_diverging_names_the_layer_that_grew_first(l: int, name: str) -> None:
    run = []
    for k in range(12):
        one = with_layer(snapshot(k, loss=0.5 * 3.0**k), 2, weight_norm=3.0 * 2.0**k)
        run.append(with_layer(one, l, weight_norm=3.0 * 4.0**k))
    found = told(Config(), *run)
    assert found is not None
    assert found.name == "diverging"
    assert name in found.text
    assert [each.key for each in found.tries] == [",", "r"]


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_numbers_beyond_all_range_are_a_divergence(value: float) -> None:
    run = [snapshot(k) for k in range(5)]
    run.append(with_layer(snapshot(5, loss=value), 2, weight_norm=value))
    found = told(Config(), *run)
    assert found is not None
    assert found.text == (
        "Diverging: there are numbers beyond all range; ‖W²‖ grew first, tenfold and more."
    )


def test_one_step_that_overshoots_is_no_divergence() -> None:
    losses = [0.5, 8.0, 0.6, 0.5, 0.4]
    found = told(Config(), *(snapshot(k, loss) for k, loss in enumerate(losses)))
    assert found is None or found.level == "info"


def test_a_loss_that_goes_up_and_down() -> None:
    losses = 2.0 + 0.4 * np.cos(np.arange(40) * 2.5)
    found = told(Config(), *(snapshot(k, loss) for k, loss in enumerate(losses)))
    assert found is not None
    assert found.text == (
        "η too large: the loss goes up and down between 1.60 and 2.39 and does not fall."
    )
    fall = np.linspace(2.0, 0.8, 40)
    for calm in (2 + 0.05 * np.cos(np.arange(40) * 2.5), fall * losses / 2, fall):
        found = told(Config(), *(snapshot(k, loss) for k, loss in enumerate(calm)))
        assert found is None or found.level == "info"
    searches = config(optimizer__name="lbfgs")
    assert told(searches, *(snapshot(k, loss) for k, loss in enumerate(losses))) is None


def test_what_shakes_on_its_way_down_or_only_once_does_not_oscillate() -> None:
    k = np.arange(60)
    shaking = 0.3 * np.cos(2.5 * k)
    once = 2.0 + 0.02 * np.cos(2.5 * k) + np.where(k == 50, 0.8, 0.0)
    for losses in (2.6 - 0.02 * k + shaking, once):
        found = told(Config(), *(snapshot(int(u), loss) for u, loss in zip(k, losses, strict=True)))
        assert found is None or found.level == "info"
    level = told(Config(), *(snapshot(int(u), 2.0 + shaking[u]) for u in k))
    assert level is not None
    assert level.name == "η too large"


def test_dead_units() -> None:
    off = with_layer(snapshot(9), 2, activation="relu", dead=0.7)
    found = told(Config(), off)
    assert found is not None
    assert found.text == (
        "Dead ReLUs: 70 % of the units of l=2 are off for every example: they learn nothing."
    )
    assert [each.what for each in found.tries] == ["a smaller η", "init he", "begin anew"]
    he = told(config(network__init="he"), off)
    assert he is not None
    assert [each.key for each in he.tries] == [",", "tab", "r"]
    assert told(Config(), with_layer(snapshot(9), 2, activation="relu", dead=0.4)) is None
    assert told(Config(), replace(off, train_accuracy=0.95)) is None


def stuck(update: int, **output: float) -> Snapshot:
    wrong = replace(OUTPUT, **({"saturated_wrong": 0.2} | output))
    return replace(with_layer(snapshot(update), 3, delta=0.05, arriving=0.9), output=wrong)


def test_a_saturated_output_under_the_quadratic_cost() -> None:
    run = [stuck(k) for k in range(0, 20, 2)]
    found = told(QUADRATIC, *run)
    assert found is not None
    assert found.text == (
        "Saturation at the output, l=3: 20 % saturated and wrong; σ′ makes ‖δ‖ 18 times smaller "
        "than cross-entropy's."
    )
    assert [each.key for each in found.tries] == ["c", "r"]
    large = told(changed(QUADRATIC, "network.init", "large"), *run)
    assert large is not None
    assert [each.key for each in large.tries] == ["c", "i", "r"]


def test_cross_entropy_is_not_blamed_nor_advised_twice() -> None:
    run = [stuck(k) for k in range(0, 20, 2)]
    assert told(Config(), *run) is None
    assert told(QUADRATIC, *run[:2]) is None
    assert told(QUADRATIC, *run[:-1], stuck(18, saturated_wrong=0.02)) is None
    assert told(QUADRATIC, *run[:-1], with_layer(run[-1], 3, delta=0.2)) is None
    assert told(QUADRATIC, *run[:-1], replace(run[-1], train_accuracy=0.95)) is None
    # of the last six updates, a fiftieth of the plan, one was free of it
    assert told(QUADRATIC, *run[:-2], with_layer(run[-2], 3, delta=0.2), run[-1]) is None
    tanh = [with_layer(one, 3, activation="tanh") for one in run]
    found = told(QUADRATIC, *tanh)
    assert found is not None
    assert "c" not in {each.key for each in found.tries}


def shrinking(left: float, decay: float) -> list[Snapshot]:
    first, last = snapshot(0), snapshot(9)
    for l in (1, 2, 3):
        last = with_layer(last, l, weight_norm=3 * left, decay_step=decay)
    return [first, last]


def test_decay_that_takes_more_than_the_gradient_gives() -> None:
    alpha = config(regularisation__alpha=50.0)
    found = told(alpha, *shrinking(0.5, 0.15))
    assert found is not None
    assert found.text == (
        "Decay dominates: its step is 3.0 times the gradient's; 50 % of ‖W‖ is left."
    )
    won = told(alpha, *shrinking(0.1, 0.01))
    assert won is not None
    assert won.text.startswith("Decay dominates, and has won: 10 % of ‖W‖ is left")
    assert [each.key for each in won.tries] == ["a", "r"]
    assert told(alpha, *shrinking(0.5, 0.06)) is None
    assert told(Config(), *shrinking(0.5, 0.15)) is None


def test_weights_that_come_back_after_alpha_was_turned_down_are_not_lost() -> None:
    alpha = config(regularisation__alpha=50.0)
    history = of(*shrinking(0.1, 0.01))
    back = snapshot(20)
    for l in (1, 2, 3):
        back = with_layer(back, l, weight_norm=0.4)
    history.append(back)
    assert (found := finding(alpha, history)) is not None
    assert found.name == "decay dominates"
    history.marks.append(Mark(9, 0.9, 0, 0.0, "α 50 → 1"))
    assert finding(alpha, history) is None


def test_a_plateau_by_saturation() -> None:
    run = [
        with_layer(snapshot(k, 0.5 + 0.001 * (k % 2)), 2, saturated_low=0.5, saturated_high=0.45)
        for k in range(30)
    ]
    found = told(Config(), *run)
    assert found is not None
    assert found.text == (
        "Plateau by saturation: l=2 is 95 % saturated (σ′ 0.20), and the loss stays at 0.501."
    )
    assert [each.key for each in found.tries] == ["i", "tab", "r"]
    assert told(Config(), *run[:8]) is None
    moving = [replace(one, train_loss=one.train_loss + 0.001 * one.update) for one in run]
    assert told(Config(), *moving) is None
    assert told(Config(), *(with_layer(one, 2, activation="relu") for one in run)) is None


@pytest.mark.parametrize("rises", [True, False])
def test_overfitting(rises: bool) -> None:
    run = []
    for k in range(60):
        validation = 1 / (k + 1) if k < 20 or not rises else 0.05 + 0.002 * (k - 20)
        run.append(snapshot(5 * k, loss=0.2 / (k + 1), validation=validation, accuracy=0.95))
    found = told(Config(), *run)
    assert found is not None
    assert (found.name == "overfitting") is rises
    if rises:
        assert found.text.startswith("Overfitting since epoch 10")
        assert [each.key for each in found.tries] == ["A", "f", "y", "tab"]
        back = float(re.search(r"since epoch ([\d.]+)", found.text)[1])
        assert found.tries[1].what == f"going back to epoch {back:g} (←), then a fork"
        # means over parts of the run, of which the lowest and the last are compared
        means = [np.mean([one.validation_loss for one in run[k : k + 12]]) for k in (15, 48)]
        rise = float(re.search(r"rose (\d+) % on average", found.text)[1]) / 100
        assert rise == pytest.approx(means[1] / means[0] - 1, rel=0.2)


def test_a_rise_that_is_not_seen_on_a_linear_axis_is_told_with_the_key_of_the_logarithm() -> None:
    keys = {}
    for first in (0.5, 5.0):
        run = []
        for k in range(60):
            validation = 1 / (k + 1) if k < 20 else 0.05 + 0.002 * (k - 20)
            loss = first if k == 0 else 0.1 / (k + 1)
            run.append(snapshot(5 * k, loss=loss, validation=min(validation, 0.3), accuracy=0.95))
        keys[first] = [each.key for each in told(Config(), *run).tries]
    assert keys == {0.5: ["A", "f", "tab"], 5.0: ["A", "f", "y", "tab"]}


def test_a_validation_loss_that_only_shakes_is_no_overfitting() -> None:
    x, train = np.arange(80.0), 0.02 * 0.97 ** np.arange(80)
    for seed in range(20):
        validation = 0.5 * (1 + 0.15 * np.random.default_rng(seed).standard_normal(80))
        assert overfit(x, train, validation) is None, seed
    turned = 0.5 + 0.005 * np.abs(x - 30)
    assert overfit(x, train, turned) is not None
    # of a run that knows its training set hardly better than the other one
    assert overfit(x, 0.4 * 0.994**x, turned) is None
    assert overfit(x, 0.1 * 0.994**x, turned) is not None
    assert overfit(x, np.full(80, 0.02), turned) is None


def slow(k: int, loss: float, step: float = 1e-4) -> Snapshot:
    one = snapshot(k, loss)
    for l in (1, 2, 3):
        one = with_layer(one, l, update_ratio=step, gradient_step=1e-3, gradient_norm=0.01)
    return one


def test_eta_too_small() -> None:
    losses = np.linspace(0.5, 0.4991, 40)
    found = told(Config(), *(slow(k, loss) for k, loss in enumerate(losses)))
    assert found is not None
    # 3 · 1e−3 · 0.01 / 0.4991 in an update, of which 300 are planned
    assert found.text == (
        "η too small: the loss falls, but at this pace by 1.8 % in the whole run; an update moves "
        "W by 0.00010 of ‖W‖."
    )
    assert [each.key for each in found.tries] == ["."]
    larger = [slow(k, loss, step=0.01) for k, loss in enumerate(losses)]
    assert (found := told(Config(), *larger)) is None or found.level == "info"
    faster = [with_layer(slow(0, 0.5), 1, gradient_step=1.0)]
    faster += [slow(k + 1, loss) for k, loss in enumerate(losses)]
    assert (found := told(Config(), *faster)) is None or found.level == "info"


def test_learning_is_told_by_how_much_the_loss_fell() -> None:
    losses = 0.99 ** np.arange(200)
    found = told(Config(), *(snapshot(k, loss) for k, loss in enumerate(losses)))
    assert found is not None
    # 30 updates are a tenth of the plan
    fall = 1 - losses[-31:].mean() / losses[-61:-31].mean()
    assert found.text.startswith(f"Learning: the loss fell {100 * fall:.0f} % in the last 3.0 ep")
    assert found.level == "info"
    for seed in range(60):
        shaken = 0.5 * (1 + 0.05 * np.random.default_rng(seed).uniform(-1, 1, 200))
        found = told(Config(), *(snapshot(k, loss) for k, loss in enumerate(shaken)))
        assert found is None, seed


def test_every_shift_of_scale_of_the_loss_leaves_the_finding_as_it_is() -> None:
    def scaled(run: list[Snapshot], by: float) -> list[Snapshot]:
        names = ("delta", "delta_of_mean", "arriving", "gradient_norm")
        return [
            replace(
                one,
                train_loss=one.train_loss * by,
                validation_loss=(one.validation_loss or 0.0) * by,
                layers=tuple(
                    replace(layer, **{name: getattr(layer, name) * by for name in names})
                    for layer in one.layers
                ),
            )
            for one in run
        ]

    runs = {
        "vanishing δ": [
            with_layer(snapshot(k), 1, delta=0.002, update_ratio=1e-4) for k in range(30)
        ],
        "η too large": [snapshot(k, 2 + 0.4 * math.cos(2.5 * k)) for k in range(40)],
        "η too small": [slow(k, 0.5 - 1e-5 * k) for k in range(40)],
        "learning": [snapshot(k, 0.99**k) for k in range(100)],
        "diverging": [snapshot(k, 3.0**k) for k in range(12)],
    }
    for name, run in runs.items():
        for by in (2.0**-20, 1.0, 2.0**20):
            found = told(Config(), *scaled(run, by))
            assert found is not None
            assert found.name == name


@settings(max_examples=40)
@given(
    losses=st.lists(st.floats(0.01, 100), min_size=2, max_size=50),
    factor=st.sampled_from([2.0**-30, 0.5, 4.0, 2.0**30]),
)
def test_a_swing_grows_with_its_loss(losses: list[float], factor: float) -> None:
    one, other = swing(np.array(losses)), swing(factor * np.array(losses))
    assert other.low == factor * one.low
    assert other.high == factor * one.high
    assert other.rises == pytest.approx(one.rises)
    assert other.turns == one.turns
    assert 0 <= one.rises <= 1


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10**6),
    factor=st.sampled_from([2.0**-20, 8.0]),
    stretch=st.sampled_from([0.25, 16.0]),
)
def test_overfitting_is_found_in_any_units(seed: int, factor: float, stretch: float) -> None:
    rng = np.random.default_rng(seed)
    x = np.arange(80.0)
    validation = 0.5 + 0.01 * np.abs(x - rng.integers(10, 70)) + 0.01 * rng.random(80)
    train = 0.1 * 0.97**x
    plain = overfit(x, train, validation)
    other = overfit(stretch * x, factor * train, factor * validation)
    assert (plain is None) is (other is None)
    if plain and other:
        assert other.since == pytest.approx(stretch * plain.since)
        assert other.rise == pytest.approx(plain.rise)


ANY = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, 0.5, 1.0, -1.0, 1e308, 5e-324, math.nan, math.inf]),
)
CONFIGS = [
    Config(),
    QUADRATIC,
    config(regularisation__alpha=1.0, network__init="large"),
    config(optimizer__name="lbfgs"),
    config(optimizer__name="adam", network__activation="relu"),
]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Any figures at all, of runs that may have been changed on their way."""
    layers = draw(st.integers(0, 3))
    names = [f.name for f in fields(LayerSnapshot) if f.type == "float"]
    base = snapshot(0, layers=layers)
    run = []
    for k in range(draw(st.integers(1, 14))):
        one = replace(
            base,
            update=draw(st.integers(0, 2)) + 30 * k,
            epoch=k * draw(st.sampled_from([0.0, 0.1, 1.0])),
            evaluations=k,
            train_loss=draw(ANY),
            train_accuracy=draw(ANY),
            validation_loss=draw(st.one_of(st.none(), ANY)),
            output=replace(OUTPUT, saturated_wrong=draw(ANY)),
        )
        for l in range(1, layers + 1):
            some = draw(st.sets(st.sampled_from(names), max_size=4))
            kind = draw(st.sampled_from(["sigmoid", "tanh", "relu"]))
            one = with_layer(one, l, activation=kind, **{name: draw(ANY) for name in some})
        if not layers:
            figures = (("diversity", draw(ANY)), ("spread", draw(ANY)))
            search = SearchSnapshot(draw(ANY), draw(ANY), draw(ANY), figures)
            one = replace(one, output=None, search=search)
        run.append(one)
    return of(*run)


@settings(max_examples=60)
@given(history=histories(), place=st.integers(0, len(CONFIGS) - 1))
def test_no_figures_whatever_upset_the_rules(history: History, place: int) -> None:
    found = finding(CONFIGS[place], history)
    if found is not None:
        assert found.name in {rule.name for rule in RULES}
        assert found.text.endswith(".")
    for name in ("genetic", "swarm", "annealing", "ants"):
        finding(parse({"optimizer": {"name": name}}), history)


@settings(max_examples=20)
@given(history=histories())
def test_each_rule_by_itself_bears_any_figures(history: History) -> None:
    if history.last is None or not history.last.layers:
        return
    for one in CONFIGS:
        course = Course(one, history, history.last)
        with np.errstate(all="ignore"):
            for rule in RULES:
                if not (found := rule.find(course)):
                    continue
                assert found.name == rule.name


def test_each_state_has_one_rule() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names)) == 14
