"""The fields of the configuration by their path: what the form shows of each, and what it takes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Literal

from msgspec import Meta

from tuinn.allowed import (
    Choice,
    ConfigError,
    Flag,
    Items,
    Kind,
    Number,
    Text,
    allowed,
    did_you_mean,
)
from tuinn.groups import Config
from tuinn.schema import hints, is_group


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the form."""

    path: str
    """As in the TOML file: "optimizer.eta"."""
    label: str
    group: str
    """Data, Network, Training, Regularisation or Stop."""
    unit: str
    help: str
    kind: Literal["float", "int", "bool", "choice", "text", "list"]
    choices: tuple[str, ...]
    """Of a list: what each of its items may be; of a number: the words that it also takes."""
    optional: bool
    """An empty text leaves the field out."""
    default: Any
    range: str
    """"> 0"; empty where every value of the kind is allowed."""


GROUPS = ("Data", "Network", "Training", "Regularisation", "Stop")


@functools.cache
def fields() -> tuple[Field, ...]:
    """The fields a form shows, in the order of the groups."""
    found = [
        _field(path, hint, default, about)
        for path, (hint, default) in leaves().items()
        if (about := _label(hint)) is not None
    ]
    return tuple(sorted(found, key=lambda field: GROUPS.index(field.group)))


@functools.cache
def leaves() -> dict[str, tuple[Any, Any]]:
    """Annotated type and default of every field, by path."""
    found: dict[str, tuple[Any, Any]] = {}
    for name, hint in hints(Config).items():
        default = getattr(_DEFAULT, name)
        if is_group(hint):
            for leaf, inner in hints(hint).items():
                found[f"{name}.{leaf}"] = (inner, getattr(default, leaf))
        else:
            found[name] = (hint, default)
    return found


def type_of(path: str) -> Any:
    """The annotated type of the field at ``path``; `ConfigError` where there is none."""
    if path in leaves():
        return leaves()[path][0]
    inside = [leaf for leaf in leaves() if leaf.startswith(f"{path}.")]
    if inside:
        raise ConfigError(f"`{path}` is a group; set one of {', '.join(inside)}", path)
    group, _, name = path.rpartition(".")
    raise unknown(group if group in hints(Config) else "", name if group else path, path)


def unknown(group: str, name: str, path: str) -> ConfigError:
    """The error for a field that does not exist: what its group has, and the closest spelling."""
    names = [
        leaf.removeprefix(f"{group}.") if group else leaf.partition(".")[0]
        for leaf in leaves()
        if not group or leaf.startswith(f"{group}.")
    ]
    names = list(dict.fromkeys(names))
    elsewhere = [leaf for leaf in leaves() if leaf.rpartition(".")[2] == name]
    hint = did_you_mean(name, names)
    if not hint and elsewhere:
        hint = f"; did you mean {' or '.join(elsewhere)}?"
    owner = f"`{group}` has" if group else "the fields are"
    return ConfigError(f"unknown field `{path}`; {owner} {', '.join(names)}{hint}", path)


def _label(hint: Any) -> Meta | None:
    """What the form shows for a field; None for a field that it does not show."""
    metas = getattr(hint, "__metadata__", ())
    return next((m for m in metas if isinstance(m, Meta) and m.title is not None), None)


def _field(path: str, hint: Any, default: Any, about: Meta) -> Field:
    permitted = allowed(hint)
    extra = about.extra or {}
    first = permitted.kinds[0]
    items = first.item.kinds[0] if isinstance(first, Items) else first
    choices = [
        c for kind in (items, *permitted.kinds) if isinstance(kind, Choice) for c in kind.values
    ]
    kinds: dict[type[Kind], Any] = {Flag: "bool", Choice: "choice", Text: "text", Items: "list"}
    return Field(
        path=path,
        label=about.title or path,
        group=extra["group"],
        unit=extra["unit"],
        help=about.description or "",
        kind=("int" if first.whole else "float")
        if isinstance(first, Number)
        else kinds[type(first)],
        choices=tuple(dict.fromkeys(choices)),
        optional=permitted.optional,
        default=default,
        range=items.range if isinstance(items, Number) else "",
    )


_DEFAULT = Config()
