"""A headless run as the store gets it."""

import pytest

from tuinn.cli.kept import Kept
from tuinn.config import parse
from tuinn.experiment import build
from tuinn.store import Store


def test_the_end_that_was_looked_at_is_not_looked_at_again(monkeypatch, tmp_path):
    """To look at a large network takes longer than a hangup may leave time for."""
    monkeypatch.setenv("TUINN_HOME", str(tmp_path))
    experiment = build(parse({"data": {"set": "circle", "n": 100}}))
    trainer = experiment.trainer
    with Kept() as kept:
        kept.begin(experiment, "circle", "")
        trainer.run(100)
        last = trainer.snapshot()
        with monkeypatch.context() as patch:
            patch.setattr(trainer, "snapshot", lambda: pytest.fail("looked at again"))
            assert kept.end("interrupted", "ended by SIGHUP", last) == ""
    store = Store()
    (run,) = store.runs()
    assert (run.status, run.update, run.train_loss) == ("interrupted", 100, last.train_loss)
    store.close()
