"""Building experiments: parts that fit, independent seeds, and refusals that name the fields."""

import numpy as np
import pytest

from tuinn.config import Config, ConfigError, changed, get
from tuinn.experiment import build, check, make_trainer, read_data
from tuinn.preset import presets


def config(**changes: object) -> Config:
    """A small configuration; ``a__b`` stands for the field a.b."""
    made = changed(Config(), "data.n", 60)
    for field, value in changes.items():
        made = changed(made, field.replace("__", "."), value)
    return made


@pytest.mark.parametrize(
    ("changes", "sizes"),
    [
        ({}, (2, 8, 1)),
        ({"network__output": "softmax"}, (2, 8, 2)),
        ({"data__set": "iris"}, (4, 8, 3)),
        ({"data__set": "digits", "network__hidden": (5, 4)}, (64, 5, 4, 10)),
        ({"data__degree": 3}, (9, 8, 1)),
        ({"data__features": ("x1", "x1*x2", "sin(x2)"), "network__hidden": ()}, (3, 1)),
        (
            {"data__set": "plane", "network__output": "identity", "training__cost": "quadratic"},
            (2, 8, 1),
        ),
    ],
)
def test_the_network_fits_the_data(changes, sizes):
    experiment = build(config(**changes))
    assert experiment.trainer.network.sizes == sizes
    assert experiment.split.train.Y.shape[1] == sizes[-1]
    assert experiment.trainer.advance(3) == 3


def test_every_option_reaches_the_trainer():
    trainer = build(
        config(
            network__hidden=(3, 2),
            network__activation=("tanh", "relu"),
            training__batch_size=7,
            training__dtype="float32",
            training__cost="quadratic",
            optimizer__eta=0.25,
            optimizer__schedule="step",
            optimizer__drop=0.1,
            optimizer__every=1,
            regularisation__alpha=0.5,
            stop__epochs=2,
            stop__patience=4,
        )
    ).trainer
    assert [sigma.name for sigma in trainer.network.activations] == ["tanh", "relu", "sigmoid"]
    assert (trainer.batch_size, trainer.alpha, trainer.eta) == (7, 0.5, 0.25)
    assert (trainer.cost.name, trainer.theta.dtype) == ("quadratic", np.float32)
    assert (trainer.stop.epochs, trainer.stop.patience) == (2, 4)
    trainer.advance(10**6)
    assert trainer.eta == pytest.approx(0.025)
    trainer.advance(10**6)
    assert trainer.finished == "2 epochs done"


def test_given_weights_are_used_as_they_stand():
    trainer = build(
        config(
            data__set="one-neuron",
            data__n=None,
            data__validation=0.0,
            training__batch_size="full",
            network__hidden=(),
            network__init="given",
            network__weights=[[[0.6]]],
            network__biases=[[0.9]],
        )
    ).trainer
    assert trainer.theta.tolist() == [0.6, 0.9]


def test_the_same_seed_makes_the_same_run():
    runs = []
    for _ in range(2):
        experiment = build(config(seed=5))
        experiment.trainer.run(50)
        runs.append(experiment)
    one, other = runs
    assert (one.split.train.X == other.split.train.X).all()
    assert (one.trainer.theta == other.trainer.theta).all()


def test_another_seed_changes_points_split_weights_and_order():
    digits = {"data__set": "digits", "data__n": None}
    one, other = (build(config(seed=seed, **digits)) for seed in (1, 2))
    assert (one.split.train.rows != other.split.train.rows).any()
    assert (one.trainer.theta != other.trainer.theta).any()
    points = [read_data(config(seed=seed))[0].X for seed in (1, 2)]
    assert (points[0] != points[1]).any()
    orders = []
    for seed in (1, 2):
        made = config(seed=seed)
        dataset, parts = read_data(config(seed=1))
        trainer = make_trainer(made, dataset, parts)
        trainer.advance(1)
        orders.append(trainer.dump()["order"].tolist())
    assert orders[0] != orders[1]


@pytest.mark.parametrize(
    ("field", "value"),
    [("data.validation", 0.5), ("network.hidden", (3,)), ("training.batch_size", 3)],
)
def test_the_points_do_not_depend_on_what_else_is_drawn(field, value):
    one, other = (read_data(made)[0] for made in (config(), changed(config(), field, value)))
    assert (one.X == other.X).all()


def test_first_weights_do_not_depend_on_the_data_drawn():
    one, other = (build(config(data__n=n)).trainer.theta for n in (60, 90))
    assert (one == other).all()


def test_points_split_weights_and_order_each_have_a_seed_of_their_own(monkeypatch):
    used, original = [], np.random.default_rng

    def spy(seed: object = None) -> np.random.Generator:
        used.append(seed)
        return original(seed)

    monkeypatch.setattr(np.random, "default_rng", spy)
    build(config(seed=3))
    assert {type(seed) for seed in used} == {np.random.SeedSequence}
    assert {seed.entropy for seed in used} == {3}
    assert len({seed.spawn_key[0] for seed in used}) == 4


REFUSED = [
    ({"seed": 2**63}, "seed", "<= 9223372036854775807"),
    ({"network__output": "tanh"}, "network.output", "needs `network.output` = sigmoid or softmax"),
    (
        {"network__output": "softmax", "training__cost": "quadratic"},
        "training.cost",
        "`network.output` = softmax needs `training.cost` = cross-entropy",
    ),
    (
        {"network__activation": ("tanh", "tanh")},
        "network.activation",
        "`network.activation` names 2 layers, but `network.hidden` has 1",
    ),
    ({"network__init": "given"}, "network.weights", "needs `network.weights`"),
    (
        {"network__weights": [[[1.0, 1.0]]]},
        "network.init",
        '`network.weights` needs `network.init` = "given", got "scaled"',
    ),
    (
        {"data__features": ("x1",), "data__degree": 2},
        "data.degree",
        "`data.features` and `data.degree` exclude each other",
    ),
    ({"data__n": 10**8}, "data.n", "`data.n` must be <= 10000000"),
    (
        {"optimizer__name": "genetic", "optimizer__elite": 50},
        "optimizer.elite",
        "`optimizer.elite` must be a whole number ≥ 0 and < 50; got 50",
    ),
    (
        {"optimizer__name": "genetic", "optimizer__tournament": 51},
        "optimizer.tournament",
        "`optimizer.tournament` must be a whole number ≥ 1 and ≤ 50; got 51",
    ),
]


@pytest.mark.parametrize(("changes", "field", "message"), REFUSED)
def test_parts_that_do_not_go_together_are_refused_before_the_data_are_read(
    changes, field, message
):
    with pytest.raises(ConfigError) as error:
        check(config(**changes))
    assert message in str(error.value)
    assert error.value.field == field


REFUSED_LATER = [
    (
        {"training__batch_size": 49},
        "training.batch_size",
        '`training.batch_size` must be 1 … 48 or "full", got 49',
    ),
    ({"data__set": "nowhere.csv"}, "data.set", "nowhere.csv does not exist"),
    ({"data__noise": 3.0}, "data.noise", "`data.noise`"),
    ({"data__validation": 60.0}, "data.validation", "`data.validation` must be at most"),
    ({"data__set": "iris", "data__degree": 2}, "data.degree", "need a set with 2 inputs"),
    (
        {"data__set": "plane", "training__cost": "quadratic"},
        "network.output",
        "`network.output` = sigmoid gives 0 … 1 only",
    ),
    ({"data__set": "plane", "network__output": "softmax"}, "network.output", "is for classes"),
    (
        {
            "data__set": "one-neuron",
            "data__n": None,
            "data__validation": 0.0,
            "training__batch_size": "full",
            "network__hidden": (),
            "network__init": "given",
            "network__weights": [[[1.0, 2.0]]],
            "network__biases": [[1.0]],
        },
        "network.weights",
        "`network.weights[0]` must have shape (1, 1)",
    ),
    ({"network__hidden": (10**5, 10**5)}, "network.hidden", "at most 50000000"),
    (
        {"optimizer__name": "genetic", "network__hidden": (3_000, 3_000)},
        "optimizer.population",
        "`optimizer.population` must be <= 3 for a network of 9015001 parameters, got 50",
    ),
]


@pytest.mark.parametrize(("changes", "field", "message"), REFUSED_LATER)
def test_what_does_not_fit_the_data_is_refused(changes, field, message):
    with pytest.raises(ConfigError) as error:
        build(config(**changes))
    assert message in str(error.value)
    assert error.value.field in (field, "data.features")


def test_a_defect_of_the_program_is_not_taken_for_bad_input(monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ValueError("operands could not be broadcast together")

    monkeypatch.setattr("tuinn.experiment.split", broken)
    with pytest.raises(ValueError, match="broadcast") as error:
        build(config())
    assert type(error.value) is ValueError


def test_relative_paths_start_at_the_folder(tmp_path):
    rows = [f"{i},{i * i},{'ab'[i % 2]}" for i in range(20)]
    (tmp_path / "table.csv").write_text("\n".join(["x,y,class", *rows]) + "\n")
    made = config(data__set="table.csv", data__n=None)
    assert build(made, tmp_path).dataset.n == 20


def test_every_shipped_preset_can_be_built(monkeypatch):
    monkeypatch.delenv("TUINN_DATA", raising=False)
    for preset in presets():
        if get(preset.config, "data.set") == "mnist":
            check(preset.config)
        else:
            build(preset.config).trainer.advance(1)


def test_the_data_of_the_experiment_before_are_used_again_where_they_are_the_same():
    before = build(config())
    after = build(config(network__hidden=(3,)), previous=before)
    assert after.dataset is before.dataset
    assert after.trainer.network.sizes == (2, 3, 1)
    assert build(config(seed=1), previous=before).dataset is not before.dataset
    # targets are encoded for the output
    softmax = build(config(network__output="softmax"), previous=before)
    assert softmax.split.train.Y.shape[1] == 2
    assert build(config(data__noise=0.3), previous=before).dataset is not before.dataset


def test_a_file_is_read_again(tmp_path):
    def write(n):
        rows = [f"{i},{i * i},{'ab'[i % 2]}" for i in range(n)]
        (tmp_path / "table.csv").write_text("\n".join(["x,y,class", *rows]) + "\n")

    made = config(data__set="table.csv", data__n=None)
    write(20)
    before = build(made, tmp_path)
    write(30)
    assert build(made, tmp_path, previous=before).dataset.n == 30
