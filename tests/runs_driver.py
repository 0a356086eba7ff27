"""Runs for the tests of the filter and of the Runs screen: rows, and stores of trained runs."""

from __future__ import annotations

from typing import Any

import msgspec

from tuinn.config import parse, tree
from tuinn.store.run import StoredRun, stored

ENVIRONMENT = '{"tuinn":"0.1","numpy":"2.0","python":"3.11","kernel":"X86_V4","threads":1}'
BEGUN = 1_790_000_000.0
"""When the first of them began: a moment of 2026."""


def run(id: int = 1, raw: dict[str, Any] | None = None, **columns: Any) -> StoredRun:
    """A run as the store tells it, of a configuration given as in a preset file."""
    config = msgspec.json.encode(tree(parse(raw or {}))).decode()
    row: dict[str, Any] = {
        "id": id, "name": f"preset-{id}", "title": "", "config_json": config, "now_json": config,
        "folder": "", "seed": 0, "status": "finished", "reason": "", "started": BEGUN + 60 * id,
        "ended": BEGUN + 60 * id + 30, "dataset": "circle", "data_hash": "d47a",
        "environment_json": ENVIRONMENT,
        "curve_hash": "c0ffee", "curve_update": 300, "changed": False, "parent": None, "parent_update": None, "race": "",
        "epoch": 30.0, "update": 300, "evaluations": 300, "seconds": 2.5, "train_loss": 0.1,
        "train_accuracy": 0.9, "validation_loss": 0.2, "validation_accuracy": 0.8,
        "best_loss": 0.15, "best_accuracy": 0.85, "rows": 40, "tags_json": "[]", "note": "",
        "session": "1-1", "held": False, "checkpoint": "", "validated": True, "asked": False,
    }  # fmt: skip
    if "tags" in columns:
        columns["tags_json"] = msgspec.json.encode(list(columns.pop("tags"))).decode()
    row["validated"] = columns.get("validation_loss", 0.2) is not None
    assert not columns.keys() - row.keys(), "a column that there is"
    return stored(tuple((row | columns).values()))
