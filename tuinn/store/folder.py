"""Where the store lives."""

from __future__ import annotations

import os
from pathlib import Path

DATABASE = "runs.sqlite3"
CHECKPOINTS = "checkpoints"
LOCKS = "locks"


def store_folder() -> Path:
    """The folder of the user's runs; it need not exist yet. ``TUINN_HOME`` moves it."""
    home = os.environ.get("TUINN_HOME")
    if home:
        return Path(home).expanduser() / "runs"
    from platformdirs import user_data_path

    return user_data_path("tuinn") / "runs"
