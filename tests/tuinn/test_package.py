"""What importing the package checks and what it leaves alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(path)},
        cwd=path,
        check=False,
    )


@pytest.fixture
def other_engine(tmp_path: Path) -> Path:
    package = tmp_path / "engine"
    package.mkdir()
    (package / "__init__.py").write_text("")
    return tmp_path


def test_another_engine_that_hides_ours_is_told(other_engine: Path) -> None:
    told = run("-c", "import tuinn", path=other_engine)
    assert told.returncode == 1
    last = told.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: tuinn needs its own package `engine`")
    assert str(other_engine) in last


def test_a_person_gets_the_sentence_without_a_traceback(other_engine: Path) -> None:
    told = run("-m", "tuinn", "--version", path=other_engine)
    assert told.returncode == 1
    assert told.stderr.startswith("tuinn needs its own package")
    assert len(told.stderr.strip().splitlines()) == 1


def test_the_package_imports_neither_numpy_nor_textual(tmp_path: Path) -> None:
    program = "import sys, tuinn; print({'numpy', 'textual', 'plotext'} & set(sys.modules))"
    assert run("-c", program, path=tmp_path).stdout.strip() == "set()"
