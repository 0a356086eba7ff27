"""The strip of histograms: each column is that of its moment, and is computed once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from engine_examples import blobs, split_of

from engine import GradientDescent, Network, Stop, Trainer
from engine.inside.histogram import KINDS, histograms
from engine.snapshot import Snapshot
from tuinn.histogram_strip import PLACES, HistogramStrip


class Kept(NamedTuple):
    snapshot: Snapshot


class Clock:
    """Every look at it takes so many seconds."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def trainer(eta: float = 0.5) -> Trainer:
    network = Network((2, 8, 1), ("tanh", "sigmoid"))
    return Trainer(
        network, split_of(blobs(m=60)), optimizer=GradientDescent(eta), stop=Stop(epochs=500)
    )


def moments_of(run: Trainer, count: int) -> tuple[Kept, ...]:
    kept = [Kept(run.snapshot())]
    for _ in range(count - 1):
        run.run(1)
        kept.append(Kept(run.snapshot()))
    return tuple(kept)


def strip_of(run: Trainer, **options: object) -> HistogramStrip:
    probe = run.split.train.X[:20].T, run.split.train.Y[:20].T
    return HistogramStrip(run.network, run.cost, probe, **options)  # type: ignore[arg-type]


def whole(strip: HistogramStrip, moments: tuple[Kept, ...], **view: object) -> int:
    """Update until all is there; returns how often."""
    for count in range(1, 1000):
        if strip.update(moments, "w", **view):  # type: ignore[arg-type]
            return count
    raise AssertionError("it never ends")


@pytest.mark.parametrize("kind", KINDS)
def test_each_column_is_that_of_its_moment(kind: str) -> None:
    run = trainer()
    moments = moments_of(run, 50)
    strip = strip_of(run, budget=10)
    assert strip.update(moments, kind)  # type: ignore[arg-type]
    assert [column.update for column in strip.columns] == list(range(50))
    x, y = run.split.train.X[:20].T, run.split.train.Y[:20].T
    for column, moment in zip(strip.columns, moments, strict=True):
        theta = moment.snapshot.theta
        assert theta is not None
        expected = histograms(run.network, theta, x, y, run.cost, kind)  # type: ignore[arg-type]
        for one, other in zip(column.layers, expected, strict=True):
            assert np.array_equal(one.counts, other.counts)
            assert one.exponent == other.exponent
        assert column.x("epoch") == moment.snapshot.epoch


def test_an_old_run_is_filled_in_from_coarse_to_fine() -> None:
    run = trainer()
    moments = moments_of(run, 130)
    # four looks at the clock are within the budget
    strip = strip_of(run, clock=Clock(1.0), budget=4.0)
    seen = []
    for _ in range(40):
        complete = strip.update(moments, "w")
        seen.append([column.update for column in strip.columns])
        if complete:
            break
    assert 129 in seen[0]
    assert {len(seen[0]), *np.diff([len(one) for one in seen[:-1]]).tolist()} == {4}
    assert seen[-1] == list(range(130))
    assert max(np.diff([0, *seen[7]])) < 20


def test_columns_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run = trainer()
    moments = moments_of(run, 500)
    computed = []
    original = HistogramStrip._column

    def counting(self: HistogramStrip, kind: str, snapshot: Snapshot) -> object:
        computed.append(snapshot.update)
        return original(self, kind, snapshot)  # type: ignore[arg-type]

    monkeypatch.setattr(HistogramStrip, "_column", counting)
    strip = strip_of(run, budget=10)
    for reached in (100, 200, 400, 401, 402, 500):
        strip.update(moments[:reached], "w", axis="update", view=(0, 1000))
        assert len(strip.columns) <= PLACES
        assert strip.columns[-1].update == reached - 1
    # each moment at most twice: the last is that of the numbers as well
    assert len(computed) <= 80 + 2 * 6
    computed.clear()
    strip.update(moments, "w", axis="update", view=(0, 1000))
    strip.update(moments, "w", axis="update", view=(0, 2000))
    assert computed == []
    assert 35 <= len(strip.columns) <= 41
    strip.update(moments, "z", axis="update", view=(0, 1000))
    assert len(computed) > 70
    computed.clear()
    strip.update(moments, "w", axis="update", view=(0, 2000))
    assert computed == [499]


def test_what_is_in_view_is_as_fine_as_the_moments_are() -> None:
    run = trainer()
    moments = moments_of(run, 400)
    strip = strip_of(run, budget=10)
    whole(strip, moments, axis="update")
    assert len(strip.columns) <= PLACES
    assert whole(strip, moments, axis="update", view=(100.0, 150.0)) == 1
    updates = [column.update for column in strip.columns]
    assert set(range(99, 151)) <= set(updates)
    assert updates == sorted(set(updates))
    assert whole(strip, moments, axis="update", view=(100.0, 150.0)) == 1
    assert whole(strip, moments, axis="update", view=(500.0, 600.0)) == 1
    assert strip.columns[-1].update == 399


def test_after_a_fork_the_columns_are_those_of_the_child() -> None:
    parent = moments_of(trainer(), 40)
    run = trainer(eta=3.0)
    run.run(20)
    child = parent[:20] + moments_of(run, 20)
    strip = strip_of(run, budget=10)
    strip.update(parent, "w")
    strip.update(child, "w")
    assert [column.update for column in strip.columns] == list(range(40))
    assert all(
        column.theta() is moment.snapshot.theta
        for column, moment in zip(strip.columns, child, strict=True)
    )


def test_a_moment_that_is_dropped_can_go() -> None:
    run = trainer()
    moments = moments_of(run, 10)
    strip = strip_of(run, budget=10)
    strip.update(moments, "w")
    gone = strip.columns[3].theta
    moments = moments[:3] + moments[4:]
    assert gone() is None
    strip.update(moments, "w")
    assert [column.update for column in strip.columns] == [0, 1, 2, 4, 5, 6, 7, 8, 9]


def test_the_numbers_are_those_of_the_moment_shown() -> None:
    run = trainer()
    moments = moments_of(run, 12)
    strip = strip_of(run)
    for shown in (moments[3].snapshot, moments[-1].snapshot, None):
        strip.update(moments, "w", shown=shown)
        theta = (shown or moments[-1].snapshot).theta
        W = run.network.W(theta)  # type: ignore[arg-type]
        for spread, weights in zip(strip.spreads, W, strict=True):
            assert spread.greatest == weights.max()
            assert spread.median == pytest.approx(np.median(weights))
        assert strip.now is not None
        assert strip.now.layers[0].counts.sum() == 16
    assert strip.update((), "w")
    assert strip.columns == []
    assert strip.spreads == ()
