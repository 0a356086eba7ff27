"""`tuinn datasets`: the sets of data that can be named."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON list")


def run(options: argparse.Namespace) -> int:
    from engine.data import catalogue

    entries = catalogue()
    if options.json:
        print(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, indent=2))
        return 0
    width = max(len(entry.name) for entry in entries)
    for entry in entries:
        missing = (
            "" if entry.available else "  (not here: TUINN_DATA names the folder of such sets)"
        )
        print(f"{entry.name:<{width}}  {entry.title}{missing}")
    return 0
