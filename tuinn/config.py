"""The configuration of an experiment: a tree of frozen records, one table for all that reads it.

The preset files, ``--set`` on the command line and the form on the screen share these
definitions: every field's type, range, label, unit and help stand here and nowhere else.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from tuinn.allowed import ConfigError, allowed, as_text, shown
from tuinn.fields import GROUPS, Field, default, fields, has, type_of, unknown
from tuinn.groups import Config, Data, Network, Regularisation, Stop, Training
from tuinn.optimizers import DEFAULT, Method, Optimizer, check_optimizer, defaults, switched
from tuinn.schema import Base, hints, is_group

__all__ = [
    "GROUPS",
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
    "default",
    "default_tree",
    "fields",
    "get",
    "has",
    "parse",
    "read",
    "read_toml",
    "tree",
]


def parse(raw: dict[str, Any], source: str = "") -> Config:
    """The configuration in ``raw``, a tree of plain values as `tomllib` reads them.

    Raises `ConfigError` naming ``source``, the field, what is allowed and what was got.
    """
    try:
        _check(raw, Config, "")
    except ConfigError as error:
        prefix = f"{source}: " if source else ""
        raise ConfigError(f"{prefix}{error}", error.field) from None
    if "optimizer" in raw:
        raw = raw | {"optimizer": {"name": DEFAULT} | raw["optimizer"]}
    return msgspec.convert(raw, Config)


def read(path: Path) -> Config:
    """The configuration in the TOML file at ``path``.

    Raises `ConfigError` where it is no valid TOML (with line and column) or no valid
    configuration, OSError where it cannot be read.
    """
    return parse(read_toml(path), str(path))


def read_toml(path: Path) -> dict[str, Any]:
    """The tree of plain values in the TOML file at ``path``; raises as `read` does."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text (byte {error.start})") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {_place(error, text)}") from None


def changed(config: Config, path: str, value: Any) -> Config:
    """``config`` with the field at ``path`` set to ``value``; a str is read as a person's text.

    Another optimiser comes with its own defaults; see `tuinn.optimizers.switched`. Raises
    `ConfigError` naming the field, what is allowed and what was got.
    """
    hint = type_of(config, path)
    permitted = allowed(hint)
    new = permitted.read(value) if isinstance(value, str) else value
    permitted.check(new, path)
    if path == "optimizer.name":
        if new == config.optimizer.name:
            return config
        return msgspec.structs.replace(config, optimizer=switched(config.optimizer, new))
    group, _, name = path.rpartition(".")
    new = msgspec.convert(new, hint)
    if not group:
        return msgspec.structs.replace(config, **{name: new})
    branch = msgspec.structs.replace(getattr(config, group), **{name: new})
    return msgspec.structs.replace(config, **{group: branch})


def get(config: Config, path: str) -> Any:
    """The value of the field at ``path``; `ConfigError` where ``config`` has none there."""
    type_of(config, path)
    found: Any = config
    for name in path.split("."):
        found = getattr(found, name)
    return found


def tree(config: Base) -> dict[str, Any]:
    """``config`` in full, defaults too, as plain values for TOML or JSON; None is left out."""
    plain: dict[str, Any] = {}
    if isinstance(config, Method):
        plain["name"] = config.name
    for name in config.__struct_fields__:
        value = getattr(config, name)
        if value is not None:
            plain[name] = tree(value) if isinstance(value, Base) else _plain(value)
    return plain


def default_tree(config: Config) -> dict[str, Any]:
    """What `tree` gives where a file that names the optimiser of ``config`` says nothing else."""
    plain = tree(Config(optimizer=defaults(config.optimizer.name)))
    plain["optimizer"]["name"] = DEFAULT
    return plain


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _check(raw: Any, group: type[Base], path: str) -> None:
    """Raise `ConfigError` for the first thing in ``raw`` that ``group`` does not allow."""
    if not isinstance(raw, dict):
        got = f"`{path}` must be a table of fields, got {shown(raw)}"
        raise ConfigError(got, path)
    permitted = hints(group)
    for name, value in raw.items():
        here = f"{path}.{name}" if path else name
        if name not in permitted:
            raise unknown(path, name, here)
        if permitted[name] == Optimizer:
            check_optimizer(value, here)
        elif is_group(permitted[name]):
            _check(value, permitted[name], here)
        else:
            allowed(permitted[name]).check(value, here)


def _place(error: tomllib.TOMLDecodeError, text: str) -> str:
    """Where and why a TOML text cannot be read: "line 3, column 7: Invalid value"."""
    what, _, where = str(error).rpartition(" (at ")
    found = re.fullmatch(r"line (\d+), column (\d+)\)", where)
    if found:
        return f"line {found[1]}, column {found[2]}: {what}"
    lines = text.split("\n")
    return f"line {len(lines)}, column {len(lines[-1]) + 1}: {what} (the file ends there)"
