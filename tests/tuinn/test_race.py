"""Races in real worker processes: the same start for all, turns, deaths, seeds, and the store."""

import math
import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

from tuinn.band import band
from tuinn.config import Config, ConfigError, changed
from tuinn.experiment import build
from tuinn.export.reported import of_race
from tuinn.preset import Preset
from tuinn.race import Race
from tuinn.run_string import decode
from tuinn.runners.keep import Keep
from tuinn.runners.thread import ThreadRunner
from tuinn.screens.race_sentences import same
from tuinn.store import Keeper, Store

PATIENCE = 60.0
"""Seconds after which a race that does not come to what is waited for has failed."""


def config_with(**values):
    config = changed(changed(Config(), "data.n", 120), "stop.epochs", 3)
    for path, value in values.items():
        config = changed(config, path.replace("__", "."), value)
    return config


def preset(name, **values):
    return Preset(name, config_with(**values), Path(f"/nowhere/{name}.toml"), own=True)


ENDLESS = {"stop__epochs": 1_000_000}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TUINN_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def race():
    made = []

    def make(*presets, **options):
        made.append(Race(presets, **{"keep": False, "interval": 0.02} | options))
        return made[-1]

    yield make
    for one in made:
        one.close()
        assert one.wait(PATIENCE)


class InAThread(ThreadRunner):
    """A runner whose start costs nothing, where nothing is trained."""

    facts, run_id, problem = None, None, ""


@pytest.fixture
def threads(race):
    def make(config, folder, *, interval, **_):
        return InAThread(config, folder, interval=interval)

    return lambda *presets, **options: race(*presets, make=make, **options)


def until(race, condition):
    tick = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        race.poll()
        if condition():
            return
        tick.wait(0.005)
    raise AssertionError(f"never came: {[(one.name, one.status) for one in race.racers]}")


def finished(race):
    race.start()
    until(race, lambda: race.status in ("finished", "failed"))
    return race


def curve(lane, figure="train_loss"):
    return dict(zip(lane.history.column("update"), lane.history.column(figure)))


def shared(one, other, figure="train_loss"):
    """Both curves at the updates that both have."""
    one, other = curve(one, figure), curve(other, figure)
    updates = sorted(set(one) & set(other))
    return [one[u] for u in updates], [other[u] for u in updates], updates


class TestTheSameStart:
    def test_where_methods_agree_the_curves_are_the_same_bit_for_bit(self, race):
        # without inertia momentum is plain descent; each preset names a seed of its own
        plain = preset("plain", seed=3, optimizer__eta=0.5)
        still = preset("still", seed=8, optimizer__name="momentum", optimizer__eta=0.5)
        still = Preset("still", changed(still.config, "optimizer.mu", 0.0), still.path, own=True)
        first, second = (one.lanes[0] for one in finished(race(plain, still)).racers)
        for figure in ("train_loss", "validation_loss", "validation_accuracy"):
            mine, theirs, updates = shared(first, second, figure)
            assert mine == theirs
        # the dense beginning, and the end of the last of three epochs of ten updates
        assert len(updates) > 10
        assert (updates[0], updates[-1]) == (0, 30)

    def test_the_curve_is_that_of_the_engine_alone(self, race):
        (racer,) = finished(race(preset("one", seed=5))).racers
        trainer = build(config_with(seed=5)).trainer
        expected = {0: trainer.snapshot().train_loss}
        while trainer.finished is None:
            trainer.run(1)
            expected[trainer.update] = trainer.snapshot().train_loss
        found = curve(racer.lanes[0])
        assert {update: expected[update] for update in found} == found
        assert 30 in found

    def test_first_weights_agree_where_the_architecture_does(self, race):
        running = race(
            preset("a", seed=1),
            preset("b", optimizer__name="adam", training__batch_size=1),
            preset("c", network__hidden=(9,)),
        )
        until(running, lambda: all(len(one.history) for one in running.racers))
        a, b, c = (
            [one.history.layer_column(l, "weight_norm")[0] for l in (1, 2)]
            for one in running.racers
        )
        assert a == b
        assert a != c
        losses = [one.history.column("validation_loss")[0] for one in running.racers]
        assert losses[0] == losses[1] != losses[2]

    def test_data_and_order_are_the_same_for_another_architecture_too(self, threads):
        racers = threads(preset("a", seed=4), preset("b", network__hidden=(3, 3))).racers
        one, other = (build(racer.config) for racer in racers)
        np.testing.assert_array_equal(one.split.train.X, other.split.train.X)
        np.testing.assert_array_equal(one.split.validation.X, other.split.validation.X)
        for _ in range(2):
            np.testing.assert_array_equal(one.trainer._order.current, other.trainer._order.current)
            one.trainer.run(10)
            other.trainer.run(10)

    def test_the_seed_is_that_of_the_first_unless_another_is_given(self, threads):
        presets = preset("a", seed=4), preset("b", seed=9)
        assert [one.config.seed for one in threads(*presets).racers] == [4, 4]
        assert [one.config.seed for one in threads(*presets, seed=7).racers] == [7, 7]

    def test_another_seed_is_another_run(self, race):
        first, second = finished(race(preset("a"), repeat=2)).racers[0].lanes
        mine, theirs, _ = shared(first, second)
        assert mine[0] != theirs[0]


class TestTogetherAndAlone:
    def test_all_start_pause_and_begin_anew(self, race):
        running = race(preset("a", **ENDLESS), preset("b", **ENDLESS))
        until(running, lambda: running.status == "ready")
        running.start()
        assert running.counts == "● 2 of 2"
        until(running, lambda: all(one.report.update > 50 for one in running.racers))
        running.pause()
        until(running, lambda: {one.status for one in running.racers} == {"paused"})
        assert (running.status, running.counts) == ("paused", "○ 0 of 2")
        first = [curve(one.lanes[0])[0] for one in running.racers]
        running.reset()
        until(running, lambda: running.status == "ready")
        assert [one.history.last.update for one in running.racers] == [0, 0]
        assert [curve(one.lanes[0])[0] for one in running.racers] == first
        running.start()
        until(running, lambda: all(one.report.update > 50 for one in running.racers))

    def test_one_in_focus_leaves_the_others_alone(self, race):
        running = race(preset("a", **ENDLESS), preset("b", **ENDLESS))
        until(running, lambda: running.status == "ready")
        a, b = running.racers
        running.step(1)
        until(running, lambda: b.status == "paused")
        running.epoch(1)
        until(running, lambda: b.report.update == 10)
        assert (a.status, a.report.update) == ("ready", 0)
        running.start(0)
        until(running, lambda: a.report.update > 20)
        assert (running.counts, b.report.update) == ("● 1 of 2", 10)
        running.reset(1)
        until(running, lambda: b.status == "ready")
        assert a.status == "training"
        running.pause(0)
        until(running, lambda: a.status == "paused")

    def test_a_start_right_after_a_reset_is_not_lost(self, race):
        running = finished(race(preset("a"), preset("b")))
        running.reset()
        running.start()
        assert running.status == "training"
        until(running, lambda: running.status == "finished")
        assert [len(one.history) > 5 for one in running.racers] == [True, True]

    def test_one_to_six(self):
        with pytest.raises(ConfigError, match="1 to 6 runs can stand side by side; got 7"):
            Race([preset(str(n)) for n in range(7)])
        with pytest.raises(ConfigError, match="got 0"):
            Race([])

    def test_the_same_preset_twice_has_two_names(self, threads):
        assert [one.name for one in threads(preset("a"), preset("a")).racers] == ["a", "a 2"]
        three = threads(preset("a"), preset("a"), preset("a 2"))
        assert [one.name for one in three.racers] == ["a", "a 3", "a 2"]


class TestDeath:
    def test_the_cause_is_told_the_others_go_on_and_it_can_begin_anew(self, race):
        running = race(preset("a", **ENDLESS), preset("b", **ENDLESS))
        running.start()
        a, b = running.racers
        until(running, lambda: a.report.update > 0 and b.report.update > 0)
        os.kill(a.lanes[0].runner.pid, signal.SIGKILL)
        until(running, lambda: a.status == "failed")
        assert "SIGKILL" in a.failure
        assert b.failure == ""
        before = b.report.update
        until(running, lambda: b.report.update > before)
        assert running.counts == "● 1 of 2"
        assert math.isfinite(a.result.best_loss.median)
        running.reset(0)
        until(running, lambda: a.status == "ready")
        assert (a.failure, len(a.history)) == ("", 1)

    def test_what_cannot_be_built_says_why(self, race):
        running = finished(race(preset("a"), preset("b", training__batch_size=1000)))
        a, b = running.racers
        assert (a.status, b.status) == ("finished", "failed")
        assert "`training.batch_size` must be 1 … 96" in b.failure


class TestSeeds:
    def test_each_seed_in_its_turn_at_most_as_many_at_once_as_there_are_workers(self, race):
        running = race(preset("a", seed=3), preset("b", optimizer__eta=0.1), repeat=3, workers=2)
        assert [lane.seed for lane in running.racers[1].lanes] == [3, 4, 5]
        assert running.racers[0].lanes[1].status == "waiting"
        most, begun = [], []

        def done():
            at_work = [lane for lane in running.lanes if lane.runner is not None]
            most.append(len(at_work))
            begun.extend(lane for lane in at_work if lane not in begun)
            return running.status == "finished"

        running.start()
        until(running, done)
        assert max(most) == 2
        # round by seed
        assert [lane.seed for lane in begun] == [3, 3, 4, 4, 5, 5]
        result = running.results[0]
        assert result.status == "finished"
        losses = [lane.outcome.best_loss for lane in running.racers[0].lanes]
        low, middle, high = np.percentile(losses, [25, 50, 75])
        assert result.best_loss.median == pytest.approx(middle)
        assert result.best_loss.half_iqr == pytest.approx((high - low) / 2)
        histories = [lane.history for lane in running.racers[0].lanes]
        found = band([(one.x("epoch"), one.column("train_loss")) for one in histories])
        last = [lane.history.column("train_loss")[-1] for lane in running.racers[0].lanes]
        assert (found.low[-1], found.median[-1], found.high[-1]) == (
            min(last),
            np.median(last),
            max(last),
        )

    def test_the_first_seed_is_the_run_without_repeats(self, race):
        once = finished(race(preset("a", seed=3))).racers[0].lanes[0]
        running = race(preset("a", seed=3), repeat=2, keep=True)
        first = finished(running).racers[0].lanes[0]
        until(running, lambda: len(running.run_ids) == 2)
        mine, theirs, updates = shared(once, first)
        assert mine == theirs
        assert updates[-1] == 30

    def test_repeat_begins_anew_and_pause_holds_back_those_that_wait(self, race):
        running = race(preset("a", **ENDLESS), preset("b", **ENDLESS), workers=1)
        running.start()
        until(running, lambda: running.racers[0].report.update > 0)
        running.repeat(2)
        assert running.seeds == 2
        assert {lane.going for lane in running.lanes} == {False}
        running.start()
        until(running, lambda: running.racers[0].report.update > 0)
        assert running.racers[1].status == "waiting"
        running.pause()
        until(running, lambda: running.racers[0].lanes[0].status == "paused")
        assert running.racers[1].status == "waiting"
        with pytest.raises(ConfigError, match="1 … 100 times; got 0"):
            running.repeat(0)


class TestTheStore:
    def test_runs_are_kept_with_what_they_have_in_common(self, home):
        running = Race([preset("a"), preset("b", optimizer__eta=0.1)], interval=0.02)
        finished(running)
        until(running, lambda: len(running.run_ids) == 2)
        running.close()
        assert running.wait(PATIENCE)
        store = Store()
        kept = store.runs()
        assert sorted(run.name for run in kept) == ["a", "b"]
        assert sorted(running.run_ids) == sorted(run.id for run in kept)
        assert {run.status for run in kept} == {"finished"}
        assert len({run.race for run in kept}) == 1
        assert kept[0].race
        kept.sort(key=lambda run: run.name)
        laid = Race.of_stored(store, kept)
        assert [one.name for one in laid.racers] == [f"{run.name} ({run.id})" for run in kept]
        assert laid.stored
        assert [one.path for one in laid.differences] == ["optimizer.eta"]
        for live, stored in zip(running.racers, laid.racers):
            mine, theirs, updates = shared(live.lanes[0], stored.lanes[0])
            assert mine == theirs
            assert updates[-1] == 30
            assert stored.result.best_loss == live.result.best_loss
            assert stored.status == "finished"
        laid.start()
        assert laid.training == 0
        with pytest.raises(ConfigError, match="runs of the store are not repeated"):
            laid.repeat(3)
        laid.close()
        store.close()

    def test_the_seeds_of_a_preset_stand_together(self):
        running = Race([preset("a"), preset("b", optimizer__eta=0.1)], repeat=2, interval=0.02)
        finished(running)
        until(running, lambda: len(running.run_ids) == 4)
        running.close()
        assert running.wait(PATIENCE)
        store = Store()
        laid = Race.of_stored(store, sorted(store.runs(), key=lambda run: (run.name, run.seed)))
        assert [one.name for one in laid.racers] == ["a ×2", "b ×2"]
        assert [[lane.seed for lane in one.lanes] for one in laid.racers] == [[0, 1], [0, 1]]
        for live, stored in zip(running.results, laid.results):
            assert stored.best_loss == live.best_loss
        store.close()

    def test_of_runs_from_the_store_what_belongs_together_is_told_apart(self, home):
        keeper = Keeper()
        for race, seeds in (("one", (4, 5)), ("two", (5, 4)), ("three", (4, 4))):
            for seed in seeds:
                config = config_with(seed=seed, stop__epochs=1)
                experiment = build(config)
                run = keeper.keep(experiment, name="a", race=race)
                experiment.trainer.run(3)
                run.snapshot(experiment.trainer, experiment.trainer.snapshot())
        keeper.close()
        store = Store()
        runs = sorted(store.runs(), key=lambda run: run.id)
        laid = Race.of_stored(store, runs)
        # two times the same seed are not two seeds: the first was begun anew
        assert [one.name for one in laid.racers] == ["a ×2 (1–2)", "a ×2 (3–4)", "a (5)", "a (6)"]
        seeds = [[lane.seed for lane in one.lanes] for one in laid.racers]
        assert seeds == [[4, 5], [4, 5], [4], [4]]
        pairs = Race.of_stored(store, runs[:4])
        assert same(pairs) == "same seeds 4–5"
        assert same(laid) == "of several seeds"
        reported = of_race(pairs)
        assert [one.seeds for one in reported] == [(4, 5), (4, 5)]
        assert [one.result for one in reported] == pairs.results
        assert [decode(text).config.seed for text in reported[0].run_strings] == [4, 5]
        store.close()

    def test_a_run_that_another_one_trains_is_followed(self, home):
        keeper = Keeper()
        runner = ThreadRunner(config_with(**ENDLESS), interval=0.02, keep=Keep(keeper, "a"))
        runner.start()
        store = Store()
        tick = threading.Event()
        while not store.runs():
            tick.wait(0.01)
        laid = Race.of_stored(store, store.runs())
        (racer,) = laid.racers
        before = racer.report.update
        until(laid, lambda: racer.report.update > before + 100)
        assert racer.status == "training"
        assert racer.history.last.update == racer.report.update
        assert (np.diff(racer.history.x("update")) > 0).all()
        runner.close()
        assert runner.wait(PATIENCE)
        keeper.close()
        until(laid, lambda: racer.status == "stopped")
        store.close()

    def test_a_run_that_is_deleted_while_it_is_followed_stays_as_it_was(self, home):
        keeper = Keeper()
        runs = []
        for name in ("a", "b"):
            experiment = build(config_with())
            runs.append((experiment.trainer, keeper.keep(experiment, name=name)))
            experiment.trainer.run(5)
            runs[-1][1].snapshot(experiment.trainer, experiment.trainer.snapshot())
        keeper.flush()
        store = Store()
        laid = Race.of_stored(store, sorted(store.runs(), key=lambda run: run.id))
        gone, there = laid.racers
        store.delete([gone.lanes[0].run_id])
        for trainer, kept in runs:
            trainer.run(5)
            kept.snapshot(trainer, trainer.snapshot())
        keeper.flush()
        assert laid.poll()
        assert [one.report.update for one in (gone, there)] == [5, 10]
        assert "there is no run" in laid.problem
        keeper.close()
        store.close()
        # nor does a store that cannot be read any more end the race
        laid.poll()

    def test_runs_that_were_stopped_go_on_as_if_they_had_not(self, home, race):
        stop = {"stop__epochs": 300}
        running = Race(
            [preset("a", **stop), preset("b", optimizer__eta=0.1, **stop)], interval=0.01
        )
        until(running, lambda: running.status == "ready")
        for _ in range(20):
            running.epoch()
        until(running, lambda: all(one.report.update == 200 for one in running.racers))
        running.close("interrupted", "the terminal was closed")
        assert running.wait(PATIENCE)
        store = Store()
        again = Race.of_stored(store, store.interrupted_last(), resume=True, interval=0.01)
        assert not again.stored
        assert [one.history.last.update for one in again.racers] == [200, 200]
        until(again, lambda: again.status == "paused")
        finished(again)
        again.close()
        assert again.wait(PATIENCE)
        whole = finished(race(preset("a", **stop), preset("b", optimizer__eta=0.1, **stop)))
        by_name = {one.name.split()[0]: one for one in again.racers}
        for racer in whole.racers:
            resumed = by_name[racer.name]
            mine, theirs, updates = shared(racer.lanes[0], resumed.lanes[0])
            assert mine == theirs
            assert updates[-1] == 3000
            assert (np.diff(resumed.history.x("update")) > 0).all()
        assert sorted(run.id for run in store.runs()) == sorted(again.run_ids)
        assert {run.status for run in store.runs()} == {"finished"}
        store.close()


def test_a_run_that_goes_on_from_before_its_last_row_gains_nothing_twice(race, threads):
    whole = finished(race(preset("a"))).racers[0].lanes[0]
    again = threads(preset("a"))
    (lane,) = again.racers[0].lanes
    rows = [one for one in snapshots_of(config_with()) if one.update <= 17]
    for one in rows:
        lane.history.append(one)
    # the runner begins before what is there, as from an older checkpoint
    lane.go_on(lane.runner)
    finished(again)
    mine, theirs, updates = shared(whole, lane)
    assert mine == theirs
    assert updates[-1] == 30
    assert lane.history.x("update")[: len(rows)].tolist() == [one.update for one in rows]
    assert (np.diff(lane.history.x("update")) > 0).all()


def snapshots_of(config):
    trainer = build(config).trainer
    yield trainer.snapshot()
    while trainer.finished is None:
        trainer.run(1)
        yield trainer.snapshot()


def test_more_runs_at_once_than_cores_share_them(threads, monkeypatch):
    monkeypatch.setattr("tuinn.race.race.cores", lambda: 2)
    presets = [preset(name, **ENDLESS) for name in ("one", "other", "third")]
    assert {one.crowd for one in threads(*presets).results} == {(3, 2)}
    assert {one.crowd for one in threads(*presets[:2]).results} == {None}
    assert {one.crowd for one in threads(*presets, workers=1).results} == {None}
    # with several seeds as many train at once as there are cores
    assert {one.crowd for one in threads(*presets, repeat=2).results} == {None}
