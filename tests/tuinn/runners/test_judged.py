"""Runs are seen at the places by which they are judged, whatever the clock says."""

from __future__ import annotations

import pytest
from runner_watch import CONFIG

from engine.curve import at_grid
from tuinn.outcome import Tally


@pytest.mark.parametrize("batch", [7, "full"])
def test_the_best_of_a_run_does_not_depend_on_when_it_was_looked_at(watch, batch) -> None:
    found = []
    for interval in (0.001, 60.0):
        run = watch(CONFIG.__class__(data=CONFIG.data, stop=CONFIG.stop), interval=interval)
        run.status("ready")
        run.runner.change(batch_size=batch)
        run.runner.start()
        run.status("finished")
        epochs = [one.epoch for one in run.snapshots]
        assert [e for e in epochs if at_grid(e)] == [*range(1, 128), *range(128, 201, 2)]
        tally = Tally()
        tally.take(run.snapshots)
        found.append((tally.loss, tally.accuracy))
    assert found[0] == found[1]
