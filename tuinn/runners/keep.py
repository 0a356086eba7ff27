"""What a runner has to know to keep its runs in the store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuinn.store import Keeper, StoredRun


@dataclass(frozen=True, slots=True)
class Keep:
    """For a runner in the process of the keeper."""

    keeper: Keeper
    name: str
    """Of the preset, or of its file."""
    folder: str = ""
    """Where relative paths of data begin; empty: none."""
    race: str = ""
    """The same for runs that are raced together; empty: alone."""
    resume: StoredRun | None = None
    """The first run goes on with this one, under its number."""
    parent: tuple[int, int] | None = None
    """The first run branches off from the run of this number, at this update."""

    @property
    def anew(self) -> Keep:
        """For a run that begins at its first update, even where the first run came to nothing."""
        return replace(self, resume=None, parent=None)


@dataclass(frozen=True, slots=True)
class KeepElsewhere:
    """For a runner whose process has a keeper of its own: it can be sent there."""

    name: str
    folder: str = ""
    race: str = ""
