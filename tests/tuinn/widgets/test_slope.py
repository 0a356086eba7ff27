"""The slope in a direction: −∇C is the steepest."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tuinn.widgets.slope import Slope

numbers = st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-6)
angles = st.floats(-180, 180)


@given(numbers, numbers, angles)
def test_no_direction_is_steeper_than_minus_the_gradient(gx: float, gy: float, v: float) -> None:
    slope = Slope("S sgd", (gx, gy), v)
    assert slope.along(slope.downhill) == np.float64(-slope.norm) or math.isclose(
        slope.along(slope.downhill), -slope.norm, rel_tol=1e-12
    )
    assert slope.along(v) >= -slope.norm * (1 + 1e-12)


@given(numbers, numbers, angles)
def test_it_is_the_product_of_the_gradient_and_a_unit_vector(
    gx: float, gy: float, v: float
) -> None:
    slope = Slope("S sgd", (gx, gy), v)
    unit = np.array([math.cos(math.radians(v)), math.sin(math.radians(v))])
    np.testing.assert_allclose(slope.along(v), np.array([gx, gy]) @ unit, atol=1e-9 * slope.norm)
