"""Colours and markers of the drawing widgets.

The palette is Okabe and Ito's, which people with any colour vision can tell apart, lightened for
dark backgrounds and darkened for light ones. Colour is never the only sign: a line also has a
style or carries a marker.
"""

from __future__ import annotations

INKS = (
    "series-1", "series-2", "series-3", "series-4",
    "series-5", "series-6", "series-7", "series-8",
    "train", "validation", "test", "decay", "gradient", "low", "high", "ghost",
    "axis", "text", "dim", "cursor", "mark",
)  # fmt: skip
"""What can be drawn with: each is a component class "WIDGET--INK" that a theme may restyle."""

_DARK = {
    "series-1": "#56b4e9",
    "series-2": "#e69f00",
    "series-3": "#2fc08f",
    "series-4": "#e58fc0",
    "series-5": "#f0e442",
    "series-6": "#ff7f50",
    "series-7": "#8fa8ff",
    "series-8": "#b0b0b0",
}
_LIGHT = {
    "series-1": "#0072b2",
    "series-2": "#b06f00",
    "series-3": "#007a58",
    "series-4": "#b0508c",
    "series-5": "#8a7f00",
    "series-6": "#c24a00",
    "series-7": "#4a5fc8",
    "series-8": "#606060",
}
_SAME_AS = {
    "train": "series-1",
    "validation": "series-2",
    "test": "series-3",
    "decay": "series-2",
    "gradient": "series-1",
    "low": "series-1",
    "high": "series-2",
}
_NEUTRAL = {
    "ghost": "$foreground 35%",
    "axis": "$foreground 40%",
    "text": "$foreground",
    "dim": "$foreground 60%",
    "cursor": "$foreground 80%",
    "mark": "$foreground 50%",
}

MARKERS = "●▲■◆○△□◇"
ASCII_MARKERS = "o^#%cv=&"


def component_classes(prefix: str) -> set[str]:
    """The component classes of a widget whose inks are called ``prefix--INK``."""
    return {f"{prefix}--{ink}" for ink in INKS}


def palette(*, light: bool) -> dict[str, str]:
    """The colours of the inks of curves, as "#rrggbb", on a light or on a dark background."""
    own = _LIGHT if light else _DARK
    return own | {ink: own[same] for ink, same in _SAME_AS.items()}


def css(widget: str, prefix: str) -> str:
    """Default rules for the inks of a widget class, for dark and for light themes."""
    rules = []
    for scope, light in ((widget, False), (f"{widget}:light", True)):
        colours = palette(light=light) | _NEUTRAL
        rules += [f"{scope} > .{prefix}--{ink} {{ color: {c}; }}" for ink, c in colours.items()]
    return "\n".join(rules)


def layer_ink(layer: int) -> str:
    """The ink of layer l = 1…L: the same layer has the same colour in every panel."""
    return f"series-{(layer - 1) % 8 + 1}"


def layer_marker(layer: int) -> str:
    """The marker on the curves of layer l = 1…L."""
    return MARKERS[(layer - 1) % len(MARKERS)]


def plain(text: str) -> str:
    """Text in which what is drawn is ASCII; words, and what stands for quantities, stay.

    Every character stays one cell wide.
    """
    return text.translate(_PLAIN)


_PLAIN = str.maketrans(
    dict(zip(MARKERS, ASCII_MARKERS, strict=True))
    | dict(zip("│┃┊╎─╌━▕▏█▓▒░·−", "|||:--=||#%=.--", strict=True))
)
