"""The report of a race: what is in memory, with several seeds as a band."""

import threading
import xml.etree.ElementTree as ET

import kept_runs
import numpy as np
import pytest
from kept_runs import CIRCLE, SWARM
from runner_watch import PATIENCE

from tuinn.allowed import ConfigError
from tuinn.export import report
from tuinn.export.figures import groups
from tuinn.export.reported import of_race
from tuinn.export.svg_chart import chart
from tuinn.numbers import significant
from tuinn.preset import Preset
from tuinn.race import Race
from tuinn.run_string import decode
from tuinn.runners.facts import RunFacts
from tuinn.runners.thread import ThreadRunner


class Here(ThreadRunner):
    """A runner of the race in this process."""

    @property
    def facts(self):
        return None if self.experiment is None else RunFacts.of(self.experiment)


def make(config, folder, *, interval, keep, resume_id, store_folder):
    return Here(config, folder, interval=interval)


@pytest.fixture
def race(tmp_path):
    configs = [kept_runs.config(seed=3), kept_runs.config(seed=3, optimizer__eta=0.01)]
    presets = [
        Preset(name, config, tmp_path / f"{name}.toml", own=True)
        for name, config in zip(("quick", "slow"), configs, strict=True)
    ]
    made = Race(presets, repeat=2, keep=False, make=make)
    yield made
    made.close()
    assert made.wait(20)


def test_there_is_nothing_to_tell_before_the_start(race, tmp_path):
    with pytest.raises(ConfigError, match="nothing to report yet"):
        report(race, tmp_path / "race.html")
    with pytest.raises(ConfigError, match=r"as \.html or as \.svg"):
        report(race, tmp_path / "race.csv")


def test_two_seeds_are_a_band_around_their_median(race, tmp_path, monkeypatch):
    race.start()
    tick = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        race.poll()
        if all(lane.ended for lane in race.lanes):
            break
        tick.wait(0.005)
    assert all(lane.status == "finished" for lane in race.lanes)
    quick, slow = of_race(race)
    assert quick.seeds == slow.seeds == (3, 4)
    assert [decode(line).config.seed for line in quick.run_strings] == [3, 4]
    first = groups([quick, slow])[0].figures[0]
    for series, run in zip(first.series, (quick, slow), strict=True):
        ends = [one.column("validation_loss")[-1] for one in run.histories]
        assert series.name == run.name
        assert f"{significant(series.y[-1])}</tspan>" in chart(first)
        assert series.y[-1] == pytest.approx(np.median(ends))
        assert (series.low[-1], series.high[-1]) == pytest.approx((min(ends), max(ends)))
    page = report(race, tmp_path / "race.html").read_text()
    assert "2 presets, 2 seeds, 3 … 4" in page
    assert "±" in page
    monkeypatch.chdir(tmp_path)
    where = report(race, "race.svg")
    # whoever is told it need not know where tuinn was started
    assert where == tmp_path / "race.svg"
    assert ET.parse(where).getroot().tag.endswith("svg")


def test_runs_of_the_store_that_are_raced_are_told_as_such(tmp_path):
    from tuinn.store import Store

    kept_runs.fill(tmp_path / "runs")
    store = Store(tmp_path / "runs", read_only=True)
    race = Race.of_stored(store, [store.run(CIRCLE), store.run(SWARM)])
    race.poll()
    assert [one.number for one in of_race(race)] == [CIRCLE, SWARM]
    assert "η 0.5 → 0.1" in report(race, tmp_path / "race.html").read_text()
    race.close()
    store.close()
