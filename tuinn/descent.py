"""A descent: optimisers that walk on a surface from one point, as a file or a command describes it.

Files are TOML, like the presets of the laboratory: ``surface``, and a table ``[[optimizer]]`` for
each that takes part. What they leave out is as `engine.surfaces.settings` states for the surface.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from tuinn.allowed import ConfigError, allowed, did_you_mean, shown
from tuinn.config import read_toml, tree
from tuinn.optimizers import KEPT, NAME, Optimizer, read_optimizer
from tuinn.preset import PresetError, own_folder, shipped_folder
from tuinn.schema import Base, Count, hints

if TYPE_CHECKING:
    from engine.optimizer import Optimizer as EngineOptimizer
    from engine.walk import Walk

SurfaceName = Literal[
    "sphere", "ravine", "rosenbrock", "himmelblau", "rastrigin", "beale", "saddle", "neuron"
]
Point = tuple[float, float]
Speed = Annotated[float, Meta(ge=0.1, le=10)]
NEAR = 2.0
"""Widths of the map from its centre within which one may start."""
FOLDER = "surfaces"
"""Where such presets live, inside the folders of the others."""


class Descent(Base, frozen=True, kw_only=True):
    """Who walks where. `parse` is how to make one: it knows what suits the surface."""

    title: str = ""
    look_for: str = ""
    """One sentence: what to watch."""
    seed: Annotated[int, Meta(ge=0)] = 0
    """Of what the searches draw by chance; each of them begins with it anew."""
    surface: SurfaceName
    start: Point | None = None
    """x and y, as `check_start` allows; None: the surface's own."""
    budget: Count | None = None
    """Evaluations of each; None: what is stated for each of them on the surface."""
    speed: Speed = 1.0
    """Of the show."""
    optimizers: tuple[Optimizer, ...]
    """Of different names, in the order of the file; in files the tables are called `optimizer`."""


@dataclass(frozen=True, slots=True)
class SurfacePreset:
    name: str
    descent: Descent
    path: Path
    own: bool
    """Saved by the user, or a file named by its path; not shipped."""


def parse(raw: dict[str, Any], source: str = "") -> Descent:
    """The descent in ``raw``, a tree of plain values as `tomllib` reads them.

    Raises `ConfigError` naming ``source``, the field, what is allowed and what was got.
    """
    try:
        return _parsed(raw)
    except ConfigError as error:
        prefix = f"{source}: " if source else ""
        raise ConfigError(f"{prefix}{error}", error.field) from None


def read(path: Path) -> Descent:
    """The descent in the TOML file at ``path``.

    Raises `ConfigError` where it is no valid TOML (with line and column) or no valid descent,
    OSError where it cannot be read.
    """
    return parse(read_toml(path), str(path))


def find(name_or_path: str | Path) -> SurfacePreset:
    """The surface preset of that name, or in the file at that path.

    A text that ends in ".toml" or contains a "/" is a path. Raises `PresetError` where there is
    none, `ConfigError` where it cannot be used.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or text.endswith(".toml") or re.search(r"[/\\]", text):
        path = Path(text).expanduser()
        return SurfacePreset(
            path.stem, _read(path), path, own=path.parent != shipped_folder() / FOLDER
        )
    files = _files()
    if text not in files:
        raise PresetError(
            f"no surface preset {text!r}; there are {', '.join(files)}{did_you_mean(text, files)}"
        )
    path, own = files[text]
    return SurfacePreset(text, _read(path), path, own)


def surface_presets() -> tuple[SurfacePreset, ...]:
    """All the surface presets that can be used, by name; the user's own win over shipped ones."""
    found = []
    for name, (path, own) in _files().items():
        try:
            found.append(SurfacePreset(name, _read(path), path, own))
        except (ConfigError, PresetError):
            if not own:
                raise
    return tuple(found)


def settings_for(surface: str, name: str, **given: Any) -> Optimizer:
    """The settings of an optimiser as they suit a surface, with what is ``given`` in their place.

    Raises `ConfigError`, in which the optimiser is called by its name: "adam.eta".
    """
    return _settings(surface, {"name": name, **given}, name)


def changed_settings(surface: str, settings: Optimizer, field: str, text: str) -> Optimizer:
    """``settings`` with a field as a person types it; raises as `settings_for` does."""
    permitted = hints(type(settings))
    value: Any = allowed(permitted[field]).read(text) if field in permitted else text
    table = {name: kept for name, kept in tree(settings).items() if name not in KEPT}
    return _settings(surface, table | {field: value}, settings.name)


def make_optimizer(settings: Optimizer) -> EngineOptimizer:
    """The engine's optimiser of these settings, for a surface; ValueError names the field.

    A surface has neither epochs, by which η would be scheduled, nor weights that decay.
    """
    from engine.optimizers import optimizer

    parameters = {
        name: value for name, value in msgspec.structs.asdict(settings).items() if name not in KEPT
    }
    return optimizer(settings.name, **parameters)


def make_walks(descent: Descent) -> dict[str, Walk]:
    """A walk of every optimiser by its name, at the start."""
    from engine.surfaces import surface
    from engine.walk import Walk

    return {
        settings.name: Walk(
            surface(descent.surface),
            make_optimizer(settings),
            start=descent.start,
            seed=descent.seed,
            budget=budget_of(descent, settings.name),
        )
        for settings in descent.optimizers
    }


def budget_of(descent: Descent, name: str) -> int:
    """The evaluations that the optimiser of that name may have."""
    if descent.budget is not None:
        return descent.budget
    from engine.surfaces.settings import SETTINGS

    return SETTINGS[descent.surface][name].budget


def check_start(surface: str, start: Point, field: str = "start") -> None:
    """`ConfigError` naming ``field`` unless the point is on the surface's map or near it."""
    from engine.surfaces import SURFACES

    on = SURFACES[surface]
    for axis, value, middle in zip(on.axes, start, on.centre, strict=True):
        low, high = middle - NEAR * on.width, middle + NEAR * on.width
        if not low <= value <= high:
            raise ConfigError(
                f"`{field}` must have {axis} in {low:g} … {high:g}, at most {NEAR:g} widths of "
                f"the map from its centre, got {axis} = {value:g}",
                field,
            )


def _parsed(raw: dict[str, Any]) -> Descent:
    permitted = hints(Descent)
    names = [*(name for name in permitted if name != "optimizers"), "optimizer"]
    for name, value in raw.items():
        if name not in names:
            raise ConfigError(
                f"unknown field `{name}`; the fields are {', '.join(names)}"
                f"{did_you_mean(name, names)}",
                name,
            )
        if name != "optimizer":
            allowed(permitted[name]).check(value, name)
    if "surface" not in raw:
        raise ConfigError(
            f"`surface` must be {allowed(SurfaceName).words()}, got nothing", "surface"
        )
    surface = raw["surface"]
    if "start" in raw:
        if len(raw["start"]) != 2:
            raise ConfigError(
                f"`start` must be a list of two numbers, x and y, got {shown(raw['start'])}",
                "start",
            )
        check_start(surface, raw["start"])
    tables = raw.get("optimizer", [])
    if not isinstance(tables, list) or not tables:
        raise ConfigError(
            "`optimizer` must be a list of at least one table, each written [[optimizer]], "
            f"got {shown(tables) if tables else 'nothing'}",
            "optimizer",
        )
    optimizers: dict[str, Optimizer] = {}
    for index, table in enumerate(tables):
        path = f"optimizer[{index}]"
        settings = _settings(surface, table, path)
        if settings.name in optimizers:
            raise ConfigError(
                f"`{path}.name` must be of an optimiser that is not there yet, "
                f"got {shown(settings.name)} again",
                f"{path}.name",
            )
        optimizers[settings.name] = settings
    plain = {name: value for name, value in raw.items() if name != "optimizer"}
    if "start" in plain:
        plain["start"] = tuple(map(float, plain["start"]))
    return Descent(**plain, optimizers=tuple(optimizers.values()))


def _settings(surface: str, table: Any, path: str) -> Optimizer:
    """The settings in ``table``, filled up with those that suit the surface."""
    from engine.surfaces.settings import SETTINGS

    if not isinstance(table, dict) or "name" not in table:
        raise ConfigError(
            f"`{path}` must be a table with the name of an optimiser, got {shown(table)}", path
        )
    name = table["name"]
    allowed(NAME).check(name, f"{path}.name")
    for field in KEPT:
        if field in table:
            meant = "there are no weights" if field == "decay" else "there are no epochs"
            raise ConfigError(
                f"`{path}.{field}` means nothing on a surface: {meant}", f"{path}.{field}"
            )
    settings = read_optimizer({**SETTINGS[surface][name].parameters, **table}, path)
    try:
        make_optimizer(settings)
    except ValueError as error:
        # what only goes wrong together with another parameter
        raise ConfigError(str(error).replace("`optimizer.", f"`{path}."), path) from None
    return settings


def _files() -> dict[str, tuple[Path, bool]]:
    """Path, and whether it is the user's own, of every surface preset by name."""
    files = {path.stem: (path, False) for path in (shipped_folder() / FOLDER).glob("*.toml")}
    files |= {path.stem: (path, True) for path in (own_folder() / FOLDER).glob("*.toml")}
    return dict(sorted(files.items()))


def _read(path: Path) -> Descent:
    try:
        return read(path)
    except OSError as error:
        raise PresetError(f"{path}: cannot be read: {error.strerror}") from None
