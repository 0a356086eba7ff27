"""How the Surface screen uses its room, by the size of the terminal."""

from __future__ import annotations

NARROW_WIDTH, NARROW_HEIGHT = 110, 32
"""Below one of these, table and settings share the right side by turns."""
TALL = 28
"""From so many rows on all optimisers stay in sight on a narrow screen, whatever is said."""
SHORT = 24
"""Below so many rows there is no room for the slope under the table."""
LOW = 39
"""Below so many rows there is no room for the curves of the cost."""
WIDE = 170
"""From so many columns on they stand beside the settings, and not under them."""

CSS = """
    SurfaceScreen { layout: vertical; background: $background; }
    SurfaceScreen > #ground {
        height: 1fr; grid-size: 2 3; grid-columns: 51 1fr; grid-rows: 15 12 1fr;
    }
    SurfaceScreen #map { row-span: 2; }
    SurfaceScreen #ground > CellWidget { height: 1fr; min-height: 1; }
    SurfaceScreen.-low > #ground { grid-rows: 15 1fr 7; }
    SurfaceScreen.-low WalkChart { display: none; }
    SurfaceScreen.-low #settings { row-span: 2; }
    SurfaceScreen.-wide > #ground {
        grid-size: 3 3; grid-columns: 44% 64 1fr; grid-rows: 15 1fr 9;
    }
    SurfaceScreen.-wide WalkTable { column-span: 2; }
    SurfaceScreen.-wide #settings, SurfaceScreen.-wide WalkChart { row-span: 2; }
    SurfaceScreen.-narrow > #ground {
        grid-size: 2 2; grid-columns: 1fr 36; grid-rows: 1fr 4;
    }
    SurfaceScreen.-narrow.-tall > #ground { grid-rows: 15 1fr; }
    SurfaceScreen.-narrow.-short WalkTable { row-span: 2; }
    SurfaceScreen.-narrow.-short SlopePanel { display: none; }
    SurfaceScreen.-narrow #settings, SurfaceScreen.-narrow WalkChart { display: none; row-span: 2; }
    SurfaceScreen.-narrow.-form #settings { display: block; }
    SurfaceScreen.-narrow.-form WalkTable { display: none; }
    SurfaceScreen.-narrow.-form SlopePanel { display: none; }
    SurfaceScreen.-narrow Parameters { layout: vertical; }
    SurfaceScreen.-narrow Parameters .rule { display: none; }
    SurfaceScreen.-narrow Parameters > Vertical { width: 100%; min-height: 0; }
    SurfaceScreen StatusLine { min-height: 2; }
    SurfaceScreen.-wide StatusLine { min-height: 1; }
    """


def classes_for(width: int, height: int) -> dict[str, bool]:
    """The classes of the screen, by which `CSS` lays it out."""
    narrow = width < NARROW_WIDTH or height < NARROW_HEIGHT
    low = not narrow and height < LOW
    return {
        "-narrow": narrow,
        "-short": height < SHORT,
        "-tall": height >= TALL,
        "-low": low,
        "-wide": not narrow and not low and width >= WIDE,
    }
