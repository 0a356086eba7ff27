"""Layers and their figures as they are written on the screens."""

from __future__ import annotations

from tuinn.notation import raised


def norm(symbol: str, layer: int) -> str:
    """ "‖δ¹‖"."""
    return f"‖{symbol}{raised(layer)}‖"
