"""Filters over runs: words, and expressions over results and configuration.

    adam and validation_accuracy > 0.95
    optimizer.name == "adam" and not ("draft" in tags or status == "diverged")
    digits started >= yesterday network.hidden == [30, 10]

A bare word is found in the name, title, tags, note and data set of a run. A filter is parsed, never
evaluated as code: it can only name what `filter_fields` lists. See `filter_grammar` for what can be
written, and `filter_match` for what it means.
"""

from __future__ import annotations

from collections.abc import Iterable

from tuinn.store.filter_fields import asked
from tuinn.store.filter_grammar import read
from tuinn.store.filter_match import compiled
from tuinn.store.filter_tree import Tree
from tuinn.store.filter_words import FilterError
from tuinn.store.run import StoredRun

__all__ = ["Filter", "FilterError", "fields", "parse"]


class Filter:
    """Says of a run whether it matches; the filter of an empty text matches every run."""

    def __init__(self, text: str, tree: Tree) -> None:
        """Use `parse`; `FilterError` where the tree compares what cannot be compared."""
        self.text = text.strip()
        self.tree = tree
        self.matches = compiled(tree)

    def select(self, runs: Iterable[StoredRun]) -> list[StoredRun]:
        """Those that match, in their order."""
        if not self.text:
            return list(runs)
        return list(filter(self.matches, runs))


def parse(text: str) -> Filter:
    """The filter that a text describes; `FilterError` with the column and what is allowed."""
    return Filter(text, read(text))


def fields() -> tuple[str, ...]:
    """The names of all that a filter can ask, results first."""
    names = asked()
    return tuple(sorted(names, key=lambda name: ("." in name, name)))
