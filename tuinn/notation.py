"""Layers and parameters as they are written on the screens and in marks."""

from __future__ import annotations

_UP = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DOWN = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def raised(number: int) -> str:
    """A number as a superscript: "¹²"."""
    return str(number).translate(_UP)


def lowered(number: int) -> str:
    """A number as a subscript: "₁₂"."""
    return str(number).translate(_DOWN)


def parameter(layer: int, row: int, column: int | None, *, ascii_only: bool = False) -> str:
    """ "w²₃₁": to unit 3 of layer 2 from unit 1 of layer 1; "b²₃"; the arguments count rows and
    columns from 0, what is written from 1."""
    unit = row + 1
    if column is None:
        return f"b{layer}[{unit}]" if ascii_only else f"b{raised(layer)}{lowered(unit)}"
    source = column + 1
    if ascii_only:
        return f"w{layer}[{unit},{source}]"
    apart = "," if max(unit, source) > 9 else ""
    return f"w{raised(layer)}{lowered(unit)}{apart}{lowered(source)}"
