"""What a filter can ask of a run: its results, what is noted of it, and its configuration."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, get_args

import msgspec

from tuinn.allowed import Allowed, Choice, Flag, Items, Number, Text, allowed, did_you_mean
from tuinn.fields import leaves
from tuinn.store.run import Status, StoredRun

Kind = Literal["number", "text", "flag", "list", "time"]
SPELT = {
    "number": "a number",
    "text": "a text",
    "flag": "true or false",
    "list": "a list",
    "time": 'a day, as "2026-11-22", "2026-11-22 14:30", today or yesterday',
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that can be asked of a run."""

    name: str
    kinds: frozenset[Kind]
    """What it can be; it may always be none."""
    get: Callable[[StoredRun], Any]
    items: frozenset[Kind] = frozenset()
    """Of a list: what its items are."""
    choices: tuple[str, ...] = ()
    """Of a text: what it can be; empty: anything."""
    each: bool = False
    """Of a list: what is asked is asked of each of its items, and one is enough."""

    def words(self) -> str:
        """What it is, as told to a person."""
        return " or ".join(SPELT[kind] for kind in SPELT if kind in self.kinds)


_NUMBERS = (
    "id", "seed", "epoch", "update", "evaluations", "seconds", "train_loss", "train_accuracy",
    "validation_loss", "validation_accuracy", "best_loss", "best_accuracy", "rows", "parent",
    "parent_update", "environment.threads",
)  # fmt: skip
_TEXTS = (
    "name", "title", "note", "dataset", "reason", "race", "data_hash", "curve_hash", "folder",
    "environment.tuinn", "environment.numpy", "environment.python", "environment.kernel",
)  # fmt: skip
_FLAGS = ("changed", "resumable")
_TIMES = ("started", "ended")


def last_loss(run: StoredRun) -> float:
    """The last loss on the validation part, of the training part where there is no other."""
    return run.train_loss if run.validation_loss is None else run.validation_loss


def last_accuracy(run: StoredRun) -> float:
    """The last accuracy, as `last_loss`."""
    return run.train_accuracy if run.validation_accuracy is None else run.validation_accuracy


def _plain(names: Iterable[str], kind: Kind) -> dict[str, Asked]:
    return {name: Asked(name, frozenset({kind}), attrgetter(name)) for name in names}


@functools.cache
def asked() -> dict[str, Asked]:
    """All that can be asked, by name; results before settings of the same name."""
    text: frozenset[Kind] = frozenset({"text"})
    number: frozenset[Kind] = frozenset({"number"})
    one_list: frozenset[Kind] = frozenset({"list"})
    results = [
        Asked("loss", number, last_loss),
        Asked("accuracy", number, last_accuracy),
        Asked("status", text, attrgetter("status"), choices=get_args(Status)),
        # as the lists call it
        Asked("state", text, attrgetter("status"), choices=get_args(Status)),
        Asked("tag", text, tags_of, each=True),
        Asked("tags", one_list, tags_of, text),
    ]
    found = _plain(_NUMBERS, "number") | _plain(_TEXTS, "text")
    found |= _plain(_FLAGS, "flag") | _plain(_TIMES, "time")
    found |= {one.name: one for one in results}
    return _settings() | found


def _settings() -> dict[str, Asked]:
    """The fields of the configuration, by path, and by the last part of it where that is enough."""
    found = {
        path: _setting(path, allowed(hint))
        for path, (hint, _) in leaves().items()
        if path not in ("network.weights", "network.biases", "look_for")
    }
    short: dict[str, list[str]] = {}
    for path in found:
        short.setdefault(path.rpartition(".")[2], []).append(path)
    return {name: found[paths[0]] for name, paths in short.items() if len(paths) == 1} | found


def _setting(path: str, permitted: Allowed) -> Asked:
    kinds, choices = _kinds(permitted)
    items: frozenset[Kind] = frozenset()
    for kind in permitted.kinds:
        if isinstance(kind, Items):
            items, within = _kinds(kind.item)
            choices = choices or within
    return Asked(path, kinds, functools.partial(_value, path.split("."), path), items, choices)


def _kinds(permitted: Allowed) -> tuple[frozenset[Kind], tuple[str, ...]]:
    """What a field can be, and which texts; none of them where it takes any text."""
    kinds: set[Kind] = set()
    choices: tuple[str, ...] = ()
    for kind in permitted.kinds:
        match kind:
            case Number():
                kinds.add("number")
            case Flag():
                kinds.add("flag")
            case Items():
                kinds.add("list")
            case Choice():
                kinds.add("text")
                choices += kind.values
            case Text():
                kinds.add("text")
    free = any(isinstance(kind, Text) for kind in permitted.kinds)
    return frozenset(kinds), () if free else choices


def _value(parts: list[str], path: str, run: StoredRun) -> Any:
    """The setting of a run at a path; None where its optimiser has none, or it was left out."""
    tree = _decoded(run.config_json)
    found: Any = tree
    for part in parts:
        found = found.get(part, _ABSENT)
        if found is _ABSENT:
            method = tree.get("optimizer", {}).get("name", "")
            return _default(method, path)
    return found


_ABSENT: Any = {}
_decoded = functools.lru_cache(1 << 14)(msgspec.json.decode)
"""Many runs are of the same configuration, or have the same tags."""


def tags_of(run: StoredRun) -> list[str]:
    """Its tags, in their order."""
    found: list[str] = _decoded(run.tags_json)
    return found


@functools.cache
def _default(method: str, path: str) -> Any:
    """What a setting is that is left out."""
    known = leaves(method).get(path)
    return None if known is None else known[1]


def unknown(name: str) -> str:
    """What is wrong with a name that nothing has."""
    close = did_you_mean(name, asked())
    if not close:
        close = "; there are id, name, status, tag, started, epoch, validation_loss, "
        close += "best_accuracy … and every setting, as optimizer.eta"
    return f"unknown field `{name}`{close}"
