"""What the equations are of: which example, at which update, with which settings."""

from __future__ import annotations

from dataclasses import dataclass

from engine.inside.walkthrough import Walkthrough
from tuinn.numbers import count
from tuinn.widgets.equation_text import short

BACK, ON = "◂", "▸"
"""To be clicked: the example before and the one after."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record does not know of itself."""

    example: int = 0
    """Its place in the training set, from 0."""
    examples: int = 1
    update: int = 0
    label: str = ""
    """Its true class, in a word: "7"."""
    image: tuple[int, int] | None = None
    """Height and width, where the inputs are pixels."""


def header(record: Walkthrough, facts: Facts, rows: int, width: int) -> list[str]:
    """As many lines, each with as much as there is room for."""
    which = f"{BACK} example {count(facts.example + 1)} of {count(facts.examples)} {ON}"
    moment = f"update {count(facts.update)}"
    rate, decay = f"η = {short(record.eta)}", f"α = {short(record.alpha)}"
    label = f"class {facts.label}" if facts.label else ""
    target = f"y = {_vector(record.y.tolist())}" if len(record.y) <= 4 else ""
    order = "numbered row by row" if facts.image is not None else ""
    example = [which, label, f"x = {_input(record, facts)}", target, order]
    ahead = "looks ahead" if record.looks_ahead else ""
    many = f"m = {count(record.m)}"
    method = [record.cost.name, "k = 1", rate, decay, many, record.method, ahead]
    if rows < 2:
        return [_joined([which, moment, "k = 1", rate, decay, label], width)][:rows]
    return [_joined(example, width), _joined([f"at {moment}", *method], width)]


def _joined(pieces: list[str], width: int) -> str:
    """The pieces that fit, whole, the first ones first."""
    line = ""
    for piece in filter(None, pieces):
        longer = f"{line}   {piece}" if line else piece
        if len(longer) <= width:
            line = longer
    return line


def _input(record: Walkthrough, facts: Facts) -> str:
    if facts.image is not None:
        return f"{facts.image[0]}×{facts.image[1]} pixels"
    if len(record.x) <= 4:
        return _vector(record.x.tolist())
    return f"{count(len(record.x))} inputs"


def _vector(values: list[float]) -> str:
    written = ", ".join(short(value) for value in values)
    return written if len(values) == 1 else f"({written})"
