"""Runners that are closed when the test is over."""

import pytest
from runner_watch import PATIENCE, Watched


@pytest.fixture
def watch():
    watched = []

    def make(*arguments, **options):
        watched.append(Watched(*arguments, **options))
        return watched[-1]

    yield make
    for each in watched:
        each.runner.close()
    for each in watched:
        assert each.runner.wait(PATIENCE)
