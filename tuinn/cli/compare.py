"""`tuinn compare`: runs of the store as a table and a chart in plain text."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from typing import TYPE_CHECKING, Any

from tuinn.allowed import did_you_mean
from tuinn.cli.stored import ids_of, opened
from tuinn.config import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuinn.export.figures import Figure
    from tuinn.export.reported import Reported

MOST = 6
"""Curves that can be told apart in one chart."""
NARROWEST, WIDEST = 40, 120
"""Columns of the chart: what is wider is hard to read in a mail."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("ids", nargs="+", metavar="ID", help="a run; `tuinn runs` lists them")
    add(
        "--figure",
        default="loss",
        metavar="FIGURE",
        help="what is drawn: loss or accuracy (of validation where there is one), train_loss, "
        "validation_accuracy, …, or of a layer l1_delta, l2_weight_norm, … (default loss)",
    )
    add(
        "--axis",
        metavar="AXIS",
        help="over what: epoch, update, evaluations or seconds (default epoch, or evaluations "
        "where one of the runs is a search)",
    )
    add("--json", action="store_true", help="one JSON object: what differs, results and curves")
    add("--ascii", action="store_true", help="write nothing but ASCII")
    add("--width", type=int, metavar="N", help="columns (default those of the terminal, or 80)")


def run(options: argparse.Namespace) -> int:
    ids = ids_of(options.ids)
    if len(ids) > MOST:
        raise ConfigError(f"at most {MOST} runs are compared, got {len(ids)}")
    if options.width is not None and options.width < NARROWEST:
        raise ConfigError(f"`--width` must be >= {NARROWEST}, got {options.width}")
    from tuinn.comparison import differing
    from tuinn.export.reported import of_store
    from tuinn.text_table import only_ascii, text_table

    _check(options.figure, options.axis)
    with opened() as store:
        runs = of_store(store, [store.run(number) for number in ids])
    figure = _figure(runs, options.figure, options.axis)
    differences = differing([one.config for one in runs])
    if options.json:
        from tuinn.records import json_line

        print(json_line(_record(runs, differences, figure, options.figure)))
        return 0
    width = options.width or shutil.get_terminal_size((80, 24)).columns
    plain = options.ascii or only_ascii(sys.stdout)
    names = [one.name for one in runs]
    results = [one.result for one in runs]
    print(text_table(names, differences, results, width=width, ascii_only=plain))
    if figure is not None:
        from tuinn.export.text_chart import text_chart

        wide = min(max(width, NARROWEST), WIDEST)
        print(f"\n{text_chart(figure, wide, max(wide // 4, 14), ascii_only=plain)}")
    return 0


def _check(figure: str, axis: str | None) -> None:
    """Raise `ConfigError` for a figure or an axis that no run has."""
    from tuinn.history import AXES, LAYER_FIGURES

    if axis is not None and axis not in AXES:
        raise ConfigError(f"`--axis` must be one of {', '.join(AXES)}, got {axis!r}")
    known = _figures()
    layer = re.fullmatch(r"l[1-9]\d*_(\w+)", figure)
    if figure in known or (layer is not None and layer[1] in LAYER_FIGURES):
        return
    names = [*known, *(f"l1_{name}" for name in LAYER_FIGURES)]
    hint = did_you_mean(figure, names) or f"; there are {', '.join(names)}, and so on by layer"
    raise ConfigError(f"`--figure`: there is no figure {figure!r}{hint}")


def _figures() -> tuple[str, ...]:
    from tuinn.history import AXES, SCALARS

    return ("loss", "accuracy", *(name for name in SCALARS if name not in AXES))


def _figure(runs: Sequence[Reported], name: str, axis: str | None) -> Figure | None:
    """The chart; None where there is nothing to draw."""
    import numpy as np

    from tuinn.export.figures import FROM_0, SHARE, overlay

    if axis is None:
        axis = "evaluations" if any(one.method.searches for one in runs) else "epoch"
    always = SHARE if "accuracy" in name else FROM_0
    figure = overlay(runs, name, axis, _title(runs, name), always)
    drawn = any(np.isfinite(one.y).any() for one in figure.series)
    if not drawn and name not in ("loss", "accuracy"):
        raise ConfigError(f"`--figure`: none of these runs has {name}")
    return figure if drawn else None


def _title(runs: Sequence[Reported], name: str) -> str:
    """The figure in words: "validation loss"."""
    if name in ("loss", "accuracy"):
        validated = {one.validated for one in runs}
        part = {True: "validation ", False: "training "}[validated.pop()]
        return f"{'' if validated else part}{name}"
    return name.replace("_", " ").replace("train ", "training ")


def _record(
    runs: Sequence[Reported], differences: Sequence[Any], figure: Figure | None, name: str
) -> dict[str, Any]:
    """The comparison as plain values."""
    from tuinn.comparison import FIGURES, best

    results = [one.result for one in runs]
    curves = figure.series if figure is not None else ()
    return {
        "runs": [
            {
                "run": one.number,
                "name": one.name,
                "status": one.result.status,
                "results": {field: getattr(one.result, field).median for field in FIGURES},
            }
            for one in runs
        ],
        "differences": [
            {"field": each.path, "label": each.label, "values": list(each.values)}
            for each in differences
        ],
        "best": {
            field: [runs[place].number for place in best(results, field)] for field in FIGURES
        },
        "figure": name,
        "axis": figure.x_label if figure is not None else None,
        "curves": [
            {"run": one.number, "x": curve.x.tolist(), "y": curve.y.tolist()}
            for one, curve in zip(runs, curves)
        ],
    }
