"""Which fields the form shows, and how a refusal reads beside its field."""

import pytest

from tuinn.config import Config, changed, fields, parse
from tuinn.optimizers import METHODS, WHOLE
from tuinn.widgets.field import HINT_CELLS, LABEL_CELLS, FieldRow, in_place
from tuinn.widgets.form import in_order
from tuinn.widgets.form_layout import Place, place

FIELDS = {field.path: field for field in fields()}
CIRCLE = {"generated": True, "plane": True, "file": False}
DIGITS = {"generated": False, "plane": False, "file": False}
CSV = {"generated": False, "plane": False, "file": True}


@pytest.mark.parametrize(
    ("path", "of", "expected"),
    [
        ("data.noise", CIRCLE, Place.SHOWN),
        ("data.noise", DIGITS, Place.OFF),
        ("data.features", CIRCLE, Place.SHOWN),
        ("data.features", DIGITS, Place.OFF),
        ("data.degree", CIRCLE, Place.RARE),
        ("data.degree", DIGITS, Place.OFF),
        ("data.label", CSV, Place.SHOWN),
        ("data.label", DIGITS, Place.OFF),
        ("training.dtype", DIGITS, Place.RARE),
        ("optimizer.eta", DIGITS, Place.SHOWN),
        ("optimizer.drop", DIGITS, Place.OFF),
        ("optimizer.mu", DIGITS, Place.OFF),
        ("training.batch_size", DIGITS, Place.SHOWN),
        ("training.examples", DIGITS, Place.OFF),
        ("stop.evaluations", DIGITS, Place.RARE),
    ],
)
def test_a_field_is_shown_where_it_matters(path: str, of: dict[str, bool], expected: Place) -> None:
    assert place(FIELDS[path], Config(), **of) is expected


def test_step_and_exponential_have_their_own_fields() -> None:
    for schedule, drop, every in (
        ("step", Place.SHOWN, Place.SHOWN),
        ("exponential", Place.SHOWN, Place.OFF),
        ("cosine", Place.OFF, Place.OFF),
    ):
        config = changed(Config(), "optimizer.schedule", schedule)
        assert place(FIELDS["optimizer.drop"], config, **CIRCLE) is drop
        assert place(FIELDS["optimizer.every"], config, **CIRCLE) is every


def place_of(path: str, **settings: object) -> Place:
    """Where a field stands with these settings of the optimiser."""
    return place(FIELDS[path], parse({"optimizer": settings}), **CIRCLE)


@pytest.mark.parametrize("name", METHODS)
def test_only_the_fields_of_the_chosen_optimiser_are_shown(name: str) -> None:
    shown = {
        path
        for path in FIELDS
        if path.startswith("optimizer.") and place_of(path, name=name) is not Place.OFF
    }
    own = {f"optimizer.{field}" for field in METHODS[name].__struct_fields__}
    assert shown <= own | {"optimizer.name"}
    assert "optimizer.name" in shown
    assert len(shown) >= 2


@pytest.mark.parametrize("name", METHODS)
def test_what_an_update_looks_at_is_asked_in_one_way(name: str) -> None:
    whole = name in WHOLE
    assert place_of("training.examples", name=name) is (Place.SHOWN if whole else Place.OFF)
    config = changed(Config(), "training.batch_size", 3)
    config = changed(config, "optimizer.name", name)
    batch = place(FIELDS["training.batch_size"], config, **CIRCLE)
    assert batch is (Place.OFF if whole else Place.SHOWN)


@pytest.mark.parametrize(
    ("path", "by", "shown", "hidden"),
    [
        ("optimizer.blend", "crossover", "blend", "simulated-binary"),
        ("optimizer.index", "crossover", "simulated-binary", "blend"),
        ("optimizer.neighbours", "topology", "ring", "global"),
        ("optimizer.cooling_rate", "cooling", "linear", "logarithmic"),
    ],
)
def test_a_choice_has_its_own_fields(path: str, by: str, shown: str, hidden: str) -> None:
    name = FIELDS[path].methods[0]
    assert place_of(path, name=name, **{by: shown}) is not Place.OFF
    assert place_of(path, name=name, **{by: hidden}) is Place.OFF


def test_how_weights_decay_is_asked_where_they_do() -> None:
    config = changed(Config(), "optimizer.name", "adam")
    assert place(FIELDS["optimizer.decay"], config, **CIRCLE) is Place.OFF
    config = changed(config, "regularisation.alpha", 0.1)
    assert place(FIELDS["optimizer.decay"], config, **CIRCLE) is Place.SHOWN


@pytest.mark.parametrize("name", METHODS)
def test_labels_and_hints_fit_their_columns(name: str) -> None:
    for field in fields(name):
        row = FieldRow(field, changed(Config(), "optimizer.name", name))
        assert len(row.label) < LABEL_CELLS, field.path
        assert len(row.hint) < HINT_CELLS, field.path


@pytest.mark.parametrize("path", ["training.dtype", "data.noise", "data.shuffle"])
def test_a_field_that_was_given_a_value_is_never_hidden(path: str) -> None:
    value = {"training.dtype": "float32", "data.noise": 0.3, "data.shuffle": False}[path]
    assert place(FIELDS[path], changed(Config(), path, value), **DIGITS) is Place.SHOWN


def test_every_field_has_one_place_in_the_form() -> None:
    paths = [field.path for field in in_order()]
    assert sorted(paths) == sorted(FIELDS)
    assert paths[0] == "data.set"


def test_a_refusal_does_not_name_the_field_it_stands_beside() -> None:
    assert in_place("`optimizer.eta` must be > 0, got -3", "optimizer.eta") == (
        "must be > 0, got -3"
    )
    assert in_place("`network.hidden[1]` must be >= 1, got 0", "network.hidden") == (
        "number 2 must be ≥ 1, got 0"
    )
    assert in_place("`data.n` must be <= 5", "data.noise") == "examples must be ≤ 5"
