"""What decay takes in an epoch and what comes of ‖W‖, against plain numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from engine_examples import examples, split_of
from watched_runs import SHAPES, K, M, matrices, run

from engine import LayerSnapshot, Network, Stop, Trainer
from engine.inside.ledger import Ledger, ledger


def account(
    epochs: list[float], norms: list[float], alphas: list[float] | None = None, step: float = 0.01
) -> Ledger:
    """Of one layer, ten updates to an epoch."""
    figures = dict.fromkeys(LayerSnapshot.__slots__, 0.0) | {"decay_step": step}
    layer = LayerSnapshot(**{**figures, "layer": 1, "units": 3, "activation": "sigmoid"})
    given = [1.0] * len(epochs) if alphas is None else alphas
    return ledger(
        [layer], np.array(epochs), 10 * np.array(epochs), np.array(given), np.array([norms])
    )


@pytest.mark.parametrize("alpha", [0.0, 2.0])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_change_of_the_weights_is_that_of_a_run(shape: str, alpha: float) -> None:
    ran = run(shape, alpha)
    sizes = [
        [np.sqrt((W**2).sum()) for W, _ in matrices(ran, snapshot.theta)]
        for snapshot in ran.snapshots
    ]
    updates = [snapshot.update for snapshot in ran.snapshots]
    an_epoch = M // K
    for place in ran.moments:
        seen = ran.snapshots[: place + 1]
        found = ledger(
            seen[-1].layers,
            np.array([snapshot.epoch for snapshot in seen]),
            np.array([snapshot.update for snapshot in seen]),
            np.array([snapshot.alpha for snapshot in seen]),
            np.array(sizes[: place + 1]).T,
        )
        # of the snapshots a whole epoch back, the latest
        back = [n for n in range(place + 1) if updates[n] <= updates[place] - an_epoch]
        start = back[-1] if back else 0
        epochs = (updates[place] - updates[start]) / an_epoch
        for l, entry in enumerate(found.entries):
            if place == 0:
                assert math.isnan(entry.net)
                assert not entry.balanced
                continue
            assert found.epochs == pytest.approx(epochs)
            assert entry.net == pytest.approx((sizes[place][l] - sizes[start][l]) / epochs)
            # sgd: each update takes (ηα/m) W, all updates of an epoch as many times that
            taken = 0.3 * alpha / M * sizes[place][l] * an_epoch
            assert entry.taken == pytest.approx(-taken)


def test_the_last_whole_epoch_counts_and_before_one_what_there_is() -> None:
    norms = [5.0, 4.0, 3.5, 3.4, 3.0]
    assert account([0, 0.5, 1.0, 1.5, 2.0], norms).entries[0].net == pytest.approx(3.0 - 3.5)
    early = account([0, 0.5], norms[:2])
    assert (early.epochs, early.entries[0].net) == (0.5, pytest.approx(-2.0))
    # where moments are rare, several epochs
    rare = account([0, 30.0, 60.0], [9.0, 6.0, 3.0])
    assert (rare.epochs, rare.entries[0].net) == (30, pytest.approx(-0.1))
    assert math.isnan(account([0], [5.0]).epochs)


def test_what_was_before_another_alpha_does_not_count() -> None:
    norms = [5.0, 4.0, 3.9, 3.8, 3.0]
    changed = account([0, 0.5, 1.0, 1.5, 2.0], norms, alphas=[0, 0, 0, 9, 9])
    assert changed.since_change
    assert changed.entries[0].net == pytest.approx((3.0 - 3.8) / 0.5)
    assert changed.alpha == 9
    later = account([0, 0.5, 1.0, 1.5, 2.0], norms, alphas=[0, 0, 9, 9, 9])
    assert not later.since_change
    assert later.entries[0].net == pytest.approx(3.0 - 3.9)


def test_balance_is_when_decay_takes_what_is_given() -> None:
    # ten updates take 0.1 in an epoch
    assert account([0, 1.0], [3.0, 3.009]).entries[0].balanced
    assert account([0, 1.0], [3.0, 2.991]).entries[0].balanced
    assert not account([0, 1.0], [3.0, 3.011]).entries[0].balanced
    assert not account([0, 1.0], [3.0, 2.9]).entries[0].balanced
    # over less than an epoch nothing is said, nor without decay
    assert not account([0, 0.9], [3.0, 3.0]).entries[0].balanced
    assert not account([0, 1.0], [3.0, 3.0], alphas=[0, 0], step=0.0).entries[0].balanced
    assert not account([0, 1.0], [3.0, 3.0], alphas=[0, 9]).entries[0].balanced
    assert not account([0, 1.0], [3.0, math.nan]).entries[0].balanced


def test_full_batch_descent_comes_to_a_balance_and_the_bars_meet() -> None:
    # logistic regression: its cost with L2 has one minimum, at which η ∂C₀/∂W = −(ηα/m) W
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((30, 2)), rng.integers(0, 2, 30)
    trainer = Trainer(
        Network((2, 1), ("sigmoid",)),
        split_of(examples(X, y[:, None], y)),
        alpha=3.0,
        batch_size="full",
        stop=Stop(epochs=400),
        seed=0,
    )
    snapshots = [trainer.snapshot()]
    while trainer.finished is None:
        trainer.run(40)
        snapshots.append(trainer.snapshot())

    def balanced(until: int) -> bool:
        seen = snapshots[:until]
        return (
            ledger(
                seen[-1].layers,
                np.array([one.epoch for one in seen]),
                np.array([one.update for one in seen]),
                np.array([one.alpha for one in seen]),
                np.array([[one.layers[0].weight_norm for one in seen]]),
            )
            .entries[0]
            .balanced
        )

    assert not balanced(2)
    assert balanced(len(snapshots))
    last = snapshots[-1].layers[0]
    assert last.cosine == pytest.approx(-1, abs=1e-6)
    assert last.decay_step == pytest.approx(last.gradient_step, rel=1e-3)


def test_columns_that_do_not_fit_together() -> None:
    with pytest.raises(ValueError, match="lengths"):
        account([0, 1.0], [3.0])
    with pytest.raises(ValueError, match="lengths"):
        account([], [])
