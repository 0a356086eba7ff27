"""`tuinn show PRESET`: its configuration in full, with its comments."""

from __future__ import annotations

import argparse
import json

from tuinn.config import tree
from tuinn.preset import as_toml, find


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("preset", metavar="PRESET", help="a preset, or a .toml file")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(options: argparse.Namespace) -> int:
    preset = find(options.preset)
    if options.json:
        shown = {
            "name": preset.name,
            "own": preset.own,
            "path": str(preset.path),
            "config": tree(preset.config),
        }
        print(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        print(f"# {preset.path}\n{as_toml(preset)}", end="")
    return 0
