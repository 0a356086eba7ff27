"""What a filter's tree means: every node becomes a function of a run.

A figure that a run has not, or that is NaN, is none: it equals none and nothing else, and no
order holds of it. Capitals do not matter in texts. A day is the time from its beginning to its end.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tuinn.allowed import did_you_mean, shown
from tuinn.store.filter_days import Span, span
from tuinn.store.filter_fields import SPELT, Asked, Kind, asked, tags_of, unknown
from tuinn.store.filter_tree import And, Comparison, Field, Literal, Not, Or, Tree, Value, Word
from tuinn.store.filter_words import FilterError
from tuinn.store.run import StoredRun

Matches = Callable[[StoredRun], bool]
ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compiled(tree: Tree) -> Matches:
    """Whether a run matches; `FilterError` where what is compared cannot be."""
    match tree:
        case Word(text):
            low = text.casefold()
            return lambda run: low in words_of(run)
        case Not(part):
            inner = compiled(part)
            return lambda run: not inner(run)
        case And(parts):
            every = tuple(map(compiled, sorted(parts, key=_effort)))
            return lambda run: all(one(run) for one in every)
        case Or(parts):
            some = tuple(map(compiled, sorted(parts, key=_effort)))
            return lambda run: any(one(run) for one in some)
        case Comparison():
            return _comparison(tree)


def _effort(tree: Tree) -> int:
    """What is tried first decides for most runs: a configuration takes longest to be read."""
    match tree:
        case Word():
            return 1
        case Not(part):
            return _effort(part)
        case And(parts) | Or(parts):
            return max(map(_effort, parts), default=0)
        case Comparison(left, _, right):
            names = [side.name for side in (left, right) if isinstance(side, Field)]
            return 2 if any("." in name for name in names) else 0


def words_of(run: StoredRun) -> str:
    """The text in which words are looked for, in small letters."""
    return "\n".join((run.name, run.title, *tags_of(run), run.note, run.dataset)).casefold()


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a comparison: what it can be, and how its value is had."""

    kinds: frozenset[Kind]
    items: frozenset[Kind]
    get: Callable[[StoredRun], Any]
    told: str
    column: int
    field: Asked | None = None
    value: Value = None


def _side(part: Field | Literal) -> _Side:
    if isinstance(part, Field):
        field = asked()[part.name]
        get = field.get
        return _Side(
            field.kinds, field.items, lambda run: _known(get(run)), f"`{part.name}`", part.column,
            field,
        )  # fmt: skip
    value = part.value
    kind = _kind(value)
    items = frozenset(k for item in value if (k := _kind(item))) if isinstance(value, tuple) else ()
    return _Side(
        frozenset({kind} if kind else ()), frozenset(items), lambda run: value, shown(value),
        part.column, value=value,
    )  # fmt: skip


def _known(value: Any) -> Any:
    """None for a figure that does not exist."""
    return None if value != value else value


def _kind(value: Value) -> Kind | None:
    """None of none, which everything can be."""
    match value:
        case bool():
            return "flag"
        case int() | float():
            return "number"
        case str():
            return "text"
        case tuple():
            return "list"
    return None


def _comparison(tree: Comparison) -> Matches:
    name = tree.operator
    if name == "contains":
        # y contains x is x in y
        return _within(tree.right, tree.left)
    if name == "in":
        return _within(tree.left, tree.right)
    left, right = _side(tree.left), _side(tree.right)
    if left.field is None:
        # the field comes first
        name = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(name, name)
        left, right = right, left
    if "time" in left.kinds and right.field is None and right.value is not None:
        return _by_day(left, name, _day(left, right))
    _check(left, right, tree)
    if name in ("==", "!="):
        get, other = left.get, right.get
        if left.field and left.field.each:
            found: Matches = lambda run: any(same(one, other(run)) for one in get(run))  # noqa: E731
        elif right.field is None:
            equal = _equal_to(right.value)
            found = lambda run: equal(get(run))  # noqa: E731
        else:
            found = lambda run: same(get(run), other(run))  # noqa: E731
        return found if name == "==" else lambda run: not found(run)
    return _ordered(left, name, right)


def _equal_to(value: Value) -> Callable[[Any], bool]:
    """`same` with a value that is known, for which most others need no long look."""
    if not isinstance(value, str):
        return lambda other: same(other, value)
    low = value.casefold()
    return lambda other: other.casefold() == low if other.__class__ is str else same(other, value)


def _ordered(left: _Side, name: str, right: _Side) -> Matches:
    for side in (left, right):
        if not side.kinds & {"number", "time"}:
            raise FilterError(
                f"`{name}` compares numbers and times, and {side.told} is {_words(side)}",
                side.column,
            )
    get, other, holds = left.get, right.get, ORDERS[name]

    def ordered(run: StoredRun) -> bool:
        one, two = get(run), other(run)
        return is_number(one) and is_number(two) and holds(one, two)

    return ordered


def _by_day(left: _Side, name: str, day: Span) -> Matches:
    get = left.get
    begin, end = day.begin, day.end
    tests: dict[str, Callable[[float], bool]] = {
        "==": lambda at: begin <= at < end,
        "!=": lambda at: not begin <= at < end,
        "<": lambda at: at < begin,
        "<=": lambda at: at < end,
        ">": lambda at: at >= end,
        ">=": lambda at: at >= begin,
    }
    test = tests[name]
    return lambda run: test(at) if (at := get(run)) is not None else name == "!="


def _day(left: _Side, right: _Side) -> Span:
    found = span(right.value) if isinstance(right.value, str) else None
    if found is None:
        raise FilterError(f"{left.told} is {SPELT['time']}, got {right.told}", right.column)
    return found


def _within(item: Field | Literal, whole: Field | Literal) -> Matches:
    """Whether a value is among others, or a text part of another."""
    one, many = _side(item), _side(whole)
    if one.field and "time" in one.kinds and isinstance(many.value, tuple):
        days = [_by_day(one, "==", _day(one, _side(Literal(v, many.column)))) for v in many.value]
        return lambda run: any(day(run) for day in days)
    if not many.kinds & {"list", "text"}:
        raise FilterError(
            f"only a list or a text has something in it, and {many.told} is {_words(many)}",
            many.column,
        )
    if many.field is None and "list" in many.kinds and one.field:
        kinds = frozenset(kind for kind in one.kinds)
        if many.items and not many.items & kinds:
            raise FilterError(f"{one.told} is {one.field.words()}, got {many.told}", many.column)
        for value in many.value if isinstance(many.value, tuple) else ():
            _check_choice(one.field, value, many.column)
    elif "list" in many.kinds and one.kinds and not one.kinds & many.items:
        # a text may also be part of a text that stands where there can be a list
        if not ("text" in many.kinds and "text" in one.kinds):
            inside = " or ".join(SPELT[kind] for kind in SPELT if kind in many.items)
            raise FilterError(
                f"in {many.told} is {inside or 'nothing'}, got {one.told}", one.column
            )
    elif "list" not in many.kinds and one.kinds and "text" not in one.kinds:
        raise FilterError(f"in a text is a text, got {one.told}", one.column)
    get, among = one.get, many.get
    if one.field and one.field.each:
        return lambda run: any(contains(among(run), value) for value in get(run))
    if many.field and many.field.each:
        return lambda run: any(contains(text, get(run)) for text in among(run))
    return lambda run: contains(among(run), get(run))


def _check(left: _Side, right: _Side, tree: Comparison) -> None:
    """Raise `FilterError` where two sides can never be the same."""
    field = left.field
    assert field is not None, "one side is a field"
    if not right.kinds:
        return
    if right.kinds & left.kinds:
        if right.field is None:
            _check_choice(field, right.value, right.column)
        return
    if "list" in left.kinds and right.kinds & left.items and right.field is None:
        _check_choice(field, right.value, right.column)
        return
    for part in (tree.left, tree.right):
        if isinstance(part, Literal) and part.bare:
            raise FilterError(
                f"{left.told} is {field.words()}; {unknown(str(part.value))}", part.column
            )
    raise FilterError(f"{left.told} is {field.words()}, got {right.told}", right.column)


def _check_choice(field: Asked, value: Value, column: int) -> None:
    if not field.choices or not isinstance(value, str):
        return
    if value.casefold() not in (choice.casefold() for choice in field.choices):
        # first what helps: a long list may be cut where there is little room
        close = did_you_mean(value, field.choices).replace("; ", ", ") or ";"
        raise FilterError(
            f"got {shown(value)}{close} `{field.name}` is "
            f"{'a number, or ' if 'number' in field.kinds else ''}one of "
            f"{', '.join(field.choices)}",
            column,
        )


def _words(side: _Side) -> str:
    return " or ".join(SPELT[kind] for kind in SPELT if kind in side.kinds) or "none"


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(one: Any, two: Any) -> bool:
    """Whether two values are equal; a list of one is the same as what is in it."""
    if isinstance(one, str) and isinstance(two, str):
        return one.casefold() == two.casefold()
    if isinstance(one, list | tuple) or isinstance(two, list | tuple):
        if one is None or two is None:
            return False
        first = one if isinstance(one, list | tuple) else (one,)
        second = two if isinstance(two, list | tuple) else (two,)
        return len(first) == len(second) and all(map(same, first, second))
    if is_number(one) and is_number(two):
        return bool(one == two)
    return one is two


def contains(whole: Any, part: Any) -> bool:
    """Whether a list has an item, or a text another."""
    if isinstance(whole, list | tuple):
        return any(same(item, part) for item in whole)
    if isinstance(whole, str) and isinstance(part, str):
        return part.casefold() in whole.casefold()
    return False
