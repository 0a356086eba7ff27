"""The fields of the configuration by their path: what the form shows of each, and what it takes."""

from __future__ import annotations

import functools
from collections.abc import Sequence
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
    as_text,
    did_you_mean,
)
from tuinn.groups import Config
from tuinn.optimizers import DEFAULT, METHODS, NAME, Method, no_field
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
    methods: tuple[str, ...]
    """The optimisers that have this field; empty: a configuration has it whatever its optimiser."""


GROUPS = ("Data", "Network", "Training", "Regularisation", "Stop")
EMPTY = {
    "data.n": "as usual",
    "data.noise": "as usual",
    "data.features": "as they are",
    "data.train": "the rest",
    "data.label": "the last",
    "training.examples": "all",
}
"""What a field that is left out comes to; else "none"."""


def spelt(path: str, value: Any) -> str:
    """The value of a field in a sentence or a table: "0.5", or what it comes to if left out."""
    return as_text(value) or EMPTY.get(path, "none")


@functools.cache
def fields(method: str = "") -> tuple[Field, ...]:
    """The fields a form shows, in the order of the groups.

    ``method``: only those of a configuration with this optimiser, and with its defaults; else those
    of all optimisers.
    """
    found = [
        _field(path, hint, default, about)
        for path, (hint, default) in leaves(method).items()
        if (about := _label(hint)) is not None
    ]
    return tuple(sorted(found, key=lambda field: GROUPS.index(field.group)))


@functools.cache
def leaves(method: str = "") -> dict[str, tuple[Any, Any]]:
    """Annotated type and default of every field, by path; ``method`` as in `fields`."""
    found: dict[str, tuple[Any, Any]] = {}
    for name, hint in hints(Config).items():
        default = getattr(_DEFAULT, name)
        if name == "optimizer":
            found["optimizer.name"] = NAME, DEFAULT
            methods = [METHODS[method]] if method else list(METHODS.values())
            found |= {f"optimizer.{leaf}": of for leaf, of in _merged(methods).items()}
        elif is_group(hint):
            for leaf, inner in hints(hint).items():
                found[f"{name}.{leaf}"] = (inner, getattr(default, leaf))
        else:
            found[name] = (hint, default)
    return found


def _merged(methods: Sequence[type[Method]]) -> dict[str, tuple[Any, Any]]:
    """Annotated type and first default of the fields of several methods.

    In the order of each; what a method alone has stands after its neighbour before.
    """
    order: list[str] = []
    found: dict[str, tuple[Any, Any]] = {}
    for method in methods:
        place = 0
        for name, hint in hints(method).items():
            if name in found:
                place = order.index(name) + 1
                continue
            order.insert(place, name)
            place += 1
            found[name] = hint, getattr(method(), name)
    return {name: found[name] for name in order}


def has(config: Config, path: str) -> bool:
    """Whether ``config``, with the optimiser that it names, has a field at ``path``."""
    return path in leaves(config.optimizer.name)


def default(config: Config, path: str) -> Any:
    """What the field at ``path`` is where it is left out, with the optimiser of ``config``."""
    return leaves(config.optimizer.name)[path][1]


def type_of(config: Config, path: str) -> Any:
    """The annotated type of the field at ``path``; `ConfigError` where ``config`` has none."""
    method = config.optimizer.name
    if has(config, path):
        return leaves(method)[path][0]
    inside = [leaf for leaf in leaves(method) if leaf.startswith(f"{path}.")]
    if inside:
        raise ConfigError(f"`{path}` is a group; set one of {', '.join(inside)}", path)
    group, _, name = path.rpartition(".")
    if group == "optimizer":
        raise no_field(method, name, group)
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
        methods=_owners(path),
    )


def _owners(path: str) -> tuple[str, ...]:
    """The optimisers that have the field at ``path``; empty where that is no matter of theirs."""
    group, _, name = path.rpartition(".")
    if group != "optimizer" or name == "name":
        return ()
    return tuple(other for other, method in METHODS.items() if name in method.__struct_fields__)


_DEFAULT = Config()
