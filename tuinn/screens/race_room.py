"""What of a race is shown where: the large chart, the table and the columns, some by turns."""

from __future__ import annotations

from tuinn.comparison import Difference
from tuinn.screens.race_curves import small_charts
from tuinn.screens.race_footer import RaceFooter
from tuinn.screens.race_layout import (
    BESIDE,
    COLUMN,
    COLUMN_NARROW,
    WIDE,
    Page,
    is_narrow,
    pages,
    table_width,
    top_height,
)


class RaceRoom(RaceFooter):
    """Lays the screen out by its size, and turns its pages."""

    page: Page
    differences: list[Difference]

    def lay_out(self) -> None:
        """Give everything its room, and show a page that there is."""
        width, height = self.app.size
        racers, smalls = max(len(self.order), 1), small_charts(self.race)
        self.columns.least_width = COLUMN_NARROW if self._narrow else COLUMN
        self.set_class(self._narrow, "-narrow")
        self.set_class(width >= WIDE, "-wide")
        self.table.styles.width = None if self._narrow else table_width(width, racers)
        top = self.query_one("#top")
        full = self._narrow or self.overlaid
        ground = height - BESIDE
        high = top_height(ground, self._table_rows(table_width(width, racers)), max(smalls, 1))
        top.styles.height = None if full else high
        self.columns.room = width, ground if self._narrow else ground - high
        self.columns.put_in_order(self.order)
        self.go_to_page(min(self.page_number, len(self.pages) - 1))

    def _table_rows(self, width: int) -> int:
        """Rows of the whole table, with its border."""
        race = self.race
        if race is None:
            return 0
        names = [racer.name for racer in race.racers]
        return 2 + self.table.lines_in(names, self.differences, race.results, width - 2)

    @property
    def _narrow(self) -> bool:
        return is_narrow(*self.app.size)

    @property
    def pages(self) -> list[Page]:
        """What is shown by turns."""
        return pages(
            narrow=self._narrow,
            overlaid=self.overlaid,
            columns=self.columns.pages,
            fits=self.columns.fits(small_charts(self.race)),
            smalls=small_charts(self.race),
        )

    def go_to_page(self, number: int) -> None:
        there = self.pages
        self.page_number = number % len(there)
        self.page = there[self.page_number]
        self.set_class(self.overlaid, "-overlaid")
        for kind in ("chart", "table", "columns"):
            self.set_class(self.page.kind == kind, f"-{kind}")
        self.columns.first_small = self.page.smalls
        self.columns.go(self.page.columns)
        if self.page.kind in ("chart", "columns") and self.table.has_focus:
            self.set_focus(None)
        # what is shown now has no size before the next layout
        self.call_after_refresh(self.show_all)

    def reveal(self, place: int) -> None:
        if self.page.kind != "columns" and not (self.page.kind == "all" and self.columns.pages > 1):
            return
        wanted = self.order.index(place) // self.columns.per_page
        if self.page.columns != wanted:
            number = next(n for n, page in enumerate(self.pages) if page.columns == wanted)
            self.go_to_page(number)

    def show_table(self) -> None:
        for number, page in enumerate(self.pages):
            if page.kind == "table" and self.page.kind != "table":
                self.go_to_page(number)
