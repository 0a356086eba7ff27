"""The columns of a race, a run each: the same axes, one view, one cursor; in pages where many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Resize
from textual.markup import escape

from tuinn.widgets.plot import Curves
from tuinn.widgets.race_column import RaceColumn, Small, fitting
from tuinn.widgets.raster import Glyphs
from tuinn.widgets.scale import Limits, whole_axis

MOST = 6
"""Columns there can be."""
LEAST_WIDTH = 20
"""Cells of a column, below which fewer of them are shown at a time."""


class Column(NamedTuple):
    """What a column shows of its run."""

    title: str
    state: str
    smalls: tuple[Small, ...]
    note: str = ""
    """Why the run is no more; "" while well."""


class RaceColumns(Horizontal):
    """As many columns as there are runs; those that fit are shown, `first` first."""

    DEFAULT_CSS = """
    RaceColumns { height: 1fr; }
    """

    def __init__(self, glyphs: Glyphs = "braille", least_width: int = LEAST_WIDTH) -> None:
        super().__init__(id="columns")
        self.columns = tuple(RaceColumn(place, glyphs) for place in range(MOST))
        self.least_width = least_width
        self.room = 80, 19
        """Cells and rows that there are for it: on a narrow screen it is not always shown."""
        self._order: tuple[int, ...] = ()
        """Places of the runs from left to right."""
        self._first = 0
        self.first_small = 0
        """The first of the small charts that is shown; `go` makes use of it."""
        self._x_range: Limits | None = None
        self._limits: dict[int, Limits] = {}
        """Of y, by the number of the small chart; they are kept while the curves allow it."""

    def compose(self) -> ComposeResult:
        yield from self.columns

    # which are shown

    @property
    def per_page(self) -> int:
        """Columns that there is room for."""
        fit = max(1, self.room[0] // self.least_width)
        many = len(self._order)
        if fit >= many or not many:
            return max(many, 1)
        pages = -(-many // fit)
        return -(-many // pages)

    @property
    def title_room(self) -> int:
        """Cells of the title of a column, between its corners."""
        return self.room[0] // self.per_page - 6

    @property
    def pages(self) -> int:
        return -(-len(self._order) // self.per_page) or 1

    @property
    def page(self) -> int:
        return self._first // self.per_page

    @property
    def shown(self) -> tuple[RaceColumn, ...]:
        """The columns of this page, from left to right."""
        first = self.page * self.per_page
        return tuple(self.columns[place] for place in self._order[first : first + self.per_page])

    def fits(self, smalls: int) -> int:
        """How many of so many small charts a column has room for."""
        # within the border
        return fitting(max(self.room[1] - 2, 1), max(smalls, 1))

    def put_in_order(self, order: Sequence[int]) -> None:
        """The places of the runs from left to right; those of another race begin anew. Nothing is
        drawn yet."""
        if set(order) != set(self._order):
            self._limits.clear()
        self._order = tuple(order)
        self._place()

    def go(self, page: int) -> None:
        """Show that page, counted from 0, from the next `draw` on."""
        for column in self.columns:
            column.first = self.first_small
        self._first = min(max(page, 0), self.pages - 1) * self.per_page
        self._place()

    def reveal(self, place: int) -> None:
        """Show the page of that run."""
        if place in self._order:
            self.go(self._order.index(place) // self.per_page)

    def _place(self) -> None:
        self._first = min(self._first, max(len(self._order) - 1, 0))
        shown = self.shown
        for column in self.columns:
            column.display = column in shown
        for before, column in pairwise(shown):
            if self.children.index(column) < self.children.index(before):
                self.move_child(column, after=before)

    def on_resize(self, event: Resize) -> None:
        self._place()
        self.draw_all()

    # what they show

    def focus_on(self, place: int | None) -> None:
        """Mark the run that has the focus; None: all of them."""
        for column in self.columns:
            column.set_class(column.place == place, "-current")

    def take(self, place: int, column: Column) -> None:
        """Show this from the next `draw` on."""
        widget = self.columns[place]
        widget.take(column.smalls, column.note)
        for name, text in (("border_title", column.title), ("border_subtitle", column.state)):
            text = escape(widget.plain(text))
            if str(getattr(widget, name) or "") != text:
                setattr(widget, name, text)

    def draw(self, places: Sequence[int], x_range: Limits | None) -> None:
        """Draw these columns, and all where an axis has changed. ``x_range``: as planned."""
        self._x_range = x_range
        moved = self._set_x(self._whole_x())
        limits = self._agree()
        for column in self.shown:
            if moved or limits != column.limits or column.place in places:
                column.limits = limits
                column.draw()

    def _set_x(self, x_limits: Limits) -> bool:
        """Give all columns this x axis, before their limits of y are found in it; whether it is
        another one for any that is shown."""
        others = [column for column in self.columns if column.x_limits != x_limits]
        for column in others:
            column.x_limits = x_limits
            if column.view is None:
                column.forget()
        return any(column in others for column in self.shown)

    def draw_all(self) -> None:
        """Draw every column that is shown."""
        self.draw([column.place for column in self.shown], self._x_range)

    def set_all(self, **values: object) -> None:
        """Set an attribute on every column: ``set_all(cursor=3.0)``, and draw where it must be."""
        first = self.columns[0]
        changed = {name for name, value in values.items() if getattr(first, name) != value}
        for column in self.columns:
            for name, value in values.items():
                setattr(column, name, value)
        if "view" in changed:
            self._limits.clear()
        if changed - {"cursor", "pinned"}:
            for column in self.columns:
                column.forget()
            self.draw_all()

    def forget_limits(self) -> None:
        """What is shown is something else: the axes of y begin anew."""
        self._limits.clear()

    def _whole_x(self) -> Limits:
        """The whole x axis of all runs, those of other pages, too."""
        ends = [
            (float(one.x[0]), float(one.x[-1]))
            for place in self._order
            for small in self.columns[place].smalls[:1]
            for one in small.series
            if one.x.size
        ]
        low = min((end[0] for end in ends), default=0.0)
        high = max((end[1] for end in ends), default=0.0)
        return whole_axis(low, high, self._x_range)

    def _agree(self) -> tuple[Limits, ...]:
        """The limits of y of every small chart, over the columns of all runs."""
        columns = [self.columns[place] for place in self._order]
        many = max((len(column.smalls) for column in columns), default=0)
        found = []
        for number in range(many):
            having = [column for column in columns if number < len(column.smalls)]
            curves = [column.curves(number) for column in having]
            always = having[0].smalls[number].y_range
            limits = _together(curves).limits(self._limits.get(number), always)
            self._limits[number] = limits
            found.append(limits)
        return tuple(found)


def _together(curves: Sequence[Curves]) -> Curves:
    """Curves with the extent of them all."""
    low = min((one.low for one in curves), default=np.inf)
    high = max((one.high for one in curves), default=-np.inf)
    return replace(curves[0], low=low, high=high)
