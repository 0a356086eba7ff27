"""The settings of the optimisers: one meaning for a name, and the engine's own defaults."""

import inspect
from typing import get_type_hints

import pytest

from engine.optimizers import OPTIMIZERS
from engine.schedule import NAMES, Schedule
from tuinn.experiment import make_optimizer
from tuinn.optimizer_fields import ScheduleName
from tuinn.optimizers import DEFAULT, METHODS, WHOLE, Method, defaults

HINTS = {name: get_type_hints(method, include_extras=True) for name, method in METHODS.items()}


def test_every_optimiser_of_the_engine_can_be_named_and_no_other():
    assert list(METHODS) == list(OPTIMIZERS)
    assert DEFAULT in METHODS


@pytest.mark.parametrize("name", METHODS)
def test_the_defaults_are_those_of_the_engine(name):
    expected = {
        parameter.name: parameter.default
        for parameter in inspect.signature(OPTIMIZERS[name]).parameters.values()
    }
    settings = {field: getattr(METHODS[name](), field) for field in METHODS[name].__struct_fields__}
    if "schedule" in expected:
        assert expected["schedule"] is None
        schedule = Schedule(*(settings.pop(field) for field in ("schedule", "drop", "every")))
        assert schedule == Schedule()
        del expected["schedule"]
    assert settings == expected
    assert {type(value) for value in settings.values()} == {
        type(value) for value in expected.values()
    }


def test_a_field_is_stated_once_for_all_who_have_it():
    stated = {}
    for name in METHODS:
        for field, hint in HINTS[name].items():
            assert stated.setdefault(field, hint) == hint, (name, field)


def test_the_schedules_are_those_of_the_engine():
    assert ScheduleName.__origin__.__args__ == NAMES


def test_the_methods_that_see_all_the_examples_are_known():
    assert set(WHOLE) == {name for name, method in OPTIMIZERS.items() if method.whole}


@pytest.mark.parametrize("name", METHODS)
def test_what_is_set_reaches_the_engine(name):
    settings = defaults(name)
    assert isinstance(settings, Method)
    made = make_optimizer(settings)
    assert made.name == settings.name == name
    for field in METHODS[name].__struct_fields__:
        if field not in ("schedule", "drop", "every", "decay"):
            assert getattr(made, field) == getattr(settings, field), field
