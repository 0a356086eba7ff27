"""Keeping runs: a thread that writes what trainers hand over."""

from __future__ import annotations

import threading
import time
from collections import deque
from pathlib import Path

from tuinn.experiment import Experiment
from tuinn.store.error import StoreError
from tuinn.store.folder import store_folder
from tuinn.store.handover import Beginning, Handover
from tuinn.store.kept_run import KeptRun
from tuinn.store.run import Status, StoredRun
from tuinn.store.writer import Writer

__all__ = ["Keeper", "KeptRun"]

COMMIT_SECONDS = 0.25
"""How long what was handed over waits for more to be written with it."""
RETRY_SECONDS = 1.0
"""Between two attempts while nothing can be written."""
MOST_PENDING = 20_000
"""Rows that are kept in memory while they cannot be written."""


class Keeper:
    """Writes runs into the store in ``folder``, by default the user's. One per process.

    What cannot be written, since the disk is full for example, stays in memory and is written
    later; when that becomes too much, every second row of the older half is given up. A store
    that turns out to be damaged is not written any more.

    Raises `StoreError` where the store cannot be opened.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.problem = ""
        """Why nothing can be written now; "" while all is well."""
        self._writer = Writer(folder if folder is not None else store_folder())
        self._queue: deque[Handover | threading.Event] = deque()
        self._pending: list[Handover] = []
        """Of the thread: taken from the queue, not written yet."""
        self._flushes: list[threading.Event] = []
        """Of the thread: to be set when all that is pending is written."""
        self._given_up = False
        """Nothing is written any more: it is of no use, or this is closed."""
        self._ending: tuple[Status, str] = "stopped", ""
        self._wake, self._hurry, self._closing = (threading.Event() for _ in range(3))
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)
        self._thread.start()

    def keep(
        self,
        experiment: Experiment,
        *,
        name: str,
        folder: str = "",
        race: str = "",
        parent: tuple[KeptRun | int, int] | None = None,
        resume: StoredRun | None = None,
    ) -> KeptRun:
        """Begin to keep a run; nothing is written before its first update.

        ``parent``: the run from which it is forked, and the update there.
        ``resume``: it goes on under that run's id; rows that it has already are not written again.
        `StoreError` of the kind "busy" where another process goes on with it.
        """
        if resume is not None:
            self._writer.check_free(resume.id)
            return KeptRun(self, max(resume.update, resume.curve_update), None, resume)
        beginning = Beginning(experiment, name, folder, race, time.time(), parent)
        return KeptRun(self, experiment.trainer.update, beginning)

    def take(self, handover: Handover) -> None:
        """Of `KeptRun`: to be written soon."""
        if self._given_up:
            return
        self._queue.append(handover)
        if not self._wake.is_set():
            self._wake.set()

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until all that was handed over is written; False where it is not after a time."""
        done = threading.Event()
        self._queue.append(done)
        self._hurry.set()
        self._wake.set()
        return done.wait(seconds)

    def close(self, seconds: float = 5.0, status: Status = "stopped", reason: str = "") -> None:
        """Write all that was handed over; runs that nobody has told the end of get that status."""
        self._ending = status, reason
        self._closing.set()
        self._hurry.set()
        self._wake.set()
        self._thread.join(seconds)

    def _work(self) -> None:
        try:
            self._keep_writing()
        except Exception as error:  # told to the person; training goes on
            self.problem = f"runs are not kept any more: {type(error).__name__}: {error}"
            self._given_up = True
            self._writer.close()

    def _keep_writing(self) -> None:
        while True:
            self._wake.wait()
            self._hurry.wait(COMMIT_SECONDS)
            self._hurry.clear()
            self._wake.clear()
            self._drain()
            written = self._write()
            if self._closing.is_set() and not self._queue:
                if written:
                    self._end()
                self._given_up = True
                self._writer.close()
                return
            if not written:
                self._hurry.wait(RETRY_SECONDS)
                self._wake.set()

    def _drain(self) -> None:
        while self._queue:
            item = self._queue.popleft()
            if isinstance(item, threading.Event):
                self._flushes.append(item)
                continue
            if item.arrays is not None:
                # only the last state is of use
                for earlier in self._pending:
                    if earlier.run is item.run:
                        earlier.arrays = None
            item.encode()
            self._pending.append(item)
        while len(self._pending) > MOST_PENDING:
            half = len(self._pending) // 2
            older, newer = self._pending[:half], self._pending[half:]
            kept = [one for i, one in enumerate(older) if i % 2 or not one.plain]
            self._pending = kept + newer
            if len(kept) == len(older):
                break

    def _write(self) -> bool:
        """Whether all that was pending is written."""
        if self._given_up:
            self._pending = []
        try:
            if self._pending:
                self._writer.write(self._pending)
        except StoreError as error:
            self.problem = str(error)
            self._given_up = error.kind in ("damaged", "newer")
            return False
        if not self._given_up:
            self.problem = self._writer.lost
        self._pending = []
        for flush in self._flushes:
            flush.set()
        self._flushes = []
        return True

    def _end(self) -> None:
        try:
            self._writer.release(*self._ending)
        except StoreError as error:
            self.problem = str(error)
