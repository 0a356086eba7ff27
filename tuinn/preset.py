"""Presets: configurations with a name, shipped with tuinn or saved by its user.

A user's own live in the platform's configuration directory (``TUINN_HOME`` moves it) and win by
name over the shipped ones.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tuinn
from tuinn.allowed import did_you_mean
from tuinn.config import Config, ConfigError, default_tree, parse, read, tree
from tuinn.home import home

VERBS = ("train", "descend", "presets", "datasets", "show", "runs", "compare")
"""The command line's verbs; a preset of that name could not be opened."""


class PresetError(ValueError):
    """A preset that does not exist, or that cannot be written."""


@dataclass(frozen=True, slots=True)
class Preset:
    name: str
    config: Config
    path: Path
    own: bool
    """Saved by the user, or a file named by its path; not shipped."""

    @property
    def folder(self) -> Path | None:
        """Where its relative paths begin: beside a file of the person's; else where tuinn runs."""
        folder = self.path.parent
        return None if folder in (own_folder(), shipped_folder()) else folder


@dataclass(frozen=True, slots=True)
class Broken:
    """One of the user's own presets that cannot be read, and why."""

    name: str
    path: Path
    error: str


def own_folder() -> Path:
    """Where the user's presets live; it need not exist yet."""
    named = home()
    if named is not None:
        return named / "presets"
    from platformdirs import user_config_path

    return user_config_path("tuinn") / "presets"


def shipped_folder() -> Path:
    """The presets that came with tuinn: inside the installed package, beside it in a checkout."""
    package = Path(tuinn.__file__).parent
    for folder in (package / "presets", package.parent / "presets"):
        if folder.is_dir():
            return folder
    raise PresetError(f"the presets of tuinn are missing: no folder {package / 'presets'}")


def presets() -> tuple[Preset, ...]:
    """All the presets that can be used, by name."""
    return tuple(found for found in _all() if isinstance(found, Preset))


def broken() -> tuple[Broken, ...]:
    """The user's own presets that cannot be read; they hide shipped ones of the same name."""
    return tuple(found for found in _all() if isinstance(found, Broken))


def find(name_or_path: str | Path) -> Preset:
    """The preset of that name, or in the file at that path.

    A text that ends in ".toml" or contains a "/" is a path. Raises `PresetError` where there is
    none, `ConfigError` where it cannot be used.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or text.endswith(".toml") or re.search(r"[/\\]", text):
        path = Path(text).expanduser()
        # bytes of a file name that are no text cannot be written anywhere
        name = path.stem.encode(errors="replace").decode()
        return Preset(name, _read(path), path, own=path.parent != shipped_folder())
    files = _files()
    if text not in files:
        if Path(text).is_file():
            raise PresetError(f"no preset {text!r}; to use the file here, write ./{text}")
        raise PresetError(
            f"no preset {text!r}; `tuinn presets` lists them{did_you_mean(text, files)}"
        )
    path, own = files[text]
    return Preset(text, _read(path), path, own)


def save(name_or_path: str | Path, config: Config) -> Path:
    """Write ``config`` as one of the user's presets, or to a path that ends in ".toml".

    A file that is there already keeps its comments and its order. Raises `PresetError` where the
    name cannot be used or the file cannot be written.
    """
    text = str(name_or_path)
    if text.endswith(".toml"):
        path = template = Path(text).expanduser()
    else:
        path = template = own_folder() / f"{_checked(text)}.toml"
        if not path.exists():
            template = shipped_folder() / path.name
    try:
        old = template.read_text(encoding="utf-8") if template.exists() else ""
        written = _written(config, old, template, whole=not old)
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, written)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise PresetError(f"{path}: the preset cannot be saved: {why}") from None
    return path


def as_toml(preset: Preset) -> str:
    """``preset``'s file in full: its comments, and the fields that it leaves at their default."""
    return _written(preset.config, preset.path.read_text(encoding="utf-8"), preset.path, whole=True)


def _files() -> dict[str, tuple[Path, bool]]:
    """Path, and whether it is the user's own, of every preset by name."""
    files = {path.stem: (path, False) for path in shipped_folder().glob("*.toml")}
    files |= {path.stem: (path, True) for path in own_folder().glob("*.toml")}
    return dict(sorted(files.items()))


def _all() -> Iterator[Preset | Broken]:
    for name, (path, own) in _files().items():
        try:
            yield Preset(name, _read(path), path, own)
        except (ConfigError, PresetError) as error:
            if not own:
                raise
            yield Broken(name, path, str(error))


def _read(path: Path) -> Config:
    try:
        return read(path)
    except OSError as error:
        raise PresetError(f"{path}: cannot be read: {error.strerror}") from None


def _checked(name: str) -> str:
    """``name`` where it can be a preset's; else `PresetError`."""
    if not re.fullmatch(r"\w[\w.+-]{0,79}", name):
        raise PresetError(
            "a preset's name starts with a letter or digit, goes on with letters, digits and "
            f"- _ . + and has at most 80 of them; got {name!r}"
        )
    if name in VERBS:
        raise PresetError(f"{name!r} is a verb of the command line; choose another name")
    return name


def _written(config: Config, old: str, source: Path, whole: bool) -> str:
    """``config`` as TOML, put into the text ``old`` so that its comments stay."""
    import tomlkit
    from tomlkit.exceptions import ParseError

    try:
        document = tomlkit.parse(old)
    except ParseError as error:
        raise PresetError(
            f"{source}: is no valid TOML ({error}), so saving would lose what is in it; "
            "mend it or save under another name"
        ) from None
    _put(document, tree(config), default_tree(config), whole)
    if parse(document.unwrap(), str(source)) != config:
        raise AssertionError(f"{source}: the preset would not be read back as it was saved")
    return tomlkit.dumps(document)


def _put(table: Any, values: dict[str, Any], defaults: dict[str, Any], whole: bool) -> None:
    """Set ``values`` in a tomlkit table; what is absent there stays so while it is the default."""
    for name in [name for name in table if name not in values]:
        del table[name]
    for name, value in values.items():
        default = defaults.get(name)
        if isinstance(value, dict):
            if name not in table:
                if value == default and not whole:
                    continue
                table[name] = {}
            _put(table[name], value, default or {}, whole)
        elif name in table:
            if table[name] != value:
                table[name] = value
        elif whole or value != default:
            table[name] = value


def _replace(path: Path, text: str) -> None:
    """Write ``text`` aside, then put it in place of ``path`` at once."""
    path = path.resolve()
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
