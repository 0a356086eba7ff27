"""What decay and the gradient do over a run: their steps meet where the weights are in balance."""

from __future__ import annotations

from tuinn.history import History
from tuinn.widgets import raster
from tuinn.widgets.cells import Cells
from tuinn.widgets.frame import frame
from tuinn.widgets.legend import Run
from tuinn.widgets.look import layer_ink, layer_marker
from tuinn.widgets.plot import curves, plot
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.scale import Limits, whole_axis
from tuinn.widgets.series import Series

LEAST_ROWS = 9
"""With fewer a chart tells less than the bars."""
_LABEL_WIDTH = 6
_SAMPLE = 6
"""Cells of a line in the key: enough to see that it is dashed."""


class StepsChart:
    """Draws the gradient step of each layer as a line with its marker, and that of decay dashed.

    The y axis is logarithmic; it keeps its limits while the curves allow it.
    """

    def __init__(self) -> None:
        self._limits: Limits | None = None

    def draw(
        self,
        history: History,
        axis: str,
        x_range: Limits | None,
        at: float | None,
        width: int,
        height: int,
        glyphs: Glyphs,
        *,
        coloured: bool,
    ) -> Cells | None:
        """The chart in so many cells; None where there is nothing to draw.

        ``axis`` is one of `tuinn.history.AXES`, ``x_range`` its planned extent and ``at`` the
        place that is looked at.
        """
        series = _series(history, axis)
        x = history.x(axis)
        if len(x) < 2:
            return None
        x_limits = whole_axis(float(x[0]), float(x[-1]), x_range)
        shown = curves(series, x_limits, 0.0, log=True)
        if shown.low > shown.high:
            return None
        self._limits = shown.limits(self._limits, None)
        ascii_only = glyphs == "ascii"
        framed = frame(
            width,
            height,
            x_limits,
            self._limits,
            log=True,
            label_width=_LABEL_WIDTH,
            ascii_only=ascii_only,
        )
        drawn = plot(shown, (), framed, x_limits, self._limits, glyphs, 0, coloured=coloured)
        if at is not None:
            drawn.draw_cursor(drawn.cells, at, glyphs)
        return drawn.cells


def key(glyphs: Glyphs, x_label: str, *, decays: bool) -> list[Run]:
    """What the lines are, in a line of its own."""
    solid, dashed = (raster.sample(style, glyphs, _SAMPLE) for style in ("solid", "dashed"))
    text = f"over {x_label}:  {solid} gradient step"
    return [(f"{text}  {dashed} decay step" if decays else text, "dim")]


def _series(history: History, axis: str) -> list[Series]:
    x = history.x(axis).copy()
    found = []
    for layer in range(1, history.layers + 1):
        ink, marker = layer_ink(layer), layer_marker(layer)
        gradient = history.layer_column(layer, "gradient_step").copy()
        decay = history.layer_column(layer, "decay_step").copy()
        found.append(Series("", x, gradient, ink=ink, marker=marker))
        found.append(Series("", x, decay, style="dashed", ink=ink))
    return found
