"""A file that is there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written_aside(path: Path) -> Iterator[BinaryIO]:
    """A file to write to that takes the place of ``path`` once all is written.

    OSError names ``path``, whatever is there then stays. What is no ordinary file, as a pipe, is
    written to at once.
    """
    path = path.resolve()
    special = path.exists() and not path.is_file()
    aside = path if special else path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("wb") as file:
            yield file
        if not special:
            os.replace(aside, path)
    except OSError as error:
        # the name aside says nothing to whoever asked for ``path``
        error.filename = str(path)
        raise
    finally:
        if not special:
            aside.unlink(missing_ok=True)
