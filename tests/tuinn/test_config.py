"""The configuration: what is allowed, how errors read, and text that goes there and back."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuinn.config import (
    Config,
    ConfigError,
    as_text,
    changed,
    default,
    fields,
    get,
    has,
    parse,
    read,
    tree,
)
from tuinn.optimizers import METHODS, Adam, Sgd, Swarm, read_optimizer

BAD = [
    ({"optimizer": {"eta": -3}}, "`optimizer.eta` must be > 0, got -3"),
    ({"optimizer": {"eta": 0}}, "`optimizer.eta` must be > 0, got 0"),
    ({"optimizer": {"eta": math.nan}}, "`optimizer.eta` must be a number > 0, got nan"),
    ({"optimizer": {"eta": math.inf}}, "`optimizer.eta` must be a number > 0, got inf"),
    ({"optimizer": {"eta": 10**400}}, "`optimizer.eta` must be a number > 0"),
    ({"optimizer": {"eta": "0.1"}}, '`optimizer.eta` must be a number > 0, got "0.1"'),
    ({"network": {"hidden": [30, 0]}}, "`network.hidden[1]` must be >= 1, got 0"),
    ({"network": {"hidden": 30}}, "`network.hidden` must be a list of whole numbers >= 1, got 30"),
    ({"network": {"hidden": [2.5]}}, "`network.hidden[0]` must be a whole number >= 1, got 2.5"),
    ({"network": 3}, "`network` must be a table of fields, got 3"),
    ({"seed": True}, "`seed` must be a whole number >= 0, got true"),
    ({"stop": {"target_accuracy": 95}}, "`stop.target_accuracy` must be 0 … 1, got 95"),
    (
        {"training": {"cost": "crossentropy"}},
        '`training.cost` must be "quadratic" or "cross-entropy", got "crossentropy"; '
        "did you mean cross-entropy?",
    ),
    (
        {"training": {"batch_size": "ful"}},
        '`training.batch_size` must be a whole number >= 1 or "full", got "ful"',
    ),
    (
        {"network": {"activation": ["sigmoid", "softmax"]}},
        '`network.activation[1]` must be "sigmoid", "tanh", "relu" or "identity", got "softmax"',
    ),
    (
        {"network": {"weights": [[1.0]]}},
        "`network.weights[0][0]` must be a list of numbers, got 1.0",
    ),
    (
        {"optimizer": {"etta": 3}},
        "unknown field `optimizer.etta`; sgd has eta, schedule, drop, every; did you mean eta?",
    ),
    (
        {"optimizer": {"name": "adam", "mu": 0.9}},
        "`optimizer.mu` is no field of adam but of momentum, nesterov; adam has eta, beta1, beta2, "
        "epsilon, decay, schedule, drop, every",
    ),
    (
        {"optimizer": {"mu": 0.9, "name": "adan"}},
        '"annealing" or "ants", got "adan"; did you mean adam',
    ),
    ({"optimizer": {"name": 3}}, '`optimizer.name` must be "sgd", "momentum", '),
    (
        {"optimizer": {"name": "momentum", "mu": 1}},
        "`optimizer.mu` must be >= 0 and < 1, got 1",
    ),
    (
        {"optimizer": {"name": "momentum", "mu": "fast"}},
        "`optimizer.mu` must be a number >= 0 and < 1, got",
    ),
    (
        {"optimizer": {"name": "adam", "beta2": 1.0}},
        "`optimizer.beta2` must be >= 0 and < 1, got 1.0",
    ),
    (
        {"optimizer": {"name": "swarm", "population": 1}},
        "`optimizer.population` must be >= 2, got 1",
    ),
    (
        {"optimizer": {"name": "annealing", "temperature": 0}},
        "`optimizer.temperature` must be > 0, got 0",
    ),
    (
        {"optimizer": {"name": "annealing", "cooling_rate": 1}},
        "`optimizer.cooling_rate` must be > 0 and < 1, got 1",
    ),
    ({"stop": {"evaluations": 0}}, "`stop.evaluations` must be >= 1, got 0"),
    ({"optimizer": [1]}, "`optimizer` must be a table of fields, got [1]"),
    (
        {"netwerk": {}},
        "unknown field `netwerk`; the fields are title, look_for, seed, data, network, training, "
        "optimizer, regularisation, stop; did you mean network?",
    ),
    ({"alpha": 1.0}, "did you mean regularisation.alpha?"),
]


@pytest.mark.parametrize(("raw", "message"), BAD)
def test_an_error_names_file_field_what_is_allowed_and_what_was_got(raw, message):
    with pytest.raises(ConfigError) as error:
        parse(raw, "mine.toml")
    assert str(error.value).startswith("mine.toml: ")
    assert message in str(error.value)
    assert f"`{error.value.field}`" in str(error.value)


def test_an_empty_tree_is_the_default():
    assert parse({}, "empty.toml") == Config()


def test_whole_numbers_are_taken_for_floats():
    eta = parse({"optimizer": {"eta": 3}}).optimizer.eta
    assert (eta, type(eta)) == (3.0, float)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed = 1\n[network]\nhidden = [3,, 4]\n", "line 3, column 13: "),
        ("seed = 1\nseed = 2\n", "line 2, column "),
        ('title = "never closed\n', "line 1, column "),
        ("[network]\nhidden = [3,", "line 2, column 13: "),
    ],
)
def test_a_syntax_error_names_file_line_and_column(tmp_path, text, message):
    path = tmp_path / "broken.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        read(path)
    assert str(error.value).startswith(f"{path}: {message}")


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "binary.toml"
    path.write_bytes(b'title = "\xff"')
    with pytest.raises(ConfigError, match="not UTF-8 text"):
        read(path)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("optimizer.eta", "1e-3", 0.001),
        ("optimizer.eta", " .5 ", 0.5),
        ("network.hidden", "30, 10", (30, 10)),
        ("network.hidden", "[30 10]", (30, 10)),
        ("network.hidden", "30", (30,)),
        ("network.hidden", "", ()),
        ("network.activation", "tanh", "tanh"),
        ("network.activation", "tanh, relu", ("tanh", "relu")),
        ("network.weights", "[[[2]]]", (((2.0,),),)),
        ("training.batch_size", "full", "full"),
        ("training.batch_size", "7", 7),
        ("data.set", "moons", "moons"),
        ("data.set", '"moons"', "moons"),
        ("data.set", "a folder/set 1.csv", "a folder/set 1.csv"),
        ("data.n", "", None),
        ("data.label", "2", 2),
        ("data.label", '"2"', "2"),
        ("data.label", "species", "species"),
        ("data.features", "x1 x2, x1*x2", ("x1", "x2", "x1*x2")),
        ("data.shuffle", "no", False),
        ("seed", "12345678", 12345678),
    ],
)
def test_text_is_read_as_a_person_means_it(path, text, expected):
    assert get(changed(Config(), path, text), path) == expected


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("optimizer.eta", "-3", "`optimizer.eta` must be > 0, got -3"),
        ("optimizer.eta", "", '`optimizer.eta` must be a number > 0, got ""'),
        ("optimizer.eta", "fast", '`optimizer.eta` must be a number > 0, got "fast"'),
        ("optimizer.eta", "1e999", "`optimizer.eta` must be a number > 0, got inf"),
        ("stop.epochs", "2.5", "`stop.epochs` must be a whole number >= 1, got 2.5"),
        ("network.hidden", "30, ten", "`network.hidden[1]` must be a whole number >= 1, got"),
        ("network.activation", "sigmod", '"identity", or'),
        ("training.batch_size", "0", "`training.batch_size` must be >= 1, got 0"),
        ("network", "3", "`network` is a group; set one of network.hidden"),
        ("optimizer.et", "3", "unknown field `optimizer.et`"),
        ("data.shuffle", "maybe", "`data.shuffle` must be true or false, got"),
    ],
)
def test_bad_text_is_refused_with_the_field(path, text, message):
    with pytest.raises(ConfigError) as error:
        changed(Config(), path, text)
    assert message.replace(", or", "") in str(error.value)


def test_a_change_leaves_the_rest_and_the_original_alone():
    config = Config(seed=4)
    after = changed(changed(config, "optimizer.eta", 0.1), "seed", 5)
    assert (after.seed, after.optimizer.eta) == (5, 0.1)
    assert config == Config(seed=4)
    assert after.network == config.network


def test_the_form_gets_every_field_with_its_limits():
    by_path = {field.path: field for field in fields()}
    assert [field.group for field in fields()] == sorted(
        (field.group for field in fields()),
        key=["Data", "Network", "Training", "Regularisation", "Stop"].index,
    )
    eta = by_path["optimizer.eta"]
    assert (eta.kind, eta.range, eta.optional, eta.default, eta.group) == (
        "float",
        "> 0",
        False,
        0.5,
        "Training",
    )
    assert by_path["network.output"].choices == ("sigmoid", "softmax", "tanh", "relu", "identity")
    assert by_path["network.hidden"].kind == "list"
    assert by_path["network.hidden"].range == ">= 1"
    assert by_path["training.batch_size"].kind == "int"
    assert by_path["training.batch_size"].choices == ("full",)
    assert by_path["data.degree"].range == "1 … 12"
    assert by_path["data.degree"].optional
    assert by_path["data.features"].choices[4] == "x1*x2"
    assert by_path["stop.epochs"].unit == "epochs"
    assert all(field.help and field.label for field in fields())


@pytest.mark.parametrize("name", METHODS)
def test_the_fields_of_a_method_have_its_defaults(name):
    config = changed(Config(), "optimizer.name", name)
    assert [field.path for field in fields(name)] == [
        field.path for field in fields() if has(config, field.path)
    ]
    for field in fields(name):
        assert field.default == default(config, field.path)
        if field.path != "optimizer.name":
            assert get(config, field.path) == field.default
    assert {field.path for field in fields(name) if field.methods} == {
        f"optimizer.{field}" for field in METHODS[name].__struct_fields__
    }
    assert all(name in field.methods for field in fields(name) if field.methods)


@pytest.mark.parametrize("name", METHODS)
def test_the_form_keeps_the_order_of_every_method(name):
    shown = [field.path.partition(".")[2] for field in fields() if name in field.methods]
    assert tuple(shown) == METHODS[name].__struct_fields__


def test_the_optimiser_stands_before_its_fields():
    paths = [field.path for field in fields() if field.path.startswith("optimizer.")]
    assert paths[0] == "optimizer.name"


def test_no_optimiser_named_means_plain_descent():
    assert parse({"optimizer": {"eta": 2}}).optimizer == Sgd(eta=2.0)


def test_another_optimiser_comes_with_its_own_defaults_and_keeps_the_schedule():
    config = parse({"optimizer": {"eta": 3.0, "schedule": "step", "every": 4}})
    adam = changed(config, "optimizer.name", "adam").optimizer
    assert adam == Adam(schedule="step", every=4)
    assert adam.eta == 0.001


@pytest.mark.parametrize(
    ("old", "new", "set_", "kept"),
    [
        ("adam", "adamw", {"eta": 0.02, "beta1": 0.5, "decay": "coupled"}, {"eta", "beta1"}),
        ("adamw", "adam", {"epsilon": 1e-6}, {"epsilon"}),
        ("momentum", "nesterov", {"eta": 0.3, "mu": 0.5}, {"eta", "mu"}),
        ("nesterov", "momentum", {"eta": 0.3, "every": 3}, {"eta", "every"}),
        ("momentum", "adam", {"eta": 0.3, "mu": 0.5}, set()),
        ("adam", "rmsprop", {"eta": 0.02, "epsilon": 1e-6}, set()),
    ],
)
def test_between_twins_all_that_both_have_is_kept(old, new, set_, kept):
    config = parse({"optimizer": {"name": old} | set_})
    expected = {"name": new} | {field: set_[field] for field in kept}
    assert changed(config, "optimizer.name", new) == parse({"optimizer": expected})


def test_a_decay_that_was_left_alone_is_that_of_the_new_method():
    momentum = changed(Config(), "optimizer.name", "momentum")
    assert changed(momentum, "optimizer.name", "adam").optimizer.decay == "decoupled"
    coupled = changed(parse({"optimizer": {"name": "adam", "decay": "coupled"}}), "seed", 1)
    assert changed(coupled, "optimizer.name", "rmsprop").optimizer.decay == "coupled"


def test_the_same_optimiser_again_changes_nothing():
    config = parse({"optimizer": {"eta": 3.0}})
    assert changed(config, "optimizer.name", "sgd") == config


def test_a_field_of_another_method_is_refused_wherever_it_is_asked_for():
    for ask in (
        lambda: get(Config(), "optimizer.mu"),
        lambda: changed(Config(), "optimizer.mu", 0),
    ):
        with pytest.raises(
            ConfigError, match=r"`optimizer\.mu` is no field of sgd but of momentum"
        ):
            ask()
    assert not has(Config(), "optimizer.mu")


def test_the_tables_of_several_optimisers_are_named_by_their_place():
    assert read_optimizer({"name": "swarm", "inertia": 0}, "optimizers[1]") == Swarm(inertia=0.0)
    with pytest.raises(ConfigError, match=r"`optimizers\[1\].inertia` must be >= 0 and < 1, got 1"):
        read_optimizer({"name": "swarm", "inertia": 1}, "optimizers[1]")
    with pytest.raises(ConfigError, match=r"`optimizers\[0\].eta` is no field of swarm"):
        read_optimizer({"name": "swarm", "eta": 1}, "optimizers[0]")


@pytest.mark.parametrize("name", METHODS)
def test_a_configuration_with_any_optimiser_survives_its_tree(name):
    config = changed(Config(), "optimizer.name", name)
    assert tree(config)["optimizer"]["name"] == name
    assert parse(tree(config)) == config


count = st.integers(1, 10**6)
number = st.floats(1e-300, 1e300)
word = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=20)
VALUES = {
    "seed": st.integers(0, 2**63),
    "data.set": word,
    "data.n": st.none() | count,
    "data.noise": st.none() | number,
    "data.label": st.none() | word | st.integers(-5, 50),
    "data.validation": number,
    "data.shuffle": st.booleans(),
    "data.features": st.lists(st.sampled_from(["x1", "x1*x2", "sin(x2)"])).map(tuple),
    "network.hidden": st.lists(count).map(tuple),
    "network.activation": st.sampled_from(["relu", ("tanh", "relu"), ("tanh",)]),
    "network.weights": st.none()
    | st.lists(
        st.lists(st.lists(number, min_size=1).map(tuple), min_size=1).map(tuple), min_size=1
    ).map(tuple),
    "training.batch_size": count | st.just("full"),
    "optimizer.eta": number,
    "stop.target_accuracy": st.none() | st.floats(0, 1),
}


@given(st.data())
def test_what_is_shown_in_the_form_is_read_back_the_same(data):
    path = data.draw(st.sampled_from(sorted(VALUES)))
    value = data.draw(VALUES[path])
    group, _, name = path.rpartition(".")
    config = parse({group: {name: value}} if group else {name: value})
    text = as_text(get(config, path))
    if path == "network.activation" and isinstance(value, tuple) and len(value) == 1:
        text = f"[{text}]"
    assert get(changed(Config(), path, text), path) == value


@given(st.fixed_dictionaries({}, optional=VALUES))
def test_a_configuration_survives_its_tree(values):
    config = Config()
    for path, value in values.items():
        config = changed(config, path, as_text(value) if isinstance(value, str) else value)
    assert parse(tree(config)) == config


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["seed", "data", "network", "hidden", "weights", "eta", "label", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["seed", "data", "network", "optimizer", "x"]), JUNK))
def test_no_junk_gets_past_the_check_or_makes_another_kind_of_error(raw):
    try:
        config = parse(raw, "junk.toml")
    except ConfigError as error:
        config, message = Config(), str(error)
    else:
        message = "junk.toml: none"
    assert message.startswith("junk.toml: ")
    assert parse(tree(config)) == config
