"""What a filter says, as a tree: words to be found, comparisons, and what joins them."""

from __future__ import annotations

from dataclasses import dataclass, field

Value = float | int | str | bool | None | tuple["Value", ...]
"""What a run can be compared with."""


@dataclass(frozen=True, slots=True)
class Field:
    """A figure or a setting of a run, by the name in `filter_fields`."""

    name: str
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands in the filter."""

    value: Value
    column: int = field(default=0, compare=False)
    bare: bool = field(default=False, compare=False)
    """It was written without quotes and is no field: a text, where a text is asked for."""


@dataclass(frozen=True, slots=True)
class Word:
    """A text that is to be found somewhere in the words of a run."""

    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """``operator``: one of == != < <= > >= in contains."""

    left: Field | Literal
    operator: str
    right: Field | Literal


@dataclass(frozen=True, slots=True)
class Not:
    part: Tree


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Tree, ...]
    """None: what matches every run."""


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Tree, ...]


Tree = Word | Comparison | Not | And | Or
