"""What is found in a run: frozen records, in words and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["info", "alarm"]


@dataclass(frozen=True, slots=True)
class Try:
    """Something to try, and the key of the lab that tries it.

    "c" takes the next cost, "i" the initialisation that is advised, else the next one, "tab" goes
    to the form: these take effect when the run begins anew, with "r". "," and "." turn η down and
    up, "a" and "A" α, at once; "f" forks the run from the moment that is looked at; "y" makes the
    loss logarithmic.
    """

    key: str
    what: str
    choice: str = ""
    """What the key is to choose, where a certain one is advised: "xavier"."""


def init(name: str) -> Try:
    """Another way to draw the first weights."""
    return Try("i", f"init {name}", name)


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of a run, by the rule that found it."""

    name: str
    """The state: "vanishing δ"; one of the names in `tuinn.findings.RULES`."""
    level: Level
    """An alarm where learning is hindered; information where it goes well."""
    text: str
    """One sentence or two, 110 characters at most."""
    brief: str
    """The same for a line of 80 columns, 72 characters at most."""
    tries: tuple[Try, ...] = ()
    """The most promising first; only what makes sense for this configuration."""
