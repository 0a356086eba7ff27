"""The slope in a direction: −∇C is the steepest."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tuinn.widgets.slope import NOTHING, Slope, SlopePanel

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


async def test_where_it_is_level_no_direction_is_named_and_ascii_is_ascii() -> None:
    class One(App[None]):
        def compose(self) -> ComposeResult:
            yield SlopePanel(glyphs="ascii")

    async with One().run_test(size=(80, 9)) as pilot:
        panel = pilot.app.query_one(SlopePanel)

        def text(slope: Slope) -> str:
            panel.show(slope)
            return "\n".join(
                "".join(map(chr, line)) for line in panel.compose_cells(70, 6).codes.tolist()
            )

        steep = text(Slope("S sgd", (1.0, 2.0), -60.0))
        assert "of the steepest" in steep
        assert "-60 " in steep
        assert steep.isascii()
        assert "turn v" in str(panel.border_subtitle)
        for level in (
            Slope("S sgd", (7.6e-9, 0.0), 45.0),
            Slope("S sgd", (0.0, NOTHING), 45.0),
            Slope("S sgd", (0.5, 0.5), 45.0, ended=True),
        ):
            assert level.level
            said = text(level)
            assert not panel.border_subtitle
            assert "next to nothing" in said
            assert "steepest" not in said
            assert "v" not in said.replace("level", "")
        assert not Slope("S sgd", (2 * NOTHING, 0.0), 0.0).level
