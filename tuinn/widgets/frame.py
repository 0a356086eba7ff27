"""The one place that drives plotext 5: the frame of a chart, its axes, ticks and labels.

plotext has its own figure object here, never its global one, and only ever sees one blank point:
the curves are drawn by `raster`. It knows nothing of logarithms either (plotext 5 fails on the
second build of a log axis): a log axis is a linear one in log10 whose labels say otherwise.
The legend is not plotext's, which is laid over the curves, nor is the title: where only the lower
axis is shown, plotext 5 paints the missing upper axis over its own title.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import plotext
from numpy.typing import NDArray
from plotext._figure import _figure_class

from tuinn.widgets.scale import (
    Limits,
    linear_labels,
    linear_ticks,
    log_labels,
    log_ticks,
)

Codes = NDArray[np.uint32]
"""A grid of characters as code points, (rows, columns)."""

SPACE = ord(" ")
_ASCII = str.maketrans("│┤├─┬┴└┘┌┐┼−–", "|++-+++++++--")
_LEAST_CANVAS = (8, 2)
"""Columns and rows below which axes would only take room from the curves."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A frame of ``codes`` (height, width) around a canvas of (rows, columns) at (top, left)."""

    codes: Codes
    left: int
    top: int
    columns: int
    rows: int


@lru_cache(maxsize=64)
def frame(
    width: int,
    height: int,
    x_limits: Limits,
    y_limits: Limits,
    *,
    log: bool = False,
    x_label: str = "",
    label_width: int = 0,
    ascii_only: bool = False,
) -> Frame:
    """Axes for a chart of ``width`` × ``height`` cells; too small a one is all canvas.

    With ``log`` the y limits are log10 of the values. The labels of the y axis take at least
    ``label_width`` cells, so that charts above one another can be aligned. The result is shared:
    copy its codes before drawing on them.
    """
    y_ticks, y_labels = y_axis(y_limits, height - 2, log=log)
    label_width = max(label_width, *map(len, y_labels))
    canvas_rows = height - 2 - bool(x_label)
    if width - label_width - 1 < _LEAST_CANVAS[0] or canvas_rows < _LEAST_CANVAS[1]:
        return Frame(np.full((height, width), SPACE, np.uint32), 0, 0, width, height)
    x_ticks = linear_ticks(*x_limits, most=max(2, (width - label_width) // 9))
    figure = _figure_class()
    figure._limit_size(False, False)
    figure.plot_size(width, height)
    figure.theme("clear")
    figure.xaxes(True, False)
    figure.yaxes(True, False)
    figure.xlim(*x_limits)
    figure.ylim(*y_limits)
    figure.xticks(x_ticks, linear_labels(x_ticks))
    figure.yticks(y_ticks, [label.rjust(label_width) for label in y_labels])
    if x_label:
        figure.xlabel(x_label)
    figure.plot([x_limits[0]], [y_limits[0]], marker=" ")
    text = plotext.uncolorize(figure.build())
    if ascii_only:
        text = text.translate(_ASCII)
    lines = [line.ljust(width)[:width] for line in text.split("\n")[:height]]
    codes = np.array([[ord(character) for character in line] for line in lines], np.uint32)
    corner = ord("+" if ascii_only else "└")
    below = np.flatnonzero(codes[:, label_width] == corner)
    if codes.shape != (height, width) or below.size == 0:
        raise RuntimeError(f"plotext {plotext.__version__} drew a frame without axes:\n{text}")
    left = label_width + 1
    return Frame(codes, left, 0, width - left, int(below[-1]))


def y_axis(limits: Limits, rows: int, *, log: bool) -> tuple[list[float], list[str]]:
    """Ticks of a y axis of so many rows, in the units of the axis, and their labels."""
    most = max(2, min(6, rows // 3 + 1))
    if log:
        ticks = log_ticks(*limits, most=most)
        return ticks, log_labels(ticks)
    ticks = linear_ticks(*limits, most=most)
    return ticks, linear_labels(ticks)
