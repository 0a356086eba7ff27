"""The cause of one δ in words and numbers, from the longest to the shortest wording."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from engine.inside.cause import Cause, Reason
from tuinn.numbers import significant

_BRIEF: dict[Reason, str] = {
    "small weights": "small weights",
    "saturation": "saturation",
    "largest": "σ′ ≤ 0.25",
    "passes": "comes through",
    "grows": "grows",
    "cancelled": "σ′ cancelled",
    "nothing": "no error",
    "unknown": "not finite",
}
_SHORTEST = {"small weights": "weights", "comes through": "passes", "σ′ cancelled": "cancelled"}
_NUMBER_SPACE = "\N{NO-BREAK SPACE}"
"""Holds a number and its name together; written as a space."""
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def wordings(cause: Cause, when: str) -> list[str]:
    """What is said of a δ; ``when`` tells the moment: "update 1 200".

    δ is given as a product of two factors: what arrives, and what σ' lets through of it.
    """
    name, short = f"l={cause.layer}", brief(cause)
    head = f"{name}, {_held(when)}:"
    delta = _held(f"{_delta(cause.layer)} {significant(cause.delta)}")
    arriving = significant(cause.arriving)
    what = _held(f"{_what_arrives(cause)} {arriving}")
    if cause.reason in ("nothing", "unknown"):
        return [
            f"{head} {delta}, arriving {what} → {_verdict(cause)}",
            f"{name} {delta} → {short}",
            f"{name} {short}",
        ]
    factor, where, means, facts, of_above = "", "", ["", ""], [], ""
    if cause.reason != "cancelled":
        factor = _held(f" × σ′ {significant(cause.through, 2)}")
        where = " where δ arrives"
        mean, largest = significant(cause.sigma_prime, 2), significant(cause.largest, 2)
        means = [
            f"; its mean over all units is {_held(f'{mean},')} its largest value {largest}",
            f"; its mean is {_held(f'{mean},')} its largest {largest}",
        ]
    if not cause.output:
        above = _held(f"{_share_of_above(cause)} {significant(cause.above)}")
        facts.append(f"The weights pass on {above}.")
        of_above = f" ({_share_of_above(cause)})"
    product = f"{head} {delta} = arriving {what}{factor}{where}"
    return [
        *(" ".join([f"{product}{mean}.", *facts, f"→ {_verdict(cause)}"]) for mean in means),
        " ".join([f"{product}.", *facts, f"→ {_verdict(cause)}"]),
        f"{head} {delta} = {what}{of_above}{factor} → {short}",
        f"{name} {delta} = {what}{factor} → {short}",
        f"{name} {delta} = {arriving}{factor} → {short}",
        f"{name} {significant(cause.delta)} = {arriving}{factor} → {short}",
        f"{significant(cause.delta, 2)} = {significant(cause.arriving, 2)}{factor}"
        f" → {_SHORTEST.get(short, short)}",
        f"{name} {delta} → {short}",
        f"{name} {short}",
    ]


def fitting(texts: Sequence[str], width: int, rows: int) -> list[str]:
    """The lines of the fullest wording that has room in ``rows`` lines; numbers stay whole."""
    for text in texts:
        lines = textwrap.wrap(text, max(width, 1), break_long_words=False, break_on_hyphens=False)
        if len(lines) <= rows and all(len(line) <= width for line in lines):
            return [line.replace(_NUMBER_SPACE, " ") for line in lines]
    return ["…"] if rows else []


def _verdict(cause: Cause) -> str:
    """The reason in a few words, with its number."""
    match cause.reason:
        case "small weights":
            return f"small weights: only {_share_of_above(cause)} gets through them"
        case "saturation" if cause.activation == "relu":
            return "units that are off: their σ′ is 0"
        case "saturation":
            return f"saturation: there σ′ is {significant(cause.steep, 2)} of its largest"
        case "largest":
            return "neither weights nor saturation: σ′ of a sigmoid is at most 0.25"
        case "passes" if cause.output:
            return "the error comes through"
        case "passes":
            return f"comes through: ‖δ‖ is {_part(cause.ratio)} the one above"
        case "grows":
            return f"grows: ‖δ‖ is {_part(cause.ratio)} the one above"
        case "cancelled":
            mean = significant(cause.sigma_prime, 2)
            return f"the cost cancels σ′ (mean {mean}): δ is the whole error"
        case "nothing":
            return "no error arrives"
        case "unknown":
            return "not a finite number"


def brief(cause: Cause) -> str:
    """The reason in a word or two."""
    if cause.reason == "saturation" and cause.activation == "relu":
        return "units off"
    return _BRIEF[cause.reason]


def _share_of_above(cause: Cause) -> str:
    return _held(f"{_part(cause.passed)} {_delta(cause.layer + 1)}")


def _part(share: float) -> str:
    """ "0.91 of", or "5.7 times"."""
    return f"{significant(share, 2)} {'of' if share < 1 else 'times'}"


def _what_arrives(cause: Cause) -> str:
    if cause.output:
        return f"‖a{_raised(cause.layer)} − y‖"
    above = _raised(cause.layer + 1)
    return f"‖(W{above})ᵀδ{above}‖"


def _delta(layer: int) -> str:
    return f"‖δ{_raised(layer)}‖"


def _raised(number: int) -> str:
    return str(number).translate(_RAISED)


def _held(text: str) -> str:
    """The text as one word, that no line is broken in."""
    return text.replace(" ", _NUMBER_SPACE)
