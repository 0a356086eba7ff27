"""Which fields the form shows, and how a refusal reads beside its field."""

import pytest

from tuinn.config import Config, changed, fields
from tuinn.widgets.field import in_place
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
    assert in_place("`data.n` must be <= 5", "data.noise") == "`data.n` must be ≤ 5"
