"""What is said of one example: what it is, what it is read as, and the outputs for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data import Dataset, Examples
from engine.inside.reading import Reading
from tuinn.numbers import significant
from tuinn.widgets.confusion import RIGHT_MARK, WRONG_MARK, shortened
from tuinn.widgets.legend import Run

Array = NDArray[Any]
Line = list[Run]

_PLACES = 200
"""Examples from which the range of the pixels is taken."""
_NAME = 10
_LEAST_BAR, _LONGEST_BAR = 4, 24
_VALUE = 8


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What is read: the examples, the set they are from, and what the network made of them."""

    reading: Reading
    examples: Examples
    dataset: Dataset
    part: str
    """"training" or "validation"."""
    ends: tuple[float, float] = field(init=False)
    """The least and the largest pixel."""

    def __post_init__(self) -> None:
        first = self.dataset.X[:_PLACES]
        object.__setattr__(self, "ends", (float(first.min()), float(first.max())))

    @property
    def classes(self) -> tuple[str, ...]:
        return self.dataset.classes

    def image(self, example: int) -> Array | None:
        """The image as it was before it was scaled, 0 black … 1 white; None if there is none."""
        shape = self.dataset.image_shape
        if shape is None:
            return None
        low, high = self.ends
        pixels = self._row(self.dataset.X, example).reshape(shape)
        return np.clip((pixels - low) / ((high - low) or 1.0), 0, 1)

    def features(self, example: int) -> list[tuple[str, float]]:
        """The inputs by name, as they were before they were scaled; of 2-D data the point."""
        if self.dataset.raw is not None:
            x, y = self._row(self.dataset.raw, example).tolist()
            return [("x₁", x), ("x₂", y)]
        values = self._row(self.dataset.X, example).tolist()
        return list(zip(self.dataset.feature_names, values, strict=True))

    def _row(self, table: Array, example: int) -> Array:
        rows = self.examples.rows
        row: Array = table[example if rows is None else rows[example]]
        return row

    def title(self, example: int) -> str:
        """ "true 4 → read 9"; of a regression "y 0.30 → a 0.52"."""
        found = self.reading
        if found.labels is None or found.predicted is None:
            return f"y {_vector(self.examples.Y[example])} → a {_vector(found.outputs[example])}"
        true, read = found.labels[example], found.predicted[example]
        return f"true {self.classes[true]} → read {self.classes[read]}"

    def brief(self, example: int) -> str:
        """ "4→9"; of a regression the error."""
        found = self.reading
        if found.labels is None or found.predicted is None:
            return significant(float(found.wrongness[example]), 2)
        true, read = found.labels[example], found.predicted[example]
        return f"{self.classes[true]}→{self.classes[read]}"

    def how_wrong(self, example: int) -> tuple[str, ...]:
        """In what it is wrong, as a number: from the fullest wording to the shortest."""
        found = self.reading
        wrong = float(found.wrongness[example])
        if found.labels is None or found.predicted is None:
            return (f"error {significant(wrong, 2)}",)
        true, read = (self.classes[of[example]] for of in (found.labels, found.predicted))
        by = significant(abs(wrong), 2)
        other = f"of {true}" if read != true else "of any other"
        return f"surer of {read} than {other} by {by}", f"margin {by}"


def _vector(values: Array) -> str:
    shown = " ".join(significant(value, 2) for value in values[:3].tolist())
    return shown if len(values) <= 3 else f"{shown} …"


def bars(subject: Subject, example: int, width: int, most: int) -> list[Line]:
    """The outputs a^L, one line each, at most so many: all in their order, or the largest."""
    found = subject.reading
    if found.labels is None:
        return _beside_targets(subject, example, width, most)
    outputs = found.outputs[example]
    single = found.labels is not None and len(outputs) == 1
    names = (
        (subject.classes[1],)
        if single
        else subject.classes or tuple(f"a{k}" for k in range(1, len(outputs) + 1))
    )
    order = np.arange(len(outputs))
    if len(outputs) > most:
        order = np.argsort(-outputs, kind="stable")[:most]
    low = min(float(np.nanmin(found.outputs, initial=0.0)), 0.0)
    high = max(float(np.nanmax(found.outputs, initial=0.0)), 1.0)
    room = min(max(map(len, names)), _NAME)
    long = min(width - room - 1 - 2 - _VALUE, _LONGEST_BAR)
    lines: list[Line] = []
    for k in order.tolist():
        mark, ink = " ", "dim"
        if found.labels is not None and found.predicted is not None and not single:
            if k == found.labels[example]:
                mark, ink = RIGHT_MARK, "series-3"
            elif k == found.predicted[example]:
                mark, ink = WRONG_MARK, "series-6"
        value = float(outputs[k])
        line: Line = [(mark + shortened(names[k], room).ljust(room), ink)]
        if long >= _LEAST_BAR:
            share = (value - low) / (high - low) if np.isfinite(value) else 0.0
            filled = round(share * long)
            line += [
                ("▕", "axis"),
                ("█" * filled, ink),
                (" " * (long - filled), ink),
                ("▏", "axis"),
            ]
        number = significant(value, 2)
        if sum(len(text) for text, _ in line) + 1 + len(number) <= width:
            line.append((f" {number}", "text"))
        lines.append(line)
    return lines


def _beside_targets(subject: Subject, example: int, width: int, most: int) -> list[Line]:
    """Of a regression: each output as a bar from 0, its target y on the same scale, and a key."""
    outputs, targets = subject.reading.outputs, subject.examples.Y
    low = min(float(np.nanmin(outputs, initial=0.0)), float(targets.min()), 0.0)
    high = max(float(np.nanmax(outputs, initial=0.0)), float(targets.max()), 0.0)
    names = [f"a{k + 1}" for k in range(outputs.shape[1])]
    room = max(map(len, names))
    long = min(width - room - 1 - 2 - _VALUE, _LONGEST_BAR)
    drawn = long >= _LEAST_BAR and np.isfinite([low, high]).all() and high > low

    def cell(value: float) -> int:
        return min(int((value - low) / (high - low) * long), long - 1)

    lines: list[Line] = []
    for name, a, y in zip(names, outputs[example].tolist(), targets[example].tolist(), strict=True):
        line: Line = [(f" {name.ljust(room)}", "dim")]
        if drawn:
            marks = [(" ", "axis")] * long
            if np.isfinite(a):
                first, last = sorted((cell(0.0), cell(a)))
                marks[first : last + 1] = [("█", "dim")] * (last + 1 - first)
            marks[cell(0.0)] = "│", "axis"
            marks[cell(y)] = "y", "series-3"
            line += [("▕", "axis"), *marks, ("▏", "axis")]
        number = significant(a, 2)
        if sum(len(text) for text, _ in line) + 1 + len(number) <= width:
            line.append((f" {number}", "text"))
        lines.append(line)
    key = f"{' ' * (room + 2)}│ 0   y the target"
    if drawn and len(lines) < most and len(key) <= width:
        lines.append([(key, "dim")])
    return lines[:most]


def facts(subject: Subject, example: int, width: int, most: int) -> list[Line]:
    """The inputs of an example that is no image, as many as fit."""
    lines: list[Line] = []
    for name, value in subject.features(example)[:most]:
        number = significant(value)
        room = width - len(number) - 1
        if room >= 2:
            lines.append([(shortened(name, min(room, 20)) + " ", "dim"), (number, "text")])
    return lines
