"""Runs for the tests of the filter and of the Runs screen: rows, and stores of trained runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from app_driver import LONG, app_of, press, until
from textual.pilot import Pilot

from tuinn.app import TuinnApp
from tuinn.config import parse, tree
from tuinn.experiment import build
from tuinn.screens.runs import RunsScreen
from tuinn.store import Keeper, KeptRun, Store
from tuinn.store.run import StoredRun, stored
from tuinn.widgets.footer import KeyBar
from tuinn.widgets.status import StatusLine

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
        "curve_hash": "c0ffee", "curve_update": 300, "changed": False, "parent": None,
        "parent_update": None, "race": "",
        "epoch": 30.0, "update": 300, "evaluations": 300, "seconds": 2.5, "train_loss": 0.1,
        "train_accuracy": 0.9, "validation_loss": 0.2, "validation_accuracy": 0.8,
        "best_loss": 0.15, "best_accuracy": 0.85, "rows": 40, "tags_json": "[]", "note": "",
        "session": "1-1", "held": False, "checkpoint": "", "validated": True,
        "regression": False, "asked": False,
    }  # fmt: skip
    if "tags" in columns:
        columns["tags_json"] = msgspec.json.encode(list(columns.pop("tags"))).decode()
    row["validated"] = columns.get("validation_loss", 0.2) is not None
    assert not columns.keys() - row.keys(), "a column that there is"
    return stored(tuple((row | columns).values()))


def keep(keeper: Keeper, name: str, raw: dict[str, Any] | None = None, epochs: int = 3) -> KeptRun:
    """Train a small run and keep it."""
    one = build(parse({"data": {"set": "circle", "n": 40}, "stop": {"epochs": 3}} | (raw or {})))
    kept = keeper.keep(one, name=name)
    for _ in range(epochs):
        one.trainer.run(one.trainer.one_epoch.updates)
        kept.snapshot(one.trainer, one.trainer.snapshot())
    kept.status(one.trainer, "finished" if one.trainer.finished else "stopped")
    return kept


def keep_three(folder: Path | None = None) -> None:
    """Runs 1, 2 and 3: "first" with sgd, "second" with Adam, "third" with 30 hidden units."""
    keeper = Keeper(folder)
    keep(keeper, "first")
    keep(keeper, "second", {"optimizer": {"name": "adam"}})
    keep(keeper, "third", {"network": {"hidden": [30]}}, epochs=2)
    keeper.close()


def in_store() -> list[StoredRun]:
    """What anybody finds in the store."""
    store = Store(read_only=True)
    try:
        return store.runs()
    finally:
        store.close()


def app() -> TuinnApp:
    return app_of(LONG)


async def opened(pilot: Pilot[None], runs: int) -> RunsScreen:
    """The Runs screen with so many runs in its list."""
    app = pilot.app
    assert isinstance(app, TuinnApp)
    app.places.go("Runs")
    await until(pilot, lambda: isinstance(app.screen, RunsScreen), "the Runs screen")
    screen = app.screen
    assert isinstance(screen, RunsScreen)
    await until(pilot, lambda: len(screen.shelf.shown) == runs and screen.list.has_focus, "runs")
    return screen


def listed(screen: RunsScreen) -> list[int]:
    """The ids in the list, in its order."""
    return [run.id for run in screen.shelf.shown]


def said(screen: RunsScreen) -> str:
    return screen.query_one(StatusLine).sentence.text


def footer(screen: RunsScreen) -> dict[str, str]:
    """The footer: key → word."""
    return {key.shown: key.label for key in screen.query_one(KeyBar).keys}


async def answer(pilot: Pilot[None], text: str) -> None:
    """Write into a dialog in place of what is there, and take it."""
    await press(pilot, "home", "ctrl+k", *text, "enter")
