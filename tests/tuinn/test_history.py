"""The bounded memory of a run's curves."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import LayerSnapshot, Snapshot
from engine.snapshot import SearchSnapshot
from tuinn.history import LAYER_FIGURES, History


def snapshot(update, *, loss=0.5, layers=2, validation=None):
    figures = dict.fromkeys(LAYER_FIGURES, float(update))
    return Snapshot(
        epoch=update / 10,
        update=update,
        seconds=update / 100,
        eta=0.5,
        alpha=0.0,
        batch_size=10,
        train_loss=loss,
        train_accuracy=0.5,
        validation_loss=validation,
        validation_accuracy=validation,
        layers=tuple(
            LayerSnapshot(layer=l + 1, units=3, activation="sigmoid", **figures)
            for l in range(layers)
        ),
    )


def searched(update, search=None):
    return replace(snapshot(update, layers=0), evaluations=30 * update, search=search)


def test_columns_follow_the_snapshots():
    history = History()
    for update in range(5):
        history.append(snapshot(update, loss=1 / (update + 1)))
    assert np.allclose(history.column("train_loss"), [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5])
    assert np.isnan(history.column("validation_loss")).all()
    assert (history.layer_column(2, "weight_norm") == np.arange(5)).all()
    assert np.allclose(history.x("epoch"), np.arange(5) / 10)
    assert history.layers == 2
    assert history.last.update == 4


def test_a_snapshot_of_the_same_update_replaces_the_last():
    history = History()
    history.append(snapshot(0))
    history.append(snapshot(3, loss=1.0))
    history.append(snapshot(3, loss=2.0))
    assert history.column("train_loss").tolist() == [0.5, 2.0]


@given(st.integers(8, 64), st.integers(1, 500))
def test_memory_is_bounded_and_the_whole_run_stays_covered(capacity, updates):
    history = History(capacity)
    for update in range(updates):
        history.append(snapshot(update, layers=1))
    x = history.x("update")
    assert len(x) <= capacity
    assert x[0] == 0
    assert x[-1] == updates - 1
    assert (np.diff(x) > 0).all()


def test_clear_and_empty_columns():
    history = History()
    assert history.column("train_loss").size == 0
    assert history.layer_column(1, "delta").size == 0
    history.append(snapshot(0))
    history.clear()
    assert len(history) == 0
    assert history.last is None
    history.append(snapshot(0, layers=4))
    assert history.layers == 4


def test_bad_names_are_told():
    history = History()
    history.append(snapshot(0))
    with pytest.raises(ValueError, match="layer must be 1 … 2, got 3"):
        history.layer_column(3, "delta")
    with pytest.raises(ValueError, match="epoch, update, evaluations, seconds, got 'hours'"):
        history.x("hours")
    with pytest.raises(ValueError, match=r"one of epoch, update, .*, got 'batch_size'"):
        history.column("batch_size")
    with pytest.raises(ValueError, match=r"one of delta, .*, got 'weights'"):
        history.layer_column(1, "weights")
    with pytest.raises(ValueError, match=r"one of best, mean, spread, got 'worst'"):
        history.search_column("worst")
    with pytest.raises(ValueError, match="place must be 0 … 1, got 2"):
        history.figure_column(2)
    with pytest.raises(ValueError, match="at least 8, got 3"):
        History(3)


def test_a_search_has_its_costs_and_figures_in_place_of_layers():
    history = History()
    history.append(searched(0))
    for update in (1, 2):
        figures = ("temperature", 1 / update), ("acceptance", 0.25 * update)
        history.append(searched(update, SearchSnapshot(0.5, 0.75 / update, 0.125, figures)))
    assert history.layers == 0
    assert history.x("evaluations").tolist() == [0, 30, 60]
    assert np.array_equal(history.search_column("best"), [np.nan, 0.5, 0.5], equal_nan=True)
    assert history.search_column("mean")[1:].tolist() == [0.75, 0.375]
    assert history.search_column("spread")[1:].tolist() == [0.125, 0.125]
    assert history.figure_column(0)[1:].tolist() == [1, 0.5]
    assert history.figure_column(1)[1:].tolist() == [0.25, 0.5]


def test_a_run_with_gradients_has_no_columns_of_a_search():
    history = History()
    assert history.search_column("best").size == 0
    history.append(snapshot(1))
    assert np.isnan(history.search_column("best")).all()
    assert np.isnan(history.figure_column(1)).all()


def test_one_kind_of_run_may_follow_the_other():
    history = History()
    history.append(snapshot(5))
    history.clear()
    history.append(searched(0, SearchSnapshot(1.0, 2.0, 0.5, (("a", 3.0), ("b", 4.0)))))
    assert history.figure_column(1).tolist() == [4.0]
    history.clear()
    history.append(snapshot(0, layers=3))
    assert history.layer_column(3, "delta").tolist() == [0.0]
