"""Snapshots as rows: columns for what all have, one BLOB of float64 for the rest."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engine.snapshot import LayerSnapshot, OutputSnapshot, SearchSnapshot, Snapshot

SCALARS = (
    "epoch",
    "update",
    "evaluations",
    "seconds",
    "eta",
    "alpha",
    "batch_size",
    "train_loss",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
)
"""In the order of the columns of the table."""
COLUMNS = ", ".join("updates" if name == "update" else name for name in SCALARS)
LAYER = tuple(
    name for name in LayerSnapshot.__slots__ if name not in ("layer", "units", "activation")
)
OUTPUT = tuple(OutputSnapshot.__slots__)
SEARCH = ("best", "mean", "spread")
_FLOAT = np.dtype("<f8")


@dataclass(frozen=True, slots=True)
class Row:
    """What is written of a snapshot."""

    scalars: tuple[Any, ...]
    """In the order of `SCALARS`."""
    layout: str
    """What the figures are, as JSON."""
    figures: bytes
    validated: bool

    @property
    def update(self) -> int:
        return int(self.scalars[1])

    @property
    def epoch(self) -> float:
        return float(self.scalars[0])

    @property
    def alpha(self) -> float:
        return float(self.scalars[5])

    @property
    def results(self) -> dict[str, Any]:
        """Where the run is and how good it is, by the names of the columns."""
        return {
            "updates" if name == "update" else name: value
            for name, value in zip(SCALARS, self.scalars)
            if name not in ("eta", "alpha", "batch_size")
        }

    @property
    def result(self) -> tuple[float, float]:
        """Loss and accuracy: of the validation set where there is one, else in training."""
        loss, accuracy = self.scalars[-2:] if self.validated else self.scalars[-4:-2]
        return math.nan if loss is None else loss, math.nan if accuracy is None else accuracy

    def same(self, other: Row) -> bool:
        """Whether it tells the same; the time that was spent does not matter."""
        return (self.scalars[:3], _bits(self.scalars[4:]), self.layout) == (
            other.scalars[:3],
            _bits(other.scalars[4:]),
            other.layout,
        ) and self.figures == other.figures


def _bits(values: Iterable[Any]) -> tuple[Any, ...]:
    # NaN is not equal to itself; SQLite gives it back as None
    return tuple(None if value is None or math.isnan(value) else value for value in values)


def encode(snapshot: Snapshot) -> Row:
    """The row of ``snapshot``; its θ is left out."""
    figures: list[float] = []
    for layer in snapshot.layers:
        figures += [getattr(layer, name) for name in LAYER]
    output, search = snapshot.output, snapshot.search
    if output is not None:
        figures += [getattr(output, name) for name in OUTPUT]
    if search is not None:
        figures += [search.best, search.mean, search.spread]
        figures += [value for _, value in search.figures]
    shape = (
        tuple((layer.layer, layer.units, layer.activation) for layer in snapshot.layers),
        output is not None,
        None if search is None else tuple(name for name, _ in search.figures),
        snapshot.validation_loss is not None,
    )
    scalars = [_plain(getattr(snapshot, name)) for name in SCALARS]
    return Row(tuple(scalars), _layout(*shape), np.array(figures, _FLOAT).tobytes(), shape[3])


def _plain(value: Any) -> Any:
    """A number of numpy as Python's; SQLite would keep its bytes."""
    return value.item() if isinstance(value, np.generic) else value


@lru_cache(maxsize=256)
def _layout(
    layers: tuple[tuple[int, int, str], ...],
    output: bool,
    search: tuple[str, ...] | None,
    validated: bool,
) -> str:
    """The names are kept too: a later version may measure other figures."""
    return json.dumps(
        {
            "layers": layers,
            "layer": LAYER if layers else (),
            "output": OUTPUT if output else None,
            "search": None if search is None else SEARCH,
            "figures": search,
            "validated": validated,
        }
    )


class Decoder:
    """Makes snapshots of the rows of one layout."""

    def __init__(self, layout: str) -> None:
        plain = json.loads(layout)
        self._layers = [(int(l), int(units), str(name)) for l, units, name in plain["layers"]]
        self._layer: list[str] = plain["layer"]
        self._output: list[str] | None = plain["output"]
        self._search: list[str] | None = plain["search"]
        self._figures: list[str] = plain["figures"] or []
        self._validated: bool = plain["validated"]

    def snapshot(self, scalars: tuple[Any, ...], figures: bytes) -> Snapshot:
        """The snapshot of a row; ValueError where the numbers are not as many as there must be."""
        numbers = np.frombuffer(figures, _FLOAT).tolist()
        n, before = len(self._layer), len(self._layer) * len(self._layers)
        layers = tuple(
            LayerSnapshot(*place, **dict(zip(self._layer, numbers[i * n : (i + 1) * n])))
            for i, place in enumerate(self._layers)
        )
        rest = numbers[before:]
        output, search = None, None
        if self._output is not None:
            output = OutputSnapshot(**dict(zip(self._output, rest)))
            rest = rest[len(self._output) :]
        if self._search is not None:
            own = tuple(zip(self._figures, rest[len(self._search) :]))
            search = SearchSnapshot(**dict(zip(self._search, rest)), figures=own)
            rest = rest[len(self._search) + len(own) :]
        if rest:
            raise ValueError(f"{len(rest)} numbers are too many")
        values = dict(zip(SCALARS, scalars))
        needed = ["train_loss", "train_accuracy"]
        if self._validated:
            needed += ["validation_loss", "validation_accuracy"]
        for name in needed:
            if values[name] is None:
                values[name] = math.nan
        return Snapshot(**values, layers=layers, output=output, search=search)


def validated(layout: str) -> bool:
    """Whether rows of this layout have figures of a validation set."""
    return bool(json.loads(layout)["validated"])
