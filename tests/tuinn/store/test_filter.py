"""Filters: what is written is what is meant, nothing is evaluated, errors say where and why."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs_driver import run

from tuinn.store.filter import Filter, FilterError, fields, parse
from tuinn.store.filter_tree import And, Comparison, Field, Literal, Not, Or, Tree, Word
from tuinn.store.run import StoredRun

RUNS = [
    run(1, {"optimizer": {"name": "adam", "eta": 0.01}}, name="Alpha", tags=("a", "Draft")),
    run(2, {"network": {"hidden": [30, 10]}}, note="slow digits", validation_loss=None,
        validation_accuracy=None, train_loss=0.7),
    run(3, {"training": {"batch_size": "full"}}, status="diverged", train_loss=math.nan),
    run(4, {"data": {"set": "digits"}}, dataset="digits", changed=True, parent=2, tags=("b",)),
]  # fmt: skip

# what is compared with what, and how a run has it
NUMBERS: dict[str, Any] = {
    "id": lambda run: run.id,
    "train_loss": lambda run: run.train_loss,
    "validation_loss": lambda run: run.validation_loss,
    "parent": lambda run: run.parent,
    "optimizer.eta": lambda run: getattr(run.config.optimizer, "eta", None),
    "stop.epochs": lambda run: run.config.stop.epochs,
}
TEXTS: dict[str, Any] = {
    "name": lambda run: run.name,
    "note": lambda run: run.note,
    "data.set": lambda run: run.config.data.set,
}
LISTS: dict[str, Any] = {
    "tags": lambda run: list(run.tags),
    "network.hidden": lambda run: list(run.config.network.hidden),
}
figures = st.one_of(st.integers(-3, 400), st.floats(-2, 2, allow_nan=False))
letters = st.text(st.sampled_from("abdigts\"'\\ ()é&|<=#% "), max_size=6)


def comparison(field: str, operator: str, value: Any) -> Comparison:
    return Comparison(Field(field), operator, Literal(value))


comparisons = st.one_of(
    st.builds(
        comparison,
        st.sampled_from(sorted(NUMBERS)),
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        figures,
    ),
    st.builds(comparison, st.sampled_from(sorted(NUMBERS)), st.just("=="), st.none()),
    st.builds(
        comparison,
        st.sampled_from(sorted(TEXTS)),
        st.sampled_from(["==", "!=", "contains"]),
        letters,
    ),
    st.builds(
        lambda value, field: Comparison(Literal(value), "in", Field(field)),
        letters,
        st.sampled_from(["tags", *TEXTS]),
    ),
    st.builds(
        comparison, st.sampled_from(sorted(NUMBERS)), st.just("in"), st.tuples(figures, figures)
    ),
    st.builds(
        comparison,
        st.just("network.hidden"),
        st.sampled_from(["==", "!="]),
        st.sampled_from([(30, 10), (8,), (10, 30)]),
    ),
    st.builds(comparison, st.just("changed"), st.just("=="), st.booleans()),
)
trees = st.recursive(
    st.one_of(comparisons, st.builds(Word, letters.filter(bool))),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda parts: And(tuple(parts)), st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: Or(tuple(parts)), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=8,
)


def text_of(part: Any, tight: int = 0) -> str:
    """A tree as a person could write it; ``tight``: brackets around what binds weaker."""
    match part:
        case Word(text):
            return quoted(text)
        case Field(name):
            return name
        case Literal(tuple() as values):
            return f"[{', '.join(text_of(Literal(value)) for value in values)}]"
        case Literal(value):
            return quoted(value) if isinstance(value, str) else str(value).lower()
        case Comparison(left, operator, right):
            return f"{text_of(left)} {operator} {text_of(right)}"
        case Not(inner):
            return f"not {text_of(inner, 3)}"
        case And(parts) | Or(parts):
            binding, word = (2, " and ") if isinstance(part, And) else (1, " or ")
            text = word.join(text_of(inner, binding + 1) for inner in parts)
            return f"({text})" if tight > binding else text
    raise AssertionError(part)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def value_of(part: Any, run: StoredRun) -> Any:
    if isinstance(part, Literal):
        return list(part.value) if isinstance(part.value, tuple) else part.value
    value = (NUMBERS | TEXTS | LISTS | {"changed": lambda run: run.changed})[part.name](run)
    return None if value != value else value


def holds(tree: Tree, run: StoredRun) -> bool:
    """What a tree means, said once more in Python."""
    match tree:
        case Word(text):
            said = [run.name, run.title, *run.tags, run.note, run.dataset]
            return any(text.lower() in one.lower() for one in said)
        case Not(part):
            return not holds(part, run)
        case And(parts):
            return all(holds(part, run) for part in parts)
        case Or(parts):
            return any(holds(part, run) for part in parts)
    assert isinstance(tree, Comparison)
    left, right = value_of(tree.left, run), value_of(tree.right, run)
    if isinstance(left, str) and tree.operator != "contains":
        left = left.lower()
    match tree.operator:
        case "in":
            return left in ([one.lower() for one in right] if is_texts(right) else lower(right))
        case "contains":
            return lower(right) in lower(left)
        case "==":
            return bool(left == lower(right))
        case "!=":
            return bool(left != lower(right))
    if left is None:
        return False
    compared = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}
    return bool(compared[tree.operator])


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


@given(trees)
def test_a_tree_that_is_written_and_read_means_what_it_means(tree: Tree) -> None:
    text = text_of(tree)
    found = parse(text)
    assert [found.matches(run) for run in RUNS] == [holds(tree, run) for run in RUNS], text
    assert found.select(RUNS) == [run for run in RUNS if holds(tree, run)]


def matching(text: str) -> list[int]:
    return [run.id for run in parse(text).select(RUNS)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [1, 2, 3, 4]),
        ("alpha", [1]),
        ("DIGITS", [2, 4]),
        ('optimizer.name == "adam" and validation_accuracy > 0.5', [1]),
        ("eta = 0.01 or hidden == [30, 10]", [1, 2]),
        ("digits not slow", [4]),
        ("tag == draft", [1]),
        ("tag != draft", [2, 3, 4]),
        ("tags contains b or 'draft' in tags", [1, 4]),
        ("status in (diverged, stopped)", [3]),
        ("status not in (diverged, stopped)", [1, 2, 4]),
        ("train_loss == none", [3]),
        ("validation_loss == none", [2]),
        ("loss > 0.5", [2]),
        ("batch_size == full or batch_size > 10", [3]),
        ("validation_accuracy >= 80 %", [1, 3, 4]),
        ("80% <= validation_accuracy", [1, 3, 4]),
        ("changed == true", [4]),
        ("train_loss < validation_loss", [1, 4]),
        ("network.activation == sigmoid id > 2", [3, 4]),
        ("8 in network.hidden", [1, 3, 4]),
        ("optimizer.mu == none", [1, 2, 3, 4]),
        ("environment.numpy == '2.0' and id<2", [1]),
    ],
)
def test_what_is_found(text: str, ids: list[int]) -> None:
    assert matching(text) == ids


def test_days() -> None:
    noon = datetime(2026, 11, 22, 12).timestamp()
    day = run(1, started=noon)
    for text, is_so in {
        "started == 2026-11-22": True,
        "started == '2026-11-22 12:00'": True,
        "started != 2026-11": False,
        "started > 2026-11-21": True,
        "started > 2026-11-22": False,
        "started >= 2026-11-22": True,
        "started < 2026-11-22": False,
        "started <= 2026-11-22": True,
        "started in [2026-11-22, 2025-01-01]": True,
        "ended == none": False,
    }.items():
        assert parse(text).matches(day) is is_so, text
    today = run(1, started=datetime.now().timestamp())
    assert parse("started == today").matches(today) != parse("started == yesterday").matches(today)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("adam and", 9, "something must follow `and`"),
        ("or adam", 1, "something must stand before `or`"),
        ("optimiser.name == adam", 1, "did you mean optimizer.name"),
        ("optimizer.name == adm", 19, "is one of sgd, momentum"),
        ("optimizer.name == adm", 19, "column 19: got \"adm\", did you mean adam"),
        ("optimizer.name == zzz", 19, "got \"zzz\"; `optimizer.name` is one of sgd"),
        ("epoch > 3 and validation_los < 1", 15, "did you mean validation_loss"),
        ("0.9 < best_accuracy < 1", 21, "one comparison at a time"),
        ('name > "a"', 1, "compares numbers and times"),
        ("((alpha)", 1, "`(` is not closed"),
        ("alpha)", 6, "`)` stands where nothing can"),
        ('note == "abc', 9, "has no end"),
        ("a && b", 3, "write `and`"),
        ("! a", 1, "write `not`"),
        ("1 < 2", 1, "one side must be a field"),
        ("started > soon", 11, "2026-11-22"),
        ("started == 2026-13-01", 12, "is a day"),
        ('epoch == "five"', 10, "`epoch` is a number"),
        ("a in epoch", 6, "only a list or a text"),
        ("== 3", 1, "a field must stand before"),
        ("epoch ==", 9, "a value must follow `==`"),
        ("epoch == and", 10, "a value must stand here"),
        ("epoch == [1", 10, "`[` is not closed"),
        ("changed == 3", 12, "is true or false"),
        ("status == [finished, done]", 11, "status"),
        ("status in [finished, done]", 11, "got \"done\""),
    ],
)  # fmt: skip
def test_errors_name_the_column_and_what_is_allowed(text: str, column: int, said: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert caught.value.column == column
    assert str(caught.value).startswith(f"column {column}: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "name.__class__ == 'x'",
        "__class__ == 'x'",
        "_replace == 1",
        "config.optimizer == 1",
        "tree == 1",
        "optimizer.__class__ == 'x'",
        "matches == 1",
    ],
)
def test_nothing_but_what_is_listed_can_be_asked(text: str) -> None:
    with pytest.raises(FilterError, match="unknown field"):
        parse(text)


def test_code_is_a_text_like_any_other() -> None:
    tree = parse('__import__("os").system("true")').tree
    assert tree == And((Word("__import__"), Word("os"), Word(".system"), Word("true")))
    assert not any(name.startswith("_") or "__" in name for name in fields())


@pytest.mark.parametrize("opening", ["(", "not ", "not ("])
def test_deep_nesting_is_refused(opening: str) -> None:
    with pytest.raises(FilterError, match="more than 50 deep"):
        parse(opening * 400)
    assert parse("(" * 40 + "alpha" + ")" * 40).matches(RUNS[0])


def test_long_texts_are_refused() -> None:
    with pytest.raises(FilterError, match="at most 2000 characters, this one has 100000"):
        parse("a" * 100_000)
    assert isinstance(parse(" ".join(["a"] * 900)), Filter)


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_a_filter_error(text: str) -> None:
    try:
        found = parse(text)
    except FilterError as error:
        column = error.column
    else:
        assert {found.matches(one) for one in RUNS} <= {True, False}
        return
    assert 1 <= column <= len(text) + 1


PIECES = (
    "and or not in contains ( ) [ ] , == < != 1 5% none true 'a' adam tags tag epoch status "
    "started today network.activation network.hidden changed batch_size name"
)


@given(st.lists(st.sampled_from(PIECES.split()), max_size=9))
def test_any_words_are_a_filter_or_a_filter_error(words: list[str]) -> None:
    try:
        found = parse(" ".join(words))
    except FilterError:
        return
    for one in RUNS:
        assert found.matches(one) in (True, False)


def test_the_configuration_is_asked_as_the_run_began() -> None:
    began = run(1)
    later = began._replace(now_json=json.dumps({"optimizer": {"name": "sgd", "eta": 9.0}}))
    assert parse("optimizer.eta == 0.5").matches(later)
