"""The account of weight decay by layer: what it takes, what the gradient does, what comes of it."""

from __future__ import annotations

import math
import textwrap
from typing import Any

import numpy as np
from textual.reactive import reactive

from engine.inside.ledger import Entry, Ledger, ledger
from engine.snapshot import LayerSnapshot, Snapshot
from tuinn.history import History
from tuinn.numbers import count, significant
from tuinn.widgets import look
from tuinn.widgets.bars import LayerPanel, Line, bar_cells, if_it_fits, layer_name
from tuinn.widgets.cells import INK, Cells
from tuinn.widgets.ledger_words import BALANCE, cosine_text, feet, heads, read_out, second_lines
from tuinn.widgets.method_facts import MethodFacts
from tuinn.widgets.raster import Floats
from tuinn.widgets.scale import Limits
from tuinn.widgets.steps_chart import LEAST_ROWS, StepsChart, key

_LEAST_SIDE = 4
_ROOMY_SIDE = 10
"""From this length on a bar does not gain by moving the cosine to the second line."""
_VALUE = 7
_DECADES = 4
_MOST_FEET = 3
NO_STEP = (
    "There is no step by η: weight decay is a part of the cost, the direction follows from the "
    "last steps, and how far to go is found by a search. Neither step can be told from the other.",
    "There is no step by η: how far to go is found by a search.",
    "no step by η",
)
"""Why there are no bars for such a method, from the longest to the shortest wording."""


class DecayLedger(LayerPanel):
    """What one update takes by weight decay ▒, to the left, and by the gradient █, to the right.

    Both bars have one scale, common to all layers: logarithmic over four decades, or linear. Below
    them stands by how much ‖W‖ changes in an epoch. Of a method without η there is no such step,
    and it says so.
    """

    log_bars: reactive[bool] = reactive(True, repaint=False, init=False)
    method: reactive[MethodFacts] = reactive(MethodFacts(), repaint=False, init=False)
    """Of the run: whether it has an η, and how weight decay is applied."""
    examples: reactive[int] = reactive(0, repaint=False, init=False)
    """On how many examples the gradient is measured; 0: it is not told."""

    def __init__(self, title: str = "6 weight decay", **options: Any) -> None:
        super().__init__(title, **options)
        self._epochs: Floats = np.empty(0)
        self._updates: Floats = np.empty(0)
        self._alphas: Floats = np.empty(0)
        self._norms: Floats = np.empty((0, 0))
        self._ledger: Ledger | None = None
        self._history: History | None = None
        self._axis, self._x_label = "epoch", "epochs"
        self._x_range: Limits | None = None
        self._chart = StepsChart()
        self._top: int | None = None
        """The full bar is 10^top; it stays while the longest bar is within two decades of it."""

    def show(
        self,
        snapshot: Snapshot | None,
        history: History | None = None,
        axis: str = "epoch",
        x_label: str = "epochs",
        x_range: Limits | None = None,
    ) -> None:
        """Show this moment of a run, and how ``history`` came to it; None empties the panel.

        Without a history nothing is known of changes in an epoch. With one, and where there is
        room, the steps are drawn over ``axis``, called ``x_label``, with its planned extent.
        """
        self._history, self._axis, self._x_label = history, axis, x_label
        self._x_range = x_range
        self._ledger = None
        if snapshot is not None and snapshot.layers:
            self._ledger = _account(snapshot, history)
        super().show(snapshot)

    def compose_cells(self, width: int, height: int) -> Cells:
        if self._snapshot is None:
            return super().compose_cells(width, height)
        if not self.method.rate:
            return self._without_steps(width, height)
        lines = self._feet(width, height)
        if not lines:
            return super().compose_cells(width, height)
        end = height - len(lines)
        cells = Cells.blank(width, height)
        _put(cells, 0, super().compose_cells(width, end))
        for row, line in enumerate(lines, start=end):
            cells.write(row, 0, self._plain(line), INK["dim"])
        self._draw_chart(cells, end)
        return cells

    def _draw_chart(self, cells: Cells, end: int) -> None:
        """The steps over the run, between the bars and the row ``end``, if there is room."""
        history, snapshot = self._history, self._snapshot
        if history is None or snapshot is None or history.layers != len(snapshot.layers):
            return
        top = 2 * len(snapshot.layers) + 2
        rows = end - top - 2
        if rows < LEAST_ROWS:
            return
        past = history.last is not None and history.last.update != snapshot.update
        chart = self._chart.draw(
            history,
            self._axis,
            self._x_range,
            float(getattr(snapshot, self._axis)) if past else None,
            cells.codes.shape[1],
            rows,
            self.glyphs,
            coloured=not self.app.no_color,
        )
        if chart is not None:
            self._write(cells, top, key(self.glyphs, self._x_label, decays=self._decays))
            _put(cells, top + 1, chart)

    def _without_steps(self, width: int, height: int) -> Cells:
        cells = Cells.blank(width, height)
        for reason in NO_STEP:
            lines = textwrap.wrap(reason, max(width - 1, 1))
            if len(lines) <= height and max(map(len, lines)) < width:
                break
        else:
            lines = ["…"]
        for row, line in enumerate(lines):
            cells.write(row, 0, self._plain(line), INK["dim"])
        self._note("")
        return cells

    def _feet(self, width: int, height: int) -> list[str]:
        """What is told below the layers, in the rows that they do not need."""
        account = self._ledger
        if account is None:
            return []
        room = min(height - 2 * len(account.entries) - 1, _MOST_FEET)
        lines: list[str] = []
        for texts in feet(account, self.method):
            fitting = next((text for text in texts if len(text) <= width), "")
            if fitting and len(lines) < room:
                lines.append(fitting)
        return lines

    def prepare(self, snapshot: Snapshot) -> None:
        steps = [
            step for layer in snapshot.layers for step in (layer.decay_step, layer.gradient_step)
        ]
        longest = max((step for step in steps if math.isfinite(step)), default=0.0)
        if longest > 0:
            reached = math.ceil(math.log10(longest) - 1e-9)
            if self._top is None or not self._top - 2 < reached <= self._top:
                self._top = reached

    def head(self, line: Line, width: int) -> Line:
        if not self._decays:
            bars = any("│" in text for text, _ in line)
            fitting = (text for text in heads(bars=bars) if len(text) <= width)
            return [(next(fitting, ""), "dim")]
        before, axis, _ = "".join(text for text, _ in line).partition("│")
        if not axis:
            named = "    decay / gradient step"
            return [(named, "dim")] if len(named) <= width else []
        return [
            ("decay step ▒".rjust(len(before)), "dim"),
            (axis, "axis"),
            ("█ gradient step", "dim"),
        ]

    def scale_notes(self) -> tuple[str, ...]:
        if self._top is None or self._ledger is None:
            return ("",)
        full = significant(10.0**self._top, 1)
        scale = f"full bar {full}"
        if self.log_bars:
            scale = f"log, {significant(10.0 ** (self._top - _DECADES), 1)} to {full}"
        notes = [scale]
        if self._decays:
            notes.insert(0, f"{read_out(self._ledger.alpha, self.method)} · {scale}")
        if self.examples:
            number = count(self.examples)
            on = f"on {number} example{'' if self.examples == 1 else 's'}"
            told = (f" · gradient {on}", f" · {on}", f" · {number} ex.")
            notes[:1] = [f"{notes[0]}{words}" for words in (*told, "")]
        return tuple(notes)

    def lines(self, layer: LayerSnapshot, width: int, several: bool) -> list[Line]:
        cosine = f"  cos {cosine_text(layer.cosine)}" if self._decays else ""
        if not several:
            return [self._bars(layer, [cosine, ""], width)]
        entry = self._entry(layer)
        roomy = self._columns(width, len(cosine))[0 if self._decays else 1] >= _ROOMY_SIDE
        first = self._bars(layer, [cosine if roomy else "", ""], width)
        texts = second_lines(entry, decays=self._decays, cosine=not roomy)
        text = next((text for text in texts if len(text) + 4 <= width), "")
        before, balance, after = text.partition(BALANCE)
        return [first, [("    " + before, "dim"), (balance + after, "text")]]

    def _bars(self, layer: LayerSnapshot, tails: list[str], width: int) -> Line:
        ink, name = look.layer_ink(layer.layer), layer_name(layer)
        decay, gradient = significant(layer.decay_step, 2), significant(layer.gradient_step, 2)
        for tail in tails:
            left, right = self._columns(width, len(tail))
            if right < _LEAST_SIDE:
                continue
            long = bar_cells(self._share(layer.gradient_step), right)
            line: Line = [(name, ink)]
            if self._decays:
                short = bar_cells(self._share(layer.decay_step), left)
                line += [
                    (f"{decay:>{_VALUE}} ", "text"),
                    (" " * (left - short), "axis"),
                    ("▒" * short, "decay"),
                ]
            return [
                *line,
                ("│", "axis"),
                ("█" * long, "gradient"),
                (" " * (right - long), "axis"),
                (f" {gradient:<{_VALUE}}", "text"),
                (tail, "dim"),
            ]
        numbers = f"{decay} / {gradient}" if self._decays else gradient
        return if_it_fits([(name, ink), (numbers, "text")], width)

    @property
    def _decays(self) -> bool:
        return self._ledger is not None and self._ledger.alpha > 0

    def _entry(self, layer: LayerSnapshot) -> Entry:
        assert self._ledger is not None
        return self._ledger.entries[layer.layer - 1]

    def _columns(self, width: int, tail: int) -> tuple[int, int]:
        """Cells for the decay bar and for the gradient bar."""
        free = width - 4 - 1 - (_VALUE + 1) - tail
        if not self._decays:
            return 0, free
        side = (free - _VALUE - 1) // 2
        return side, side

    def _share(self, step: float) -> float:
        """Length of the bar of a step, as a share of the longest."""
        if self._top is None or not step > 0:
            return 0.0
        if math.isinf(step):
            return 1.0
        if self.log_bars:
            return 1 + (math.log10(step) - self._top) / _DECADES
        return step / 10.0**self._top

    def watch_log_bars(self) -> None:
        self.redraw()

    def watch_method(self) -> None:
        self.redraw()

    def watch_examples(self) -> None:
        self.redraw()


def _put(cells: Cells, row: int, part: Cells) -> None:
    """Put a picture of the same width into another, from a row on."""
    place = slice(row, row + part.codes.shape[0])
    cells.codes[place], cells.inks[place] = part.codes, part.inks


def _account(snapshot: Snapshot, history: History | None) -> Ledger:
    """The account at a moment, of which ``history`` may have kept less than what went before."""
    past, norms = np.empty((3, 0)), np.empty((len(snapshot.layers), 0))
    if history is not None and history.layers == len(snapshot.layers):
        before = int(np.searchsorted(history.column("update"), snapshot.update))
        past = np.stack([history.column(name)[:before] for name in ("epoch", "update", "alpha")])
        norms = np.stack(
            [history.layer_column(l, "weight_norm")[:before] for l in range(1, history.layers + 1)]
        )
    now = (snapshot.epoch, snapshot.update, snapshot.alpha)
    epochs, updates, alphas = (np.append(old, new) for old, new in zip(past, now, strict=True))
    sizes = [[layer.weight_norm] for layer in snapshot.layers]
    return ledger(snapshot.layers, epochs, updates, alphas, np.hstack([norms, sizes]))
