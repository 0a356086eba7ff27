"""Starts the real program in a pseudo-terminal, in a home of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from end_to_end.terminal import Terminal


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """What TUINN_HOME names; it has an empty folder of presets."""
    folder = tmp_path / "home"
    (folder / "presets").mkdir(parents=True)
    return folder


@pytest.fixture
def start(home: Path) -> Callable[..., Terminal]:
    """Start `python -m tuinn` with these arguments."""
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES", "CI")}
    env |= {
        "TUINN_HOME": str(home),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
    }

    def run(*arguments: str, size: tuple[int, int] = (120, 40), **more: str) -> Terminal:
        return Terminal([sys.executable, "-m", "tuinn", *arguments], *size, env | more)

    return run
