"""The particle swarm: velocities, their limit, and how news travels."""

import numpy as np
import pytest

from engine.optimizers.swarm import Swarm


def started(theta, seed=0, **parameters):
    search = Swarm(**parameters)
    search.start(np.asarray(theta, float), np.ones(len(theta)), np.random.default_rng(seed))
    return search


def bowl(points):
    return (points * points).sum(axis=1)


def test_particles_start_at_rest_and_without_attraction_stay_there():
    search = started([1.0, 2.0], cognitive=0, social=0)
    first = search.ask().copy()
    for _ in range(5):
        search.tell(bowl(search.ask()), None, 0.0, 0.0)
        assert (search.ask() == first).all()
    assert dict(search.search().figures)["speed"] == 0


def test_inertia_keeps_its_part_of_the_velocity():
    search = started([1.0, 2.0], inertia=0.6, cognitive=0, social=0)
    v = np.random.default_rng(1).uniform(-1, 1, (30, 2))
    search.restore({**search.state(), "v": v})
    x = search.ask().copy()
    for step in range(1, 6):
        search.tell(bowl(search.ask()), None, 0.0, 0.0)
        x += 0.6**step * v
        assert np.allclose(search.ask(), x, rtol=1e-14)


def test_a_lonely_particle_swings_around_its_best_place():
    # without inertia and company, x + c₁ r (p − x) lies between x and 2p − x for c₁ = 2
    search = started([0.0, 0.0], inertia=0, cognitive=2, social=0, velocity_limit=100)
    rng = np.random.default_rng(2)
    x, p = rng.normal(size=(30, 2)), rng.normal(size=(30, 2))
    search.restore({**search.state(), "points": x, "p": p, "p_costs": np.zeros(30)})
    search.tell(np.ones(30), None, 0.0, 0.0)
    part = (search.ask() - x) / (p - x)
    assert ((part >= 0) & (part < 2)).all()
    # r is drawn for each particle and each coordinate
    assert np.unique(part.round(12)).size == 60
    assert abs(part.mean() - 1) < 4 * 2 / np.sqrt(12 * 60)


def test_no_coordinate_of_a_velocity_exceeds_the_limit():
    search = started(np.full(4, 50.0), velocity_limit=0.3, spread=5.0)
    longest = 0.0
    for _ in range(40):
        before = search.ask().copy()
        search.tell(bowl(before), None, 0.0, 0.0)
        longest = max(longest, np.abs(search.ask() - before).max())
    assert longest == pytest.approx(0.3, abs=1e-12)
    assert dict(search.search().figures)["speed"] <= 0.3 * np.sqrt(4)


@pytest.mark.parametrize("neighbours", [1, 3])
def test_on_a_ring_news_travels_from_neighbour_to_neighbour(neighbours):
    # two swarms alike, but in one of them particle 0 finds something at first
    parameters = {
        "population": 20, "topology": "ring", "neighbours": neighbours, "velocity_limit": 1e9,
    }  # fmt: skip
    quiet, excited = started([3.0, 3.0], **parameters), started([3.0, 3.0], **parameters)
    distance = np.minimum(np.arange(20), 20 - np.arange(20))
    for update in range(1, 25):
        for search in (quiet, excited):
            J = bowl(search.ask())
            if update == 1:
                J[0] = -1.0 if search is excited else 1e9
            search.tell(J, None, 0.0, 0.0)
        knows = (quiet.ask() != excited.ask()).any(axis=1)
        assert not knows[distance > update * neighbours].any()
        if update == 1:
            assert knows[(distance <= neighbours) & (distance > 0)].all()
    # what was found by way of the news is news in turn
    assert knows[distance > neighbours].any()


@pytest.mark.parametrize("ring", [{"topology": "global"}, {"topology": "ring", "neighbours": 10}])
def test_in_a_global_swarm_news_is_everywhere_at_once(ring):
    # a ring that reaches around itself is global too
    quiet = started([3.0, 3.0], population=20, **ring)
    excited = started([3.0, 3.0], population=20)
    J = bowl(quiet.ask())
    quiet.tell(J, None, 0.0, 0.0)
    excited.tell(J, None, 0.0, 0.0)
    assert (quiet.ask() == excited.ask()).all()
    wide = {"population": 20, "velocity_limit": 1e9}
    first, last = started([3.0], **wide, **ring), started([3.0], **wide, **ring)
    first.tell(np.r_[-1.0, np.ones(19)], None, 0.0, 0.0)
    last.tell(np.r_[np.ones(19), -1.0], None, 0.0, 0.0)
    assert (first.ask() != last.ask()).all()


def test_the_swarm_contracts_by_its_defaults():
    search = started(np.full(5, 2.0))
    first = dict(search.search().figures)["diversity"]
    for _ in range(200):
        search.tell(bowl(search.ask()), None, 0.0, 0.0)
    assert dict(search.search().figures)["diversity"] < 1e-4 * first
    assert search.search().best < 1e-9
