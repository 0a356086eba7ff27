"""Symbols and numbers as they stand in an equation of the textbook."""

from __future__ import annotations

import math
import re

from tuinn.numbers import MINUS, NONE, significant
from tuinn.widgets import look

_UP = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DOWN = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹ᵀᵗ]+")
_LOWERED = re.compile("[₀₁₂₃₄₅₆₇₈₉ₖ](?:[₀₁₂₃₄₅₆₇₈₉ₖ,]*[₀₁₂₃₄₅₆₇₈₉ₖ])?")
_BACK = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹ᵀᵗ₀₁₂₃₄₅₆₇₈₉ₖ", "0123456789Tt0123456789k")
_PLAIN = str.maketrans(
    {
        "⎡": "[", "⎢": "[", "⎣": "[", "⎤": "]", "⎥": "]", "⎦": "]", "⋮": ":", "▸": ">",
        "⋯": "..", "…": "...", "·": "*", "⊙": "o", "←": "<-", "→": "->", "′": "'", "√": "sqrt ",
        "½": "1/2", "×": "x", "≈": "~", "≤": "<=", "–": "-", "◂": "<", "¬": "-", "∇": "grad_",
    }
)  # fmt: skip


def raised(n: int) -> str:
    """The number of a layer: "²"."""
    return str(n).translate(_UP)


def lowered(*places: int) -> str:
    """Subscripts counted from 1, of places counted from 0: (2, 6) is "₃,₇"."""
    return ",".join(str(place + 1).translate(_DOWN) for place in places)


def spelled(text: str) -> str:
    """The text with nothing but ASCII, save for the letters that stand for quantities: "z^2_3"."""
    text = _RAISED.sub(lambda run: "^" + run.group().translate(_BACK), text)
    text = _LOWERED.sub(lambda run: "_" + run.group().translate(_BACK), text)
    return look.plain(text.translate(_PLAIN))


def entry(x: float, width: int) -> str:
    """A number for a matrix whose columns have ``width`` ≥ 6 cells: of at most three significant
    digits as many as fit. Whole numbers that are small are written as such: "0", "−1"."""
    if not math.isfinite(x):
        return NONE if math.isnan(x) else significant(x)
    if x == int(x) and abs(x) < 100:
        return str(int(x)).replace("-", MINUS)
    for digits in (3, 2, 1):
        fixed = significant(x, digits).replace(" ", "")
        mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
        for text in (fixed, f"{mantissa}e{int(exponent)}".replace("-", MINUS)):
            if len(text) <= width:
                return text
    return "≈0" if abs(x) < 1 else significant(math.copysign(math.inf, x))


def number(x: float) -> str:
    """Three significant digits, but 0, 1 and −1 as they are where nothing was rounded."""
    return short(x) if x in (0, 1, -1) else significant(x)


def factor(x: float) -> str:
    """A number within a product: a negative one in brackets."""
    text = number(x)
    return f"({text})" if text.startswith(MINUS) else text


def short(x: float, digits: int = 3) -> str:
    """A setting, without zeros at its end: "0.5"."""
    text = significant(x, digits)
    if "." not in text or "e" in text:
        return text
    return text.rstrip("0").rstrip(".")


def shrinking(decay: float) -> str:
    """1 − ηα/m, of ηα/m; so that it is told from 1."""
    if 0 < decay < 1e-5:
        return f"(1 − {short(decay)})"
    return short(1 - decay, 5)
