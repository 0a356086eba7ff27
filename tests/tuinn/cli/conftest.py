"""The command as a person starts it: another process, with a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


class Command:
    """Runs `python -m tuinn` in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        inherited = ("PATH", "HOME", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL")
        self.environment = {name: os.environ[name] for name in inherited if name in os.environ}
        self.environment |= {"TUINN_HOME": str(folder / "home"), "PYTHONWARNINGS": "error"}

    def line(self, *words: object) -> list[str]:
        return [sys.executable, "-m", "tuinn", *map(str, words)]

    def __call__(self, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.line(*words),
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, *words: object, **streams: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.line(*words),
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            text=True,
            **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams),
        )

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path


@pytest.fixture
def tuinn(tmp_path: Path) -> Command:
    return Command(tmp_path)
