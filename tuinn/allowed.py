"""What a field of the configuration allows, read from its type: words, choices, checks, text.

The types in `tuinn.config` are the only statement of ranges and choices. `allowed` turns one
into an `Allowed`, which can describe itself, check a value and read a value typed by a person.
(msgspec's own inspection sorts the choices; a form shows them in the order they are written.)
"""

from __future__ import annotations

import difflib
import json
import math
import re
import tomllib
import types
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Meta


class ConfigError(ValueError):
    """A configuration that cannot be used: says which field, what is allowed, what was got."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number; ``whole`` numbers are written without a point."""

    whole: bool
    gt: float | None = None
    ge: float | None = None
    lt: float | None = None
    le: float | None = None

    @property
    def range(self) -> str:
        """The limits in words, empty where there are none: "> 0", ">= 0 and < 1", "0 … 1"."""
        if self.ge is not None and self.le is not None:
            return f"{self.ge:g} … {self.le:g}"
        limits = ((">", self.gt), (">=", self.ge), ("<", self.lt), ("<=", self.le))
        return " and ".join(f"{sign} {limit:g}" for sign, limit in limits if limit is not None)

    def words(self) -> str:
        return f"a {'whole ' if self.whole else ''}number {self.range}".rstrip()

    def takes(self, value: Any) -> bool:
        """Whether ``value`` is of this type, in or out of its range."""
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            return False
        try:
            return math.isfinite(value)
        except OverflowError:
            return self.whole

    def holds(self, value: float) -> bool:
        return not (
            (self.gt is not None and value <= self.gt)
            or (self.ge is not None and value < self.ge)
            or (self.lt is not None and value >= self.lt)
            or (self.le is not None and value > self.le)
        )


@dataclass(frozen=True, slots=True)
class Text:
    def words(self) -> str:
        return "a text"


@dataclass(frozen=True, slots=True)
class Flag:
    def words(self) -> str:
        return "true or false"


@dataclass(frozen=True, slots=True)
class Choice:
    values: tuple[str, ...]

    def words(self) -> str:
        *head, last = (f'"{value}"' for value in self.values)
        return f"{', '.join(head)} or {last}" if head else last


@dataclass(frozen=True, slots=True)
class Items:
    item: Allowed

    def words(self) -> str:
        inner = self.item.kinds[0]
        if isinstance(inner, Items):
            return f"a list of lists, each {inner.words()}"
        if isinstance(inner, Number):
            of = f"{'whole ' if inner.whole else ''}numbers {inner.range}".rstrip()
        else:
            of = self.item.words()
        return f"a list of {of}"


LIMITS = ("gt", "ge", "lt", "le")
Kind = Number | Text | Flag | Choice | Items


@dataclass(frozen=True, slots=True)
class Allowed:
    """The kinds of value a field takes; ``optional``: it may also be left out."""

    kinds: tuple[Kind, ...]
    optional: bool = False

    def words(self) -> str:
        return " or ".join(kind.words() for kind in self.kinds)

    def check(self, value: Any, field: str) -> None:
        """Raise `ConfigError` naming ``field`` where ``value`` is not allowed."""
        if value is None and self.optional:
            return
        for kind in self.kinds:
            match kind:
                case Number() if kind.takes(value):
                    if not kind.holds(value):
                        got = f"must be {kind.range}, got {shown(value)}"
                        raise ConfigError(f"`{field}` {got}", field)
                    return
                case Text() if isinstance(value, str):
                    return
                case Flag() if isinstance(value, bool):
                    return
                case Choice() if isinstance(value, str) and value in kind.values:
                    return
                case Items() if isinstance(value, list | tuple):
                    for index, item in enumerate(value):
                        kind.item.check(item, f"{field}[{index}]")
                    return
        message = f"`{field}` must be {self.words()}, got {shown(value)}"
        raise ConfigError(message + self._hint(value), field)

    def _hint(self, value: Any) -> str:
        choices = [c for kind in self.kinds if isinstance(kind, Choice) for c in kind.values]
        return did_you_mean(value, choices) if isinstance(value, str) else ""

    def read(self, text: str) -> Any:
        """The value a person means by ``text``; not yet checked.

        An empty text leaves an optional field out. Lists may be written ``30, 10``, ``30 10`` or
        ``[30, 10]``; a text in quotes is taken literally.
        """
        text = text.strip()
        if not text and self.optional:
            return None
        if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
            return _toml(text)
        for kind in self.kinds:
            value = _read_as(kind, text, alone=len(self.kinds) == 1)
            if value is not None:
                return value
        if any(isinstance(kind, Text | Choice) for kind in self.kinds):
            number = _number(text) if any(isinstance(k, Number) for k in self.kinds) else None
            return text if number is None else number
        return _toml(text)


def _read_as(kind: Kind, text: str, alone: bool) -> Any:
    """``text`` as a ``kind``, None where it is not one."""
    match kind:
        case Number():
            return _whole(text) if kind.whole and not alone else _number(text)
        case Flag():
            return _FLAGS.get(text.lower())
        case Choice():
            return text if text in kind.values else None
        case Text():
            # `str | int`: a text of digits is a number unless it stands in quotes
            return (text if _whole(text) is None else None) if not alone else text
        case Items():
            if isinstance(kind.item.kinds[0], Items):
                value = _toml(text)
                return value if isinstance(value, list) else None
            if not alone and not re.search(r"[\[\],\s]", text):
                return None
            body = text[1:-1] if text.startswith("[") and text.endswith("]") else text
            return [kind.item.read(item) for item in re.split(r"[,\s]+", body.strip(", ")) if item]


_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _number(text: str) -> float | None:
    whole = _whole(text)
    if whole is not None:
        return whole
    try:
        return float(text)
    except ValueError:
        return None


def _toml(text: str) -> Any:
    """``text`` as a TOML value, or itself where it is none."""
    try:
        return tomllib.loads(f"value = {text}")["value"] if "\n" not in text else text
    except tomllib.TOMLDecodeError:
        return text


def allowed(hint: Any) -> Allowed:
    """What a field annotated with ``hint`` allows."""
    kinds = tuple(_kinds(hint, {}))
    return Allowed(tuple(k for k in kinds if k is not None), optional=None in kinds)


def _kinds(hint: Any, limits: dict[str, float]) -> Iterable[Kind | None]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        for meta in arguments[1:]:
            if isinstance(meta, Meta):
                limits |= {k: v for k in LIMITS if (v := getattr(meta, k)) is not None}
        yield from _kinds(arguments[0], limits)
    elif origin in (Union, types.UnionType):
        for argument in arguments:
            yield from _kinds(argument, dict(limits))
    elif origin is Literal:
        yield Choice(arguments)
    elif origin is tuple:
        yield Items(allowed(arguments[0]))
    elif hint is type(None):
        yield None
    elif hint is bool:
        yield Flag()
    elif hint is str:
        yield Text()
    elif hint in (int, float):
        yield Number(whole=hint is int, **limits)
    else:
        raise TypeError(f"a field of the configuration cannot be a {hint}")


def shown(value: Any) -> str:
    """``value`` as it would stand in the file, shortened where it is long."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        inside = ", ".join(shown(item) for item in value[:6])
        return f"[{inside}{', …' if len(value) > 6 else ''}]"
    if isinstance(value, str):
        quoted = '"' + value.replace("\n", "\\n") + '"'
        return quoted if len(quoted) <= 60 else quoted[:58] + '…"'
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a number of more than 20 digits"
    return f"{value}"


def as_text(value: Any) -> str:
    """``value`` as a person would type it; `Allowed.read` reads it back to the same value
    (but one activation for all layers is written like a list of one)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return shown(value)
    if isinstance(value, tuple):
        nested = any(isinstance(item, tuple) for item in value)
        return json.dumps(value) if nested else ", ".join(map(as_text, value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"{value:.0f}"
    if isinstance(value, str):
        plain = value and value == value.strip() and value[0] not in "\"'" and "\n" not in value
        return (
            value
            if plain and not re.fullmatch(r"[-+\d_]+", value)
            else json.dumps(value, ensure_ascii=False)
        )
    return str(value)


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """ "; did you mean …?" with the closest of ``words``, empty where none is close."""
    close = difflib.get_close_matches(word, list(words), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(close)}?" if close else ""
