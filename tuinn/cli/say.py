"""Words for the person at the terminal."""

from __future__ import annotations

import contextlib
import sys


def say(message: str) -> None:
    """One line on stderr. Nobody may be there to read it any more; that is no error."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(f"tuinn: {message}", file=sys.stderr, flush=True)
