"""A store with four runs, made once."""

from collections.abc import Iterator
from pathlib import Path

import kept_runs
import pytest

from tuinn.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("store")
    kept_runs.fill(folder)
    opened = Store(folder, read_only=True)
    yield opened
    opened.close()
