"""Which panels there are, and which of them stand on the screen together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tuinn.widgets.method_facts import MethodFacts

SATURATION, DECAY, SURFACE, WATERFALL, HISTOGRAMS, NETWORK, EQUATIONS, EXAMPLES = range(5, 13)
KEYS = "123456789nbv"
"""The key of each panel, which also begins its title; panels are numbered from 1."""
GROUPS: tuple[tuple[int, ...], ...] = (
    tuple(range(1, SURFACE)),
    (SURFACE,),
    (WATERFALL, HISTOGRAMS),
    (NETWORK,),
    (EQUATIONS,),
    (EXAMPLES,),
)
"""Panels that may share a page. What needs all the room has a page of its own."""
OF_GRADIENTS = frozenset({WATERFALL, EQUATIONS})
"""There are these where there is a δ."""
PANEL_WIDTH, PANEL_HEIGHT = 42, 8
"""Cells a panel wants at least; with less room fewer are shown at a time."""

Page = tuple[int, ...]


def not_offered(facts: MethodFacts) -> frozenset[int]:
    """The panels that there are not for a method, whatever the data."""
    return OF_GRADIENTS if facts.searches else frozenset()


@dataclass(frozen=True)
class Shape:
    """How many panels stand beside and above each other."""

    columns: int
    rows: int

    @property
    def panels(self) -> int:
        return self.columns * self.rows

    @classmethod
    def of(cls, width: int, height: int) -> Shape:
        """What fits: one panel alone, 1 × 2, 2 × 1, … up to 2 × 3."""
        rows = max(1, min(3, height // PANEL_HEIGHT))
        columns = 2 if width >= 2 * PANEL_WIDTH else 1
        if height < 2 * PANEL_HEIGHT + 8:
            # a low terminal shows one panel at a time, and that one well
            return cls(1, 1)
        return cls(columns, rows)

    def columns_for(self, page: Page) -> int:
        """Over how many columns the panels of a page are laid."""
        if set(page) <= {WATERFALL, HISTOGRAMS} and len(page) <= self.rows:
            # time goes across: they gain more by width than by height
            return 1
        return max(1, min(self.columns, len(page)))


def pages(offered: Collection[int], shape: Shape, aside: int | None = None) -> list[Page]:
    """The panels that are ``offered``, page by page; without the one that stands ``aside``."""
    found = []
    for group in GROUPS:
        numbers = [number for number in group if number in offered and number != aside]
        size = shape.panels
        found += [tuple(numbers[at : at + size]) for at in range(0, len(numbers), size)]
    return found
