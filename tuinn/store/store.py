"""The runs that were kept: reading them, and what a person does with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from engine import Snapshot
from tuinn.history import History
from tuinn.runners.report import Mark
from tuinn.store.run import StoredRun

Array = NDArray[Any]


class Store:
    """The runs in ``folder``, by default the user's; made where it does not exist.

    May be used by several threads. Raises `StoreError`, here and everywhere.
    """

    def __init__(self, folder: Path | None = None, *, read_only: bool = False) -> None:
        raise NotImplementedError

    def runs(self) -> list[StoredRun]:
        """All of them, the newest first; those whose process is dead are "interrupted"."""
        raise NotImplementedError

    def version(self) -> int:
        """Another number whenever anybody changed anything; cheap enough to poll."""
        raise NotImplementedError

    def run(self, id: int) -> StoredRun:
        """`StoreError` of the kind "missing" where there is none."""
        raise NotImplementedError

    def snapshots(self, id: int, after_update: int = -1) -> Iterator[Snapshot]:
        """All that were taken, without θ, in their order."""
        raise NotImplementedError

    def marks(self, id: int) -> list[Mark]:
        raise NotImplementedError

    def history(self, id: int) -> History:
        """The curves and marks, decimated to what a `History` holds."""
        raise NotImplementedError

    def checkpoint(self, id: int) -> dict[str, Array] | None:
        """What `Trainer.load` takes; None: there is none. `StoreError` where it is damaged."""
        raise NotImplementedError

    def tag(self, ids: Iterable[int], add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        raise NotImplementedError

    def note(self, id: int, text: str) -> None:
        raise NotImplementedError

    def delete(self, ids: Iterable[int]) -> None:
        """Hide them at once; they are gone for good at `close`."""
        raise NotImplementedError

    def restore(self, ids: Iterable[int]) -> None:
        """Take back what `delete` did."""
        raise NotImplementedError

    def purge(self) -> None:
        """Delete for good what this object was told to delete."""
        raise NotImplementedError

    def interrupted_last(self) -> list[StoredRun]:
        """Those cut off last, together, that can go on and that nobody was asked about yet."""
        raise NotImplementedError

    def asked(self, ids: Iterable[int]) -> None:
        """A person was asked whether they shall go on."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
