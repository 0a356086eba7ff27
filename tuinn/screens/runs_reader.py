"""Reads the store without keeping the screen waiting: the curves of one run after the other."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from tuinn.history import History
from tuinn.store import Store, StoredRun, StoreError

KEPT = 24
"""Histories that are remembered."""
REST = 5
"""The curves of a run that goes on are read anew after so many times as long as it took."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep what is read in here out of every search for garbage.

    Ten thousand runs make such a search take 0.1 s and more, in which no key is answered.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


Answer = History | StoreError


class CurveReader:
    """A thread that reads what it was asked for last; what was asked for before is forgotten."""

    def __init__(self, store: Store, there: Callable[[], object]) -> None:
        """``there``: told, in the thread, that something was read."""
        self._store, self._there = store, there
        self._wanted: StoredRun | None = None
        self._found: OrderedDict[int, tuple[int, Answer]] = OrderedDict()
        """By id: how many rows there were, and what was read."""
        self._next = 0.0
        self._change = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="curves", daemon=True)
        self._thread.start()

    def curves(self, run: StoredRun) -> Answer | None:
        """The curves of a run as far as they are known; None: they are being read."""
        with self._change:
            rows, found = self._found.get(run.id, (-1, None))
            self._wanted = None
            # of a long run that goes on not every row is worth all the reading
            if found is None or (rows != run.rows and monotonic() >= self._next):
                self._wanted = run
                self._change.notify()
            return found

    def close(self) -> None:
        """End the thread; what it reads now it reads to the end."""
        with self._change:
            self._closed = True
            self._change.notify()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closed or self._wanted is not None)
                run, self._wanted = self._wanted, None
                if self._closed or run is None:
                    return
            began = monotonic()
            try:
                found: Answer = self._store.history(run.id)
            except StoreError as error:
                found = error
            with self._change:
                self._next = monotonic() + REST * (monotonic() - began)
                self._found[run.id] = run.rows, found
                self._found.move_to_end(run.id)
                while len(self._found) > KEPT:
                    self._found.popitem(last=False)
            self._there()
