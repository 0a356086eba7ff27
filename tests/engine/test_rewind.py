"""Moments of a run that can be gone back to, and what they may take."""

from dataclasses import replace

import numpy as np
import pytest
from engine_examples import make
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Stop
from engine.optimizers import optimizer
from engine.rewind import MOST_MOMENTS, Rewind


def kept(trainer, rewind, moments, every=3):
    """Keep the run now and after so many updates, again and again."""
    for number in range(moments):
        if number:
            trainer.run(every)
        rewind.keep(trainer, trainer.snapshot())
    return trainer


def long(**options):
    return make(stop=Stop(epochs=10**6), batch_size=10, **options)


def measured(moments):
    """Bytes of all arrays, each that several share counted once."""
    arrays = {id(array): array for moment in moments for array in moment.arrays.values()}
    return sum(array.nbytes for array in arrays.values())


@settings(max_examples=60)
@given(
    st.sampled_from(["sgd", "adam", "genetic"]),
    st.integers(0, 150_000),
    st.lists(st.integers(0, 9), min_size=1, max_size=60),
    st.integers(0, 200),
)
def test_memory_is_bounded_and_the_whole_run_stays_covered(name, most_bytes, steps, cut):
    trainer, rewind = long(optimizer=optimizer(name)), Rewind(most_bytes)
    updates = []
    for step in steps:
        trainer.run(step)
        updates.append(trainer.update)
        rewind.keep(trainer, trainer.snapshot())
        there = [moment.snapshot.update for moment in rewind.moments]
        assert measured(rewind.moments) <= rewind.nbytes <= most_bytes
        assert there == sorted(set(there))
        assert set(there) <= set(updates)
        if there:
            assert there[-1] == trainer.update
        if len(there) > 1:
            assert there[0] == updates[0]
    before = rewind.moments
    rewind.cut(cut)
    assert rewind.moments == tuple(m for m in before if m.snapshot.update <= cut)
    assert measured(rewind.moments) <= rewind.nbytes
    rewind.clear()
    assert (rewind.moments, rewind.nbytes) == ((), 0)


def test_every_second_one_of_the_older_half_is_dropped():
    trainer, rewind = long(), Rewind()
    kept(trainer, rewind, 10)
    # the digits of the seconds differ from run to run, but not by half a moment
    room = rewind.nbytes + rewind.moments[0].nbytes // 2
    assert [m.snapshot.update for m in rewind.moments] == list(range(0, 30, 3))
    rewind = Rewind(room)
    trainer = long()
    kept(trainer, rewind, 10)
    assert len(rewind.moments) == 10
    trainer.run(3)
    rewind.keep(trainer, trainer.snapshot())
    updates = [m.snapshot.update for m in rewind.moments]
    assert updates == [0, 6, 12, 15, 18, 21, 24, 27, 30]


def test_what_moments_share_is_counted_once():
    trainer, rewind = long(optimizer=optimizer("adam")), Rewind()
    # 57 examples, 6 updates an epoch: two moments in each
    kept(trainer, rewind, 8)
    first, second, third = (rewind.moments[i] for i in (1, 2, 3))
    assert first.arrays["theta"] is first.snapshot.theta
    assert not first.snapshot.theta.flags.writeable
    # the order of an epoch is drawn with its first update, so 3 and 6, and 9 and 12, go together
    assert second.order is first.order
    assert third.order is not second.order
    orders = {id(moment.order) for moment in rewind.moments}
    assert rewind.nbytes == sum(m.nbytes for m in rewind.moments) + len(orders) * 57 * 8
    theta = first.snapshot.theta
    memory = [a for name, a in first.arrays.items() if name.startswith("optimizer.")]
    assert sum(a.nbytes for a in memory) > 2 * theta.nbytes
    assert first.nbytes > theta.nbytes + sum(a.nbytes for a in memory)


def test_a_moment_is_the_checkpoint_of_its_update():
    trainer, rewind = long(optimizer=optimizer("adam"), alpha=0.1), Rewind()
    trainer.run(4)
    rewind.keep(trainer, trainer.snapshot())
    there = trainer.dump()
    trainer.run(50)
    moment = rewind.moments[0]
    assert there.keys() == moment.arrays.keys()
    assert all(np.array_equal(there[name], moment.arrays[name]) for name in there)


def test_the_moment_of_the_same_update_takes_the_place_of_the_last():
    trainer, rewind = long(), Rewind()
    kept(trainer, rewind, 3)
    trainer.change(alpha=2.0)
    rewind.keep(trainer, trainer.snapshot())
    assert [m.snapshot.update for m in rewind.moments] == [0, 3, 6]
    assert rewind.moments[-1].snapshot.alpha == 2.0


def test_a_run_that_is_led_back_drops_what_came_later():
    trainer, rewind = long(), Rewind()
    kept(trainer, rewind, 5)
    back = rewind.moments[2]
    trainer.branch(back.arrays)
    rewind.keep(trainer, trainer.snapshot())
    assert [m.snapshot.update for m in rewind.moments] == [0, 3, 6]
    assert rewind.moments[-1] is not back
    assert measured(rewind.moments) <= rewind.nbytes
    kept(trainer, rewind, 3)
    assert [m.snapshot.update for m in rewind.moments] == [0, 3, 6, 9, 12]


def test_the_nearest_moment_on_every_axis():
    trainer, rewind = long(), Rewind()
    assert rewind.nearest("update", 5) is None
    kept(trainer, rewind, 5)
    for axis in ("epoch", "update", "evaluations", "seconds"):
        places = np.array([getattr(m.snapshot, axis) for m in rewind.moments])
        for x in np.linspace(places[0] - 1, places[-1] + 1, 60):
            expected = rewind.moments[int(np.abs(places - x).argmin())]
            assert rewind.nearest(axis, x) is expected
    with pytest.raises(ValueError, match=r"axis must be one of epoch, .*, got 'hours'"):
        rewind.nearest("hours", 1)


def test_a_moment_must_be_of_now_and_know_theta():
    trainer, rewind = long(), Rewind()
    then = trainer.snapshot()
    with pytest.raises(ValueError, match=r"snapshot of now \(update 0\) with θ"):
        rewind.keep(trainer, replace(then, theta=None))
    trainer.run(2)
    with pytest.raises(ValueError, match=r"now \(update 2\) with θ; got one of update 0"):
        rewind.keep(trainer, then)
    with pytest.raises(ValueError, match="`most_bytes` must be ≥ 0; got -1"):
        Rewind(-1)


def test_small_moments_are_bounded_in_number():
    trainer, rewind = long(), Rewind()
    shown = trainer.snapshot()
    for _ in range(MOST_MOMENTS + 10):
        trainer.run(1)
        rewind.keep(trainer, replace(shown, update=trainer.update))
        assert len(rewind.moments) <= MOST_MOMENTS
    assert rewind.moments[0].snapshot.update == 1
    assert rewind.nbytes < rewind.most_bytes


def test_readers_hold_what_they_have_read():
    trainer, rewind = long(), Rewind()
    kept(trainer, rewind, 4)
    read = rewind.moments
    rewind.cut(3)
    assert [m.snapshot.update for m in read] == [0, 3, 6, 9]
    assert [m.snapshot.update for m in rewind.moments] == [0, 3]
