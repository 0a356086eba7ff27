"""What differs is told where it means something, and the best is marked where one is."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.snapshot import Snapshot
from tuinn.comparison import (
    Result,
    Spread,
    best,
    deciding,
    differing,
    label_of,
    notes,
    order,
    order_by_values,
    time_notes,
    why_not_compared,
)
from tuinn.comparison_rows import result_rows
from tuinn.config import Config, Stop, changed
from tuinn.fields import EMPTY
from tuinn.fork import what_differs
from tuinn.history import History
from tuinn.outcome import Basis, Outcome, Tally, is_regression, outcome
from tuinn.preset import find

BASIS = Basis("cross-entropy", 0.0, "digits", validated=True, regression=False)


def config_with(**values):
    config = Config()
    for path, value in values.items():
        config = changed(config, path.replace("__", "."), value)
    return config


def fared(loss=0.5, accuracy=0.5, seconds=1.0, status="finished", basis=BASIS):
    return Outcome(status, loss, loss, accuracy, accuracy, 100.0, seconds, 10, 10, 1.0, basis)


def results_of(*outcomes):
    return [Result.of([one]) for one in outcomes]


def snapshot(update, loss, *, alpha=0.0, validation=None):
    accuracy = None if validation is None else 1 - validation
    return Snapshot(update / 10, update, 0.5, 0.1, alpha, 10, loss, 0.5, validation, accuracy, ())


class TestWhatDiffers:
    def test_batch_mini_batch_and_stochastic_differ_in_one_field(self):
        presets = [find(name).config for name in ("batch", "mini-batch", "stochastic")]
        (one,) = differing(presets)
        assert (one.path, one.label) == ("training.batch_size", "mini-batch")
        assert one.values == ("full", 10, 1)
        assert one.texts == ("full", "10", "1")

    def test_alike_nothing_differs_whatever_is_said_of_them(self):
        assert differing([config_with(title="one"), config_with(title="two", look_for="x")]) == []

    def test_settings_of_an_optimiser_are_compared_among_those_that_have_it(self):
        sgd = config_with(optimizer__eta=0.1)
        momentum = config_with(optimizer__name="momentum", optimizer__eta=0.1)
        assert [one.path for one in differing([sgd, momentum])] == ["optimizer.name"]
        heavy = changed(momentum, "optimizer.mu", 0.5)
        found = {one.path: one.texts for one in differing([sgd, momentum, heavy])}
        assert found == {
            "optimizer.name": ("sgd", "momentum", "momentum"),
            "optimizer.mu": ("–", "0.9", "0.5"),
        }

    def test_eta_decides_as_much_as_the_method_and_is_told_of_all_that_have_one(self):
        configs = [
            config_with(optimizer__eta=0.5),
            config_with(optimizer__name="adam", optimizer__eta=0.01),
            config_with(optimizer__name="swarm"),
        ]
        found = {one.path: one.texts for one in differing(configs)}
        assert found["optimizer.eta"] == ("0.5", "0.01", "–")

    def test_what_a_search_does_not_use_does_not_differ(self):
        searches = [
            config_with(optimizer__name="swarm", training__batch_size=size) for size in (1, 10)
        ]
        assert differing(searches) == []
        (method,) = differing([config_with(training__batch_size=1), searches[1]])
        assert method.path == "optimizer.name"

    def test_an_empty_field_says_none(self):
        limited = config_with(stop__seconds=2.5)
        (one,) = differing([limited, Config()])
        assert one.texts == ("2.5", "none")

    def test_a_field_that_is_left_out_is_called_as_in_the_form(self):
        (one,) = differing([config_with(data__n=500), Config()])
        assert one.texts == ("500", EMPTY["data.n"]) == ("500", "as usual")
        assert what_differs(Config(), config_with(data__n=500)) == "examples as usual → 500"
        searches = [
            config_with(optimizer__name="swarm", training__examples=of) for of in (None, 50)
        ]
        (one,) = differing(searches)
        assert one.texts == ("all", "50")


class TestSpread:
    def test_by_hand(self):
        spread = Spread.of([4.0, 1.0, 3.0, 2.0, 10.0])
        # the quartiles of 1 2 3 4 10 are 2 and 4
        assert (spread.median, spread.half_iqr) == (3.0, 1.0)

    def test_of_four_between_the_values(self):
        # 1 2 4 8: quartiles at 1.75 and 5, median 3
        spread = Spread.of([8.0, 1.0, 4.0, 2.0])
        assert (spread.median, spread.half_iqr) == (3.0, 1.625)

    def test_one_run_has_no_spread(self):
        assert Spread.of([0.25]) == Spread(0.25, None)

    def test_what_has_not_begun_is_left_out(self):
        assert Spread.of([math.nan, 0.25, 0.75]) == Spread(0.5, 0.125)
        assert math.isnan(Spread.of([math.nan, math.nan]).median)

    def test_diverged_seeds_count_as_the_worst(self):
        assert Spread.of([1.0, 2.0, math.inf]) == Spread(2.0, math.inf)
        assert Spread.of([1.0, math.inf, math.inf]).median == math.inf
        assert Spread.of([math.inf] * 4) == Spread(math.inf, 0.0)

    @given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12))
    def test_as_numpy(self, values):
        low, middle, high = np.percentile(values, [25, 50, 75])
        spread = Spread.of(values)
        assert spread.median == pytest.approx(middle, rel=1e-12, abs=1e-9)
        assert spread.half_iqr == pytest.approx((high - low) / 2, rel=1e-9, abs=1e-9)


class TestTheBest:
    def test_the_least_loss_and_the_greatest_accuracy(self):
        results = results_of(fared(0.3, 0.9), fared(0.1, 0.8), fared(0.2, 0.95))
        assert best(results, "best_loss") == (1,)
        assert best(results, "last_accuracy") == (2,)

    def test_all_that_share_it(self):
        results = results_of(fared(0.1), fared(0.2), fared(0.1))
        assert best(results, "best_loss") == (0, 2)

    def test_what_is_not_there_yet_is_not_best(self):
        results = results_of(fared(math.nan, math.nan), fared(0.2))
        assert best(results, "best_loss") == (1,)
        assert best(results_of(fared(math.nan), fared(math.nan)), "best_loss") == ()

    def test_a_diverged_run_is_never_best(self):
        # its best loss was had before it diverged
        diverged = replace(fared(0.01, 0.99, 0.1, "diverged"), last_loss=math.inf)
        results = results_of(diverged, fared(0.5, 0.5))
        for figure in ("best_loss", "best_accuracy", "last_accuracy", "seconds"):
            assert best(results, figure) == (1,)

    def test_one_seed_that_diverged_does_not_take_the_win_from_the_others(self):
        gone = replace(fared(0.1, status="diverged"), last_loss=math.inf)
        some = Result.of([fared(0.1), fared(0.1), gone])
        most = Result.of([fared(0.05), gone, gone])
        assert some.status == "2 of 3 finished, 1 diverged"
        assert (some.diverged, most.diverged) == (False, True)
        assert best([some, most, Result.of([fared(0.3)] * 3)], "best_loss") == (0,)

    def test_updates_per_second_tell_of_no_winner(self):
        assert best(results_of(fared(), fared()), "updates_per_second") == ()

    def test_times_are_compared_when_all_are_over(self):
        running = fared(seconds=0.1, status="training")
        assert best(results_of(running, fared(seconds=2)), "seconds") == ()
        failed = fared(seconds=0.1, status="failed")
        results = results_of(failed, fared(seconds=2), fared(seconds=3))
        assert best(results, "seconds") == (1,)

    def test_alone_nothing_is_best(self):
        assert best(results_of(fared()), "best_loss") == ()

    @pytest.mark.parametrize(
        ("basis", "losses", "accuracies"),
        [
            ({"cost": "quadratic"}, "different costs", ""),
            ({"alpha": 5.0}, "L2 terms of different α", ""),
            ({"data": "iris"}, "different sets of data", "different sets of data"),
            ({"validated": False}, "in training and in validation", "in training and in"),
        ],
    )
    def test_what_is_of_another_kind_is_not_compared(self, basis, losses, accuracies):
        results = results_of(fared(0.1, 0.9), fared(0.2, 0.8, basis=replace(BASIS, **basis)))
        assert losses in why_not_compared(results, "best_loss")
        assert accuracies in why_not_compared(results, "best_accuracy")
        assert best(results, "last_loss") == ()
        assert best(results, "last_accuracy") == (() if accuracies else (0,))
        assert best(results, "seconds") == (() if "data" in basis else (0, 1))
        (note,) = notes(results)
        assert note.startswith("losses and accuracies " if accuracies else "losses ")
        assert deciding(results) == ("" if accuracies else "best_accuracy")

    def test_what_has_made_no_update_is_not_best(self):
        still = replace(fared(0.1, 0.9), update=0.0)
        assert best(results_of(still, still), "last_loss") == ()
        assert best(results_of(still, still), "last_accuracy") == ()
        assert best(results_of(still, fared(0.2)), "last_loss") == (1,)
        assert deciding(results_of(still, still)) == "best_loss"
        assert deciding(results_of(fared())) == ""

    @pytest.mark.parametrize(("examples", "there"), [(1, False), (9, False), (10, True)])
    def test_an_accuracy_on_a_few_examples_decides_nothing(self, examples, there):
        few = replace(BASIS, examples=examples)
        alike = results_of(fared(0.1, 1.0, basis=few), fared(0.2, 0.0, basis=few))
        assert best(alike, "best_accuracy") == ((0,) if there else ())
        assert deciding(alike) == "best_loss"
        other = replace(few, cost="quadratic")
        results = results_of(fared(0.1, 1.0, basis=few), fared(0.2, 0.0, basis=other))
        assert deciding(results) == ("best_accuracy" if there else "")
        if examples == 1:
            assert notes(results) == [
                "losses of different costs and accuracies on a single example are not compared"
            ]

    def test_on_how_many_examples_the_accuracy_is_had(self):
        def on(validated=False, **data):
            config = config_with(**{f"data__{name}": value for name, value in data.items()})
            return Basis.of(config, validated=validated, regression=False).examples

        assert on(set="one-neuron", validation=0.0) == 1
        assert on(set="circle", n=60, validation=0.25, validated=True) == 15
        assert on(set="circle", n=60, validation=0.25, test=5) == 40
        assert on(set="digits", train=50) == 50
        assert on(set="own.csv") is None

    def test_times_to_different_ends_are_not_compared(self):
        longer = replace(BASIS, stop=Stop(epochs=60))
        results = results_of(fared(seconds=1.0), fared(seconds=9.0, basis=longer))
        assert why_not_compared(results, "seconds") == "times to different ends are not compared"
        assert best(results, "seconds") == ()
        assert best(results, "best_loss") == (0, 1)

    def test_times_of_more_runs_than_cores_are_not_compared(self):
        results = [replace(one, crowd=(6, 2)) for one in results_of(fared(), fared(seconds=2.0))]
        assert time_notes(results) == ["6 runs share 2 cores: times are not compared"]
        assert best(results, "seconds") == ()
        assert best(results, "best_loss") == (0, 1)
        assert time_notes(results_of(fared(), fared())) == []

    def test_where_all_are_alike_none_is_marked(self):
        def stars(*outcomes):
            rows = {row.key: row for row in result_rows(results_of(*outcomes))}
            return [cell.star for cell in rows["best_accuracy"].cells]

        assert stars(fared(accuracy=0.0), fared(accuracy=0.0)) == [False, False]
        assert stars(fared(accuracy=0.5), fared(accuracy=0.5), fared(accuracy=0.1)) == [
            True, True, False,
        ]  # fmt: skip

    def test_data_with_other_noise_are_other_data(self):
        def of(**data):
            config = config_with(**{f"data__{name}": value for name, value in data.items()})
            return Basis.of(config, validated=True, regression=False).data

        assert of(set="circle") == of(set="circle", noise=0.0, n=50)
        assert of(set="circle") != of(set="circle", noise=0.2)
        assert of(set="iris") == "iris"

    def test_in_order_diverged_ones_stand_behind_and_what_is_not_there_last(self):
        diverged = replace(fared(0.01, status="diverged"), last_loss=math.inf)
        results = results_of(fared(math.nan), fared(0.2), diverged, fared(0.1))
        assert order(results, "best_loss") == [3, 1, 2, 0]
        assert order(results, "updates_per_second") == [0, 1, 3, 2]

    def test_values_in_order(self):
        assert order_by_values([10, None, "full", 1]) == [3, 0, 2, 1]


class TestLabels:
    def test_the_word_says_on_which_examples(self):
        results = results_of(fared(), fared())
        assert label_of(results, "best_loss") == "best validation loss"
        training = results_of(fared(basis=replace(BASIS, validated=False)))
        assert label_of(training, "last_accuracy") == "last training accuracy"
        assert label_of([*results, *training], "best_loss") == "best loss"

    def test_of_a_regression_r2(self):
        results = results_of(fared(basis=replace(BASIS, regression=True)))
        assert label_of(results, "best_accuracy") == "best validation R²"
        assert label_of(results, "best_accuracy", short=True) == "best R²"

    def test_which_sets_are_regressions(self):
        assert is_regression(config_with(data__set="plane"))
        assert not is_regression(config_with(data__set="digits"))


class TestFigures:
    def test_from_a_history(self):
        history, tally = History(), Tally()
        taken = [snapshot(0, 3.0, validation=0.9), snapshot(10, 2.0, validation=0.4)]
        taken.append(snapshot(20, 1.0, validation=0.6))
        tally.take(taken)
        for one in taken:
            history.append(one)
        found = outcome(history, Config(), "training", validated=True, tally=tally)
        assert (found.best_loss, found.last_loss) == (0.4, 0.6)
        assert (found.best_accuracy, found.last_accuracy) == (0.6, 0.4)
        assert (found.update, found.updates_per_second) == (20, 40)
        assert outcome(history, Config(), "training", validated=True) == found

    def test_the_best_is_had_from_all_ends_of_epochs_not_from_those_that_are_kept(self):
        history, tally = History(8), Tally()
        for update in range(100):
            one = snapshot(update, {40: 0.5, 42: 0.1}.get(update, 1.0))
            history.append(one)
            tally.take([one])
        assert 0.5 not in history.column("train_loss")
        assert outcome(history, Config(), "paused", validated=False, tally=tally).best_loss == 0.5

    def test_one_that_was_looked_at_more_often_is_not_the_better_for_it(self):
        found = []
        for updates in ((10, 14, 20, 25), (10, 20, 25), (3, 10, 20, 25)):
            history, tally = History(), Tally()
            for update in updates:
                losses = {3: 0.05, 10: 0.9, 14: 0.1, 20: 0.5, 25: 0.4}
                history.append(snapshot(update, losses[update]))
                tally.take([history.last])
            for one in (tally, None):
                result = outcome(history, Config(), "stopped", validated=False, tally=one)
                found.append(result.best_loss)
        # it is never worse than the last
        assert found == [0.4] * 6

    def test_with_another_alpha_the_best_loss_begins_anew(self):
        history, tally = History(), Tally()
        for one in (snapshot(1, 0.1), snapshot(2, 0.9, alpha=5.0), snapshot(3, 0.8, alpha=5.0)):
            history.append(one)
            tally.take([one])
        found = outcome(history, Config(), "paused", validated=False, tally=tally)
        assert (found.best_loss, found.basis.alpha) == (0.8, 5.0)
        assert outcome(history, Config(), "paused", validated=False).best_loss == 0.8

    def test_diverged_to_no_number_its_last_loss_is_the_worst(self):
        history = History()
        history.append(snapshot(10, 2.0))
        history.append(snapshot(12, math.nan))
        found = outcome(history, Config(), "diverged", validated=False)
        assert (found.best_loss, found.last_loss) == (2.0, math.inf)

    def test_before_it_has_begun_nothing_is_known(self):
        found = outcome(History(), Config(), "waiting", validated=True)
        assert math.isnan(found.best_loss)
        assert math.isnan(found.seconds)
