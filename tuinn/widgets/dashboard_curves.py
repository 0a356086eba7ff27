"""From the history of a run to the curves of the panels."""

from __future__ import annotations

import numpy as np

from tuinn.history import History
from tuinn.widgets.series import Mark, Series, layer_series

PANELS = ("train_loss", "train_accuracy", "delta", "weight_norm")


def train_and_validation(history: History, figure: str, axis: str) -> list[Series]:
    """ "loss" or "accuracy" on both parts; validation only where there is one."""
    x = np.array(history.x(axis))
    series = [Series("train", x, np.array(history.column(f"train_{figure}")), ink="train")]
    validation = np.array(history.column(f"validation_{figure}"))
    if np.isfinite(validation).any():
        series.append(Series("valid.", x, validation, style="dashed", ink="validation", marker="◇"))
    return series


def by_layer(history: History, figure: str, axis: str) -> list[Series]:
    """One curve for every layer l = 1…L."""
    x = np.array(history.x(axis))
    return [
        layer_series(layer, x, np.array(history.layer_column(layer, figure)))
        for layer in range(1, history.layers + 1)
    ]


def marks(history: History, axis: str) -> list[Mark]:
    """What was changed in flight, at its place on the axis."""
    return [Mark(float(getattr(mark, axis)), mark.text) for mark in history.marks]
