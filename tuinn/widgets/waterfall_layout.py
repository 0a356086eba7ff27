"""Which rows and columns of the waterfall belong to what."""

from __future__ import annotations

from dataclasses import dataclass

AXIS_ROWS = 2
VALUE, REASON = 9, 15
"""Cells of a layer's ‖δ‖, and of what makes it so, beside its row."""
_VALUES_FROM, _REASONS_FROM = 60, 84
"""Widths from which they are there."""
_LABEL_WIDTH = 4
"""As wide as the labels of the charts at least, so that the x axes are aligned."""
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """From above: the head, the canvas, the x axis, the words; the last of them at the bottom."""

    head: int
    """Rows above the canvas."""
    each: int
    """Rows of the canvas that a layer has."""
    axis: bool
    words: int
    """Lines for the cause."""
    left: int
    """Columns before the canvas."""
    columns: int
    """Of the canvas."""
    layers: range
    """Those that are shown, from above: l falls, as δ comes from the output."""

    @classmethod
    def of(cls, width: int, height: int, layers: int, chosen: int) -> Layout:
        """For so many cells and layers, of which the ``chosen`` one is to be seen.

        Every layer has a row before anything else has one; then come the words, the axis and the
        head, and what is left makes the layers' rows higher.
        """
        shown = min(layers, max(height - 1, 1))
        free = height - shown
        words = 1 if free >= 1 else 0
        axis = free >= words + AXIS_ROWS
        head = 1 if free >= words + AXIS_ROWS * axis + 1 else 0
        free -= words + AXIS_ROWS * axis + head
        if free >= 1 and (height >= 10 or free % shown):
            more = min(free, 1 if height < 14 else 2)
            words, free = words + more, free - more
        if words:
            words = min(words + free % shown, _MOST_WORDS)
        label = max(_LABEL_WIDTH, 1 + len(f"l={layers}"))
        beside = beside_of(width)
        left = label + 1 if width - label - 1 - beside >= _LABEL_WIDTH else 0
        first = min(max(layers - chosen - shown // 2, 0), layers - shown)
        return cls(
            head=head,
            each=1 + free // shown,
            axis=axis and left > 0,
            words=words,
            left=left,
            columns=max(width - left - beside, 1),
            layers=range(layers - first, layers - first - shown, -1),
        )

    @property
    def rows(self) -> int:
        """Of the canvas."""
        return self.each * len(self.layers)

    def row(self, layer: int) -> int:
        """The middle row of a layer that is shown."""
        return self.head + self.layers.index(layer) * self.each + (self.each - 1) // 2

    def layer_at(self, row: int) -> int | None:
        """The layer that a row belongs to; None beside the canvas."""
        down = row - self.head
        return self.layers[down // self.each] if 0 <= down < self.rows else None


def beside_of(width: int) -> int:
    """Columns to the right of the canvas."""
    if width < _VALUES_FROM:
        return 0
    return VALUE + (REASON if width >= _REASONS_FROM else 0)
