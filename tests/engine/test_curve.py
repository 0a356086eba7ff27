"""The hash of a curve: the same for the same run however it was made, another for another run."""

import json

import numpy as np
import pytest
from engine_examples import ByProtocol, WithVelocity, diverging, make
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import GradientDescent, Stop
from engine.curve import BEGIN, CurveHash, is_judged, next_judged, on_grid
from engine.optimizers import optimizer

RULES = {
    "descent": GradientDescent,
    "by protocol": ByProtocol,
    "with velocity": WithVelocity,
    "adam": lambda eta: optimizer("adam", eta=eta / 100),
}


def trainer(rule="descent", eta=0.5, **options):
    return make(
        optimizer=RULES[rule](eta), **({"batch_size": 10, "stop": Stop(epochs=200)} | options)
    )


def hash_after(updates, **options):
    run = trainer(**options)
    run.run(updates)
    return run.curve_hash


def test_the_grid_is_dense_at_first_and_has_at_most_64_epochs_of_each_octave():
    assert all(on_grid(epoch) for epoch in range(1, 129))
    assert [epoch for epoch in range(129, 140) if on_grid(epoch)] == [130, 132, 134, 136, 138]
    assert [epoch for epoch in range(10**6, 10**6 + 20_000) if on_grid(epoch)] == [
        1_007_616,
        1_015_808,
    ]
    for octave in range(7, 20):
        assert sum(on_grid(epoch) for epoch in range(2**octave, 2 ** (octave + 1))) == 64


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=15)
@given(cuts=st.lists(st.integers(1, 300), max_size=6), looks=st.booleans(), moved=st.booleans())
def test_it_does_not_depend_on_how_the_run_was_driven(rule, cuts, looks, moved):
    run = trainer(rule)
    for cut in cuts:
        run.run(cut)
        if looks:
            run.snapshot()
        if moved:
            before, run = run, trainer(rule, eta=0.7)
            run.load(before.dump())
            assert run.curve_hash == before.curve_hash
    run.run(1800 - run.update)
    assert run.curve_hash == EXPECTED.setdefault(rule, hash_after(1800, rule=rule))


EXPECTED: dict[str, str] = {}


def test_it_is_16_hexadecimal_characters_and_another_at_every_update():
    run = trainer()
    seen = [run.curve_hash]
    for _ in range(13):
        run.run(1)
        seen.append(run.curve_hash)
    assert len(set(seen)) == 14
    assert all(len(bytes.fromhex(one)) == 8 for one in seen)


@pytest.mark.parametrize(
    "other",
    [{"eta": 0.5 + 2**-50}, {"alpha": 1e-12}, {"batch_size": 11}, {"rule": "with velocity"}],
)
def test_another_run_has_another_hash(other):
    assert hash_after(60, **other) != hash_after(60)


def test_what_happened_on_the_way_counts_where_the_end_is_the_same():
    theta, other = np.arange(5.0), np.arange(5.0)
    other[3] = np.nextafter(other[3], 4)
    one, two = CurveHash(), CurveHash()
    one.end_epoch(1, 10, 10, theta)
    two.end_epoch(1, 10, 10, other)
    assert one.at(2, 20, 20, theta) != two.at(2, 20, 20, theta)


def test_epoch_update_and_evaluations_count():
    theta = np.arange(5.0)
    places = [(1, 10, 10), (2, 10, 10), (1, 11, 10), (1, 10, 11), (11, 0, 10)]
    assert len({CurveHash().at(*place, theta) for place in places}) == len(places)


def test_a_run_that_is_prolonged_has_the_hash_of_one_that_was_long_from_the_start():
    run = trainer(stop=Stop(epochs=10))
    run.run(10**6)
    run.change(stop=Stop(epochs=150, patience=150))
    run.run(10**6)
    assert run.epoch == 150
    assert run.curve_hash == hash_after(150 * 6)


def test_a_branch_goes_on_with_the_chain_of_its_parent():
    parent = trainer()
    parent.run(90)
    branch, another = trainer(), trainer(eta=0.1)
    branch.branch(parent.dump())
    another.branch(parent.dump())
    assert branch.curve_hash == another.curve_hash == parent.curve_hash
    for run in (parent, branch, another):
        run.run(90)
    assert branch.curve_hash == parent.curve_hash != another.curve_hash


def test_a_checkpoint_of_an_older_version_goes_on_without_a_hash():
    old = trainer()
    old.run(20)
    arrays = old.dump()
    numbers = json.loads(str(arrays["numbers"]))
    assert numbers.pop("curve") != BEGIN
    run = trainer()
    run.load({**arrays, "numbers": np.array(json.dumps(numbers))})
    run.run(20)
    assert run.curve_hash == ""
    again = trainer()
    again.load(run.dump())
    assert again.curve_hash == ""


def test_a_run_that_diverged_has_the_same_hash_whatever_its_chunks():
    hashes = set()
    for chunk in (1, 3, 10**6):
        run = diverging(optimizer=GradientDescent(3.0))
        while run.finished is None:
            run.advance(chunk)
        assert run.diverged is not None
        hashes.add(run.curve_hash)
    assert len(hashes) == 1


def test_a_search_has_a_hash_too():
    hashes = {hash_after_search(sigma, chunk) for sigma, chunk in ((0.3, 1), (0.3, 5), (0.4, 5))}
    assert len(hashes) == 2


def hash_after_search(sigma, chunk):
    run = make(optimizer=optimizer("genetic", population=8, sigma=sigma), stop=Stop(epochs=20))
    while run.finished is None:
        run.run(chunk)
    return run.curve_hash


@given(epoch=st.integers(0, 10**6))
def test_the_next_epoch_by_which_runs_are_judged_is_the_first_that_is(epoch):
    following = next_judged(epoch)
    assert following > epoch
    assert is_judged(following)
    assert on_grid(following)
    between = range(epoch + 1, min(following, epoch + 2000))
    assert not any(is_judged(one) for one in between)


def test_runs_are_judged_at_the_ends_of_few_epochs_alone():
    places = (0.0, 0.5, 1.0, 1.25, 31.0, 33.0, 34.0, 66.0, 68.0)
    assert [epoch for epoch in places if is_judged(epoch)] == [1.0, 31.0, 34.0, 68.0]
    for octave in range(5, 12):
        assert sum(is_judged(epoch) for epoch in range(2**octave, 2 ** (octave + 1))) == 16
