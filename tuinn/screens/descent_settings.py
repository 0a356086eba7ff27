"""The settings of the Surface screen as fields: what they show, and what they take."""

from __future__ import annotations

import functools
from typing import Any, get_args

from msgspec import Meta

from engine.surfaces import SURFACES
from tuinn.allowed import Choice, Flag, Number, allowed, as_text
from tuinn.descent import Descent, check_start
from tuinn.numbers import count, significant
from tuinn.optimizers import KEPT, Annealing, Genetic, Optimizer, Swarm
from tuinn.schema import hints
from tuinn.screens.descent_rules import RULES
from tuinn.screens.descent_walks import Walks, read
from tuinn.widgets.field import in_place
from tuinn.widgets.parameters import Parameter
from tuinn.widgets.walk_look import LETTERS


def shared_parameters(walks: Walks, current: str) -> list[Parameter]:
    """What all walks share; where it is stated for each, that of the ``current`` optimiser."""
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
            "evaluations that each may have, one for a cost or a cost with its gradient; "
            "empty: to each as many as suit it here",
            "text", "" if walks.budget is None else str(walks.budget), (), "eval.",
            f"{count(walks.budget_of(current))} ({current})",
        ),
        Parameter(
            "seed", "seed", "of all that the searches draw by chance",
            "text", str(walks.seed), (), ">= 0",
        ),
    ]  # fmt: skip


@functools.cache
def _hints(method: type[Optimizer]) -> dict[str, Any]:
    return hints(method)


def own_parameters(settings: Optimizer) -> list[Parameter]:
    """The parameters of an optimiser that count on a surface."""
    found = []
    for field in settings.__struct_fields__:
        if field in KEPT:
            # there are no epochs, by which η would change, and no weights that decay
            continue
        value = getattr(settings, field)
        hint = _hints(type(settings))[field]
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
                counts=counts(settings, field),
            )
        )
    return found


def counts(settings: Optimizer, field: str) -> bool:
    """Whether a parameter matters with the others as they are."""
    match settings:
        case Genetic():
            return field != ("index" if settings.crossover == "blend" else "blend")
        case Swarm():
            return field != "neighbours" or settings.topology == "ring"
        case Annealing():
            return field != "cooling_rate" or settings.cooling in ("geometric", "linear")
    return True


def _about(hint: Any) -> Meta:
    """What is said of a field: the label stands in the outermost annotation."""
    metas = [meta for meta in get_args(hint)[1:] if isinstance(meta, Meta)]
    return next((meta for meta in metas if meta.title), Meta())


def about(descent: Descent) -> str:
    """What a preset sets, a line to each optimiser."""
    shared = {
        "surface": descent.surface,
        "start": f"{descent.start[0]:g}, {descent.start[1]:g}" if descent.start else "",
        "budget": f"{count(descent.budget)} evaluations" if descent.budget else "",
        "seed": str(descent.seed) if descent.seed else "",
        "speed": f"{descent.speed:g}×" if descent.speed != 1 else "",
    }
    lines = [f"{name:<12}{value}" for name, value in shared.items() if value]
    for settings in descent.optimizers:
        values = [f"{one.label} {one.value}" for one in own_parameters(settings)]
        lines.append(f"{settings.name:<12}{'  '.join(values[:3])}{' …' if values[3:] else ''}")
    return "\n".join(lines)


def title_of(name: str) -> str:
    return f"{LETTERS[name]} {name}"


def rule_of(name: str) -> str:
    rule, about = RULES[name]
    return f"{rule}\n{about}"


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
            if value is None:
                return "Each may have the evaluations that are stated for it on this surface."
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
            point = _point(text)
            check_start(walks.surface.name, point)
            return point
        case "budget":
            return _whole(text, 1) if text.strip() else None
        case "seed":
            return _whole(text, 0)
    name, field = path.split(".")
    value = read(name, field, text)
    walks.with_(name, field, value)
    return value


def _whole(text: str, least: int) -> int:
    digits = text.replace(" ", "")
    if not digits.isdecimal() or int(digits) < least:
        got = text.strip() or "nothing"
        raise ValueError(f"must be a whole number >= {least}, got {got}")
    return int(digits)


def _point(text: str) -> tuple[float, float]:
    """x and y, as in "−1.2, 1" or "-1.2 1"."""
    words = text.replace("−", "-").replace(",", " ").split()
    try:
        x, y = (float(word) for word in words)
    except ValueError:
        raise ValueError(f"must be two numbers x, y, got {text.strip() or 'nothing'}") from None
    return x, y


def _field(path: str) -> str:
    return path.partition(".")[2]


def _label(walks: Walks, path: str) -> str:
    name, field = path.split(".")
    return _about(_hints(type(walks.settings[name]))[field]).title or field
