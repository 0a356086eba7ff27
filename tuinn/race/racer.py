"""One column of a race: a preset with one seed or several, or a run of the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tuinn.comparison import Result
from tuinn.config import Config, changed
from tuinn.history import History
from tuinn.race.lane import Lane
from tuinn.runners.report import Report

LETTERS = "ABCDEF"


class Racer:
    """A preset, by its place 0…5 in the race, which decides on letter, colour and marker.

    Parameters
    ----------
    config
        As it is raced: with the first seed.
    folder
        Where relative paths of its data begin; None: where tuinn runs.
    """

    def __init__(self, name: str, config: Config, folder: Path | None, place: int) -> None:
        self.name, self.config, self.folder, self.place = name, config, folder, place
        self.lanes: list[Lane] = [Lane(config)]
        self.wanted = False
        """It is to train; with several seeds, each in its turn."""

    @property
    def letter(self) -> str:
        """A to F."""
        return LETTERS[self.place]

    @property
    def history(self) -> History:
        """Of its first seed."""
        return self.lanes[0].history

    @property
    def report(self) -> Report:
        """The last one of a run that is at work; where none is, of the last that was."""
        going = [lane for lane in self.lanes if lane.going]
        begun = [lane for lane in self.lanes if lane.report.status != "loading"]
        return (going or begun[-1:] or self.lanes)[0].report

    @property
    def status(self) -> str:
        """Of its only run; of several, what can be said of them together."""
        return self.result.status

    @property
    def failure(self) -> str:
        """Why a run of it failed, in words; empty where none did."""
        failed = [lane for lane in self.lanes if lane.report.status == "failed"]
        if not failed:
            return ""
        seed = f"seed {failed[0].seed}: " if len(self.lanes) > 1 else ""
        return seed + failed[0].report.message

    @property
    def result(self) -> Result:
        """How it fares."""
        return Result.of([lane.outcome for lane in self.lanes])

    def seeds(self, first: int, number: int) -> None:
        """Begin anew with so many seeds: first, first + 1, …; the runs before must be closed."""
        self.lanes = [Lane(changed(self.config, "seed", first + n)) for n in range(number)]


def named(names: Sequence[str]) -> list[str]:
    """All different: the second "xor" is "xor 2"."""
    found: list[str] = []
    for name in names:
        number, one = 1, name
        while one in found or (number > 1 and one in names):
            number += 1
            one = f"{name} {number}"
        found.append(one)
    return found
