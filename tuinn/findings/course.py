"""The course of a run so far, as the rules look at it.

What counts is what happened since η, α or the mini-batch were last changed: the figures of
before say nothing of the settings of now. Windows are measured in updates, and how long something
lasts in parts of the planned run, never in seconds or in numbers of snapshots, so that a rule
says the same of the same run however often it was looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.snapshot import LayerSnapshot, Snapshot
from tuinn.config import Config
from tuinn.history import History

Array = NDArray[np.float64]

LEARNED = 0.9
"""Training accuracy from which nothing hinders a run enough to be told: its saturated units, its
small δ are those of a network that knows its answers. (Of a regression: R².)"""


@dataclass(frozen=True)
class Course:
    """A run with gradients that has made an update at least."""

    config: Config
    history: History
    last: Snapshot

    @cached_property
    def begin(self) -> int:
        """The place of the snapshot at which the settings of now began to hold."""
        marks = self.history.marks
        if not marks:
            return 0
        updates = self.history.column("update")
        return max(0, int(np.searchsorted(updates, marks[-1].update, side="right")) - 1)

    def column(self, name: str) -> Array:
        """A figure of the run, one of `tuinn.history.SCALARS`, since the settings hold."""
        return self.history.column(name)[self.begin :]

    def layer(self, layer: int, name: str) -> Array:
        """A figure of layer l = 1…L since the settings hold."""
        return self.history.layer_column(layer, name)[self.begin :]

    @cached_property
    def updates(self) -> Array:
        return self.column("update")

    @cached_property
    def loss(self) -> Array:
        """The training loss C, L2 term and all."""
        return self.column("train_loss")

    @property
    def layers(self) -> tuple[LayerSnapshot, ...]:
        """The layers l = 1…L now."""
        return self.last.layers

    @property
    def hidden(self) -> tuple[LayerSnapshot, ...]:
        return self.last.layers[:-1]

    @property
    def output(self) -> LayerSnapshot:
        return self.last.layers[-1]

    @cached_property
    def planned(self) -> float:
        """Updates of the whole run, as far as its epochs limit it; NaN before there is an epoch."""
        last = self.last
        per_epoch = last.update / last.epoch if last.epoch > 0 else np.nan
        return max(per_epoch * self.config.stop.epochs, float(last.update))

    @cached_property
    def paces(self) -> Array:
        """The part of the loss that one update takes off, by the slope: Σ ‖ΔW‖‖∂C₀/∂W‖ / C."""
        fall = np.zeros(len(self.loss))
        for layer in self.layers:
            names = ("gradient_step", "gradient_norm")
            step, gradient = (self.layer(layer.layer, name) for name in names)
            fall += step * gradient
        paces = np.full(len(fall), np.nan)
        np.divide(fall, self.loss, out=paces, where=self.loss > 0)
        return paces

    @property
    def pace(self) -> float:
        """That of now."""
        return float(self.paces[-1])

    @property
    def learned(self) -> bool:
        """It gives the right answers, by and large."""
        return self.last.train_accuracy >= LEARNED

    def since(self, share: float) -> int:
        """The first snapshot of the last ``share`` of the updates since the settings hold."""
        updates = self.updates
        at = updates[-1] - share * (updates[-1] - updates[0])
        return int(np.searchsorted(updates, at, side="left"))

    def goes_on(self, part: float, least: int) -> bool:
        """Whether the settings hold for this ``part`` of the plan, and ``least`` updates."""
        updates = self.updates
        return bool(updates[-1] - updates[0] >= max(part * self.planned, least))

    def lasts(self, holds: NDArray[np.bool_], part: float, least: int) -> bool:
        """Whether a condition holds now, and did at all snapshots of the last ``part`` of the plan.

        ``least`` updates at least; not where the settings have not held for so long.
        """
        if not self.goes_on(part, least):
            return False
        updates, span = self.updates, max(part * self.planned, least)
        # with the snapshot before the span begins: it may be a long way to the next one
        first = int(np.searchsorted(updates, updates[-1] - span, side="right")) - 1
        return bool(holds[first:].all())
