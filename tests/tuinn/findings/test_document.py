"""docs/findings.md says of every rule what the program does."""

from __future__ import annotations

import importlib
import re
from fractions import Fraction
from pathlib import Path

import pytest

from tuinn.findings import RULES

PAGE = (Path(__file__).parents[3] / "docs" / "findings.md").read_text(encoding="utf-8")
MODULES = """
    course diverging dead steps decay output deltas plateau overfitting learning search
"""


def thresholds(module: str) -> dict[str, float]:
    """The numbers that a module names as constants."""
    found = vars(importlib.import_module(f"tuinn.findings.{module}"))
    return {
        name: value
        for name, value in found.items()
        if name.isupper() and isinstance(value, int | float)
    }


def written(module: str) -> set[tuple[str, float]]:
    """The numbers that the page names, in the parts that are about a module."""
    parts = re.split(r"^##", PAGE, flags=re.MULTILINE)
    # the sections of the searches share a module
    home, about = "", set()
    for part in parts:
        named = re.search(r"[Mm]odule `(\w+)`", part)
        home = named[1] if named else home
        if home == module:
            pairs = re.findall(r"`(\w+) = ([\d./]+)`", part)
            about |= {(name, float(Fraction(value))) for name, value in pairs}
    return about


def test_the_table_lists_the_rules_in_their_order() -> None:
    rows = re.findall(r"^\| ([^|]+) \| (alarm|info) \|", PAGE, flags=re.MULTILINE)
    assert [name for name, _ in rows] == [rule.name for rule in RULES]


def test_each_rule_has_its_section_in_the_same_order() -> None:
    assert re.findall(r"^### (.+)$", PAGE, flags=re.MULTILINE) == [rule.name for rule in RULES]


@pytest.mark.parametrize("module", MODULES.split())
def test_every_threshold_is_told_as_it_is(module: str) -> None:
    names = thresholds(module)
    assert names
    told = written(module)
    assert {name for name, _ in told} == set(names)
    for name, value in told:
        assert value == pytest.approx(names[name]), name
