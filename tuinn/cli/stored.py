"""The store of runs as the verbs of the command line use it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tuinn.config import ConfigError

if TYPE_CHECKING:
    from tuinn.store import Store


@contextmanager
def opened(*, write: bool = False) -> Iterator[Store]:
    """The user's store; what is wrong with it, or not in it, is bad input (`ConfigError`)."""
    from tuinn.store import Store, StoreError
    from tuinn.store.absent import is_absent

    try:
        # where there is no run there is nothing to write to either, and nothing is made
        absent = is_absent()
        store = Store(read_only=absent or not write)
        try:
            yield store
        finally:
            store.close()
    except StoreError as error:
        raise ConfigError(str(error)) from error


def none_yet() -> bool:
    """Whether no run was ever kept; `ConfigError` where none could be."""
    from tuinn.store import StoreError
    from tuinn.store.absent import is_absent

    try:
        return is_absent()
    except StoreError as error:
        raise ConfigError(str(error)) from error


def is_id(word: str) -> bool:
    """Whether a word of the command line is the number of a run."""
    return re.fullmatch(r"\d{1,18}", word, re.ASCII) is not None


def ids_of(words: Sequence[str]) -> list[int]:
    """The numbers of runs, each once; `ConfigError` for any other word."""
    for word in words:
        if not is_id(word):
            raise ConfigError(f"the ID of a run is a number, got {word!r}; `tuinn runs` lists them")
    return list(dict.fromkeys(map(int, words)))
