"""Snapshots as JSON lines and as CSV."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from engine import Snapshot
from tuinn.config import ConfigError


def json_line(record: Any) -> str:
    """One line of valid JSON: NaN and ±∞, which JSON does not know, become null."""
    return json.dumps(_finite(record), ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def flat(snapshot: Snapshot) -> dict[str, Any]:
    """One row: the figures of layer l are called "l1_delta", "l1_weight_norm", …, those of the
    output "output_saturated_right", …, those of a search "search_best", "search_temperature", …"""
    record = snapshot.record()
    layers = record.pop("layers")
    output, search = record.pop("output", {}), record.pop("search", {})
    for layer in layers:
        place = layer.pop("layer")
        record |= {f"l{place}_{name}": value for name, value in layer.items()}
    record |= {
        f"output_{name}": None if math.isnan(value) else value for name, value in output.items()
    }
    # before its first costs a search knows nothing, which is not the NaN of a run that diverged
    record |= {
        f"search_{name}": None if math.isnan(value) else value for name, value in search.items()
    }
    return record


class CsvFile:
    """A CSV file that grows by one row per snapshot; figures that do not exist are empty.

    ``append``: go on with the file of the run that is resumed, where there is one.
    """

    def __init__(self, path: str | Path, first: Snapshot, append: bool = False) -> None:
        self.path = Path(path)
        self._names = list(flat(first))
        header = ",".join(self._names)
        old = ""
        if append and self.path.exists():
            with self.path.open(encoding="utf-8") as file:
                old = file.readline().rstrip("\r\n")
            if old and old != header:
                raise ConfigError(
                    f"{self.path}: has other columns than this run, so nothing can be added to it"
                )
        self._file: TextIO = self.path.open("a" if old else "w", encoding="utf-8", newline="")
        self._writer = csv.DictWriter(self._file, self._names, lineterminator="\n")
        if not old:
            self._file.write(header + "\n")
            self._flush()

    def add(self, snapshot: Snapshot) -> None:
        self._writer.writerow(flat(snapshot))
        self._flush()

    def _flush(self) -> None:
        try:
            self._file.flush()
        except OSError as error:
            error.filename = str(self.path)
            raise

    def __enter__(self) -> CsvFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
