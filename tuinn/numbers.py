"""Numbers as people read them: three significant digits, spaced thousands, times in minutes.

Every figure on the screens goes through these functions, so that the same quantity looks the same
everywhere. Each takes any real number: NaN (a figure that does not exist) is "–", ±∞ is "∞" or
"−∞". Negative numbers carry the minus sign U+2212. The space between thousands is a plain space.
"""

from __future__ import annotations

import math

NONE = "–"
"""Stands for a figure that does not exist (NaN)."""
MINUS = "−"

_THOUSANDS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def significant(x: float, digits: int = 3) -> str:
    """``x`` to ``digits`` significant digits: "0.0813", "24.3", "1 740", "2.4e-7", "3.1e15".

    Whole numbers up to a million keep all their digits: nothing is rounded away to zeros. Very
    small and very large numbers are written with an exponent, trailing zeros of which are left out.
    """
    if not math.isfinite(x):
        return _not_finite(x)
    if x == 0:
        return "0"
    rounded = float(f"{x:.{digits - 1}e}")
    size = abs(rounded)
    if size < 1e-4 or size >= 1e6:
        mantissa, exponent = f"{rounded:.{digits - 1}e}".split("e")
        if "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    if size >= 10 ** (digits - 1):
        return count(x)
    decimals = digits - 1 - math.floor(math.log10(size))
    return f"{rounded:.{decimals}f}".replace("-", MINUS)


def rate(per_second: float) -> str:
    """A speed with a prefix for thousands: "410", "24.3 k", "1.05 M"."""
    if not math.isfinite(per_second):
        return _not_finite(per_second)
    size = abs(float(f"{per_second:.2e}"))
    for unit, prefix in _THOUSANDS:
        if size >= unit:
            return f"{significant(per_second / unit)} {prefix}"
    return significant(per_second)


def count(n: float) -> str:
    """A number of things, rounded to a whole, thousands spaced: "1 740"."""
    if not math.isfinite(n):
        return _not_finite(n)
    whole = round(n)
    return f"{whole:,}".replace(",", " ").replace("-", MINUS)


def percent(share: float) -> str:
    """A share in [0, 1] in percent: "31 %", "2.1 %", "99.2 %".

    One decimal is kept below 10 % and above 99 %. "0 %" and "100 %" are exact: what only comes
    near them is "<0.1 %" and ">99.9 %".
    """
    if not math.isfinite(share):
        return _not_finite(share)
    value = 100 * share
    if value in (0, 100):
        return f"{value:.0f} %"
    if 0 < value < 0.1:
        return "<0.1 %"
    if 99.9 < value < 100:
        return ">99.9 %"
    few = abs(value) < 9.95 or 99 < value < 100
    return f"{value:.{1 if few else 0}f} %".replace("-", MINUS)


def duration(seconds: float) -> str:
    """A time, rounded down to the second: "0:08", "11:40", "1:02:03"."""
    if not math.isfinite(seconds):
        return _not_finite(seconds)
    sign = MINUS if seconds <= -1 else ""
    minutes, second = divmod(math.floor(abs(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    if hours:
        return f"{sign}{hours}:{minute:02}:{second:02}"
    return f"{sign}{minute}:{second:02}"


def signed(x: float) -> str:
    """A change or a cosine, with its sign: "+0.25", "−0.03", "0"."""
    text = significant(x)
    return f"+{text}" if x > 0 else text


def _not_finite(x: float) -> str:
    if math.isnan(x):
        return NONE
    return "∞" if x > 0 else f"{MINUS}∞"
