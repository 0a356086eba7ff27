"""How the Race screen uses its room, by the size of the terminal."""

from __future__ import annotations

from typing import NamedTuple

from tuinn.widgets.race_column import needed
from tuinn.widgets.race_table_layout import LABEL, LEAST

NARROW_WIDTH, NARROW_HEIGHT = 100, 32
"""Below one of these, the large chart, the table and the columns are shown by turns."""
WIDE = 160
"""From so many columns on a sentence needs no second line."""
BESIDE = 5
"""Rows of the title, the line below it, the sentence and the keys."""
COLUMN_NARROW, COLUMN = 26, 20
"""Cells that a column has at least on a narrow screen, and on others."""

CSS = """
    RaceScreen { layout: vertical; background: $background; }
    RaceScreen > #ground { height: 1fr; layout: vertical; }
    RaceScreen #top { height: 17; }
    RaceScreen #top > RaceChart { width: 1fr; height: 1fr; }
    RaceScreen #top > RaceTable { width: 40; height: 1fr; }
    RaceScreen #nothing {
        height: 1fr; display: none; content-align: center middle; color: $foreground 60%;
    }
    RaceScreen.-empty #nothing { display: block; }
    RaceScreen.-empty #top, RaceScreen.-empty #columns { display: none; }
    RaceScreen.-overlaid #top, RaceScreen.-narrow #top { height: 1fr; }
    RaceScreen.-overlaid #columns { display: none; }
    RaceScreen.-narrow #top, RaceScreen.-narrow #columns { display: none; }
    RaceScreen.-narrow.-chart #top, RaceScreen.-narrow.-table #top { display: block; }
    RaceScreen.-narrow.-chart RaceTable, RaceScreen.-narrow.-table RaceChart { display: none; }
    RaceScreen.-narrow.-table #top > RaceTable { width: 1fr; }
    RaceScreen.-narrow.-columns #columns { display: block; }
    RaceScreen.-empty.-narrow #top, RaceScreen.-empty.-narrow #columns { display: none; }
    RaceScreen StatusLine { min-height: 2; }
    RaceScreen.-wide StatusLine { min-height: 1; }
    """


class Page(NamedTuple):
    """What is shown at a time."""

    kind: str
    """ "all", or "top" alone; on a narrow screen "chart", "table" or "columns"."""
    columns: int = 0
    """The page of the columns."""
    smalls: int = 0
    """The first of their small charts."""

    @property
    def shows_columns(self) -> bool:
        return self.kind in ("all", "columns")


def is_narrow(width: int, height: int) -> bool:
    return width < NARROW_WIDTH or height < NARROW_HEIGHT


def pages(*, narrow: bool, overlaid: bool, columns: int, fits: int, smalls: int) -> list[Page]:
    """What there is to be shown by turns: ``columns`` pages of columns, in which ``fits`` of
    ``smalls`` small charts have room. On other than narrow screens the rest is always there.
    """
    kind = "columns" if narrow else "all"
    last = max(smalls - fits, 0)
    firsts = dict.fromkeys(min(first, last) for first in range(0, max(smalls, 1), max(fits, 1)))
    parts = [Page(kind, page, first) for page in range(columns) for first in firsts]
    if not narrow:
        return [Page("top")] if overlaid else parts
    return [Page("chart"), Page("table"), *([] if overlaid else parts)]


def table_width(width: int, racers: int) -> int:
    """Cells of the table beside the large chart: two fifths, and up to a half of all where the
    runs do not stand beside each other in less."""
    least = 2 + LABEL + LEAST * racers
    return max(38, min(16 + 11 * racers, width * 45 // 100), min(least, width * 52 // 100))


def top_height(height: int, rows: int, smalls: int) -> int:
    """Rows of the large chart and the table above the columns: as many as the table needs, and
    from 12 to two fifths of what there is, or to what ``smalls`` small charts leave."""
    return max(12, min(rows, max(height * 45 // 100, height - 2 - needed(smalls))))
