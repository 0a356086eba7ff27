"""The settings of the Surface screen as fields: what they show, and what they take."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
from msgspec import Meta

from engine.surfaces import SURFACES
from tuinn.allowed import Choice, Flag, Number, allowed, as_text
from tuinn.optimizers import Method
from tuinn.schema import hints
from tuinn.screens.descent_rules import RULES
from tuinn.screens.descent_walks import Walks, built, parameters, read
from tuinn.widgets.field import in_place
from tuinn.widgets.numbers import count, significant
from tuinn.widgets.parameters import Parameter
from tuinn.widgets.walk_look import LETTERS


def shared_parameters(walks: Walks) -> list[Parameter]:
    """What all walks share."""
    x, y = walks.start
    return [
        Parameter(
            "surface", "surface", "the cost that they walk on; each has settings that suit it",
            "choice", walks.surface.name, tuple(SURFACES),
        ),
        Parameter(
            "start", "start", "x, y of the point from which all begin; a click on the map sets it",
            "text", f"{as_text(x)}, {as_text(y)}", (), "x, y",
        ),
        Parameter(
            "budget", "budget",
            "evaluations that each may have: a cost, or a cost with its gradient, counts as one",
            "text", str(walks.budget), (), "eval.",
        ),
        Parameter(
            "seed", "seed", "of all that the searches draw by chance",
            "text", str(walks.seed), (), ">= 0",
        ),
    ]  # fmt: skip


def own_parameters(settings: Method) -> list[Parameter]:
    """The parameters of an optimiser that count on a surface."""
    found = []
    for field, value in parameters(settings).items():
        hint = hints(type(settings))[field]
        permitted = allowed(hint)
        about = _about(hint)
        first = permitted.kinds[0]
        found.append(
            Parameter(
                path=f"{settings.name}.{field}",
                label=about.title or field,
                help=about.description or "",
                kind="choice"
                if isinstance(first, Choice)
                else "bool"
                if isinstance(first, Flag)
                else "text",
                value=as_text(value),
                choices=first.values if isinstance(first, Choice) else (),
                range=first.range if isinstance(first, Number) else "",
            )
        )
    return found


def _about(hint: Any) -> Meta:
    """What is said of a field: the label stands in the outermost annotation."""
    metas = [meta for meta in get_args(hint)[1:] if isinstance(meta, Meta)]
    return next((meta for meta in metas if meta.title), Meta())


def title_of(name: str) -> str:
    return f"{LETTERS[name]} {name}"


def rule_of(name: str) -> str:
    rule, about = RULES[name]
    return f"{rule}\n\n{about}"


def refusal(walks: Walks, path: str, text: str) -> str:
    """Why a field does not take this text; empty where it does."""
    try:
        _taken(walks, path, text)
    except ValueError as error:
        return in_place(str(error), path if "." not in path else f"optimizer.{_field(path)}")
    return ""


def take(walks: Walks, path: str, text: str) -> str:
    """Set what a field says; returns what is to be told. ValueError where it cannot be."""
    value = _taken(walks, path, text)
    match path:
        case "start":
            walks.start_at(value)
            x, y = value
            return f"The start is {significant(x)}, {significant(y)}."
        case "budget":
            walks.allow(value)
            return f"Each may have {count(value)} evaluations."
        case "seed":
            walks.sow(value)
            return f"Seed {value}."
    name, field = path.split(".")
    walks.set(name, field, value)
    begins = ": it begins anew" if name in walks.walks else ""
    return f"{_label(walks, path)} of {name} is {as_text(value)}{begins}."


def _taken(walks: Walks, path: str, text: str) -> Any:
    """The value that a text means, if it can be used."""
    match path:
        case "surface":
            return text
        case "start":
            return _point(text)
        case "budget" | "seed":
            least = 1 if path == "budget" else 0
            whole = text.strip().replace(" ", "")
            if not whole.isdecimal() or int(whole) < least:
                raise ValueError(
                    f"must be a whole number >= {least}, got {text.strip() or 'nothing'}"
                )
            return int(whole)
    name, field = path.split(".")
    value = read(name, field, text)
    # what only goes wrong together with other parameters
    built(msgspec.structs.replace(walks.settings[name], **{field: value}))
    return value


def _point(text: str) -> tuple[float, float]:
    """x and y, as in "−1.2, 1" or "-1.2 1"."""
    words = text.replace("−", "-").replace(",", " ").split()
    try:
        x, y = (float(word) for word in words)
    except ValueError:
        raise ValueError(f"must be two numbers x, y, got {text.strip() or 'nothing'}") from None
    if not (abs(x) < 1e9 and abs(y) < 1e9):
        raise ValueError(f"must be two finite numbers below 1e9, got {text.strip()}")
    return x, y


def _field(path: str) -> str:
    return path.partition(".")[2]


def _label(walks: Walks, path: str) -> str:
    name, field = path.split(".")
    return _about(hints(type(walks.settings[name]))[field]).title or field
