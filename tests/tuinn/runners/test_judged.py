"""Runs are seen at the places by which they are judged, whatever the clock says."""

from __future__ import annotations

import pytest
from runner_watch import CONFIG

from engine.curve import is_judged
from tuinn.cli.kept import Kept
from tuinn.experiment import build
from tuinn.outcome import Tally
from tuinn.runners.cadence import Cadence

JUDGED = [*range(1, 32), *range(32, 64, 2), *range(64, 128, 4), *range(128, 201, 8)]


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
        assert [e for e in epochs if is_judged(e)] == JUDGED
        tally = Tally()
        tally.take(run.snapshots)
        found.append((tally.loss, tally.accuracy))
    assert found[0] == found[1]


def test_they_are_seen_there_however_much_that_costs() -> None:
    cadence = Cadence(interval=60.0)
    cadence.taken(now=0.0, update=1, cost=1000.0)
    place = {"now": 0.1, "update": 2, "seconds": 0.1, "epoch_ended": True}
    assert not cadence.due(**place)
    assert cadence.due(**place, judged=True)
    experiment = build(CONFIG)
    kept = Kept()
    kept.begin(experiment, "circle", "")
    kept.take(experiment.trainer.snapshot(), 1000.0)
    seen = []
    while experiment.trainer.finished is None:
        experiment.trainer.advance(1_000_000)
        if kept.due(0.0, at_end=True):
            seen.append(experiment.trainer.epoch)
    kept.end("finished", "")
    assert seen == JUDGED
