"""Layers and their figures as they are written on the screens."""

from __future__ import annotations

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def raised(layer: int) -> str:
    """The number of a layer as a superscript: "¹²"."""
    return str(layer).translate(_RAISED)


def norm(symbol: str, layer: int) -> str:
    """ "‖δ¹‖"."""
    return f"‖{symbol}{raised(layer)}‖"
