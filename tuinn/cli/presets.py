"""`tuinn presets`: what there is to start from."""

from __future__ import annotations

import argparse
import json

from tuinn.preset import broken, presets


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON list")


def run(options: argparse.Namespace) -> int:
    found, unusable = presets(), broken()
    if options.json:
        entries: list[dict[str, object]] = [
            {
                "name": preset.name,
                "title": preset.config.title,
                "look_for": preset.config.look_for,
                "own": preset.own,
                "path": str(preset.path),
            }
            for preset in found
        ]
        entries += [
            {"name": bad.name, "own": True, "path": str(bad.path), "error": bad.error}
            for bad in unusable
        ]
        print(json.dumps(entries, ensure_ascii=False, indent=2))
        return 0
    rows = [
        (preset.name, preset.config.title + ("  (your own)" if preset.own else ""))
        for preset in found
    ]
    rows += [(bad.name, f"cannot be used: {bad.error}") for bad in unusable]
    width = max(len(name) for name, _ in rows)
    for name, text in sorted(rows):
        print(f"{name:<{width}}  {text}")
    return 0
