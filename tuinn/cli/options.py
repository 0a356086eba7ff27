"""The configuration as the options of `tuinn train` change it."""

from __future__ import annotations

import argparse

from tuinn.config import Config, ConfigError, changed, get

OF_ONE_SET = ("data.n", "data.noise", "data.features", "data.degree", "data.label")
"""Fields that a preset gives for its own set of data, and that may not suit another one."""


def with_options(config: Config, options: argparse.Namespace) -> Config:
    """``config`` with ``--set``, ``--epochs`` and ``--seed``; `ConfigError` names the option."""
    before = config.data.set
    changes = [("stop.epochs", options.epochs, "--epochs"), ("seed", options.seed, "--seed")]
    for text in options.changes:
        field, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(f"`--set` takes FIELD=VALUE, got {text!r}")
        changes.append((field.strip(), value, "--set"))
    # another optimiser has other fields, so it is set before them, wherever it is named
    changes.sort(key=lambda change: change[0] != "optimizer.name")
    for field, value, source in changes:
        if value is None:
            continue
        try:
            config = changed(config, field, value)
        except ConfigError as error:
            raise ConfigError(f"{source}: {error}", error.field) from None
    if config.data.set != before:
        given = {field for field, _, _ in changes}
        for field in OF_ONE_SET:
            if field not in given:
                config = changed(config, field, get(Config(), field))
    return config
