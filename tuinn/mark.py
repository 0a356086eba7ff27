"""What was done to a run in the middle of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that was changed in mid-run, at a place on every x axis."""

    update: int
    epoch: float
    evaluations: int
    seconds: float
    text: str
    written: bool = False
    """It tells of a weight, or of a bias, that was written by hand."""
