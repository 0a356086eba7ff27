"""How many runs can train at once without waiting for each other."""

from __future__ import annotations

import os


def cores() -> int:
    """Those that this process may use; where the system does not tell, all of them."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
