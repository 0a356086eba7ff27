"""The configuration of an experiment: a tree of frozen records, one table for all that reads it.

The preset files, ``--set`` on the command line and the form on the screen share these
definitions: every field's type, range, label, unit and help stand here and nowhere else.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta, Struct

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
    shown,
)

__all__ = [
    "Config",
    "ConfigError",
    "Data",
    "Field",
    "Network",
    "Optimizer",
    "Regularisation",
    "Stop",
    "Training",
    "as_text",
    "changed",
    "fields",
    "get",
    "parse",
    "read",
    "tree",
]


def _about(label: str, help: str, unit: str = "", group: str = "") -> Meta:
    """What the form shows for a field; its limits belong to its type."""
    extra = {"unit": unit, "group": group}
    return Meta(title=label, description=help, extra=extra)


ActivationName = Literal["sigmoid", "tanh", "relu", "identity"]
OutputName = Literal["sigmoid", "softmax", "tanh", "relu", "identity"]
InitName = Literal["scaled", "large", "xavier", "he", "zeros", "given"]
CostName = Literal["quadratic", "cross-entropy"]
ScheduleName = Literal["constant", "step", "exponential", "cosine"]
ScaleName = Literal["none", "standard", "unit"]
FeatureName = Literal["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"]

Count = Annotated[int, Meta(ge=1)]
Positive = Annotated[float, Meta(gt=0)]
NonNegative = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]


class Base(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What all the groups share: immutable, and a misspelt field is an error."""


class Data(Base, frozen=True):
    set: Annotated[
        str, _about("set", "a named set, or the path of a .csv, .npz or IDX folder", group="Data")
    ] = "circle"
    n: Annotated[
        Count | None,
        _about("examples", "how many to generate, or the first n of a stored set", group="Data"),
    ] = None
    noise: Annotated[NonNegative | None, _about("noise", "of a generated set", group="Data")] = None
    features: Annotated[
        tuple[FeatureName, ...],
        _about("features", "inputs made of x1 and x2 of a 2-D set", group="Data"),
    ] = ()
    degree: Annotated[
        Annotated[int, Meta(ge=1, le=12)] | None,
        _about("degree", "all polynomial terms of x1, x2 up to this degree", group="Data"),
    ] = None
    label: Annotated[
        str | int | None, _about("label", "label column of a CSV: name or position", group="Data")
    ] = None
    scale: Annotated[
        ScaleName, _about("scale", "inputs: as they are, z-score, or 0…1", group="Data")
    ] = "none"
    train: Annotated[
        NonNegative | None,
        _about("train", "share (below 1) or number; empty: the rest", group="Data"),
    ] = None
    validation: Annotated[
        NonNegative, _about("validation", "share (below 1) or number", group="Data")
    ] = 0.2
    test: Annotated[NonNegative, _about("test", "share (below 1) or number", group="Data")] = 0.0
    shuffle: Annotated[
        bool, _about("shuffle", "shuffle before the split (seeded)", group="Data")
    ] = True


class Network(Base, frozen=True):
    hidden: Annotated[
        tuple[Count, ...], _about("hidden", "units of each hidden layer", "units", "Network")
    ] = (8,)
    activation: Annotated[
        ActivationName | tuple[ActivationName, ...],
        _about("activation", "of the hidden layers: one for all, or one each", group="Network"),
    ] = "sigmoid"
    output: Annotated[
        OutputName, _about("output", "activation of the output layer", group="Network")
    ] = "sigmoid"
    init: Annotated[
        InitName, _about("init", "how the first weights are drawn", group="Network")
    ] = "scaled"
    weights: tuple[tuple[tuple[float, ...], ...], ...] | None = None
    """For init = "given": W^l by rows, one matrix per layer."""
    biases: tuple[tuple[float, ...], ...] | None = None
    """For init = "given": b^l, one list per layer."""


class Training(Base, frozen=True):
    cost: Annotated[CostName, _about("cost", "what is minimised", group="Training")] = (
        "cross-entropy"
    )
    batch_size: Annotated[
        Count | Literal["full"],
        _about("mini-batch", "examples per update: 1 … m, or full", "examples", "Training"),
    ] = 10
    dtype: Annotated[
        Literal["float64", "float32"], _about("dtype", "of all the arithmetic", group="Training")
    ] = "float64"


class Optimizer(Base, frozen=True):
    name: Annotated[
        Literal["sgd"], _about("optimiser", "the rule of the update", group="Training")
    ] = "sgd"
    eta: Annotated[Positive, _about("η", "learning rate", group="Training")] = 0.5
    schedule: Annotated[
        ScheduleName, _about("schedule", "how η changes over the epochs", group="Training")
    ] = "constant"
    drop: Annotated[
        Annotated[float, Meta(gt=0, le=1)],
        _about("drop", "factor on η: at each step, or each epoch (exponential)", group="Training"),
    ] = 0.5
    every: Annotated[Count, _about("every", "epochs between two steps", "epochs", "Training")] = 10


class Regularisation(Base, frozen=True):
    alpha: Annotated[
        NonNegative, _about("α (L2)", "weight decay; biases never decay", group="Regularisation")
    ] = 0.0


class Stop(Base, frozen=True):
    epochs: Annotated[Count, _about("epochs", "passes over the data", "epochs", "Stop")] = 30
    target_loss: Annotated[
        NonNegative | None,
        _about("target loss", "stop at or below this validation loss", group="Stop"),
    ] = None
    target_accuracy: Annotated[
        Share | None,
        _about("target accuracy", "stop at or above this validation accuracy", group="Stop"),
    ] = None
    seconds: Annotated[Positive | None, _about("seconds", "of training time", "s", "Stop")] = None
    patience: Annotated[
        Count | None,
        _about("patience", "epochs without a better validation loss", "epochs", "Stop"),
    ] = None


class Config(Base, frozen=True):
    title: str = ""
    look_for: str = ""
    """One sentence: what to watch."""
    seed: Annotated[
        Annotated[int, Meta(ge=0)], _about("seed", "of every random choice", group="Data")
    ] = 0
    data: Data = Data()
    network: Network = Network()
    training: Training = Training()
    optimizer: Optimizer = Optimizer()
    regularisation: Regularisation = Regularisation()
    stop: Stop = Stop()


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
        for path, (hint, default) in _leaves().items()
        if (about := _label(hint)) is not None
    ]
    return tuple(sorted(found, key=lambda field: GROUPS.index(field.group)))


def parse(raw: dict[str, Any], source: str = "") -> Config:
    """The configuration in ``raw``, a tree of plain values as `tomllib` reads them.

    Raises `ConfigError` naming ``source``, the field, what is allowed and what was got.
    """
    try:
        _check(raw, Config, "")
    except ConfigError as error:
        prefix = f"{source}: " if source else ""
        raise ConfigError(f"{prefix}{error}", error.field) from None
    return msgspec.convert(raw, Config)


def read(path: Path) -> Config:
    """The configuration in the TOML file at ``path``.

    Raises `ConfigError` where it is no valid TOML (with line and column) or no valid
    configuration, OSError where it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text (byte {error.start})") from None
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {_place(error, text)}") from None
    return parse(raw, str(path))


def changed(config: Config, path: str, value: Any) -> Config:
    """``config`` with the field at ``path`` set to ``value``; a str is read as a person's text.

    Raises `ConfigError` naming the field, what is allowed and what was got.
    """
    hint = _leaf(path)
    permitted = allowed(hint)
    new = permitted.read(value) if isinstance(value, str) else value
    permitted.check(new, path)
    group, _, name = path.rpartition(".")
    new = msgspec.convert(new, hint)
    if not group:
        return msgspec.structs.replace(config, **{name: new})
    branch = msgspec.structs.replace(getattr(config, group), **{name: new})
    return msgspec.structs.replace(config, **{group: branch})


def get(config: Config, path: str) -> Any:
    """The value of the field at ``path``."""
    _leaf(path)
    found: Any = config
    for name in path.split("."):
        found = getattr(found, name)
    return found


def tree(config: Base) -> dict[str, Any]:
    """``config`` in full, defaults too, as plain values for TOML or JSON; None is left out."""
    plain: dict[str, Any] = {}
    for name in config.__struct_fields__:
        value = getattr(config, name)
        if value is not None:
            plain[name] = tree(value) if isinstance(value, Base) else _plain(value)
    return plain


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _hints(group: type[Base]) -> dict[str, Any]:
    """The annotated types of ``group``'s fields, in their order."""
    return get_type_hints(group, include_extras=True)


def _is_group(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Base)


@functools.cache
def _leaves() -> dict[str, tuple[Any, Any]]:
    """Annotated type and default of every field, by path."""
    found: dict[str, tuple[Any, Any]] = {}
    for name, hint in _hints(Config).items():
        default = getattr(_DEFAULT, name)
        if _is_group(hint):
            for leaf, inner in _hints(hint).items():
                found[f"{name}.{leaf}"] = (inner, getattr(default, leaf))
        else:
            found[name] = (hint, default)
    return found


def _leaf(path: str) -> Any:
    """The annotated type of the field at ``path``; `ConfigError` where there is none."""
    leaves = _leaves()
    if path in leaves:
        return leaves[path][0]
    inside = [leaf for leaf in leaves if leaf.startswith(f"{path}.")]
    if inside:
        raise ConfigError(f"`{path}` is a group; set one of {', '.join(inside)}", path)
    group, _, name = path.rpartition(".")
    raise _unknown(group if group in _hints(Config) else "", name if group else path, path)


def _unknown(group: str, name: str, path: str) -> ConfigError:
    """The error for a field that does not exist: what its group has, and the closest spelling."""
    names = [
        leaf.removeprefix(f"{group}.") if group else leaf.partition(".")[0]
        for leaf in _leaves()
        if not group or leaf.startswith(f"{group}.")
    ]
    names = list(dict.fromkeys(names))
    elsewhere = [leaf for leaf in _leaves() if leaf.rpartition(".")[2] == name]
    hint = did_you_mean(name, names)
    if not hint and elsewhere:
        hint = f"; did you mean {' or '.join(elsewhere)}?"
    owner = f"`{group}` has" if group else "the fields are"
    return ConfigError(f"unknown field `{path}`; {owner} {', '.join(names)}{hint}", path)


def _check(raw: Any, group: type[Base], path: str) -> None:
    """Raise `ConfigError` for the first thing in ``raw`` that ``group`` does not allow."""
    if not isinstance(raw, dict):
        got = f"`{path}` must be a table of fields, got {shown(raw)}"
        raise ConfigError(got, path)
    hints = _hints(group)
    for name, value in raw.items():
        here = f"{path}.{name}" if path else name
        if name not in hints:
            raise _unknown(path, name, here)
        if _is_group(hints[name]):
            _check(value, hints[name], here)
        else:
            allowed(hints[name]).check(value, here)


def _place(error: tomllib.TOMLDecodeError, text: str) -> str:
    """Where and why a TOML text cannot be read: "line 3, column 7: Invalid value"."""
    what, _, where = str(error).rpartition(" (at ")
    found = re.fullmatch(r"line (\d+), column (\d+)\)", where)
    if found:
        return f"line {found[1]}, column {found[2]}: {what}"
    lines = text.split("\n")
    return f"line {len(lines)}, column {len(lines[-1]) + 1}: {what} (the file ends there)"


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
