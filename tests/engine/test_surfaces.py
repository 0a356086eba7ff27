"""The surfaces against complex steps, the literature, and the engine's own network."""

import numpy as np
import pytest

from engine import Network
from engine.backprop import backprop
from engine.costs import cost
from engine.surfaces import SURFACES, surface
from engine.surfaces.neuron import INPUTS, TARGETS

ALL = pytest.mark.parametrize("on", SURFACES.values(), ids=SURFACES)


def somewhere(on, n, seed=0):
    """Points drawn from the whole map, (n, 2)."""
    (left, right), (bottom, top) = on.domain
    return np.random.default_rng(seed).uniform((left, bottom), (right, top), (n, 2))


def grid(on, n):
    """All the points of a grid over the map, (n², 2)."""
    x, y = (np.linspace(low, high, n) for low, high in on.domain)
    return np.stack([axis.ravel() for axis in np.meshgrid(x, y)], axis=1)


@ALL
def test_a_short_formula_is_short(on):
    assert len(on.brief) <= 44
    assert on.brief == on.formula or len(on.formula) > 44


def test_the_short_formula_of_beale_is_its_formula():
    points = somewhere(surface("beale"), 50)
    x, y = points.T
    terms = [(c - x + x * y**i) ** 2 for i, c in enumerate((1.5, 2.25, 2.625), start=1)]
    assert surface("beale").brief == "Σ (cᵢ − x + xyⁱ)², c = 1.5, 2.25, 2.625"
    assert sum(terms) == pytest.approx(surface("beale").value(points))


@ALL
def test_the_gradient_is_that_of_a_complex_step(on):
    points, h = somewhere(on, 200), 1e-30
    steps = np.stack([on.value(points + 1j * h * e).imag / h for e in np.eye(2)], axis=1)
    exact = on.gradient(points)
    scale = np.abs(steps).max(axis=1, keepdims=True)
    assert exact.shape == (200, 2)
    assert (np.abs(exact - steps) <= 1e-12 * np.maximum(scale, 1)).all()


@ALL
def test_each_minimum_is_one_and_all_are_of_one_cost(on):
    minima = np.array(on.minima)
    costs = on.value(minima)
    assert np.abs(on.gradient(minima)).max() < 1e-12
    assert np.ptp(costs) < 1e-12
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for minimum, at in zip(minima, costs, strict=True):
        for radius in (1e-3, 1e-2, 0.1):
            assert (on.value(minimum + radius * ring) > at).all()


@ALL
def test_nothing_on_the_map_is_below_the_minima_nor_as_low_elsewhere(on):
    points = grid(on, 601)
    costs = on.value(points)
    least = on.value(np.array(on.minima)).min()
    assert (costs >= least).all()
    lowest = points[np.argsort(costs)[:12]]
    assert max(on.distance(point) for point in lowest) < 0.2


@ALL
def test_the_map_is_square_and_holds_the_start_and_the_minima(on):
    (left, right), (bottom, top) = on.domain
    assert right - left == pytest.approx(top - bottom) == on.width
    assert on.centre == pytest.approx(((left + right) / 2, (bottom + top) / 2))
    for x, y in (on.start, *on.minima):
        assert left < x < right
        assert bottom < y < top


@ALL
def test_points_are_evaluated_one_by_one(on):
    points = somewhere(on, 20)
    for i, point in enumerate(points):
        assert on.value(points)[i] == on.value(point[None, :])[0]
        assert (on.gradient(points)[i] == on.gradient(point[None, :])[0]).all()


@ALL
def test_the_distance_is_that_to_the_nearest_minimum(on):
    for minimum in on.minima:
        assert on.distance(np.array(minimum)) == 0
        assert on.distance(np.add(minimum, (0.03, -0.04))) == pytest.approx(0.05)


@ALL
def test_only_costs_without_a_negative_are_drawn_on_a_logarithmic_scale(on):
    assert not on.log or (on.value(grid(on, 101)) >= 0).all()


@pytest.mark.parametrize(
    ("name", "point", "value"),
    [
        ("sphere", (3, 4), 25),
        ("ravine", (2, 1), 27),
        # Rosenbrock's own start
        ("rosenbrock", (-1.2, 1), 24.2),
        ("rosenbrock", (0, 0), 1),
        # the maximum of Himmelblau's function
        ("himmelblau", (-0.270845, -0.923039), 181.617),
        ("himmelblau", (0, 0), 170),
        ("rastrigin", (1, 1), 2),
        ("rastrigin", (0.5, 0.5), 40.5),
        # the highest of the usual domain
        ("rastrigin", (4.52299366, 4.52299366), 80.70658039),
        # Moré, Garbow and Hillstrom 1981, problem 5
        ("beale", (1, 1), 14.203125),
        ("saddle", (0, 0), 1),
    ],
)
def test_published_values(name, point, value):
    got = surface(name).value(np.array([point], float))[0]
    assert got == pytest.approx(value, rel=1e-5)


def test_the_ravine_is_fifty_times_as_curved_across_as_along():
    along, across = surface("ravine").gradient(np.eye(2))
    assert (across[1] / along[0], along[1], across[0]) == (50, 0, 0)


def test_the_saddle_falls_along_y_and_rises_along_x():
    gradient = surface("saddle").gradient(np.array([[0, 0], [1e-6, 0], [0, 1e-6]]))
    assert gradient == pytest.approx(np.array([[0, 0], [2e-6, 0], [0, -2e-6]]), abs=1e-15)


def test_the_neuron_is_a_network_of_one():
    network = Network((1, 1), ("sigmoid",))
    on = surface("neuron")
    for point in somewhere(on, 50):
        result = backprop(network, point, INPUTS[None, :], TARGETS[None, :], cost("quadratic"))
        assert on.value(point[None, :])[0] == pytest.approx(result.total_cost / 6, rel=1e-13)
        assert on.gradient(point[None, :])[0] == pytest.approx(result.gradient, rel=1e-12)


def test_the_neuron_is_flat_far_away_where_it_is_saturated():
    on = surface("neuron")
    saturated = np.array([(30, -45), (-30, 15), (0, 30), (0, -30)])
    assert np.abs(on.gradient(saturated)).max() < 1e-6
    far = on.value(np.array([(1e3, -1.5e3), (-1e3, 0.5e3)]))
    assert far == pytest.approx([1 / 12, 1 / 3])
    assert on.value(np.array(on.minima))[0] == pytest.approx(0.07072374735, abs=1e-11)


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(ValueError, match=r"must be one of sphere, ravine, .*neuron; got 'bowl'"):
        surface("bowl")
