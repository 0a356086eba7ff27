"""`tuinn descend`: optimisers on a surface, without the screen."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from tuinn.allowed import ConfigError, allowed, did_you_mean
from tuinn.descent import (
    Descent,
    SurfaceName,
    changed_settings,
    check_start,
    find,
    make_walks,
    parse,
    settings_for,
    surface_presets,
)
from tuinn.optimizers import METHODS, NAME, Optimizer
from tuinn.preset import PresetError
from tuinn.schema import Count, hints

if TYPE_CHECKING:
    from engine.walk import Walk

DIVERGED = 3
SURFACES = get_args(SurfaceName)
EPILOG = """\
Every optimiser is set as it suits the surface, or as the preset says; --set changes that. An
evaluation is a cost, or a cost and its gradient, at one point.

x, y and the cost are those of where it stands, of a population those of its best; the distance is
that of its best point to the nearest minimum. The exit status is 3 where one diverged.

With --json every optimiser has a line for its start and for each update (or each --every), with
optimizer, update, evaluations, x, y, cost, gradient_norm, distance and, of a search, what it shows
of itself; then a last line with "final": true, the reason for the end, and whether a minimum is
reached (within 0.01).
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    add = parser.add_argument
    add(
        "where",
        nargs="?",
        metavar="SURFACE|PRESET",
        help=f"{', '.join(SURFACES)}; or a surface preset, or a .toml file",
    )
    add("--list", action="store_true", help="list the surfaces and their presets")
    add(
        "--optimizer",
        metavar="NAME,…",
        help=f"who takes part: {', '.join(METHODS)} (default: all, or those of the preset)",
    )
    add("--steps", metavar="N", help="at most so many updates of each")
    add(
        "--budget",
        metavar="N",
        help="end after so many evaluations of each; a generation begun is finished",
    )
    add("--start", metavar="X,Y", help="where all begin")
    add("--seed", metavar="N", help="of all that is drawn by chance")
    add(
        "--set",
        action="append",
        default=[],
        metavar="NAME.FIELD=VALUE",
        dest="changes",
        help="change a parameter, such as adam.eta=0.1; may be given again",
    )
    add("--every", metavar="N", help="with --json: a line for every N-th update (default 1)")
    add("--json", action="store_true", help="one JSON object per line on stdout")


def run(options: argparse.Namespace) -> int:
    """Walk as told; returns the exit status."""
    if options.list:
        return _list()
    if options.where is None:
        raise ConfigError(
            f"name a SURFACE ({', '.join(SURFACES)}) or a PRESET; `tuinn descend --list` lists both"
        )
    steps = _whole("--steps", options.steps, Count)
    every = _whole("--every", options.every, Count) or 1
    descent = _with_options(_named(options.where), options)
    walks = make_walks(descent)
    most = 10**18 if steps is None else steps
    for walk in walks.values():
        if options.json:
            _narrate(walk, most, every)
        else:
            walk.advance(most)
    if not options.json:
        print(_report(descent, walks))
    return DIVERGED if any(walk.diverged for walk in walks.values()) else 0


def _list() -> int:
    from engine.surfaces import surface

    rows = [(name, f"{surface(name).title}: {surface(name).formula}") for name in SURFACES]
    rows += [
        (preset.name, f"{preset.descent.title} ({preset.descent.surface})")
        for preset in surface_presets()
    ]
    width = max(len(name) for name, _ in rows)
    for name, text in rows:
        print(f"{name:<{width}}  {text}")
    return 0


def _named(where: str) -> Descent:
    """All the optimisers on a surface, or what a preset says."""
    if where in SURFACES:
        return parse({"surface": where, "optimizer": [{"name": name} for name in METHODS]})
    try:
        return find(where).descent
    except PresetError as error:
        if where.endswith(".toml") or "/" in where or "\\" in where:
            raise
        names = [*SURFACES, *(preset.name for preset in surface_presets())]
        raise PresetError(
            f"no surface and no surface preset {where!r}; `tuinn descend --list` lists them"
            f"{did_you_mean(where, names)}"
        ) from error


def _with_options(descent: Descent, options: argparse.Namespace) -> Descent:
    """``descent`` with the changes of the command line."""
    seed = _whole("--seed", options.seed, hints(Descent)["seed"])
    budget = _whole("--budget", options.budget, Count)
    optimizers = {settings.name: settings for settings in descent.optimizers}
    if options.optimizer is not None:
        chosen = [name.strip() for name in options.optimizer.split(",")]
        for name in chosen:
            allowed(NAME).check(name, "--optimizer")
        optimizers = {
            name: optimizers.get(name) or settings_for(descent.surface, name) for name in chosen
        }
    for text in options.changes:
        _change(descent.surface, optimizers, text)
    return msgspec.structs.replace(
        descent,
        seed=descent.seed if seed is None else seed,
        budget=descent.budget if budget is None else budget,
        start=descent.start if options.start is None else _start(descent.surface, options.start),
        optimizers=tuple(optimizers.values()),
    )


def _change(surface: str, optimizers: dict[str, Optimizer], text: str) -> None:
    """Change one parameter, as NAME.FIELD=VALUE says."""
    path, equals, value = text.partition("=")
    name, dot, field = path.strip().partition(".")
    if not (equals and dot):
        raise ConfigError(f"`--set` takes NAME.FIELD=VALUE, got {text!r}")
    if name not in optimizers:
        raise ConfigError(
            f"--set: `{path.strip()}` is of no optimiser that takes part; there are "
            f"{', '.join(optimizers)}{did_you_mean(name, optimizers)}"
        )
    try:
        optimizers[name] = changed_settings(surface, optimizers[name], field, value)
    except ConfigError as error:
        raise ConfigError(f"--set: {error}", error.field) from None


def _whole(option: str, text: str | None, hint: Any) -> int | None:
    """The whole number that ``text`` is; `ConfigError` names the option where it is none."""
    if text is None:
        return None
    value = allowed(hint).read(text)
    allowed(hint).check(value, option)
    return int(value)


def _start(surface: str, text: str) -> tuple[float, float]:
    words = text.replace("−", "-").replace(",", " ").split()
    try:
        x, y = (float(word) for word in words)
    except ValueError:
        raise ConfigError(f"`--start` must be two numbers X,Y, got {text!r}") from None
    check_start(surface, (x, y), "--start")
    return x, y


def _reason(walk: Walk) -> str:
    from tuinn.numbers import count

    if walk.finished is not None:
        return walk.finished
    return f"{count(walk.update)} update{'' if walk.update == 1 else 's'} made"


def _narrate(walk: Walk, most: int, every: int) -> None:
    """Walk and print a JSON line of the start, of every ``every``-th update, and of the end."""
    from tuinn.records import json_line

    print(json_line(_record(walk)))
    while walk.finished is None and walk.update < most:
        walk.advance(min(every, most - walk.update))
        print(json_line(_record(walk)))
    end = {"final": True, "reason": _reason(walk), "reached": walk.reached()}
    print(json_line(end | {"diverged": walk.diverged} | _record(walk)), flush=True)


def _record(walk: Walk) -> dict[str, Any]:
    """The walk as it is now, in plain numbers."""
    x, y = walk.position.tolist()
    record: dict[str, Any] = {
        "optimizer": walk.optimizer.name,
        "update": walk.update,
        "evaluations": walk.evaluations,
        "x": x,
        "y": y,
        "cost": walk.cost,
        "gradient_norm": walk.slope,
        "distance": walk.distance,
    }
    search = walk.optimizer.search()
    if search is not None:
        record["search"] = search.record()
    return record


def _report(descent: Descent, walks: dict[str, Walk]) -> str:
    """What became of every walk, as a table."""
    from tuinn.numbers import count, significant

    on = next(iter(walks.values())).surface
    x, y = on.axes
    head = ("optimiser", "updates", "evaluations", x, y, "cost", "‖∇C‖", "distance", "")
    rows = [
        (
            name,
            count(walk.update),
            count(walk.evaluations),
            *(significant(value, 4) for value in walk.position.tolist()),
            significant(walk.cost),
            significant(walk.slope),
            significant(walk.distance),
            _reason(walk),
        )
        for name, walk in walks.items()
    ]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if place in (0, len(widths) - 1) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]
    start = ", ".join(significant(value) for value in descent.start or on.start)
    title = f"{descent.title or on.title}: {on.formula}, from {start}"
    minima = "; ".join(", ".join(significant(value) for value in minimum) for minimum in on.minima)
    where = f"minimum at {minima}" if len(on.minima) == 1 else f"minima at {minima}"
    return "\n".join([f"{title}; {where}", *lines, *filter(None, [descent.look_for])])
