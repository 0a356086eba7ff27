"""Walks on surfaces: what they count, how they end, and that they go on exactly."""

import numpy as np
import pytest

from engine import GradientDescent, trail
from engine.optimizers import optimizer
from engine.surfaces import SURFACES, surface
from engine.trail import Trail
from engine.walk import AT_MINIMUM, Walk


def walked(on, optimizer, updates=10**6, **options):
    walk = Walk(surface(on), optimizer, **options)
    walk.advance(updates)
    return walk


def test_descent_on_the_bowl_shrinks_by_1_minus_2_eta():
    walk = walked("sphere", GradientDescent(eta=0.1), 20)
    start = np.array(surface("sphere").start)
    expected = start * 0.8 ** np.arange(21)[:, None]
    assert walk.path == pytest.approx(expected, rel=1e-13)
    assert walk.position == pytest.approx(expected[-1])
    assert walk.cloud == pytest.approx(expected[-2:-1])
    assert walk.cost == pytest.approx((expected[-1] ** 2).sum())
    assert walk.gradient == pytest.approx(2 * expected[-1])
    assert (walk.update, walk.evaluations, walk.finished) == (20, 20, None)


def test_before_the_first_update_it_stands_at_the_start():
    for on in SURFACES.values():
        walk = Walk(on, GradientDescent())
        assert tuple(walk.position) == tuple(walk.best) == on.start
        assert walk.path.tolist() == walk.cloud.tolist() == [list(on.start)]
        assert (walk.update, walk.evaluations, walk.finished) == (0, 0, None)
        assert not walk.reached()


def test_it_begins_where_it_is_told():
    walk = walked("sphere", GradientDescent(eta=0.25), 1, start=(2, -1))
    assert walk.path.tolist() == [[2, -1], [1, -0.5]]


def test_advance_says_how_many_updates_it_made():
    walk = Walk(surface("sphere"), GradientDescent(eta=0.1), budget=5)
    assert (walk.advance(3), walk.advance(10), walk.advance()) == (3, 2, 0)


def test_it_ends_when_the_budget_is_spent():
    walk = walked("rosenbrock", GradientDescent(eta=1e-6), budget=2000)
    assert walk.finished == "budget of 2 000 evaluations spent"
    assert (walk.update, walk.evaluations) == (2000, 2000)
    assert not walk.diverged


def test_it_ends_at_a_minimum():
    walk = walked("himmelblau", GradientDescent(eta=0.01))
    assert walk.finished == "at a minimum"
    assert walk.reached(AT_MINIMUM)
    assert walk.distance == surface("himmelblau").distance(walk.best)
    assert np.linalg.norm(walk.path[-1] - walk.path[-2]) <= AT_MINIMUM


def test_one_that_has_just_jumped_to_the_minimum_may_not_stay():
    # η = 0.5 lands on it in one jump; only the next update shows that it stays
    walk = walked("sphere", GradientDescent(eta=0.5), 1, start=(1.0, 0.0))
    assert walk.distance == 0
    assert walk.reached()
    assert walk.finished is None
    walk.advance()
    assert walk.finished == "at a minimum"


def test_a_descent_that_comes_to_rest_elsewhere_is_told_apart():
    walk = walked("rastrigin", GradientDescent(eta=0.002))
    assert walk.finished == "at rest: no slope here, but no global minimum either"
    assert np.linalg.norm(walk.gradient) <= 1e-8
    assert walk.cost == pytest.approx(17.909, abs=1e-3)
    assert not walk.reached()


def test_a_descent_that_leaves_the_map_far_behind_has_diverged():
    walk = walked("sphere", GradientDescent(eta=1.5))
    # each jump is twice as far: 1.6 · 2^n > 1000 · 4
    assert walk.finished == "diverged: more than 1000 map widths away at update 12"
    assert walk.diverged
    assert walk.advance() == 0


def test_a_descent_that_leaves_the_finite_numbers_has_diverged():
    walk = walked("rosenbrock", GradientDescent(eta=1e307))
    assert walk.finished == "diverged: left the finite numbers at update 1"
    assert not walk.reached()
    assert walk.path.shape == (2, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"budget": 0}, "`budget` must be a whole number ≥ 1; got 0"),
        ({"budget": 2.5}, "`budget` must be a whole number ≥ 1; got 2.5"),
        ({"seed": -1}, "`seed` must be a whole number ≥ 0; got -1"),
        ({"start": (0, float("nan"))}, "`start` must be two finite numbers"),
        ({"start": (0, 0, 0)}, "`start` must be two finite numbers"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(options, message):
    with pytest.raises(ValueError, match=message):
        Walk(surface("sphere"), GradientDescent(), **options)


def test_eta_may_be_changed_on_the_way():
    walk = walked("sphere", GradientDescent(eta=0.1), 1)
    walk.optimizer.eta = 0.25
    walk.advance()
    assert walk.position == pytest.approx(np.array(surface("sphere").start) * 0.8 * 0.5)


def test_the_trail_stays_short_and_even(monkeypatch):
    monkeypatch.setattr(trail, "MOST", 8)
    kept = Trail(np.array([0.0, 0.0]))
    for n in range(1, 300):
        at = np.array([n, -n], float)
        kept.add(at)
        points = kept.points(at)[:, 0]
        assert points[0] == 0
        assert points[-1] == n
        assert len(points) <= 9
        # from the start in equal strides, and less than a stride on to where it stands
        strides = np.diff(points)
        assert (strides[:-1] == strides[0]).all()
        assert strides[-1] <= strides[0]
        assert len(points) > 4 or n < 4


def test_a_trail_goes_on_from_its_dump(monkeypatch):
    monkeypatch.setattr(trail, "MOST", 8)
    whole, first = Trail(np.zeros(2)), Trail(np.zeros(2))
    for n in range(1, 60):
        whole.add(np.full(2, n))
    for n in range(1, 27):
        first.add(np.full(2, n))
    second = Trail(np.ones(2))
    second.load(first.dump())
    for n in range(27, 60):
        second.add(np.full(2, n))
    assert (second.points(np.ones(2)) == whole.points(np.ones(2))).all()


def test_a_dump_of_another_walk_is_refused():
    dump = walked("sphere", GradientDescent(), 1).dump()
    with pytest.raises(ValueError, match="its surface is sphere, this walk's is ravine"):
        Walk(surface("ravine"), GradientDescent()).load(dump)
    with pytest.raises(ValueError, match="this is not the state of a walk"):
        Walk(surface("ravine"), GradientDescent()).load({})
    dump = walked("sphere", optimizer("swarm"), 1).dump()
    with pytest.raises(ValueError, match=r"its optimizer.population is 30, this walk's is 31"):
        Walk(surface("sphere"), optimizer("swarm", population=31)).load(dump)
    del dump["optimizer.points"]
    with pytest.raises(ValueError, match="this is not the state of a walk"):
        Walk(surface("sphere"), optimizer("swarm")).load(dump)


def test_two_walks_with_one_optimiser_do_not_disturb_each_other():
    method = optimizer("momentum")
    alone, first = (Walk(surface("sphere"), method) for _ in range(2))
    alone.advance(5)
    first.advance(2)
    Walk(surface("ravine"), method).advance(3)
    first.advance(3)
    assert (first.position == alone.position).all()


def test_a_walk_that_was_at_its_end_is_so_after_loading_and_a_budget_is_its_own():
    options = {"eta": 1e-3}
    ended = walked("sphere", GradientDescent(eta=1.5))
    again = Walk(surface("sphere"), GradientDescent())
    again.load(ended.dump())
    assert again.finished == ended.finished
    spent = walked("sphere", GradientDescent(**options), budget=10)
    longer = Walk(surface("sphere"), GradientDescent(**options), budget=20)
    longer.load(spent.dump())
    assert longer.finished is None
    assert longer.advance(100) == 10
