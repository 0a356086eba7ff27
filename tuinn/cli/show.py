"""`tuinn show PRESET`: its configuration in full, with its comments."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import msgspec

from tuinn.config import tree
from tuinn.preset import PresetError, as_toml, find


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("preset", metavar="PRESET", help="a preset, or a .toml file")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(options: argparse.Namespace) -> int:
    try:
        text, shown = _preset(options.preset)
    except PresetError:
        found = _surface_preset(options.preset)
        if found is None:
            raise
        text, shown = found
    print(json.dumps(shown, ensure_ascii=False, indent=2) if options.json else text)
    return 0


def _preset(name: str) -> tuple[str, dict[str, Any]]:
    """A preset of the lab as text and as plain values."""
    preset = find(name)
    shown = {"config": tree(preset.config)}
    return _texts(preset.name, preset.own, preset.path, as_toml(preset), shown)


def _surface_preset(name: str) -> tuple[str, dict[str, Any]] | None:
    """One of the Surface screen, where the lab has none of that name."""
    # it knows the engine's surfaces, which are not loaded for a preset of the lab
    from tuinn.descent import surface_presets

    for preset in surface_presets():
        if preset.name == name:
            shown = {"descent": msgspec.to_builtins(preset.descent)}
            text = preset.path.read_text(encoding="utf-8")
            return _texts(preset.name, preset.own, preset.path, text, shown)
    return None


def _texts(
    name: str, own: bool, path: Path, text: str, shown: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    head = {"name": name, "own": own, "path": str(path)}
    return f"# {path}\n{text}".rstrip("\n"), head | shown
