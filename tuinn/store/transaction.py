"""Transactions: all of what is in one is written, or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One that writes; waits for others that do."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # a full disk ends it by itself
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def revise(connection: sqlite3.Connection) -> int:
    """The number of one more change."""
    found = connection.execute("UPDATE revision SET last = last + 1 RETURNING last").fetchall()
    return int(found[0][0])
