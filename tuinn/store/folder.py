"""Where the store lives."""

from __future__ import annotations

from pathlib import Path

from tuinn.home import home

DATABASE = "runs.sqlite3"
CHECKPOINTS = "checkpoints"
LOCKS = "locks"


def store_folder() -> Path:
    """The folder of the user's runs; it need not exist yet. ``TUINN_HOME`` moves it."""
    named = home()
    if named is not None:
        return named / "runs"
    from platformdirs import user_data_path

    return user_data_path("tuinn") / "runs"
