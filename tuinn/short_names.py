"""Names that fit into the columns of a table and can still be told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BETWEEN = " _.-"
"""What stands between words."""


def short_names(names: Sequence[str], width: int) -> list[str]:
    """Each name in at most ``width`` ≥ 1 characters, all different where that can be.

    Where they do not fit, the words go first that all begin or end with, or that several begin
    with; then they are cut, with a full stop: "digits-cross-entropy", "digits-quadratic" become
    "cross-e." and "quadrat.". So at any width at which they do not fit they begin alike.
    """
    if all(len(name) <= width for name in names):
        return list(names)
    bare = _without_shared_words(_without_common_words(names))
    short = [_cut(name, width) for name in bare]
    if len(set(short)) == len(set(names)):
        return short
    # what tells them apart stands further back
    return [_told_apart(place, bare, width) for place in range(len(names))]


def _cut(name: str, width: int) -> str:
    """Its beginning."""
    return name if len(name) <= width else f"{name[: width - 1].rstrip(_BETWEEN)}."[:width]


def _end(name: str, width: int) -> str:
    """Its end."""
    return f".{name[len(name) - width + 1 :].lstrip(_BETWEEN)}"[:width]


def _told_apart(place: int, names: Sequence[str], width: int) -> str:
    """The beginning; of names that begin alike without what they have in common; else the end,
    and the number where they end alike as well."""
    name = names[place]
    cuts = [_cut(other, width) for other in names]
    if cuts.count(cuts[place]) == 1:
        return cuts[place]
    alike = [other for other, cut in zip(names, cuts, strict=True) if cut == cuts[place]]
    bare = [_cut(other, width) for other in _without_common_words(alike)]
    short = bare[alike.index(name)]
    if bare.count(short) == 1 and short not in cuts:
        return short
    ends = [_end(other, width) for other in names]
    if ends.count(ends[place]) == 1:
        return ends[place]
    number = str(place + 1)
    return f"{name[: max(width - len(number), 0)]}{number}"


def _without_common_words(names: Sequence[str]) -> list[str]:
    """The names without the words that all of them begin and end with; one word stays of each."""
    words = [_words(name) for name in names]
    shortest = min(map(len, words))
    begin, end = 0, 0
    while begin < shortest - 1 and len({each[begin] for each in words}) == 1:
        begin += 1
    while end < shortest - begin - 1 and len({each[-1 - end] for each in words}) == 1:
        end += 1
    return ["".join(each[begin : len(each) - end]).rstrip(_BETWEEN) for each in words]


def _without_shared_words(names: Sequence[str]) -> list[str]:
    """The names without the words that several of them begin with, where they stay different."""
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        groups.setdefault(re.split(f"[{_BETWEEN}]", name, maxsplit=1)[0], []).append(name)
    bare = {name: name for name in names}
    for group in groups.values():
        if len(group) > 1:
            shorter = bare | dict(zip(group, _without_first_words(group), strict=True))
            if len(set(shorter.values())) == len(bare):
                bare = shorter
    return [bare[name] for name in names]


def _without_first_words(names: Sequence[str]) -> list[str]:
    """The names without the words that all begin with; one word stays of each."""
    words = [_words(name) for name in names]
    begin = 0
    while begin < min(map(len, words)) - 1 and len({each[begin] for each in words}) == 1:
        begin += 1
    return ["".join(each[begin:]) for each in words]


def _words(name: str) -> list[str]:
    """With what stands behind them: "digits-", "sgd"."""
    return re.findall(rf"[^{_BETWEEN}]+[{_BETWEEN}]*|^[{_BETWEEN}]+", name)
