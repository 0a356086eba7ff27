"""What the saturation map says in words, numbers and bars, in the fullest form that fits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from engine.inside.units import LayerUnits
from engine.snapshot import LayerSnapshot, Snapshot
from tuinn.numbers import percent, significant
from tuinn.widgets import look
from tuinn.widgets.bars import Line, bar_cells, if_it_fits, layer_name
from tuinn.widgets.legend import Run

Part = tuple[float, str, str]
"""A part of a bar: its share of the whole, the character and the ink."""

_LEAST_BAR = 6
_ROOMY_BAR = 20
"""From this length on a bar does not gain by moving the figures to a second line."""
_VALUE = 7
"""Room for a number, so that what stands beside it stays where it is."""


def layer_lines(layers: Sequence[LayerSnapshot], width: int, several: bool) -> list[list[Line]]:
    """The bar of each layer: low plateau █, high plateau ▒, working ·; with its figures.

    One line, or two where ``several`` are allowed and the width is small: equally many for all
    layers, and in the same words. A ReLU has no high plateau; in its place stand the units that no
    example turns on. Of a layer without plateaus it says just that.
    """
    curved = _curved_lines([layer for layer in layers if has_plateaus(layer)], width, several)
    size = len(curved[0]) if curved else 1
    left = iter(curved)
    return [
        next(left) if has_plateaus(layer) else [_straight(layer, width), *[[]] * (size - 1)]
        for layer in layers
    ]


def has_plateaus(layer: LayerSnapshot | LayerUnits) -> bool:
    """σ of the layer flattens somewhere."""
    return layer.activation != "identity"


def _straight(layer: LayerSnapshot, width: int) -> Line:
    texts = (f"{layer.activation}: no plateau, σ′ is 1", "no plateau", "")
    return [_named(layer), (next(text for text in texts if len(text) + 4 <= max(width, 4)), "dim")]


def _curved_lines(layers: Sequence[LayerSnapshot], width: int, several: bool) -> list[list[Line]]:
    tails = [_tails(layer) for layer in layers]
    names = [layer_name(layer) for layer in layers]
    longest = max((len(n) + len(of[0]) for n, of in zip(names, tails, strict=True)), default=0)
    if not several or width - longest >= _ROOMY_BAR + 2:
        return [
            [_bar(_named(layer), _parts(layer), of, percent(layer.saturated), width)]
            for layer, of in zip(layers, tails, strict=True)
        ]
    below = _figures(layers, width - 4)
    shares = [_share(layer) for layer in layers]
    return [
        [_bar(_named(layer), _parts(layer), [share], share, width), [(f"    {text}", "dim")]]
        for layer, share, text in zip(layers, shares, below, strict=True)
    ]


def _tails(layer: LayerSnapshot) -> list[str]:
    """What may stand behind a bar, from the longest to the shortest."""
    second_word, second_share = _second(layer)
    low, second = percent(layer.saturated_low), percent(second_share)
    figures = f"low {low:<{_VALUE}} {second_word} {second:<{_VALUE}}"
    short = f"low {_whole(layer.saturated_low)} % {second_word} {_whole(second_share)} %"
    share, slope = _share(layer), significant(layer.sigma_prime, 2)
    full = f"{share}  {figures}"
    return [f"{full} mean σ′ {slope:<{_VALUE}}", full, f"{share}  {short}", f" {short}", share]


def _figures(layers: Sequence[LayerSnapshot], width: int) -> list[str]:
    """A line for each layer, in the fullest words that fit for all; "" where none do."""
    said = []
    for layer in layers:
        word, share = _second(layer)
        low, second = percent(layer.saturated_low), percent(share)
        said.append((low, word, second, significant(layer.sigma_prime, 2)))
    lows = max(len(low) for low, *_ in said)
    seconds = max(len(second) for _, _, second, _ in said)
    wordings = [
        [f"low {a:<{_VALUE}} {word} {b:<{_VALUE}} mean σ′ {slope}" for a, word, b, slope in said],
        [f"low {a:<{lows}} {word} {b:<{seconds}} σ′ {slope}" for a, word, b, slope in said],
        [f"low {a:<{lows}} {word} {b}" for a, word, b, _ in said],
    ]
    fitting = (texts for texts in wordings if max(map(len, texts)) <= width)
    return next(fitting, [""] * len(layers))


def _second(layer: LayerSnapshot) -> tuple[str, float]:
    """The other plateau, or what stands in its place, and its share."""
    return ("dead", layer.dead) if layer.activation == "relu" else ("high", layer.saturated_high)


def _share(layer: LayerSnapshot) -> str:
    return f" {percent(layer.saturated):>{_VALUE}}"


def _named(layer: LayerSnapshot) -> Run:
    return layer_name(layer), look.layer_ink(layer.layer)


def _parts(layer: LayerSnapshot) -> list[Part]:
    return [(layer.saturated_low, "█", "low"), (layer.saturated_high, "▒", "high")]


def output_lines(snapshot: Snapshot, width: int) -> list[Line]:
    """Two lines: what is saturated on the right and on the wrong side; δ^L under both costs.

    Of an output without plateaus the second alone.
    """
    output = snapshot.output
    if output is None:
        return []
    if not has_plateaus(snapshot.layers[-1]):
        return [[(first_that_fits(_deltas(snapshot), width), "text")]]
    right, wrong = percent(output.saturated_right), percent(output.saturated_wrong)
    tails = [
        f"  saturated and right {right:<{_VALUE}} saturated and wrong {wrong:<{_VALUE}}",
        f"  right {right:<{_VALUE}} wrong {wrong:<{_VALUE}}",
        f" right {right} wrong {wrong}",
    ]
    brief = f"right {right} wrong {wrong}"
    parts = [(output.saturated_right, "█", "right"), (output.saturated_wrong, "▒", "wrong")]
    inks = {"right": "series-3", "wrong": "series-6"}
    shown = [(share, mark, inks[side]) for share, mark, side in parts]
    return [
        _bar(("out ", "text"), shown, tails, brief, width),
        [(first_that_fits(_deltas(snapshot), width), "text")],
    ]


def _deltas(snapshot: Snapshot) -> Iterable[str]:
    """‖δ^L‖ under either cost at the same weights, from the longest to the shortest wording."""
    output, last = snapshot.output, snapshot.layers[-1]
    if output is None:
        return
    quadratic, entropic = output.delta_quadratic, output.delta_cross_entropy
    if last.activation == "softmax":
        delta = significant(entropic)
        yield f"‖δᴸ‖ now (cross-entropy) {delta:<{_VALUE}} softmax is not for the quadratic cost"
        yield f"‖δᴸ‖ now (cross-entropy) {delta}"
        yield f"‖δᴸ‖ {delta}"
        return
    if last.activation == "identity":
        yield f"‖δᴸ‖ now (quadratic) {significant(quadratic)}, the whole error a − y: σ′ is 1"
        yield f"‖δᴸ‖ now (quadratic) {significant(quadratic)}"
        yield f"‖δᴸ‖ {significant(quadratic)}"
        return
    q, before = f"{significant(quadratic):<{_VALUE}}", f"{significant(last.arriving):<{_VALUE}}"
    factor = significant(_ratio(last.arriving, quadratic))
    if last.activation != "sigmoid":
        yield f"‖δᴸ‖ now (quadratic) {q} before its σ′ {before} ×{factor}"
        yield f"‖δᴸ‖ now {q} before σ′ {before}"
        yield f"‖δᴸ‖ {significant(quadratic)}"
        return
    # of a sigmoid output either cost may be the one in use: δ^L is then bit by bit its own
    if last.delta == quadratic and quadratic != entropic:
        costs = f"‖δᴸ‖ now (quadratic) {q} with cross-entropy {before} ×{factor}"
        yield f"{costs}: the σ′ that the quadratic cost keeps"
        yield f"{costs}: the σ′ it keeps"
        yield costs
    else:
        costs = f"‖δᴸ‖ now (cross-entropy) {before} with quadratic {q} ÷{factor}"
        yield f"{costs}: the σ′ that the quadratic cost would keep"
        yield f"{costs}: the σ′ it would keep"
        yield costs
    yield f"‖δᴸ‖ quadratic {q} cross-entropy {before}"
    yield f"‖δᴸ‖ with σ′ {significant(quadratic)} without {significant(last.arriving)}"
    yield f"‖δᴸ‖ {significant(last.delta)}"


def unit_wordings(layer: LayerUnits, unit: int) -> list[str]:
    """What is known of a unit, from the longest to the shortest wording; units count from 1."""
    mean, slope = significant(float(layer.mean[unit])), significant(float(layer.sigma_prime[unit]))
    low, high = percent(float(layer.low[unit])), percent(float(layer.high[unit]))
    plateaus = f"low {low:<{_VALUE}}"
    if layer.activation != "relu":
        plateaus += f" high {high:<{_VALUE}}"
    if layer.wrong is not None:
        plateaus += f" wrong {percent(float(layer.wrong[unit])):<{_VALUE}}"
    plateaus = plateaus if has_plateaus(layer) else ""
    name = f"l={layer.layer} unit {unit + 1} of {layer.n}".ljust(len(f"l={layer.layer}") + 16)
    return [
        f"{name} mean a {mean:<{_VALUE}} mean σ′ {slope:<{_VALUE}} {plateaus}",
        f"unit {unit + 1:<3} a {mean:<{_VALUE}} σ′ {slope:<{_VALUE}} {plateaus}",
        f"unit {unit + 1:<3} a {mean:<{_VALUE}} σ′ {slope}",
        f"unit {unit + 1}: a {mean}",
    ]


def first_that_fits(wordings: Iterable[str], width: int) -> str:
    """The first of the texts that is short enough: a number cut off would be a wrong one."""
    return next((text for text in wordings if len(text.rstrip()) <= width), "…")


def _bar(name: Run, parts: list[Part], tails: list[str], brief: str, width: int) -> Line:
    """A bar between its name and the longest of the tails with which it is long enough."""
    for tail in tails:
        room = left = width - len(name[0]) - len(tail) - 2
        if room < _LEAST_BAR:
            continue
        line: Line = [name, ("▕", "axis")]
        for share, mark, ink in parts:
            cells = min(bar_cells(share, room), left)
            left -= cells
            line.append((mark * cells, ink))
        return [*line, ("·" * left, "axis"), ("▏", "axis"), (tail, "text")]
    return if_it_fits([name, (brief, "text")], width)


def _whole(share: float) -> str:
    return f"{100 * share:.0f}".rjust(3) if math.isfinite(share) else "  –"


def _ratio(whole: float, part: float) -> float:
    """whole / part: ∞ where only the part vanishes, NaN where both do."""
    if part:
        return whole / part
    return math.inf if whole else math.nan
