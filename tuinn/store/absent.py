"""Where no run was kept yet: whether one could be, found out without making anything that stays."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tuinn.store.error import StoreError, told
from tuinn.store.folder import DATABASE, store_folder


def is_absent(folder: Path | None = None) -> bool:
    """Whether there is no store in ``folder`` (None: the user's), but one can be begun there.

    `StoreError` where none can; looking makes nothing.
    """
    path = (folder if folder is not None else store_folder()) / DATABASE
    with told(path):
        if _exists(path):
            return False
        nearest = next(parent for parent in path.parents if _exists(parent))
    try:
        # it has no name, or loses it at once
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        raise StoreError(
            f"{path.parent}: no runs can be kept there: nothing can be written in {nearest} "
            f"({error.strerror or error}); TUINN_HOME names another folder",
            "readonly",
        ) from error
    return True


def is_there(folder: Path | None = None) -> bool:
    """Whether a store was begun by now: quick enough to ask again and again."""
    return ((folder if folder is not None else store_folder()) / DATABASE).exists()


def _exists(path: Path) -> bool:
    """`OSError` where that cannot be known."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    return True
