"""The presets and the data sets as items of a picker."""

from __future__ import annotations

from collections.abc import Iterable

from engine.data import Entry
from tuinn.config import Config, as_text, fields, get
from tuinn.numbers import count
from tuinn.optimizers import WHOLE
from tuinn.preset import broken, presets
from tuinn.screens.picker import Item
from tuinn.widgets.field import unit_of


def preset_items() -> list[Item]:
    """All presets; the person's own that cannot be read are there, with the reason."""
    items = [
        Item(
            preset.name,
            preset.config.title or preset.name,
            preset.config.look_for,
            settings(preset.config),
            "own" if preset.own else "",
        )
        for preset in presets()
    ]
    items += [Item(bad.name, bad.name, f"✗ {bad.error}", "", "broken") for bad in broken()]
    return sorted(items, key=lambda item: item.name)


def settings(config: Config) -> str:
    """What a configuration sets, a field to a line, groups apart; defaults are left out."""
    always = (
        "data.set",
        "network.hidden",
        "training.cost",
        "optimizer.name",
        "optimizer.eta",
        "stop.epochs",
    )
    lines: list[str] = []
    group = ""
    for field in fields(config.optimizer.name):
        value = get(config, field.path)
        if value == field.default and field.path not in always:
            continue
        if field.path == "training.batch_size" and config.optimizer.name in WHOLE:
            continue
        if group and field.group != group:
            lines.append("")
        group = field.group
        unit = unit_of(field, config)
        unit = "" if value == "full" or unit == field.label else unit
        lines.append(f"{field.label:<16}{as_text(value) or '–'} {unit}".rstrip())
    return "\n".join(lines)


def data_items(entries: Iterable[Entry]) -> list[Item]:
    return [
        Item(
            entry.name,
            entry.title,
            _size(entry),
            f"source: {entry.source}",
            "" if entry.available else "not here",
        )
        for entry in entries
    ]


def _size(entry: Entry) -> str:
    kind = f"{len(entry.classes)} classes" if entry.classes else "regression"
    made = ", made by a rule: size and noise are yours to choose" if entry.generated else ""
    return f"{count(entry.examples)} examples of {entry.inputs} inputs, {kind}{made}"
