"""A filter that is still being typed: what of it says something already."""

from __future__ import annotations

from collections.abc import Collection

from tuinn.store.filter import Filter, fields, parse
from tuinn.store.filter_words import KEYWORDS, FilterError, tokens
from tuinn.store.run import StoredRun


def so_far(text: str, runs: Collection[StoredRun]) -> Filter:
    """The filter of as much of ``text`` as can be understood.

    Its last word is left out where it may become a field, or a word as "and", and no run has it.
    """
    while text:
        try:
            found = parse(text)
        except FilterError as error:
            # of a quote that has no end there are no words
            text = _without_last_word(text, error.column - 1)
            continue
        if not unfinished(text) or any(map(found.matches, runs)):
            return found
        text = _without_last_word(text, 0)
    return parse("")


def unfinished(text: str) -> str:
    """The last word of a filter, where it may become a field or a keyword; else ""."""
    word = text.split()[-1].lstrip("([") if text.split() else ""
    ended = text != text.rstrip()
    names = fields() if ended else (*fields(), *KEYWORDS)
    return word if any(becomes(name, word, ended) for name in names) else ""


def becomes(name: str, word: str, ended: bool) -> bool:
    """Whether a word that is being typed may become a name; ``ended``: nothing is added to it."""
    return bool(word) and (name == word if ended else name.startswith(word))


def _without_last_word(text: str, wrong: int) -> str:
    """``wrong``: where it goes wrong, if it cannot be read at all."""
    try:
        return text[: max(tokens(text)[-2].column - 1, 0)].rstrip()
    except FilterError:
        return text[: min(wrong, len(text) - 1)].rstrip()
