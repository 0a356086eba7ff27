"""ACO_R: the archive, and what is drawn from it."""

import numpy as np
import pytest

from engine.optimizers.ants import Ants


def started(theta, seed=0, **parameters):
    search = Ants(**parameters)
    search.start(np.asarray(theta, float), np.ones(len(theta)), np.random.default_rng(seed))
    return search


def with_archive(solutions, **parameters):
    """An archive of these solutions, the best first; and what was drawn from it."""
    solutions = np.array(solutions, float)
    k, n = solutions.shape
    search = started(np.zeros(n), archive=k, **parameters)
    search.restore(
        {**search.state(), "solutions": solutions, "costs": np.arange(k), "points": solutions}
    )
    # nothing that enters the archive
    search.tell(np.full(k, np.inf), None, 0.0, 0.0)
    assert (search.state()["solutions"] == solutions).all()
    return search, search.ask()


def test_the_archive_holds_the_best_of_all_in_order():
    search = started([2.0, -1.0], archive=8, population=3)
    points, costs = np.empty((0, 2)), np.empty(0)
    for update in range(30):
        asked = search.ask()
        assert len(asked) == (8 if update == 0 else 3)
        J = (asked**2).sum(axis=1)
        points, costs = np.concatenate((points, asked)), np.concatenate((costs, J))
        search.tell(J, None, 0.0, 0.0)
        best = costs.argsort()[:8]
        assert (search.state()["solutions"] == points[best]).all()
        assert search.search().mean == pytest.approx(costs[best].mean())


def test_old_solutions_stay_before_new_ones_of_the_same_cost():
    search = started([2.0], archive=3, population=2)
    search.tell(np.ones(3), None, 0.0, 0.0)
    first = search.state()["solutions"]
    search.tell(np.ones(2), None, 0.0, 0.0)
    assert (search.state()["solutions"] == first).all()


def test_deviations_are_mean_distances_within_the_archive():
    search, _ = with_archive([[0, 5], [1, 5], [4, 5]], xi=1.0)
    # of 0 to 1 and 4, of 1 to 0 and 4, of 4 to 0 and 1
    expected = [[2.5, 0], [2, 0], [3.5, 0]]
    assert search.deviations(np.arange(3)).tolist() == expected
    assert search.deviations(np.array([2, 0, 2])).tolist() == [[3.5, 0], [2.5, 0], [3.5, 0]]
    assert dict(search.search().figures)["deviation"] == pytest.approx(np.mean(expected))
    # the centroid is 5/3
    assert dict(search.search().figures)["archive_spread"] == pytest.approx((5 + 2 + 7) / 9)
    narrow, _ = with_archive([[0, 5], [1, 5], [4, 5]], xi=0.5)
    assert np.allclose(narrow.deviations(np.arange(3)), np.array(expected) / 2)


def test_a_small_q_draws_around_the_best_alone():
    n = 20_000
    _, drawn = with_archive([[0], [1], [4]], q=1e-3, xi=1.0, population=n)
    assert drawn.shape == (n, 1)
    assert abs(drawn.mean()) < 4 * 2.5 / np.sqrt(n)
    assert abs(drawn.std() / 2.5 - 1) < 4 / np.sqrt(2 * n)


def test_a_large_q_draws_around_all_alike():
    n = 20_000
    search, drawn = with_archive([[0], [100], [400]], q=1e6, xi=1e-3, population=n)
    assert np.allclose(search.weights, 1 / 3)
    nearest = np.abs(drawn - [[0, 100, 400]]).argmin(axis=1)
    share = np.bincount(nearest, minlength=3) / n
    assert (np.abs(share - 1 / 3) < 4 * np.sqrt(2 / 9 / n)).all()


def test_solutions_are_chosen_by_their_weights():
    n = 20_000
    search, drawn = with_archive([[0], [100], [400]], q=0.4, xi=1e-3, population=n)
    nearest = np.abs(drawn - [[0, 100, 400]]).argmin(axis=1)
    share = np.bincount(nearest, minlength=3) / n
    p = search.weights
    assert p.sum() == pytest.approx(1)
    assert p[0] > p[1] > p[2] > 0.01
    assert (np.abs(share - p) < 4 * np.sqrt(p * (1 - p) / n)).all()


def test_an_ant_stays_with_one_solution_in_all_coordinates():
    _, drawn = with_archive([[0, 0], [100, 100]], q=1e6, xi=1e-3, population=200)
    near = np.abs(drawn) < 50
    assert (near[:, 0] == near[:, 1]).all()
    assert 0 < near[:, 0].sum() < 200


@pytest.mark.parametrize(("archive", "spread"), [(2, 1.0), (9, 1.0), (50, 1e-9)])
def test_the_deviation_that_is_shown_is_the_mean_of_all(archive, spread):
    ants = Ants(archive=archive, spread=spread)
    ants.start(np.array([1.0, -200.0, 3.0]), np.ones(3), np.random.default_rng(0))
    for _ in range(4):
        J = (ants.ask() ** 2).sum(axis=1)
        ants.tell(J, None, 0.0, 0.0)
    all_of_them = ants.deviations(np.arange(archive))
    assert np.isclose(dict(ants.search().figures)["deviation"], all_of_them.mean(), rtol=1e-7)
