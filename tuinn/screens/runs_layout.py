"""How the Runs screen uses its room, by the size of the terminal."""

from __future__ import annotations

NARROW = 110
"""Below so many columns the details stand under the list."""
WIDE = 170
"""From so many columns on they have more room."""
LOW = 20
"""Below so many rows there is room for the list only."""

CSS = """
    RunsScreen { layout: vertical; background: $background; }
    RunsScreen > #filter { height: 1; padding: 0 1; }
    RunsScreen > #filter > Static { width: 10; color: $foreground 60%; }
    RunsScreen > #filter > Input { width: 1fr; height: 1; background: $surface; }
    RunsScreen > #filter > Input:focus { background: $panel; }
    RunsScreen > #ground { layout: horizontal; height: 1fr; }
    RunsScreen RunList { width: 1fr; height: 1fr; }
    RunsScreen RunDetails { width: 46; height: 1fr; }
    RunsScreen.-wide RunDetails { width: 76; }
    RunsScreen.-wide RunDetails Chart { height: 18; }
    RunsScreen.-narrow > #ground { layout: vertical; }
    RunsScreen.-narrow RunDetails { width: 1fr; height: 10; }
    RunsScreen.-low RunDetails { display: none; }
    RunsScreen StatusLine { min-height: 2; max-height: 2; }
    RunsScreen.-wide StatusLine { min-height: 1; }
    """


def classes_for(width: int, height: int) -> dict[str, bool]:
    """The classes of the screen, by which `CSS` lays it out."""
    narrow = width < NARROW
    return {"-narrow": narrow, "-wide": width >= WIDE, "-low": narrow and height < LOW}
