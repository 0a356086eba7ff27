"""The folder that a person has named for what tuinn keeps."""

from __future__ import annotations

import os
from pathlib import Path

from tuinn.allowed import ConfigError


def home() -> Path | None:
    """What ``TUINN_HOME`` names; None where it names nothing. `ConfigError` where nobody is there
    of the name that it begins with."""
    named = os.environ.get("TUINN_HOME")
    if not named:
        return None
    try:
        return Path(named).expanduser()
    except RuntimeError:
        person = Path(named).parts[0]
        raise ConfigError(
            f"TUINN_HOME is {named}: whose folder {person} is, is not known"
        ) from None
