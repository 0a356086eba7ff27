"""What the Runs screen shows of the store: which runs, in which order, which are marked."""

from __future__ import annotations

from collections.abc import Sequence

from tuinn.store import StoredRun
from tuinn.store.filter import Filter, parse
from tuinn.widgets.run_columns import BY_NAME, in_order

SORTS = tuple(BY_NAME)
"""The columns that the list can be sorted by, in the order of its columns."""


class Shelf:
    """All runs, and those of them that are in the list."""

    def __init__(self) -> None:
        self.all: list[StoredRun] = []
        self.shown: list[StoredRun] = []
        """Those that match the filter, in order."""
        self.at = 0
        """The place of the chosen one among them."""
        self.marks: dict[int, None] = {}
        """Ids in the order in which they were marked; some may not match the filter."""
        self.filter: Filter = parse("")
        self.sort, self.turned = "id", False
        self._races: dict[str, list[int]] = {}

    def take(self, runs: Sequence[StoredRun]) -> None:
        """The runs as they are now; what is gone is no longer marked."""
        self.all = list(runs)
        there = {run.id for run in self.all}
        self.marks = {one: None for one in self.marks if one in there}
        self._races = {}
        for run in self.all:
            if run.race:
                self._races.setdefault(run.race, []).append(run.id)
        self.arrange()

    def arrange(self) -> None:
        """Filter and sort anew; the chosen run stays chosen, or the one in its place."""
        current = self.current
        self.shown = in_order(self.filter.select(self.all), self.sort, self.turned)
        self.at = min(self.at, max(len(self.shown) - 1, 0))
        if current is not None:
            places = (place for place, run in enumerate(self.shown) if run.id == current.id)
            self.at = next(places, self.at)

    def filter_by(self, text: str) -> None:
        """Show what matches; `FilterError`."""
        self.show_only(parse(text))

    def show_only(self, found: Filter) -> None:
        self.filter = found
        self.arrange()

    def sort_by(self, column: str) -> None:
        """Sort by a column; the one that it is sorted by, the other way round."""
        self.turned = column == self.sort and not self.turned
        self.sort = column
        self.arrange()

    def next_sort(self, by: int, columns: Sequence[str]) -> None:
        """Sort by the next of these columns."""
        at = columns.index(self.sort) if self.sort in columns else 0
        self.sort, self.turned = columns[(at + by) % len(columns)], False
        self.arrange()

    @property
    def current(self) -> StoredRun | None:
        """The chosen run."""
        return self.shown[self.at] if self.at < len(self.shown) else None

    def choose(self, id: int) -> None:
        """Choose a run, where it is in the list."""
        places = (place for place, run in enumerate(self.shown) if run.id == id)
        self.at = next(places, self.at)

    @property
    def compared(self) -> StoredRun | None:
        """What the chosen run is compared with: the first that is marked, or else the one above."""
        current = self.current
        if current is None:
            return None
        first = next((one for one in self.marks if one != current.id), None)
        if first is not None:
            return next((run for run in self.all if run.id == first), None)
        return self.shown[self.at - 1] if self.at else None

    def raced_with(self, run: StoredRun) -> list[int]:
        """The ids of those that it raced with."""
        return [one for one in self._races.get(run.race, ()) if one != run.id]

    # marks

    def toggle(self, run: StoredRun) -> None:
        if run.id in self.marks:
            del self.marks[run.id]
        else:
            self.marks[run.id] = None

    def toggle_all(self) -> None:
        """Mark all that are in the list; none at all where all of them are marked."""
        ids = [run.id for run in self.shown]
        if all(one in self.marks for one in ids):
            self.marks.clear()
        else:
            self.marks |= dict.fromkeys(ids)

    @property
    def meant(self) -> list[StoredRun]:
        """What an action is about: the marked ones, in the order of their marks; else the chosen
        one."""
        if self.marks:
            by_id = {run.id: run for run in self.all}
            return [by_id[one] for one in self.marks]
        return [self.current] if self.current else []

    @property
    def out_of_sight(self) -> int:
        """How many are marked that are not in the list."""
        return len(self.marks.keys() - {run.id for run in self.shown})
