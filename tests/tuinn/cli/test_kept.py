"""A headless run as the store gets it."""

import pytest

from tuinn.cli import headless
from tuinn.cli.kept import Kept
from tuinn.cli.progress import Silent
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


def test_the_state_is_kept_however_long_a_look_at_it_takes(monkeypatch, tmp_path):
    monkeypatch.setenv("TUINN_HOME", str(tmp_path))
    monkeypatch.setattr("tuinn.store.kept_run.CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr("tuinn.store.kept_run.MOST_SHARE", 1e9)
    monkeypatch.setattr(Kept, "due", lambda *_: False)
    config = parse({"data": {"set": "circle", "n": 100}, "stop": {"epochs": 10**6}})
    experiment = build(config)
    trainer, signals, seen = experiment.trainer, headless.Signals(), []
    snapshot = trainer.snapshot

    def stop_when_kept(self, *_):
        if trainer.update > 5000 and kept.id is not None:
            signals.number = 15

    def looked_at():
        assert kept._keeper.flush()
        seen.extend(store.runs())
        return snapshot()

    with Kept() as kept:
        store = Store()
        kept.begin(experiment, "circle", "")
        kept.take(snapshot(), 0.0)
        monkeypatch.setattr(trainer, "snapshot", looked_at)
        monkeypatch.setattr(Silent, "show", stop_when_kept)
        monkeypatch.setattr(Silent, "seen", lambda *_: None)
        last = headless.run(trainer, signals, Silent(), record=None, checkpoint=None, kept=kept)
        before = seen[-1]
        assert (before.rows, before.update, before.curve_update) == (1, 0, trainer.update)
        assert kept.end("interrupted", "ended by SIGTERM", last) == ""
    (run,) = store.runs()
    assert (run.status, run.rows, run.update) == ("interrupted", 2, trainer.update)
    assert run.curve_hash == trainer.curve_hash
    store.close()
