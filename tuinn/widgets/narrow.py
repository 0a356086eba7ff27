"""Makes Textual write no more of a line than what is to be repainted.

Textual 8 cuts a repainted part of a line at its right end only: for one changed cell at the right
of a widget, all cells to its left are sent again. Over a slow link that is most of what a live
chart costs, so its private `ChopsUpdate.render_segments` is replaced by one that cuts on both
sides. Where a later Textual has no such method, nothing is replaced and only bytes are lost.
"""

from __future__ import annotations

from rich.console import Console
from rich.control import Control
from textual import _compositor


def install() -> None:
    """Replace the method, once for the whole process."""
    if hasattr(_compositor.ChopsUpdate, "render_segments"):
        _compositor.ChopsUpdate.render_segments = _render_segments  # type: ignore[assignment]


def _render_segments(update: _compositor.ChopsUpdate, console: Console) -> str:
    """The update as text with escape sequences."""
    sequences: list[str] = []
    for y, start, end in update.spans:
        # a line is made of strips: offset -> strip, each up to the offset of the next
        for right, (left, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            first, last = max(left, start), min(right, end)
            if strip is None or first >= last:
                continue
            sequences.append(Control.move_to(first, y).segment.text)
            sequences.append(strip.crop(first - left, last - left).render(console))
    return "".join(sequences)
