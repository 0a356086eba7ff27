"""The bounded memory of a run's curves."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import LayerSnapshot, Snapshot
from engine.snapshot import SearchSnapshot
from tuinn.history import LAYER_FIGURES, History
from tuinn.mark import Mark
from tuinn.runners.report import Fork, Report


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


def mark(update, text="fork"):
    return Mark(update, update / 10, update, update / 100, text)


def filled(updates, capacity=64, **options):
    history = History(capacity)
    for update in updates:
        history.append(snapshot(update, loss=1 / (update + 1), **options))
    return history


def test_a_fork_cuts_the_history_and_keeps_what_came_after_as_a_branch():
    history = filled(range(0, 50, 10))
    history.marks += [mark(10, "η 0.5 → 0.1"), mark(30, "η 0.1 → 1")]
    history.fork(mark(20, "fork: η 0.1 → 0.2"))
    assert history.x("update").tolist() == [0, 10, 20]
    assert history.last is None
    (branch,) = history.branches
    assert branch.x("update").tolist() == [20, 30, 40]
    assert branch.x("epoch").tolist() == [2, 3, 4]
    assert np.allclose(branch.column("train_loss"), [1 / 21, 1 / 31, 1 / 41])
    assert branch.layer_column(2, "delta").tolist() == [20, 30, 40]
    assert (len(branch), branch.layers, branch.last) == (3, 2, None)
    assert [one.text for one in history.marks] == ["η 0.5 → 0.1", "fork: η 0.1 → 0.2"]
    assert [one.text for one in branch.marks] == ["η 0.1 → 1"]
    # of the child, which follows another cost: the curve leaps at the place of the fork
    history.append(snapshot(20, loss=7.0))
    history.append(snapshot(21, loss=8.0))
    assert np.allclose(history.column("train_loss"), [1, 1 / 11, 1 / 21, 7, 8])
    assert history.x("update").tolist() == [0, 10, 20, 20, 21]
    assert np.allclose(branch.column("train_loss"), [1 / 21, 1 / 31, 1 / 41])
    assert history.last.update == 21


def test_a_fork_that_follows_the_same_cost_has_one_snapshot_of_its_moment():
    history = filled(range(0, 50, 10))
    history.fork(mark(20))
    history.append(snapshot(20, loss=1 / 21))
    assert history.x("update").tolist() == [0, 10, 20]


def test_another_alpha_makes_the_curve_leap_at_its_place():
    history = filled(range(3))
    for alpha, loss in ((1.0, 7.0), (2.0, 9.0)):
        history.append(replace(snapshot(2, loss=loss), alpha=alpha))
    history.append(replace(snapshot(3, loss=8.0), alpha=2.0))
    # the last of the one cost, the first of the other
    assert history.x("update").tolist() == [0, 1, 2, 2, 3]
    assert np.allclose(history.column("train_loss"), [1, 1 / 2, 1 / 3, 9, 8])


def test_a_branch_begins_with_the_last_snapshot_that_is_shared():
    history = filled([0, 10, 20, 30])
    history.fork(mark(15))
    assert history.x("update").tolist() == [0, 10]
    assert history.branches[0].x("update").tolist() == [10, 20, 30]
    history.append(snapshot(15))
    # at its end there is nothing to leave
    history.fork(mark(15))
    assert len(history.branches) == 1
    assert history.x("update").tolist() == [0, 10, 15]


def test_the_most_recent_branches_are_kept_until_another_run_begins():
    history = History()
    for number in range(6):
        for update in range(0 if not number else 6, 10):
            history.append(snapshot(update, loss=number))
        history.fork(mark(5))
    assert [one.column("train_loss")[-1] for one in history.branches] == [2, 3, 4, 5]
    assert all(one.x("update").tolist() == [5, 6, 7, 8, 9] for one in history.branches)
    history.clear()
    assert history.branches == ()


@given(
    st.integers(8, 40),
    st.lists(st.tuples(st.integers(1, 30), st.floats(0, 1)), min_size=1, max_size=6),
)
def test_whatever_the_forks_every_column_stays_in_order_and_bounded(capacity, parts):
    history, at = History(capacity), 0
    for more, back in parts:
        for update in range(at, at + more + 1):
            history.append(snapshot(update, layers=1))
        at = int(back * (at + more))
        history.fork(mark(at))
        history.append(snapshot(at, layers=1))
        for one in (history, *history.branches):
            assert 0 < len(one) <= capacity
            assert (np.diff(one.x("update")) > 0).all()
        assert history.x("update")[-1] == at
        assert history.last.update == at
        assert history.branches == () or len(history.branches) <= 4


def test_a_fork_may_go_on_with_a_method_of_the_other_kind():
    history = filled(range(4))
    history.fork(mark(2))
    history.append(replace(searched(2), train_loss=1 / 3))
    history.append(searched(3, SearchSnapshot(1.0, 2.0, 0.5, (("a", 3.0), ("b", 4.0)))))
    assert history.layers == 0
    assert history.x("update").tolist() == [0, 1, 2, 3]
    assert np.allclose(history.column("train_loss"), [1, 1 / 2, 1 / 3, 0.5])
    assert np.array_equal(history.figure_column(1), [np.nan, np.nan, np.nan, 4.0], equal_nan=True)
    assert history.branches[0].layers == 2
    assert history.branches[0].layer_column(1, "delta").tolist() == [2, 3]
    history.fork(mark(1))
    history.append(snapshot(1, layers=3))
    assert (history.layers, history.branches[1].layers) == (3, 0)
    assert history.branches[1].figure_column(0)[-1] == 3


def test_a_report_is_taken_in_the_order_of_what_happened():
    def report(*updates, reset=False, marks=(), forks=()):
        snapshots = tuple(snapshot(update) for update in updates)
        return Report("paused", snapshots, marks, reset, 0.0, 0, 0.0, 0.0, "", forks=forks)

    history = filled([1, 2, 3])
    history.take(report(0, 5, reset=True, marks=(mark(5, "a"),)))
    assert history.x("update").tolist() == [0, 5]
    first = Fork(mark(5), "", (snapshot(10), snapshot(15)), (mark(12, "b"),))
    second = Fork(mark(0), "", (snapshot(5), snapshot(7)), ())
    history.take(report(0, 1, forks=(first, second)))
    assert history.x("update").tolist() == [0, 1]
    assert [one.x("update").tolist() for one in history.branches] == [[5, 10, 15], [0, 5, 7]]
    assert [one.update for one in history.marks] == [0]
    assert [one.text for one in history.branches[0].marks] == ["b"]


def test_the_index_of_the_nearest_snapshot():
    history = filled([0, 1, 2, 10, 40])
    for axis, scale in (("update", 1), ("epoch", 10), ("seconds", 100)):
        for x, index in ((-5, 0), (0.4, 0), (0.5, 0), (0.6, 1), (6, 2), (6.1, 3), (99, 4)):
            assert history.nearest(axis, x / scale) == index
    with pytest.raises(ValueError, match="there is no snapshot yet"):
        History().nearest("update", 3)
    with pytest.raises(ValueError, match="got 'hours'"):
        history.nearest("hours", 3)
